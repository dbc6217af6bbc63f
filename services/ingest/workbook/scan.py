"""What a sheet's markup says that its values do not: errors, formulas, formats, merged cells.

Rule: the markup is read as a stream, piece by piece, before the sheet is built in memory, so that
a sheet whose cells lie far apart is known while it is still small.
"""

import re
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from functools import lru_cache

from services.ingest.workbook import limits
from services.ingest.workbook.archive import too_large, unreadable

Place = tuple[int, int]


@dataclass
class Scanned:
    """A sheet's markup: how far its values reach, the text of cells whose value does not say it
    (errors, formulas without a value) and the zeros that others are shown with (both by row and
    column, from 0), how many formulas it has, which columns hold percentages, what is merged."""

    rows: int = 0
    columns: int = 0
    first_column: int = limits.MOST_COLUMNS * 100
    first_row: int = limits.MOST_ROWS * 100
    texts: dict[int, dict[int, str]] = field(default_factory=dict)
    zeros: dict[int, dict[int, int]] = field(default_factory=dict)
    errors: int = 0
    formulas: int = 0
    percent: Counter[int] = field(default_factory=Counter)
    merged: list[tuple[Place, Place]] = field(default_factory=list)

    def reach(self, row: int, column: int, rows: int = 1, columns: int = 1) -> None:
        """There are values here."""
        self.rows = max(self.rows, row + rows)
        self.columns = max(self.columns, column + columns)
        self.first_row = min(self.first_row, row)
        self.first_column = min(self.first_column, column)

    def say(self, row: int, column: int, text: str) -> None:
        """The text that a cell has."""
        self.texts.setdefault(row, {})[column] = text

    def refuse_far(self) -> None:
        """Raises RequestRefused where the sheet would not fit into memory."""
        if not self.rows:
            return
        last = name(self.rows - 1, self.columns - 1)
        if self.rows > limits.MOST_ROWS:
            raise unreadable(f"It has a cell in row {self.rows:,}, where no sheet has one.")
        if self.columns > limits.MOST_COLUMNS:
            raise too_large(
                f"its sheet reaches to {last}; at most {limits.MOST_COLUMNS:,} columns fit. Delete "
                "what lies outside of the table."
            )
        area = (self.rows - self.first_row) * (self.columns - self.first_column)
        if area > limits.MOST_CELLS:
            raise too_large(
                f"its sheet reaches to {last}, {area:,} cells. Delete what lies outside of the "
                "table."
            )


def elements(
    pieces: Iterable[bytes], pattern: re.Pattern[bytes], start: re.Pattern[bytes]
) -> Iterator[re.Match[bytes]]:
    """Every match of a pattern for whole elements, from markup that comes in pieces; `start` knows
    the beginning of one."""
    kept = b""
    for piece in pieces:
        kept += piece
        end = 0
        for match in pattern.finditer(kept):
            end = match.end()
            yield match
        # What is kept: an element that has begun, or a tag that has.
        begun = start.search(kept, end)
        kept = kept[begun.start() if begun else max(end, kept.rfind(b"<")) :]
        if len(kept) > limits.LONGEST_ROW_MARKUP:
            raise too_large("one of its rows holds more than a row can.")


def attribute(tag: bytes, wanted: bytes) -> str | None:
    """An attribute of a tag, by its name without a prefix."""
    found = re.search(rb"(?:^|[\s:])" + wanted + rb"""\s*=\s*(?:"([^"]*)"|'([^']*)')""", tag)
    if found is None:
        return None
    value = found.group(1) if found.group(1) is not None else found.group(2)
    return plain(value)


def plain(markup: bytes) -> str:
    """The text of markup that holds no elements."""
    text = markup.decode("utf-8", "replace")
    if "&" not in text:
        return text
    for entity, character in (("lt", "<"), ("gt", ">"), ("quot", '"'), ("apos", "'"), ("amp", "&")):
        text = text.replace(f"&{entity};", character)
    return text


def whole(text: str | None, otherwise: int) -> int:
    """A count that an attribute gives."""
    return int(text) if text is not None and text.isascii() and text.isdigit() else otherwise


def name(row: int, column: int) -> str:
    """A cell's name, such as B7."""
    return f"{letters(column)}{row + 1}"


def letters(column: int) -> str:
    """A column's name, such as AB."""
    text = ""
    column += 1
    while column:
        column, rest = divmod(column - 1, 26)
        text = chr(65 + rest) + text
    return text


@lru_cache(maxsize=20_000)
def column(name: bytes) -> int | None:
    """The number of a column, from 0, by its name in capitals."""
    number = 0
    for letter in name:
        if not 65 <= letter <= 90:
            return None
        number = number * 26 + letter - 64
    return number - 1 if 0 < len(name) < 4 else None


def place(reference: str) -> Place | None:
    """The row and column of a cell's name."""
    found = re.fullmatch(r"\$?([A-Za-z]{1,3})\$?([0-9]{1,9})", reference)
    if found is None:
        return None
    across = column(found.group(1).upper().encode())
    return None if across is None else (int(found.group(2)) - 1, across)
