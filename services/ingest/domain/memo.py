"""Remembers what a column's texts were read as, where the same ones come again and again.

Rule: a column is remembered only if its first rows repeat themselves, and only so much of it; what
is refused is never remembered, so it is told each time.
"""

from collections.abc import Sequence

from services.ingest.domain.contract import Columns
from services.ingest.domain.values import FromText, Value

MOST = 4_096
LONGEST = 64
# A column repeats itself where at most one text in so many is another one.
OFTEN = 3


class Memo(dict[str, Value]):
    """A column's texts, and what each was read as."""

    def __init__(self, convert: FromText) -> None:
        super().__init__()
        self._convert = convert

    def __missing__(self, text: str) -> Value:
        value = self._convert(text)
        if len(self) < MOST and len(text) <= LONGEST:
            self[text] = value
        return value


def remembering(columns: Columns, first: Sequence[Sequence[str]]) -> Columns:
    """The same columns, with those remembered that repeat themselves in a file's first rows."""
    found = []
    for name, at, convert in columns:
        texts = [cells[at] for cells in first if -len(cells) <= at < len(cells)]
        often = len(set(texts)) * OFTEN <= len(texts)
        found.append((name, at, Memo(convert).__getitem__ if often else convert))
    return found
