"""A quarter under review as the publisher consumes it; some of what people wrote is hostile."""

from datetime import UTC, datetime, timedelta
from typing import Any

import msgspec

from services.publisher.domain.finance_sums import at
from shared.catalogue.accounts import VarianceRule
from shared.contracts import subjects
from shared.contracts.finance import Line, Position
from shared.contracts.topics import FINANCE, INDICATORS, RISKS
from tests.integration.publisher_sample import Q2, risk, sample, value
from tests.integration.publisher_service import Running

Json = dict[str, Any]
QUARTER, YEAR, LAST = "2019-20-Q2", "2019-20", 6
ABOUT = "indicator/EP02"
OWNER, DIRECTOR, OFFICER = (
    "Environmental health manager",
    "Director of place",
    "Performance officer",
)
HOSTILE = "<script>alert('said')</script>"
COOKIE = "irf_persona=director-place"
REVIEW = subjects.review(QUARTER, ABOUT)
CYCLE = subjects.cycle(QUARTER)
CHALLENGE = subjects.challenge("C1")
REMINDER = subjects.reminder(CHALLENGE)
GENERAL = "general"


def voice(text: str, by: str = OWNER, when: str = "2019-10-08T10:00:00", **more: Any) -> Json:
    return {"what_happened": text, "by": by, "at": when, **more}


def review(**more: Any) -> Json:
    """The review of EP02: red, with commentary, and a director's sign-off to come."""
    return {
        "kind": "review", "period": QUARTER, "about": ABOUT, "topic": INDICATORS,
        "subject": "EP02/2019-20-Q2", "stage": "director sign-off", "value": "66.66666667",
        "rag": "red", "service": "environmental-health", "owner": OWNER, "required": True,
        "voices": {"Owner": voice("Two officers left", why=HOSTILE, what_next="Two are hired")},
        "sign_offs": {"Owner": {"by": OWNER, "at": "2019-10-09T09:00:00", "value": "66.66666667"}},
        "challenges": ["C1"], "waits_for": DIRECTOR, "due": "2019-10-30", "overdue": True, **more,
    }  # fmt: skip


def challenge(*more: Json, stage: str = "open") -> Json:
    """A challenge of EP02, with what was said after it was raised."""
    raised = {
        "does": "Raise", "by": DIRECTOR, "at": "2019-10-10T09:00:00",
        "text": f"Is it the wards? {HOSTILE}", "record": "challenge-steps/C1-1",
    }  # fmt: skip
    return {
        "kind": "challenge", "reference": "C1", "period": QUARTER, "about": ABOUT, "stage": stage,
        "by": DIRECTOR, "at": "2019-10-10T09:00:00", "waits_for": OWNER, "steps": [raised, *more],
    }  # fmt: skip


def cycle(stage: str, frozen_at: str = "", despite: str = "", **more: Any) -> Json:
    """The quarter at a stage."""
    steps = [{"to": "collecting", "by": OFFICER, "at": "2019-10-01T09:00:00", "record": "s/1"}]
    if frozen_at:
        last = {"to": stage, "by": OFFICER, "at": frozen_at, "record": "s/2", "despite": despite}
        steps.append(last)
    return {
        "kind": "cycle", "period": QUARTER, "stage": stage,
        "due": {"owner sign-off": "2019-10-20", "director sign-off": "2019-10-30",
                "frozen": "2019-11-09"},
        "figures": 1, "required": 1, "written": 1, "owner_signed": 1, "challenged": 1, "late": 1,
        "steps": steps, **more,
    }  # fmt: skip


def position(level: str, node: str, spent: int, forecast: int) -> Json:
    """A position with a budget of £1,200; pounds spent each period, and forecast for the year."""
    lines = {
        "employees": Line(
            original=[1_200_00, *[0] * 12],
            profile=[100_00] * 12 + [0],
            actual=[spent * 100] * LAST + [0] * 7,
            forecast=[forecast * 100] * 13,
        )
    }
    figures, rag = at(lines, LAST, VarianceRule())
    held = Position("as-is", YEAR, GENERAL, level, node, LAST, figures, rag, lines, 2)
    told: Json = msgspec.json.decode(msgspec.json.encode(held))
    return told


def money(run: Running, forecast: int = 1_260) -> None:
    """The General Fund and its one directorate."""
    run.say(
        FINANCE,
        {
            subjects.position("as-is", YEAR, GENERAL, level, node): position(
                level, node, 110, forecast
            )
            for level, node in (("fund", GENERAL), ("directorate", "place"))
        },
    )


def quarter(run: Running) -> None:
    """A small council whose second quarter is under review."""
    sample(run)
    money(run)
    run.say(
        RISKS,
        {
            REVIEW: review(),
            CHALLENGE: challenge(),
            CYCLE: cycle("director sign-off"),
            REMINDER: {
                "kind": "reminder", "period": QUARTER, "about": ABOUT, "task": "answer",
                "who": OWNER, "due": "2019-10-17", "overdue": True,
                "service": "environmental-health",
            },
        },
    )  # fmt: skip


def later(hours: int = 1) -> str:
    """An instant after any store of this test came into being."""
    return (datetime.now(UTC) + timedelta(hours=hours)).isoformat(timespec="milliseconds")


def freeze(run: Running, frozen_at: str = "", despite: str = "", **more: Any) -> None:
    """The quarter is frozen."""
    run.say(RISKS, {CYCLE: cycle("frozen", frozen_at or later(), despite, **more)})


def correct(run: Running) -> None:
    """Corrections that came after: 66.7% is 70.9%, money and a risk moved too."""
    rule = "amber: 70.9 is at most 5 points below the target of 75"
    corrected = value("EP02", Q2, "70.9", target="75", outcome="amber", rule=rule)
    run.say(INDICATORS, {"EP02/2019-20-Q2": corrected}, "batch-late")
    money(run, forecast=1_300)
    run.say(RISKS, {"risk/R1": risk("R1", 2, 5, 10, "high")})
