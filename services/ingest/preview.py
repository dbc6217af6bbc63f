"""What a file would change, before anybody lets it in.

Rule: it goes the way that accepting goes, over the same rows in the same order, and only reads; so
what it says is what then happens, unless something else changes the dataset in between.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Literal

import msgspec

from services.ingest.accepting import columns_moved
from services.ingest.checked import Checked, check_table
from services.ingest.closed import ClosedPeriods
from services.ingest.delivery import Mode
from services.ingest.domain.contract import Contract
from services.ingest.domain.hidden import HIDDEN, Hidden
from services.ingest.domain.intake import Prepared
from services.ingest.domain.receipt import RejectionLine
from services.ingest.domain.refusals import RequestRefused
from services.ingest.domain.table import Table
from services.ingest.lacking import Lacking
from services.ingest.store import repository
from services.ingest.store.repository import RECEIPT_REJECTIONS
from shared.contracts.states import Record
from shared.contracts.topics import RECORDS
from shared.db.tx import Tx
from shared.delivery.own import Own

MOST_DIFFERENCES = 50
Kind = Literal["new", "changed", "deleted"]

_record = msgspec.json.Decoder(Record).decode


@dataclass(slots=True)
class Difference:
    """A record that would change: its key, and each field that would, before and after."""

    key: str
    kind: Kind
    fields: list[tuple[str, str, str]]


@dataclass(slots=True)
class Preview:
    """What a file would come to. Rows count as in a receipt (new + changed + those rows that say
    a record is gone = accepted); `deleted` are all records that would go. `confirm` says why it
    would be refused unless its deletions are confirmed."""

    received: int = 0
    new: int = 0
    changed: int = 0
    unchanged: int = 0
    rejected: int = 0
    deleted: int = 0
    deletions_held: int = 0
    differences: list[Difference] = field(default_factory=list)
    rejections: list[RejectionLine] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)
    confirm: str = ""


def preview(tx: Tx, own: Own, contract: Contract, table: Table | Checked, mode: Mode) -> Preview:
    """What the file would do. Raises RequestRefused where it would be refused whatever is
    confirmed."""
    if isinstance(table, Checked):
        return _previewed(tx, own, contract, table, mode)
    with check_table(table, contract) as checked:
        return _previewed(tx, own, contract, checked, mode)


def _previewed(tx: Tx, own: Own, contract: Contract, checked: Checked, mode: Mode) -> Preview:
    found = Preview(notes=_notes(tx, contract, checked.table))
    # In an ordered file a later row may say a record again: it meets what the earlier one said.
    held = _Said(own) if checked.table.ordered else own
    closed = ClosedPeriods(held)
    hidden = Hidden(contract)
    judging = checked.judging()
    full = mode == "full"
    known = repository.count_records(tx, f"{contract.code}/") if full else 0
    for chunk in checked.chunks(judging):
        prepared = closed.sift(tx, contract, chunk)
        _count(found, prepared)
        wanted = [subject for subject, _ in prepared.states]
        before: dict[str, bytes | None] = {**held.get(tx, RECORDS, wanted)}
        for subject, body in prepared.states:
            was = before.get(subject)
            if was == body:
                found.unchanged += 1
                continue
            _differs(found, hidden, was, body)
            if isinstance(held, _Said):
                before[subject] = body
                held.say(subject, body)
    if full:
        lacking = Lacking(tx, closed, contract, checked.intake, judging, known)
        lacks = lacking.look()
        found.deletions_held = lacks.held
        try:
            lacking.refuse(lacks, found.received, confirmed=False)
        except RequestRefused as refused:
            found.confirm = refused.detail
        for gone in lacking.going() if lacks.going else ():
            room = MOST_DIFFERENCES - len(found.differences)
            if room > 0:
                held_now = own.get(tx, RECORDS, gone[:room])
                found.differences += [
                    difference(hidden, held_now[subject], None) for subject in gone[:room]
                ]
            found.deleted += len(gone)
    return found


class _Said(Own):
    """What is held, and over it what the file said so far."""

    def __init__(self, own: Own) -> None:
        self._own = own
        self._over: dict[str, bytes | None] = {}

    def get(self, tx: Tx, topic: str, subjects: Iterable[str]) -> dict[str, bytes]:
        """The bodies of those subjects that would exist."""
        wanted = list(subjects)
        over = self._over
        found = self._own.get(tx, topic, [each for each in wanted if each not in over])
        said = ((each, over[each]) for each in wanted if each in over)
        return found | {subject: body for subject, body in said if body is not None}

    def say(self, subject: str, body: bytes | None) -> None:
        """The file says what a subject is now."""
        self._over[subject] = body


def _count(found: Preview, prepared: Prepared) -> None:
    found.received += prepared.received
    found.unchanged += prepared.repeated
    found.rejected += prepared.rejected
    room = RECEIPT_REJECTIONS - len(found.rejections)
    found.rejections += [RejectionLine(*each) for each in prepared.rejections[:room]]


def _differs(found: Preview, hidden: Hidden, was: bytes | None, body: bytes | None) -> None:
    if was is None:
        found.new += 1
    elif body is None:
        found.deleted += 1
    else:
        found.changed += 1
    if len(found.differences) < MOST_DIFFERENCES:
        found.differences.append(difference(hidden, was, body))


def difference(hidden: Hidden, was: bytes | None, body: bytes | None) -> Difference:
    """What is different between two states of a record; None: it is not there."""
    before, after = _fields(was), _fields(body)
    kind: Kind = "new" if was is None else "deleted" if body is None else "changed"
    said = _record(was or body or b"")
    names = [name for name in {**before, **after} if before.get(name) != after.get(name)]
    return Difference(
        hidden.key(said.key),
        kind,
        [(name, _text(hidden, name, before), _text(hidden, name, after)) for name in names],
    )


def _fields(body: bytes | None) -> Mapping[str, Any]:
    return {} if body is None else _record(body).fields


def _text(hidden: Hidden, name: str, fields: Mapping[str, Any]) -> str:
    value = fields.get(name)
    if value is None:
        return ""
    if name in hidden.fields:
        return HIDDEN
    return ("true" if value else "false") if isinstance(value, bool) else str(value)


def _notes(tx: Tx, contract: Contract, table: Table) -> list[str]:
    notes = list(table.notes)
    if table.passed_over:
        notes.append(f"{table.passed_over} line(s) above the headers are passed over.")
    if table.dropped:
        names = _list(table.dropped)
        notes.append(f"Columns that the contract does not name are dropped: {names}.")
    moved = columns_moved(tx, contract.code, table)
    if new := moved.get("columns_new"):
        notes.append(f"Columns that the last file had not: {_list(new)}.")
    if gone := moved.get("columns_gone"):
        notes.append(f"Columns that only the last file had: {_list(gone)}.")
    return notes


def _list(names: Sequence[str]) -> str:
    shown = ", ".join(names[:10])
    return shown if len(names) <= 10 else f"{shown} and {len(names) - 10} more"
