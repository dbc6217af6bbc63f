"""Questions about review, challenge and cycle that calls and pages both ask of a snapshot."""

from collections.abc import Callable, Iterable
from typing import NamedTuple, TypeVar

from services.publisher.domain.review_words import (
    decode_challenge,
    decode_cycle,
    decode_reminder,
    decode_review,
    ordered,
)
from services.publisher.reading_finance import state_of
from services.publisher.readmodel import Snapshot
from services.publisher.store import repository, state_versions
from services.publisher.store.tables import TABLES
from shared.contracts import subjects
from shared.contracts.review import Challenge, Cycle, Reminder, Review, Voice
from shared.contracts.topics import RISKS
from shared.delivery.held import Held, HeldState
from shared.delivery.pages import prefix_end
from shared.review.signing import SIGNED_OFF

VERSIONS_READ = 200

T = TypeVar("T")
_held = Held(TABLES)


class Saying(NamedTuple):
    """What a voice said at some time, and whether it is what it says now."""

    voice: str
    said: Voice
    now: bool


def cycles(view: Snapshot) -> list[tuple[HeldState, Cycle]]:
    """Every quarter that has a cycle, the newest first."""
    return _scan(view, "cycle/", decode_cycle)[::-1]


def cycle(view: Snapshot, period: str) -> tuple[HeldState, Cycle] | None:
    """Where a quarter stands."""
    return _one(view, subjects.cycle(period), decode_cycle)


def reviews(view: Snapshot, period: str) -> list[tuple[HeldState, Review]]:
    """The figures under review in a quarter, by what they are about."""
    return _scan(view, f"review/{subjects.part(period)}/", decode_review)


def review(view: Snapshot, period: str, about: str) -> tuple[HeldState, Review] | None:
    """The review of a figure in a quarter."""
    return _one(view, subjects.review(period, about), decode_review)


def reviews_about(view: Snapshot, about: str) -> list[tuple[HeldState, Review]]:
    """The reviews of a figure in every quarter, the newest first."""
    wanted = [subjects.review(period, about) for period in quarters(view)]
    found = repository.rows(view.tx, RISKS, wanted)
    listed = [found[subject] for subject in wanted if subject in found]
    return [(state_of(row), decode_review(row.body or b"")) for row in listed]


def quarters(view: Snapshot) -> list[str]:
    """The quarters that have reviews, the newest first. One look for each."""
    found: list[str] = []
    last = "review/"
    sql = (
        "SELECT subject FROM held WHERE topic = ? AND subject > ? AND subject < ?"
        " AND body IS NOT NULL ORDER BY subject LIMIT 1"
    )
    while True:
        row = view.tx.run(sql, (RISKS, last, prefix_end("review/"))).cursor.fetchone()
        if row is None:
            return found[::-1]
        period = str(row[0]).split("/")[1]
        found.append(period)
        last = prefix_end(f"review/{period}/")


def challenges(
    view: Snapshot, period: str | None = None, about: str | None = None
) -> list[tuple[HeldState, Challenge]]:
    """Challenges, those that were raised last first."""
    found = [
        (state, each)
        for state, each in _scan(view, "challenge/", decode_challenge)
        if period in (None, each.period) and about in (None, each.about)
    ]
    return sorted(found, key=lambda each: (each[1].at, each[1].reference), reverse=True)


def reminders(view: Snapshot, period: str) -> list[tuple[HeldState, Reminder]]:
    """Whom the system reminds of a quarter's work, whose day comes first first."""
    found = [
        (state, each)
        for state, each in _scan(view, "reminder/", decode_reminder)
        if each.period == period
    ]
    return sorted(found, key=lambda each: (each[1].due, each[1].who, each[0].subject))


def commentary(view: Snapshot, subject: str) -> list[Saying]:
    """Everything that the voices of a review said, the newest first: each text once, however often
    the review moved since."""
    found: dict[tuple[str, str, str], Saying] = {}
    kept = state_versions.of(view.tx, subject, VERSIONS_READ)
    for place, version in enumerate(kept):
        told = decode_review(version.body) if version.body else None
        for voice, said in ordered(told.voices) if told else ():
            found.setdefault((voice, said.by, said.at), Saying(voice, said, now=place == 0))
    return sorted(found.values(), key=lambda each: each.said.at, reverse=True)


def _scan(view: Snapshot, prefix: str, decode: Callable[[bytes], T]) -> list[tuple[HeldState, T]]:
    return [(state, decode(state.body)) for state in _held.scan(view.tx, RISKS, prefix)]


def _one(view: Snapshot, subject: str, decode: Callable[[bytes], T]) -> tuple[HeldState, T] | None:
    row = repository.rows(view.tx, RISKS, [subject]).get(subject)
    return None if row is None else (state_of(row), decode(row.body or b""))


def unfinished(found: Iterable[tuple[HeldState, Review]]) -> list[tuple[HeldState, Review]]:
    """The reviews that wait for somebody, whose day comes first first."""
    waiting = [each for each in found if each[1].stage != SIGNED_OFF]
    return sorted(waiting, key=lambda each: (each[1].due or "9999", each[1].about))
