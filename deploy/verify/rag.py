"""RAG, judged again from the published number, and the limits of each colour.

Rule: the number judged is the rounded one that people read, and a boundary belongs to the better
side. Amber ends where green begins: that very number is green.
"""

from fractions import Fraction
from typing import NamedTuple

from deploy.verify.numbers import plain
from deploy.verify.source import Json
from deploy.verify.targets import Goal

NO_DATA, NO_TARGET, INFORMATION, NOT_DUE = "no data", "no target", "information", "not due"
GREEN, AMBER, RED = "green", "amber", "red"

# A limit on either side; None where the colour has no end.
Range = tuple[Fraction | None, Fraction | None]


class Bands(NamedTuple):
    """What is green, and what is at least amber; None where the rule knows no amber."""

    green: Range
    amber: Range | None


def thresholds(indicator: Json) -> tuple[Fraction, Fraction | None] | None:
    """The fixed limits of green and amber, where the rule has them."""
    rule = indicator.get("rag") or {}
    if rule.get("green") is None or indicator.get("polarity") not in ("high", "low"):
        return None
    amber = rule.get("amber")
    return Fraction(str(rule["green"])), None if amber is None else Fraction(str(amber))


def bands(indicator: Json, goal: Goal | None) -> Bands | None:
    """What has which colour; None where there is nothing to judge by."""
    polarity = indicator.get("polarity", "none")
    if polarity == "none":
        return None
    fixed = thresholds(indicator)
    if fixed is not None:
        green, amber = (_better(polarity, each) for each in fixed)
        return Bands(green or (None, None), amber)
    if goal is None:
        return None
    rule = indicator.get("rag") or {}
    green = _within(polarity, goal, rule, rule.get("green_within") or 0)
    amber = None
    if rule.get("amber_within") is not None:
        amber = _within(polarity, goal, rule, rule["amber_within"])
    if goal.floor is not None and polarity != "goldilocks":
        amber = _wider(polarity, amber, goal.floor)
    return Bands(green, amber)


def _better(polarity: str, limit: Fraction | None) -> Range | None:
    """Everything on the better side of a limit."""
    if limit is None:
        return None
    return (limit, None) if polarity == "high" else (None, limit)


def _within(polarity: str, goal: Goal, rule: Json, within: object) -> Range:
    """Everything no further than so much on the wrong side of the target."""
    low, high = goal.low, goal.high
    if goal.value is not None:
        low = high = goal.value

    def off(limit: Fraction) -> Fraction:
        amount = Fraction(str(within))
        return abs(limit) * amount / 100 if rule.get("of") == "percent of target" else amount

    least = None if low is None or polarity == "low" else low - off(low)
    most = None if high is None or polarity == "high" else high + off(high)
    return least, most


def _wider(polarity: str, amber: Range | None, limit: Fraction) -> Range | None:
    """Amber, down to the floor where that is further away."""
    if amber is None:
        return _better(polarity, limit)
    least, most = amber
    if polarity == "high" and least is not None:
        return min(least, limit), None
    return (None, max(most, limit)) if most is not None else amber


def inside(value: Fraction, limits: Range | None) -> bool:
    """Whether a number lies within limits, both included."""
    if limits is None:
        return False
    least, most = limits
    return (least is None or value >= least) and (most is None or value <= most)


def outcome(
    indicator: Json, goal: Goal | None, value: Fraction | None, reason: str | None, early: bool
) -> str:
    """The outcome, before what was amber is looked for in red; `early` is before the due date."""
    if indicator.get("polarity", "none") == "none":
        return INFORMATION
    found = bands(indicator, goal)
    if found is None:
        return NO_TARGET
    if early or (value is None and reason == NOT_DUE):
        return NOT_DUE
    if value is None:
        return NO_DATA
    if inside(value, found.green):
        return GREEN
    return AMBER if inside(value, found.amber) else RED


def eases(indicator: Json, goal: Goal | None, value: Fraction, earlier: Fraction | None) -> bool:
    """Whether a red value is amber because it is better (or no worse) than an earlier one."""
    if earlier is None:
        return False
    now, then = _badness(indicator, goal, value), _badness(indicator, goal, earlier)
    if indicator["rag"]["amber_if"].startswith("better"):
        return now < then
    return now <= then


def _badness(indicator: Json, goal: Goal | None, value: Fraction) -> Fraction:
    """A number that is the greater the worse a value is."""
    polarity = indicator["polarity"]
    if polarity == "high":
        return -value
    if polarity == "low" or goal is None:
        return value
    low, high = goal.low, goal.high
    if goal.value is not None:
        low = high = goal.value
    short = Fraction(0) if low is None else low - value
    over = Fraction(0) if high is None else value - high
    return max(Fraction(0), short, over)


def limits(indicator: Json, goal: Goal | None) -> dict[str, list[str | None]]:
    """From where to where is green, and amber; amber that adds nothing to green is none.

    Amber of a target in the middle lies on both sides of green: its limits are the outer ones.
    """
    found = bands(indicator, goal)
    if found is None:
        return {GREEN: [], AMBER: []}
    green, amber = found
    if amber is None or not _adds(amber, green):
        return {GREEN: _stated(green), AMBER: []}
    if indicator["polarity"] == "high":
        amber = amber[0], green[0]
    elif indicator["polarity"] == "low":
        amber = green[1], amber[1]
    return {GREEN: _stated(green), AMBER: _stated(amber)}


def _adds(amber: Range, green: Range) -> bool:
    """Whether anything is amber that is not green."""
    ends = ((amber[0], green[0]), (green[1], amber[1]))
    return any(low is not None and high is not None and low < high for low, high in ends)


def _stated(limits: Range) -> list[str | None]:
    return [None if each is None else plain(each) for each in limits]
