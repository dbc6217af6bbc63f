"""Actions and projects of the recompute, by hand; and every comparison of irf.risks bites."""

import json
from typing import Any

import pytest

from deploy.verify.compare import verify
from deploy.verify.source import Json, Row
from tests.unit.verify.small_registers import TODAY, as_published, owned, states


def action(**fields: Any) -> Json:
    """The action A, due at the end of January 2026, on 5 January 2026."""
    usual = {"reference": "A", "title": "A", "due": "2026-01-31"}
    return states({"action": [usual | fields]})["action/A"]


@pytest.mark.parametrize(
    ("fields", "stage", "rag"),
    [
        ({}, "not started", "green"),
        ({"status": "Not started", "start": "2026-01-06"}, "not started", "green"),
        ({"status": "Not started", "start": "2026-01-05"}, "in progress", "green"),
        ({"status": "IN PROGRESS"}, "in progress", "green"),
        ({"progress": 1}, "in progress", "green"),
        ({"progress": 0}, "not started", "green"),
        ({"due": "2026-01-05"}, "not started", "green"),
        ({"due": "2026-01-04"}, "overdue", "red"),
        ({"due": "2026-01-04", "forecast": "2026-06-01", "progress": 90}, "overdue", "red"),
        ({"due": "2026-01-04", "done": "2026-01-05"}, "complete", "green"),
        ({"due": "2026-01-04", "status": "complete"}, "complete", "green"),
        ({"due": "2026-01-04", "status": "Cancelled"}, "cancelled", "no target"),
        ({"done": "2026-01-05", "status": "Cancelled"}, "cancelled", "no target"),
        ({"forecast": "2026-02-01"}, "not started", "amber"),
        ({"forecast": "2026-02-01", "status": "Complete"}, "complete", "green"),
        ({"forecast": "2026-01-31"}, "not started", "green"),
    ],
)
def test_an_action_is_where_its_status_its_progress_and_the_day_put_it(
    fields: Json, stage: str, rag: str
) -> None:
    found = action(**fields)
    assert (found["stage"], found["rag"]) == (stage, rag)
    assert found["slipped"] is (fields.get("forecast", "") > fields.get("due", "2026-01-31"))


@pytest.mark.parametrize(
    ("said", "progress"), [(None, None), (-1, 0), (0, 0), (40, 40), (100, 100), (101, 100)]
)
def test_progress_is_from_nought_to_a_hundred(said: int | None, progress: int | None) -> None:
    assert action(progress=said)["progress"] == progress


def test_an_action_says_who_answers_for_it_and_what_it_is_for() -> None:
    found = action(
        service="roads", status="in PROGRESS", risks="R1,R2, R1", projects="P", cost_centres=" ,A"
    )
    assert (found["directorate"], found["portfolio"]) == ("place", "transport")
    assert (found["risks"], found["projects"], found["cost_centres"]) == (
        ["R1", "R2"],
        ["P"],
        ["A"],
    )
    assert found["status"] == "In progress"


def project(*milestones: Json, **fields: Any) -> Json:
    """The project P with some milestones, on 5 January 2026."""
    return states(
        {
            "project": [{"reference": "P", "title": "P"} | fields],
            "project-milestone": [{"project": "P"} | each for each in milestones],
        }
    )["project/P"]


REACHED = {"planned": "2025-06-01", "achieved": "2025-09-01", "forecast": "2025-07-01"}
LATE = {"planned": "2026-01-04", "forecast": "2026-03-01"}
TODAY_DUE = {"planned": "2026-01-05"}
SLIPPED = {"planned": "2026-02-01", "forecast": "2026-02-02"}
EARLY = {"planned": "2026-04-01", "forecast": "2026-01-01"}


@pytest.mark.parametrize(
    ("milestone", "stage", "rag"),
    [
        (REACHED, "reached", "green"),
        (LATE, "late", "red"),
        (TODAY_DUE, "to come", "green"),
        (SLIPPED, "slipped", "amber"),
        (EARLY, "to come", "green"),
    ],
)
def test_a_milestone_is_where_its_plan_and_the_day_put_it(
    milestone: Json, stage: str, rag: str
) -> None:
    found = project(milestone)
    assert found["milestones"]["project-milestone/0"]["stage"] == stage
    assert found["rag"] == rag


def test_the_worst_milestone_judges_a_project_unless_its_manager_does() -> None:
    assert project(REACHED, SLIPPED, LATE)["rag"] == "red"
    assert project(REACHED, SLIPPED)["rag"] == "amber"
    assert project()["rag"] == "green"
    assert [project(LATE, rag=said)["rag"] for said in ("GREEN", "amber", "Red", "Blue", "")] == [
        "green", "amber", "red", "red", "red",
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("milestones", "record"),
    [
        ((), ""),
        ((REACHED,), ""),
        ((REACHED, SLIPPED, LATE), "1"),
        ((REACHED, SLIPPED, LATE, EARLY), "3"),
        ((SLIPPED, SLIPPED), "0"),
    ],
)
def test_the_next_milestone_is_the_one_expected_first(
    milestones: tuple[Json, ...], record: str
) -> None:
    found = project(*milestones)["next_milestone"]
    assert found == (record and f"project-milestone/{record}")


@pytest.mark.parametrize(
    ("status", "is_open"),
    [
        (None, True),
        ("Delivery", True),
        ("closed", False),
        ("Complete", False),
        ("CANCELLED", False),
    ],
)
def test_a_project_is_open_until_its_status_says_otherwise(
    status: str | None, is_open: bool
) -> None:
    assert project(status=status)["open"] is is_open


@pytest.mark.parametrize(
    ("end", "forecast", "days"),
    [
        ("2026-02-27", "2026-03-02", 3),
        ("2026-03-02", "2026-02-27", 0),
        ("2026-03-02", None, 0),
        (None, "2026-03-02", 0),
    ],
)
def test_a_project_slips_by_days(end: str | None, forecast: str | None, days: int) -> None:
    found = project(end=end, forecast_end=forecast, budget="1000.50")
    assert (found["slipped_days"], found["budget"]) == (days, 100050)


# Every comparison bites

ROWS: Json = {
        "risk": [
            {"reference": "R", "title": "R", "likelihood": 4, "impact": 3, "category": "money",
             "opened": "2025-01-01", "service": "roads", "exposure": "0",
             "inherent_likelihood": 5, "inherent_impact": 5, "target_likelihood": 1,
             "target_impact": 1, "indicators": "I-1"},
        ],
        "risk-control": [{"risk": "R", "control": "1", "title": "Watch"}],
        "risk-review": [{"risk": "R", "reviewed": "2025-02-01", "by": "Head", "reason": "As was"}],
        "risk-move": [{"risk": "R", "moved": "2025-02-01", "tier": "directorate"}],
        "action": [{"reference": "A", "title": "A", "due": "2026-01-04", "progress": 0}],
        "project": [{"reference": "P", "title": "P", "end": "2026-01-01", "budget": "0.00",
                     "forecast_end": "2026-02-01"}],
        "project-milestone": [{"project": "P", "milestone": "1", "planned": "2026-01-01"}],
}  # fmt: skip
OWNED = owned(ROWS)


def right() -> dict[str, Json]:
    """What a right publisher would hold."""
    return as_published(states(ROWS))


def found(states: dict[str, Json]) -> set[str]:
    """The subjects of the mismatches."""
    rows = [Row("irf.risks", s, 1, json.dumps(state).encode()) for s, state in states.items()]
    return {mismatch.subject for mismatch in verify(OWNED, rows, TODAY).mismatches}


def test_a_right_publisher_has_no_mismatch() -> None:
    assert right().keys() == {"risk/R", "action/A", "project/P"}
    assert found(right()) == set()


@pytest.mark.parametrize(
    ("subject", "change"),
    [
        ("risk/R", {"kind": "action"}),
        ("risk/R", {"score": 13}),
        ("risk/R", {"band": "Low"}),
        ("risk/R", {"likelihood": 3}),
        ("risk/R", {"rag": {"outcome": "amber", "rule": ""}}),
        ("risk/R", {"open": False}),
        ("risk/R", {"nature": "opportunity"}),
        ("risk/R", {"standing": "beyond tolerance"}),
        ("risk/R", {"appetite_to": None}),
        ("risk/R", {"tolerance_to": 13}),
        ("risk/R", {"appetite": "eager"}),
        ("risk/R", {"exposure": None}),
        ("risk/R", {"tier": "service"}),
        ("risk/R", {"suggested_tier": "corporate"}),
        ("risk/R", {"moves": []}),
        ("risk/R", {"history": []}),
        ("risk/R", {"reviewed": "2025-02-02"}),
        ("risk/R", {"reviewed_by": ""}),
        ("risk/R", {"review_by": "2026-01-05"}),
        ("risk/R", {"overdue": False}),
        ("risk/R", {"inherent": None}),
        ("risk/R", {"target_score": 2}),
        ("risk/R", {"controls": {}}),
        ("risk/R", {"indicators": []}),
        ("risk/R", {"prompts": {"x": {"cause": "contract", "topic": "", "subject": ""}}}),
        ("risk/R", {"directorate": "people"}),
        ("action/A", {"stage": "in progress"}),
        ("action/A", {"rag": {"outcome": "amber", "rule": ""}}),
        ("action/A", {"progress": None}),
        ("action/A", {"slipped": True}),
        ("project/P", {"open": False}),
        ("project/P", {"rag": {"outcome": "green", "rule": ""}}),
        ("project/P", {"budget": None}),
        ("project/P", {"slipped_days": 30}),
        ("project/P", {"milestones": {}}),
        ("project/P", {"next_milestone": ""}),
    ],
)
def test_a_planted_mistake_is_named(subject: str, change: Json) -> None:
    states = right()
    states[subject] = states[subject] | change
    assert found(states) == {subject}


@pytest.mark.parametrize("subject", ["risk/R", "action/A", "project/P"])
def test_a_state_that_is_not_published_is_missed(subject: str) -> None:
    states = right()
    del states[subject]
    assert found(states) == {subject}


@pytest.mark.parametrize("subject", ["risk/X", "action/X", "project/X", "R"])
def test_a_state_that_nothing_stands_behind_must_be_deleted(subject: str) -> None:
    assert found({**right(), subject: {"kind": "risk"}}) == {subject}
