"""From a sample to a proposal, and from that to one which lets in every row that was seen.

Rule: what was proposed is tried on the same rows by the contract itself; a field that refuses one
of them becomes text, and the reason is told.
"""

from collections import Counter, deque
from dataclasses import dataclass, field
from itertools import islice

from msgspec.structs import replace

from services.ingest.domain.contract import Contract, spelling
from services.ingest.domain.inferring import deciding, keys, people
from services.ingest.domain.inferring.column import Column
from services.ingest.domain.inferring.deciding import Proposed
from services.ingest.domain.inferring.headings import (
    Names,
    is_of_a_period,
    looks_like_data,
    words,
)
from services.ingest.domain.inferring.sample import MOST_ROWS, Sample
from services.ingest.domain.refusals import RequestRefused, RowRefused
from services.ingest.domain.table import Line
from shared.catalogue.model import Dataset

MOST_FIELDS = 200
_LAST = 12
_FOOTER = frozenset({"total", "totals", "grand", "source", "note", "notes", "generated"})
_FEW_ROWS = 30


@dataclass(slots=True)
class Proposal:
    """A proposed dataset, field by field, with what is told and what a person has to decide."""

    dataset: Dataset
    fields: list[Proposed] = field(default_factory=list)
    rows: int = 0
    let_in: int = 0
    told: list[str] = field(default_factory=list)
    unsure: list[str] = field(default_factory=list)
    about_key: list[str] = field(default_factory=list)
    # From this row on is a footer, which nobody takes for records.
    footer: int | None = None

    def contract(self) -> Contract:
        """The contract as it is proposed so far, without what is left out."""
        fields = [each.field for each in self.fields if not each.left_out]
        self.dataset = replace(self.dataset, fields=fields)
        return Contract(self.dataset)


def propose(sample: Sample, code: str, title: str) -> Proposal:
    """What the sample shows. Raises RequestRefused for a file that no contract could read."""
    _refuse_twice(sample)
    columns = [Column(each) for each in sample.headings]
    for column in columns:
        column.came_as = set(sample.came_as.get(column.heading, ()))
    proposal = Proposal(Dataset(code=code, title=title, key="content", fields=[]))
    part = _see(sample, columns, proposal)
    named = [each for each in columns if spelling(each.heading)]
    names = Names(each.heading for each in named)
    month_first = any(each.only_month_first and not each.only_day_first for each in named)
    for column in named[:MOST_FIELDS]:
        found = deciding.proposed(column, names.name(column.heading), month_first, part)
        found.left_out = found.left_out or people.suspected(column) or ""
        proposal.fields.append(found)
    if all(each.left_out for each in proposal.fields):
        raise RequestRefused(422, "No column can be let in, so there is nothing to propose.")
    _tell_of_columns(sample, columns, named, proposal)
    return proposal


def settle(proposal: Proposal, sample: Sample) -> None:
    """Tries the proposal on the rows again until it holds, and looks for a key among one column,
    then two, then three."""
    size = 1
    while True:
        together = keys.Together(proposal.fields, size)
        refused = _tried(proposal, sample, together)
        if _softened(proposal, refused):
            continue
        if together.left() or size == keys.LARGEST:
            break
        size += 1
    for name, where in refused.items():
        proposal.unsure.append(f"a row would be rejected: {name or 'the row'}, {where}")
    _choose_key(proposal, together.left())


def _tried(proposal: Proposal, sample: Sample, together: keys.Together) -> dict[str, str]:
    """Shows every record to what looks for a key; answers with the fields that refused a value."""
    refused: dict[str, str] = {}
    proposal.let_in = 0
    for number, fields in islice(sample.read(proposal.contract()), MOST_ROWS):
        if proposal.footer is not None and number >= proposal.footer:
            break
        if isinstance(fields, RowRefused):
            for fault in fields.faults:
                refused.setdefault(fault.field or "", f"row {number}: {fault.reason}")
            continue
        proposal.let_in += 1
        together.see(fields)
    return refused


def _softened(proposal: Proposal, refused: dict[str, str]) -> bool:
    """Makes text of the fields that refused a value; False where there are none to soften."""
    softened = False
    for at, each in enumerate(proposal.fields):
        can = each.field.type != "text" or each.field.choices
        if each.field.name in refused and can and not each.left_out:
            proposal.fields[at] = deciding.as_text(each, refused[each.field.name])
            softened = True
    return softened


def _choose_key(proposal: Proposal, groups: list[tuple[str, ...]]) -> None:
    key = list(groups[0]) if groups else []
    told = proposal.about_key
    others = "; ".join(" with ".join(each) for each in groups[1:6])
    if len(key) > 1:
        told.append("no column is different in every row; these together are")
    if others:
        told.append(f"so are {others}" if len(key) > 1 else f"as different in every row: {others}")
    if not key:
        told.append(
            "no column, pair or three columns tell records apart: equal rows are separate records, "
            "and a row that changes is another"
        )
    elif proposal.rows < _FEW_ROWS:
        told.append(f"{proposal.rows} rows prove little")
    hidden = [
        each.field.name
        for each in proposal.fields
        if each.left_out and each.column.unique and each.column.filled and not each.column.blanks
    ]
    if hidden and len(key) != 1:
        told.append(
            f"{hidden[0]} is different in every row, but left out: let it in with "
            "pseudonymise: true to make it the key"
        )
    proposal.dataset = replace(proposal.dataset, key=key or "content")


def _refuse_twice(sample: Sample) -> None:
    seen: dict[str, str] = {}
    for heading in sample.headings:
        spelled = spelling(heading)
        if spelled and spelled in seen:
            raise RequestRefused(
                422,
                f"The column {heading.strip()[:60]!r} is there twice (capitals, spaces, _ and - do "
                "not matter). No contract can read such a file: have one of them renamed.",
            )
        seen[spelled] = heading


def _see(sample: Sample, columns: list[Column], proposal: Proposal) -> bool:
    """Shows the rows to their columns; answers whether there are more than were read."""
    faults: Counter[str] = Counter()
    waiting: deque[Line] = deque()
    part = False
    for line in sample.lines:
        if proposal.rows + len(waiting) == MOST_ROWS:
            part = True
            break
        waiting.append(line)
        if len(waiting) > _LAST:
            _take(waiting.popleft(), columns, proposal, faults)
    footer = [] if part else _footer(waiting, len(columns))
    for line in waiting:
        if footer and line.number >= footer[0].number:
            continue
        _take(line, columns, proposal, faults)
    if footer:
        proposal.footer = footer[0].number
        proposal.unsure.append(
            f"{len(footer)} row(s) from row {footer[0].number} on look like a footer and were not "
            "looked at: have the report leave them out, or they are rejected or let in as records"
        )
    if part:
        proposal.unsure.append(f"only the first {MOST_ROWS:,} rows were read: the rest may differ")
    for rule, said in _FAULTS.items():
        if faults[rule]:
            proposal.told.append(f"{faults[rule]:,} row(s) {said}: such rows are rejected")
    return part


_FAULTS = {
    "repeated-header": "repeat the headings",
    "row-length": "have more or fewer values than there are headings",
    "blank-row": "have no values",
    "quoting": "cannot be read for their quotation marks",
}


def _take(line: Line, columns: list[Column], proposal: Proposal, faults: Counter[str]) -> None:
    proposal.rows += 1
    if line.fault is not None:
        faults[line.fault.faults[0].rule] += 1
        return
    for column, cell in zip(columns, line.cells, strict=True):
        column.see(line.number, cell)


def _footer(lines: deque[Line], width: int) -> list[Line]:
    """The last rows that are not of the table: nearly blank, or begun with a word such as Total."""
    found: list[Line] = []
    for line in reversed(lines):
        filled = [cell.strip() for cell in line.cells if cell.strip()]
        if line.fault is not None:
            beside = line.fault.faults[0].rule in ("row-length", "blank-row")
        else:
            first = words(filled[0])[:1] if filled else []
            beside = bool(_FOOTER & set(first)) or len(filled) * 4 <= width
        if not beside:
            break
        found.insert(0, line)
    # Blank rows alone are no footer, and a table is not all footer.
    if len(found) == len(lines) or all(
        line.fault is not None and line.fault.faults[0].rule == "blank-row" for line in found
    ):
        return []
    return found


def _tell_of_columns(
    sample: Sample, columns: list[Column], named: list[Column], proposal: Proposal
) -> None:
    told, unsure = proposal.told, proposal.unsure
    # A workbook's notes are sentences of their own already.
    told += [each.rstrip(".") for each in sample.notes]
    if sample.row > 1:
        told.append(f"{sample.row - 1} row(s) above the headings are passed over")
    if looks_like_data(sample.headings):
        unsure.append("the row of headings reads like values: has the file headings at all?")
    if len(columns) > len(named):
        told.append(f"{len(columns) - len(named)} column(s) without a heading are dropped")
    if len(named) > MOST_FIELDS:
        unsure.append(f"only the first {MOST_FIELDS} of {len(named)} columns fit one dataset")
    across = [each.heading.strip() for each in named if is_of_a_period(each.heading)]
    if len(across) >= 4:
        unsure.append(
            f"{len(across)} headings are months, quarters or years ({across[0]} to {across[-1]}): "
            "ask for a row for each of them instead, with a column for the period"
        )
