"""Groups of areas to compare with, and statistics over the values of their areas.

Rule: which areas a group holds is read from the issue in force; a statistic of no values is none.
"""

from collections.abc import Callable, Sequence
from fractions import Fraction
from math import floor

from deploy.verify.dates import month_text
from deploy.verify.source import Json


def areas_of(group: Json, last: int) -> list[str]:
    """The areas of a group's issue that is in force in a month, each once."""
    month = month_text(last)
    for issue in group.get("issues") or ():
        begins, ends = issue.get("from"), issue.get("to")
        if (not begins or begins[:7] <= month) and (not ends or month <= ends[:7]):
            return list(dict.fromkeys(issue["areas"]))
    return []


def quantile(values: Sequence[Fraction], share: Fraction) -> Fraction:
    """The value at a share of the way through the sorted values, in proportion between two."""
    ordered = sorted(values)
    at = (len(ordered) - 1) * share
    below = floor(at)
    above = min(below + 1, len(ordered) - 1)
    return ordered[below] + (ordered[above] - ordered[below]) * (at - below)


def mean(values: Sequence[Fraction], polarity: str) -> Fraction | None:
    """The mean."""
    return sum(values, Fraction(0)) / len(values) if values else None


def median(values: Sequence[Fraction], polarity: str) -> Fraction | None:
    """The median."""
    return quantile(values, Fraction(1, 2)) if values else None


def best_quartile(values: Sequence[Fraction], polarity: str) -> Fraction | None:
    """Where the best quarter begins: the upper quartile if high is good, the lower if low is."""
    share = {"high": Fraction(3, 4), "low": Fraction(1, 4)}.get(polarity)
    return quantile(values, share) if values and share is not None else None


STATISTICS: dict[str, Callable[[Sequence[Fraction], str], Fraction | None]] = {
    "mean": mean,
    "median": median,
    "best quartile": best_quartile,
}
