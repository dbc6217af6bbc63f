"""Direction of travel: which way a figure moved since an earlier one, and whether that is better.

Rule: figures are compared as they are published. A change no larger than the indicator's stability
is stable: neither better nor worse. Where high or low is good, up or down is better; of a
goldilocks indicator, what comes nearer to the target is.
"""

from __future__ import annotations

from decimal import Decimal
from typing import NamedTuple

UP, DOWN, SAME, STABLE = "up", "down", "same", "stable"
BETTER, WORSE = "better", "worse"

Aim = tuple[Decimal | None, Decimal | None]
NO_AIM: Aim = (None, None)


class Change(NamedTuple):
    """`way` is up, down, same or stable; `effect` is better, worse or empty; `moved` is signed."""

    way: str
    effect: str
    moved: Decimal


def change(
    now: Decimal,
    then: Decimal,
    polarity: str = "none",
    *,
    stability: Decimal = Decimal(0),
    aim: Aim = NO_AIM,
) -> Change:
    """The change from `then` to `now`. `aim` is the least and the greatest value of a goldilocks
    target (twice the same for a midpoint)."""
    moved = now - then
    if moved == 0:
        return Change(SAME, "", Decimal(0))
    if abs(moved) <= stability:
        return Change(STABLE, "", moved)
    return Change(UP if moved > 0 else DOWN, _effect(now, then, polarity, aim), moved)


def _effect(now: Decimal, then: Decimal, polarity: str, aim: Aim) -> str:
    if polarity == "goldilocks":
        if aim == NO_AIM:
            return ""
        nearer = distance(then, aim) - distance(now, aim)
    elif polarity in ("high", "low"):
        nearer = now - then if polarity == "high" else then - now
    else:
        return ""
    if nearer == 0:
        return ""
    return BETTER if nearer > 0 else WORSE


def distance(value: Decimal, aim: Aim) -> Decimal:
    """How far a value is outside a range; nought within it."""
    least, greatest = aim
    if least is not None and value < least:
        return least - value
    if greatest is not None and value > greatest:
        return value - greatest
    return Decimal(0)
