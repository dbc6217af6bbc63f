"""Indicators with every sort of RAG rule, and their judgement."""

from decimal import Decimal
from typing import Any

import msgspec

from shared.catalogue.model import Indicator
from shared.catalogue.periods import parse_period
from shared.catalogue.rag import Judgement, judge
from tests.unit.catalogue.others import NONE, Given

YEAR = parse_period("2025-26")
HIGH = {"unit": "percentage", "precision": 1, "polarity": "high"}
LOW = {"unit": "days", "precision": 1, "polarity": "low"}
MIDDLE = {"unit": "number", "precision": 0, "polarity": "goldilocks"}


def made(like: dict[str, Any], target: Any = None, **rule: Any) -> Indicator:
    """An indicator with a target (a value, or a target's fields) and a RAG rule."""
    written: dict[str, Any] = {"code": "X", "title": "X", "formula": "x", **like}
    if target is not None:
        written["targets"] = [target if isinstance(target, dict) else {"value": target}]
    if rule:
        written["rag"] = rule
    return msgspec.convert(written, Indicator, strict=False)


def judged(value: str | None, indicator: Indicator, others: Given = NONE) -> Judgement:
    return judge(None if value is None else Decimal(value), indicator, YEAR, others)


POINTS = made(HIGH, 90, amber_within=5, of="points")
PERCENT = made(LOW, 20, amber_within=10, of="percent of target")
PLAIN = made(HIGH, 90)
NARROW = made(HIGH, 90, green_within=1, amber_within=3, of="points")
ONLY_GREEN = made(HIGH, 90, green_within=2, of="points")
FIXED = made(HIGH, green=95, amber=85)
FIXED_LOW = made(LOW, green="5", amber="7.5")
FIXED_TWO = made(HIGH, green=95)
FLOOR = made(HIGH, {"value": 95, "floor": 85})
CEILING = made(LOW, {"value": 10, "floor": 15})
FLOOR_TOO = made(HIGH, {"value": 95, "floor": 85}, amber_within=5, of="points")
NEAR_FLOOR = made(HIGH, {"value": 95, "floor": 92}, amber_within=5, of="points")
FLOOR_WITHIN = made(HIGH, {"value": 95, "floor": 92}, green_within=5, of="points")
MIDPOINT = made(MIDDLE, 100, amber_within=5)
RANGE = made(MIDDLE, {"low": 90, "high": 110}, amber_within=10, of="percent of target")
RANGE_WIDER = made(MIDDLE, {"low": 95, "high": 105}, green_within=2, amber_within=5)
RANGE_ONLY = made(MIDDLE, {"low": 95, "high": 105})
NOUGHT = made({**LOW, "unit": "count"}, 0, amber_within=10, of="percent of target")
BELOW = made({**HIGH, "unit": "money"}, -100, amber_within=10, of="percent of target")
BETTER = {"a year ago": "80.0", "the period before": "85.0"}
