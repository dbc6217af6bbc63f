"""Every comparison of money and contracts is proved to bite: a wrong state is planted and named."""

import json
from typing import Any

import pytest

from deploy.verify.compare import verify
from deploy.verify.source import Json, Row
from tests.unit.verify.a_council import definition, record
from tests.unit.verify.small_books import TODAY, owned, published

Y = "2025-26"
A: Json = {"cost_centre": "A", "subjective": "10110", "year": Y}
LEDGER: Json = {
    "code": "spend", "dataset": "paid", "unit": "unit", "date": "on", "amount": "amount",
    "supplier": "to", "split_from": "500",
}  # fmt: skip
VIREMENT: Json = A | {"reference": "V", "period": "P04", "status": "Approved", "decision": "D"}
ROWS: Json = {
    "cost-centre": [
        {"cost_centre": "A", "name": "A", "service": "homes", "fund": "GF",
         "valid_to": "2025-06-30"},
        {"cost_centre": "A", "name": "A", "service": "roads", "fund": "GF",
         "valid_from": "2025-07-01"},
        {"cost_centre": "B", "name": "B", "service": "homes", "fund": "HRA"},
    ],
    "posting": [
        A | {"period": "P02", "amount": "9.00", "batch": "b1", "contract": "C"},
        A | {"cost_centre": "B", "period": "P03", "amount": "-1.00"},
        {"cost_centre": "A", "subjective": "1", "amount": "0.25"},
    ],
    "budget": [A | {"amount": "120.00"}, A | {"cost_centre": "B", "amount": "50.00"}],
    "virement": [
        VIREMENT | {"line": "1", "amount": "5.00"},
        VIREMENT | {"line": "2", "amount": "-5.00", "subjective": "20"},
        VIREMENT | {"line": "1", "amount": "1.00", "reference": "W"},
    ],
    "commitment": [A | {"order": "1", "period": "P05", "amount": "3.00"}],
    "forecast": [A | {"period": "P05", "amount": "130.00", "one_off": "2.00"}],
    "saving": [{"reference": "S", "title": "S", "year": Y, "target": "9.00", "delivered": "3.00"}],
    "reserve": [{"reserve": "R", "name": "R", "year": Y, "opening": "9.00", "minimum": "0.00"}],
    "control-total": [{"year": Y, "period": "P02", "amount": "8.00", "transactions": 1}],
    "capital-scheme": [{"scheme": "K", "title": "Bridge", "service": "roads"}],
    "capital-budget": [
        {"scheme": "K", "year": Y, "amount": "10.00", "approval": "Fully approved"}
    ],
    "capital-movement": [
        {"scheme": "K", "change": "Addition", "amount": "1.00", "status": "Approved"}
    ],
    "capital-posting": [{"scheme": "K", "year": Y, "period": "P01", "amount": "2.00"}],
    "milestone": [{"scheme": "K", "milestone": "1", "planned": "2025-01-01"}],
    "contract": [{"reference": "C", "title": "C", "start": "2020-04-01", "end": "2026-12-31"}],
    "contract-kpi": [{"contract": "C", "indicator": "I-1"}],
    "intention": [{"reference": "I", "title": "I", "contract": "C", "status": "Proposed"}],
}  # fmt: skip
PAYMENTS = [
    {"unit": "Parks", "on": "2025-05-01", "amount": "300.00", "to": "Acme"},
    {"unit": "Parks", "on": "2025-05-01", "amount": "300.00", "to": "ACME"},
]
OWNED = owned(
    ROWS,
    more=[
        definition("ledger", LEDGER),
        definition("dataset", {"code": "paid", "title": "Paid", "fields": []}),
        *(record("paid", str(number), **fields) for number, fields in enumerate(PAYMENTS)),
    ],
)
RIGHT = published(OWNED)


def changed(subject: str, change: Json | None) -> list[Row]:
    """What is published, with one state changed, or deleted."""
    assert subject in {row.subject for row in RIGHT}, f"there is no {subject}"

    def body(row: Row) -> bytes | None:
        if row.subject != subject:
            return row.body
        return None if change is None else json.dumps(json.loads(row.body or b"") | change).encode()

    return [row._replace(body=body(row)) for row in RIGHT]


def found(rows: list[Row]) -> set[str]:
    """The subjects of the mismatches."""
    return {mismatch.subject for mismatch in verify(OWNED, rows, TODAY).mismatches}


def test_a_right_publisher_has_no_mismatch() -> None:
    report = verify(OWNED, RIGHT, TODAY)
    assert report.mismatches == []
    assert report.compared == len(RIGHT)


RAG = {"rag": {"outcome": "purple", "rule": ""}}
MINE = "cost-centre/2025-26/A"
NOW = "position/as-is/2025-26/GF/service/roads"
THEN = "position/as-was/2025-26/GF/service/homes"
STATES: list[tuple[str, Json]] = [
    (MINE, {"known": False}),
    (MINE, {"is_now": {"fund": "GF", "service": "roads"}}),
    (MINE, {"was": []}),
    (MINE, {"period": 7}),
    (MINE, {"name": "Other"}),
    (MINE, {"figures": {"actual": 900}}),
    (MINE, RAG),
    (NOW, {"figures": {}}),
    (NOW, {"cost_centres": 2}),
    (NOW, {"period": 5}),
    (NOW, RAG),
    (THEN, {"cost_centres": 3}),
    (THEN, RAG),
    ("virement/V", {"status": "Proposed"}),
    ("virement/V", {"moved": 501}),
    ("virement/V", {"level": "Cabinet"}),
    ("virement/V", {"approval": "for approval"}),
    ("virement/V", {"applied": False}),
    ("virement/V", {"held": "It does not net to nought"}),
    ("virement/V", {"fund": "HRA"}),
    ("virement/V", {"year": "2024-25"}),
    ("virement/V", {"period": 5}),
    ("virement/W", {"held": ""}),
    ("virement/W", {"net": 0}),
    ("saving/2025-26/S", {"undeliverable": 1}),
    ("saving/2025-26/S", {"stage": "on track"}),
    ("saving/2025-26/S", RAG),
    ("reserve/2025-26/R", {"closing": 901}),
    ("reserve/2025-26/R", {"minimum": None}),
    ("reserve/2025-26/R", RAG),
    ("reconciliation/batch/b1", {"amount": 901}),
    ("reconciliation/batch/b1", {"difference": 0}),
    ("reconciliation/period/2025-26-P02", {"agrees": True}),
    ("reconciliation/period/2025-26-P02", {"difference": 0}),
    ("reconciliation/period/2025-26-P02", {"missing_transactions": None}),
    ("reconciliation/period/2025-26-P02", {"stated": {}}),
    ("scheme/K", {"known": False}),
    ("scheme/K", {"years": {}}),
    ("scheme/K", {"total": {"original": 1000}}),
    ("scheme/K", {"spend": {}}),
    ("scheme/K", {"milestones": {"1": {"outcome": "amber"}}}),
    ("scheme/K", {"movements": {}}),
    ("scheme/K", {"directorate": "people"}),
    ("scheme/K", RAG),
    ("contract/C", {"expiry": "2027-12-31"}),
    ("contract/C", {"last_expiry": "2027-12-31"}),
    ("contract/C", {"decision_by": "2026-01-01"}),
    ("contract/C", {"notice_by": "2026-01-01"}),
    ("contract/C", {"stage": "expired"}),
    ("contract/C", {"on_horizon": False}),
    ("contract/C", {"spent": 0}),
    ("contract/C", {"total_value": 0}),
    ("contract/C", {"kpis": {}}),
    ("contract/C", {"kpis_short": 1}),
    ("contract/C", {"intention": ""}),
    ("contract-spend/C", {"spent": 1}),
    ("contract-spend/C", {"years": {"2024-25": 900}}),
    ("contract-spend/C", {"registered": False}),
    ("intention/I", {"overdue": True}),
    ("intention/I", {"contract_expiry": ""}),
    ("intention/I", {"status": "Agreed"}),
    ("control/spend", {"net_pence": 1}),
    ("spend/spend/Parks/2025-05", {"transactions": 1}),
    ("hint/spend/duplicate/0", {"ledger": "other"}),
]


@pytest.mark.parametrize(("subject", "change"), STATES)
def test_a_planted_mistake_is_named(subject: str, change: Json) -> None:
    assert subject in found(changed(subject, change))


@pytest.mark.parametrize("subject", [MINE, NOW, THEN])
@pytest.mark.parametrize(
    "part",
    [
        *("original", "virements", "profile", "actual", "commitments", "transactions"),
        *("forecast", "previous", "one_off", "assumed"),
    ],
)
def test_a_penny_more_in_any_list_of_any_line_is_named(subject: str, part: str) -> None:
    right = next(json.loads(row.body or b"") for row in RIGHT if row.subject == subject)
    lines = right["lines"]
    lines["1"][part] = [*lines["1"][part][:4], lines["1"][part][4] + 1, *lines["1"][part][5:]]
    assert subject in found(changed(subject, {"lines": lines}))


@pytest.mark.parametrize("subject", sorted({row.subject for row in RIGHT}))
def test_a_state_that_is_not_published_is_missed(subject: str) -> None:
    assert found(changed(subject, None)) >= {
        "/".join(subject.split("/")[:3]) if subject.startswith("hint/") else subject
    }


@pytest.mark.parametrize(
    ("topic", "subject"),
    [
        ("irf.finance", "cost-centre/2020-21/A"),
        ("irf.finance", "position/as-is/2025-26/GF/service/museums"),
        ("irf.finance", "virement/X"),
        ("irf.finance", "hint/spend/split/9"),
        ("irf.contracts", "contract/X"),
    ],
)
def test_a_state_that_nothing_stands_behind_must_be_deleted(topic: str, subject: str) -> None:
    assert found([*RIGHT, Row(topic, subject, 1, b"{}")]) == {subject}
    assert found([*RIGHT, Row(topic, subject, 1, None)]) == set()


def test_a_hint_is_known_by_its_records_whatever_its_mark() -> None:
    marked = [
        row._replace(subject=row.subject.replace("/0", "/a-mark"))
        if row.subject.startswith("hint/")
        else row
        for row in RIGHT
    ]
    assert found(marked) == set()
    twice = next(row for row in RIGHT if row.subject.startswith("hint/spend/split"))
    assert found([*RIGHT, twice._replace(subject="hint/spend/split/z")]) == {"hint/spend/split/z"}


def test_lists_of_noughts_and_blanks_say_no_more_than_nothing() -> None:
    noughts: Any = {"lines": {"9": {"actual": [0] * 13}}}
    right = next(json.loads(row.body or b"") for row in RIGHT if row.subject == MINE)
    noughts["lines"] |= right["lines"]
    assert found(changed(MINE, noughts)) == set()


# What must hold of the published states among themselves


@pytest.mark.parametrize(
    ("subject", "broken"),
    [
        (NOW, {"position/as-is/2025-26/GF/service"}),
        (THEN, {"position/as-was/2025-26/GF/service"}),
        ("position/as-was/2025-26/HRA/fund/HRA", {"position/as-was/2025-26/HRA/fund"}),
        ("position/as-is/2025-26/HRA/directorate/people",
         {"position/as-is/2025-26/HRA/directorate"}),
        ("reconciliation/period/2025-26-P02", {"reconciliation/period"}),
        ("reconciliation/period/unplaced", {"reconciliation/period"}),
        (
            "cost-centre/2025-26/B",
            {"cost-centre/2025-26"}
            | {
                f"position/{basis}/2025-26/HRA/{level}"
                for basis in ("as-is", "as-was")
                for level in ("fund", "directorate", "portfolio", "service")
            },
        ),
    ],
)  # fmt: skip
def test_published_states_that_do_not_add_up_are_named(subject: str, broken: set[str]) -> None:
    assert found(changed(subject, None)) == {subject, *broken}


def test_a_penny_between_two_levels_is_named_with_its_part_and_period() -> None:
    right = next(json.loads(row.body or b"") for row in RIGHT if row.subject == NOW)
    lines = right["lines"]
    lines["1"]["commitments"][5] += 1
    report = verify(OWNED, changed(NOW, {"lines": lines}), TODAY)
    told = {mismatch.subject: mismatch for mismatch in report.mismatches}
    assert set(told) == {NOW, "position/as-is/2025-26/GF/service"}
    broken = told["position/as-is/2025-26/GF/service"]
    assert broken.published == "commitments at P06: all nodes come to 301"
    assert broken.recomputed == "commitments at P06: all cost centres come to 300"
