"""Challenges: raised by somebody, answered by somebody else, closed by whoever raised it.

Rule: it is raised once and first. An answer is given while it is open, and not by the challenger;
only the challenger closes it, or reopens it once it is closed. Steps count in the order of when
they were taken, and then of their records; what does not fit is set aside, with a sentence.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import NamedTuple

from shared.contracts.fields import named
from shared.review.about import read_about, read_quarter
from shared.review.posts import same_post

OPEN, ANSWERED, CLOSED = STAGES = ("open", "answered", "closed")
# Before anybody raised it.
UNRAISED = ""
RAISE, ANSWER, CLOSE, REOPEN = STEPS = ("Raise", "Answer", "Close", "Reopen")
# What is shown of a word that is none of these.
SHOWN = 40
_LEADS_TO = {RAISE: OPEN, ANSWER: ANSWERED, CLOSE: CLOSED, REOPEN: OPEN}


class Step(NamedTuple):
    """A step of a challenge, as its record says it."""

    does: str
    by: str
    at: str
    text: str
    record: str
    period: str = ""
    about: str = ""


class Standing(NamedTuple):
    """Where a challenge stands: what is challenged, by whom and since when is as it was raised.
    Before it is, its stage is empty."""

    stage: str
    by: str
    at: str
    period: str
    about: str
    steps: list[Step]
    set_aside: dict[str, str]

    def waits_for(self, owner: str) -> str:
        """Whom it waits for, where `owner` answers for what is challenged; empty: nobody."""
        return {OPEN: owner, ANSWERED: self.by}.get(self.stage, "")


def step_named(text: str) -> str:
    """A step by its name, whatever capitals it is written in; any other text as it is."""
    return named(text, STEPS)


def refusal(stage: str, challenger: str, does: str, by: str) -> str:
    """Why somebody cannot take a step of a challenge that stands at a stage, in a sentence; empty
    where they can. Its stage is empty before it is raised."""
    does, its_own = step_named(does), same_post(challenger, by)
    if does not in STEPS:
        return f"{does[:SHOWN]!r} is no step of a challenge"
    if does == RAISE:
        return "it is raised already" if stage else ""
    if not stage:
        return "it is not raised yet"
    if does == ANSWER:
        if its_own:
            return "who challenges does not answer"
        return "" if stage == OPEN else f"it is {stage}, and not open for an answer"
    if not its_own:
        return f"only who challenges can {does.lower()} it"
    if does == CLOSE:
        return "it is closed already" if stage == CLOSED else ""
    return "" if stage == CLOSED else "it is not closed"


def onward(stage: str, challenger: str, by: str) -> list[str]:
    """The steps that somebody can take now."""
    return [does for does in STEPS if not refusal(stage, challenger, does, by)]


def folded(steps: Iterable[Step]) -> Standing:
    """Where steps, in whatever order they come, bring a challenge."""
    found = Standing(UNRAISED, "", "", "", "", [], {})
    for step in sorted(steps, key=lambda each: (each.at, each.record)):
        does = step_named(step.does)
        why = refusal(found.stage, found.by, does, step.by)
        if not why and does == RAISE and not (read_about(step.about) and read_quarter(step.period)):
            why = "it does not say what it is about, and in which quarter"
        if why:
            found.set_aside[step.record] = why
            continue
        if does == RAISE:
            found = found._replace(by=step.by, at=step.at, period=step.period, about=step.about)
        found.steps.append(step._replace(does=does))
        found = found._replace(stage=_LEADS_TO[does])
    return found
