"""Change since an earlier period, in words: how far, which way, and whether that is better.

Rule: the change is the one of `shared.catalogue.trend`, of the numbers as they are published, so
that words never contradict the numbers beside them. A count or a sum of an unfinished period is
not compared with a whole one.
"""

from collections.abc import Callable
from dataclasses import dataclass
from decimal import Decimal
from typing import Final

from services.publisher.domain import words
from shared.catalogue.trend import NO_AIM, SAME, STABLE, Aim, change

# Figures that grow as a period goes on: half a quarter's requests say nothing beside a whole one.
GROWING: Final = ("count", "money")


@dataclass(frozen=True)
class Trend:
    """`way` is up, down, same, stable or none; `effect` is better, worse or empty; `change` is the
    signed difference of the published numbers."""

    way: str
    effect: str
    text: str
    change: Decimal | None = None


def trend(
    now: Decimal | None,
    then: Decimal | None,
    *,
    unit: str,
    precision: int,
    polarity: str,
    since: str,
    unfinished: bool,
    stability: Decimal = Decimal(0),
    aim: Aim = NO_AIM,
    say: Callable[[Decimal], str] | None = None,
) -> Trend:
    """`Up 3.1 percentage points since April to June 2025, getting better`. `say` puts a difference
    into words."""
    if now is None or then is None:
        return Trend("none", "", f"Nothing to compare with for {since}")
    if unfinished and unit in GROWING:
        return Trend("none", "", f"Compared with {since} when the period ends")
    found = change(
        words.rounded_to(now, precision),
        words.rounded_to(then, precision),
        polarity,
        stability=stability,
        aim=aim,
    )
    if found.way == SAME:
        return Trend(SAME, "", f"The same as in {since}", found.moved)
    ending = f", getting {found.effect}" if found.effect else ""
    if unit == "yes/no":
        return Trend(found.way, found.effect, f"Changed since {since}{ending}", found.moved)
    far = (say or (lambda moved: difference(moved, unit, precision)))(abs(found.moved))
    if found.way == STABLE:
        way = "up" if found.moved > 0 else "down"
        return Trend(STABLE, "", f"Stable: {way} {far} since {since}", found.moved)
    text = f"{found.way.capitalize()} {far} since {since}{ending}"
    return Trend(found.way, found.effect, text, found.moved)


def difference(
    moved: Decimal, unit: str, precision: int, *, per: int | None = None, label: str = ""
) -> str:
    """How far apart two figures are: those of percentages in percentage points."""
    if unit == "percentage":
        text = words.number(moved, precision)
        return f"{text} percentage point{'' if text == '1' else 's'}"
    return words.quantity(moved, unit, precision, per=per, label=label)
