"""The records behind a figure are found by their months, and are those that looking through the
whole dataset finds: whatever is corrected, deleted or defined in another way meanwhile."""

import json
from collections.abc import Iterator
from contextlib import contextmanager
from random import Random
from typing import Any
from unittest.mock import patch

import msgspec
import pytest

from services.publisher import sources
from services.publisher.app import Publisher
from services.publisher.domain.figures import decode_value
from services.publisher.settings import Settings
from services.publisher.sources import Source, Sources
from services.publisher.store import record_months
from services.publisher.store.repository import store_id
from shared.catalogue.check import read
from shared.catalogue.model import Catalogue, definitions
from shared.catalogue.periods import parse_period
from shared.catalogue.yaml_files import load_directory
from shared.contracts.states import IndicatorValue
from shared.contracts.topics import CATALOGUE, RECORDS
from shared.db.migrate import migrate
from shared.db.tx import Tx
from shared.delivery.marks import Marks
from tests.integration.publisher_parcels import state
from tests.integration.publisher_service import COUNCIL
from tests.unit.fed import Said

FORMULAS = (
    "parcels_sent", "parcels_weight", "parcels_kinds", "parcels_last", "parcels_under_way",
    "parcels_north", "parcels_under_way + parcels_last", "parcels_last - elsewhere",
)  # fmt: skip
PERIODS = ("2019-09", "2019-20-Q2", "2019-20", "2019-06-R12", "2019-09-12", "2018-02", "2020-01")
DAYS = [None, "1850-01-01", "2019-09-12", "2019-09-30", "2019-10-01", "2019-06-15", "2019-12-31",
        "2020-02-01", "2018-01-31", "9999-12-31"]  # fmt: skip
BATCHES = ("batch-1", "batch-2")


class Made:
    """A publisher's inbox on its store, without a socket."""

    def __init__(self, url: str) -> None:
        self.publisher = Publisher(Settings(store_url=url))
        self.store = self.publisher.service.store
        migrate(self.store)
        # A service does this as it starts.
        self.store.write_now(store_id)
        self._versions: dict[tuple[str, str], int] = {}

    def say(self, topic: str, states: dict[str, Any], batch: str = "batch-1") -> None:
        inbox = self.publisher.service.inbox
        assert inbox is not None
        said = []
        for subject, told in states.items():
            version = self._versions[topic, subject] = self._versions.get((topic, subject), 0) + 1
            said.append(Said(topic, subject, version, told, correlation=batch).received())
        self.store.write_now(lambda tx: inbox.apply(tx, said))

    def define(self, catalogue: Catalogue) -> None:
        found = definitions(catalogue)
        self.say(CATALOGUE, {subject: json.loads(body) for subject, body in found.items()})


@contextmanager
def made(url: str) -> Iterator[Made]:
    found = Made(url)
    try:
        yield found
    finally:
        found.store.close()


def council(**sent: Any) -> Catalogue:
    """The council of the tests; `sent` is where a measure's date was otherwise."""
    document, _ = load_directory(COUNCIL)
    catalogue = read(document)
    for measure in ("parcels-sent", "parcels-last") if sent else ():
        catalogue.measures[measure] = msgspec.structs.replace(catalogue.measures[measure], **sent)
    return catalogue


def parcel(chance: Random, key: int) -> dict[str, Any]:
    return {
        "dataset": "parcels",
        "key": str(key),
        "fields": {
            "ref": str(key),
            "sent": chance.choice(DAYS),
            "arrived": chance.choice([None, *DAYS]),
            "ward": chance.choice(["Abbey", "Mill", None]),
            "kind": chance.choice(["Box", "Letter", None]),
            "weight": chance.choice(["1", "2.50", None]),
            "because": chance.choice(["suppressed", None]),
        },
    }


def every(found: Sources) -> list[Source]:
    """Every page of a value's records, three at a time."""
    records: list[Source] = []
    after: str | None = ""
    while after is not None:
        page, after = found.page(after, 3)
        records += page
    return records


def compared(run: Made, chance: Random) -> int:
    """Holds what is found by month against what looking through everything finds; how many
    records that were."""
    seen = 0
    for formula in FORMULAS:
        for period in PERIODS:
            part = chance.choice([{}, {"breakdown": {"field": "ward", "member": "Abbey"}}])
            told = state("PA01", period, "1", formula=formula, **part)
            value = decode_value(msgspec.json.encode(told))

            def answers(tx: Tx, value: Any = value, period: str = period) -> tuple[Any, ...]:
                view = run.publisher.reads.snapshot(tx)
                found = Sources(view, value, parse_period(period))
                return every(found), [found.came_in(batch) for batch in BATCHES]

            by_month = run.store.read_now(answers)
            with patch.object(sources, "found_by_month", lambda *_: None):
                through_all = run.store.read_now(answers)
            assert by_month == through_all, (formula, period, part)
            seen += len(through_all[0])
    return seen


def indexed(run: Made) -> set[tuple[str, ...]]:
    found = run.store.read_now(
        lambda tx: tx.rows("SELECT dataset, month, subject FROM record_months")
    )
    return set(found)


@pytest.mark.parametrize("seed", range(3))
def test_found_by_month_are_those_that_looking_through_everything_finds(
    store_url: str, seed: int
) -> None:
    chance = Random(seed)
    seen = 0
    otherwise: list[dict[str, Any]] = [{}, {"date": "arrived"}, {}]
    with made(store_url) as run:
        if chance.random() < 0.7:
            run.define(council())
        for sent in otherwise:
            run.say(RECORDS, {f"wards/{each}": {
                "dataset": "wards", "key": each, "fields": {"ward": each, "locality": "North"},
            } for each in ("Abbey", "Mill")})  # fmt: skip
            for batch in BATCHES:
                said = {f"parcels/{key}": parcel(chance, key) for key in range(60)
                        if chance.random() < 0.7}  # fmt: skip
                gone = {f"parcels/{key}": None for key in range(60) if chance.random() < 0.1}
                run.say(RECORDS, {**said, **gone}, batch)
            run.define(council(**sent))
            run.say(RECORDS, {"parcels/61": parcel(chance, 61)})
            seen += compared(run, chance)
        kept = indexed(run)
        inbox = run.publisher.service.inbox
        assert inbox is not None
        run.store.write_now(inbox.finish_rebuild)
        assert indexed(run) == kept
        compared(run, chance)
    assert seen > 500


def test_only_what_is_dated_in_the_months_is_looked_at(store_url: str) -> None:
    with made(store_url) as run:
        run.define(council())
        chance = Random(1)
        old = {f"parcels/{key}": parcel(chance, key) for key in range(100)}
        for each in old.values():
            each["fields"] |= {"sent": "2018-01-31", "arrived": "2018-02-01"}
        new = {f"parcels/n{key}": parcel(chance, key) for key in range(5)}
        for each in new.values():
            each["fields"] |= {"sent": "2019-09-12", "arrived": None, "weight": "1"}
        run.say(RECORDS, {**old, **new})
        with patch.object(sources, "SCANNED_RECORDS", 6):
            for formula in ("parcels_sent", "parcels_under_way", "parcels_last"):
                told = state("PA01", "2019-09", "1", formula=formula)
                value = decode_value(msgspec.json.encode(told))

                def first(tx: Tx, value: IndicatorValue = value) -> tuple[list[Source], str | None]:
                    view = run.publisher.reads.snapshot(tx)
                    return Sources(view, value, parse_period("2019-09")).page("", 10)

                found, following = run.store.read_now(first)
                assert [each.state.subject for each in found] == sorted(new)
                assert following is None


def test_a_store_of_before_is_indexed_when_the_service_starts(store_url: str) -> None:
    with made(store_url) as run:
        run.define(council())
        run.say(RECORDS, {f"parcels/{key}": parcel(Random(key), key) for key in range(30)})
        kept = indexed(run)
        assert kept

        def before(tx: Tx) -> None:
            record_months.forget_all(tx)
            Marks(run.publisher.service.tables).remove(tx, "record-months")

        run.store.write_now(before)
        # Until then it is looked through whole.
        assert compared(run, Random(1)) > 0
        run.store.write_now(run.publisher._settle)
        assert indexed(run) == kept
