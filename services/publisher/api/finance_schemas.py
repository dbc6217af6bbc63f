"""The shapes of the answers about the council's money. Every amount is whole pence."""

from typing import Any

from pydantic import BaseModel, Field


class Amounts(BaseModel):
    """Where the money stands at the end of a period, in pence; a positive variance is over budget,
    adverse."""

    original_budget: int
    virements: int
    current_budget: int = Field(description="The cash limit: original budget plus virements.")
    budget_to_date: int
    actual: int
    commitments: int
    forecast: int
    variance: int = Field(description="Forecast less current budget: positive is over, adverse.")
    movement: int = Field(description="The variance less what it was by the forecast before.")
    one_off: int
    ongoing: int
    assumed: int = Field(description="The part of the forecast that is only the current budget.")
    run_rate: int = Field(description="The year at the pace so far: beside the forecast.")


class Judged(BaseModel):
    """How it was judged, and by which rule."""

    outcome: str
    rule: str


class PositionRow(BaseModel):
    """A node or cost centre at a period."""

    level: str
    code: str
    name: str
    fund: str
    fund_name: str
    subject: str
    known: bool = Field(description="False where no structure names it: its money still counts.")
    figures: Amounts
    rag: Judged
    text: str
    link: str
    updated: str


class Asked(BaseModel):
    """What every answer about positions says of itself."""

    cursor: str
    year: str
    period: str
    basis: str
    unit: str = "pence"
    sign: str = Field(description="The sign convention.")


class PositionList(Asked):
    """Positions of one level, fund by fund: funds are never added up with each other."""

    by: str
    positions: list[PositionRow]


class SubjectiveRow(BaseModel):
    """A subjective group of a position."""

    code: str
    name: str
    figures: Amounts


class HistoryRow(BaseModel):
    """A position at the end of one of its periods."""

    period: str
    figures: Amounts
    rag: Judged


class ReasonRow(BaseModel):
    """Why a cost centre's forecast differs from its budget, in its manager's words."""

    cost_centre: str
    name: str
    subjective: str
    variance: int
    one_off: int
    reason: str
    mitigation: str
    by: str
    made: str = Field(description="The period at whose end the forecast was made.")


class PositionAnswer(Asked):
    """One position with what it is made of."""

    position: PositionRow
    other_funds: list[PositionRow]
    subjectives: list[SubjectiveRow]
    children: list[PositionRow]
    run_rate: int
    forecast: int
    reasons: list[ReasonRow]
    history: list[HistoryRow]


class Sentence(BaseModel):
    """How one number was worked out."""

    number: str
    text: str


class LedgerRecord(BaseModel):
    """A record behind a cost centre's year."""

    subject: str
    role: str
    year: str
    period: int
    subjective: str
    version: int
    batch: str
    accepted: str
    fields: dict[str, Any]


class PositionExplanation(Asked):
    """How a position's numbers came about. `next` continues the list of records."""

    position: PositionRow
    sentence: str
    worked: list[Sentence]
    states: list[str] = Field(description="The subjects of the states it was read from.")
    records: list[LedgerRecord]
    next: str | None


class StateAnswer(BaseModel):
    """A state, as in its event on irf.finance, with a sentence."""

    subject: str
    version: int
    time: str
    text: str
    data: dict[str, Any]


class StateList(BaseModel):
    """States of one kind in a year."""

    cursor: str
    year: str
    unit: str = "pence"
    sign: str
    years: list[str]
    items: list[StateAnswer]


class SavingTotals(BaseModel):
    """Savings added up, in pence."""

    target: int
    delivered: int
    forecast: int
    undeliverable: int
    text: str


class SavingList(StateList):
    """The savings of a year, and what they come to."""

    total: SavingTotals


class HintList(BaseModel):
    """Payments worth a look. A hint is no finding."""

    cursor: str
    items: list[StateAnswer]


class SchemeAnswer(BaseModel):
    """One capital scheme."""

    cursor: str
    unit: str = "pence"
    sign: str
    scheme: StateAnswer
