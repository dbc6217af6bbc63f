"""The definitions of risk: the matrix that scores it, and the policy it is judged by.

Rule: how risk is scored, banded, tolerated, reviewed and escalated is the council's own, so it is
data. Which records are risks, controls, reviews, actions and projects is said by datasets' roles.
"""

from __future__ import annotations

from decimal import Decimal
from typing import Literal

import msgspec

from shared.catalogue.definition import Definition

Appetite = Literal["averse", "minimal", "cautious", "open", "eager"]
PromptCause = Literal["red indicator", "adverse variance", "contract"]
PROMPT_CAUSES: tuple[PromptCause, ...] = ("red indicator", "adverse variance", "contract")
BandRag = Literal["green", "amber", "red"]


class Level(Definition, frozen=True):
    """A level of likelihood or impact. Records name it by its number, 1 for the first; `weight` is
    what it counts in a score, the number itself where it is left out."""

    name: str
    weight: int | None = None
    about: str = ""


class Band(Definition, frozen=True, rename={"from_": "from"}):
    """A band of scores, from the lowest score that it takes. A risk in it is to be reviewed every
    `review_months`; `rag` is how it is shown, by its place among the bands where it is left out."""

    name: str
    from_: int = 0
    rag: BandRag | None = None
    review_months: int = 3


class Criteria(Definition, frozen=True):
    """What each level of impact means for a category of risk: in words, or as pounds of loss below
    which it still is that level (one fewer than levels: the last has no end)."""

    category: str
    levels: list[str] = []
    money: list[Decimal] = []


class RiskMatrix(Definition, frozen=True):
    """How likelihood and impact make a score and a band. Each is a number of levels, or the levels
    themselves. `cells` maps bands cell by cell instead of by score: a row for each likelihood, the
    lowest first, of a band's name for each impact."""

    code: str
    likelihood: int | list[Level]
    impact: int | list[Level]
    bands: list[Band]
    cells: list[list[str]] = []
    criteria: list[Criteria] = []


class RiskCategory(Definition, frozen=True):
    """A category of risk, with the council's appetite for it in a word: up to the score
    `appetite_to` a risk is within appetite, up to `tolerance_to` it is tolerated."""

    code: str
    name: str
    appetite: Appetite = "cautious"
    appetite_to: int | None = None
    tolerance_to: int | None = None


class RiskTier(Definition, frozen=True):
    """A tier of the register, from the lowest. A risk that reaches the score `from` belongs here at
    least: it is suggested for escalation while it stands lower."""

    code: str
    name: str
    escalate_from: int | None = None


class RiskPolicy(Definition, frozen=True):
    """The council's risk policy. `prompts` are the events that ask for a review."""

    code: str
    categories: list[RiskCategory] = []
    tiers: list[RiskTier] = []
    prompts: list[PromptCause] = msgspec.field(default_factory=lambda: list(PROMPT_CAUSES))
