"""The cycle of a quarter: open, collecting, owner sign-off, director sign-off, frozen.

Rule: a step goes to the next stage or back to the one before, never past one, and frozen is never
left. Steps count in the order of when they were taken, and then of their records; one that does not
fit where the quarter stands by then is set aside, with a sentence that says why.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import NamedTuple

from shared.contracts.fields import named

OPEN, COLLECTING, OWNER, DIRECTOR, FROZEN = (
    "open", "collecting", "owner sign-off", "director sign-off", "frozen",
)  # fmt: skip
STAGES = (OPEN, COLLECTING, OWNER, DIRECTOR, FROZEN)
# Where a step may lead: nothing leads back to where nobody has begun.
REACHED = STAGES[1:]
# What is shown of a word that is none of these.
SHOWN = 40


class Step(NamedTuple):
    """A step of a quarter's cycle, as its record says it."""

    to: str
    by: str
    at: str
    record: str
    despite: str = ""


class Standing(NamedTuple):
    """Where a quarter stands, by the steps that count, and why others do not, by record."""

    stage: str
    steps: list[Step]
    set_aside: dict[str, str]

    @property
    def under_review(self) -> bool:
        """Whether its figures are under review: from collecting on, and once frozen too."""
        return self.stage != OPEN


def stage_named(text: str) -> str:
    """A stage by its name, whatever capitals it is written in; any other text as it is."""
    return named(text, STAGES)


def refusal(stage: str, to: str) -> str:
    """Why a quarter at a stage cannot go to another, in a sentence; empty where it can."""
    to = stage_named(to)
    if to not in REACHED:
        return f"there is no stage {to[:SHOWN]!r} to go to"
    if stage == FROZEN:
        return "the quarter is frozen, and stays so"
    if to == stage:
        return f"the quarter is at {stage} already"
    if abs(STAGES.index(to) - STAGES.index(stage)) != 1:
        return f"the quarter is at {stage}, and a step does not pass a stage: {to} is too far"
    return ""


def allowed(stage: str, to: str) -> bool:
    """Whether a quarter at a stage can go to another."""
    return not refusal(stage, to)


def onward(stage: str) -> list[str]:
    """Where a quarter can go from a stage: the next one first, then the one before."""
    return [to for to in reversed(REACHED) if allowed(stage, to)]


def folded(steps: Iterable[Step]) -> Standing:
    """Where steps, in whatever order they come, bring a quarter."""
    stage, counted, set_aside = OPEN, [], {}
    for step in sorted(steps, key=lambda each: (each.at, each.record)):
        why = refusal(stage, step.to)
        if why:
            set_aside[step.record] = why
            continue
        stage = stage_named(step.to)
        counted.append(step._replace(to=stage))
    return Standing(stage, counted, set_aside)
