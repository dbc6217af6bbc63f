"""Control limits (an XmR chart): which changes are more than the usual ups and downs.

Rule: the centre is the mean of a stretch of values, the limits lie 2.66 times the mean moving range
above and below it. A value outside the limits is a signal, and so are 8 or more in a row on one
side of the centre; one on the centre ends a row. A stretch ends where the series has a break, and
has no limits below 8 values; of a long one the last 36 count. Judged exactly, told to nine places.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from decimal import ROUND_HALF_EVEN, Context, Decimal
from fractions import Fraction
from itertools import pairwise
from typing import NamedTuple

LEAST, MOST, ROW = 8, 36, 8
ABOVE, BELOW = "above the upper limit", "below the lower limit"
HIGH_ROW, LOW_ROW = "8 or more in a row above the centre", "8 or more in a row below the centre"

_FACTOR = Fraction(266, 100)
_WIDE = Context(prec=100, rounding=ROUND_HALF_EVEN)
_NINE = Decimal("0.000000001")


class Limits(NamedTuple):
    """The centre and the limits of a stretch, from so many values."""

    centre: Decimal
    lower: Decimal
    upper: Decimal
    points: int


class Stretch(NamedTuple):
    """The values from one place of a series to another, both included, with their limits and, by
    place, the signals."""

    first: int
    last: int
    limits: Limits
    signals: dict[int, list[str]]


def stretches(values: Sequence[Decimal | None], breaks: Collection[int] = ()) -> list[Stretch]:
    """The stretches of a series that have limits, oldest first. `breaks` are the places from which
    a new stretch runs; where there is no value, the one before it and the next are neighbours."""
    edges = sorted({0, len(values), *(each for each in breaks if 0 < each < len(values))})
    found = []
    for start, end in pairwise(edges):
        known = [(n, Fraction(each)) for n, each in enumerate(values[start:end], start)
                 if each is not None]  # fmt: skip
        if len(known) >= LEAST:
            found.append(_stretch(known[-MOST:]))
    return found


def _stretch(known: Sequence[tuple[int, Fraction]]) -> Stretch:
    numbers = [number for _, number in known]
    centre = sum(numbers, Fraction(0)) / len(numbers)
    ranges = [abs(after - before) for before, after in pairwise(numbers)]
    reach = _FACTOR * sum(ranges, Fraction(0)) / len(ranges)
    signals: dict[int, list[str]] = {}
    for place, number in known:
        if abs(number - centre) > reach:
            signals.setdefault(place, []).append(ABOVE if number > centre else BELOW)
    for row, word in _rows(known, centre):
        for place in row:
            signals.setdefault(place, []).append(word)
    limits = Limits(
        _decimal(centre), _decimal(centre - reach), _decimal(centre + reach), len(known)
    )
    return Stretch(known[0][0], known[-1][0], limits, signals)


def _rows(known: Sequence[tuple[int, Fraction]], centre: Fraction) -> list[tuple[list[int], str]]:
    """The rows on one side of the centre that are long enough."""
    rows: list[tuple[list[int], int]] = []
    for place, number in known:
        side = (number > centre) - (number < centre)
        if rows and rows[-1][1] == side:
            rows[-1][0].append(place)
        else:
            rows.append(([place], side))
    return [
        (row, HIGH_ROW if side > 0 else LOW_ROW) for row, side in rows if side and len(row) >= ROW
    ]


def _decimal(number: Fraction) -> Decimal:
    exact = _WIDE.divide(Decimal(number.numerator), Decimal(number.denominator))
    return exact.quantize(_NINE, context=_WIDE).normalize(_WIDE) + 0
