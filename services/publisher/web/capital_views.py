"""The facts of the capital programme: its schemes, its movements, and one scheme."""

from collections.abc import Iterable
from urllib.parse import quote

from services.publisher import reading_finance as reading
from services.publisher import reading_lists as lists
from services.publisher.api import finance_query as asking
from services.publisher.domain import finance, finance_live, finance_words, words
from services.publisher.domain.finance_sums import node_name
from services.publisher.readmodel import Snapshot
from services.publisher.store.ledger_references import SCHEME
from services.publisher.web import finance_charts, payment_views
from services.publisher.web import finance_rows as rows
from services.publisher.web.tables import Facts
from shared.accounts.calendar import period_code
from shared.contracts.capital import CapitalMovement, CapitalYear, Scheme
from shared.delivery.held import HeldState
from shared.runtime.problems import Problem

AMOUNTS = ("provisional", "original", "approved", "spend", "forecast", "variance")
SUMMED = (*AMOUNTS, "rephased_in", "rephased_out", "additions", "reductions", "unfunded")
KINDS = {
    "rephasing": "Rephasing between years",
    "addition": "Additions",
    "reduction": "Reductions",
    "removal": "Schemes removed",
}

Held = tuple[HeldState, Scheme]


def programme(view: Snapshot, year: str | None) -> Facts:
    """Every scheme with money in a year, by portfolio, and what moved."""
    found = lists.schemes(view)
    known = sorted({code for _, each in found for code in each.years}, reverse=True)
    chosen = asking.year(year, reading.default_year(view, known))
    listed = known if chosen in known else [chosen, *known]
    return {
        **rows.page(view),
        "year": finance.year(chosen),
        "years": [(code, finance.year(code), code == chosen) for code in listed],
        "portfolios": portfolios(view, found, chosen),
        "movements": movements(found, chosen),
    }


def portfolios(view: Snapshot, found: Iterable[Held], year: str) -> list[Facts]:
    """The schemes of a year portfolio by portfolio, each with what they come to."""
    tables: dict[str, list[Held]] = {}
    for each in found:
        if year in each[1].years:
            tables.setdefault(each[1].portfolio, []).append(each)
    return [
        {
            "name": node_name(view.catalogue, "portfolio", code) if code else "No portfolio",
            "rows": [scheme_row(*each, year) for each in held],
            "total": _total([each.years[year] for _, each in held]),
        }
        for code, held in sorted(tables.items(), key=lambda each: (not each[0], each[0]))
    ]


def _total(found: list[CapitalYear]) -> list[str]:
    sums = [sum(getattr(each, name) for each in found) for name in AMOUNTS]
    return [
        finance.pounds(amount, signed=name == "variance")
        for name, amount in zip(AMOUNTS, sums, strict=True)
    ]


def scheme_row(state: HeldState, held: Scheme, year: str) -> Facts:
    """A scheme's year as a row; its parts are named by the year."""
    told = finance_live.capital_parts(held.years.get(year, CapitalYear()), "")
    return {
        "subject": state.subject,
        "title": held.title or held.scheme,
        "known": held.known,
        "href": f"/finance/capital/{quote(held.scheme, safe='')}",
        "cells": [(f"{year}-{name}", told[name]) for name in AMOUNTS],
        "outcome": held.rag.outcome,
        "outcome_word": finance.outcome(held.rag),
        "rule": words.sentence(held.rag.rule),
        "reason": held.years.get(year, CapitalYear()).reason,
        "approved": held.years.get(year, CapitalYear()).approved,
        "status": held.status or "Not recorded",
        "fresh": f"Updated {words.moment(state.origin or state.time)}",
        "fresh_at": state.origin or state.time,
    }


def movements(found: Iterable[Held], year: str = "") -> list[tuple[str, list[Facts]]]:
    """What moved in the programme, by kind; of a year, where one is named."""
    tables: dict[str, list[Facts]] = {kind: [] for kind in KINDS}
    for _, held in found:
        for each in held.movements.values():
            if year and year not in (each.from_year, each.to_year):
                continue
            tables.setdefault(each.change.lower(), []).append(movement_row(held, each))
    return [(KINDS.get(kind, words.sentence(kind)), listed) for kind, listed in tables.items()]


def movement_row(held: Scheme, each: CapitalMovement) -> Facts:
    """A change of the programme as a row."""
    status = words.sentence(each.status)
    return {
        "title": held.title or held.scheme,
        "href": f"/finance/capital/{quote(held.scheme, safe='')}",
        "from": finance.year(each.from_year) if each.from_year else "–",
        "to": finance.year(each.to_year) if each.to_year else "–",
        "amount": finance.pounds(each.amount),
        "reason": each.reason or "None recorded",
        "decision": each.decision or "None recorded",
        "status": f"Held: {each.held}" if each.held else status,
    }


def scheme(view: Snapshot, code: str) -> Facts:
    """One scheme, year by year."""
    found = lists.scheme(view, code)
    if found is None:
        raise Problem(404, f"There is no capital scheme {code[:60]!r}.")
    state, held = found
    return {
        **rows.page(view, {"service": held.service} if held.service else None),
        "subject": state.subject,
        "scheme": held,
        "title": held.title or held.scheme,
        "sentence": finance_words.scheme(held),
        "chart": finance_charts.by_years(held),
        "portfolio": node_name(view.catalogue, "portfolio", held.portfolio)
        if held.portfolio
        else "Not recorded",
        "service": view.catalogue.services.get(held.service),
        "outcome": held.rag.outcome,
        "outcome_word": finance.outcome(held.rag),
        "rule": words.sentence(held.rag.rule),
        "fresh": f"Updated {words.moment(state.origin or state.time)}",
        "fresh_at": state.origin or state.time,
        "years": [
            {**_year_row(each, f"{year}-"), "name": finance.year(year)}
            for year, each in sorted(held.years.items())
        ],
        "total": {**_year_row(held.total, "total-"), "name": "All years"},
        "worked": [
            (finance.year(year), _worked(each)) for year, each in sorted(held.years.items())
        ],
        "payments_href": payment_views.href(SCHEME, held.scheme),
        "movements": [(kind, listed) for kind, listed in movements([found]) if listed],
        "budgets": [
            {
                "year": finance.year(each.year),
                "amount": finance.pounds(each.amount),
                "approval": words.sentence(each.approval),
                "decision": each.decision or "None recorded",
            }
            for each in sorted(held.budgets.values(), key=lambda each: (each.year, each.approval))
        ],
        "forecasts": [
            {
                "year": finance.year(each.year),
                "made": period_code(each.period),
                "amount": finance.pounds(each.amount),
                "reason": each.reason or "None given",
            }
            for each in sorted(
                held.forecasts.values(), key=lambda each: (each.year, each.period), reverse=True
            )
        ],
        "milestones": [
            {
                "title": each.title,
                "planned": words.field(each.planned),
                "forecast": words.field(each.forecast) or "As planned",
                "achieved": words.field(each.achieved) or "Not yet",
                "outcome": each.outcome,
                "outcome_word": words.OUTCOMES.get(each.outcome, words.sentence(each.outcome)),
            }
            for each in sorted(held.milestones.values(), key=lambda each: each.planned)
        ],
    }


def _year_row(each: CapitalYear, prefix: str) -> Facts:
    told = finance_live.capital_parts(each, prefix)
    return {
        "cells": [(f"{prefix}{name}", told[f"{prefix}{name}"]) for name in AMOUNTS],
        "funding": ", ".join(
            f"{source} {finance.pounds(amount)}" for source, amount in sorted(each.funding.items())
        )
        or "None recorded",
        "unfunded": finance.pounds(each.unfunded),
        "reason": each.reason,
    }


def _worked(each: CapitalYear) -> str:
    """How a year's approved budget came about, to the penny."""
    return (
        f"Fully approved {finance.pence(each.original)} plus rephased in "
        f"{finance.pence(each.rephased_in)} less rephased out {finance.pence(each.rephased_out)} "
        f"plus additions {finance.pence(each.additions)} less reductions "
        f"{finance.pence(each.reductions)} is {finance.pence(each.approved)}. Forecast "
        f"{finance.pence(each.forecast)} less that is {finance.pence(each.variance)}: "
        f"{finance.variance(each.variance)}."
    )
