"""Where a council stands among other areas.

Rule: the mean, the median and the quartiles are those of the other areas, the council's own left
out, and published values are compared. Rank 1 is the best, and equal values share the better rank.
Quartile 1 begins at the best quartile of the others: the distance to it is nought exactly for those
in quartile 1. Where neither high nor low is good there are no ranks.
"""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal
from typing import NamedTuple

from shared.catalogue.targets import percentile


class Standing(NamedTuple):
    """A value among those of `areas` others. `rank` is of `areas` + 1; `distance` is how far it is
    on the wrong side of `best_quartile`."""

    areas: int
    mean: Decimal
    median: Decimal
    rank: int | None = None
    quartile: int | None = None
    best_quartile: Decimal | None = None
    distance: Decimal | None = None


def standing(own: Decimal | None, others: Sequence[Decimal], polarity: str) -> Standing | None:
    """How `own` compares with the other areas' values; None where there is none of these."""
    if not others:
        return None
    ordered = sorted(others)
    mean = sum(ordered, Decimal(0)) / len(ordered)
    median = percentile(ordered, Decimal(50))
    if polarity not in ("high", "low"):
        return Standing(len(ordered), mean, median)
    high = polarity == "high"
    best = percentile(ordered, Decimal(75 if high else 25))
    if own is None:
        return Standing(len(ordered), mean, median, best_quartile=best)
    worst = percentile(ordered, Decimal(25 if high else 75))
    ahead = [each for each in ordered if (each > own if high else each < own)]
    limits = (best, median, worst)
    quartile = next(
        (n for n, limit in enumerate(limits, 1) if (own >= limit if high else own <= limit)), 4
    )
    distance = max(Decimal(0), best - own if high else own - best)
    return Standing(len(ordered), mean, median, len(ahead) + 1, quartile, best, distance)
