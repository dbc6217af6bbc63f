"""What all definitions share, and the words that they choose from."""

from __future__ import annotations

from typing import Literal

import msgspec

FieldType = Literal[
    "text", "integer", "decimal", "money", "date", "datetime", "boolean", "financial-year", "period"
]
Aggregate = Literal[
    "count",
    "sum",
    "mean",
    "minimum",
    "maximum",
    "median",
    "percentile",
    "distinct",
    "latest",
    "open",
]
PeriodKind = Literal[
    "day",
    "month",
    "quarter",
    "financial-year",
    "year-to-date",
    "academic-year",
    "academic-year-to-date",
    "calendar-year",
    "calendar-year-to-date",
    "rolling-3-months",
    "rolling-12-months",
    "rolling-24-months",
    "pooled-3-years",
    "pooled-5-years",
    "pooled-3-calendar-years",
    "pooled-5-calendar-years",
    "cumulative",
]
Unit = Literal[
    "percentage", "count", "days", "hours", "money", "rate", "ratio", "score", "number", "yes/no"
]
Polarity = Literal["high", "low", "goldilocks", "none"]
Influence = Literal["control", "influence", "context"]
Tolerance = Literal["percent of target", "points", "absolute"]
Rounding = Literal["half up", "half even", "down"]
Denominator = Literal["not calculable", "not applicable", "zero"]
Earlier = Literal["a year ago", "the period before"]
Personal = Literal["none", "about a person", "identifier"]


class Definition(msgspec.Struct, kw_only=True, frozen=True, omit_defaults=True):
    """What all definitions share: exact decimals, no changes in place, defaults left unsaid."""
