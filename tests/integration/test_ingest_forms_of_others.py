"""The cycle of a quarter, reviews of risks and the progress of actions, by form."""

from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest

from tests.integration.ingest_forms import (
    ABOUT,
    DIRECTOR,
    OFFICER,
    OWNER,
    QUARTER,
    RISK_OWNER,
    People,
    people,
)

REVIEW = f"/review/{QUARTER}/{ABOUT}"
CYCLE = f"/cycle/{QUARTER}"
RISK = "/risks/WA 1/review"
ACTION = "/actions/A1/progress"
WASTE = "Waste contracts manager"


@pytest.fixture
def door(tmp_path: Path) -> Iterator[People]:
    with people(f"sqlite:///{tmp_path / 'ingest.db'}") as started:
        risks = [
            {"reference": "WA 1", "title": "Depot", "service": "waste-and-recycling",
             "owner": WASTE, "likelihood": 3, "impact": 4},
            {"reference": "WA2", "title": "Gone", "service": "waste-and-recycling",
             "status": "Closed", "likelihood": 3, "impact": 4},
        ]  # fmt: skip
        action = {"reference": "A1", "title": "Mend it", "service": "waste-and-recycling",
                  "owner": "Fleet manager", "due": "31/03/2027", "start": "01/09/2026",
                  "indicators": "WA01", "description": "All of it"}  # fmt: skip
        for dataset, rows in (("risk-register", risks), ("actions", [action])):
            sent = started.ingest.post([{"data": each} for each in rows], dataset)
            assert sent.json()["accepted"] == len(rows), sent.text
        yield started


# The cycle.


def step(door: People, to: str, **typed: str) -> int:
    return door.do(CYCLE, OFFICER, f"to-{to}", **typed).status


def test_a_quarter_goes_a_stage_on_or_back_and_is_never_changed_once_frozen(door: People) -> None:
    for to in ("collecting", "owner-sign-off", "collecting", "owner-sign-off"):
        assert step(door, to) == 303
    far = door.send(CYCLE, OFFICER, {"does": "step", "to": "Frozen"})
    assert far.status == 409
    assert "does not pass a stage" in far.text
    assert step(door, "director-sign-off") == 303
    assert step(door, "frozen") == 303
    assert [each["to"] for each in door.of("cycle-steps")] == [
        "Collecting", "Owner sign-off", "Collecting", "Owner sign-off", "Director sign-off",
        "Frozen",
    ]  # fmt: skip
    assert door.get(CYCLE, OFFICER).forms == {}
    stays = door.send(CYCLE, OFFICER, {"does": "step", "to": "Director sign-off"})
    assert stays.status == 409
    assert "frozen, and stays so" in stays.text


def test_only_a_performance_officer_moves_a_quarter(door: People) -> None:
    for persona in (OWNER, DIRECTOR, RISK_OWNER):
        assert door.get(CYCLE, persona).status == 403
        sent = door.send(CYCLE, persona, {"does": "step", "to": "Collecting"})
        assert sent.status == 403
        assert "performance officer" in sent.text
    assert door.of("cycle-steps") == []


def test_a_quarter_with_something_missing_is_frozen_only_with_a_reason(door: People) -> None:
    assert step(door, "collecting") == 303
    assert door.do(REVIEW, DIRECTOR, "raise", text="Why?").status == 303
    for to in ("owner-sign-off", "director-sign-off"):
        assert step(door, to) == 303
    shown = door.get(CYCLE, OFFICER, missing="3 figures not signed off")
    assert "1 challenge not closed" in shown.text
    assert "3 figures not signed off" in shown.text
    refused = door.send(CYCLE, OFFICER, shown.forms["to-frozen"])
    assert refused.status == 422
    assert "say why the quarter is frozen" in refused.text
    frozen = door.send(CYCLE, OFFICER, refused.forms["to-frozen"], despite="Cabinet is today")
    assert frozen.status == 303
    assert door.of("cycle-steps")[-1]["despite"] == "Cabinet is today"


def test_what_a_page_of_figures_knows_to_be_missing_needs_a_reason_too(door: People) -> None:
    for to in ("collecting", "owner-sign-off", "director-sign-off"):
        assert step(door, to) == 303
    form = door.get(CYCLE, OFFICER, missing="3 figures not signed off").forms["to-frozen"]
    assert door.send(CYCLE, OFFICER, form).status == 422
    assert door.send(CYCLE, OFFICER, form, despite="Agreed").status == 303


def test_nothing_new_is_said_of_a_quarter_before_it_is_collected_or_once_it_is_frozen(
    door: People,
) -> None:
    by_hand = [
        (OWNER, {"does": "comment", "voice": "Owner", "version": "0", "what_happened": "Late"}),
        (OWNER, {"does": "sign", "level": "Owner"}),
        (OWNER, {"does": "query", "reason": "Late"}),
        (DIRECTOR, {"does": "raise", "text": "Late"}),
    ]

    def refused(reason: str) -> None:
        assert door.get(REVIEW, OWNER).forms == {}
        for persona, form in by_hand:
            sent = door.send(REVIEW, persona, form)
            assert sent.status == 409
            assert reason in sent.text

    refused("begun to collect")
    assert step(door, "collecting") == 303
    assert door.do(REVIEW, DIRECTOR, "raise", text="Why?").status == 303
    for to, typed in (("owner-sign-off", ""), ("director-sign-off", ""), ("frozen", "Today")):
        assert step(door, to, despite=typed) == 303
    reference = door.of("challenges")[0]["challenge"]
    # What was asked before may still be answered and closed: neither changes what is reported.
    assert list(door.get(REVIEW, OWNER).forms) == [f"answer-{reference}"]
    assert door.do(REVIEW, OWNER, f"answer-{reference}", text="Because").status == 303
    assert door.do(REVIEW, DIRECTOR, f"close-{reference}", text="Thanks").status == 303
    before = door.records()
    refused("frozen")
    assert door.send(REVIEW, DIRECTOR, {"does": "reopen", "challenge": reference}).status == 409
    assert door.records() == before


def test_a_step_follows_the_one_before_it_when_clocks_go_back(door: People) -> None:
    door.clock.at = datetime(2026, 10, 25, 0, 59, 50, tzinfo=UTC)
    assert step(door, "collecting") == 303
    assert door.of("cycle-steps")[0]["at"] > "2026-10-25T01:59"
    # A minute later London's clocks say one again.
    door.clock.at = datetime(2026, 10, 25, 1, 1, tzinfo=UTC)
    assert step(door, "owner-sign-off") == 303
    assert step(door, "director-sign-off") == 303
    assert [each["to"] for each in sorted(door.of("cycle-steps"), key=lambda each: each["at"])] == [
        "Collecting", "Owner sign-off", "Director sign-off",
    ]  # fmt: skip


def test_a_step_that_would_not_count_is_not_taken(door: People) -> None:
    ahead = {"period": QUARTER, "step": "1", "to": "Collecting", "by": "A machine",
             "at": "2031-01-01T00:00:00"}  # fmt: skip
    assert door.ingest.post([{"data": ahead}], "cycle-steps").status_code == 202
    refused = door.do(CYCLE, OFFICER, "to-owner-sign-off")
    assert refused.status == 409
    assert "dated later than now" in refused.text
    assert len(door.of("cycle-steps")) == 1


# Risks.


def test_a_review_of_a_risk_says_who_found_what_and_why(door: People) -> None:
    form = door.get(
        RISK, RISK_OWNER, prompts="indicator/WA01@2026-09,contract/C1@2027-01-31"
    ).forms["review"]
    sent = door.send(
        RISK, RISK_OWNER, form, likelihood="4", impact="", reason="Two fires",
        considered=["indicator/WA01@2026-09"],
    )  # fmt: skip
    assert sent.status == 303, sent.text
    [review] = door.of("risk-reviews")
    assert review.pop("review")
    assert review == {
        "risk": "WA 1",
        "reviewed": "2026-10-12",
        "likelihood": 4,
        "impact": None,
        "reason": "Two fires",
        "considered": "indicator/WA01@2026-09",
        "by": WASTE,
    }


@pytest.mark.parametrize(
    ("typed", "says"),
    [
        ({"likelihood": "9", "reason": "x"}, "The likelihood is none"),
        ({"impact": "-1", "reason": "x"}, "The impact is none"),
        ({"reason": ""}, "Say why the score is what it is"),
        ({"reason": "x" * 1001}, "1,001 characters"),
        ({"reason": "x", "considered": "p" * 300}, "too many prompts"),
    ],
)
def test_a_review_that_cannot_be_scored_is_refused(
    door: People, typed: dict[str, str], says: str
) -> None:
    sent = door.do(RISK, RISK_OWNER, "review", **typed)
    assert sent.status == 422
    assert says in sent.text
    assert typed["reason"] in sent.text
    assert door.of("risk-reviews") == []


def test_a_risk_moves_between_tiers_once_a_day(door: People) -> None:
    assert door.do(RISK, RISK_OWNER, "move", tier="service", reason="x").status == 409
    assert door.do(RISK, RISK_OWNER, "move", tier="attic", reason="x").status == 422
    assert door.do(RISK, RISK_OWNER, "move", tier="corporate", reason="Two fires").status == 303
    [move] = door.of("risk-moves")
    assert move == {"risk": "WA 1", "moved": "2026-10-12", "tier": "corporate",
                    "reason": "Two fires", "by": WASTE}  # fmt: skip
    again = door.do(RISK, RISK_OWNER, "move", tier="directorate", reason="Better")
    assert again.status == 409
    assert "already" in again.text
    door.clock.at = datetime(2026, 10, 13, 9, tzinfo=UTC)
    assert door.do(RISK, RISK_OWNER, "move", tier="directorate", reason="Better").status == 303


def test_only_its_owner_reviews_a_risk_and_nobody_one_that_is_closed(door: People) -> None:
    for persona in (OWNER, DIRECTOR, OFFICER, "risk-owner"):
        assert door.get(RISK, persona).forms == {}
        for does in ("review", "move"):
            form = {"does": does, "reason": "x", "tier": "corporate"}
            assert door.send(RISK, persona, form).status == 403
    closed = "/risks/WA2/review"
    assert "The risk is closed." in door.get(closed, RISK_OWNER).text
    assert door.send(closed, RISK_OWNER, {"does": "review", "reason": "x"}).status == 409
    assert door.of("risk-reviews") == door.of("risk-moves") == []


def test_commentary_on_a_risk_is_its_owners(door: People) -> None:
    assert step(door, "collecting") == 303
    path = f"/review/{QUARTER}/risk/WA 1"
    assert door.do(path, RISK_OWNER, "comment-owner", what_happened="A fire").status == 303
    [said] = door.of("commentary")
    assert (said["about"], said["by"]) == ("risk/WA 1", WASTE)


# Actions.


def test_progress_changes_what_was_asked_and_keeps_the_rest(door: People) -> None:
    [before] = door.of("actions")
    sent = door.do(
        ACTION, RISK_OWNER, "progress", status="In progress", progress="40",
        **{"forecast-day": "7", "forecast-month": "5", "forecast-year": "2027"},
    )  # fmt: skip
    assert sent.status == 303, sent.text
    [after] = door.of("actions")
    assert after == before | {"status": "In progress", "progress": 40, "forecast": "2027-05-07"}


@pytest.mark.parametrize(
    ("typed", "says"),
    [
        ({"status": "Complete", "progress": "101"}, "from 0 to 100"),
        ({"status": "Complete", "progress": "all"}, "from 0 to 100"),
        ({"status": "Nearly"}, "Choose where"),
        ({"status": "Complete", "done-day": "31", "done-month": "2", "done-year": "2026"}, "done"),
        ({"status": "Complete", "done-day": "x", "done-month": "2", "done-year": "2026"}, "done"),
    ],
)
def test_progress_that_cannot_be_is_refused(door: People, typed: dict[str, str], says: str) -> None:
    before = door.of("actions")
    sent = door.do(ACTION, RISK_OWNER, "progress", **typed)
    assert sent.status == 422
    assert says in sent.text
    assert door.of("actions") == before


def test_progress_on_an_action_that_has_changed_meanwhile_is_shown_beside_it(door: People) -> None:
    form = door.get(ACTION, RISK_OWNER).forms["progress"]
    assert door.do(ACTION, OFFICER, "progress", status="In progress", progress="60").status == 303
    clash = door.send(ACTION, RISK_OWNER, form, status="In progress", progress="40")
    assert clash.status == 409
    assert "the newer text" in clash.text
    assert door.of("actions")[0]["progress"] == 60
    sent = door.send(
        ACTION, RISK_OWNER, clash.forms["progress"], status="In progress", progress="40"
    )
    assert sent.status == 303
    assert door.of("actions")[0]["progress"] == 40


def test_an_action_is_its_owners(door: People) -> None:
    assert door.get(ACTION, OWNER).forms == {}
    form = {"does": "progress", "status": "Complete", "version": "1"}
    assert door.send(ACTION, OWNER, form).status == 403
