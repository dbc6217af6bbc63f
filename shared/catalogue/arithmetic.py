"""The arithmetic of expressions: exact, bounded, and with one way to say 'no number'.

Rule: integers and decimals only, never a binary fraction. What cannot be calculated (a division
by zero, a result beyond all measure) raises NotCalculable and gives no number.
"""

from __future__ import annotations

import math
from bisect import bisect_right
from decimal import ROUND_HALF_EVEN, ROUND_HALF_UP, Decimal

Number = Decimal | int

LIMIT = 10**18
_PLACES = tuple(Decimal(1).scaleb(-places) for places in range(10))


class NotCalculable(ArithmeticError):
    """The expression has no number for these values, though none of them is missing."""


class NothingToDivideBy(NotCalculable):
    """The denominator is nought: the catalogue says what the figure is then."""


def divide(part: Number, whole: Number) -> Decimal:
    if not whole:
        raise NothingToDivideBy("division by zero")
    return Decimal(part) / whole


def percent(part: Number, whole: Number) -> Decimal:
    return divide(100 * part, whole)


def rate(part: Number, whole: Number, per: Number) -> Decimal:
    return divide(per * part, whole)


def whole(value: Number | None) -> int | None:
    """A result for a field of whole numbers; NotCalculable where it is not whole."""
    if value is None or value == int(value):
        return None if value is None else int(value)
    raise NotCalculable("the result is not a whole number")


def band(value: Number, limits: tuple[int, ...]) -> str:
    """The band that a number lies in: `Under 18`, `18 to 64`, `65 and over`."""
    at = bisect_right(limits, math.floor(value))
    if at == 0:
        return f"Under {limits[0]}"
    if at == len(limits):
        return f"{limits[-1]} and over"
    low, high = limits[at - 1], limits[at] - 1
    return str(low) if low == high else f"{low} to {high}"


def round_half_up(value: Number, places: int = 0) -> Number:
    """To so many decimal places, halves away from zero: how councils publish figures."""
    if isinstance(value, int):
        return value
    return value.quantize(_PLACES[places], rounding=ROUND_HALF_UP)


def bounded(value: Number | None) -> Number | None:
    if value is not None and not -LIMIT < value < LIMIT:
        raise NotCalculable("the result is too large")
    return value


def amount(value: Number | None) -> Number | None:
    """A result as it is added up: nine decimal places at most, so that any order of adding
    and taking away gives the same sum."""
    value = bounded(value)
    if isinstance(value, Decimal):
        exponent = value.as_tuple().exponent
        if isinstance(exponent, int) and exponent < -9:
            return value.quantize(_PLACES[9], rounding=ROUND_HALF_EVEN)
    return value


def spelled(number: Number) -> str:
    """An exact number in one spelling, whatever it was worked out from: no exponent, no zeros."""
    text = f"{number:f}" if isinstance(number, Decimal) else str(number)
    if "." in text:
        text = text.rstrip("0").rstrip(".")
    return "0" if text == "-0" else text
