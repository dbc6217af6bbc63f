"""Parcels as the publisher consumes them: a council on 15 October 2019, with one of everything."""

from datetime import UTC, date, datetime, timedelta
from typing import Any

from shared.catalogue.periods import parse_period
from shared.contracts.topics import INDICATORS, RECORDS
from tests.integration.publisher_service import Running

# Parcels sent in each month from April 2018 to September 2019; counted by barcode from June 2019.
SENT = [20, 22, 19, 21, 20, 23, 18, 20, 22, 21, 19, 20, 21, 60, 30, 32, 31, 29]
MONTHS = [f"{2018 + (n + 3) // 12}-{(n + 3) % 12 + 1:02}" for n in range(len(SENT))]
AREAS = {"E1": "40", "E2": "25", "E3": "10", "E4": "30", "E5": "99", "E06999999": "29"}


class FixedClock:
    """It is 10 in the morning, always."""

    def __init__(self, day: str = "2019-10-15") -> None:
        self._now = datetime.fromisoformat(f"{day}T09:00:00").replace(tzinfo=UTC)

    def now(self) -> datetime:
        return self._now

    def monotonic(self) -> float:
        return 0.0


def state(indicator: str, period: str, number: str | None, **more: Any) -> dict[str, Any]:
    """A value's state, of a period by its code."""
    found = parse_period(period)
    told: dict[str, Any] = {
        "indicator": indicator,
        "period": {
            "code": period, "kind": found.kind, "start": found.start.isoformat(),
            "end": found.end.isoformat(),
        },
        "breakdown": None, "value": number, "reason": None, "unit": "count",
        "formula": "parcels_sent", "definition": 1, "measures": {}, "target": None,
        "rag": {"outcome": "information", "rule": "For information."},
    }  # fmt: skip
    return told | more


def sent(period: str, number: int | None, **more: Any) -> dict[str, Any]:
    """PA01, judged against an even share of 240 a year."""
    text = None if number is None else str(number)
    end = parse_period(period).end
    status = "final" if date(2019, 10, 15) >= end + timedelta(30) else "provisional"
    told: dict[str, Any] = {
        "measures": {"parcels-sent": {"value": text or "0", "records": number or 0,
                                      "definition": 1}},
        "target": {"value": "20", "basis": "even share", "approved_by": "Cabinet"},
        "rag": {
            "outcome": "green" if (number or 0) >= 20 else "red",
            "rule": f"{number} against a target of at least 20.",
        },
        "status": status,
    }  # fmt: skip
    return state("PA01", period, text, **(told | more))


def parcels(run: Running) -> None:
    """Definitions, eighteen months of PA01 with its years to date, and other areas."""
    run.catalogue()
    told = {f"PA01/{month}": sent(month, number)
            for month, number in zip(MONTHS, SENT, strict=True)}  # fmt: skip
    for first, year in ((0, "2018-19"), (12, "2019-20")):
        for n in range(first, min(first + 12, len(SENT))):
            code = f"{year}-to-{MONTHS[n][5:]}"
            told[f"PA01/{code}"] = sent(code, sum(SENT[first : n + 1]), target=None)
    run.say(INDICATORS, told, at="2019-10-14T08:00:00.000+00:00")
    areas = {
        f"PA90/2019-09/area={area}": state(
            "PA90", "2019-09", number, breakdown={"field": "area", "member": area}
        )
        for area, number in AREAS.items()
    }
    run.say(INDICATORS, areas, at="2019-10-14T08:00:00.000+00:00")
    run.say(RECORDS, {f"wards/{ward}": {
        "dataset": "wards", "key": ward, "fields": {"ward": ward, "locality": locality},
    } for ward, locality in (("Abbey", "North"), ("Mill", "South"))})  # fmt: skip
    run.say(RECORDS, {f"parcels/{n}": parcel(n) for n in range(1, 8)}, batch="batch-2")


def parcel(number: int) -> dict[str, Any]:
    """Seven parcels. September: 1, 2 (the 12th), 3 (the 20th), 4 (the 20th, not weighed); August:
    5; June: 6; without a date: 7."""
    sent_on = {1: "2019-09-12", 2: "2019-09-12", 3: "2019-09-20", 4: "2019-09-20",
               5: "2019-08-30", 6: "2019-06-02"}  # fmt: skip
    weight = {1: "1.5", 2: "4", 3: "2.5", 5: "7", 6: "3"}.get(number)
    return {
        "dataset": "parcels",
        "key": str(number),
        "fields": {
            "ref": str(number),
            "sent": sent_on.get(number),
            "arrived": "2019-09-18" if number in (1, 5) else None,
            "ward": "Mill" if number in (2, 6) else "Abbey",
            "kind": "Letter" if number == 3 else "Box",
            "weight": weight,
            "because": "suppressed" if number == 4 else None,
        },
    }
