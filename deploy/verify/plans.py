"""Savings, reserves and reconciliations, worked out again.

Rule: of several records of one saving or reserve in a year, the last by its subject holds. A
control total with a batch is the batch's; without one, its period's; with neither, it stands with
the postings that are in no period. Amounts are whole pence; blank ones are nought, a minimum aside.
"""

from deploy.verify.accounting import Books, Entry, When, when_code
from deploy.verify.money import pence
from deploy.verify.source import Json
from deploy.verify.structure import Structure

UNPLACED = "unplaced"
STAGE_RAG = {"delivered": "green", "on track": "green", "at risk": "amber", "undeliverable": "red"}


def savings(books: Books, structure: Structure) -> dict[tuple[str, str], Json]:
    """Every saving by year and reference."""
    return {
        (entry.text("year"), entry.text("reference")): saving_state(books, structure, entry)
        for entry in books.of("saving")
    }


def saving_state(books: Books, structure: Structure, entry: Entry) -> Json:
    """What is published of a saving."""
    target, delivered = entry.pence("target"), entry.pence("delivered")
    forecast = entry.pence("forecast")
    undeliverable = max(0, target - delivered - forecast)
    stage = "on track"
    if delivered >= target:
        stage = "delivered"
    elif undeliverable * 100 > books.rule("savings", "red_over", 25) * target:
        stage = "undeliverable"
    elif undeliverable > 0:
        stage = "at risk"
    texts = {name: entry.text(name) for name in ("reference", "title", "year", "owner")}
    return texts | {
        "mitigation": entry.text("mitigation"),
        "target": target,
        "delivered": delivered,
        "forecast": forecast,
        "undeliverable": undeliverable,
        "stage": stage,
        "rag": STAGE_RAG[stage],
        **structure.owned(entry),
    }


def reserves(books: Books) -> dict[tuple[str, str], Json]:
    """Every reserve by year and code."""
    return {
        (entry.text("year"), entry.text("reserve")): reserve_state(entry)
        for entry in books.of("reserve")
    }


def reserve_state(entry: Entry) -> Json:
    """What is published of a reserve."""
    planned_in, planned_out = entry.pence("planned_in"), entry.pence("planned_out")
    closing = entry.pence("opening") + planned_in - planned_out
    minimum = pence(entry.fields.get("minimum"))
    texts = ("reserve", "name", "year", "fund", "purpose")
    return {name: entry.text(name) for name in texts} | {
        "opening": entry.pence("opening"),
        "planned_in": planned_in,
        "planned_out": planned_out,
        "closing": closing,
        "minimum": minimum,
        "rag": reserve_rag(closing, minimum),
    }


def reserve_rag(closing: int, minimum: int | None) -> str:
    """Red below its minimum or below nought, amber up to and with a tenth above it."""
    if closing < 0 or (minimum is not None and closing < minimum):
        return "red"
    if minimum is None:
        return "information"
    return "amber" if closing * 10 <= minimum * 11 else "green"


class Count:
    """Postings of a period or a batch, and what the ledger says of them."""

    def __init__(self) -> None:
        self.transactions = 0
        self.amount = 0
        self.stated: list[Json] = []


def reconciliations(books: Books) -> dict[tuple[str, str], Json]:
    """Every reconciliation by scope and code."""
    counts: dict[tuple[str, str], Count] = {}
    whens: dict[str, When] = {}

    def of_period(entry: Entry) -> tuple[str, str]:
        code = when_code(entry.when) if entry.when else UNPLACED
        if entry.when:
            whens[code] = entry.when
        return "period", code

    for entry in books.of("posting"):
        scopes = [of_period(entry)]
        if entry.text("batch"):
            scopes.append(("batch", entry.text("batch")))
        for scope in scopes:
            count = counts.setdefault(scope, Count())
            count.transactions += 1
            count.amount += entry.pence()
    for entry in books.of("control-total"):
        scope = ("batch", entry.text("batch")) if entry.text("batch") else of_period(entry)
        said = {"amount": entry.pence(), "transactions": entry.fields.get("transactions")}
        counts.setdefault(scope, Count()).stated.append(said)
    return {
        (scope, code): reconciliation_state(
            scope, code, count, whens.get(code) if scope == "period" else None
        )
        for (scope, code), count in counts.items()
    }


def reconciliation_state(scope: str, code: str, count: Count, when: When | None) -> Json:
    """What is published of a reconciliation."""
    stated = sum(each["amount"] for each in count.stated)
    lines = [int(each["transactions"]) for each in count.stated if each["transactions"] is not None]
    difference = count.amount - stated if count.stated else None
    # Totals that do not all say how many postings there are say nothing of what is missing.
    told = bool(lines) and len(lines) == len(count.stated)
    missing = sum(lines) - count.transactions if told else None
    return {
        "scope": scope,
        "code": code,
        "transactions": count.transactions,
        "amount": count.amount,
        "difference": difference,
        "agrees": None if difference is None else not difference and not missing,
        "missing_transactions": missing,
        "year": when.year if when else "",
        "period": when.period if when else 0,
        "stated": sorted(each["amount"] for each in count.stated),
    }
