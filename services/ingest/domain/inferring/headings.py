"""Which row has the headings, and what a column is called by its heading.

Rule: a title, notes or the text of a query above a table are passed over. A name is made of what
the heading says, and stands for no other column.
"""

import re
import unicodedata
from collections.abc import Iterable, Sequence

from services.ingest.domain.contract import spelling
from services.ingest.domain.csv_file import MOST_ABOVE
from services.ingest.domain.inferring.looks import look
from shared.catalogue.expressions import is_word_of_the_language

LONGEST_NAME = 64
LOOKED_AT = MOST_ABOVE + 60
_DATA = frozenset({"whole", "zeros", "long", "exact", "grouped", "amount", "day", "percent"})
_MONTH_HEADING = re.compile(
    r"(?:jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)[a-z]*[-/ .]?(?:[0-9]{2}|[0-9]{4})?"
    r"|(?:20[0-9]{2}[-/ ]?)?(?:q[1-4]|p(?:0?[1-9]|1[0-3]))(?:[-/ ]?[0-9]{2,4}.*)?"
    r"|20[0-9]{2}(?:[-/][0-9]{2,4})?",
    re.I | re.A,
)


def row_of_headings(rows: Sequence[Sequence[str]]) -> int | None:
    """Where among the first rows the headings stand, from 0: the first row that is as wide as the
    table; or nearly, where its cells differ and are no numbers or days. None where no row has a
    value."""
    filled = [[cell.strip() for cell in row if cell.strip()] for row in rows]
    widths = sorted((len(each) for each in filled), reverse=True)
    if not widths or not widths[0]:
        return None
    # As wide as the table is: one long row among short ones is none.
    width = widths[min(len(widths) - 1, len(widths) // 10)] or widths[0]
    first = None
    for at, cells in enumerate(filled[: MOST_ABOVE + 1]):
        if not cells or len(cells) * 10 < width * 6:
            continue
        if len(cells) >= width:
            return at
        # Narrower than the table: headings, of which some are blank, or something above them.
        first = at if first is None else first
        spelled = [spelling(cell) for cell in cells]
        data = sum(bool(look(cell).kinds & _DATA) for cell in cells)
        if len(set(spelled)) == len(spelled) and not data:
            return at
    return first


def looks_like_data(cells: Iterable[str]) -> bool:
    """Whether a row of headings reads like a row of values."""
    return any(look(cell.strip()).kinds & _DATA for cell in cells if cell.strip())


def is_of_a_period(heading: str) -> bool:
    """Whether a heading names a month, a quarter or a year, as in a table that goes across."""
    return bool(_MONTH_HEADING.fullmatch(heading.strip()))


def words(heading: str) -> list[str]:
    """The words of a heading, in small letters; capitals inside a word begin another."""
    plain = unicodedata.normalize("NFKD", heading).encode("ascii", "ignore").decode()
    parted = re.sub(r"(?<=[a-z0-9])(?=[A-Z])|(?<=[A-Z])(?=[A-Z][a-z])", " ", plain)
    return re.findall(r"[a-z0-9]+", parted.lower())


class Names:
    """Gives each column a name of its own."""

    def __init__(self, headings: Iterable[str]) -> None:
        # A name that is spelled as another column's heading would stand for that column.
        self._headings = {spelling(each) for each in headings}
        self._given: set[str] = set()

    def name(self, heading: str) -> str:
        """The name of the column with this heading."""
        made = "_".join(words(heading)) or "column"
        if not made[0].isalpha():
            made = f"n_{made}"
        made = made[: LONGEST_NAME - 6].rstrip("_")
        if is_word_of_the_language(made):
            made = f"{made}_value"
        name, again = made, 1
        while not self._is_free(name, heading):
            again += 1
            name = f"{made}_{again}"
        self._given.add(spelling(name))
        return name

    def _is_free(self, name: str, heading: str) -> bool:
        spelled = spelling(name)
        other = spelled in self._headings and spelled != spelling(heading)
        return not other and spelled not in self._given
