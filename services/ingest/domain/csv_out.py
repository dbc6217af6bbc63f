"""Rows written as CSV for people, who open them in a spreadsheet.

Rule: what somebody once sent is shown and never run. Text that a spreadsheet would take for a
formula gets an apostrophe in front; a plain number stays the number that it is.
"""

import csv
import re
from collections.abc import Iterable, Sequence
from typing import TextIO

# What a formula begins with: also as Japanese keyboards write it, which Excel takes for the same.
_STARTS = "=+-@\uff1d\uff0b\uff0d\uff20"
_BREAKS = ("\t", "\r", "\n", "\0")
# What some programs pass over before they look for a formula.
_PASSED_OVER = " \xa0\ufeff\u200b\"';"
_PLAIN_NUMBER = re.compile(r"[+-]?(?:[0-9]+|[0-9]{1,3}(?:,[0-9]{3})+)(?:\.[0-9]+)?%?")


def guarded(text: str) -> str:
    """The text as a spreadsheet may be given it."""
    if not text or _PLAIN_NUMBER.fullmatch(text):
        return text
    if text.startswith(_BREAKS) or text.lstrip(_PASSED_OVER)[:1] in tuple(_STARTS):
        return "'" + text
    return text


def unguarded(text: str) -> str:
    """What `guarded` was given: for a file of ours that somebody corrected and sent back."""
    return text[1:] if text[:1] == "'" and guarded(text[1:]) == text else text


def write_csv(out: TextIO, header: Sequence[str], rows: Iterable[Sequence[str]]) -> None:
    """Writes a header and rows, every cell guarded.

    Every cell is quoted, so that a program that also splits at semicolons does not.
    """
    writer = csv.writer(out, quoting=csv.QUOTE_ALL)
    writer.writerow([guarded(cell) for cell in header])
    writer.writerows([guarded(cell) for cell in row] for row in rows)
