"""A service in a few sentences."""

from services.publisher.domain import service_words as said
from services.publisher.web.theme_view import paragraphs
from shared.contracts.judged import RagState
from tests.unit.publisher.test_risk_words import action, project, risk


def test_money_says_how_far_it_is_from_its_budget() -> None:
    assert said.money("General Fund", 1_234_567_00, 7) == (
        "£1.2 million over budget at period 7 (General Fund)."
    )
    assert said.money("HRA", 0, 12) == "On budget at period 12 (HRA)."


def test_risks_above_appetite_are_counted_by_band() -> None:
    above = {"standing": "above appetite"}
    listed = [
        risk(reference="R1", band="high", score=12, **above),
        risk(reference="R2", band="very high", score=20, standing="beyond tolerance"),
        risk(reference="R3", band="high", score=10, **above),
        risk(reference="R4", band="low", score=2, standing="within appetite"),
        risk(reference="R5", band="high", score=12, open=False, **above),
        risk(reference="R6", band="high", score=12, nature="opportunity", **above),
    ]
    assert said.risks(listed) == (
        "3 of 4 risks are above appetite: 1 very high, 2 high. 1 of them is beyond tolerance."
    )
    assert said.risks(listed[:1]) == "Its one risk is above appetite: 1 high."
    assert said.risks(listed[3:4]) == "Its one risk is not above appetite."
    assert said.risks([listed[3], listed[3]]) == "None of 2 risks is above appetite."
    assert said.risks(listed[4:]) == "No risk is open."


def test_actions_and_projects_are_counted_by_what_is_wrong_with_them() -> None:
    late, under_way = action(stage="overdue"), action()
    assert said.actions([late, under_way, action(stage="complete")]) == "1 of 2 actions is overdue."
    assert said.actions([under_way]) == "Its one action is not overdue."
    assert said.actions([action(stage="cancelled")]) == "No action is open."
    red = project(rag=RagState("red", "Red: 2 are late"))
    assert said.projects([red, red, project()]) == "2 of 3 projects are red."
    assert said.projects([project()]) == "Its one project is not red."
    assert said.projects([project(open=False)]) == ""


def test_blank_lines_part_the_paragraphs_of_a_narrative() -> None:
    assert paragraphs("One\nof two lines.\n\n \nTwo.\n") == ["One\nof two lines.", "Two."]
    assert paragraphs("") == []
