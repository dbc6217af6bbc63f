"""Challenges: raised, answered, closed and reopened. Reference and steps are named by the door."""

from services.ingest.acts.matters import Matter, challenge_of, matter, not_now
from services.ingest.acts.review import not_yours
from services.ingest.domain import acting
from services.ingest.domain.forms import Asked, Entry
from services.ingest.kept import Kept
from shared.review import challenges
from shared.review.challenges import ANSWER, RAISE, REOPEN


def step(kept: Kept, asked: Asked, period: str, about: str, does: str) -> Entry:
    """A step of a challenge about a thing in a quarter."""
    found = matter(kept, period, about)
    if does == RAISE:
        return _raised(kept, asked, found)
    reference = asked.text("challenge")
    standing = challenge_of(kept, reference)
    if (standing.period, standing.about) != (found.quarter.code, found.about.text):
        raise not_now("there is no such challenge of this")
    if does == ANSWER and not acting.owns(asked.person, found.thing, kept.catalogue):
        raise not_yours(asked, "answer for this")
    if does == REOPEN and found.closed():
        raise not_now(found.closed())
    why = challenges.refusal(standing.stage, standing.by, does, asked.person.post)
    if why:
        raise not_now(why)
    return _entry(kept, asked, found, reference, does, standing)


def _raised(kept: Kept, asked: Asked, found: Matter) -> Entry:
    if not acting.may_challenge(asked.person, found.thing, kept.catalogue):
        raise not_yours(asked, "challenge this")
    if found.closed():
        raise not_now(found.closed())
    reference = f"{found.quarter.code}-{asked.token()}"
    return _entry(kept, asked, found, reference, RAISE, challenges.folded([]))


def _entry(
    kept: Kept, asked: Asked, found: Matter, reference: str, does: str, before: challenges.Standing
) -> Entry:
    at = asked.moment([each.at for each in before.steps])
    named = f"{len(before.steps) + 1:03}-{does.lower()}-{asked.token()}"
    said = challenges.Step(
        does, asked.person.post, at, asked.text("text"), "", found.quarter.code, found.about.text
    )
    if challenges.folded([*before.steps, said]).set_aside:
        raise not_now("a step of this challenge is dated later than now")
    return Entry(
        kept.contract("challenge-step"),
        {
            "challenge": reference,
            "step": named,
            "does": does,
            **found.named,
            "text": asked.text("text"),
            "by": asked.person.post,
            "at": at,
        },
        ("text",),
        new=True,
    )
