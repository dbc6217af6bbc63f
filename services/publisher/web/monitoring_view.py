"""The facts of the quarterly monitoring report, in the order in which cabinets are given it:
revenue and savings, capital schemes, virements, cash limits, capital movements, the programme,
reserves."""

from collections.abc import Iterable

from services.publisher import reading_finance as reading
from services.publisher import reading_lists as lists
from services.publisher.api import finance_query as asking
from services.publisher.api.finance_query import Asked
from services.publisher.domain import finance, finance_words
from services.publisher.domain.finance_sums import Reason, code_in, fund_name, node_name, reasons
from services.publisher.readmodel import Snapshot
from services.publisher.web import capital_views, finance_lists
from services.publisher.web import finance_rows as rows
from services.publisher.web.finance_views import funds, warnings
from services.publisher.web.tables import Facts
from shared.accounts.calendar import PERIODS, period_code

QUARTERS = {
    "1": "Quarter 1 (April to June)",
    "2": "Quarter 2 (July to September)",
    "3": "Quarter 3 (October to December)",
    "4": "Quarter 4 (January to March)",
    "outturn": "Outturn (with adjustments after the year)",
}
LARGEST = 5
KEY_SCHEMES = 12


def monitoring(view: Snapshot, year: str | None, quarter: str | None) -> Facts:
    """The report of a quarter."""
    plain = asking.asked(view, year, None, None)
    chosen = asking.one_of("quarter", quarter, QUARTERS, _newest(plain.newest))
    period = PERIODS if chosen == "outturn" else int(chosen) * 3
    asked = asking.asked(view, plain.when.year, period_code(period), None)
    why = _reasons(view, asked)
    schemes = lists.schemes(view)
    limits = reading.by_fund(reading.positions(view, asked.basis, asked.when, "portfolio"))
    wholes = {each.fund: each for each in reading.positions(view, asked.basis, asked.when, "fund")}
    savings = lists.savings(view, asked.when.year)
    return {
        **rows.page(view),
        "asked": asked,
        "year": finance.year(asked.when.year),
        "choices": {
            **rows.choices(asked),
            "quarters": [(code, name, code == chosen) for code, name in QUARTERS.items()],
        },
        "quarter": QUARTERS[chosen],
        "period": finance.period(asked.when),
        "unfinished": period > asked.newest,
        "newest": period_code(asked.newest),
        "warnings": warnings(view, asked),
        "portfolios": funds(view, asked, "portfolio"),
        "directorates": funds(view, asked, "directorate"),
        "commentary": {
            level: _commentary(view, asked, why, level) for level in ("portfolio", "directorate")
        },
        "savings_sentence": finance_words.SavingTotal(each for _, each in savings).sentence(),
        "savings": [rows.saving_row(view, *each) for each in savings],
        "key_schemes": _key_schemes(schemes, asked.when.year),
        "virements": finance_lists.virement_lists(
            view,
            [
                each
                for each in lists.virements(view, asked.when.year)
                if _in_quarter(each[1].period, chosen)
            ],
        ),
        "limits": [
            {
                "name": fund_name(view.catalogue.books, fund),
                "rows": [rows.row(each, asked) for each in listed],
                "total": rows.row(wholes[fund], asked, link=False) if fund in wholes else None,
            }
            for fund, listed in limits.items()
        ],
        "movements": capital_views.movements(schemes, asked.when.year),
        "programme": capital_views.portfolios(view, schemes, asked.when.year),
        "reserves": rows.reserves_by_fund(view, lists.reserves(view, asked.when.year)),
    }


def _newest(period: int) -> str:
    """The newest quarter of which all periods are over, or the first."""
    return "outturn" if period == PERIODS else str(max(1, period // 3))


def _in_quarter(period: int, quarter: str) -> bool:
    if quarter == "outturn":
        return period == PERIODS
    return (period + 2) // 3 == int(quarter)


def _reasons(view: Snapshot, asked: Asked) -> list[Reason]:
    every = reading.cost_centres(view, asked.basis, asked.when, lambda _: True)
    return reasons((held for _, held in every), asked.basis, asked.when.period)


def _commentary(view: Snapshot, asked: Asked, why: Iterable[Reason], level: str) -> list[Facts]:
    """By fund and node of a level, its largest variances with their reasons."""
    tables: dict[tuple[str, str], list[Reason]] = {}
    for each in why:
        tables.setdefault((each.fund, code_in(each.node, level)), []).append(each)
    return [
        {
            "fund": fund_name(view.catalogue.books, fund),
            "name": node_name(view.catalogue, level, code),
            "rows": [rows.reason_row(view, each, asked) for each in listed[:LARGEST]],
            "more": max(0, len(listed) - LARGEST),
            "href": rows.node_address(
                level, code, rows.asked_query(asked, fund=reading.address_code(fund))
            ),
        }
        for (fund, code), listed in tables.items()
    ]


def _key_schemes(found: Iterable[capital_views.Held], year: str) -> list[Facts]:
    """The largest schemes of a year by their approved budget."""
    listed = [capital_views.scheme_row(*each, year) for each in found if year in each[1].years]
    return sorted(listed, key=lambda each: -each["approved"])[:KEY_SCHEMES]
