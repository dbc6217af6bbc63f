"""Records go when their time is over, and no figure changes: real store, engine, recompute."""

import io
import random
from collections.abc import Sequence
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import msgspec
import pytest
from sqlalchemy import select

from services.ingest.delivery import Delivery
from services.ingest.domain.intake import from_records
from services.ingest.domain.json_rows import Item
from services.ingest.domain.receipt import Receipt
from services.ingest.domain.refusals import RequestRefused
from services.ingest.domain.retention import KEPT, RETENTION
from services.ingest.opening import open_table
from services.ingest.retention import Forgetting
from services.ingest.store.tables import BEFORE, REJECTED_ROWS, TABLES
from services.ingest.web.batch_words import brought
from shared.catalogue.check import check, read
from shared.catalogue.model import definitions
from shared.contracts.states import Record
from shared.contracts.topics import RECORDS
from shared.db.tx import Tx
from tests.integration.connecting import Connecting, connecting
from tests.unit.indicators.engine import Engine, engine

SECRET = "0123456789abcdef0123456789abcdef"
VISITS: dict[str, Any] = {
    "code": "visits",
    "title": "Visits",
    "key": ["ref"],
    "extract": "full",
    "fields": [
        {"name": "ref", "type": "text"},
        {"name": "person", "type": "text", "personal": "identifier", "pseudonymise": True},
        {"name": "note", "type": "text", "personal": "about a person"},
        {"name": "opened", "type": "date", "formats": ["%d/%m/%Y"]},
        {"name": "closed", "type": "date"},
        {"name": "ward", "type": "text"},
        {"name": "cost", "type": "money"},
    ],
    "retention": {
        "field": "opened",
        "months": 6,
        "keep": ["opened", "closed", "ward", "cost"],
    },
}
OF = {"dataset": "visits", "date": "opened", "of": "cost"}
MEASURES: list[dict[str, Any]] = [
    {"code": "visits-made", "dataset": "visits", "aggregate": "count", "date": "opened",
     "where": "not blank(ward)"},
    {"code": "visits-open", "dataset": "visits", "aggregate": "open", "opened": "opened",
     "closed": "closed"},
    *({"code": f"cost-{each}", "aggregate": each, **OF}
      for each in ("sum", "mean", "median", "maximum", "distinct", "latest")),
]  # fmt: skip
DOCUMENT: dict[str, Any] = {
    "council": {"code": "small", "name": "Small", "no_denominator": "not calculable"},
    "datasets": [VISITS],
    "measures": MEASURES,
    "indicators": [
        {
            "code": f"I{n}",
            "title": each["code"],
            "formula": each["code"].replace("-", "_"),
            "unit": "number",
            "owner": "Manager",
            "breakdowns": ["ward"],
            "periods": ["month"],
        }
        for n, each in enumerate(MEASURES)
    ],
}


def rows(count: int) -> list[dict[str, Any]]:
    """Visits of the year before July 2026, most of them closed."""
    lots = random.Random(7)
    found = []
    for n in range(count):
        opened = date(2025, 7, 2) + timedelta(days=lots.randrange(360))
        closed = opened + timedelta(days=lots.randrange(200))
        found.append(
            {
                "ref": f"R{n}",
                "person": f"943 476 {n:04}",
                "note": "Lives alone.",
                "opened": opened.isoformat(),
                "closed": closed.isoformat() if lots.random() < 0.8 else None,
                "ward": lots.choice(["A", "B", ""]),
                "cost": f"{lots.randrange(100)}.00",
            }
        )
    return found


async def send(at: Connecting, sent: Sequence[dict[str, Any]]) -> Receipt:
    """Sends rows as a request of records."""
    contract = await at.door.keeper.contract("visits")
    prepared = from_records(contract, [(n, Item(data=row)) for n, row in enumerate(sent, 1)])
    delivery = Delivery(contract, at.clock.now())
    [outcome] = await at.store.write(
        lambda tx: at.door.ingest.accept_records(tx, [(delivery, prepared)])
    )
    assert isinstance(outcome, Receipt)
    return outcome


async def extract(at: Connecting, sent: Sequence[dict[str, Any]]) -> Receipt:
    """Sends rows as a full extract."""
    contract = await at.door.keeper.contract("visits")
    names = list(sent[0])
    lines = [",".join(names), *(",".join(each[name] or "" for name in names) for each in sent)]
    delivery = Delivery(contract, at.clock.now(), "full")
    table = open_table(io.BytesIO("\n".join(lines).encode()), contract, "visits.csv")
    outcome = await at.store.write(
        lambda tx: at.door.ingest.accept_file(tx, delivery, table, confirmed=False)
    )
    assert isinstance(outcome, Receipt)
    return outcome


async def mirror(at: Connecting, into: Engine) -> dict[str, Any]:
    """What the engine says of the records as they are now; the recompute agrees with it."""

    def found(tx: Tx) -> list[Any]:
        owned = TABLES.owned.c
        query = select(owned.subject, owned.body).where(
            owned.topic == RECORDS, owned.subject.like("visits/%")
        )
        return list(tx.connection.execute(query))

    for subject, body in await at.store.read(found):
        key = subject.partition("/")[2]
        fields = None if body is None else msgspec.json.decode(body, type=Record).fields
        into.record("visits", key, fields)
    into.send()
    report = into.compared()
    assert report.mismatches == []
    return into.service.states()


async def test_figures_are_the_same_before_and_after_records_go(tmp_path: Path) -> None:
    assert check(DOCUMENT) == []
    async with connecting(tmp_path, pseudonym_key=SECRET) as at:
        await at.apply(DOCUMENT)
        at.clock.at = at.clock.at.replace(year=2026, month=1, day=1)
        sent = rows(120)
        receipt = await send(at, sent)
        assert receipt.accepted == 120
        with engine(tmp_path) as figures:
            figures.begin(date(2026, 7, 1))
            figures.define(definitions(read(DOCUMENT)))
            before = await mirror(at, figures)
            assert len(before) > 100
            at.clock.at = at.clock.at.replace(month=7)
            [batch] = await at.door.forgetting.look()
            after = await mirror(at, figures)
        assert after == before
        old = [each for each in sent if each["opened"] < "2026-01-01"]
        assert 40 < len(old) < 80
        assert (batch.mode, batch.deleted) == (RETENTION, len(old))
        kept = await at.batch(batch.batch)
        assert kept.detail == {
            "field": "opened",
            "before": "2026-01-01",
            "deleted": len(old),
            "kept": len(old),
        }
        refused = await at.door.undoing.take_back(batch.batch, "Test")
        assert isinstance(refused, RequestRefused)
        assert brought(kept).startswith("The dataset’s retention: opened before 2026-01-01.")
        held = await at.records("visits")
        assert {key for key in held if not key.startswith(KEPT)} == {
            each["ref"] for each in sent if each["opened"] >= "2026-01-01"
        }
        left = [fields for key, fields in held.items() if key.startswith(KEPT)]
        assert len(left) == len(old)
        assert all(set(each) == {"opened", "closed", "ward", "cost"} for each in left)


async def test_it_goes_once_a_day_in_slices_and_leaves_what_it_left(tmp_path: Path) -> None:
    async with connecting(tmp_path, pseudonym_key=SECRET) as at:
        at.clock.at = at.clock.at.replace(year=2025, month=12)
        await at.apply(DOCUMENT)
        await send(at, [rows(1)[0] | {"ref": f"R{n}", "opened": "2025-12-01"} for n in range(1200)])
        assert await at.door.forgetting.look() == []
        at.clock.at = at.clock.at.replace(year=2026, month=6, day=3)
        drawn = iter(range(10_000))
        service = at.door.service
        forgetting = Forgetting(
            at.store, at.clock, at.door.keeper, service.outbox, at.door.own, service.marks,
            lambda: f"lot{next(drawn):04}",
        )  # fmt: skip
        [batch] = await forgetting.look()
        assert batch.deleted == 1200
        assert set(await at.records("visits")) == {f"{KEPT}lot{n:04}" for n in range(1200)}
        assert await forgetting.look() == []
        at.clock.pass_(days=1)
        assert await forgetting.look() == []
        assert len(await at.records("visits")) == 1200


async def test_a_full_extract_neither_brings_back_what_went_nor_takes_what_is_left(
    tmp_path: Path,
) -> None:
    async with connecting(tmp_path, pseudonym_key=SECRET) as at:
        at.clock.at = at.clock.at.replace(year=2026, month=1, day=1)
        await at.apply(DOCUMENT)
        old, new = rows(1)[0] | {"opened": "2025-10-01"}, rows(2)[1] | {"opened": "2026-06-01"}
        assert (await extract(at, [old, new])).accepted == 2
        at.clock.at = at.clock.at.replace(month=7)
        assert len(await at.door.forgetting.look()) == 1
        found = await extract(at, [old, new])
        assert (found.rejected, found.unchanged, found.deleted) == (1, 1, 0)
        assert {each.rule for each in found.rejections} == {"retention"}
        held = await at.records("visits")
        assert len(held) == 2
        assert new["ref"] in held

        def rejected(tx: Tx) -> list[str]:
            query = select(REJECTED_ROWS.c.cells).where(REJECTED_ROWS.c.batch == found.batch)
            return list(tx.connection.execute(query).scalars())

        assert await at.store.read(rejected) == ["{}"]


async def test_what_a_record_was_goes_with_it(tmp_path: Path) -> None:
    async with connecting(tmp_path, pseudonym_key=SECRET) as at:
        at.clock.at = at.clock.at.replace(year=2026, month=1, day=1)
        await at.apply(DOCUMENT)
        one = rows(1)[0] | {"opened": "2025-10-01"}
        await extract(at, [one, rows(2)[1] | {"opened": "2026-06-01"}])
        await extract(at, [one | {"cost": "7.00"}, rows(2)[1] | {"opened": "2026-06-01"}])

        def before(tx: Tx) -> set[str]:
            return {row.subject for row in tx.connection.execute(select(BEFORE))}

        assert f"visits/{one['ref']}" in await at.store.read(before)
        at.clock.at = at.clock.at.replace(month=7)
        await at.door.forgetting.look()
        assert f"visits/{one['ref']}" not in await at.store.read(before)


async def test_no_byte_of_the_store_holds_what_was_pseudonymised(tmp_path: Path) -> None:
    async with connecting(tmp_path, pseudonym_key=SECRET) as at:
        at.clock.at = at.clock.at.replace(year=2026, month=6)
        await at.apply(DOCUMENT)
        good = rows(1)[0] | {"opened": "2026-06-01", "person": "9434765919"}
        bad = good | {"ref": "R2", "person": "943 476 5919", "cost": "a lot"}
        await send(at, [good, bad])
        await extract(at, [good, bad])
        assert len(await at.records("visits")) == 1
    written = b"".join(path.read_bytes() for path in tmp_path.rglob("*") if path.is_file())
    assert b"Lives alone" in written
    assert b"9434765919" not in written
    assert b"943 476 5919" not in written
    assert SECRET.encode() not in written


async def test_without_its_key_a_catalogue_that_asks_for_pseudonyms_is_refused(
    tmp_path: Path,
) -> None:
    async with connecting(tmp_path) as at:
        with pytest.raises(RequestRefused) as refused:
            await at.apply(DOCUMENT)
        assert refused.value.status == 422
        [problem] = refused.value.problems
        assert problem["path"] == "datasets.visits"
        assert "INGEST_PSEUDONYM_KEY" in problem["message"]
        assert (await at.door.keeper.catalogue()).datasets == {}
