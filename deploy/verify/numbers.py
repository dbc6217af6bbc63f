"""How the recompute rounds and writes numbers.

Rule: a number is an exact fraction until it is published; there it is rounded once.
"""

from decimal import ROUND_HALF_EVEN, Context, Decimal
from fractions import Fraction

TOO_LARGE = 10**18
NANO = 10**9
# What an endless decimal is cut to where it is published as what a measure came to.
DIGITS = Context(prec=28, rounding=ROUND_HALF_EVEN)


def rounded(value: Fraction, places: int, way: str = "half up") -> Decimal:
    """A number to so many places: a half away from zero, to the even one, or all towards zero."""
    scaled = abs(value) * 10**places
    whole, rest = divmod(scaled.numerator, scaled.denominator)
    half = 2 * rest - scaled.denominator
    up = {"half up": half >= 0, "half even": half > 0 or (half == 0 and whole % 2), "down": False}
    whole += 1 if up[way] else 0
    return Decimal(-whole if value < 0 else whole).scaleb(-places, Context(prec=60))


def to_nano(value: Fraction) -> int:
    """A number in thousand-millionths, half even: as finely as amounts are added up."""
    return round(value * NANO)


def plain(value: Fraction) -> str:
    """A number as measures publish theirs: no exponent, no noughts at the end, 28 digits where
    it would not end."""
    text = format(DIGITS.divide(Decimal(value.numerator), Decimal(value.denominator)), "f")
    return text.rstrip("0").rstrip(".") if "." in text else text
