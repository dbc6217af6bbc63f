"""Risks, actions and projects from their records alone: what a page then says of them."""

from typing import Any

import msgspec
import pytest

from services.risk.domain.plans import action_of, project_of
from services.risk.domain.risks import Parts, risk_of
from services.risk.domain.scoring import Unscored
from shared.catalogue.model import Catalogue, from_definitions
from shared.catalogue.scale import Scale
from shared.contracts.risks import Action, Project, Risk, Score
from tests.unit.risk.registers import CATALOGUE, MATRIX

Json = dict[str, Any]
TODAY = "2026-01-05"


def council(**changes: Json) -> Catalogue:
    """The council's catalogue; changes are by kind, with `_` for `-`."""
    found = dict(CATALOGUE)
    for kind, changed in changes.items():
        kind = kind.replace("_", "-")
        subject = next(each for each in found if each.startswith(f"{kind}/"))
        found[subject] = found[subject] | changed
    return from_definitions({s: msgspec.json.encode(each) for s, each in found.items()})


def risk(reviews: dict[str, Json] | None = None, matrix: Json | None = None, **fields: Any) -> Risk:
    """The risk R1 of likelihood 4 and impact 4, changed as a test needs it."""
    catalogue = council(risk_matrix=matrix or {})
    assert catalogue.matrix is not None
    usual = {"reference": "R1", "title": "Loss", "likelihood": 4, "impact": 4}
    made = risk_of(
        "risks/R1", usual | fields, Parts(reviews=reviews or {}), {}, catalogue,
        Scale(catalogue.matrix), TODAY,
    )  # fmt: skip
    return made.risk


def test_a_risk_is_scored_now_as_it_would_be_and_as_it_should_become() -> None:
    found = risk(
        service="parks", owner="Head of parks", status="Open", inherent_likelihood=5,
        inherent_impact=5, target_likelihood=2, target_impact=4,
    )  # fmt: skip
    assert (found.score, found.band, found.matrix) == (16, "Very high", "matrix")
    assert found.inherent == Score(5, 5, 25, "Very high")
    assert found.target == Score(2, 4, 8, "Medium")
    assert (found.target_score, found.target_band) == (8, "Medium")
    assert (found.service, found.directorate, found.portfolio) == ("parks", "place", "nature")
    assert (found.owner, found.status) == ("Head of parks", "Open")


@pytest.mark.parametrize(
    "target",
    [
        {},
        {"target_likelihood": 2},
        {"target_likelihood": None, "target_impact": 3},
        {"target_likelihood": 6, "target_impact": 3},
    ],
)
def test_half_a_target_or_one_off_the_matrix_is_no_target(target: Json) -> None:
    found = risk(**target)
    assert (found.target, found.target_score, found.target_band) == (None, None, None)


@pytest.mark.parametrize(
    ("fields", "reason"),
    [
        ({"impact": None}, "needs a likelihood and an impact"),
        ({"likelihood": None}, "needs a likelihood and an impact"),
        ({"likelihood": 6}, "likelihood is 6; the matrix goes from 1 to 5"),
        ({"impact": 0}, "impact is 0; the matrix goes from 1 to 5"),
        ({"likelihood": "high"}, "needs a likelihood and an impact"),
    ],
)
def test_a_risk_without_levels_on_the_matrix_is_unscored_with_the_reason(
    fields: Json, reason: str
) -> None:
    with pytest.raises(Unscored, match=reason):
        risk(**fields)


def test_money_says_the_impact_where_the_register_leaves_it_blank() -> None:
    found = risk(impact=None, exposure="25000.00", category="money")
    assert (found.impact, found.score, found.exposure) == (3, 12, 2_500_000)


def test_a_matrix_may_weigh_its_levels_and_say_its_bands_cell_by_cell() -> None:
    weighted: Json = {
        "impact": [{"name": str(n), "weight": 2**n} for n in range(5)],
        "cells": [["Low"] * 4 + ["Very high"] for _ in range(5)],
    }
    found = risk(matrix=weighted, likelihood=1, impact=5)
    assert (found.score, found.band, found.rag.outcome) == (16, "Very high", "red")
    found = risk(matrix=weighted, likelihood=5, impact=4)
    assert (found.score, found.band, found.rag.outcome) == (40, "Low", "green")


def test_the_rule_says_in_words_how_the_score_came_about() -> None:
    assert risk().rag.rule == ("Very high: a score of 16, from likelihood 4 of 5 and impact 4 of 5")
    chance = risk(nature="Opportunity").rag
    assert chance.outcome == "no target"
    assert chance.rule.startswith("Very high: a score of 16")


@pytest.mark.parametrize(
    ("fields", "review_by", "overdue"),
    [
        ({"opened": "2025-12-05"}, "2026-01-05", False),
        ({"opened": "2025-12-04"}, "2026-01-04", True),
        ({"opened": "2025-12-04", "closed": "2026-01-05"}, "", False),
        ({"opened": "2025-12-04", "status": "closed"}, "", False),
        ({}, "", False),
    ],
)
def test_a_review_is_due_by_the_band(fields: Json, review_by: str, overdue: bool) -> None:
    found = risk(**fields)
    assert (found.review_by, found.overdue) == (review_by, overdue)
    assert MATRIX["bands"][-1]["review_months"] == 1


def test_a_review_moves_the_score_and_the_day_of_the_next() -> None:
    reviews: dict[str, Json] = {
        "risk-reviews/2": {"reviewed": "2025-12-20", "impact": 1, "reason": "Paid", "by": "Head"},
        "risk-reviews/1": {"reviewed": "2025-12-24", "likelihood": None, "impact": None},
    }
    found = risk(reviews, opened="2024-01-01")
    assert [each.score for each in found.history] == [16, 4, 4]
    assert (found.reviewed, found.reviewed_by, found.review_by) == ("2025-12-24", "", "2026-12-24")
    assert (found.history[1].reason, found.history[1].by) == ("Paid", "Head")


def action(**fields: Any) -> Action:
    """The action A1, due at the end of January."""
    usual = {"reference": "A1", "title": "Act", "due": "2026-01-31"}
    return action_of(usual | fields, council(), TODAY)


@pytest.mark.parametrize(
    ("fields", "stage", "rag", "rule"),
    [
        ({}, "not started", "green", "Green: it is due on 2026-01-31"),
        ({"progress": 150}, "in progress", "green", "Green: it is due on 2026-01-31"),
        (
            {"start": TODAY, "forecast": "2026-02-01"},
            "in progress", "amber", "Amber: it is expected after 2026-01-31, when it is due",
        ),
        (
            {"due": "2026-01-04", "forecast": "2026-02-01"},
            "overdue", "red", "Red: it was due on 2026-01-04 and is not done",
        ),
        ({"due": "2026-01-04", "done": "2026-01-05"}, "complete", "green", "It is done"),
        ({"status": "cancelled", "done": "2026-01-05"}, "cancelled", "no target",
         "It was cancelled"),
    ],
)  # fmt: skip
def test_an_action_says_where_it_is_and_why(fields: Json, stage: str, rag: str, rule: str) -> None:
    found = action(**fields)
    assert (found.stage, found.rag.outcome, found.rag.rule) == (stage, rag, rule)
    assert found.progress in (None, 100)


def project(*milestones: Json, **fields: Any) -> Project:
    """The project P1."""
    numbered = {f"project-milestones/{n}": each for n, each in enumerate(milestones)}
    return project_of({"reference": "P1", "title": "Build"} | fields, numbered, council(), TODAY)


def test_a_project_says_how_many_milestones_hold_it_up() -> None:
    late, slipped = {"planned": "2026-01-04"}, {"planned": "2026-02-01", "forecast": "2026-02-02"}
    assert project(late, late, slipped).rag.rule == "Red: 2 milestones are late"
    assert project(slipped).rag.rule == "Amber: 1 milestone is slipped"
    assert project().rag.rule == "Green: no milestone is late or has slipped"
    judged = project(late, rag="Green").rag
    assert (judged.outcome, judged.rule) == ("green", "As its manager judges it")


def test_a_project_names_what_it_has_to_reach_next_and_how_late_it_ends() -> None:
    found = project(
        {"planned": "2026-03-01"},
        {"planned": "2026-04-01", "forecast": "2026-02-01"},
        {"planned": "2025-01-01", "achieved": "2025-01-01"},
        end="2026-02-27", forecast_end="2026-03-02", budget="12.50", status="CLOSED",
    )  # fmt: skip
    assert found.next_milestone == "project-milestones/1"
    assert (found.slipped_days, found.budget, found.open) == (3, 1250, False)
