"""What a form about a quarter speaks of: the quarter, where its cycle stands, and the thing."""

from typing import NamedTuple

from services.ingest.domain.acting import Thing, thing_of
from services.ingest.domain.forms import refused, sentence
from services.ingest.kept import Found, Kept
from shared.contracts.fields import text
from shared.review import challenges, cycle
from shared.review.about import RISK, About, Quarter, read_about, read_quarter


class Matter(NamedTuple):
    """A thing in a quarter under review. `stage` is where the quarter's cycle stands."""

    quarter: Quarter
    about: About
    thing: Thing
    stage: str

    @property
    def named(self) -> dict[str, str]:
        """As records name it."""
        return {"period": self.quarter.code, "about": self.about.text}

    def closed(self) -> str:
        """Why nothing new can be said of it, in a sentence; empty where something can."""
        if self.stage == cycle.FROZEN:
            return "The quarter is frozen: what is reported does not change any more."
        if self.stage == cycle.OPEN:
            return "Nobody has begun to collect for this quarter."
        return ""


def matter(kept: Kept, period: str, about: str) -> Matter:
    """What a form's address speaks of. Raises FormRefused where there is no such thing."""
    quarter = quarter_named(period)
    what = read_about(about)
    risk = kept.one("risk", reference=what.code) if what and what.kind == RISK else None
    thing = thing_of(what, kept.catalogue, risk.fields if risk else None) if what else None
    if what is None or thing is None:
        raise refused(404, f"There is no {about[:100]!r} to review.")
    return Matter(quarter, what, thing, cycle_of(kept, quarter.code).stage)


def quarter_named(period: str) -> Quarter:
    """A quarter by its code. Raises FormRefused."""
    quarter = read_quarter(period) if len(period) < 20 else None
    if quarter is None:
        raise refused(404, f"{period[:40]!r} is no quarter such as 2026-27-Q2.")
    return quarter


def cycle_of(kept: Kept, period: str) -> cycle.Standing:
    """Where a quarter's cycle stands, by the steps that are kept."""
    return cycle.folded(_cycle_step(each) for each in kept.where("cycle-step", "period", period))


def _cycle_step(found: Found) -> cycle.Step:
    said = found.fields
    return cycle.Step(
        text(said, "to"), text(said, "by"), text(said, "at"), found.subject, text(said, "despite")
    )


def challenge_of(kept: Kept, reference: str) -> challenges.Standing:
    """Where a challenge stands, by the steps that are kept."""
    steps = kept.where("challenge-step", "challenge", reference)
    return challenges.folded(challenge_step(each) for each in steps)


def challenges_of(kept: Kept, quarter: str, about: str = "") -> dict[str, challenges.Standing]:
    """Every challenge of a quarter (about one thing, where it is named), by its reference."""
    found: dict[str, list[challenges.Step]] = {}
    for each in kept.where("challenge-step", "period", quarter):
        found.setdefault(text(each.fields, "challenge"), []).append(challenge_step(each))
    standing = {name: challenges.folded(steps) for name, steps in sorted(found.items())}
    return {
        name: each
        for name, each in standing.items()
        if each.stage and each.period == quarter and about in ("", each.about)
    }


def challenge_step(found: Found) -> challenges.Step:
    """A step of a challenge, as its record says it."""
    said = found.fields
    names = ("does", "by", "at", "text")
    does, by, at, words = (text(said, name) for name in names)
    return challenges.Step(
        does, by, at, words, found.subject, text(said, "period"), text(said, "about")
    )


def not_now(reason: str) -> Exception:
    """A form that a rule stands against, by the rule's own reason."""
    return refused(409, sentence(reason))
