"""The definitions of figures: measures, and indicators with how they are judged."""

from __future__ import annotations

from decimal import Decimal
from typing import Literal

import msgspec

from shared.catalogue.definition import (
    Aggregate,
    Definition,
    Denominator,
    Influence,
    PeriodKind,
    Polarity,
    Rounding,
    Tolerance,
    Unit,
)


class Measure(Definition, frozen=True):
    """`carry_months` is for latest: how long a value holds on when no newer one has come.
    `reason` names a text field that says why a latest value is blank. `empty` says what the
    measure is over no records: zero for count, distinct, sum and open unless said otherwise."""

    code: str
    dataset: str
    aggregate: Aggregate
    title: str = ""
    date: str | None = None
    of: str | None = None
    where: str | None = None
    opened: str | None = None
    closed: str | None = None
    percentile: Decimal | None = None
    carry_months: int = 0
    reason: str | None = None
    empty: Literal["zero", "missing"] | None = None


class Relative(Definition, frozen=True):
    """A target that follows another figure: the indicator's own a period or a year before, that of
    one area, or a statistic of a peer group (both from the indicator's benchmark)."""

    to: Literal["a year ago", "the period before", "area", "peers"]
    area: str | None = None
    group: str | None = None
    statistic: Literal["mean", "median", "best quartile"] = "mean"
    change: Decimal = Decimal(0)
    of: Literal["points", "percent"] = "points"


class Target(Definition, frozen=True, rename={"from_": "from"}):
    """In force for a period whose last month lies from `from` to `to`, both included.

    `value` stands for the whole year; `profile` gives what it should be by then, by quarter (Q1)
    or month (09); with `spread: even` a part of the year gets its share of the value. A range
    (`low`, `high`) or a midpoint (`value`) is for goldilocks. `floor` is the least that will do.
    """

    value: Decimal | None = None
    from_: str | None = None
    to: str | None = None
    profile: dict[str, Decimal] = {}
    spread: Literal["even"] | None = None
    periods: list[PeriodKind] = []
    low: Decimal | None = None
    high: Decimal | None = None
    floor: Decimal | None = None
    relative: Relative | None = None
    approved_by: str = ""
    approved_on: str | None = None


class RagRule(Definition, frozen=True):
    """Green within `green_within` of the target, amber within `amber_within` of it, both counted
    as `of` says; or green and amber from fixed thresholds; or amber down to the target's floor.
    `amber_if` makes amber what would be red but is better (or no worse) than it was."""

    amber_within: Decimal | None = None
    of: Tolerance = "absolute"
    green_within: Decimal | None = None
    green: Decimal | None = None
    amber: Decimal | None = None
    amber_if: (
        Literal[
            "better than a year ago",
            "no worse than a year ago",
            "better than the period before",
            "no worse than the period before",
        ]
        | None
    ) = None


class FrameworkCode(Definition, frozen=True):
    """What an indicator is called in a framework or a return."""

    framework: str
    code: str = ""


class Source(Definition, frozen=True):
    """How an indicator was worked out up to a month; a new source is a break in the series."""

    until: str
    formula: str
    note: str = ""


class Break(Definition, frozen=True, rename={"from_": "from"}):
    """From this month on, figures cannot be compared with those before."""

    from_: str
    note: str


class Benchmark(Definition, frozen=True):
    """Where other areas' values are: an indicator that is broken down by the field `area`."""

    indicator: str
    area: str
    groups: list[str] = []


class Indicator(Definition, frozen=True):
    """`priority` and `topic` are the corporate priority and the topic of the evidence base that it
    stands under. `since` is the first month that the figures cover. `due_days` and
    `final_after_days` count from a period's end; a cohort is due `follow_up_days` later.
    `stability` is the change, in published units, below which a trend is stable. `per` is the N of
    a rate per N."""

    code: str
    title: str
    formula: str
    unit: Unit
    definition: str = ""
    unit_label: str = ""
    per: int | None = None
    precision: int = 0
    rounding: Rounding = "half up"
    no_denominator: Denominator | None = None
    polarity: Polarity = "none"
    periods: list[PeriodKind] = msgspec.field(
        default_factory=lambda: ["month", "quarter", "financial-year", "year-to-date"]
    )
    cumulative_from: str | None = None
    frequency: PeriodKind | None = None
    since: str | None = None
    due_days: int | None = None
    final_after_days: int | None = None
    follow_up_days: int = 0
    breakdowns: list[str] = []
    service: str | None = None
    owner: str = ""
    deputy: str = ""
    themes: list[str] = []
    priority: str | None = None
    topic: str | None = None
    frameworks: list[FrameworkCode] = []
    strategic: bool = False
    influence: Influence | None = None
    targets: list[Target] = []
    rag: RagRule | None = None
    stability: Decimal | None = None
    forecast: Literal["run rate", "last year's shape", "none"] = "none"
    small_numbers_under: int | None = None
    earlier: list[Source] = []
    breaks: list[Break] = []
    benchmark: Benchmark | None = None
