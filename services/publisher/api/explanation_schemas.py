"""The shapes of the explanation of a value: plain classes, as those of schemas are."""

from dataclasses import dataclass, field
from typing import Annotated

from pydantic import Field

from services.publisher.api.schemas import Break, Control, Forecast, Standing, State, Value


@dataclass(slots=True, kw_only=True)
class Input:
    """What a name in the formula came to, and from how many records."""

    name: str
    title: str
    value: str | None
    records: int
    definition: Annotated[int, Field(description="The version that it was counted by.")] = 0
    since: Annotated[str | None, Field(description="Since when that version is in force.")] = None


@dataclass(slots=True, kw_only=True)
class SourceRecord:
    """A record that was counted, the batch it came in, and what it added to each measure."""

    subject: str
    version: int
    batch: str
    accepted: str
    fields: State
    counted: dict[str, str | None]


@dataclass(slots=True, kw_only=True)
class Target:
    """The target that was applied: a number, or a range."""

    value: str | None
    low: str | None
    high: str | None
    floor: str | None
    basis: Annotated[str, Field(description="Where it comes from.")]
    approved_by: str
    text: str


@dataclass(slots=True, kw_only=True)
class Trend:
    """The change since an earlier period: up, down, same, stable or none; better or worse."""

    period: str | None
    way: str
    effect: str
    change: str | None
    text: str


@dataclass(slots=True, kw_only=True)
class Verdict:
    """Whether a value is more than the usual ups and downs."""

    limits: Control | None
    signals: list[str]
    text: str


@dataclass(slots=True, kw_only=True)
class Dataset:
    """Where the records come from, and how old the newest load may be."""

    code: str
    title: str
    system: str
    owner: str
    freshness_days: int | None
    received: Annotated[str | None, Field(description="When the newest load was let in.")] = None
    due: Annotated[str | None, Field(description="The day by which the next load is due.")] = None
    late: bool = False


@dataclass(slots=True, kw_only=True)
class Freshness:
    """When the change behind a value was accepted, and when the value was published."""

    accepted: str | None
    published: str
    text: str
    datasets: list[Dataset]


@dataclass(slots=True, kw_only=True)
class InputMove:
    """An input that came to something else."""

    name: str
    title: str
    before: str | None
    after: str | None
    records_before: int
    records_after: int


@dataclass(slots=True, kw_only=True)
class Reason:
    """Why a value is another version: records, definition, target or calendar."""

    kind: str
    text: str


@dataclass(slots=True, kw_only=True)
class Changed:
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
    records_in_batch: Annotated[
        int | None, Field(description="How many of the records that count came in that batch.")
    ] = None
    records_all_looked_at: Annotated[
        bool, Field(description="False where there are too many records to look at all.")
    ] = True


@dataclass(slots=True, kw_only=True)
class Explanation:
    """A value down to its records. `next` continues the list of records."""

    value: Value
    title: str
    formula: str
    worked: Annotated[str, Field(description="The formula with the numbers in it.")]
    inputs: list[Input]
    definition_version: int
    target: str | None
    outcome: str
    rule: str
    batch: Annotated[
        str, Field(description="The batch whose change led to this version of the value.")
    ]
    batches: Annotated[list[str], Field(description="The batches that the listed records came in.")]
    records: list[SourceRecord]
    next: str | None
    sentence: Annotated[str, Field(description="What an officer would say of it.")] = ""
    text: Annotated[str, Field(description="The value with its unit.")] = ""
    period: Annotated[str, Field(description="The period in words.")] = ""
    reason: Annotated[str | None, Field(description="Why there is no number.")] = None
    newest: Annotated[bool, Field(description="Whether this is the newest version.")] = True
    definition_since: str | None = None
    source: Annotated[str, Field(description="The source it was worked out by, if an earlier.")] = (
        ""
    )
    breaks: list[Break] = field(default_factory=list)
    target_applied: Target | None = None
    status: Annotated[str, Field(description="Provisional, final, or empty.")] = ""
    final_from: str | None = None
    due: str | None = None
    small: bool = False
    small_words: str = ""
    freshness: Freshness | None = None
    trend_short: Annotated[Trend | None, Field(description="Since the period before.")] = None
    trend_long: Annotated[Trend | None, Field(description="Since the same period last year.")] = (
        None
    )
    control: Verdict | None = None
    forecast: Forecast | None = None
    benchmark: list[Standing] = field(default_factory=list)
    changed: Changed | None = None
    records_note: Annotated[
        str, Field(description="Why the records of an older version are not listed.")
    ] = ""
