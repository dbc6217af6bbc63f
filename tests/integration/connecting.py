"""Connectors run one by one against a real store, with a clock that the test owns."""

from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import msgspec

from services.ingest.app import DoorIn
from services.ingest.domain.receipt import Batch, RejectionLine
from services.ingest.settings import Settings
from services.ingest.store import connections, repository
from services.ingest.store.connections import Run, Standing
from shared.catalogue.check import read
from shared.contracts.states import Record
from shared.contracts.topics import RECORDS
from shared.db.migrate import migrate

_record = msgspec.json.Decoder(Record).decode


class OwnClock:
    """A clock that stands still until it is moved."""

    def __init__(self) -> None:
        self.at = datetime(2026, 7, 1, 9, 0, tzinfo=UTC)

    def now(self) -> datetime:
        return self.at

    def monotonic(self) -> float:
        return self.at.timestamp()

    def pass_(self, **gap: float) -> None:
        """Lets time go by."""
        self.at += timedelta(**gap)


class Connecting:
    """The door with its connectors, and what is behind it."""

    def __init__(self, door: DoorIn, clock: OwnClock) -> None:
        self.door = door
        self.clock = clock
        self.store = door.service.store

    async def apply(self, document: Mapping[str, Any]) -> None:
        """Puts a catalogue in force."""
        await self.door.keeper.apply(read(document), self.clock.now())

    async def run(self, code: str, *, confirmed: bool = False) -> Run:
        """Runs a connector to its end."""
        await self.door.connectors.start(code, "Test", confirmed=confirmed)
        found = await self.door.connectors.settle(code)
        assert found is not None
        return found

    async def look(self) -> None:
        """Lets what is due run, and waits for it."""
        await self.door.connectors.look()
        for code in list(self.door.connectors.running):
            await self.door.connectors.settle(code)

    async def records(self, dataset: str) -> dict[str, dict[str, Any]]:
        """The fields of every record of a dataset, by key."""
        found = await self.store.read(
            lambda tx: list(self.door.own.scan(tx, RECORDS, f"{dataset}/"))
        )
        states = [_record(body) for _, body in found]
        return {each.key: dict(each.fields) for each in states}

    async def standing(self, code: str) -> Standing:
        """Where a connector stands."""
        return await self.store.read(lambda tx: connections.standing(tx, code))

    async def runs(self, code: str) -> list[Run]:
        """Its runs, the newest first."""
        return list(await self.store.read(lambda tx: connections.runs(tx, code)))

    async def batch(self, name: str) -> Batch:
        """What is kept of a batch."""
        found = await self.store.read(lambda tx: repository.batch(tx, name))
        assert found is not None
        return found

    async def rejections(self, name: str) -> list[RejectionLine]:
        """Its rejections."""
        found = await self.store.read(lambda tx: repository.rejections(tx, name, 0, 1000))
        return [line for _, line in found]


@asynccontextmanager
async def connecting(folder: Path, store_url: str = "", **more: Any) -> AsyncIterator[Connecting]:
    """The door on a store of its own; `more` are its settings, such as reach and drop."""
    clock = OwnClock()
    settings = Settings(
        store_url=store_url or f"sqlite:///{folder / 'ingest.db'}",
        kafka="127.0.0.1:1",
        files=folder / "files",
        **more,
    )
    door = DoorIn(settings, clock)
    migrate(door.service.store)
    try:
        yield Connecting(door, clock)
    finally:
        door.service.store.close()


def dataset(**more: Any) -> dict[str, Any]:
    """A dataset of service requests, to fetch into."""
    return {
        "code": "requests",
        "title": "Service requests",
        "extract": "changes",
        "key": ["ref"],
        "fields": [
            {"name": "ref", "headers": ["Ref"], "type": "text", "required": True},
            {"name": "received", "type": "date", "formats": ["%d/%m/%Y"], "optional": True},
            {"name": "amount", "type": "money", "optional": True},
            {"name": "ward", "type": "text", "optional": True},
        ],
        **more,
    }


def catalogue(connector: Mapping[str, Any], **more: Any) -> dict[str, Any]:
    """A catalogue with that dataset and one connector; `more` are fields of the dataset."""
    said = {"code": "source", "title": "A source", "dataset": "requests", **connector}
    return {"datasets": [dataset(**more)], "connectors": [said]}
