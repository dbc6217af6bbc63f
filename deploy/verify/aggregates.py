"""Aggregates over the records of a window, each from the whole list of them.

Rule: amounts are whole thousand-millionths until the last step, so nothing is lost on the way.
"""

from collections.abc import Callable, Sequence
from fractions import Fraction
from math import floor
from typing import Protocol

from deploy.verify.numbers import NANO

HALF = Fraction(50)
# What these come to over no records is nought; any other is blank then.
EMPTY_IS_ZERO = ("count", "distinct", "sum", "open")


class Counted(Protocol):
    """A record that takes part."""

    @property
    def amount(self) -> int | None:
        """Its amount in thousand-millionths."""

    @property
    def text(self) -> str | None:
        """Its value as plain text."""


def amounts(entries: Sequence[Counted]) -> list[int]:
    """The amounts of the records that have one."""
    return [entry.amount for entry in entries if entry.amount is not None]


def percentile(values: Sequence[int], percent: Fraction) -> Fraction:
    """Of sorted values, the one at a rank of so many percent; between two, in proportion."""
    ordered = sorted(values)
    rank = (len(ordered) - 1) * percent / 100
    below = floor(rank)
    above = min(below + 1, len(ordered) - 1)
    between = (ordered[above] - ordered[below]) * (rank - below)
    return (ordered[below] + between) / Fraction(NANO)


def median(entries: Sequence[Counted]) -> Fraction:
    """The middle value, or the mean of the two in the middle."""
    return percentile(amounts(entries), HALF)


AGGREGATES: dict[str, Callable[[Sequence[Counted]], Fraction]] = {
    "count": lambda entries: Fraction(len(entries)),
    "sum": lambda entries: Fraction(sum(amounts(entries)), NANO),
    "mean": lambda entries: Fraction(sum(amounts(entries)), NANO * len(entries)),
    "minimum": lambda entries: Fraction(min(amounts(entries)), NANO),
    "maximum": lambda entries: Fraction(max(amounts(entries)), NANO),
    "median": median,
    "distinct": lambda entries: Fraction(len({entry.text for entry in entries})),
}
