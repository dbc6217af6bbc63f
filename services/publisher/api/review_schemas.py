"""The shapes of the answers about cycles, reviews, challenges, and quarters as reported."""

from typing import Any

from pydantic import BaseModel, Field


class State(BaseModel):
    """A state of irf.risks, as in its event, with where it stands in words."""

    subject: str
    version: int
    time: str
    text: str = ""
    data: dict[str, Any]


class CycleAnswer(BaseModel):
    """Where a quarter stands. Counts, steps and reminders are for people who are signed in."""

    cursor: str
    period: str
    stage: str
    text: str
    missing: list[str] = Field(default=[], description="What stands against a freeze, in words.")
    cycle: State | None = Field(default=None, description="The whole state, where it may be read.")
    reminders: list[State] = []


class Said(BaseModel):
    """A text of a voice, also one that stands no longer."""

    voice: str
    now: bool
    by: str
    at: str
    what_happened: str
    why: str
    what_next: str


class ReviewAnswer(BaseModel):
    """The review of a figure in a quarter: its commentary, and for people who are signed in where
    it stands."""

    cursor: str
    period: str
    about: str
    commentary: list[Said] = Field(description="What was said, the newest first.")
    review: State | None = Field(default=None, description="The whole state, where it may be read.")


class ChallengeList(BaseModel):
    """Challenges, those that were raised last first."""

    cursor: str
    challenges: list[State]


class ReportHead(BaseModel):
    """A quarter and where it stands; when it was frozen, and the hash of what was reported."""

    period: str
    stage: str
    text: str
    frozen_at: str | None = None
    taken_at: str | None = None
    cursor: str | None = None
    sha256: str | None = None
    counts: dict[str, int] = {}
    lost: bool = Field(default=False, description="It is frozen, but this store holds no copy.")


class ReportList(BaseModel):
    """Quarters, the newest first."""

    cursor: str
    reports: list[ReportHead]


class Since(BaseModel):
    """How something reads now that was reported otherwise."""

    text: str
    now: str
    difference: str = Field(description="The exact number now less the one reported.")


class Reported(BaseModel):
    """A state as it was reported, in words, and what became of it since."""

    subject: str
    version: int
    time: str
    text: str
    data: dict[str, Any]
    since: Since | None = None


class ReportedCommentary(BaseModel):
    """What was said of a figure, by voice, as it was reported."""

    about: str
    voices: dict[str, Any]


class ReportAnswer(ReportHead):
    """A quarter as it was reported: the values that stood for indicators, positions at the
    quarter's end (pence), open risks and commentary. All entries are in /reports/{period}.json."""

    now: str = Field(description="The cursor of the live figures it was compared with.")
    by: str
    despite: str
    intact: bool = Field(description="The entries still make the hash; checked just now.")
    strategic: list[str] = Field(description="The codes of the strategic indicators.")
    values: list[Reported]
    positions: list[Reported]
    risks: list[Reported]
    commentary: list[ReportedCommentary]
