"""Judging a value against its target: the outcome, and the sentence that says why.

Rule: a value is judged as it is published (rounded, halves away from zero), so that what a reader
sees and what was judged are one number. Boundaries belong to the better side. Every outcome
carries the numbers and the rule that gave it.
"""

from __future__ import annotations

from decimal import Decimal
from typing import NamedTuple

from shared.catalogue.arithmetic import round_half_up
from shared.catalogue.model import Indicator
from shared.catalogue.periods import Period, months_of

GREEN, AMBER, RED = "green", "amber", "red"
NO_TARGET, NO_DATA, INFORMATION = "no target", "no data", "information"


class Judgement(NamedTuple):
    """The target in force (None where there is none), the outcome, and its rule in words."""

    target: Decimal | None
    outcome: str
    rule: str


def published(value: Decimal | int, indicator: Indicator) -> Decimal:
    """The value as it is published; a zero has no sign."""
    rounded = Decimal(round_half_up(Decimal(value), indicator.precision))
    return rounded if rounded else abs(rounded)


def in_words(value: Decimal, indicator: Indicator) -> str:
    """A number as a sentence of this indicator shows it; no digit is lost."""
    sign = "-" if value < 0 else ""
    shown = f"{abs(value):,f}"
    if indicator.unit == "percentage":
        return f"{sign}{shown}%"
    if indicator.unit == "money":
        return f"{sign}£{shown}"
    if indicator.unit == "days":
        return f"{sign}{shown} {'day' if shown == '1' else 'days'}"
    return f"{sign}{shown}"


def target_of(indicator: Indicator, period: Period) -> Decimal | None:
    """The target in force in the period's last month."""
    month = months_of(period)[-1]
    for target in indicator.targets:
        if (target.from_ or month) <= month <= (target.to or month):
            return target.value
    return None


def judge(value: Decimal | int | None, indicator: Indicator, period: Period) -> Judgement:
    if indicator.polarity == "none":
        return Judgement(None, INFORMATION, "For information: neither high nor low is good.")
    target = target_of(indicator, period)
    if target is None:
        return Judgement(None, NO_TARGET, "No target is set for this period.")
    aim = in_words(target, indicator)
    if value is None:
        return Judgement(
            target, NO_DATA, f"There is no value to judge against the target of {aim}."
        )
    shown = published(value, indicator)
    high = indicator.polarity == "high"
    ahead = shown - target if high else target - shown
    least = "at least" if high else "at most"
    start = f"{in_words(shown, indicator)} against a target of {least} {aim}"
    if ahead >= 0:
        return Judgement(target, GREEN, f"{start}: green, the target is met.")
    tolerance, why = _tolerance(indicator, target)
    if tolerance is None:
        return Judgement(target, RED, f"{start}: red, the target is not met and has no tolerance.")
    limit = target - tolerance if high else target + tolerance
    worst = f"{in_words(limit, indicator)} ({why})"
    if -ahead <= tolerance:
        side = "no lower than" if high else "no higher than"
        return Judgement(target, AMBER, f"{start}: amber, {side} {worst}.")
    side = "below" if high else "above"
    return Judgement(target, RED, f"{start}: red, {side} {worst}.")


def _tolerance(indicator: Indicator, target: Decimal) -> tuple[Decimal | None, str]:
    """How far from the target is still amber, and in words where that comes from."""
    rule = indicator.rag
    if rule is None:
        return None, ""
    amount = f"{rule.amber_within:f}"
    if rule.of == "percent of target":
        within = abs(target) * rule.amber_within / 100
        within = within.normalize() if within else Decimal(0)
        return within, f"within {amount}% of the target"
    if rule.of == "points":
        return rule.amber_within, f"within {amount} points of the target"
    return rule.amber_within, f"within {in_words(rule.amber_within, indicator)} of the target"
