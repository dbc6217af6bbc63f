"""A small, whole council as the publisher consumes it, said by hand."""

from typing import Any

from shared.contracts.topics import FINANCE, INDICATORS, RECORDS, RISKS
from tests.integration.publisher_service import Running


def value(
    indicator: str,
    period: tuple[str, str, str, str],
    number: str | None,
    *,
    unit: str = "percentage",
    member: tuple[str, str] | None = None,
    target: str | None = None,
    outcome: str = "no target",
    rule: str = "there is no target",
    formula: str = "percent(ep_closed_in_10, ep_closed)",
    measures: dict[str, Any] | None = None,
) -> dict[str, Any]:
    """The state of an indicator's value; `period` is code, kind, start, end."""
    code, kind, start, end = period
    return {
        "indicator": indicator,
        "period": {"code": code, "kind": kind, "start": start, "end": end},
        "breakdown": None if member is None else {"field": member[0], "member": member[1]},
        "value": number,
        "reason": None if number is not None else "not calculable",
        "unit": unit,
        "formula": formula,
        "definition": 1,
        "measures": measures or {},
        "target": None if target is None else {"value": target},
        "rag": {"outcome": outcome, "rule": rule},
    }


Q1 = ("2019-20-Q1", "quarter", "2019-04-01", "2019-06-30")
Q2 = ("2019-20-Q2", "quarter", "2019-07-01", "2019-09-30")
Q3 = ("2019-20-Q3", "quarter", "2019-10-01", "2019-12-31")


def sample(run: Running) -> None:
    """A small, whole council: definitions, figures, records, spending and risks."""
    run.catalogue()
    rule = "red: 66.7 is more than 5 points below the target of 75"
    judged: dict[str, Any] = {"target": "75", "outcome": "red", "rule": rule}
    inputs = {
        "ep-closed-in-10": {"value": "2", "records": 2},
        "ep-closed": {"value": "3", "records": 3},
    }
    run.say(
        INDICATORS,
        {
            "EP02/2019-20-Q1": value(
                "EP02", Q1, "81.3", target="75", outcome="green", rule="green: 81.3 is at least 75"
            ),
            "EP02/2019-20-Q2": value("EP02", Q2, "66.66666667", measures=inputs, **judged),
            "EP02/2019-20-Q2/ward=27": value(
                "EP02", Q2, "50", member=("ward", "27"), **judged
            ),
            "EP02/2019-20-Q2/ward=": value(
                "EP02", Q2, None, member=("ward", ""), outcome="no data", rule="no data"
            ),
            "EP02/2019-20-Q2/kind=Noise%20Request": value(
                "EP02", Q2, "100", member=("kind", "Noise Request"), target="75", outcome="green",
                rule="green: 100 is at least 75",
            ),
            "EP01/2019-20-Q2": value(
                "EP01", Q2, "1051", unit="count", outcome="information", rule="for information",
                formula="ep_received", measures={"ep-received": {"value": "1051", "records": 1051}},
            ),
        },
    )  # fmt: skip
    run.say(RECORDS, {f"environmental-protection-requests/{n}": request(n) for n in range(1, 7)})
    run.say(
        FINANCE,
        {
            "control/procurement-cards": control(123456_00, 456_00, 42),
            "spend/procurement-cards/Parks/2024-04": spend("Parks", "2024-04", 1234_56, 0, 3),
            "spend/procurement-cards/Parks/2024-05": spend("Parks", "2024-05", 100_00, 250_00, 2),
            "spend/procurement-cards/Legal/2024-04": spend("Legal", "2024-04", 20_00, 0, 1),
        },
    )
    run.say(
        RISKS,
        {
            "risk/R1": risk("R1", 4, 5, 20, "very high"),
            "risk/R2": risk("R2", 2, 3, 6, "medium"),
        },
    )


def request(number: int) -> dict[str, Any]:
    """Requests 1 and 2 closed in time, 3 late, 4 open, 5 of another quarter, 6 of another ward."""
    closed = {1: "2019-07-05", 2: "2019-07-09", 3: "2019-09-20", 5: "2019-10-03", 6: "2019-07-04"}
    day = closed.get(number)
    return {
        "dataset": "environmental-protection-requests",
        "key": str(number),
        "fields": {
            "ref": str(number),
            "kind": "Noise Request",
            "type": "<script>alert(1)</script>",
            "status": "Closed" if day else "Under Investigation",
            "received": "2019-07-01T09:00:00",
            "closed": f"{day}T10:00:00" if day else None,
            "how": "Web",
            "ward": "12" if number == 6 else "27",
        },
    }


def spend(unit: str, month: str, spent: int, credited: int, count: int) -> dict[str, Any]:
    """A unit's month, in pence."""
    return {
        "ledger": "procurement-cards", "unit": unit, "month": month, "spend_pence": spent,
        "credits_pence": credited, "net_pence": spent - credited, "transactions": count,
        "kind": "spend",
    }  # fmt: skip


def control(spent: int, credited: int, count: int) -> dict[str, Any]:
    """A ledger's control total, in pence."""
    return {
        "ledger": "procurement-cards", "transactions": count, "spend_pence": spent,
        "credits_pence": credited, "net_pence": spent - credited, "kind": "control",
    }  # fmt: skip


def risk(
    reference: str, likelihood: int, impact: int, score: int, band: str, **more: Any
) -> dict[str, Any]:
    """A scored risk."""
    rag = {"very high": "red", "high": "red", "medium": "amber", "low": "green"}[band]
    return {
        "reference": reference, "title": f"The risk {reference}", "service": "environmental-health",
        "owner": "Head of service", "status": "Treat", "likelihood": likelihood, "impact": impact,
        "score": score, "band": band, "target_score": 4, "target_band": "low", "matrix": "default",
        "kind": "risk", "rag": {"outcome": rag, "rule": f"{band}: a score of {score}"}, **more,
    }  # fmt: skip
