"""The states of risk, actions and projects on irf.risks.

Rule: every day is an ISO date, empty where it is not known; money is in whole pence; a state holds
its parts by the records they came from, so that it explains itself.
"""

import msgspec

from shared.contracts.judged import RagState


class Score(msgspec.Struct, gc=False):
    """Levels on the council's matrix, the score that they make and its band."""

    likelihood: int
    impact: int
    score: int
    band: str


class RiskControl(msgspec.Struct, omit_defaults=True, gc=False):
    """A control that is in place. `line` is the line of assurance, `effectiveness` as assessed."""

    control: str
    title: str
    owner: str = ""
    line: str = ""
    effectiveness: str = ""
    assured: str = ""


class Scored(msgspec.Struct, omit_defaults=True, gc=False):
    """What a review found: the score from that day, and why. `record` is where it comes from."""

    on: str
    likelihood: int
    impact: int
    score: int
    band: str
    reason: str = ""
    by: str = ""
    record: str = ""


class Tiered(msgspec.Struct, omit_defaults=True, gc=False):
    """A move between tiers: `direction` is escalated or de-escalated, or blank where neither."""

    on: str
    tier: str
    came_from: str = ""
    direction: str = ""
    reason: str = ""
    by: str = ""
    record: str = ""


class Prompt(msgspec.Struct, gc=False):
    """Why a risk should be looked at again: what happened to something it is linked to. `cause` is
    red indicator, adverse variance or contract; `subject` is that of the state which says so."""

    cause: str
    topic: str
    subject: str
    says: str


class Risk(msgspec.Struct, gc=False):
    """A scored risk: levels now, the score they make, and its band on the matrix.

    `nature` is threat or opportunity. The score now is that of the newest review that found one,
    else the register's own; `history` holds all, the oldest first. `tier` is where the newest move
    put it. `standing` is within appetite, above appetite or beyond tolerance of its category.
    `review_by` follows from the band, `overdue` from the business date. `suggested_tier` is where
    its score says it belongs, if that is higher than where it stands. `prompts` are by a name that
    a review gives to say that it considered them.
    """

    reference: str
    title: str
    service: str | None
    owner: str | None
    status: str | None
    likelihood: int
    impact: int
    score: int
    band: str
    target_score: int | None
    target_band: str | None
    matrix: str
    kind: str = "risk"
    nature: str = "threat"
    open: bool = True
    rag: RagState = msgspec.field(default_factory=lambda: RagState("no target", ""))
    cause: str = ""
    event: str = ""
    consequence: str = ""
    category: str = ""
    tier: str = ""
    directorate: str = ""
    portfolio: str = ""
    objective: str = ""
    inherent: Score | None = None
    target: Score | None = None
    target_date: str = ""
    response: str = ""
    proximity: str = ""
    velocity: str = ""
    exposure: int | None = None
    appetite: str = ""
    appetite_to: int | None = None
    tolerance_to: int | None = None
    standing: str = ""
    opened: str = ""
    closed: str = ""
    reviewed: str = ""
    reviewed_by: str = ""
    review_by: str = ""
    overdue: bool = False
    suggested_tier: str = ""
    controls: dict[str, RiskControl] = {}
    history: list[Scored] = []
    moves: list[Tiered] = []
    indicators: list[str] = []
    cost_centres: list[str] = []
    contracts: list[str] = []
    projects: list[str] = []
    prompts: dict[str, Prompt] = {}


class Action(msgspec.Struct, omit_defaults=True, gc=False, tag_field="kind", tag="action"):
    """An improvement action. `stage`: not started, in progress, complete, cancelled or overdue;
    `slipped` says that it is expected after its due day."""

    reference: str
    title: str
    stage: str
    due: str
    rag: RagState
    status: str = ""
    progress: int | None = None
    service: str = ""
    directorate: str = ""
    portfolio: str = ""
    owner: str = ""
    description: str = ""
    start: str = ""
    forecast: str = ""
    done: str = ""
    slipped: bool = False
    indicators: list[str] = []
    risks: list[str] = []
    cost_centres: list[str] = []
    projects: list[str] = []


class ProjectMilestone(msgspec.Struct, omit_defaults=True, gc=False):
    """A milestone of a project. `stage`: reached, late, slipped (expected late) or to come."""

    milestone: str
    title: str
    planned: str
    stage: str
    forecast: str = ""
    achieved: str = ""


class Project(msgspec.Struct, omit_defaults=True, gc=False, tag_field="kind", tag="project"):
    """A project of the programme. `rag` is its manager's where there is one, else by milestones:
    red where one is late, amber where one is expected late. `slipped_days` is how much later than
    planned it is expected to end. `next_milestone` is the record of the next one to reach."""

    reference: str
    title: str
    rag: RagState
    open: bool = True
    status: str = ""
    programme: str = ""
    service: str = ""
    directorate: str = ""
    portfolio: str = ""
    sponsor: str = ""
    manager: str = ""
    start: str = ""
    end: str = ""
    forecast_end: str = ""
    slipped_days: int = 0
    budget: int | None = None
    scheme: str = ""
    summary: str = ""
    milestones: dict[str, ProjectMilestone] = {}
    next_milestone: str = ""
    indicators: list[str] = []
    risks: list[str] = []
    cost_centres: list[str] = []
