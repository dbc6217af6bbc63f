"""Challenges are stated with their steps, whom they wait for, and what is set aside."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.unit.fed import Fed
from tests.unit.risk.reviewing import (
    DIRECTOR,
    MONEY,
    OWNER,
    QUARTER,
    RECYCLING,
    RISK,
    challenge,
    define,
    position,
    record,
    registered,
    reviewing,
    show,
    step,
    tell,
    value,
)

CHALLENGE, REVIEW = "challenge/C1", f"review/{QUARTER}/"


@pytest.fixture
def council(tmp_path: Path) -> Iterator[Fed]:
    with reviewing(tmp_path) as risk:
        define(risk)
        show(risk, value("recycling", "2025-12", "41.5", "red"), position(100_00, 100_00))
        tell(risk, step(1, "Collecting"), challenge(1, "Raise", DIRECTOR))
        yield risk


def state(risk: Fed) -> dict[str, Any]:
    return risk.states()[CHALLENGE]


def open_of(risk: Fed, about: str) -> list[str]:
    return list(risk.states()[REVIEW + about].get("challenges", ()))


def test_a_challenge_waits_for_whoever_it_is_the_turn_of(council: Fed) -> None:
    assert (state(council)["stage"], state(council)["waits_for"]) == ("open", OWNER)
    assert open_of(council, RECYCLING) == ["C1"]
    tell(council, challenge(2, "Answer", OWNER))
    assert (state(council)["stage"], state(council)["waits_for"]) == ("answered", DIRECTOR)
    assert open_of(council, RECYCLING) == ["C1"]
    tell(council, challenge(3, "Close", DIRECTOR))
    assert state(council)["stage"] == "closed" and "waits_for" not in state(council)
    assert open_of(council, RECYCLING) == []
    tell(council, challenge(4, "Reopen", DIRECTOR))
    assert open_of(council, RECYCLING) == ["C1"]
    assert [each["does"] for each in state(council)["steps"]] == [
        "Raise", "Answer", "Close", "Reopen",
    ]  # fmt: skip


def test_what_does_not_count_is_set_aside_with_a_sentence(council: Fed) -> None:
    tell(council, challenge(2, "Close", OWNER), challenge(3, "Answer", DIRECTOR))
    assert state(council)["stage"] == "open"
    assert state(council)["set_aside"] == {
        "d-challenge-step/C1%2F2": "only who challenges can close it",
        "d-challenge-step/C1%2F3": "who challenges does not answer",
    }


def test_a_challenge_that_loses_its_raise_moves_to_the_next_one(council: Fed) -> None:
    tell(council, challenge(2, "Raise", OWNER, MONEY))
    assert open_of(council, MONEY) == []
    tell(council, (challenge(1, "", "")[0], None))
    assert state(council)["about"] == MONEY
    assert (open_of(council, RECYCLING), open_of(council, MONEY)) == ([], ["C1"])
    tell(council, (challenge(2, "", "")[0], None))
    assert CHALLENGE not in council.states()
    assert open_of(council, MONEY) == []
    assert council.rebuild() == 0


def test_a_step_that_moves_to_another_challenge_leaves_the_first(council: Fed) -> None:
    subject, said = challenge(1, "Raise", DIRECTOR)
    moved = {**said, "fields": {**said["fields"], "challenge": "C2"}}
    tell(council, (subject, moved))
    assert CHALLENGE not in council.states()
    assert open_of(council, RECYCLING) == ["C2"]


def test_an_answer_that_is_awaited_is_reminded_of_near_its_day(council: Fed) -> None:
    reminder = council.states()[f"reminder/{CHALLENGE}"]
    assert reminder == {
        "kind": "reminder",
        "period": QUARTER,
        "about": RECYCLING,
        "task": "answer",
        "who": OWNER,
        "due": "2026-01-08",
        "service": "waste",
    }
    tell(council, challenge(2, "Answer", OWNER))
    assert f"reminder/{CHALLENGE}" not in council.states()


def test_a_challenge_of_a_risk_waits_for_the_risks_owner(council: Fed) -> None:
    tell(council, registered(), challenge(1, "Raise", DIRECTOR, RISK))
    assert state(council)["waits_for"] == OWNER
    tell(council, registered(owner="Depot manager"))
    assert state(council)["waits_for"] == "Depot manager"
    assert council.states()[f"reminder/{CHALLENGE}"]["who"] == "Depot manager"
    assert council.rebuild() == 0


def test_a_challenge_stands_in_a_quarter_that_is_not_under_review_but_reminds_nobody(
    council: Fed,
) -> None:
    tell(council, (step(1, "")[0], None))
    assert set(council.states()) == {CHALLENGE}


def test_a_step_of_no_challenge_is_passed_over(council: Fed) -> None:
    before = council.states()
    fields = {"does": "Raise", "period": QUARTER, "about": MONEY, "by": OWNER, "at": "2026-01-02"}
    tell(
        council,
        record("challenge-step", "1", challenge="", **fields),
        record("challenge-step", "2", challenge="C" * 300, **fields),
        record("challenge-step", "3", challenge="C9", **{**fields, "about": "salary/1"}),
    )
    assert council.states() == before
    assert council.rebuild() == 0
