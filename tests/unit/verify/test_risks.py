"""Risks of the recompute, by hand: scores, appetite, tiers, reviews and what prompts them."""

from datetime import date
from typing import Any

import pytest

from deploy.verify.prompts import Around, headline
from deploy.verify.scoring import Matrix, OffMatrix
from deploy.verify.source import Json
from tests.unit.verify.small_registers import MATRIX, NOTHING, POLICY, states


def risk(
    *,
    reviews: list[Json] | None = None,
    moves: list[Json] | None = None,
    matrix: Json = MATRIX,
    policy: Json | None = POLICY,
    around: Around = NOTHING,
    today: date = date(2026, 1, 5),
    **fields: Any,
) -> Json:
    """The risk R of likelihood 3 and impact 3, changed as a test needs it."""
    found = states(
        {
            "risk": [{"reference": "R", "title": "R", "likelihood": 3, "impact": 3} | fields],
            "risk-review": [{"risk": "R"} | each for each in reviews or ()],
            "risk-move": [{"risk": "R"} | each for each in moves or ()],
        },
        around,
        today,
        matrix,
        policy,
    )
    return found["risk/R"]


# The matrix


@pytest.mark.parametrize(
    ("likelihood", "impact", "score", "band"),
    [
        (1, 1, 1, "Low"), (1, 4, 4, "Low"), (1, 5, 5, "Medium"), (3, 3, 9, "Medium"),
        (2, 5, 10, "High"), (4, 4, 16, "High"), (4, 5, 20, "Severe"), (5, 5, 25, "Severe"),
    ],
)  # fmt: skip
def test_a_score_is_likelihood_times_impact_and_a_band_takes_it_from_its_start(
    likelihood: int, impact: int, score: int, band: str
) -> None:
    assert Matrix(MATRIX).grade(likelihood, impact) == (likelihood, impact, score, band)


@pytest.mark.parametrize("levels", [(0, 1), (1, 0), (6, 1), (1, 6), (None, 1), (1, None), (-1, 1)])
def test_a_level_that_the_matrix_does_not_have_makes_no_score(
    levels: tuple[int | None, int | None],
) -> None:
    with pytest.raises(OffMatrix):
        Matrix(MATRIX).grade(*levels)


WEIGHTED: Json = {
    "code": "weighted",
    "likelihood": [{"name": "Rare"}, {"name": "Possible"}, {"name": "Likely", "weight": 5}],
    "impact": [
        {"name": "Minor", "weight": 1},
        {"name": "Moderate", "weight": 3},
        {"name": "Major", "weight": 9},
        {"name": "Extreme", "weight": 27},
    ],
    "bands": [{"name": "Low"}, {"name": "High", "from": 18}],
}


@pytest.mark.parametrize(
    ("likelihood", "impact", "score", "band"),
    [
        (1, 1, 1, "Low"), (2, 2, 6, "Low"), (2, 3, 18, "High"), (3, 2, 15, "Low"),
        (3, 4, 135, "High"), (1, 4, 27, "High"),
    ],
)  # fmt: skip
def test_levels_count_what_they_weigh_and_their_number_where_they_have_no_weight(
    likelihood: int, impact: int, score: int, band: str
) -> None:
    assert Matrix(WEIGHTED).grade(likelihood, impact) == (likelihood, impact, score, band)


FOUR: Json = {
    "code": "four",
    "likelihood": 4,
    "impact": 4,
    "bands": [{"name": "Green"}, {"name": "Amber"}, {"name": "Red", "rag": "amber"}],
    "cells": [
        ["Green", "Green", "Green", "Red"],
        ["Green", "Green", "Amber", "Red"],
        ["Green", "Amber", "Red", "Red"],
        ["Amber", "Amber", "Red", "Red"],
    ],
}


@pytest.mark.parametrize(
    ("likelihood", "impact", "score", "band"),
    [(1, 4, 4, "Red"), (4, 1, 4, "Amber"), (2, 2, 4, "Green"), (3, 3, 9, "Red")],
)
def test_cells_say_by_themselves_which_band_is_where(
    likelihood: int, impact: int, score: int, band: str
) -> None:
    assert Matrix(FOUR).grade(likelihood, impact) == (likelihood, impact, score, band)
    with pytest.raises(OffMatrix):
        Matrix(FOUR).grade(5, 1)


@pytest.mark.parametrize(
    ("bands", "colours"),
    [
        (1, ["amber"]),
        (2, ["green", "red"]),
        (3, ["green", "amber", "red"]),
        (4, ["green", "amber", "red", "red"]),
        (5, ["green", "amber", "amber", "red", "red"]),
        (6, ["green", "amber", "amber", "red", "red", "red"]),
    ],
)
def test_bands_are_shown_by_their_place(bands: int, colours: list[str]) -> None:
    named: list[Json] = [{"name": str(n), "from": n} for n in range(bands)]
    matrix = Matrix(MATRIX | {"bands": named})
    assert [matrix.colour(each["name"]) for each in named] == colours
    own = Matrix(MATRIX | {"bands": [each | {"rag": "green"} for each in named]})
    assert {own.colour(each["name"]) for each in named} == {"green"}


@pytest.mark.parametrize(
    ("exposure", "impact"),
    [
        ("0", 1), ("999.99", 1), ("1000.00", 2), ("25000.49", 2), ("25000.50", 3), ("-30000", 3),
        ("999999.99", 4), ("1000000", 5), ("7000000", 5),
    ],
)  # fmt: skip
def test_a_blank_impact_is_that_of_its_exposure(exposure: str, impact: int) -> None:
    found = risk(impact=None, exposure=exposure, category="money")
    assert (found["impact"], found["score"]) == (impact, 3 * impact)
    assert risk(impact=2, exposure=exposure, category="money")["impact"] == 2


@pytest.mark.parametrize(
    "fields",
    [
        {"impact": None},
        {"impact": None, "exposure": "1000", "category": "people"},  # criteria in words alone
        {"impact": None, "exposure": "1000", "category": "law"},
        {"impact": None, "exposure": "1000"},
        {"impact": None, "exposure": "0.005", "category": "money"},  # no whole number of pence
        {"likelihood": None},
        {"likelihood": 6},
        {"impact": 0},
    ],
)
def test_a_risk_that_cannot_be_scored_is_not_published(fields: Json) -> None:
    fields = {"reference": "R", "likelihood": 3, "impact": 3} | fields
    assert states({"risk": [fields, {"reference": "S", "likelihood": 1, "impact": 1}]}).keys() == {
        "risk/S"
    }
    assert states({"risk": [{"reference": "R", "likelihood": 3, "impact": 3}]}, matrix=None) == {}


def test_of_several_records_with_one_reference_the_last_holds() -> None:
    first = {"reference": "a/b", "likelihood": 1, "impact": 1}
    found = states({"risk": [first, first | {"likelihood": 5}]})
    assert found.keys() == {"risk/a%2Fb"}
    assert found["risk/a%2Fb"]["score"] == 5
    assert states({"risk": [first, first | {"likelihood": 9}]}) == {}


# Reviews


def test_each_review_leaves_what_it_does_not_say_as_it_was_and_the_last_one_holds() -> None:
    found = risk(
        opened="2025-01-01",
        reviews=[
            {"reviewed": "2025-09-01", "impact": 5, "reason": "Worse", "by": "Head"},
            {"reviewed": "2025-03-01", "likelihood": 4},
            {"reviewed": "2025-06-01"},
            {"reviewed": "2025-12-01", "likelihood": 6, "by": "Nobody"},
        ],
    )
    walked = [(each["on"], each["score"], each["record"]) for each in found["history"]]
    assert walked == [
        ("2025-01-01", 9, "risk/0"),
        ("2025-03-01", 12, "risk-review/1"),
        ("2025-06-01", 12, "risk-review/2"),
        ("2025-09-01", 20, "risk-review/0"),
    ]
    assert (found["likelihood"], found["impact"], found["band"]) == (4, 5, "Severe")
    assert (found["reviewed"], found["reviewed_by"]) == ("2025-09-01", "Head")
    assert (found["history"][-1]["reason"], found["history"][-1]["by"]) == ("Worse", "Head")


def test_of_two_reviews_of_one_day_the_last_by_its_record_holds() -> None:
    reviews: list[Json] = [{"reviewed": "2025-09-01", "impact": each} for each in (5, 1)]
    assert risk(reviews=reviews)["impact"] == 1


@pytest.mark.parametrize(
    ("fields", "review_by", "overdue"),
    [
        ({"opened": "2025-07-05"}, "2026-01-05", False),  # medium: six months; due today
        ({"opened": "2025-07-04"}, "2026-01-04", True),
        ({"opened": "2025-06-30"}, "2025-12-31", True),  # ends of months stay ends of months
        ({}, "", False),
        ({"opened": "2025-01-01", "status": "CLOSED"}, "", False),
        ({"opened": "2025-01-01", "closed": "2026-01-05"}, "", False),
        ({"opened": "2025-01-01", "closed": "2026-01-06"}, "2025-07-01", True),
        ({"likelihood": 1, "opened": "2025-01-05"}, "2026-01-05", False),  # low: twelve months
        ({"likelihood": 4, "opened": "2025-10-04"}, "2026-01-04", True),  # high: three, unsaid
        ({"likelihood": 5, "impact": 4, "opened": "2025-12-05"}, "2026-01-05", False),  # severe
    ],
)
def test_a_review_falls_due_by_the_band(fields: Json, review_by: str, overdue: bool) -> None:
    found = risk(**fields)
    assert (found["review_by"], found["overdue"]) == (review_by, overdue)


def test_the_last_review_moves_the_next_one_by_the_band_it_found() -> None:
    reviews: list[Json] = [{"reviewed": "2025-12-10", "likelihood": 5, "impact": 5}]
    found = risk(opened="2025-01-01", reviews=reviews)
    assert (found["review_by"], found["overdue"]) == ("2026-01-10", False)
    late = risk(opened="2025-01-01", reviews=reviews, today=date(2026, 1, 11))
    assert late["overdue"] is True


# How it is judged


@pytest.mark.parametrize(
    ("score", "category", "standing"),
    [
        ((2, 3), "money", "within appetite"),
        ((2, 4), "money", "above appetite"),
        ((3, 4), "money", "above appetite"),
        ((3, 5), "money", "beyond tolerance"),
        ((1, 4), "people", "within appetite"),
        ((5, 5), "people", "above appetite"),  # nobody said how far it is tolerated
        ((5, 5), "law", ""),
        ((5, 5), "magic", ""),
        ((5, 5), None, ""),
    ],
)
def test_a_score_stands_beside_the_appetite_of_its_category(
    score: tuple[int, int], category: str | None, standing: str
) -> None:
    levels: Json = dict(zip(("likelihood", "impact"), score, strict=True))
    found = risk(category=category, **levels)
    assert found["standing"] == standing
    assert risk(category=category, status="Closed", **levels)["standing"] == standing
    assert risk(category=category, nature="opportunity", **levels)["standing"] == ""


def test_appetite_is_in_words_and_numbers_and_without_a_policy_there_is_none() -> None:
    found = [risk(category=category) for category in ("money", "people", "law")]
    assert [(each["appetite"], each["appetite_to"], each["tolerance_to"]) for each in found] == [
        ("cautious", 6, 12),
        ("averse", 4, None),
        ("minimal", None, None),
    ]
    bare = risk(category="money", policy=None)
    assert (bare["appetite"], bare["appetite_to"], bare["standing"], bare["tier"]) == (
        "", None, "", "",
    )  # fmt: skip


def test_an_opportunity_is_scored_and_reviewed_and_no_colour_warns_of_it() -> None:
    found = risk(
        nature="OPPORTUNITY", likelihood=5, impact=5, opened="2025-01-01", category="money"
    )
    assert (found["nature"], found["score"], found["rag"]) == ("opportunity", 25, "no target")
    assert (found["suggested_tier"], found["overdue"]) == ("", True)
    threat = risk(nature="threat", likelihood=5, impact=5)
    assert (threat["nature"], threat["rag"], threat["suggested_tier"]) == (
        "threat", "red", "corporate",
    )  # fmt: skip


def test_inherent_and_target_need_both_levels_on_the_matrix() -> None:
    found = risk(inherent_likelihood=5, inherent_impact=4, target_likelihood=1, target_impact=2)
    assert found["inherent"] == {"likelihood": 5, "impact": 4, "score": 20, "band": "Severe"}
    assert (found["target_score"], found["target_band"]) == (2, "Low")
    half = risk(inherent_likelihood=5, target_likelihood=1, target_impact=6)
    assert (half["inherent"], half["target"]) == (None, None)
    assert (half["target_score"], half["target_band"]) == (None, None)


# Tiers


@pytest.mark.parametrize(
    ("score", "tier", "suggested"),
    [
        ((3, 3), None, ""),
        ((2, 5), None, "directorate"),
        ((4, 4), None, "corporate"),
        ((4, 4), "directorate", "corporate"),
        ((3, 5), "directorate", ""),
        ((5, 5), "corporate", ""),
        ((2, 5), "corporate", ""),
        ((2, 5), "board", "directorate"),  # any tier is above one that there is not
    ],
)
def test_a_score_suggests_a_tier_above_its_own(
    score: tuple[int, int], tier: str | None, suggested: str
) -> None:
    levels: Json = dict(zip(("likelihood", "impact"), score, strict=True))
    found = risk(tier=tier, **levels)
    assert (found["tier"], found["suggested_tier"]) == (tier or "service", suggested)
    assert risk(tier=tier, status="closed", **levels)["suggested_tier"] == ""


def test_moves_lead_from_tier_to_tier_in_the_order_of_their_days() -> None:
    found = risk(
        moves=[
            {"moved": "2025-06-01", "tier": "corporate", "reason": "Grew", "by": "Board"},
            {"moved": "2025-07-01", "tier": "directorate"},
            {"moved": "2025-05-01", "tier": "directorate"},
            {"moved": "2025-08-01", "tier": "directorate"},
            {"moved": "2025-09-01", "tier": "board"},
            {"moved": "2025-10-01", "tier": "service"},
        ]
    )
    walked = [(each["came_from"], each["tier"], each["direction"]) for each in found["moves"]]
    assert walked == [
        ("service", "directorate", "escalated"),
        ("directorate", "corporate", "escalated"),
        ("corporate", "directorate", "de-escalated"),
        ("directorate", "directorate", ""),
        ("directorate", "board", ""),
        ("board", "service", ""),
    ]
    assert found["moves"][1] == {
        "on": "2025-06-01", "tier": "corporate", "came_from": "directorate",
        "direction": "escalated", "reason": "Grew", "by": "Board", "record": "risk-move/0",
    }  # fmt: skip
    assert found["tier"] == "service"


# Prompts

RED = Around(
    lambda code, kind: {("I-1", "month"): ("2025-12", "red")}.get((code, kind)),
    {
        "cost-centre/2025-26/A%2F1": {"cost_centre": "A/1", "rag": "red", "period": 9},
        "cost-centre/2024-25/A%2F1": {"cost_centre": "A/1", "rag": "red", "period": 13},
        "cost-centre/2025-26/B": {"cost_centre": "B", "rag": "amber", "period": 9},
    },
    {
        f"contract/C{n}": {"reference": f"C{n}", "expiry": f"2026-0{n}-01", "stage": stage}
        for n, stage in enumerate(
            ("decision due", "decision overdue", "expired", "in force", "not started"), 1
        )
    },
)
NAMED: Json = {
    "indicators": " I-1, I-2,I-1", "cost_centres": "A/1,B,C", "contracts": "C1,C2,C3,C4,C5,C6",
}  # fmt: skip
ALL = {
    "indicator/I-1@2025-12": ("red indicator", "irf.indicators", "I-1/2025-12"),
    "position/2025-26/A/1@P09": ("adverse variance", "irf.finance", "cost-centre/2025-26/A%2F1"),
    "contract/C1@2026-01-01": ("contract", "irf.contracts", "contract/C1"),
    "contract/C2@2026-02-01": ("contract", "irf.contracts", "contract/C2"),
    "contract/C3@2026-03-01": ("contract", "irf.contracts", "contract/C3"),
}


def prompts(**more: Any) -> dict[str, tuple[str, str, str]]:
    """What prompts a risk, by cause, topic and subject."""
    found = risk(around=RED, **NAMED | more)["prompts"]
    return {key: (each["cause"], each["topic"], each["subject"]) for key, each in found.items()}


def test_red_indicators_adverse_variances_and_contracts_that_end_prompt_a_review() -> None:
    assert prompts() == ALL
    assert prompts(today=date(2026, 4, 1)).keys() == {key for key in ALL if "position" not in key}


def test_a_prompt_is_gone_once_any_review_considered_it() -> None:
    reviews: list[Json] = [
        {"reviewed": "2025-12-20", "considered": "contract/C1@2026-01-01 , indicator/I-1@2025-12"},
        {"reviewed": "2026-01-02", "considered": "contract/C2@2025-01-01"},
        # One that is passed over for its levels was held all the same.
        {"reviewed": "2026-01-03", "likelihood": 9, "considered": "contract/C3@2026-03-01"},
    ]
    assert prompts(reviews=reviews).keys() == {
        "position/2025-26/A/1@P09", "contract/C2@2026-02-01",
    }  # fmt: skip


def test_only_what_the_policy_names_prompts_and_only_what_is_open_is_prompted() -> None:
    assert prompts(policy=None) == ALL
    assert prompts(policy=POLICY | {"prompts": []}) == {}
    kept = prompts(policy=POLICY | {"prompts": ["contract"]})
    assert {cause for cause, *_ in kept.values()} == {"contract"}
    assert prompts(status="closed ") == {}
    assert prompts(closed="2026-01-05") == {}


@pytest.mark.parametrize(
    ("indicator", "kind"),
    [
        ({}, "quarter"),
        ({"periods": ["day", "year-to-date", "month"]}, "month"),
        ({"periods": ["academic-year", "day"]}, "academic-year"),
        ({"periods": ["quarter", "day"], "frequency": "day"}, "day"),
        ({"periods": ["month"], "frequency": "quarter"}, "month"),
    ],
)
def test_one_kind_of_period_stands_for_an_indicator(indicator: Json, kind: str) -> None:
    assert headline(indicator) == kind


# The rest


def test_a_risk_says_who_answers_for_it_and_what_it_names_once() -> None:
    found = risk(service="roads", contracts="C1, C2,,C1 ", response="TREAT", owner="Head")
    assert (found["directorate"], found["portfolio"]) == ("place", "transport")
    assert (found["contracts"], found["response"]) == (["C1", "C2"], "Treat")
    other = risk(service="roads", portfolio="leader", response="Hope")
    assert (other["portfolio"], other["response"]) == ("leader", "Hope")
    assert risk(service="vault")["directorate"] == ""


def test_controls_stand_by_their_records() -> None:
    found = states(
        {
            "risk": [{"reference": "R", "likelihood": 1, "impact": 1}],
            "risk-control": [
                {"risk": "R", "control": "1", "title": "Watch", "line": "2nd",
                 "effectiveness": "partly EFFECTIVE", "assured": "2025-11-01"},
                {"risk": "S", "control": "1", "title": "Of another"},
            ],
        }
    )["risk/R"]["controls"]  # fmt: skip
    assert found == {
        "risk-control/0": {
            "control": "1", "title": "Watch", "owner": "", "line": "2nd",
            "effectiveness": "Partly effective", "assured": "2025-11-01",
        }
    }  # fmt: skip
