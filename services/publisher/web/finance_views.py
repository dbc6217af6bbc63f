"""The facts of the finance overview, of a node's page, and of a service's finance summary."""

from urllib.parse import urlencode

from services.publisher import explaining_finance as explaining
from services.publisher import reading_finance as reading
from services.publisher import reading_lists as lists
from services.publisher.api import finance_query as asking
from services.publisher.api.finance_query import Asked
from services.publisher.domain import finance, service_words, words
from services.publisher.domain.finance_sums import (
    Standing,
    code_in,
    fund_name,
    month_for,
    node_at,
    node_name,
    placed,
    reasons,
)
from services.publisher.readmodel import Snapshot
from services.publisher.web import finance_charts, review_views
from services.publisher.web import finance_rows as rows
from services.publisher.web.asking import Asker
from services.publisher.web.tables import Facts
from shared.accounts.calendar import When, month_of, period_code
from shared.contracts.finance import CostCentreYear

RECORDS = 25
REASONS_SHOWN = 20
BY = {"directorate": "By directorate", "portfolio": "By portfolio"}
LINKS = (
    ("/finance/monitoring", "Quarterly monitoring report"),
    ("/finance/savings", "Savings"),
    ("/finance/virements", "Virements"),
    ("/finance/reserves", "Reserves"),
    ("/finance/capital", "Capital programme"),
    ("/finance/spending", "Spending ledgers"),
    ("/finance/reconciliation", "Control totals"),
)


def overview(
    view: Snapshot, year: str | None, period: str | None, basis: str | None, by: str | None
) -> Facts:
    """Every fund by directorate or portfolio, and what does not fit."""
    asked = asking.asked(view, year, period, basis)
    level = asking.one_of("by", by, BY, "directorate")
    return {
        **rows.page(view),
        "asked": asked,
        "choices": {**rows.choices(asked), "by": [(k, v, k == level) for k, v in BY.items()]},
        "period": finance.period(asked.when),
        "basis_words": finance.BASIS_WORDS[asked.basis],
        "funds": funds(view, asked, level),
        "by": finance.LEVELS[level],
        "warnings": warnings(view, asked),
        "links": LINKS,
    }


def funds(view: Snapshot, asked: Asked, level: str) -> list[Facts]:
    """A table of a level for each fund, with the fund's own position as its last row."""
    totals = reading.by_fund(reading.positions(view, asked.basis, asked.when, "fund"))
    listed = reading.by_fund(reading.positions(view, asked.basis, asked.when, level))
    found = []
    for code, whole in totals.items():
        name = fund_name(view.catalogue.books, code)
        total = whole[0]
        whole_row = rows.row(total, asked)
        whole_row["name"] = f"All of the {name}" if code else name
        found.append(
            {
                "code": code,
                "name": name,
                "sentence": finance.headline(name, total.figures),
                "rule": words.sentence(total.rag.rule),
                "rows": [rows.row(each, asked) for each in listed.get(code, [])],
                "total": whole_row,
                "chart": finance_charts.by_parts(name, level, listed.get(code, [])),
            }
        )
    return found


def warnings(view: Snapshot, asked: Asked) -> list[tuple[str, str]]:
    """What a reader must know before trusting a total, with where to see it."""
    found = []
    query = rows.asked_query(asked)
    for each in reading.positions(view, asked.basis, asked.when, "fund", ""):
        count = f"{each.cost_centres:,} cost centre{'' if each.cost_centres == 1 else 's'}"
        found.append(
            (
                f"{count} that no structure knows: {finance.pence(each.figures.actual)} spent and "
                f"{finance.pence(each.figures.current_budget)} budgeted are in no fund below",
                rows.node_address("fund", "", query),
            )
        )
    wrong = [
        held for _, held in lists.reconciliations(view, asked.when.year) if held.agrees is False
    ]
    if wrong:
        count = f"{len(wrong):,} control total{' does' if len(wrong) == 1 else 's do'} not agree"
        off = finance.pence(sum(abs(each.difference or 0) for each in wrong))
        found.append(
            (
                f"{count} with what is held: {off} of differences",
                f"/finance/reconciliation?{urlencode({'year': asked.when.year})}",
            )
        )
    return found


def node(
    view: Snapshot,
    level: str,
    code: str,
    asked_for: tuple[str | None, str | None, str | None],
    fund: str | None,
    after: str | None,
    asker: Asker,
) -> Facts:
    """One node or cost centre: figures, parts, reasons, virements, and how it was worked out."""
    asked = asking.asked(view, *asked_for)
    found, every = asking.standing(view, asked, level, code, asking.fund(view, fund))
    held = explaining.cost_centres_of(view, found, asked.basis)
    centres = [each for _, each in held]
    why = reasons(centres, asked.basis, asked.when.period)
    sources, following = explaining.records(view, found, asking.after(after), RECORDS)
    here = rows.row(found, asked)
    children = reading.children(view, asked.basis, asked.when, found, held)
    service = _service(found, centres, asked)
    return {
        **rows.page(view, {"service": service} if service else None),
        "asked": asked,
        # What is reviewed is a service's money in a fund.
        "review": (
            review_views.for_position(view, found.fund, code, f"{month_of(asked.when)}-01", asker)
            if level == "service"
            else None
        ),
        "choices": rows.choices(asked),
        "fund": fund_name(view.catalogue.books, found.fund),
        "fund_code": "" if level == "cost-centre" else reading.address_code(found.fund),
        "period": finance.period(asked.when),
        "basis_words": finance.BASIS_WORDS[asked.basis],
        "found": found,
        "here": rows.HERE,
        "row": here,
        "level_name": finance.LEVELS[level],
        "sentence": finance.headline(found.name, found.figures),
        "trail": trail(view, found, centres, asked),
        "other_funds": [
            (fund_name(view.catalogue.books, each.fund), rows.row(each, asked))
            for each in every
            if each.fund != found.fund
        ],
        "children": [rows.row(each, asked) for each in children],
        "children_name": finance.LEVELS[children[0].level] if children else "",
        "subjectives": [
            {"name": each.name, "cells": _cells(each.figures)}
            for each in explaining.parts(view, found)
        ],
        "reasons": [rows.reason_row(view, each, asked) for each in why[:REASONS_SHOWN]],
        "reasons_more": max(0, len(why) - REASONS_SHOWN),
        "virements": _virements(view, asked, {each.cost_centre for each in centres}),
        "worked": finance.worked_out(found.figures, found.when),
        "history": [
            {
                "name": _period_name(each.when),
                "href": _same(level, code, found, asked, each.when),
                "cells": _cells(each.figures),
                "outcome": each.rag.outcome,
                "outcome_word": finance.outcome(each.rag),
            }
            for each in explaining.history(view, found, asked.newest)
        ],
        "chart": finance_charts.over_the_year(view, found),
        "rate_beside": _rate_beside(found),
        "records": sources,
        "further": bool(after),
        "following": _same(
            level, code, found, asked, asked.when, after=asking.after_text(*following)
        )
        if following
        else "",
    }


def _cells(figures: object) -> list[tuple[str, str]]:
    return [(name, finance.column(name, getattr(figures, name))) for name, _ in finance.COLUMNS]


def _period_name(when: When) -> str:
    return words.sentence(finance.period(when))


def _same(level: str, code: str, found: Standing, asked: Asked, when: When, **more: str) -> str:
    """The same page at another period, or further on."""
    if level != "cost-centre":
        more["fund"] = reading.address_code(found.fund)
    query = rows.asked_query(asked, **{**more, "period": period_code(when.period)})
    return rows.node_address(level, found.code, query)


def _rate_beside(found: Standing) -> str:
    """The run rate beside the forecast, and how far they are apart."""
    apart = found.figures.run_rate - found.figures.forecast
    if apart == 0:
        return "Spending at the pace so far would come to the same as the forecast."
    which = "more" if apart > 0 else "less"
    return (
        f"Spending at the pace so far would come to {finance.short(apart)} {which} than the "
        "forecast. A pace knows nothing of seasons, late bills or what is planned."
    )


def _service(found: Standing, centres: list[CostCentreYear], asked: Asked) -> str:
    """The service whose changes a page listens to; empty for the changes of all."""
    if found.level == "service":
        return found.code
    if found.level == "cost-centre" and centres:
        return centres[0].is_now.service
    return ""


def _virements(view: Snapshot, asked: Asked, centres: set[str]) -> list[Facts]:
    return [
        rows.virement_row(view, state, held)
        for state, held in lists.virements(view, asked.when.year)
        if any(each.cost_centre in centres for each in held.lines.values())
    ]


def trail(
    view: Snapshot, found: Standing, centres: list[CostCentreYear], asked: Asked
) -> list[dict[str, str]]:
    """From the overview down to here."""
    query = rows.asked_query(asked)
    trail = [{"text": "Finance", "href": f"/finance?{query}"}]
    within = rows.asked_query(asked, fund=reading.address_code(found.fund))

    def step(level: str, code: str) -> None:
        name = node_name(view.catalogue, level, code)
        trail.append({"text": name, "href": rows.node_address(level, code, within)})

    if found.level == "service" and found.code:
        month = month_for(asked.basis, found.when, view.today.isoformat())
        step("directorate", placed(view.catalogue, found.code, month)[0])
    elif found.level == "cost-centre" and centres:
        stands = node_at(centres[0], asked.basis, asked.when.period)
        for level in ("directorate", "service") if stands.fund else ("fund",):
            step(level, code_in(stands, level))
    trail.append({"text": found.name})
    return trail


def for_service(view: Snapshot, code: str) -> Facts | None:
    """A service's finance summary for this year, for its own page; None where it has no money."""
    return for_node(view, "service", code)


def for_node(view: Snapshot, level: str, code: str) -> Facts | None:
    """The same of a directorate, a portfolio or a service, fund by fund."""
    asked = asking.asked(view, None, None, None)
    every = reading.funds_of(view, asked.basis, asked.when, level, code)
    if not every:
        return None
    return {
        "period": finance.period(asked.when),
        "signs": finance.SIGNS,
        "columns": finance.COLUMNS,
        "said": [
            service_words.money(
                fund_name(view.catalogue.books, each.fund),
                each.figures.variance,
                each.when.period,
            )
            for each in every
        ],
        "rows": [
            {
                **rows.row(each, asked),
                "fund": fund_name(view.catalogue.books, each.fund),
                "sentence": finance.headline(each.name, each.figures),
            }
            for each in every
        ],
    }
