"""Lets a checked file in: compares it with what is held, and says what is different.

Rule: all of its good rows, or nothing; what each record was before is written with it, so that the
batch can be undone. The preview goes the same way, and says nothing.
"""

from typing import Any

from services.ingest.checked import Checked
from services.ingest.closed import ClosedPeriods
from services.ingest.delivery import Delivery
from services.ingest.domain.headers import columns_changed
from services.ingest.domain.intake import Tally
from services.ingest.domain.table import Table
from services.ingest.lacking import Lacking
from services.ingest.store import batches, before, columns, repository
from shared.contracts.topics import RECORDS
from shared.db.tx import Tx
from shared.delivery.change import Statement
from shared.delivery.outbox import Outbox, Published


class FileAcceptance:
    """The transaction's part of taking a file."""

    def __init__(self, outbox: Outbox, closed: ClosedPeriods) -> None:
        self._outbox = outbox
        self._closed = closed

    def accept(self, tx: Tx, delivery: Delivery, checked: Checked, *, confirmed: bool) -> None:
        """Compares, says, counts. Raises RequestRefused."""
        contract, cause = delivery.contract, delivery.cause
        delivery.detail |= said_of(checked.table)
        delivery.detail |= columns_moved(tx, contract.code, checked.table)
        full = delivery.mode == "full"
        known = repository.count_records(tx, f"{contract.code}/") if full else 0
        ahead = checked.ahead
        if ahead is not None and ahead.batches != batches.count(tx, contract.code):
            ahead = None
        judging = checked.judging() if ahead is None else ahead.judging
        for chunk in checked.chunks(judging) if ahead is None else ahead.spool:
            prepared = self._closed.sift(tx, contract, chunk)
            changes = self._outbox.publish(
                tx, [Statement(RECORDS, subject, body, cause) for subject, body in prepared.states]
            )
            self._remember(tx, delivery, changes, again=checked.table.ordered)
            replaced = {each.subject: each.before for each in changes}
            accepted, unchanged = Tally(prepared.states, replaced).count(prepared.states)
            delivery.accepted += accepted
            delivery.unchanged += unchanged + prepared.repeated
            delivery.reject(tx, prepared)
        if full:
            # What was seen to lack nothing need not be looked through again.
            possible = known if ahead is None or ahead.lacks else 0
            lacking = Lacking(tx, self._closed, contract, checked.intake, judging, possible)
            self._delete(tx, delivery, lacking, confirmed=confirmed)
        if checked.table.names:
            names = list(checked.table.names)
            if not checked.table.columns:
                # Rows that are objects leave out what is blank: what was there once is not gone.
                last = columns.last(tx, contract.code) or []
                names += columns_changed(last, names)[1]
            columns.save(tx, contract.code, names, cause.origin)

    def _delete(self, tx: Tx, delivery: Delivery, lacking: Lacking, *, confirmed: bool) -> None:
        lacks = lacking.look()
        lacking.refuse(lacks, delivery.received, confirmed=confirmed)
        if lacks.held:
            delivery.detail["deletions_held"] = lacks.held
            delivery.detail["deletions_held_because"] = lacks.because
        if not lacks.going:
            return
        for gone in lacking.going():
            changes = self._outbox.publish(
                tx, [Statement(RECORDS, subject, None, delivery.cause) for subject in gone]
            )
            self._remember(tx, delivery, changes, again=False)
        delivery.deleted = lacks.going

    def _remember(
        self, tx: Tx, delivery: Delivery, changes: list[Published], *, again: bool
    ) -> None:
        if again:
            before.amend(tx, delivery.name, changes)
        else:
            before.save(tx, delivery.name, changes)


def said_of(table: Table) -> dict[str, Any]:
    """How a file was read, for its batch."""
    detail: dict[str, Any] = {"encoding": table.encoding, "sha256": table.digest}
    if table.dropped:
        detail["columns_dropped"] = table.dropped
    if table.passed_over:
        detail["lines_passed_over"] = table.passed_over
    if table.notes:
        detail["notes"] = list(table.notes)
    return detail


def columns_moved(tx: Tx, dataset: str, table: Table) -> dict[str, Any]:
    """The columns that the dataset's last file had not, and those that only it had."""
    last = columns.last(tx, dataset) if table.names else None
    if last is None:
        return {}
    new, gone = columns_changed(last, table.names)
    detail = {}
    if new:
        detail["columns_new"] = new
    if gone and table.columns:
        detail["columns_gone"] = gone
    return detail
