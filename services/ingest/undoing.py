"""Takes a batch back: every record that it changed is again what it was before.

Rule: a record goes back if it is still as the batch left it; what something later changed stays,
and is counted and listed. Undoing is a batch itself, so it can be undone, and it goes the way of
every batch: closed periods hold, and what is said is durable with the receipt.
"""

from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import NamedTuple

import msgspec

from services.ingest.chasing import Chasing
from services.ingest.closed import ClosedPeriods
from services.ingest.contracts import ContractKeeper, StaleContracts
from services.ingest.delivery import Delivery, Outcome, batch_name, is_batch_name, save
from services.ingest.domain.contract import Contract
from services.ingest.domain.hidden import Hidden
from services.ingest.domain.intake import Prepared
from services.ingest.domain.receipt import Batch
from services.ingest.domain.refusals import Fault, RequestRefused
from services.ingest.domain.retention import RETENTION
from services.ingest.store import before, repository
from services.ingest.store.before import Before, fingerprint
from shared.contracts.states import Record
from shared.contracts.topics import RECORDS
from shared.db.store import Store
from shared.db.tx import Tx
from shared.delivery.change import Statement
from shared.delivery.outbox import Outbox
from shared.delivery.own import Own
from shared.runtime.clock import Clock

PAGE = 1_000
CHANGED_SINCE = "changed-since"
LATER = "Something later changed this record, so it stays as it is."

_record = msgspec.json.Decoder(Record).decode


class Would(NamedTuple):
    """How many records would go back, how many would stay because something later changed them or
    their period is closed, and how many are as they were already."""

    back: int
    stays: int
    same: int


class Undoing:
    """Undoes batches, for as long as it is kept what their records were."""

    def __init__(
        self,
        store: Store,
        clock: Clock,
        outbox: Outbox,
        own: Own,
        keeper: ContractKeeper,
        chasing: Chasing,
        days: int,
    ) -> None:
        self._store = store
        self._clock = clock
        self._outbox = outbox
        self._own = own
        self._keeper = keeper
        self._chasing = chasing
        self._closed = ClosedPeriods(own)
        self._days = days

    async def take_back(self, batch: str, by: str) -> Outcome:
        """Undoes a batch in a transaction of its own."""
        arrived = self._clock.now()
        while True:
            await self._keeper.load()
            try:
                return await self._store.write(lambda tx: self.undo(tx, batch, arrived, by))
            except StaleContracts:
                self._keeper.contracts.loaded = False

    def look(self, tx: Tx, batch: str) -> Would | RequestRefused:
        """What undoing a batch would come to; nothing is changed."""
        found = repository.batch(tx, batch) if is_batch_name(batch) else None
        contract = self._keeper.contracts.get(found.dataset) if found else None
        if found is None or contract is None:
            return RequestRefused(404, "There is no such batch, or no such dataset any more.")
        if reason := self._lacks(tx, found, self._clock.now()):
            return RequestRefused(409, reason)
        back = stays = same = row = 0
        for page in _pages(tx, batch):
            prepared = self._closed.sift(tx, contract, self._prepare(tx, contract, page, row))
            row += len(page)
            back += len(prepared.states)
            stays += prepared.rejected
            same += prepared.repeated
        return Would(back, stays, same)

    def undo(self, tx: Tx, batch: str, arrived: datetime, by: str) -> Outcome:
        """Takes a batch back; says what that came to, or why it cannot be. Raises StaleContracts
        where another catalogue is in force than the one at hand."""
        found = repository.batch(tx, batch) if is_batch_name(batch) else None
        if found is None:
            return RequestRefused(404, "There is no such batch.")
        contract = self._keeper.contracts.get(found.dataset)
        self._keeper.look(tx, [] if contract is None else [contract])
        if contract is None:
            return RequestRefused(409, f"There is no dataset called {found.dataset!r} any more.")
        if reason := self._lacks(tx, found, arrived):
            return RequestRefused(409, reason)
        detail = {"undoes": batch, "by": by}
        return self._undone(tx, found, Delivery(contract, arrived, "undo", detail=detail))

    def _lacks(self, tx: Tx, found: Batch, arrived: datetime) -> str:
        """Why a batch cannot be undone; blank if it can."""
        changed = found.accepted + found.deleted
        if found.mode == RETENTION:
            return "The time of its records was over: nothing of them is kept to bring back."
        if found.batch < oldest_kept(arrived, self._days):
            return f"The batch is more than {self._days} days old; it cannot be undone any more."
        if changed and not before.count(tx, found.batch):
            return (
                "What its records were before is not kept: it came as a request of records. Send "
                "them as they should be."
            )
        return ""

    def _undone(self, tx: Tx, found: Batch, delivery: Delivery) -> Outcome:
        delivery.begin()
        removed = restored = row = left = 0
        for page in _pages(tx, found.batch):
            prepared = self._prepare(tx, delivery.contract, page, row)
            row += len(page)
            left += sum(each.rule == CHANGED_SINCE for each in prepared.rejections)
            prepared = self._closed.sift(tx, delivery.contract, prepared)
            changes = self._outbox.publish(
                tx,
                [
                    Statement(RECORDS, subject, body, delivery.cause)
                    for subject, body in prepared.states
                ],
            )
            before.save(tx, delivery.name, changes)
            removed += sum(each.body is None for each in changes)
            restored += sum(each.body is not None for each in changes)
            delivery.accepted += len(changes)
            delivery.unchanged += prepared.repeated + len(prepared.states) - len(changes)
            delivery.reject(tx, prepared)
        delivery.detail |= {"left": left, "removed": removed, "restored": restored}
        save(tx, [delivery])
        self._chasing.came(tx, [delivery])
        return delivery.receipt()

    def _prepare(self, tx: Tx, contract: Contract, page: list[Before], row: int) -> Prepared:
        """What each record goes back to; those that something later changed are told."""
        now = self._own.get(tx, RECORDS, [each.subject for each in page])
        prepared = Prepared(received=len(page))
        hidden = Hidden(contract)
        for number, each in enumerate(page, row + 1):
            current = now.get(each.subject)
            if current == each.body:
                prepared.repeated += 1
            elif fingerprint(current) == each.made:
                prepared.states.append((each.subject, each.body))
                prepared.rows.append(number)
            else:
                said = current or each.body
                key = hidden.key(_record(said).key) if said else None
                prepared.reject(number, [Fault(None, CHANGED_SINCE, LATER, key)])
        return prepared


def oldest_kept(now: datetime, days: int) -> str:
    """The least name that a batch can have whose undo is still kept."""
    return batch_name(now - timedelta(days=days))[:12]


def _pages(tx: Tx, batch: str) -> Iterator[list[Before]]:
    last = ""
    while page := before.rows(tx, batch, last, PAGE):
        yield page
        last = page[-1].subject
