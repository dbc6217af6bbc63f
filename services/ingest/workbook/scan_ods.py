"""The markup of a sheet of an OpenDocument workbook."""

import re
from collections.abc import Iterable

from services.ingest.workbook.marks import marked
from services.ingest.workbook.scan import Scanned, attribute, elements, plain, whole

_ELEMENT = re.compile(
    rb"<(?:(table:table)(?=[\s>])([^>]*)>"
    rb"|(table:table-row)(?=[\s/>])([^>]*)>"
    rb"|table:(?:covered-)?table-cell(?=[\s/>])([^>]*?)"
    rb"(?:/>|>(.*?)</table:(?:covered-)?table-cell\s*>))",
    re.DOTALL,
)
_START = re.compile(rb"<table:(?:table-row|table|(?:covered-)?table-cell)(?=[\s/>])")
_TEXT = re.compile(rb"<text:p[^>]*>(.*?)</text:p>", re.DOTALL)
_TAG = re.compile(rb"<[^>]*>")
# What LibreOffice and Excel write where a formula fails.
_ERROR = re.compile(r"#[A-Z/0]+[!?]?|Err:[0-9]{3}")


def scan(markup: Iterable[bytes]) -> dict[str, Scanned]:
    """Reads the markup of every sheet: all of them are in one part."""
    sheets: dict[str, Scanned] = {}
    found: Scanned | None = None
    row, column, repeated = -1, 0, 1
    for element in elements(markup, _ELEMENT, _START):
        table, table_tag, a_row, row_tag, tag, inside = element.groups()
        if table:
            found = sheets.setdefault(attribute(table_tag, b"name") or "", Scanned())
            row, column, repeated = -1, 0, 1
        elif found is None:
            continue
        elif a_row:
            row += repeated
            column = 0
            repeated = whole(attribute(row_tag, b"number-rows-repeated"), 1)
        else:
            wide = whole(attribute(tag, b"number-columns-repeated"), 1)
            _cell(found, row, column, repeated, wide, tag, inside or b"")
            column += wide
    return sheets


def _cell(
    found: Scanned, row: int, column: int, tall: int, wide: int, tag: bytes, inside: bytes
) -> None:
    kind = attribute(tag, b"value-type")
    formula = attribute(tag, b"formula") is not None
    if kind is None and not formula:
        return
    found.reach(row, column, tall, wide)
    found.formulas += formula * tall * wide
    across = whole(attribute(tag, b"number-columns-spanned"), 1)
    down = whole(attribute(tag, b"number-rows-spanned"), 1)
    if across > 1 or down > 1:
        found.merged.append(((row, column), (row + down - 1, column + across - 1)))
    if kind == "percentage":
        found.percent[column] += tall
    if not formula:
        return
    shown = _TEXT.search(inside)
    text = plain(_TAG.sub(b"", shown.group(1))) if shown else ""
    failed = b'calcext:value-type="error"' in tag or _ERROR.fullmatch(text) is not None
    if failed or kind is None:
        said = text if failed else marked("uncalculated", "")
        found.errors += failed
        # A repeated formula that fails is rare, and a thousand of them are as clear as one.
        for each in range(row, row + min(tall, 1_000)):
            for at in range(column, column + min(wide, 100)):
                found.say(each, at, said)
