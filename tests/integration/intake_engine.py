"""The intake engine on a real store, without calls: files and requests in, receipts out."""

import asyncio
import io
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import msgspec
from sqlalchemy import delete

from services.ingest.app import DoorIn
from services.ingest.checked import Checked, check_table
from services.ingest.comparing import compare_ahead
from services.ingest.delivery import Delivery, Mode, Outcome
from services.ingest.domain.contract import Contract
from services.ingest.domain.intake import from_records
from services.ingest.domain.json_rows import Item
from services.ingest.domain.receipt import Batch, Receipt
from services.ingest.domain.refusals import RequestRefused
from services.ingest.opening import open_table
from services.ingest.preview import Preview, preview
from services.ingest.settings import Settings
from services.ingest.store import repository
from services.ingest.store.tables import metadata
from shared.catalogue.check import read
from shared.contracts.states import Record
from shared.contracts.topics import RECORDS
from shared.db.migrate import migrate
from shared.db.tx import Tx
from tests.integration.connecting import OwnClock

VISITS: dict[str, Any] = {
    "code": "visits",
    "title": "Visits",
    "extract": "full",
    "key": ["ref"],
    "fields": [
        {"name": "ref", "headers": ["Ref"], "type": "text", "required": True},
        {"name": "hours", "headers": ["Hours"], "type": "integer"},
        {"name": "ward", "headers": ["Ward"], "type": "text", "optional": True},
    ],
}
PLAIN: dict[str, Any] = {**VISITS, "code": "plain", "key": "content"}


class Engine:
    """The door, seen from inside."""

    def __init__(self, door: DoorIn, clock: OwnClock) -> None:
        self.door = door
        self.clock = clock
        self.store = door.service.store

    def apply(self, document: Mapping[str, Any]) -> None:
        """Puts a catalogue in force."""
        asyncio.run(self.door.keeper.apply(read(document), self.clock.now()))

    def contract(self, dataset: str = "visits") -> Contract:
        found = self.door.keeper.contracts.get(dataset)
        assert found is not None
        return found

    def checked(
        self, text: str, mode: Mode = "full", dataset: str = "visits", *, ahead: bool = True
    ) -> Checked:
        """A CSV file, checked and (with `ahead`) compared before its transaction."""
        contract = self.contract(dataset)
        table = open_table(io.BytesIO(text.encode()), contract, "a.csv")
        found = check_table(table, contract)
        if ahead:
            self.store.read_now(lambda tx: compare_ahead(tx, self.door.own, found, mode))
        return found

    def let_in(self, checked: Checked, mode: Mode = "full", *, confirmed: bool = True) -> Receipt:
        """Lets a checked file in."""
        self.clock.pass_(seconds=1)
        delivery = Delivery(checked.contract, self.clock.now(), mode)
        with checked:
            outcome, _ = self.store.write_now(
                lambda tx: self.door.ingest.accept_file(tx, delivery, checked, confirmed=confirmed)
            )
        return receipt(outcome)

    def file(
        self, text: str, mode: Mode = "full", dataset: str = "visits", *, ahead: bool = True
    ) -> Receipt:
        """Lets a CSV file in."""
        return self.let_in(self.checked(text, mode, dataset, ahead=ahead), mode)

    def preview(self, text: str, mode: Mode = "full", dataset: str = "visits") -> Preview:
        """What a CSV file would do."""
        contract = self.contract(dataset)
        table = open_table(io.BytesIO(text.encode()), contract, "a.csv")
        return self.store.read_now(lambda tx: preview(tx, self.door.own, contract, table, mode))

    def records(self, *requests: Sequence[Mapping[str, Any]]) -> list[Receipt]:
        """Lets requests of records in, that share a transaction."""
        self.clock.pass_(seconds=1)
        contract = self.contract()
        waiting = [
            (
                Delivery(contract, self.clock.now()),
                from_records(contract, enumerate((Item(data=dict(row)) for row in rows), 1)),
            )
            for rows in requests
        ]
        outcomes, _ = self.store.write_now(lambda tx: self.door.ingest.accept_records(tx, waiting))
        return [receipt(each) for each in outcomes]

    def undo(self, batch: str) -> Receipt:
        """Takes a batch back."""
        return receipt(self.tried(batch))

    def tried(self, batch: str) -> Outcome:
        """Takes a batch back, or says why not."""
        self.clock.pass_(seconds=1)
        return self.store.write_now(
            lambda tx: self.door.undoing.undo(tx, batch, self.clock.now(), "Test")
        )[0]

    def batch(self, name: str) -> Batch:
        found = self.store.read_now(lambda tx: repository.batch(tx, name))
        assert found is not None
        return found

    def held(self, dataset: str = "visits") -> dict[str, dict[str, Any]]:
        """The fields of every record, by key."""
        found = self.store.read_now(lambda tx: list(self.door.own.scan(tx, RECORDS, f"{dataset}/")))
        states = [msgspec.json.decode(body, type=Record) for _, body in found]
        return {each.key: dict(each.fields) for each in states}

    def empty(self) -> None:
        """Forgets all that was let in."""

        def work(tx: Tx) -> None:
            for table in metadata.sorted_tables:
                if table.name == "marks":
                    continue
                statement = delete(table)
                if table.name == "owned":
                    statement = statement.where(table.c.topic == RECORDS)
                tx.connection.execute(statement)

        self.store.write_now(work)


def receipt(outcome: Outcome) -> Receipt:
    """The receipt of what was let in."""
    if isinstance(outcome, RequestRefused):
        raise outcome
    return outcome


@contextmanager
def engine(folder: Path, url: str = "", **document: Any) -> Iterator[Engine]:
    """An engine with this catalogue (visits, without one), and its store."""
    clock = OwnClock()
    settings = Settings(
        store_url=url or f"sqlite:///{folder / 'ingest.db'}",
        kafka="127.0.0.1:1",
        files=folder / "files",
    )
    door = DoorIn(settings, clock)
    migrate(door.service.store)
    started = Engine(door, clock)
    started.apply(document or {"datasets": [VISITS, PLAIN]})
    try:
        yield started
    finally:
        door.service.store.close()
