"""What every reader of the publisher shares: the store, the catalogue, today, in one snapshot."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from typing import TypeVar

from services.publisher.board import Board
from services.publisher.domain import live
from services.publisher.store import repository
from shared.catalogue.model import Catalogue
from shared.db.store import Store
from shared.db.tx import Tx
from shared.delivery.definitions import Definitions
from shared.runtime.clock import Clock, business_date, iso

T = TypeVar("T")


@dataclass(frozen=True)
class Snapshot:
    """One consistent view: the transaction, the catalogue in it, the cursor it stands at, when it
    was opened, and what readers keep of one another's work."""

    tx: Tx
    catalogue: Catalogue
    today: date
    at: str
    store_id: str
    cursor: int
    board: Board

    @property
    def event_id(self) -> str:
        """Where a live stream takes over from this view without a gap."""
        return live.event_id(self.store_id, self.cursor)


class ReadModel:
    """Opens snapshots on reader threads."""

    def __init__(self, store: Store, definitions: Definitions, clock: Clock) -> None:
        self.clock = clock
        self._store = store
        self._definitions = definitions
        self._board = Board()

    async def read(self, work: Callable[[Snapshot], T]) -> T:
        """Runs `work` on a reader thread, on a snapshot."""
        return await self._store.read(lambda tx: work(self.snapshot(tx)))

    def snapshot(self, tx: Tx) -> Snapshot:
        """The view that a transaction gives."""
        return Snapshot(
            tx=tx,
            catalogue=self._definitions.read(tx),
            today=business_date(self.clock),
            at=iso(self.clock.now()),
            store_id=repository.store_id(tx),
            cursor=repository.cursor(tx),
            board=self._board,
        )
