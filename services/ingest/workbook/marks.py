"""What a cell of a spreadsheet says beyond its text: that it is a date, or cannot be relied upon.

Rule: the child marks such a cell in its CSV, and nothing that a sender writes can pass for a mark.
"""

from typing import Literal

# A control character that text in XML cannot hold; text that begins with it all the same is marked
# as text.
MARK = "\x1a"

Kind = Literal["date", "digits", "early", "uncalculated", "text"]
_LETTERS: dict[Kind, str] = {
    "date": "d",
    "digits": "n",
    "early": "e",
    "uncalculated": "u",
    "text": "t",
}
_KINDS = {letter: kind for kind, letter in _LETTERS.items()}

# Why a cell cannot be relied upon: the rule that it breaks, and what would be right.
UNUSABLE: dict[Kind, tuple[str, str]] = {
    "digits": (
        "digits",
        "A spreadsheet keeps 15 digits of a number, so a longer one may have been changed. Format "
        "the column as text and enter it again.",
    ),
    "early": ("format", "Dates before 1 March 1900 cannot be told from a spreadsheet."),
    "uncalculated": (
        "uncalculated",
        "The cell has a formula that was not calculated. Open the workbook, save it and send it "
        "again.",
    ),
}


class Marked(str):
    """A cell's text, with what more is known of it."""

    __slots__ = ("kind",)
    kind: Kind


def marked(kind: Kind, text: str) -> str:
    """A cell's text as the child writes it."""
    return MARK + _LETTERS[kind] + text


def unmarked(cells: list[str]) -> list[str]:
    """The cells of one row of the child's CSV, as they are meant."""
    return [_meant(cell) if cell[:1] == MARK else cell for cell in cells]


def _meant(cell: str) -> str:
    kind = _KINDS[cell[1:2]]
    if kind == "text":
        return cell[2:]
    found = Marked(cell[2:])
    found.kind = kind
    return found
