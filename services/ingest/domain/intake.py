"""What a delivery of rows comes to: states to say, rejections to explain, counts that add up.

Rule: received = accepted + unchanged + rejected, always. In a file a key stands for one row: a
later row that says something else is rejected, because nothing tells which is right. In a request
of records the order tells, so a later row replaces an earlier one.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

import msgspec

from services.ingest.domain.contract import Columns, Contract, Fields
from services.ingest.domain.json_rows import SHAPE, Item, Numbered
from services.ingest.domain.refusals import Fault, Rejection, RowRefused, row_fault, shown, storable
from services.ingest.domain.table import Line
from shared.contracts import subjects

# Rows that are wrong but stand for no record.
NO_RECORDS = frozenset({"repeated-header", "blank-row"})


@dataclass(slots=True)
class Prepared:
    """Rows that were checked: what each says its subject is now (None: gone), in order, and the
    number of the row that says so."""

    received: int = 0
    states: list[tuple[str, bytes | None]] = field(default_factory=list)
    repeated: int = 0
    rejected: int = 0
    rejections: list[Rejection] = field(default_factory=list)
    rows: list[int] = field(default_factory=list)

    def reject(self, row: int, faults: Iterable[Fault]) -> None:
        """Counts a rejected row and keeps every fault of it."""
        self.rejected += 1
        self.rejections += [
            Rejection(row, fault.field, fault.rule, storable(fault.reason), fault.raw)
            for fault in faults
        ]


def from_records(contract: Contract, rows: Iterable[Numbered]) -> Prepared:
    """Checks the rows of a request of records."""
    prepared = Prepared()
    occurrences: dict[str, int] = {}
    dataset = contract.code
    for number, item in rows:
        prepared.received += 1
        try:
            if isinstance(item, RowRefused):
                raise item
            key, body = _said(contract, item, occurrences)
        except RowRefused as refused:
            prepared.reject(number, refused.faults)
            continue
        prepared.states.append((subjects.record(dataset, key), body))
        prepared.rows.append(number)
    return prepared


def _said(contract: Contract, item: Item, occurrences: dict[str, int]) -> tuple[str, bytes | None]:
    data = item.data
    if data is msgspec.UNSET:
        if not item.deleted or item.key is msgspec.UNSET:
            raise row_fault("shape", SHAPE)
        return contract.key_from_json(item.key), None
    if item.deleted:
        raise row_fault("shape", "A row that is deleted has no data.")
    fields = contract.from_object(data)
    key = _key(contract, fields, occurrences)
    if item.key is not msgspec.UNSET and contract.key_from_json(item.key) != key:
        raise RowRefused(
            [Fault("key", "key", "The key is not the one that the data have.", shown(item.key))]
        )
    return key, contract.body(key, fields)


def _key(contract: Contract, fields: Fields, occurrences: dict[str, int]) -> str:
    if contract.by_content:
        return contract.content_key(fields, occurrences)
    return contract.key_of(fields)


class Tally:
    """Counts rows that moved a state (accepted) and rows that restated it (unchanged).

    `states` are all that was said, in order; `replaced` holds what each subject that changed in
    the end was before.
    """

    def __init__(
        self,
        states: Sequence[tuple[str, bytes | None]],
        replaced: Mapping[str, bytes | None],
    ) -> None:
        self._replaced = replaced
        self._newest = dict(states)
        self._single = len(self._newest) == len(states)
        self._running: dict[str, bytes | None] = {}

    def count(self, states: Sequence[tuple[str, bytes | None]]) -> tuple[int, int]:
        """(accepted, unchanged) of the next of these states."""
        replaced = self._replaced
        if self._single:
            accepted = sum(1 for subject, _ in states if subject in replaced)
            return accepted, len(states) - accepted
        running, newest = self._running, self._newest
        accepted = 0
        for subject, body in states:
            # A subject that did not change in the end stood, before, where it ends.
            before = (
                running[subject] if subject in running else replaced.get(subject, newest[subject])
            )
            accepted += body != before
            running[subject] = body
        return accepted, len(states) - accepted


class FileIntake:
    """Checks a file's rows chunk by chunk, and remembers which subjects it has spoken of."""

    def __init__(self, contract: Contract, columns: Columns, *, ordered: bool = False) -> None:
        self._contract = contract
        self._columns = columns
        # Whether a later row of a key replaces an earlier one.
        self._ordered = ordered
        self._occurrences: dict[str, int] = {}
        # Of each subject what was said, as a hash: enough to know a repeated row, and small.
        self._said: dict[str, int] = {}
        # Rejected rows whose key cannot be read: any record may be meant.
        self.unidentified = 0

    def __contains__(self, subject: str) -> bool:
        """Whether the file spoke of a subject, even in a row that was rejected."""
        return subject in self._said

    def check(self, lines: Iterable[Line]) -> Prepared:
        """Checks some more rows. No subject comes twice, in this chunk or across chunks, unless
        the order of the rows tells which is right."""
        prepared = Prepared()
        contract, columns, said = self._contract, self._columns, self._said
        dataset = contract.code
        for line in lines:
            number, cells, fault, data, gone = line
            prepared.received += 1
            if fault is not None:
                prepared.reject(number, fault.faults)
                self.unidentified += fault.faults[0].rule not in NO_RECORDS
                continue
            try:
                if gone:
                    key, body = contract.key_in_object(data or {}), None
                else:
                    fields = (
                        contract.from_cells(columns, cells)
                        if data is None
                        else contract.from_object(dict(data))
                    )
                    key = _key(contract, fields, self._occurrences)
                    body = contract.body(key, fields)
            except RowRefused as refused:
                prepared.reject(number, refused.faults)
                self._remember_rejected(line)
                continue
            subject = subjects.record(dataset, key)
            fingerprint = hash(body)
            earlier = said.get(subject)
            if earlier is None or self._ordered:
                said[subject] = fingerprint
                prepared.states.append((subject, body))
                prepared.rows.append(number)
            elif earlier == fingerprint:
                prepared.repeated += 1
            else:
                reason = "An earlier row of this file has the same key and says something else."
                prepared.reject(number, [Fault(None, "duplicate-key", reason, shown(key))])
        return prepared

    def _remember_rejected(self, line: Line) -> None:
        if line.data is None:
            key = self._contract.key_in_cells(self._columns, line.cells)
        else:
            try:
                key = self._contract.key_in_object(line.data)
            except RowRefused:
                key = None
        if key is None:
            self.unidentified += 1
        else:
            self._said.setdefault(subjects.record(self._contract.code, key), 0)
