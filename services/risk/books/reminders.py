"""Reminders: what waits for somebody, and whose day is near or past.

Rule: nobody is reminded of a quarter that is not under review, or that is frozen.
"""

from collections.abc import Iterator
from typing import ClassVar

import msgspec

from services.risk.books.challenges import Challenges
from services.risk.books.figures import Figures
from services.risk.books.quarters import Quarters
from services.risk.books.reviews import Reviews
from services.risk.domain.challenges import reminder_of_challenge, reminder_of_review
from services.risk.world import Heard, Told, World
from shared.contracts import subjects
from shared.contracts.review import Challenge, Reminder
from shared.contracts.topics import RISKS
from shared.delivery.change import Cause, Statement
from shared.review.about import read_about
from shared.review.challenges import OPEN
from shared.review.cycle import FROZEN

_encode = msgspec.json.Encoder().encode
_challenge = msgspec.json.Decoder(Challenge).decode


class Reminders:
    """See Book. It settles last, by what reviews and challenges were found to be."""

    ROLES: ClassVar[tuple[str, ...]] = ()
    TOPICS: ClassVar[tuple[str, ...]] = ()

    def __init__(
        self,
        world: World,
        quarters: Quarters,
        figures: Figures,
        challenges: Challenges,
        reviews: Reviews,
    ) -> None:
        self._world = world
        self._quarters = quarters
        self._figures = figures
        self._challenges = challenges
        self._reviews = reviews
        self._day: Cause | None = None

    def take(self, told: Told) -> None:
        """No record is of a reminder."""

    def hear(self, heard: Heard) -> None:
        """What others say moves a reminder only by a review."""

    def pass_time(self, cause: Cause) -> None:
        """Days come near."""
        self._day = cause

    def settle(self) -> Iterator[Statement]:
        """The reminders of every review and every challenge that was settled, and of those whose
        quarter stands elsewhere."""
        rule, today = self._world.catalogue.review_cycle, self._world.today
        for period, settled in self._reviews.settled.items():
            reminding = self._reminding(period)
            for subject, review in settled.items():
                found = None
                if review is not None and reminding:
                    found = reminder_of_review(review, rule, today)
                yield _statement(subject, found, self._reviews.causes[subject])
        for reference, challenge, service, cause in self._of_challenges():
            found = None
            if challenge is not None and self._reminding(challenge.period):
                found = reminder_of_challenge(challenge, service, rule, today)
            yield _statement(subjects.challenge(reference), found, cause)

    def _reminding(self, period: str) -> bool:
        stands = self._quarters.standings([period])[period]
        return stands.under_review and stands.stage != FROZEN

    def _of_challenges(self) -> Iterator[tuple[str, Challenge | None, str, Cause]]:
        settled = self._challenges.settled
        for reference, each in settled.items():
            state, service = (None, "") if each is None else each
            yield reference, state, service, self._challenges.causes[reference]
        moved = self._quarters.moved
        for _, body in self._world.scan(RISKS, "challenge/") if moved or self._day else ():
            challenge = _challenge(body)
            cause = moved.get(challenge.period) or self._day
            waits = challenge.stage == OPEN and challenge.reference not in settled
            if cause is not None and waits:
                yield challenge.reference, challenge, self._service(challenge), cause

    def _service(self, challenge: Challenge) -> str:
        about = read_about(challenge.about)
        if about is None:
            return ""
        return self._figures.answering([about]).get(about, ("", ""))[0]


def _statement(subject: str, found: Reminder | None, cause: Cause) -> Statement:
    body = None if found is None else _encode(found)
    return Statement(RISKS, subjects.reminder(subject), body, cause)
