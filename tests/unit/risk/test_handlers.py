"""The risk service says each risk, action and project as records, definitions, other services and
the day make it: once for each change, and no more than what changed touches."""

from typing import Any

import pytest
from structlog.testing import capture_logs

from services.risk.metrics import RISKS_UNSCORED
from shared.contracts.topics import CATALOGUE, CONTRACTS, FINANCE, INDICATORS, RECORDS
from tests.unit.fed import Fed
from tests.unit.risk import registers
from tests.unit.risk.moving import pass_time_to
from tests.unit.risk.registers import (
    CATALOGUE as DEFINED,
)
from tests.unit.risk.registers import MATRIX, POLICY, budget, contract, move, record, review, value

LATE = "2026-01-05T08:30:00.000+00:00"
Json = dict[str, Any]


@pytest.fixture
def council(risk: Fed) -> Fed:
    """The risk service, with the council's definitions. Today is 5 January 2026."""
    risk.say(CATALOGUE, dict(DEFINED))
    return risk


def scores(risk: Fed) -> dict[str, tuple[int, str]]:
    """Score and band of every risk."""
    return {
        subject: (state["score"], state["band"])
        for subject, state in risk.states().items()
        if subject.startswith("risk/")
    }


def prompts(risk: Fed, reference: str = "R1") -> dict[str, str]:
    """What prompts a risk, and the state that says so."""
    found: Json = risk.states()[f"risk/{reference}"]["prompts"]
    return {key: prompt["subject"] for key, prompt in found.items()}


def test_a_record_of_a_register_becomes_a_scored_risk(council: Fed) -> None:
    council.say(RECORDS, registers.risk("R1", 4, 5) | registers.risk("R 2/a", 1, 2))
    assert scores(council) == {"risk/R1": (20, "Very high"), "risk/R%202%2Fa": (2, "Low")}
    assert council.states()["risk/R%202%2Fa"]["reference"] == "R 2/a"


def test_a_record_of_a_dataset_without_a_role_is_no_risk(council: Fed) -> None:
    council.say(CATALOGUE, {"dataset/risks": {**DEFINED["dataset/risks"], "role": None}})
    council.say(RECORDS, registers.risk("R1"))
    assert council.owned() == {}


def test_without_a_matrix_a_risk_waits_for_it(risk: Fed) -> None:
    risk.say(CATALOGUE, {s: each for s, each in DEFINED.items() if s != "risk-matrix/matrix"})
    risk.say(RECORDS, registers.risk("R1", 2, 2))
    assert risk.states() == {}
    risk.say(CATALOGUE, {"risk-matrix/matrix": MATRIX})
    assert scores(risk) == {"risk/R1": (4, "Low")}


def test_a_new_score_is_one_event_and_what_says_no_more_is_none(council: Fed) -> None:
    council.say(RECORDS, registers.risk("R1", 2, 2) | registers.risk("R2", 1, 1))
    council.say(
        RECORDS, registers.risk("R1", 2, 4) | registers.risk("R2", 1, 1, velocity=None),
        origin=LATE, correlation="review",
    )  # fmt: skip
    assert scores(council) == {"risk/R1": (8, "Medium"), "risk/R2": (1, "Low")}
    said = council.owned()
    assert (said["risk/R1"][0], *said["risk/R1"][2:]) == (2, "review", LATE)
    assert said["risk/R2"][0] == 1


def test_a_review_a_control_and_a_move_say_the_risk_anew_and_no_other(council: Fed) -> None:
    council.say(RECORDS, registers.risk("R1", 2, 2) | registers.risk("R2"))
    council.say(RECORDS, review("1", "2025-12-01", impact=5, by="Head", reason="Grew"))
    council.say(RECORDS, move("1", "2025-12-02", "directorate"))
    council.say(RECORDS, record("risk-controls", "1", risk="R1", control="1", title="Watch"))
    said = council.owned()
    assert (said["risk/R1"][0], said["risk/R2"][0]) == (4, 1)
    state = council.states()["risk/R1"]
    assert (state["score"], state["tier"], state["suggested_tier"]) == (10, "directorate", "")
    assert [each["record"] for each in state["history"]] == ["risks/R1", "risk-reviews/1"]
    assert list(state["controls"]) == ["risk-controls/1"]


def test_a_review_that_turns_to_another_risk_moves_both(council: Fed) -> None:
    council.say(RECORDS, registers.risk("R1", 2, 2) | registers.risk("R2", 2, 2))
    council.say(RECORDS, review("1", "2025-12-01", impact=5))
    council.say(RECORDS, review("1", "2025-12-01", "R2", impact=5))
    assert scores(council) == {"risk/R1": (4, "Low"), "risk/R2": (10, "High")}
    council.say(RECORDS, {"risk-reviews/1": None})
    assert scores(council) == {"risk/R1": (4, "Low"), "risk/R2": (4, "Low")}


def test_parts_that_come_before_their_risk_wait_for_it(council: Fed) -> None:
    council.say(RECORDS, review("1", "2025-12-01", impact=5) | move("1", "2025-12-02", "corporate"))
    assert council.owned() == {}
    council.say(RECORDS, registers.risk("R1", 2, 2))
    state = council.states()["risk/R1"]
    assert (state["score"], state["tier"]) == (10, "corporate")


def test_a_deleted_record_leaves_a_tombstone(council: Fed) -> None:
    council.say(RECORDS, registers.risk("R1"))
    council.say(RECORDS, {"risks/R1": None})
    assert council.owned()["risk/R1"][:2] == (2, None)


def test_a_risk_that_goes_off_the_matrix_is_withdrawn_counted_and_named(council: Fed) -> None:
    council.say(RECORDS, registers.risk("R1", 2, 2) | registers.risk("R2", 1, 1))
    before = RISKS_UNSCORED._value.get()
    with capture_logs() as logs:
        council.say(RECORDS, registers.risk("R1", 2, 6))
    assert scores(council) == {"risk/R2": (1, "Low")}
    assert RISKS_UNSCORED._value.get() == before + 1
    (unscored,) = [line for line in logs if line["event"] == "risk-unscored"]
    assert unscored["record"] == "risks/R1"
    assert "impact is 6" in unscored["reason"]


def test_a_review_off_the_matrix_is_passed_over_and_named(council: Fed) -> None:
    council.say(RECORDS, registers.risk("R1", 2, 2, opened="2025-06-01"))
    with capture_logs() as logs:
        council.say(RECORDS, review("1", "2025-12-01", likelihood=0))
    state = council.states()["risk/R1"]
    assert (state["score"], state["reviewed"], len(state["history"])) == (4, "", 1)
    (passed,) = [line for line in logs if line["event"] == "review-passed-over"]
    assert passed["record"] == "risk-reviews/1"


def test_a_new_matrix_scores_every_risk_again_and_names_itself_as_the_cause(council: Fed) -> None:
    council.say(RECORDS, registers.risk("R1", 2, 2) | registers.risk("R2", 5, 5))
    strict = {**MATRIX, "bands": [{"name": "tolerable", "from": 1}, {"name": "severe", "from": 4}]}
    council.say(CATALOGUE, {"risk-matrix/matrix": strict}, origin=LATE, correlation="catalogue")
    assert scores(council) == {"risk/R1": (4, "severe"), "risk/R2": (25, "severe")}
    assert council.owned()["risk/R1"][2:] == ("catalogue", LATE)


def test_one_record_off_the_matrix_does_not_stop_the_others(risk: Fed) -> None:
    risk.say(RECORDS, registers.risk("R1", 2, 2) | registers.risk("R2", 9, 5))
    risk.say(CATALOGUE, dict(DEFINED))
    assert scores(risk) == {"risk/R1": (4, "Low")}


def test_a_policy_that_changes_says_appetite_and_tiers_anew(council: Fed) -> None:
    council.say(RECORDS, registers.risk("R1", 3, 3, category="money"))
    state = council.states()["risk/R1"]
    assert (state["standing"], state["suggested_tier"]) == ("above appetite", "")
    strict = {
        **POLICY,
        "categories": [{"code": "money", "name": "Money", "appetite_to": 2, "tolerance_to": 8}],
        "tiers": [
            {"code": "service", "name": "Service"},
            {"code": "board", "name": "Board", "escalate_from": 9},
        ],
    }
    council.say(CATALOGUE, {"risk-policy/policy": strict})
    state = council.states()["risk/R1"]
    assert (state["standing"], state["suggested_tier"]) == ("beyond tolerance", "board")


def test_a_dataset_that_loses_its_role_takes_its_risks_with_it(council: Fed) -> None:
    council.say(RECORDS, registers.risk("R1"))
    council.say(
        CATALOGUE, {"dataset/risks": {**DEFINED["dataset/risks"], "role": None}},
        origin=LATE, correlation="catalogue",
    )  # fmt: skip
    assert council.owned()["risk/R1"] == (2, None, "catalogue", LATE)


def test_a_reference_in_two_registers_outlives_the_record_of_one(council: Fed) -> None:
    other = record("partnership", "R1", reference="R1", title="Ours", likelihood=5, impact=5)
    council.say(RECORDS, registers.risk("R1", 1, 1) | other)
    assert scores(council) == {"risk/R1": (1, "Low")}  # risks come after partnership
    council.say(RECORDS, {"risks/R1": None})
    assert scores(council) == {"risk/R1": (25, "Very high")}
    council.say(RECORDS, {"partnership/R1": None})
    assert council.states() == {}


# What other services say


def test_a_red_indicator_prompts_every_open_risk_that_names_it(council: Fed) -> None:
    council.say(
        RECORDS,
        registers.risk("R1", indicators="I-1, I-9")
        | registers.risk("R2", indicators="I-1", status="Closed")
        | registers.risk("R3", indicators="I-2"),
    )
    council.say(INDICATORS, value("I-1", "2025-26-Q3", "red"), origin=LATE, correlation="figures")
    assert prompts(council) == {"indicator/I-1@2025-26-Q3": "I-1/2025-26-Q3"}
    assert prompts(council, "R2") == prompts(council, "R3") == {}
    said = council.owned()
    assert (said["risk/R1"][0], *said["risk/R1"][2:]) == (2, "figures", LATE)
    assert (said["risk/R2"][0], said["risk/R3"][0]) == (1, 1)
    told = council.states()["risk/R1"]["prompts"]["indicator/I-1@2025-26-Q3"]
    assert (told["cause"], told["topic"]) == ("red indicator", INDICATORS)
    assert "I-1" in told["says"]


def test_only_the_newest_value_that_is_over_of_the_kind_that_stands_for_it_prompts(
    council: Fed, monkeypatch: pytest.MonkeyPatch
) -> None:
    council.say(RECORDS, registers.risk("R1", indicators="I-1"))
    council.say(
        INDICATORS,
        value("I-1", "2025-26-Q2", "red")
        | value("I-1", "2025-26-Q3", "green")
        | value("I-1", "2025-26-Q4", "red")  # not over yet
        | value("I-1", "2025-12", "red")  # quarters stand for it
        | value("I-1", "2025-26-Q3", "red", "ward=Abbey"),  # of some records
    )
    assert prompts(council) == {}
    pass_time_to(monkeypatch, council, "2026-03-31")
    assert set(prompts(council)) == {"indicator/I-1@2025-26-Q4"}
    council.say(INDICATORS, value("I-1", "2025-26-Q4", "green"))
    assert prompts(council) == {}
    monthly = {**DEFINED["indicator/I-1"], "frequency": "month"}
    council.say(CATALOGUE, {"indicator/I-1": monthly})
    assert set(prompts(council)) == {"indicator/I-1@2025-12"}


def test_an_adverse_variance_of_this_year_prompts(
    council: Fed, monkeypatch: pytest.MonkeyPatch
) -> None:
    council.say(RECORDS, registers.risk("R1", cost_centres="A/1,B"))
    council.say(
        FINANCE,
        budget("A/1", "2025-26", 9, "red")
        | budget("A/1", "2026-27", 1, "red")
        | budget("B", "2025-26", 9, "amber")
        | budget("C", "2025-26", 9, "red"),
    )
    assert prompts(council) == {"position/2025-26/A/1@P09": "cost-centre/2025-26/A%2F1"}
    pass_time_to(monkeypatch, council, "2026-04-01")
    assert prompts(council) == {"position/2026-27/A/1@P01": "cost-centre/2026-27/A%2F1"}
    council.say(FINANCE, {"cost-centre/2026-27/A%2F1": None})
    assert prompts(council) == {}


@pytest.mark.parametrize(
    ("stage", "prompted"),
    [
        ("decision due", True), ("decision overdue", True), ("expired", True),
        ("in force", False), ("not started", False),
    ],
)  # fmt: skip
def test_a_contract_prompts_when_somebody_must_decide(
    council: Fed, stage: str, prompted: bool
) -> None:
    council.say(CONTRACTS, contract("C/1", stage))
    council.say(RECORDS, registers.risk("R1", contracts="C/1"))
    expected = {"contract/C/1@2026-03-31": "contract/C%2F1"} if prompted else {}
    assert prompts(council) == expected


def test_a_considered_prompt_is_gone_and_what_comes_later_prompts_anew(council: Fed) -> None:
    council.say(CONTRACTS, contract("C1", "expired"))
    council.say(RECORDS, registers.risk("R1", contracts="C1"))
    council.say(RECORDS, review("1", "2026-01-05", considered="x, contract/C1@2026-03-31"))
    assert prompts(council) == {}
    council.say(CONTRACTS, contract("C1", "decision due", "2027-03-31"))
    assert set(prompts(council)) == {"contract/C1@2027-03-31"}
    council.say(RECORDS, registers.risk("R1", contracts="C2"))
    assert prompts(council) == {}


def test_the_policy_says_what_prompts(council: Fed) -> None:
    council.say(CONTRACTS, contract("C1", "expired"))
    council.say(RECORDS, registers.risk("R1", contracts="C1"))
    council.say(CATALOGUE, {"risk-policy/policy": {**POLICY, "prompts": ["red indicator"]}})
    assert prompts(council) == {}


# Plans


def test_actions_and_projects_are_said_with_their_stages(council: Fed) -> None:
    council.say(
        RECORDS,
        record("actions", "A", reference="A", title="Act", due="2026-01-05", service="parks")
        | record("projects", "P", reference="P", title="Build")
        | record("project-milestones", "1", project="P", title="Roof", planned="2026-01-05"),
    )
    action, project = council.states()["action/A"], council.states()["project/P"]
    assert (action["stage"], action["directorate"]) == ("not started", "place")
    assert project["milestones"]["project-milestones/1"]["stage"] == "to come"
    council.say(RECORDS, {"actions/A": None, "project-milestones/1": None})
    assert council.states().keys() == {"project/P"}
    assert "milestones" not in council.states()["project/P"]


def test_what_falls_due_is_said_on_the_day_and_only_then(
    council: Fed, monkeypatch: pytest.MonkeyPatch
) -> None:
    council.say(
        RECORDS,
        registers.risk("R1", 4, 5, opened="2025-12-05")
        | registers.risk("R2", 1, 1, opened="2025-12-05", closed="2026-01-06")
        | record("actions", "A", reference="A", title="Act", due="2026-01-05")
        | record("projects", "P", reference="P", title="Build")
        | record("project-milestones", "1", project="P", title="Roof", planned="2026-01-05"),
    )
    before = council.owned()
    assert council.states()["risk/R1"]["overdue"] is False
    assert council.states()["risk/R2"]["open"] is True
    pass_time_to(monkeypatch, council, "2026-01-05")
    assert council.owned() == before
    pass_time_to(monkeypatch, council, "2026-01-06")
    states = council.states()
    assert states["risk/R1"]["overdue"] is True
    assert (states["risk/R2"]["open"], states["risk/R2"]["review_by"]) == (False, "")
    assert states["action/A"]["stage"] == "overdue"
    assert states["project/P"]["rag"]["outcome"] == "red"


def test_a_service_that_moves_takes_its_risks_and_plans_along(council: Fed) -> None:
    council.say(
        RECORDS,
        registers.risk("R1", service="parks")
        | record("actions", "A", reference="A", title="Act", due="2026-02-01", service="parks"),
    )
    moved = {**DEFINED["service/parks"], "directorate": "communities"}
    council.say(CATALOGUE, {"service/parks": moved})
    states = council.states()
    assert {states[s]["directorate"] for s in ("risk/R1", "action/A")} == {"communities"}


def test_a_rebuild_mends_risks_and_says_nothing_where_all_is_well(council: Fed) -> None:
    council.say(RECORDS, registers.risk("R1", 2, 2) | registers.risk("R2", 3, 3))
    council.say(RECORDS, review("1", "2025-12-01", impact=5))
    right = council.states()
    assert council.rebuild() == 0
    owned = council.tables.owned
    council.store.write_now(
        lambda tx: tx.connection.execute(
            owned.update().where(owned.c.subject == "risk/R1").values(subject="risk/R9")
        )
    )
    assert council.rebuild() == 2
    assert council.states() == right
