"""Judging a value against its target: the outcome, and the sentence that says why.

Rule: a value is judged as it is published, so that what a reader sees and what was judged are one
number. Boundaries belong to the better side. Every outcome carries the numbers and the rule that
gave it.
"""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import NamedTuple

from shared.catalogue.model import Indicator, RagRule
from shared.catalogue.periods import Period
from shared.catalogue.rounding import in_words, published
from shared.catalogue.targets import Applied, Others, applied

GREEN, AMBER, RED = "green", "amber", "red"
NO_TARGET, NO_DATA, NOT_DUE, INFORMATION = "no target", "no data", "not due", "information"

Band = tuple[Decimal | None, Decimal | None]
NO_RULE = RagRule()


class Judgement(NamedTuple):
    """The target in force (None where there is none), the outcome, its rule in words, and the
    least and greatest value of the green and of the amber band."""

    target: Applied | None
    outcome: str
    rule: str
    green: Band | None = None
    amber: Band | None = None


class _Limits(NamedTuple):
    """How far on the wrong side of the target is still green and amber, and in which words."""

    green: Decimal
    amber: Decimal | None
    green_why: str
    amber_why: str


def judge(
    value: Decimal | int | None,
    indicator: Indicator,
    period: Period,
    others: Others,
    *,
    reason: str | None = None,
    not_due_until: date | None = None,
) -> Judgement:
    """The judgement of a value, or of why there is none; `not_due_until` is given where that day
    is still to come."""
    if indicator.polarity == "none":
        return Judgement(None, INFORMATION, "For information: neither high nor low is good.")
    rule = indicator.rag or NO_RULE
    target = applied(indicator, period, others)
    if target is None and rule.green is None:
        return Judgement(None, NO_TARGET, "No target is set for this period.")
    green, amber = _bands(indicator, rule, target)
    if not_due_until is not None:
        until = f"{not_due_until.day} {not_due_until:%B %Y}"
        return Judgement(target, NOT_DUE, f"Not due until {until}.", green, amber)
    if value is None and reason == NOT_DUE:
        return Judgement(target, NOT_DUE, "The return says that it is not due yet.", green, amber)
    if value is None:
        aim = "" if target is None else f" the target of {_aim(target, indicator)}"
        against = aim or " the thresholds"
        words = f"There is no value to judge against{against}."
        return Judgement(target, NO_DATA, words, green, amber)
    shown = published(value, indicator)
    if rule.green is not None:
        outcome, words = _by_thresholds(shown, indicator, rule)
    else:
        assert target is not None
        outcome, words = _by_target(shown, indicator, rule, target)
    if outcome == RED and rule.amber_if is not None:
        better = _improved(shown, indicator, rule, target, others)
        if better is not None:
            start, _, why = words.rpartition(f": {RED}")
            outcome, words = AMBER, f"{start}: {AMBER}{why[:-1]}, {better}."
    return Judgement(target, outcome, words, green, amber)


# Distances from the target


def _aim(target: Applied, indicator: Indicator) -> str:
    if target.value is not None:
        return in_words(target.value, indicator)
    ends = [in_words(each, indicator) for each in (target.low, target.high) if each is not None]
    return " to ".join(ends)


def _edges(target: Applied, indicator: Indicator) -> Band:
    """The least and the greatest value that meet the target."""
    if indicator.polarity == "goldilocks":
        if target.value is not None:
            return target.value, target.value
        return target.low, target.high
    return (target.value, None) if indicator.polarity == "high" else (None, target.value)


def _tolerance(amount: Decimal | None, rule: RagRule, edge: Decimal) -> Decimal | None:
    if amount is None:
        return None
    if rule.of == "percent of target":
        within = abs(edge) * amount / 100
        return within.normalize() + 0 if within else Decimal(0)
    return amount


def _why(amount: Decimal | None, rule: RagRule, indicator: Indicator) -> str:
    if amount is None:
        return ""
    if rule.of == "percent of target":
        return f"within {amount:f}% of the target"
    if rule.of == "points":
        return f"within {amount:f} point{'' if amount == 1 else 's'} of the target"
    return f"within {in_words(amount, indicator)} of the target"


def _bands(
    indicator: Indicator, rule: RagRule, target: Applied | None
) -> tuple[Band | None, Band | None]:
    high = indicator.polarity == "high"
    if rule.green is not None:
        green: Band = (rule.green, None) if high else (None, rule.green)
        if rule.amber is None:
            return green, None
        return green, (rule.amber, rule.green) if high else (rule.green, rule.amber)
    assert target is not None
    least, greatest = _edges(target, indicator)
    inner = [
        _moved(edge, rule.green_within or Decimal(0), rule, way)
        for edge, way in ((least, -1), (greatest, 1))
    ]
    green = (inner[0], inner[1])
    outer = [
        _moved(edge, rule.amber_within, rule, way) for edge, way in ((least, -1), (greatest, 1))
    ]
    if target.floor is not None and indicator.polarity != "goldilocks":
        known = outer[0 if high else 1]
        further = target.floor if known is None else (min if high else max)(known, target.floor)
        outer[0 if high else 1] = further
    amber: Band = (outer[0], outer[1])
    if indicator.polarity in ("high", "low"):
        amber = (outer[0], green[0]) if high else (green[1], outer[1])
    # Amber that reaches no further than green is none.
    start, end = amber
    narrow = start is not None and end is not None and start >= end
    return green, None if narrow or amber == green or outer == [None, None] else amber


def _moved(edge: Decimal | None, amount: Decimal | None, rule: RagRule, way: int) -> Decimal | None:
    if edge is None or amount is None:
        return None
    return edge + way * (_tolerance(amount, rule, edge) or 0)


# The rules


def _by_thresholds(shown: Decimal, indicator: Indicator, rule: RagRule) -> tuple[str, str]:
    high = indicator.polarity == "high"
    assert rule.green is not None
    word = "from" if high else "up to"
    start = f"{in_words(shown, indicator)}, with green {word} {in_words(rule.green, indicator)}"
    if rule.amber is not None:
        start += f" and amber {word} {in_words(rule.amber, indicator)}"
    for outcome, limit in ((GREEN, rule.green), (AMBER, rule.amber)):
        if limit is not None and (shown >= limit if high else shown <= limit):
            return outcome, f"{start}: {outcome}."
    side = "below" if high else "above"
    return RED, f"{start}: red, {side} both." if rule.amber is not None else f"{start}: red."


def _by_target(
    shown: Decimal, indicator: Indicator, rule: RagRule, target: Applied
) -> tuple[str, str]:
    least, greatest = _edges(target, indicator)
    below = least is not None and shown < least
    edge = least if below else greatest
    start = f"{in_words(shown, indicator)} against a target of {_wanted(target, indicator)}"
    if edge is None or (not below and (greatest is None or shown <= greatest)):
        return GREEN, f"{start}: green, the target is met."
    distance = abs(shown - edge)
    for outcome, amount in ((GREEN, rule.green_within), (AMBER, rule.amber_within)):
        within = _tolerance(amount, rule, edge)
        if within is not None and distance <= within:
            worst = edge - within if below else edge + within
            side = "no lower than" if below else "no higher than"
            why = _why(amount, rule, indicator)
            return outcome, f"{start}: {outcome}, {side} {in_words(worst, indicator)} ({why})."
    floor = target.floor
    if floor is not None and indicator.polarity != "goldilocks":
        word = "floor" if below else "ceiling"
        aim = in_words(floor, indicator)
        if shown >= floor if below else shown <= floor:
            return AMBER, f"{start}: amber, not met but within the {word} of {aim}."
        return RED, f"{start}: red, {'below' if below else 'above'} the {word} of {aim}."
    amount = rule.amber_within if rule.amber_within is not None else rule.green_within
    within = _tolerance(amount, rule, edge)
    if within is None:
        return RED, f"{start}: red, the target is not met and has no tolerance."
    worst = edge - within if below else edge + within
    side = "below" if below else "above"
    why = _why(amount, rule, indicator)
    return RED, f"{start}: red, {side} {in_words(worst, indicator)} ({why})."


def _wanted(target: Applied, indicator: Indicator) -> str:
    aim = _aim(target, indicator)
    if target.basis not in ("set", "profile", "even share"):
        aim = f"{aim} ({target.basis})"
    if indicator.polarity == "goldilocks":
        return aim
    return f"{'at least' if indicator.polarity == 'high' else 'at most'} {aim}"


def _improved(
    shown: Decimal,
    indicator: Indicator,
    rule: RagRule,
    target: Applied | None,
    others: Others,
) -> str | None:
    """In words, that a value is better (or no worse) than it was; None where it is not."""
    strictly = str(rule.amber_if).startswith("better")
    since = "a year ago" if str(rule.amber_if).endswith("a year ago") else "the period before"
    then = others.earlier("a year ago" if since == "a year ago" else "the period before")
    if then is None:
        return None
    now_off, then_off = (_off(each, indicator, target) for each in (shown, then))
    if now_off < then_off or (now_off == then_off and not strictly):
        better = "better than" if now_off < then_off else "no worse than"
        when = "a year ago" if since == "a year ago" else "in the period before"
        return f"but {better} the {in_words(then, indicator)} {when}"
    return None


def _off(value: Decimal, indicator: Indicator, target: Applied | None) -> Decimal:
    """How far a value is from what is good: the less, the better."""
    if indicator.polarity == "high":
        return -value
    if indicator.polarity == "low" or target is None:
        return value
    least, greatest = _edges(target, indicator)
    if least is not None and value < least:
        return least - value
    return value - greatest if greatest is not None and value > greatest else Decimal(0)
