"""Freshness at the door: what is said of each dataset's supply, and when it is late."""

from pathlib import Path
from typing import Any

from services.ingest.delivery import Delivery
from services.ingest.domain.intake import from_records
from services.ingest.domain.json_rows import Item
from services.ingest.domain.refusals import RequestRefused
from services.ingest.store import repository
from services.ingest.supply import Supplies, SupplyWatch
from shared.contracts import supply
from shared.contracts.supply import Supply
from shared.contracts.topics import RECORDS
from shared.db.tx import Tx
from tests.integration.connecting import Connecting, connecting

NIGHTLY: dict[str, Any] = {
    "code": "requests",
    "title": "Requests",
    "key": ["ref"],
    "freshness_days": 1,
    "fields": [{"name": "ref", "type": "text"}, {"name": "days", "type": "integer"}],
}
QUIET = NIGHTLY | {"code": "notes", "freshness_days": None}


async def send(at: Connecting, *rows: dict[str, Any], dataset: str = "requests") -> None:
    """Sends rows as a request of records."""
    contract = await at.door.keeper.contract(dataset)
    prepared = from_records(contract, [(n, Item(data=row)) for n, row in enumerate(rows, 1)])
    delivery = Delivery(contract, at.clock.now())
    [outcome] = await at.store.write(
        lambda tx: at.door.ingest.accept_records(tx, [(delivery, prepared)])
    )
    assert not isinstance(outcome, RequestRefused)


async def said(at: Connecting) -> dict[str, Supply]:
    """What stands on the topic."""

    def found(tx: Tx) -> list[bytes]:
        return [body for _, body in at.door.own.scan(tx, RECORDS, supply.PREFIX)]

    return {each.dataset: each for each in map(supply.read, await at.store.read(found))}


async def versions(at: Connecting) -> int:
    """How often the supply of requests was said."""
    found = await at.store.read(lambda tx: repository.record(tx, supply.subject("requests")))
    return 0 if found is None else found.version


async def test_a_load_says_when_the_next_is_due_and_a_day_without_one_is_late(
    tmp_path: Path,
) -> None:
    async with connecting(tmp_path) as at:
        await at.apply({"datasets": [NIGHTLY, QUIET]})
        await send(at, {"ref": "A"})
        await send(at, {"ref": "A"}, dataset="notes")
        now = await said(at)
        assert list(now) == ["requests"]  # The other may grow as old as it likes.
        assert (now["requests"].due, now["requests"].late) == ("2026-07-02", False)
        assert (
            now["requests"].received == now["requests"].changed == "2026-07-01T09:00:00.000+00:00"
        )
        at.clock.pass_(hours=37, minutes=59)  # One minute to midnight of the day it is due, BST.
        await at.door.watch.look()
        assert not (await said(at))["requests"].late
        at.clock.pass_(minutes=1)
        assert (await at.door.watch.look())["requests"].late
        assert (await said(at))["requests"].late
        await send(at, {"ref": "A"})  # Restates what is known: it came all the same.
        now = await said(at)
        assert (now["requests"].late, now["requests"].due) == (False, "2026-07-04")
        assert now["requests"].received == "2026-07-02T23:00:00.000+00:00"
        assert now["requests"].changed == "2026-07-01T09:00:00.000+00:00"


async def test_rows_that_are_all_rejected_are_no_supply(tmp_path: Path) -> None:
    async with connecting(tmp_path) as at:
        await at.apply({"datasets": [NIGHTLY]})
        await send(at, {"ref": None})
        assert await said(at) == {}
        found = (await at.door.watch.look())["requests"]
        assert (found.received, found.due, found.late) == (None, "2026-07-02", False)
        at.clock.pass_(days=2)
        assert (await at.door.watch.look())["requests"].late
        at.clock.pass_(days=1)
        # The day on which the first was due stays the same.
        assert (await at.door.watch.look())["requests"].due == "2026-07-02"


async def test_what_comes_every_minute_is_said_every_ten(tmp_path: Path) -> None:
    async with connecting(tmp_path) as at:
        await at.apply({"datasets": [NIGHTLY]})
        for minute in range(21):
            await send(at, {"ref": "A", "days": minute})
            at.clock.pass_(minutes=1)
        assert await versions(at) == 3
        assert (await said(at))["requests"].received == "2026-07-01T09:20:00.000+00:00"


async def test_a_restart_and_a_neighbour_know_what_came_last(tmp_path: Path) -> None:
    async with connecting(tmp_path) as at:
        await at.apply({"datasets": [NIGHTLY]})
        await send(at, {"ref": "A"})
        at.clock.pass_(minutes=9)
        await send(at, {"ref": "B"})  # Not worth saying, and in memory alone.
        fresh = Supplies(at.door.service.outbox, at.door.own)
        watch = SupplyWatch(
            at.store, at.clock, at.door.keeper.catalogue, fresh, at.door.ingest.chasing
        )
        found = (await watch.look())["requests"]
        assert found.received == found.changed == "2026-07-01T09:09:00.000+00:00"
        at.clock.pass_(hours=40)  # Late: said, with what came last.
        await watch.look()
        assert (await said(at))["requests"].received == "2026-07-01T09:09:00.000+00:00"


async def test_a_dataset_that_is_not_asked_for_any_more_is_not_spoken_of(tmp_path: Path) -> None:
    async with connecting(tmp_path) as at:
        await at.apply({"datasets": [NIGHTLY]})
        await send(at, {"ref": "A"})
        await at.door.watch.look()
        await at.apply({"datasets": [NIGHTLY | {"freshness_days": None}]})
        assert await at.door.watch.look() == {}
        assert await said(at) == {}
