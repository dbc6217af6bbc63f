"""The shapes of the publisher's answers. Exact numbers are strings; pence and counts integers.

Those of indicators are asked for most: they are plain classes that are written as JSON at once,
with states in them as they are held. See `written`.
"""

from dataclasses import dataclass, field
from typing import Annotated, Any

import msgspec
from fastapi.responses import Response
from pydantic import BaseModel, Field, WithJsonSchema

# A JSON object: as bytes (msgspec.Raw), or what makes it.
State = Annotated[Any, WithJsonSchema({"type": "object", "additionalProperties": True})]

_encode = msgspec.json.Encoder().encode


def written(answer: object) -> Response:
    """An answer as a response."""
    return Response(_encode(answer), media_type="application/json")


@dataclass(slots=True, kw_only=True)
class Value:
    """A value of an indicator, as in its event on irf.indicators, with when it was said."""

    subject: str
    version: int
    time: Annotated[str, Field(description="When this version was published (ISO 8601).")]
    origin: Annotated[str, Field(description="When the change behind it was accepted at the door.")]
    data: Annotated[State, Field(description="The state, as on irf.indicators.")]
    revised: Annotated[
        str | None,
        Field(description="When its number last changed after the day it first was final."),
    ] = None


@dataclass(slots=True, kw_only=True)
class IndicatorAnswer:
    """A definition with its newest value."""

    code: str
    title: str
    definition: Annotated[State, Field(description="The definition, as in the catalogue.")]
    value: Annotated[
        Value | None, Field(description="The newest value of the period it is shown by.")
    ]
    late: Annotated[str, Field(description="Which of its datasets are late, in words.")] = ""
    late_datasets: list[str] = field(default_factory=list)


@dataclass(slots=True, kw_only=True)
class IndicatorList:
    """Every indicator. `cursor` is where a stream takes over without a gap."""

    cursor: str
    indicators: list[IndicatorAnswer]


@dataclass(slots=True, kw_only=True)
class Control:
    """Control limits (XmR) of a stretch of a series; `signals` by period."""

    kind: str
    breakdown: Annotated[
        str, Field(description="The member, such as ward=27; empty for all records.")
    ]
    first: Annotated[
        str, Field(description="The first period that the limits are worked out from.")
    ]
    last: str
    centre: str
    lower: str
    upper: str
    points: int
    signals: dict[str, list[str]]


@dataclass(slots=True, kw_only=True)
class Break:
    """From `month` on, figures cannot be compared with those before."""

    month: str
    kind: Annotated[str, Field(description="A break in the series, or a new source.")]
    note: str


@dataclass(slots=True, kw_only=True)
class Forecast:
    """Where the running year is heading; `value` is null where the method has nothing to go by."""

    year: str
    method: str
    value: str | None
    sentence: str
    based_on: Annotated[str, Field(description="The period to date that it starts from.")]


@dataclass(slots=True, kw_only=True)
class Standing:
    """A value among the other areas of a peer group. Rank and quartile 1 are the best."""

    group: str
    name: str
    areas: int
    mean: str
    median: str
    best_quartile: str | None
    rank: int | None
    quartile: int | None
    distance: Annotated[str | None, Field(description="How far from the best quartile.")]
    values: Annotated[dict[str, str], Field(description="The areas' values as published, by area.")]


@dataclass(slots=True, kw_only=True)
class Series:
    """Values by period and member. `truncated` says that there are more than `limit`."""

    indicator: str
    as_at: str | None
    cursor: str
    truncated: bool
    values: list[Value]
    control: Annotated[
        list[Control], Field(description="Of months and quarters of which 8 or more are finished.")
    ] = field(default_factory=list)
    breaks: list[Break] = field(default_factory=list)
    forecast: Forecast | None = None
    benchmarks: Annotated[
        dict[str, list[Standing]],
        Field(description="By period, how the value for all records stands among areas."),
    ] = field(default_factory=dict)


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
