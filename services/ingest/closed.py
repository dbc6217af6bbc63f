"""Closed accounting periods: what a ledger has closed is not changed through the door any more.

Rule: of a dataset that says up to which period its books are closed, a row is refused if it is new
or changed and stands in a closed period, before or after. What is held stays, and a row that says
what is held already is unchanged, however often an extract repeats it.
"""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

import msgspec

from services.ingest.domain.contract import Contract
from services.ingest.domain.hidden import Hidden
from services.ingest.domain.intake import Prepared
from services.ingest.domain.refusals import Fault, shown
from shared.accounts.calendar import When, read_period, when_code, when_of
from shared.contracts.states import Record
from shared.contracts.topics import RECORDS
from shared.db.tx import Tx
from shared.delivery.own import Own

_record = msgspec.json.Decoder(Record).decode


class ClosedPeriods:
    """Looks at rows before they are said."""

    def __init__(self, own: Own) -> None:
        self._own = own

    def sift(self, tx: Tx, contract: Contract, prepared: Prepared) -> Prepared:
        """The same rows, with those that would change a closed period rejected."""
        last = closed_to(contract)
        if last is None:
            return prepared
        held = self._own.get(tx, RECORDS, [subject for subject, _ in prepared.states])
        hidden = Hidden(contract)
        found = Prepared(
            prepared.received, [], prepared.repeated, prepared.rejected, list(prepared.rejections)
        )
        found.of_file, found.cells = prepared.of_file, list(prepared.cells)
        for (subject, body), row in zip(prepared.states, prepared.rows, strict=True):
            before = held.get(subject)
            faults = [] if before == body else _faults(last, before, body)
            if faults:
                found.reject(row, faults)
                if found.of_file:
                    found.cells.append((row, hidden.held(body)))
            else:
                found.states.append((subject, body))
                found.rows.append(row)
        return found

    def open_ones(self, tx: Tx, contract: Contract, subjects: Sequence[str]) -> list[str]:
        """Of these records, those that stand in no closed period."""
        last = closed_to(contract)
        if last is None:
            return list(subjects)
        held = self._own.get(tx, RECORDS, subjects)
        return [each for each in subjects if not _faults(last, held.get(each), None)]


def closed_to(contract: Contract) -> When | None:
    """The last closed period of a dataset, if it has closed any."""
    text = contract.dataset.closed_to
    return None if text is None else When(*read_period(text))


def _faults(last: When, *bodies: bytes | None) -> list[Fault]:
    """Why one of these states may not come, change or go: it stands in a closed period."""
    for fields in _fields(bodies):
        try:
            when = when_of(fields)
        except ValueError:
            # Held since before its field was a period: it stands in none.
            continue
        if when is not None and when <= last:
            field = "period" if fields.get("period") else "date"
            reason = (
                f"{when_code(when)} is closed: the books are closed up to {when_code(last)}, and"
                " this would change them."
            )
            return [Fault(field, "closed-period", reason, shown(fields[field]))]
    return []


def _fields(bodies: Iterable[bytes | None]) -> Iterable[Mapping[str, Any]]:
    return (_record(body).fields for body in bodies if body is not None)
