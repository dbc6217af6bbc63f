"""The catalogue's definitions, as plain data.

Rule: everything the council decides about its figures is data of one of these types; nothing else
in the system holds such a decision. A definition that has not changed encodes to the same bytes,
so applying the same catalogue twice is no change.

Reading is lenient (an unknown field in an event from a newer release is passed over, since the
published language only ever grows); `check` is strict about what people write.
"""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from typing import Any, Literal

import msgspec

FieldType = Literal["text", "integer", "decimal", "money", "date", "datetime", "boolean"]
Aggregate = Literal[
    "count", "sum", "mean", "minimum", "maximum", "median", "percentile", "distinct", "latest",
    "open",
]
PeriodKind = Literal[
    "day", "month", "quarter", "financial-year", "year-to-date",
    "academic-year", "academic-year-to-date", "calendar-year", "calendar-year-to-date",
    "rolling-3-months", "rolling-12-months", "rolling-24-months",
    "pooled-3-years", "pooled-5-years", "pooled-3-calendar-years", "pooled-5-calendar-years",
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


class Definition(msgspec.Struct, kw_only=True, frozen=True, omit_defaults=True):
    """What all definitions share: exact decimals, no changes in place, defaults left unsaid."""


class Council(Definition, frozen=True):
    code: str
    name: str
    area_code: str | None = None
    sample: bool = False
    closure_days: list[str] = []
    # What an indicator is where there is nothing to divide by, unless it says so itself.
    no_denominator: Denominator | None = None


class Directorate(Definition, frozen=True):
    code: str
    name: str


class Service(Definition, frozen=True):
    code: str
    name: str
    directorate: str | None = None
    portfolio: str | None = None


class Portfolio(Definition, frozen=True):
    code: str
    name: str


class Theme(Definition, frozen=True):
    code: str
    name: str
    summary: str = ""


class Framework(Definition, frozen=True):
    """A framework that indicators belong to, or a statutory return that they are part of."""

    code: str
    name: str
    kind: Literal["framework", "return"] = "framework"
    source: str = ""


class Membership(Definition, frozen=True, rename={"from_": "from"}):
    """Which areas a peer group holds from one month to another; groups are issued anew."""

    areas: list[str]
    from_: str | None = None
    to: str | None = None


class PeerGroup(Definition, frozen=True):
    """Areas to compare with, by their GSS codes; the council's own need not be among them."""

    code: str
    name: str
    issues: list[Membership]
    source: str = ""


class Field(Definition, frozen=True):
    """One column of a dataset; without `headers` the column is called as the field is."""

    name: str
    type: FieldType
    headers: list[str] = []
    required: bool = False
    formats: list[str] = []
    choices: list[str] = []
    minimum: Decimal | None = None
    maximum: Decimal | None = None
    max_length: int | None = None
    null_markers: list[str] = []


class Derived(Definition, frozen=True, rename={"is_": "is"}):
    """A field that is worked out from the others of its record and from reference datasets."""

    name: str
    type: FieldType
    is_: str


class Dataset(Definition, frozen=True):
    code: str
    title: str
    key: list[str] | Literal["content"]
    fields: list[Field]
    system: str = ""
    service: str | None = None
    owner: str = ""
    extract: Literal["full", "changes"] = "full"
    freshness_days: int | None = None
    null_markers: list[str] = msgspec.field(default_factory=lambda: [""])
    derived: list[Derived] = []

    def types(self) -> dict[str, str]:
        """The type of every field, sent or derived."""
        sent: dict[str, str] = {each.name: each.type for each in self.fields}
        return sent | {each.name: each.type for each in self.derived}


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
            "better than a year ago", "no worse than a year ago",
            "better than the period before", "no worse than the period before",
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
    """`since` is the first month that the figures cover. `due_days` and `final_after_days` count
    from a period's end; a cohort is due `follow_up_days` later. `stability` is the change, in
    published units, below which a trend is stable. `per` is the N of a rate per N."""

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


class Ledger(Definition, frozen=True):
    """Spend over a dataset; `unit`, `date` and `amount` are names of the dataset's fields."""

    code: str
    dataset: str
    unit: str
    date: str
    amount: str
    title: str = ""


class Band(Definition, frozen=True, rename={"from_": "from"}):
    name: str
    from_: int


class RiskMatrix(Definition, frozen=True):
    code: str
    likelihood: int
    impact: int
    bands: list[Band]


class RiskRegister(Definition, frozen=True):
    """A dataset read as risks; all but `code`, `dataset` and `matrix` name the dataset's fields."""

    code: str
    dataset: str
    reference: str
    title: str
    likelihood: str
    impact: str
    matrix: str = "default"
    service: str | None = None
    owner: str | None = None
    target_likelihood: str | None = None
    target_impact: str | None = None
    status: str | None = None


class Catalogue(msgspec.Struct, kw_only=True):
    """Every definition by its code."""

    council: Council | None = None
    directorates: dict[str, Directorate] = {}
    portfolios: dict[str, Portfolio] = {}
    services: dict[str, Service] = {}
    themes: dict[str, Theme] = {}
    frameworks: dict[str, Framework] = {}
    peer_groups: dict[str, PeerGroup] = {}
    datasets: dict[str, Dataset] = {}
    measures: dict[str, Measure] = {}
    indicators: dict[str, Indicator] = {}
    ledgers: dict[str, Ledger] = {}
    risk_matrices: dict[str, RiskMatrix] = {}
    risk_registers: dict[str, RiskRegister] = {}

    @property
    def closure_days(self) -> tuple[str, ...]:
        return tuple(self.council.closure_days) if self.council else ()


class Section(msgspec.Struct, frozen=True):
    """How one kind of definition is written (`name`), named in subjects and held."""

    name: str
    kind: str
    holds: str
    type: type[Any]
    many: bool = True


SECTIONS: tuple[Section, ...] = (
    Section("council", "council", "council", Council, many=False),
    Section("directorates", "directorate", "directorates", Directorate),
    Section("portfolios", "portfolio", "portfolios", Portfolio),
    Section("services", "service", "services", Service),
    Section("themes", "theme", "themes", Theme),
    Section("frameworks", "framework", "frameworks", Framework),
    Section("peer_groups", "peer-group", "peer_groups", PeerGroup),
    Section("datasets", "dataset", "datasets", Dataset),
    Section("measures", "measure", "measures", Measure),
    Section("indicators", "indicator", "indicators", Indicator),
    Section("ledgers", "ledger", "ledgers", Ledger),
    Section("risk_matrix", "risk-matrix", "risk_matrices", RiskMatrix, many=False),
    Section("risk_registers", "risk-register", "risk_registers", RiskRegister),
)

_BY_KIND = {section.kind: section for section in SECTIONS}
_encode = msgspec.json.Encoder().encode


def definitions(catalogue: Catalogue) -> dict[str, bytes]:
    """Each definition as one event's data, by subject `{kind}/{code}`."""
    found: dict[str, bytes] = {}
    for section in SECTIONS:
        held = getattr(catalogue, section.holds)
        if section.kind == "council":
            held = {held.code: held} if held else {}
        for code, definition in held.items():
            found[f"{section.kind}/{code}"] = _encode(definition)
    return found


def from_definitions(found: Mapping[str, bytes]) -> Catalogue:
    """The catalogue that these definitions make; kinds of a newer release are passed over."""
    catalogue = Catalogue()
    for subject in sorted(found):
        kind, _, code = subject.partition("/")
        section = _BY_KIND.get(kind)
        if section is None:
            continue
        definition = msgspec.json.decode(found[subject], type=section.type)
        if kind == "council":
            catalogue.council = definition
        else:
            getattr(catalogue, section.holds)[code] = definition
    return catalogue
