"""The council's risk matrix, worked again: scores, bands, how a band is shown, impact by money.

Rule: a level is a whole number from 1 up to how many levels there are. A level counts its weight,
or its own number where it has none. A band takes every score from its `from` up to that of the band
above it, unless the matrix says cell by cell which band is where.
"""

from fractions import Fraction
from typing import Any, NamedTuple

from deploy.verify.accounting import Entry
from deploy.verify.source import Json

REVIEW_MONTHS = 3


class OffMatrix(ValueError):
    """A likelihood or an impact that the matrix does not have, or that nothing says."""


class Grade(NamedTuple):
    """A cell of the matrix."""

    likelihood: int
    impact: int
    score: int
    band: str

    def stated(self) -> Json:
        """As it is published."""
        return self._asdict()


def level(entry: Entry, name: str) -> int | None:
    """A level that a record gives; None where it is blank or no whole number."""
    try:
        return int(entry.text(name))
    except ValueError:
        return None


class Matrix:
    """A matrix as it is defined."""

    def __init__(self, definition: Json) -> None:
        self.code = str(definition["code"])
        self._weights = {way: weights(definition[way]) for way in ("likelihood", "impact")}
        self._bands: list[Json] = definition["bands"]
        self._cells: list[list[str]] = definition.get("cells") or []
        self._criteria: list[Json] = definition.get("criteria") or []

    def grade(self, likelihood: int | None, impact: int | None) -> Grade:
        """What two levels come to. Raises OffMatrix."""
        if likelihood is None or impact is None:
            raise OffMatrix
        try:
            score = self._weights["likelihood"][likelihood] * self._weights["impact"][impact]
        except KeyError as off:
            raise OffMatrix from off
        return Grade(likelihood, impact, score, self._band(likelihood, impact, score))

    def _band(self, likelihood: int, impact: int, score: int) -> str:
        if self._cells:
            return self._cells[likelihood - 1][impact - 1]
        starts = {int(band.get("from", 0)): str(band["name"]) for band in self._bands}
        reached = [start for start in starts if start <= score]
        return starts[max(reached) if reached else min(starts)]

    def colour(self, name: str) -> str:
        """How a band is shown. Without a colour of its own the lowest is green and the highest red;
        between them all is amber, but of four or more the upper half is red. One alone is amber."""
        names = [str(band["name"]) for band in self._bands]
        place = names.index(name)
        own = self._bands[place].get("rag")
        if own:
            return str(own)
        if len(names) == 1:
            return "amber"
        if place == 0:
            return "green"
        upper = place == len(names) - 1 or (len(names) >= 4 and place * 2 >= len(names))
        return "red" if upper else "amber"

    def review_months(self, name: str) -> int:
        """How often a risk in a band is looked at."""
        band = next(band for band in self._bands if band["name"] == name)
        return int(band.get("review_months", REVIEW_MONTHS))

    def impact_of(self, category: str, pence: int) -> int | None:
        """The level of impact of a loss: one more for each limit that it reaches."""
        for each in self._criteria:
            if each["category"] == category and each.get("money"):
                return 1 + sum(Fraction(str(m)) * 100 <= abs(pence) for m in each["money"])
        return None


def weights(levels: Any) -> dict[int, int]:
    """What each level counts: so many levels, or the levels themselves."""
    if isinstance(levels, int):
        return {number: number for number in range(1, levels + 1)}
    return {number: each.get("weight") or number for number, each in enumerate(levels, 1)}
