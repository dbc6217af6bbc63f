"""A value as it is published, and as a sentence shows it.

Rule: rounded once, at the very end, in the way that the indicator states; no digit that is shown
was made up, and none that counts is lost.
"""

from __future__ import annotations

from decimal import ROUND_DOWN, ROUND_HALF_EVEN, ROUND_HALF_UP, Decimal

from shared.catalogue.model import Indicator

_WAYS = {"half up": ROUND_HALF_UP, "half even": ROUND_HALF_EVEN, "down": ROUND_DOWN}


def rounded(value: Decimal | int, places: int, way: str = "half up") -> Decimal:
    """To so many decimal places; a zero has no sign."""
    found = Decimal(value).quantize(Decimal(1).scaleb(-places), rounding=_WAYS[way])
    return found if found else abs(found)


def published(value: Decimal | int, indicator: Indicator) -> Decimal:
    """The value as it is published."""
    return rounded(value, indicator.precision, indicator.rounding)


def in_words(value: Decimal, indicator: Indicator) -> str:
    """A number as a sentence of this indicator shows it; no digit is lost."""
    sign = "-" if value < 0 else ""
    shown = f"{abs(value):,f}"
    unit = indicator.unit
    if unit == "percentage":
        return f"{sign}{shown}%"
    if unit == "money":
        return f"{sign}£{shown}"
    if unit in ("days", "hours"):
        return f"{sign}{shown} {unit[:-1] if shown == '1' else unit}"
    if unit == "yes/no" and value in (0, 1):
        return "yes" if value else "no"
    if unit == "rate" and indicator.per:
        return f"{sign}{shown} per {indicator.per:,}"
    if indicator.unit_label:
        return f"{sign}{shown} {indicator.unit_label}"
    return f"{sign}{shown}"
