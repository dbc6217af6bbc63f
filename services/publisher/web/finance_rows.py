"""Rows and choices that several pages of the council's money show, in words.

Rule: a row names its subject only where the state's own words are of the period shown; at another
period its section is read again instead.
"""

from collections.abc import Iterable, Mapping
from typing import Any
from urllib.parse import quote, urlencode

from services.publisher import reading_finance as reading
from services.publisher.api.finance_query import Asked
from services.publisher.domain import finance, finance_live, finance_words, words
from services.publisher.domain.finance_sums import (
    Reason,
    Standing,
    fund_name,
    node_name,
    subjective_name,
)
from services.publisher.readmodel import Snapshot
from services.publisher.supplies import lateness
from services.publisher.web.tables import Facts, frame
from shared.accounts.calendar import When, month_of, period_code
from shared.catalogue.roles import OF_FINANCE
from shared.contracts.finance import Reconciliation, Reserve, Saving, Virement
from shared.delivery.held import HeldState

HERE = "/finance"
PERIODS = range(1, 14)


def page(view: Snapshot, stream: Mapping[str, str] | None = None) -> Facts:
    """What every page of money needs: the frame, and the convention of signs."""
    return {
        **frame(view, HERE, {"kinds": "finance,supply", **(stream or {})}),
        "late": _late(view),
        "finance": finance,
        "signs": finance.SIGNS,
        "wide": True,
    }


def _late(view: Snapshot) -> str:
    """Which of the datasets that tell of money are late, in words."""
    datasets = view.catalogue.datasets.values()
    ledgers = {each.dataset for each in view.catalogue.ledgers.values()}
    of_money = [each.code for each in datasets if each.role in OF_FINANCE or each.code in ledgers]
    late = lateness(view)
    return late.parts(late.among(of_money))["late"]


def asked_query(asked: Asked, **more: str) -> str:
    """The choices of a page as the query of an address."""
    chosen = {
        "year": asked.when.year,
        "period": period_code(asked.when.period),
        "basis": asked.basis,
        **more,
    }
    return urlencode({name: value for name, value in chosen.items() if value})


def node_address(level: str, code: str, query: str) -> str:
    """The page of a node or a cost centre."""
    return f"/finance/{level}/{quote(reading.address_code(code), safe='')}?{query}"


def choices(asked: Asked) -> Facts:
    """Year, period and basis to choose from."""
    years = asked.years or [asked.when.year]
    if asked.when.year not in years:
        years = [asked.when.year, *years]
    return {
        "years": [(code, finance.year(code), code == asked.when.year) for code in years],
        "periods": [
            (
                period_code(number),
                _period(When(asked.when.year, number)),
                number == asked.when.period,
            )
            for number in PERIODS
        ],
        "bases": [(code, name, code == asked.basis) for code, name in finance.BASES.items()],
    }


def _period(when: When) -> str:
    if when.period > 12:
        return "P13, adjustments after the year"
    return f"{period_code(when.period)}, {words.period(month_of(when))}"


def row(found: Standing, asked: Asked, *, link: bool = True) -> Facts:
    """A position as a row of a table."""
    told = finance.display(found.figures, found.rag, found.when)
    in_fund = {} if found.level == "cost-centre" else {"fund": reading.address_code(found.fund)}
    query = asked_query(asked, **in_fund)
    return {
        **told,
        "name": found.name,
        "code": found.code,
        "level": found.level,
        "known": found.known,
        "href": node_address(found.level, found.code, query) if link else "",
        "subject": found.subject if found.live else "",
        "cells": [(name, told[name]) for name, _ in finance.COLUMNS],
        "fresh": f"Updated {words.moment(found.time)}",
        "fresh_at": found.time,
    }


def reason_row(view: Snapshot, found: Reason, asked: Asked) -> Facts:
    """Why a forecast differs from its budget."""
    return {
        "name": found.name,
        "code": found.cost_centre,
        "href": node_address("cost-centre", found.cost_centre, asked_query(asked)),
        "subjective": subjective_name(view.catalogue.books, found.subjective),
        "directorate": node_name(view.catalogue, "directorate", found.node.directorate),
        "variance": finance.pounds(found.variance, signed=True),
        "variance_words": words.sentence(finance.variance(found.variance)),
        "one_off": finance.pounds(found.one_off, signed=True),
        "reason": found.reason or "No reason given",
        "mitigation": found.mitigation or "None recorded",
        "by": found.by,
        "made": period_code(found.period),
    }


def virement_row(view: Snapshot, state: HeldState, held: Virement) -> Facts:
    """A virement as a row, with what it moves from where to where."""
    said = held.lines.values()
    return {
        "subject": state.subject,
        "reference": held.reference,
        "title": held.title or held.reference,
        "fund": fund_name(view.catalogue.books, held.fund),
        "period": period_code(held.period),
        "moved": finance.pounds(held.moved),
        "level": held.level or "Not recorded",
        "status": finance_words.virement_status(held),
        "decision": held.decision or "None recorded",
        "decided": words.field(held.decided),
        "kind": "One-off" if held.one_off else "Ongoing",
        "text": finance_words.virement(held),
        "lines": [
            {
                "cost_centre": each.cost_centre,
                "subjective": subjective_name(view.catalogue.books, each.subjective),
                "amount": finance.pounds(each.amount, signed=True),
            }
            for each in sorted(said, key=lambda line: (line.amount, line.cost_centre))
        ],
    }


def saving_row(view: Snapshot, state: HeldState, held: Saving) -> Facts:
    """A saving as a row."""
    return {
        **_judged(held.rag),
        "subject": state.subject,
        "reference": held.reference,
        "title": held.title or held.reference,
        "portfolio": node_name(view.catalogue, "portfolio", held.portfolio)
        if held.portfolio
        else "No portfolio",
        "amounts": [
            (name, finance.pounds(getattr(held, name)))
            for name in ("target", "delivered", "forecast", "undeliverable")
        ],
        "stage": finance_words.STAGES.get(held.stage, words.sentence(held.stage)),
        "owner": held.owner or "Not recorded",
        "mitigation": held.mitigation,
        "fresh": f"Updated {words.moment(state.origin or state.time)}",
        "fresh_at": state.origin or state.time,
    }


def reserve_row(view: Snapshot, state: HeldState, held: Reserve) -> Facts:
    """A reserve as a row."""
    return {
        **_judged(held.rag),
        "subject": state.subject,
        "code": held.reserve,
        "name": held.name or held.reserve,
        "fund": held.fund,
        "purpose": held.purpose or "General",
        "amounts": [
            (name, finance.pounds(getattr(held, name)))
            for name in ("opening", "planned_in", "planned_out", "closing")
        ],
        "minimum": "None set" if held.minimum is None else finance.pounds(held.minimum),
        "fresh": f"Updated {words.moment(state.origin or state.time)}",
        "fresh_at": state.origin or state.time,
    }


def reserves_by_fund(view: Snapshot, found: Iterable[tuple[HeldState, Reserve]]) -> list[Any]:
    """Reserves fund by fund."""
    tables: dict[str, list[Facts]] = {}
    for state, held in found:
        tables.setdefault(held.fund, []).append(reserve_row(view, state, held))
    return [
        {"name": fund_name(view.catalogue.books, fund), "rows": rows}
        for fund, rows in sorted(tables.items(), key=lambda each: (not each[0], each[0]))
    ]


def reconciliation_row(state: HeldState, held: Reconciliation) -> Facts:
    """A control total as a row."""
    return {
        **finance_live.reconciliation_parts(held),
        "subject": state.subject,
        "place": finance_words.reconciliation_place(held),
        "fresh": f"Updated {words.moment(state.origin or state.time)}",
        "fresh_at": state.origin or state.time,
    }


def _judged(rag: Any) -> Facts:
    return {
        "outcome": rag.outcome,
        "outcome_word": finance.outcome(rag),
        "rule": words.sentence(rag.rule),
    }
