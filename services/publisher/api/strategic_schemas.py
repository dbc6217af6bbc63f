"""The shapes of answers about the set that members watch and the evidence base."""

from pydantic import BaseModel, Field


class Shown(BaseModel):
    """A figure as pages show it. `value` is the exact number; blank where there is none."""

    subject: str
    period: str = Field(description="The period's code.")
    value: str | None
    text: str
    target: str
    outcome: str
    provisional: bool
    change: str = Field(description="Since the period before, in words.")


class Since(BaseModel):
    """What became of something since it was reported."""

    text: str
    now: str
    difference: str


class Quarter(BaseModel):
    """An indicator in a quarter: its figure that ended last in it, if there is one."""

    quarter: str
    figure: Shown | None
    since: Since | None = None


class StrategicIndicator(BaseModel):
    """An indicator of the set. `newest` is what stands for it now (in a report: then)."""

    code: str
    title: str
    quarters: list[Quarter]
    newest: Shown | None
    since: Since | None = None
    late: str = ""


class Tally(BaseModel):
    """How many indicators there are, how many have a target, and how those stand."""

    indicators: int
    targets: int
    green: int
    amber: int
    red: int
    sentence: str


class Group(BaseModel):
    """Indicators under a corporate priority, or under a portfolio where there are none."""

    code: str
    name: str
    summary: str
    indicators: list[StrategicIndicator]


class Fund(BaseModel):
    """A fund's position in words."""

    fund: str
    name: str
    budget: str
    forecast: str
    variance: str
    outcome: str
    since: Since | None = None


class TopRisk(BaseModel):
    """A risk among those with the highest scores."""

    reference: str
    title: str
    score: str
    band: str
    standing: str
    since: Since | None = None


class StrategicAnswer(BaseModel):
    """The set that members watch, quarter by quarter, beside money and risks. `report` names the
    quarter that it was reported for; it is live without one. `intact` is false where a report's
    copy no longer matches its hash, by a check that is at most five minutes old."""

    cursor: str
    report: str | None
    intact: bool
    quarters: list[str]
    tally: Tally
    groups: list[Group]
    money_period: str
    money: list[Fund]
    risks: list[TopRisk]


class Source(BaseModel):
    """Where figures come from, and by what right they are shown."""

    name: str
    licence: str


class Compared(BaseModel):
    """An indicator beside other areas in a period."""

    period: str
    own: str
    sentences: list[str]


class EvidenceIndicator(BaseModel):
    """An indicator of the evidence base."""

    code: str
    title: str
    definition: str
    figure: Shown | None
    comparison: Compared | None
    sources: list[Source]
    late: str


class Topic(BaseModel):
    """A topic of the evidence base."""

    code: str
    name: str
    summary: str
    indicators: list[EvidenceIndicator]


class EvidenceAnswer(BaseModel):
    """The evidence base by topic. `note` says that figures are made up, where they are."""

    cursor: str
    note: str
    topics: list[Topic]
