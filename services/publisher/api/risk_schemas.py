"""The shapes of the answers about risks, actions and projects. Amounts in states are pence."""

from typing import Any

from pydantic import BaseModel, Field


class StateAnswer(BaseModel):
    """A risk, an action or a project, as in its event on irf.risks, with a sentence."""

    subject: str
    version: int
    time: str
    text: str = Field(default="", description="Where it stands, in words.")
    data: dict[str, Any]


class Register(BaseModel):
    """Risks of the register, the highest score first."""

    cursor: str
    text: str = Field(default="", description="How many are open, and in which bands, in words.")
    risks: list[StateAnswer]


class HeatCell(BaseModel):
    """A likelihood with an impact: what it scores, and which risks stand there."""

    likelihood: int
    impact: int
    score: int
    band: str
    rag: str
    risks: list[str] = Field(description="References of the open threats in it.")


class HeatMap(BaseModel):
    """The council's matrix with the open threats in its cells: the highest likelihood first, then
    the lowest impact first."""

    cursor: str
    matrix: str
    likelihood: list[str] = Field(description="The levels, the lowest first.")
    impact: list[str] = Field(description="The levels, the lowest first.")
    cells: list[HeatCell]
    elsewhere: list[str] = Field(description="Risks that were scored on another matrix.")


class Moved(BaseModel):
    """A risk that moved: scores before and after, or tiers where it went from one to another."""

    reference: str
    title: str
    nature: str
    on: str
    before: str
    after: str
    reason: str
    by: str


class Movements(BaseModel):
    """How the register moved in a quarter."""

    cursor: str
    quarter: str
    period: str
    text: str
    new: list[Moved]
    closed: list[Moved]
    up: list[Moved]
    down: list[Moved]
    escalated: list[Moved]
    de_escalated: list[Moved]


class ActionList(BaseModel):
    """Actions: first those to be done, by their due days, then what is over."""

    cursor: str
    text: str
    actions: list[StateAnswer]


class ProjectList(BaseModel):
    """Projects: first those that run, by the days they end, then those that are over."""

    cursor: str
    text: str
    projects: list[StateAnswer]
