"""How the register moved in a quarter."""

from datetime import date
from typing import Any

import pytest

from services.publisher.domain.movements import KINDS, Movements, movements, quarter_of
from shared.catalogue.periods import parse_period
from shared.contracts.risks import Risk, Scored, Tiered

Q2 = parse_period("2026-27-Q2")  # July to September 2026


def scored(on: str, score: int, reason: str = "", by: str = "") -> Scored:
    return Scored(on, 1, score, score, "high" if score > 9 else "low", reason, by, f"reviews/{on}")


def risk(reference: str = "R1", *history: Scored, **more: Any) -> Risk:
    now = history[-1].score if history else 6
    usual: dict[str, Any] = {
        "reference": reference, "title": f"The risk {reference}", "service": None, "owner": None,
        "status": None, "likelihood": 1, "impact": now, "score": now,
        "band": "high" if now > 9 else "low", "target_score": None, "target_band": None,
        "matrix": "default", "opened": "2026-01-10", "history": list(history),
    }  # fmt: skip
    return Risk(**{**usual, **more})


def moved(*risks: Risk) -> dict[str, list[str]]:
    """The references of what moved, by kind."""
    found = movements(risks, Q2)
    return {kind: [each.risk.reference for each in found.of(kind)] for kind in KINDS}


def test_a_risk_is_new_in_the_quarter_in_which_it_was_opened_and_then_neither_up_nor_down() -> None:
    found = moved(
        risk("R1", scored("2026-07-01", 4), scored("2026-08-01", 12), opened="2026-07-01"),
        risk("R2", scored("2026-06-30", 4), opened="2026-06-30"),
        risk("R3", scored("2026-09-30", 4), opened="2026-09-30"),
        risk("R4", scored("", 4), opened=""),
    )
    assert found["new"] == ["R1", "R3"]
    assert found["up"] == found["down"] == []


def test_what_a_risk_scored_first_is_said_when_it_is_new() -> None:
    (found,) = movements(
        [risk("R1", scored("2026-07-01", 4), scored("2026-08-01", 12), opened="2026-07-01")], Q2
    ).of("new")
    assert (found.on, found.before, found.after) == ("2026-07-01", "", "4, low")


def test_a_risk_is_closed_on_its_day_unless_that_day_is_still_to_come() -> None:
    found = moved(
        risk("R1", scored("2026-01-10", 4), open=False, closed="2026-09-30"),
        risk("R2", scored("2026-01-10", 4), open=True, closed="2026-09-30"),
        risk("R3", scored("2026-01-10", 4), open=False, closed="2026-10-01"),
        risk("R4", scored("2026-01-10", 4), open=False),
    )
    assert found["closed"] == ["R1"]


def test_a_score_is_up_or_down_against_the_last_one_before_the_quarter() -> None:
    found = moved(
        risk("UP", scored("2026-01-10", 4), scored("2026-07-01", 6)),
        risk("DOWN", scored("2026-01-10", 12), scored("2026-06-30", 10), scored("2026-09-30", 4)),
        risk("BACK", scored("2026-01-10", 4), scored("2026-07-05", 9), scored("2026-08-05", 4)),
        risk("SAME", scored("2026-01-10", 4), scored("2026-07-05", 4)),
        risk("LATER", scored("2026-01-10", 4), scored("2026-10-01", 12)),
        risk("EARLIER", scored("2026-01-10", 4), scored("2026-06-30", 12)),
        risk("NO-DAY", scored("", 4), scored("2026-07-05", 12), opened=""),
    )
    assert (found["up"], found["down"]) == (["NO-DAY", "UP"], ["DOWN"])


def test_the_reason_is_that_of_the_review_which_brought_the_score() -> None:
    (found,) = movements(
        [
            risk(
                "R1",
                scored("2026-01-10", 4),
                scored("2026-07-05", 12, "A supplier failed", "Head of IT"),
                scored("2026-08-05", 12, "No change"),
            )
        ],
        Q2,
    ).of("up")
    assert (found.on, found.before, found.after) == ("2026-07-05", "4, low", "12, high")
    assert (found.reason, found.by) == ("A supplier failed", "Head of IT")


def test_what_had_left_the_register_before_moves_no_more() -> None:
    gone = risk(
        "R1", scored("2026-01-10", 4), scored("2026-07-05", 9), open=False, closed="2026-06-30"
    )
    assert not any(moved(gone).values())


def test_moves_between_tiers_count_on_their_days_and_only_with_a_direction() -> None:
    moves = [
        Tiered("2026-06-30", "directorate", "service", "escalated"),
        Tiered("2026-07-01", "corporate", "directorate", "escalated", "Beyond tolerance", "Board"),
        Tiered("2026-08-01", "elsewhere", "corporate", ""),
        Tiered("2026-09-30", "directorate", "corporate", "de-escalated"),
    ]
    found = movements([risk("R1", scored("2026-01-10", 4), moves=moves)], Q2)
    (up,), (down,) = found.of("escalated"), found.of("de-escalated")
    assert (up.before, up.after, up.reason, up.by) == (
        "directorate",
        "corporate",
        "Beyond tolerance",
        "Board",
    )
    assert (down.on, down.after) == ("2026-09-30", "directorate")
    assert found.sentence() == (
        "1 risk moved: none new, none closed, none up, none down, 1 escalated, 1 de-escalated."
    )


def test_a_quiet_quarter_says_so() -> None:
    assert Movements(Q2).sentence() == "Nothing on the register moved."
    assert movements([], Q2).every() == []


@pytest.mark.parametrize(
    ("day", "code"),
    [
        (date(2026, 4, 1), "2026-27-Q1"),
        (date(2026, 9, 30), "2026-27-Q2"),
        (date(2026, 12, 31), "2026-27-Q3"),
        (date(2027, 1, 1), "2026-27-Q4"),
        (date(2027, 3, 31), "2026-27-Q4"),
    ],
)
def test_a_day_lies_in_its_quarter_of_the_financial_year(day: date, code: str) -> None:
    assert quarter_of(day).code == code
