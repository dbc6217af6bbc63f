"""Targets and RAG, judged again from the published number.

Rule: the number judged is the rounded one that people read, and a boundary belongs to the better
side. High is good: green at or above the target, amber down to the tolerance below it. Low is
good: the mirror image.
"""

from decimal import Decimal

from deploy.verify.dates import month_text
from deploy.verify.source import Json

NO_DATA, NO_TARGET, INFORMATION = "no data", "no target", "information"


def target_for(indicator: Json, last: int) -> Decimal | None:
    """The target in force when the period ends."""
    month = month_text(last)
    for target in indicator.get("targets") or ():
        begins, ends = target.get("from"), target.get("to")
        if (not begins or str(begins)[:7] <= month) and (not ends or month <= str(ends)[:7]):
            return Decimal(str(target["value"]))
    return None


def tolerance(rule: Json | None, target: Decimal) -> Decimal:
    """How far past the target is still amber, in the indicator's own unit."""
    if not rule:
        return Decimal(0)
    within = Decimal(str(rule["amber_within"]))
    return abs(target) * within / 100 if rule["of"] == "percent of target" else within


def judge(value: Decimal | None, indicator: Json, last: int) -> tuple[dict[str, str] | None, str]:
    """The target that applies (or None), and the outcome."""
    polarity = indicator.get("polarity", "none")
    if polarity == "none":
        return None, INFORMATION
    target = target_for(indicator, last)
    if target is None:
        return None, NO_TARGET
    stated = {"value": str(target)}
    if value is None:
        return stated, NO_DATA
    short = target - value if polarity == "high" else value - target
    if short <= 0:
        return stated, "green"
    return stated, "amber" if short <= tolerance(indicator.get("rag"), target) else "red"
