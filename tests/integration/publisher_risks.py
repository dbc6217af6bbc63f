"""Risks, actions and projects of a small council as the publisher consumes them, on 24 November
2026; some texts are hostile."""

from datetime import UTC, datetime
from typing import Any

from shared.contracts.topics import CONTRACTS, RISKS
from tests.integration.publisher_money import money
from tests.integration.publisher_sample import risk, sample
from tests.integration.publisher_service import Running

Json = dict[str, Any]
HOSTILE = "<script>alert(1)</script>"


class Stopped:
    """24 November 2026, all day."""

    def now(self) -> datetime:
        return datetime(2026, 11, 24, 9, 0, tzinfo=UTC)

    def monotonic(self) -> float:
        return 0.0


def scored(on: str, likelihood: int, impact: int, band: str, **more: str) -> Json:
    """What the register or a review found."""
    return {
        "on": on, "likelihood": likelihood, "impact": impact, "score": likelihood * impact,
        "band": band, "record": f"reviews/{on}", **more,
    }  # fmt: skip


def action(reference: str, stage: str, due: str, outcome: str, **more: Any) -> Json:
    """An action of environmental health."""
    return {
        "kind": "action", "reference": reference, "title": f"Action {reference}", "stage": stage,
        "due": due, "rag": {"outcome": outcome, "rule": f"{outcome}: due on {due}"},
        "service": "environmental-health", **more,
    }  # fmt: skip


def project(reference: str, outcome: str, **more: Any) -> Json:
    """A project of environmental health."""
    return {
        "kind": "project", "reference": reference, "title": f"Project {reference}",
        "rag": {"outcome": outcome, "rule": "as its manager judges it"},
        "service": "environmental-health", **more,
    }  # fmt: skip


STATES: dict[str, Json] = {
    "risk/R1": risk(
        "R1", 4, 5, 20, "very high",
        title=f"Flood {HOSTILE}",
        cause="Drains are old", event="A storm floods the depot",
        consequence=f"<b>Bins</b> {'x' * 300}",
        category="financial", tier="service", directorate="place", portfolio="neighbourhoods",
        response="Treat", proximity="Within 3 months", velocity="Days", exposure=2_500_000_00,
        appetite="cautious", appetite_to=9, tolerance_to=15, standing="beyond tolerance",
        inherent={"likelihood": 5, "impact": 5, "score": 25, "band": "very high"},
        target={"likelihood": 2, "impact": 2, "score": 4, "band": "low"}, target_date="2027-03-31",
        opened="2026-05-01", reviewed="2026-10-05", reviewed_by="Head of service",
        review_by="2026-11-05", overdue=True, suggested_tier="corporate",
        controls={"risk-controls/1": {
            "control": "C1", "title": "Pumps are tested", "owner": "Depot manager",
            "line": "1st line", "effectiveness": "Partly effective", "assured": "2026-09-01"}},
        history=[
            scored("2026-05-01", 3, 3, "medium"),
            scored("2026-08-10", 3, 4, "high", reason="Wet summer", by="Risk manager"),
            scored("2026-10-05", 4, 5, "very high", reason=f"Pump failed {HOSTILE}",
                   by="Head of service"),
        ],
        moves=[{"on": "2026-07-01", "tier": "directorate", "came_from": "service",
                "direction": "escalated", "reason": "Two services", "by": "Directorate board"},
               {"on": "2026-11-02", "tier": "service", "came_from": "directorate",
                "direction": "de-escalated", "reason": "One again", "by": "Directorate board"}],
        indicators=["EP02", "ZZ9"], cost_centres=["W100", "NONE"], contracts=["C1", "LOST"],
        projects=["P1", "GONE"],
        prompts={
            "indicator/EP02@2019-20-Q2": {
                "cause": "red indicator", "topic": "irf.indicators", "subject": "EP02/2019-20-Q2",
                "says": "Closed in time is red for 2019-20-Q2"},
            "position/2026-27/W100@P07": {
                "cause": "adverse variance", "topic": "irf.finance",
                "subject": "cost-centre/2026-27/W100",
                "says": "Refuse collection is forecast over its budget"},
            "contract/C1@2027-12-31": {
                "cause": "contract", "topic": "irf.contracts", "subject": "contract/C1",
                "says": "Waste collection ends on 2027-12-31"},
        },
    ),
    "risk/R2": risk(
        "R2", 2, 3, 6, "medium", category="legal", tier="corporate", standing="above appetite",
        appetite="averse", appetite_to=4, tolerance_to=8, opened="2026-10-20",
        review_by="2027-01-20", history=[scored("2026-10-20", 2, 3, "medium")],
    ),
    "risk/R%2F3": risk(
        "R/3", 1, 2, 2, "low", service="waste-and-recycling", category="odd", tier="corporate",
        opened="2025-01-01", history=[scored("2025-01-01", 3, 2, "medium"),
                                      scored("2026-09-30", 1, 2, "low", reason="New lorries")],
    ),
    "risk/O1": risk(
        "O1", 4, 3, 12, "high", title="Grant for new pumps", nature="opportunity",
        rag={"outcome": "no target", "rule": "An opportunity"}, opened="2026-04-01",
        history=[scored("2026-04-01", 4, 3, "high")],
    ),
    "risk/OLD": risk(
        "OLD", 1, 1, 1, "low", title="Old boiler", open=False, status="Closed",
        opened="2025-01-01", closed="2026-11-01", history=[scored("2025-01-01", 1, 1, "low")],
    ),
    "action/A1": action(
        "A1", "overdue", "2026-10-31", "red", title=f"Clear the drains {HOSTILE}", progress=40,
        owner="Depot manager", description="Every gully", risks=["R1", "R99"],
        indicators=["EP02"], cost_centres=["W100"], projects=["P1"], start="2026-06-01",
    ),
    "action/A2": action(
        "A2", "in progress", "2026-12-31", "amber", slipped=True, forecast="2027-02-01",
        service="waste-and-recycling",
    ),
    "action/A%2F3": action("A/3", "complete", "2026-09-30", "green", done="2026-09-29",
                           progress=100),
    "project/P1": project(
        "P1", "amber", title="Depot defences", status="Delivery", programme="Change",
        sponsor="Director", manager="Project manager", start="2026-04-01", end="2027-03-31",
        forecast_end="2027-04-30", slipped_days=30, budget=1_250_000_00, scheme="depot",
        summary="Walls and pumps", risks=["R1"], indicators=["EP01"], cost_centres=["W100"],
        next_milestone="milestones/2",
        milestones={
            "milestones/1": {"milestone": "1", "title": "Design", "planned": "2026-06-30",
                             "stage": "reached", "achieved": "2026-06-25"},
            "milestones/2": {"milestone": "2", "title": "Pumps in", "planned": "2026-12-31",
                             "stage": "slipped", "forecast": "2027-01-31"},
            "milestones/3": {"milestone": "3", "title": "Walls up", "planned": "2026-10-31",
                             "stage": "late", "forecast": "2027-02-28"},
        },
    ),
    "project/P2": project("P2", "green", open=False, status="Closed"),
    # Other kinds on the same topic: no page here reads them, and none may fail of them.
    "newer/1": {"kind": "newer", "odd": HOSTILE},
}  # fmt: skip

CONTRACT: Json = {
    "reference": "C1", "title": "Waste collection", "start": "2020-04-01", "end": "2026-12-31",
    "expiry": "2027-12-31", "last_expiry": "2028-12-31", "decision_by": "2026-12-31",
    "stage": "decision due", "on_horizon": True, "spent": 1_500_000_00,
    "total_value": 6_000_000_00, "service": "environmental-health", "records": ["contracts/C1"],
}  # fmt: skip


def plant(run: Running) -> None:
    """Says a whole council with its money, a contract, and the states above."""
    sample(run)
    money(run)
    run.say(CONTRACTS, {"contract/C1": CONTRACT})
    run.say(RISKS, dict(STATES))
