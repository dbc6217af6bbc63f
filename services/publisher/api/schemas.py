"""The shapes of the publisher's answers. Exact numbers are strings; pence and counts integers."""

from typing import Any

from pydantic import BaseModel, Field


class Value(BaseModel):
    """A value of an indicator, as in its event on irf.indicators, with when it was said."""

    subject: str
    version: int
    time: str = Field(description="When this version was published (ISO 8601).")
    origin: str = Field(description="When the change behind it was accepted at the door.")
    data: dict[str, Any] = Field(description="The state, as on irf.indicators.")
    revised: str | None = Field(
        default=None, description="When its number last changed after the day it first was final."
    )


class IndicatorAnswer(BaseModel):
    """A definition with its newest value."""

    code: str
    title: str
    definition: dict[str, Any] = Field(description="The definition, as in the catalogue.")
    value: Value | None = Field(description="The newest value of the period it is shown by.")
    late: str = Field(default="", description="Which of its datasets are late, in words.")
    late_datasets: list[str] = []


class IndicatorList(BaseModel):
    """Every indicator. `cursor` is where a stream takes over without a gap."""

    cursor: str
    indicators: list[IndicatorAnswer]


class Control(BaseModel):
    """Control limits (XmR) of a stretch of a series; `signals` by period."""

    kind: str
    breakdown: str = Field(description="The member, such as ward=27; empty for all records.")
    first: str = Field(description="The first period that the limits are worked out from.")
    last: str
    centre: str
    lower: str
    upper: str
    points: int
    signals: dict[str, list[str]]


class Break(BaseModel):
    """From `month` on, figures cannot be compared with those before."""

    month: str
    kind: str = Field(description="A break in the series, or a new source.")
    note: str


class Forecast(BaseModel):
    """Where the running year is heading; `value` is null where the method has nothing to go by."""

    year: str
    method: str
    value: str | None
    sentence: str
    based_on: str = Field(description="The period to date that it starts from.")


class Standing(BaseModel):
    """A value among the other areas of a peer group. Rank and quartile 1 are the best."""

    group: str
    name: str
    areas: int
    mean: str
    median: str
    best_quartile: str | None
    rank: int | None
    quartile: int | None
    distance: str | None = Field(description="How far from the best quartile.")
    values: dict[str, str] = Field(description="The areas' values as published, by area.")


class Series(BaseModel):
    """Values by period and member. `truncated` says that there are more than `limit`."""

    indicator: str
    as_at: str | None
    cursor: str
    truncated: bool
    values: list[Value]
    control: list[Control] = Field(
        default=[], description="Of months and quarters of which 8 or more are finished."
    )
    breaks: list[Break] = []
    forecast: Forecast | None = None
    benchmarks: dict[str, list[Standing]] = Field(
        default={}, description="By period, how the value for all records stands among areas."
    )


class Input(BaseModel):
    """What a name in the formula came to, and from how many records."""

    name: str
    title: str
    value: str | None
    records: int
    definition: int = Field(default=0, description="The version that it was counted by.")
    since: str | None = Field(default=None, description="Since when that version is in force.")


class SourceRecord(BaseModel):
    """A record that was counted, the batch it came in, and what it added to each measure."""

    subject: str
    version: int
    batch: str
    accepted: str
    fields: dict[str, Any]
    counted: dict[str, str | None]


class Target(BaseModel):
    """The target that was applied: a number, or a range."""

    value: str | None
    low: str | None
    high: str | None
    floor: str | None
    basis: str = Field(description="Where it comes from.")
    approved_by: str
    text: str


class Trend(BaseModel):
    """The change since an earlier period: up, down, same, stable or none; better or worse."""

    period: str | None
    way: str
    effect: str
    change: str | None
    text: str


class Verdict(BaseModel):
    """Whether a value is more than the usual ups and downs."""

    limits: Control | None
    signals: list[str]
    text: str


class Dataset(BaseModel):
    """Where the records come from, and how old the newest load may be."""

    code: str
    title: str
    system: str
    owner: str
    freshness_days: int | None
    received: str | None = Field(default=None, description="When the newest load was let in.")
    due: str | None = Field(default=None, description="The day by which the next load is due.")
    late: bool = False


class Freshness(BaseModel):
    """When the change behind a value was accepted, and when the value was published."""

    accepted: str | None
    published: str
    text: str
    datasets: list[Dataset]


class InputMove(BaseModel):
    """An input that came to something else."""

    name: str
    title: str
    before: str | None
    after: str | None
    records_before: int
    records_after: int


class Reason(BaseModel):
    """Why a value is another version: records, definition, target or calendar."""

    kind: str
    text: str


class Changed(BaseModel):
    """What changed since the version before. `batch` is empty where it is not known."""

    version: int
    time: str
    batch: str
    previous_version: int
    previous_time: str
    previous_value: str | None
    previous_text: str
    inputs: list[InputMove]
    reasons: list[Reason]
    records_in_batch: int | None = Field(
        default=None, description="How many of the records that count came in that batch."
    )
    records_all_looked_at: bool = Field(
        default=True, description="False where there are too many records to look at all."
    )


class Explanation(BaseModel):
    """A value down to its records. `next` continues the list of records."""

    value: Value
    title: str
    formula: str
    worked: str = Field(description="The formula with the numbers in it.")
    inputs: list[Input]
    definition_version: int
    target: str | None
    outcome: str
    rule: str
    batch: str = Field(description="The batch whose change led to this version of the value.")
    batches: list[str] = Field(description="The batches that the listed records came in.")
    records: list[SourceRecord]
    next: str | None
    sentence: str = Field(default="", description="What an officer would say of it.")
    text: str = Field(default="", description="The value with its unit.")
    period: str = Field(default="", description="The period in words.")
    reason: str | None = Field(default=None, description="Why there is no number.")
    newest: bool = Field(default=True, description="Whether this is the newest version.")
    definition_since: str | None = None
    source: str = Field(default="", description="The source it was worked out by, if an earlier.")
    breaks: list[Break] = []
    target_applied: Target | None = None
    status: str = Field(default="", description="Provisional, final, or empty.")
    final_from: str | None = None
    due: str | None = None
    small: bool = False
    small_words: str = ""
    freshness: Freshness | None = None
    trend_short: Trend | None = Field(default=None, description="Since the period before.")
    trend_long: Trend | None = Field(default=None, description="Since the same period last year.")
    control: Verdict | None = None
    forecast: Forecast | None = None
    benchmark: list[Standing] = []
    changed: Changed | None = None
    records_note: str = Field(
        default="", description="Why the records of an older version are not listed."
    )


class Position(BaseModel):
    """A position of a ledger, as in its event on irf.finance."""

    subject: str
    version: int
    time: str
    data: dict[str, Any]


class Ledger(BaseModel):
    """A ledger with its control total, and its spend by unit and month where asked for alone."""

    code: str
    title: str
    control: Position | None
    spend: list[Position] | None = None


class Ledgers(BaseModel):
    """Every ledger."""

    cursor: str
    ledgers: list[Ledger]
