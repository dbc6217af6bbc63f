"""Risks, actions and projects in words, the heat map, and the lines of a plan."""

import csv
import io
from typing import Any

import msgspec
import pytest

from services.publisher.domain import plans, risks
from services.publisher.domain.figures import Stamp
from services.publisher.domain.heat import heat_map
from services.publisher.domain.service_plan import PlanLine, csv_file, sections
from shared.catalogue.risks import Band, Level, RiskCategory, RiskMatrix, RiskPolicy, RiskTier
from shared.catalogue.scale import Scale
from shared.contracts.judged import RagState
from shared.contracts.risks import Action, Project, ProjectMilestone, Prompt, Risk, Score
from shared.contracts.topics import CONTRACTS, FINANCE, INDICATORS

STAMP = Stamp("2026-11-24T10:00:00.000+00:00", "2026-11-24T09:30:00.000+00:00", "batch-1")
POLICY = RiskPolicy(
    code="policy",
    categories=[RiskCategory(code="fin", name="Financial", appetite_to=9, tolerance_to=15)],
    tiers=[RiskTier(code="s", name="Service"), RiskTier(code="c", name="Corporate")],
)
MATRIX = RiskMatrix(
    code="default",
    likelihood=[Level(name="Rare"), Level(name="Likely")],
    impact=3,
    bands=[Band(name="low", from_=1), Band(name="medium", from_=3), Band(name="high", from_=6)],
)


def risk(**fields: Any) -> Risk:
    usual: dict[str, Any] = {
        "reference": "R1", "title": "Flood", "service": "parks", "owner": "Head of parks",
        "status": "Open", "likelihood": 2, "impact": 3, "score": 6, "band": "high",
        "target_score": None, "target_band": None, "matrix": "default",
        "rag": RagState("red", "high: a score of 6"),
    }  # fmt: skip
    return Risk(**{**usual, **fields})


def action(**fields: Any) -> Action:
    usual: dict[str, Any] = {
        "reference": "A1", "title": "Clear the drains", "stage": "in progress",
        "due": "2026-12-31", "rag": RagState("green", "Green: it is due on 2026-12-31"),
    }  # fmt: skip
    return Action(**{**usual, **fields})


def project(**fields: Any) -> Project:
    usual: dict[str, Any] = {
        "reference": "P1", "title": "New depot", "rag": RagState("amber", "Amber: 1 has slipped"),
    }  # fmt: skip
    return Project(**{**usual, **fields})


# Risks


@pytest.mark.parametrize(
    ("fields", "sentence"),
    [
        ({}, "The policy sets no appetite for its category."),
        ({"nature": "opportunity", "standing": ""},
         "It is an opportunity: appetite sets no limit to its score."),
        ({"standing": "beyond tolerance", "appetite": "averse", "appetite_to": 2,
          "tolerance_to": 4},
         "Beyond tolerance: it scores 6; appetite is averse, up to a score of 2, and a score of up "
         "to 4 is tolerated."),
        ({"standing": "above appetite", "appetite": "open", "appetite_to": 4},
         "Above appetite: it scores 6; appetite is open, up to a score of 4."),
    ],
)  # fmt: skip
def test_a_score_is_judged_beside_the_appetite_with_the_rule(
    fields: dict[str, Any], sentence: str
) -> None:
    assert risks.standing_rule(risk(**fields)) == sentence


def test_every_reason_to_look_at_a_risk_is_told_the_gravest_first() -> None:
    prompts = {
        "indicator/X1@2026-27-Q2": Prompt("red indicator", INDICATORS, "X1/2026-27-Q2", "X1 is red")
    }
    found = risk(
        standing="beyond tolerance", tolerance_to=4, overdue=True, review_by="2026-10-01",
        suggested_tier="c", tier="s", prompts=prompts,
    )  # fmt: skip
    assert [each.text for each in risks.attention(found, POLICY)] == [
        "Beyond tolerance: it scores 6, 4 is tolerated",
        "Review overdue since 1 October 2026",
        "Suggested for escalation to Corporate: it stands at Service",
        "Red indicator: X1 is red",
    ]
    assert risks.attention(risk(), POLICY) == []
    closed = msgspec.structs.replace(found, open=False)
    assert risks.attention(closed, POLICY) == []


@pytest.mark.parametrize(
    ("topic", "subject", "href"),
    [
        (INDICATORS, "X1/2026-27-Q2", "/indicators/X1/values/2026-27-Q2"),
        (FINANCE, "cost-centre/2026-27/A%2F1", "/finance/cost-centre/A%2F1?year=2026-27"),
        (CONTRACTS, "contract/X%2F9", "/contracts/X%2F9"),
        (CONTRACTS, "javascript:alert(1)", ""),
        ("irf.other", "contract/1", ""),
    ],
)
def test_a_prompt_leads_to_what_says_so_and_nowhere_else(
    topic: str, subject: str, href: str
) -> None:
    assert risks.prompt_link(Prompt("contract", topic, subject, "")) == href


def test_the_register_is_counted_in_words() -> None:
    assert risks.counts([]) == "No risk is open."
    found = [
        risk(standing="beyond tolerance"),
        risk(reference="R2", band="low", score=1, overdue=True),
        risk(reference="R3", open=False, standing="beyond tolerance", overdue=True),
        risk(reference="R4", nature="opportunity"),
    ]
    assert risks.counts(found) == (
        "2 risks are open: 1 high, 1 low. 1 is beyond tolerance; 1 review is overdue. "
        "1 opportunity besides."
    )
    assert risks.counts([risk()]) == (
        "1 risk is open: 1 high. None is beyond tolerance; no review is overdue."
    )


def test_a_risk_has_the_same_words_on_a_page_and_in_the_stream() -> None:
    found = risk(
        target_score=2, target_band="low", target_date="2027-03-31", tier="c", response="Treat",
        review_by="2027-01-31", category="fin",
    )  # fmt: skip
    told = risks.told("risk/R1", msgspec.json.encode(found), STAMP, POLICY)
    assert told.service == "parks"
    assert told.display is not None
    parts = risks.risk_parts(found, POLICY)
    assert parts.items() <= told.display.items()
    assert parts["target"] == "2 (low), by 31 March 2027"
    assert (parts["tier"], parts["review"], parts["outcome"]) == (
        "Corporate",
        "31 January 2027",
        "red",
    )
    assert told.display["announce"] == "Flood: score 6, High"
    assert told.display["fresh"] == "Updated 24 November 2026 at 9:30am"
    assert risks.category_name("fin", POLICY) == "Financial"
    assert risks.category_name("odd", POLICY) == "odd"


@pytest.mark.parametrize("subject", ["review/2026-27-Q2/indicator/X1", "cycle/2026-27-Q2", "odd"])
def test_states_of_another_kind_have_no_words_here_and_break_nothing(subject: str) -> None:
    assert risks.told(subject, b'{"kind":"review"}', STAMP, POLICY)[:2] == ({}, None)


def test_what_is_gone_has_no_words() -> None:
    assert risks.told("risk/R1", None, STAMP, POLICY)[:2] == (None, None)


def test_a_score_is_said_with_its_levels() -> None:
    assert risks.score(Score(2, 3, 6, "high")) == "6, High: likelihood 2, impact 3"
    assert risks.score(None) == "Not recorded"


# The heat map


def test_every_cell_of_the_map_says_what_it_is_and_who_is_in_it() -> None:
    found = heat_map(
        Scale(MATRIX),
        [
            risk(),
            risk(reference="R0"),
            risk(reference="CLOSED", open=False),
            risk(reference="TAKEN", nature="opportunity"),
            risk(reference="OFF", impact=9),
            risk(reference="OTHER", matrix="old"),
        ],
    )
    assert found.columns == ["1", "2", "3"]
    assert [row.name for row in found.rows] == ["2, Likely", "1, Rare"]
    assert [(c.score, c.band, c.outcome) for c in found.rows[0].cells] == [
        (2, "low", "green"),
        (4, "medium", "amber"),
        (6, "high", "red"),
    ]
    assert [each.reference for each in found.rows[0].cells[2].risks] == ["R0", "R1"]
    assert [each.reference for each in found.elsewhere] == ["OFF", "OTHER"]
    assert sum(len(cell.risks) for row in found.rows for cell in row.cells) == 2


# Actions and projects


def test_actions_are_counted_and_told() -> None:
    assert plans.action_counts([]) == "No action is open."
    found = [
        action(stage="overdue", slipped=True),
        action(slipped=True, forecast="2027-02-01"),
        action(stage="complete", done="2026-11-01"),
        action(stage="cancelled"),
    ]
    assert plans.action_counts(found) == (
        "2 actions are open: 1 is overdue, 1 is expected late. 1 is complete."
    )
    assert plans.expected(found[1]) == "Expected on 1 February 2027, after it is due"
    assert plans.expected(found[2]) == "Done on 1 November 2026"
    told = risks.told("action/A1", msgspec.json.encode(action(progress=40)), STAMP, POLICY)
    assert told.display is not None
    assert told.display["progress"] == "40%"
    assert told.display["announce"] == "Clear the drains: In progress"


def test_projects_are_counted_and_told() -> None:
    assert plans.project_counts([project(open=False)]) == "No project is running."
    milestones = {
        "m/2": ProjectMilestone("2", "Roof", "2026-09-01", "slipped", forecast="2026-12-01"),
        "m/1": ProjectMilestone("1", "Walls", "2026-06-01", "reached", achieved="2026-06-03"),
    }
    found = project(
        milestones=milestones, next_milestone="m/2", end="2027-01-31", forecast_end="2027-02-01",
        slipped_days=1, manager="Programme manager", budget=1_250_000_00,
    )  # fmt: skip
    assert plans.project_counts([found]) == "1 project is running: 0 red, 1 amber, 0 green."
    assert plans.ends(found) == "Expected on 1 February 2027, 1 day later than planned"
    assert plans.reached(found) == "1 of 2 milestones reached"
    assert plans.next_milestone(found) == (
        "Roof: planned for 1 September 2026, expected on 1 December 2026"
    )
    assert [each.title for each in plans.milestones(found)] == ["Walls", "Roof"]
    assert plans.budget(found) == "£1,250,000"
    told = risks.told("project/P1", msgspec.json.encode(found), STAMP, POLICY)
    assert told.display is not None
    assert (told.display["outcome"], told.display["announce"]) == ("amber", "New depot: Amber")


# The plan


def test_a_plan_is_a_file_that_no_spreadsheet_takes_for_formulas() -> None:
    lines = [PlanLine("Risks", "=R1", "@title", now="6, High"), PlanLine("Actions", "A1", "Drains")]
    rows = list(csv.reader(io.StringIO(csv_file(lines).decode(), newline="")))
    assert rows[0][:3] == ["Section", "Reference", "Title"]
    assert rows[1][:4] == ["Risks", "'=R1", "'@title", "6, High"]
    assert {len(row) for row in rows} == {9}
    assert [name for name, _ in sections(lines)] == ["Risks", "Actions"]
