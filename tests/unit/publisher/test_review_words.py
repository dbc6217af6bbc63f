"""Review in words; and what is left of it for whoever is not signed in."""

import json
from typing import Any

import msgspec
import pytest

from services.publisher.domain import review_words
from services.publisher.domain.figures import Stamp
from services.publisher.domain.live import Filter, Mailbox, Message
from shared.contracts.review import Review
from tests.integration.publisher_quarter import (
    CHALLENGE,
    CYCLE,
    QUARTER,
    REMINDER,
    REVIEW,
    challenge,
    cycle,
    review,
    voice,
)

STAMP = Stamp("2019-10-10T09:00:00+00:00", "")
QUERY = {"by": "Owner", "at": "2019-10-11T09:00:00", "reason": "Ward 27 looks wrong"}


def body(state: dict[str, Any]) -> bytes:
    return msgspec.json.encode(state)


def test_every_state_has_words_and_the_service_that_it_is_filtered_by() -> None:
    display, service = review_words.told(REVIEW, body(review(query=QUERY)), STAMP)
    assert display is not None
    assert service == "environmental-health"
    assert display["stage_word"] == "Waits for the director’s sign-off"
    assert display["query"].endswith("by Owner: Ward 27 looks wrong")
    assert display["due"] == "30 October 2019: late"
    assert display["director_signed"] == "Not signed off"
    display, _ = review_words.told(CHALLENGE, body(challenge(stage="closed")), STAMP)
    assert display is not None
    assert (display["stage_word"], display["steps"]) == ("Closed", "1 step")
    display, _ = review_words.told(CYCLE, body(cycle("frozen", late=3)), STAMP)
    assert display is not None
    assert (display["stage_word"], display["late"]) == ("Frozen: as reported", "3")
    assert review_words.told(REVIEW, None, STAMP) == (None, None)


def test_a_stale_sign_off_says_what_was_signed() -> None:
    signed = {"Owner": {"by": "Sam", "at": "2019-10-09T09:00:00", "value": "71.2", "stale": True}}
    found = msgspec.convert(review(sign_offs=signed), Review)
    told = review_words.review_parts(found)["owner_signed"]
    assert told.startswith("Signed off by Sam")
    assert told.endswith("It was 71.2 then, and has changed since")


def test_of_a_review_whoever_is_not_signed_in_is_left_what_its_voices_say() -> None:
    said = {"Owner": voice("It fell", personal=["NHS number"])}
    left = review_words.public(REVIEW, body(review(voices=said, query=QUERY)))
    assert left is not None
    told = json.loads(left)
    assert set(told) == {"kind", "period", "about", "topic", "subject", "voices"}
    assert told["voices"]["Owner"]["what_happened"] == "It fell"
    assert told["voices"]["Owner"]["personal"] == []


def test_of_a_cycle_the_stage_is_left_and_of_challenges_and_reminders_nothing() -> None:
    left = review_words.public(CYCLE, body(cycle("collecting", despite="Because")))
    assert json.loads(left or b"") == {"kind": "cycle", "period": QUARTER, "stage": "collecting"}
    assert review_words.public(CHALLENGE, body(challenge())) is None
    assert review_words.public(CHALLENGE, None) is None
    assert review_words.public(REMINDER, None) is None


@pytest.mark.parametrize(
    ("subject", "about"),
    [
        (REVIEW, "indicator/EP02"),
        (f"reminder/{REVIEW}", "indicator/EP02"),
        ("review/2019-20-Q2/position/general/adult%20care", "position/general/adult care"),
        (CHALLENGE, ""),
        (CYCLE, ""),
    ],
)
def test_what_a_state_is_about_is_read_off_its_subject(subject: str, about: str) -> None:
    assert review_words.about_of(subject) == about


def test_what_is_missing_counts_each_figure_once() -> None:
    def one(stage: str, **more: Any) -> Review:
        return msgspec.convert(review(stage=stage, **more), Review)

    found = [
        one("commentary"),
        one("owner sign-off"),
        one("owner sign-off"),
        one("owner sign-off", query=QUERY),
        one("signed off"),
    ]
    assert review_words.missing(found, 2) == [
        "1 figure needs commentary",
        "2 figures wait for the owner’s sign-off",
        "1 figure is under query",
        "2 challenges are not closed",
    ]
    assert review_words.missing([one("signed off")], 0) == []


def private(subject: str, public: bytes | None, about: str = "") -> Message:
    return Message(
        1, "risks", subject, None, frozenset(), b"whole", private=True, public=public, about=about
    )


def sent(wanted: Filter, message: Message) -> bytes:
    box = Mailbox(wanted, 0)
    box.put([message] if wanted.wants(message) else [])
    return box.take("0123abcd", 1)


def test_a_private_message_reaches_whoever_is_not_signed_in_only_as_what_is_left() -> None:
    assert sent(Filter(), private(REVIEW, b"less")) == b"less"
    assert sent(Filter(), private(CHALLENGE, None)) == b""
    assert sent(Filter(signed_in=True), private(REVIEW, b"less")) == b"whole"
    assert sent(Filter(signed_in=True), private(CHALLENGE, None)) == b"whole"


def test_who_listens_to_an_indicator_hears_of_its_review_and_of_no_other() -> None:
    mine = Filter(indicator="EP02", signed_in=True)
    assert sent(mine, private(REVIEW, None, "indicator/EP02")) == b"whole"
    assert sent(mine, private(REVIEW, None, "indicator/EP021")) == b""
    assert sent(Filter(indicator="review", signed_in=True), private(REVIEW, None, "x")) == b""
