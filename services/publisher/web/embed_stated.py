"""Positions of money, capital schemes, contracts and risks for other web pages: where each
stands, as everybody may see it."""

from typing import Any
from urllib.parse import quote, urlencode

from services.publisher import reading_contracts, reading_finance, reading_lists, reading_risks
from services.publisher.api import finance_query as asking
from services.publisher.domain import contracts, finance, finance_words, risks, words
from services.publisher.domain.embedding import Stated, without_table
from services.publisher.domain.finance_sums import Standing, fund_name
from services.publisher.readmodel import Snapshot
from services.publisher.web import finance_charts, finance_rows
from services.publisher.web.embed_answers import Piece
from services.publisher.web.tables import Facts
from shared.accounts.calendar import period_code
from shared.contracts.capital import CapitalYear
from shared.runtime.problems import Problem


def position(view: Snapshot, level: str, code: str, fund: str | None) -> Piece:
    """A node or a cost centre now, by the structure of today."""
    asked = asking.asked(view, None, None, None)
    found, _ = asking.standing(view, asked, level, code, asking.fund(view, fund))
    row = finance_rows.row(found, asked)
    in_fund = fund_name(view.catalogue.books, found.fund)
    about = dict.fromkeys((finance.LEVELS[found.level], in_fund))
    made = Stated(
        title=found.name,
        about=", ".join(about),
        period=row["period"],
        text=row["variance_words"],
        outcome=row["outcome"],
        outcome_word=row["outcome_word"],
        says=[finance.headline(found.name, found.figures)],
        fresh=row["fresh"],
        chart=without_table(finance_charts.over_the_year(view, found)),
    )
    asks = (
        {} if found.level == "cost-centre" else {"fund": reading_finance.address_code(found.fund)}
    )
    query = f"?{urlencode(asks)}" if asks else ""
    path = f"finance/{found.level}/{quote(reading_finance.address_code(found.code), safe='')}"
    facts = {
        "level": found.level,
        "code": found.code,
        "name": found.name,
        "fund": found.fund,
        **_position(found),
    }
    return _piece(made, found.time, path, facts, query, drawn=True)


def _position(found: Standing) -> dict[str, Any]:
    """Its period, and its amounts in whole pence."""
    now = found.figures
    return {
        "period": {
            "year": found.when.year,
            "period": period_code(found.when.period),
            "label": finance.period(found.when),
        },
        "pence": {
            "current_budget": now.current_budget,
            "budget_to_date": now.budget_to_date,
            "actual": now.actual,
            "forecast": now.forecast,
            "variance": now.variance,
        },
    }


def scheme(view: Snapshot, code: str) -> Piece:
    """A capital scheme over all its years."""
    held = reading_lists.scheme(view, code)
    if held is None:
        raise Problem(404, f"There is no capital scheme {code[:60]!r}.")
    state, found = held
    time = state.origin or state.time
    made = Stated(
        title=found.title or found.scheme,
        about=f"Capital scheme {found.scheme}, all years",
        period="",
        text=words.sentence(finance.variance(found.total.variance)),
        outcome=found.rag.outcome,
        outcome_word=finance.outcome(found.rag),
        says=[finance_words.scheme(found)],
        fresh=f"Updated {words.moment(time)}",
        chart=without_table(finance_charts.by_years(found)),
    )
    facts = {
        "scheme": found.scheme,
        "title": made.title,
        "status": found.status,
        "pence": _capital(found.total),
        "years": {year: _capital(each) for year, each in sorted(found.years.items())},
    }
    return _piece(made, time, f"finance/capital/{quote(found.scheme, safe='')}", facts, drawn=True)


def _capital(each: CapitalYear) -> dict[str, int]:
    """A year of a scheme, or all of them, in whole pence."""
    return {
        "approved": each.approved,
        "spend": each.spend,
        "forecast": each.forecast,
        "variance": each.variance,
    }


def contract(view: Snapshot, reference: str) -> Piece:
    """A contract as the register has it now, with what was paid under it."""
    held = reading_contracts.contract(view, reference)
    if held is None:
        raise Problem(404, f"There is no contract {reference[:60]!r}.")
    state, found = held
    parts = contracts.contract_parts(found)
    time = state.origin or state.time
    made = Stated(
        title=found.title,
        about=f"Contract {found.reference}, {parts['supplier']}",
        period="",
        text=f"{parts['spent']} paid",
        outcome=parts["outcome"],
        outcome_word=parts["outcome_word"],
        says=[f"Total value: {parts['total']}.", parts["next"]],
        fresh=f"Updated {words.moment(time)}",
        chart=None,
    )
    facts = {
        "contract": found.reference,
        "title": found.title,
        "supplier": found.supplier,
        "stage": found.stage,
        "expiry": found.expiry or None,
        "decision_by": found.decision_by or None,
        "pence": {"total_value": found.total_value, "spent": found.spent},
    }
    return _piece(made, time, f"contracts/{quote(found.reference, safe='')}", facts)


def risk(view: Snapshot, reference: str) -> Piece:
    """A risk as the register has it now."""
    held = reading_risks.risk(view, reference)
    if held is None:
        raise Problem(404, f"There is no risk {reference[:60]!r}.")
    state, found = held
    parts = risks.risk_parts(found, view.catalogue.risk_policy)
    time = state.origin or state.time
    kind = "Risk" if found.nature == "threat" else words.sentence(found.nature)
    made = Stated(
        title=found.title,
        about=f"{kind} {found.reference}",
        period="",
        text=f"Score {found.score}",
        outcome=parts["outcome"],
        outcome_word=parts["outcome_word"],
        says=[
            f"Likelihood {found.likelihood}, impact {found.impact}. Target: {parts['target']}.",
            f"Against what the council is ready to bear: {parts['standing'].lower()}.",
        ],
        fresh=f"Updated {words.moment(time)}",
        chart=None,
    )
    facts = {
        "risk": found.reference,
        "title": found.title,
        "score": found.score,
        "likelihood": found.likelihood,
        "impact": found.impact,
        "band": found.band,
        "target": found.target_score,
        "standing": found.standing,
        "open": found.open,
    }
    return _piece(made, time, f"risks/{quote(found.reference, safe='')}", facts)


def _piece(
    made: Stated, updated: str, path: str, facts: Facts, query: str = "", *, drawn: bool = False
) -> Piece:
    """Something in its three forms: `path` and `query` lead to its page, `facts` are what only a
    thing of its kind has, `drawn` is whether it is an image too."""
    address = f"/{path}{query}"

    def data(base: str) -> Any:
        return {
            **facts,
            "text": made.text,
            "rag": {"outcome": made.outcome, "word": made.outcome_word},
            "updated": updated,
            "page": f"{base}{address}",
            **({"chart": f"{base}/embed/{path}.svg{query}"} if drawn else {}),
        }

    return Piece(made, {"made": made, "stated": made, "address": address}, data)
