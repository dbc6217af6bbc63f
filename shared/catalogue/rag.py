"""RAG: how a value stands against its target, with the rule and the numbers that say so.

Rule: a value is judged as it is published, that is rounded, so that nobody reads 90.0 beside a
target of 90 and finds it amber. Boundaries are inclusive. The tolerance is never negative and a
target of zero is safe: a share of zero is zero.
"""

from decimal import ROUND_HALF_UP, Decimal
from functools import lru_cache

from shared.catalogue.model import Indicator, RagRule, Target
from shared.catalogue.periods import Period

Judgement = tuple[Decimal | None, str, str]

GREEN, AMBER, RED = "green", "amber", "red"
NO_TARGET, NO_DATA, INFORMATION = "no target", "no data", "information"


def rounded(value: Decimal, precision: int) -> Decimal:
    """Rounded half up (away from zero) to so many decimals: how every value is published."""
    result = value.quantize(_unit(precision), ROUND_HALF_UP)
    return result if result else abs(result)


@lru_cache(maxsize=32)
def _unit(precision: int) -> Decimal:
    return Decimal(1).scaleb(-precision)


def target_for(indicator: Indicator, period: Period) -> Target | None:
    """The target in force in the last month of a period."""
    month = f"{period.end.year:04}-{period.end.month:02}"
    for target in indicator.targets:
        if (target.from_ or "") <= month and (target.to is None or month <= target.to):
            return target
    return None


def judge(value: Decimal | None, indicator: Indicator, period: Period) -> Judgement:
    """(target, outcome, rule): the rule is a sentence that carries its numbers."""
    if not indicator.targets:
        if indicator.polarity == "none":
            return None, INFORMATION, "For information: no target is set."
        return None, NO_TARGET, "No target is set."
    target = target_for(indicator, period)
    if target is None:
        return None, NO_TARGET, "No target is set for this period."
    if value is None:
        return target.value, NO_DATA, "There is no value to compare with the target."
    if indicator.polarity == "none":
        return target.value, INFORMATION, "For information: neither high nor low is good."
    limit, sentence = _rule(indicator.polarity, target.value, indicator.rag)
    ahead = value >= target.value if indicator.polarity == "high" else value <= target.value
    near = value >= limit if indicator.polarity == "high" else value <= limit
    return target.value, GREEN if ahead else AMBER if near else RED, sentence


@lru_cache(maxsize=4096)
def _rule(polarity: str, target: Decimal, rule: RagRule | None) -> tuple[Decimal, str]:
    """The value at which amber ends, and the rule as a sentence."""
    high = polarity == "high"
    good = "or more" if high else "or less"
    if rule is None:
        return target, f"Green at {target:f} {good}, otherwise red."
    share = rule.of == "percent of target"
    tolerance = abs(target) * rule.amber_within / 100 if share else rule.amber_within
    limit = target - tolerance if high else target + tolerance
    of = "% of the target" if share else " points" if rule.of == "points" else ""
    return limit, (
        f"Green at {target:f} {good}; amber within {rule.amber_within:f}{of} of it"
        f" (to {limit.normalize():f}); otherwise red."
    )
