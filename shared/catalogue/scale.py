"""The council's risk matrix at work: from levels to a score, a band, and how it is shown."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal
from typing import NamedTuple

from shared.catalogue.risks import Band, Level, RiskMatrix

_PENCE = 100


class Graded(NamedTuple):
    """What a likelihood and an impact come to."""

    likelihood: int
    impact: int
    score: int
    band: str


class OffTheMatrix(ValueError):
    """A level that the matrix does not have."""


class Scale:
    """A matrix with its levels spelled out; levels are numbers from 1."""

    def __init__(self, matrix: RiskMatrix) -> None:
        self.matrix = matrix
        self.likelihood = _levels(matrix.likelihood)
        self.impact = _levels(matrix.impact)
        self.lowest = _weight(self.likelihood, 1) * _weight(self.impact, 1)
        self.highest = max(_weights(self.likelihood)) * max(_weights(self.impact))
        self._bands = {band.name: band for band in matrix.bands}

    def grade(self, likelihood: int, impact: int) -> Graded:
        """The score, weight times weight, and the band of a cell. Raises OffTheMatrix."""
        for name, level, levels in (
            ("likelihood", likelihood, self.likelihood),
            ("impact", impact, self.impact),
        ):
            if not 1 <= level <= len(levels):
                raise OffTheMatrix(f"{name} is {level}; the matrix goes from 1 to {len(levels)}")
        score = _weight(self.likelihood, likelihood) * _weight(self.impact, impact)
        if self.matrix.cells:
            band = self.matrix.cells[likelihood - 1][impact - 1]
        else:
            # The check has the first band begin at or below the lowest score.
            reached = [each for each in self.matrix.bands if score >= each.from_]
            band = (reached or self.matrix.bands[:1])[-1].name
        return Graded(likelihood, impact, score, band)

    def band(self, name: str) -> Band:
        """A band by its name."""
        return self._bands[name]

    def place(self, name: str) -> int:
        """Where a band stands, 0 for the lowest."""
        return list(self._bands).index(name)

    def rag(self, name: str) -> str:
        """How a band is shown: as it says, else the lowest green, the highest red, and of those
        between the upper half red too where there are more than three."""
        given = self._bands[name].rag
        if given is not None:
            return given
        place, last = self.place(name), len(self._bands) - 1
        if place == 0:
            return "green" if last else "amber"
        return "red" if place == last or (last > 2 and place > last // 2) else "amber"

    def impact_of(self, category: str, pence: int) -> int | None:
        """The level of impact of a loss, by the money bands of a category; None without any."""
        for each in self.matrix.criteria:
            if each.category == category and each.money:
                limits = [int(Decimal(limit) * _PENCE) for limit in each.money]
                return 1 + sum(abs(pence) >= limit for limit in limits)
        return None


def _levels(given: int | list[Level]) -> Sequence[Level]:
    return [Level(name=str(n + 1)) for n in range(given)] if isinstance(given, int) else given


def _weight(levels: Sequence[Level], level: int) -> int:
    return levels[level - 1].weight or level


def _weights(levels: Sequence[Level]) -> list[int]:
    return [_weight(levels, number) for number in range(1, len(levels) + 1)]
