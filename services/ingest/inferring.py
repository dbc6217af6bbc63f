"""Opens a file that no contract describes, and proposes one.

Rule: it is opened by the same code that lets files in, and what is proposed is tried by the same
contract; so what this says of a file holds when the file is sent.
"""

from collections.abc import Iterator
from decimal import Decimal
from itertools import chain, islice
from typing import Any, BinaryIO

import msgspec

from services.ingest.domain.contract import Contract
from services.ingest.domain.csv_file import MOST_COLUMNS, lines_under, rows_of
from services.ingest.domain.inferring.headings import LOOKED_AT, row_of_headings
from services.ingest.domain.inferring.proposal import propose, settle
from services.ingest.domain.inferring.sample import MOST_ROWS, Fields, Sample
from services.ingest.domain.inferring.writing import written
from services.ingest.domain.refusals import RequestRefused, RowRefused
from services.ingest.domain.row_file import LONGEST_LINE
from services.ingest.domain.table import Line
from services.ingest.opening import OTHERS, WORKBOOK, open_table
from services.ingest.workbook.reading import rows_of_sheet

_object = msgspec.json.Decoder(dict[str, Any], float_hook=Decimal).decode
_CAME_AS: dict[type, str] = {
    str: "text", int: "whole", Decimal: "exact", bool: "yes/no", dict: "nested", list: "nested"
}  # fmt: skip


def inferred(source: BinaryIO, name: str, code: str, title: str, sheet: str | None = None) -> str:
    """A contract for the file, as YAML. Raises RequestRefused where it cannot be read."""
    sample = sampled(source, name, sheet)
    proposal = propose(sample, code, title)
    settle(proposal, sample)
    return written(proposal, sample)


def sampled(source: BinaryIO, name: str, sheet: str | None = None) -> Sample:
    """The file, opened without a contract. Raises RequestRefused."""
    source.seek(0)
    start = source.read(4)
    source.seek(0)
    if start.removeprefix(b"\xef\xbb\xbf").lstrip()[:1] == b"{":
        return _objects(source, name)
    notes: list[str] = []
    if start == WORKBOOK:
        rows, _, report = rows_of_sheet(source, {}, name, sheet)
        form, notes = f"{report.form}, sheet {report.sheet}", list(report.notes)
    else:
        for begins, refusal in OTHERS.items():
            if start.startswith(begins):
                raise RequestRefused(415, refusal)
        rows, _, form = rows_of(source)
    first = list(islice(rows, LOOKED_AT))
    at = row_of_headings(first)
    if at is None:
        raise RequestRefused(422, "The file has no rows with values.")
    headings = first[at]
    if len(headings) > MOST_COLUMNS:
        raise RequestRefused(422, f"The file has {len(headings):,} columns: too many.")

    def read(contract: Contract) -> Iterator[tuple[int, Fields | RowRefused]]:
        table = open_table(source, contract, name, sheet=sheet)
        for line in table.lines:
            if line.fault is None:
                try:
                    yield line.number, contract.from_cells(table.columns, line.cells)
                except RowRefused as refused:
                    yield line.number, refused

    lines = lines_under(headings, chain(first[at + 1 :], rows), at + 1)
    return Sample(name, form, headings, at + 1, lines, read, notes)


def _objects(source: BinaryIO, name: str) -> Sample:
    """A file of one JSON object a line, as connectors write it or as it came."""
    came_as: dict[str, set[str]] = {}
    for _, data in islice(_each(source), MOST_ROWS):
        for heading, value in data.items():
            kinds = came_as.setdefault(heading, set())
            if value is not None:
                kinds.add(_CAME_AS[type(value)])
    if not came_as:
        raise RequestRefused(422, "No line of the file holds an object with values.")
    headings = list(came_as)
    if len(headings) > MOST_COLUMNS:
        raise RequestRefused(422, f"The file has {len(headings):,} fields: too many.")

    def lines() -> Iterator[Line]:
        for number, data in _each(source):
            yield Line(number, [_text(data.get(heading)) for heading in headings], None)

    def read(contract: Contract) -> Iterator[tuple[int, Fields | RowRefused]]:
        for number, data in _each(source):
            try:
                yield number, contract.from_object(data)
            except RowRefused as refused:
                yield number, refused

    notes = [
        'JSON lines are sent as records (POST .../records, each as {"data": {...}}) or fetched by '
        "a connector"
    ]
    return Sample(name, "JSON lines", headings, 0, lines(), read, notes, came_as)


def _each(source: BinaryIO) -> Iterator[tuple[int, dict[str, Any]]]:
    source.seek(0)
    for number, raw in enumerate(iter(lambda: source.readline(LONGEST_LINE), b""), 1):
        raw = raw.removeprefix(b"\xef\xbb\xbf")
        if not raw.strip():
            continue
        try:
            found = _object(raw)
        except (msgspec.MsgspecError, UnicodeDecodeError, RecursionError) as error:
            raise RequestRefused(422, f"Line {number} is no JSON object: {error}.") from None
        data = found.get("data")
        if isinstance(data, dict) and found.keys() <= {"data", "key", "deleted"}:
            found = data
        yield number, found


def _text(value: Any) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, Decimal) and abs(value.adjusted()) < 40:
        return format(value, "f")
    return "" if value is None else str(value)
