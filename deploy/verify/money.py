"""Spending and risks, worked out again: pence by unit and month, control totals, scores, bands.

Rule: money is whole pence. A negative amount is a credit; net is spending less credits. The
control total counts every transaction once, and beside them those that no month can take.
"""

from collections.abc import Mapping, Sequence
from fractions import Fraction
from typing import Any
from urllib.parse import quote

from deploy.verify.source import Definitions, Json, Record


class OffMatrix(ValueError):
    """A likelihood or an impact that the matrix does not have."""


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


def band(matrix: Json, score: int) -> str | None:
    """The highest band that starts at or below a score."""
    reached = [each for each in matrix["bands"] if int(each["from"]) <= score]
    return str(max(reached, key=lambda each: int(each["from"]))["name"]) if reached else None


def product(fields: Json, names: Sequence[str | None], matrix: Json) -> int | None:
    """Likelihood times impact; None where one is blank, OffMatrix where one is off the matrix."""
    levels = [None if name is None else fields.get(name) for name in names]
    for level, highest in zip(levels, (matrix["likelihood"], matrix["impact"]), strict=True):
        if level is not None and not 1 <= int(level) <= int(highest):
            raise OffMatrix
    first, second = levels
    return None if first is None or second is None else int(first) * int(second)


def risks(definitions: Definitions, records: Mapping[str, Sequence[Record]]) -> dict[str, Json]:
    """Every risk that must be published, by its reference; one that cannot be scored is not."""
    states: dict[str, Json] = {}
    for register in definitions.of("risk-register").values():
        matrix = definitions.of("risk-matrix").get(register.get("matrix", "default"))
        if matrix is None:
            continue
        for key, fields in records.get(register["dataset"], ()):
            aims = [register.get("target_likelihood"), register.get("target_impact")]
            try:
                score = product(fields, [register["likelihood"], register["impact"]], matrix)
                target = None if None in aims else product(fields, aims, matrix)
            except OffMatrix:
                continue
            if score is None or band(matrix, score) is None:
                continue
            reference = str(fields.get(register["reference"]) or key)
            states[quote(reference, safe="")] = {
                "score": score,
                "band": band(matrix, score),
                "target_score": target,
                "target_band": None if target is None else band(matrix, target),
            }
    return states
