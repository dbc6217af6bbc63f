"""Change since an earlier period, in words: how far, which way, and whether that is better.

Rule: compared as published (rounded to the precision), so that words never contradict the
numbers beside them. A count or a sum of an unfinished period is not compared with a whole one.
"""

from dataclasses import dataclass
from decimal import Decimal
from typing import Final

from services.publisher.domain import words

# Figures that grow as a period goes on: half a quarter's requests say nothing beside a whole one.
GROWING: Final = ("count", "money")

ARROWS = {"up": "▲", "down": "▼", "same": "■", "none": ""}


@dataclass(frozen=True)
class Trend:
    """`way` is up, down, same or none; `effect` is better, worse or empty."""

    way: str
    effect: str
    text: str


def trend(
    now: Decimal | None,
    then: Decimal | None,
    *,
    unit: str,
    precision: int,
    polarity: str,
    since: str,
    unfinished: bool,
) -> Trend:
    """`Up 3.1 percentage points since April to June 2025, getting better`."""
    if now is None or then is None:
        return Trend("none", "", f"Nothing to compare with for {since}")
    if unfinished and unit in GROWING:
        return Trend("none", "", f"Compared with {since} when the period ends")
    moved = words.rounded_to(now, precision) - words.rounded_to(then, precision)
    if moved == 0:
        return Trend("same", "", f"The same as in {since}")
    way = "up" if moved > 0 else "down"
    effect = ""
    if polarity in ("high", "low"):
        effect = "better" if (moved > 0) == (polarity == "high") else "worse"
    ending = f", getting {effect}" if effect else ""
    far = _distance(abs(moved), unit, precision)
    return Trend(way, effect, f"{way.capitalize()} {far} since {since}{ending}")


def _distance(moved: Decimal, unit: str, precision: int) -> str:
    if unit == "percentage":
        text = words.number(moved, precision)
        return f"{text} percentage point{'' if text == '1' else 's'}"
    return words.quantity(moved, unit, precision)
