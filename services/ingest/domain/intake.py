"""What a delivery of rows comes to: states to say, rejections to explain, counts that add up.

Rule: received = accepted + unchanged + rejected, always. In a file a key stands for one row: a
later row that says something else is rejected, because nothing tells which is right. In a request
of records the order tells, so a later row replaces an earlier one.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

import msgspec

from services.ingest.domain.contract import Columns, Contract, Fields
from services.ingest.domain.hidden import Hidden
from services.ingest.domain.json_rows import SHAPE, Item, Numbered
from services.ingest.domain.memo import remembering
from services.ingest.domain.refusals import Fault, Rejection, RowRefused, row_fault, shown, storable
from services.ingest.domain.retention import RETENTION
from services.ingest.domain.said import SHARES, Said
from services.ingest.domain.table import Line
from shared.contracts import subjects

# Rows that are wrong but stand for no record.
NO_RECORDS = frozenset({"repeated-header", "blank-row"})
# What a row said: field to text.
Cells = dict[str, str]


@dataclass(slots=True)
class Prepared:
    """Rows that were checked: what each says its subject is now (None: gone), in order, and the
    number of the row that says so. Of rejected rows of a file it holds what they said (`cells`)
    and, where their key can still be read, which record they speak of (`spoken`)."""

    received: int = 0
    states: list[tuple[str, bytes | None]] = field(default_factory=list)
    repeated: int = 0
    rejected: int = 0
    rejections: list[Rejection] = field(default_factory=list)
    rows: list[int] = field(default_factory=list)
    cells: list[tuple[int, Cells]] = field(default_factory=list)
    spoken: list[tuple[int, str]] = field(default_factory=list)
    of_file: bool = False

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
    hidden = Hidden(contract)
    for number, item in rows:
        prepared.received += 1
        try:
            if isinstance(item, RowRefused):
                raise item
            key, body = _said(contract, item, occurrences)
        except RowRefused as refused:
            prepared.reject(number, hidden.faults(refused.faults))
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
    """Checks a file's rows chunk by chunk, and remembers which subjects they spoke of.

    Which rows repeat a key shows when all were checked: `settle` then, and judge each chunk anew.
    """

    def __init__(
        self, contract: Contract, columns: Columns, *, ordered: bool = False, plain: bool = False
    ) -> None:
        self.contract = contract
        # Whether a later row of a key replaces an earlier one.
        self.ordered = ordered
        self.hidden = Hidden(contract)
        self.said = Said()
        # Rejected rows whose key cannot be read: any record may be meant.
        self.unidentified = 0
        self._columns = columns
        # The same, remembering; only where a cell's text is all that there is to it.
        self._fast: Columns | None = None if plain else columns

    def check(self, some: Iterable[Line]) -> Prepared:
        """Checks some more rows, each by itself."""
        lines = list(some)
        prepared = Prepared(of_file=True)
        contract, columns = self.contract, self._remembered(lines)
        shares = self.said.shares
        states, rows = prepared.states.append, prepared.rows.append
        prefix, part = f"{contract.code}/", subjects.part
        by_content = contract.by_content
        for line in lines:
            number, cells, fault, data, gone = line
            prepared.received += 1
            if fault is not None:
                prepared.reject(number, fault.faults)
                prepared.cells.append((number, {}))
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
                    # The first of its content; which it really is, judging tells.
                    key = (
                        contract.content_key(fields, {}) if by_content else contract.key_of(fields)
                    )
                    body = contract.body(key, fields)
            except RowRefused as refused:
                prepared.reject(number, self.hidden.faults(refused.faults))
                # Of a row whose time is over nothing is kept.
                over = any(each.rule == RETENTION for each in refused.faults)
                kept = {} if over else self.hidden.cells(self._columns, line)
                prepared.cells.append((number, kept))
                self._remember_rejected(prepared, line)
                continue
            subject = prefix + part(key)
            mark = hash(subject)
            shares[mark % SHARES].append(mark)
            states((subject, body))
            rows(number)
        return prepared

    def _remembered(self, lines: Sequence[Line]) -> Columns:
        if self._fast is None:
            self._fast = remembering(self._columns, [line.cells for line in lines])
        return self._fast

    def settle(self) -> None:
        """Every row was checked."""
        self.said.settle()

    def _remember_rejected(self, prepared: Prepared, line: Line) -> None:
        if line.data is None:
            key = self.contract.key_in_cells(self._columns, line.cells)
        else:
            try:
                key = self.contract.key_in_object(line.data)
            except RowRefused:
                key = None
        if key is None:
            self.unidentified += 1
        else:
            subject = subjects.record(self.contract.code, key)
            self.said.add(subject)
            prepared.spoken.append((line.number, subject))
