"""Spending, worked out again: pence by unit and month, and control totals.

Rule: money is whole pence. A negative amount is a credit; net is spending less credits. The
control total counts every transaction once, and beside them those that no month can take.
"""

from collections.abc import Mapping, Sequence
from fractions import Fraction
from typing import Any
from urllib.parse import quote

from deploy.verify.source import Definitions, Json, Record

NOTHING = {"spend_pence": 0, "credits_pence": 0, "net_pence": 0, "transactions": 0}


def pence(amount: Any) -> int | None:
    """An amount in pounds as whole pence; None where it is blank or has part of a penny."""
    if amount is None:
        return None
    exact = Fraction(str(amount)) * 100
    return exact.numerator if exact.denominator == 1 else None


def finance(definitions: Definitions, records: Mapping[str, Sequence[Record]]) -> dict[str, Json]:
    """Every finance state that must be published, by subject."""
    states: dict[str, Json] = {}
    for code, ledger in definitions.of("ledger").items():
        for _, fields in records.get(ledger["dataset"], ()):
            control = states.setdefault(
                f"control/{code}", NOTHING | {"unplaced": 0, "unplaced_pence": 0}
            )
            amount, dated = pence(fields.get(ledger["amount"])), fields.get(ledger["date"])
            if amount is None or dated is None:
                control["unplaced"] += 1
                control["unplaced_pence"] += amount or 0
                continue
            unit = quote(str(fields.get(ledger["unit"]) or ""), safe="")
            spend = states.setdefault(f"spend/{code}/{unit}/{dated[:7]}", dict(NOTHING))
            for position in (control, spend):
                position["spend_pence"] += max(amount, 0)
                position["credits_pence"] += max(-amount, 0)
                position["net_pence"] += amount
                position["transactions"] += 1
    return states
