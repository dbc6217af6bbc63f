"""A challenge from its steps, and what somebody is reminded of. Pure."""

from collections.abc import Mapping
from datetime import date, timedelta

from shared.catalogue.review import ReviewCycle
from shared.contracts.fields import Fields, iso_day, text
from shared.contracts.review import Challenge, ChallengeStep, Reminder, Review
from shared.review.about import read_quarter
from shared.review.challenges import OPEN, Standing, Step, folded
from shared.review.personal import personal
from shared.review.signing import SIGNED_OFF

ANSWER = "answer"
# How long whoever is challenged has for an answer.
ANSWER_DAYS = 7


def standing_of(records: Mapping[str, Fields]) -> Standing:
    """Where a challenge stands, by the records of its steps."""
    return folded(
        Step(
            does=text(fields, "does"),
            by=text(fields, "by"),
            at=text(fields, "at"),
            text=text(fields, "text"),
            record=record,
            period=text(fields, "period").strip(),
            about=text(fields, "about").strip(),
        )
        for record, fields in records.items()
    )


def challenge_of(reference: str, stands: Standing, owner: str) -> Challenge:
    """A challenge that was raised; `owner` answers for what is challenged."""
    return Challenge(
        reference=reference,
        period=stands.period,
        about=stands.about,
        stage=stands.stage,
        by=stands.by,
        at=stands.at,
        waits_for=stands.waits_for(owner),
        steps=[
            ChallengeStep(
                each.does, each.by, each.at, each.text, each.record, personal(each.text)
            )
            for each in stands.steps
        ],
        set_aside=dict(sorted(stands.set_aside.items())),
    )  # fmt: skip


def reminder_of_review(review: Review, rule: ReviewCycle, today: str) -> Reminder | None:
    """What a review asks somebody for, once its day is near; None before, and once it is done."""
    if review.stage == SIGNED_OFF or not _near(review.due, rule, today):
        return None
    return Reminder(
        period=review.period,
        about=review.about,
        task=review.stage,
        who=review.waits_for,
        due=review.due,
        overdue=review.overdue,
        service=review.service,
    )


def reminder_of_challenge(
    challenge: Challenge, service: str, rule: ReviewCycle, today: str
) -> Reminder | None:
    """The answer that a challenge asks for, once its day is near; None where none is awaited."""
    raised = iso_day({"at": challenge.at}, "at")
    if challenge.stage != OPEN or not raised or read_quarter(challenge.period) is None:
        return None
    due = _days_from(raised, ANSWER_DAYS)
    if not _near(due, rule, today):
        return None
    return Reminder(
        period=challenge.period,
        about=challenge.about,
        task=ANSWER,
        who=challenge.waits_for,
        due=due,
        overdue=due < today,
        service=service,
    )


def _near(due: str, rule: ReviewCycle, today: str) -> bool:
    return today >= _days_from(due, -rule.remind_days)


def _days_from(day: str, days: int) -> str:
    try:
        return (date.fromisoformat(day) + timedelta(days=days)).isoformat()
    except OverflowError:  # the first and the last days that there are
        return day
