"""A council with returns: what the tests of ingest's pages give, upload, mend and undo."""

from typing import Any

from tests.integration.ingest_forms import People, council

DATASET = "care-returns"
REASONS = ["suppressed", "not applicable", "not due", "missing"]
FORM = "/returns/waiting/2026-27-Q2"
SHARE = "/returns/payments/2026-27-Q2"
OWNER_POST = "Head of adult social care operations"
HEADER = "Measure,Period end,Numerator,Denominator,Reason if blank,Source"

_DATASET: dict[str, Any] = {
    "code": DATASET, "title": "Returns of care", "service": "adult-social-care",
    "owner": "Performance manager, adults", "extract": "changes", "key": ["item", "period_end"],
    "fields": [
        {"name": "item", "headers": ["Measure"], "type": "text", "required": True,
         "choices": ["Waiting", "Payments", "Score"]},
        {"name": "period_end", "headers": ["Period end"], "type": "date", "formats": ["%d/%m/%Y"],
         "required": True},
        {"name": "numerator", "headers": ["Numerator"], "type": "decimal", "minimum": -100},
        {"name": "denominator", "headers": ["Denominator"], "type": "decimal", "minimum": 0},
        {"name": "note", "headers": ["Reason if blank"], "type": "text", "choices": REASONS},
        {"name": "source", "headers": ["Source"], "type": "text", "max_length": 200},
    ],
}  # fmt: skip
_LEDGER: dict[str, Any] = {
    "code": "overtime", "title": "Overtime by financial year", "extract": "full", "key": ["year"],
    "fields": [
        {"name": "year", "headers": ["Year"], "type": "financial-year", "required": True},
        {"name": "hours", "headers": ["Hours"], "type": "integer", "minimum": 0},
        {"name": "words", "headers": ["Words"], "type": "text", "max_length": 300},
    ],
}  # fmt: skip
_RETURNS: list[dict[str, Any]] = [
    {"code": "waiting", "title": "People waiting", "dataset": DATASET, "period": "period_end",
     "fields": {"item": "Waiting"}, "ask": ["numerator"], "note": "note", "evidence": "source",
     "owner": OWNER_POST, "deputy": "Waste contracts manager", "due_days": 20, "times": "3",
     "help": "Count who waits on the last day."},
    {"code": "payments", "title": "People with a direct payment", "dataset": DATASET,
     "period": "period_end", "fields": {"item": "Payments"}, "ask": ["numerator", "denominator"],
     "note": "note", "owner": OWNER_POST, "due_days": 5},
    {"code": "overtime", "title": "Hours of overtime", "dataset": "overtime", "period": "year",
     "every": "financial-year", "ask": ["hours"], "note": "words", "owner": "Head of SEND",
     "first": "2024-25", "due_days": 300},
]  # fmt: skip
_MEASURES = [
    {"code": "waiting", "title": "Waiting", "dataset": DATASET, "aggregate": "latest",
     "of": "numerator", "date": "period_end", "where": "item == 'Waiting'"},
    {"code": "paid", "title": "Paid", "dataset": DATASET, "aggregate": "latest",
     "of": "numerator", "date": "period_end", "where": "item == 'Payments'"},
]  # fmt: skip


def giving() -> dict[str, Any]:
    """The council's catalogue, with returns and the indicators that they lead to."""
    document = council()
    first = document["indicators"][0]
    more = [
        first | {"code": "AD20", "title": "People who wait for care", "formula": "waiting"},
        first | {"code": "AD19", "title": "Direct payments", "formula": "paid"},
    ]
    return document | {
        "datasets": [*document["datasets"], _DATASET, _LEDGER],
        "measures": document["measures"] + _MEASURES,
        "indicators": [first, *more],
        "returns": _RETURNS,
    }


def history(people: People) -> None:
    """What was given for the four quarters up to June 2026, by the system that had it before."""
    ends = ("30/09/2025", "31/12/2025", "31/03/2026", "30/06/2026")
    rows = [
        {"item": "Waiting", "period_end": end, "numerator": value}
        for end, value in zip(ends, ("110", "99", "98", "103"), strict=True)
    ]
    rows += [
        {"item": "Payments", "period_end": end, "numerator": value, "denominator": "398"}
        for end, value in zip(ends, ("120", "119", "122", "124"), strict=True)
    ]
    answer = people.ingest.post([{"data": each} for each in rows], DATASET)
    assert answer.status_code == 202, answer.text
