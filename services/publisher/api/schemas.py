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


class IndicatorAnswer(BaseModel):
    """A definition with its newest value."""

    code: str
    title: str
    definition: dict[str, Any] = Field(description="The definition, as in the catalogue.")
    value: Value | None = Field(description="The newest value of the period it is shown by.")


class IndicatorList(BaseModel):
    """Every indicator. `cursor` is where a stream takes over without a gap."""

    cursor: str
    indicators: list[IndicatorAnswer]


class Series(BaseModel):
    """Values by period and member. `truncated` says that there are more than `limit`."""

    indicator: str
    as_at: str | None
    cursor: str
    truncated: bool
    values: list[Value]


class Input(BaseModel):
    """What a name in the formula came to, and from how many records."""

    name: str
    title: str
    value: str | None
    records: int


class SourceRecord(BaseModel):
    """A record that was counted, the batch it came in, and what it added to each measure."""

    subject: str
    version: int
    batch: str
    accepted: str
    fields: dict[str, Any]
    counted: dict[str, str | None]


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


class RiskAnswer(BaseModel):
    """A risk, as in its event on irf.risks."""

    subject: str
    version: int
    time: str
    data: dict[str, Any]


class Register(BaseModel):
    """Every risk, the highest score first."""

    cursor: str
    risks: list[RiskAnswer]
