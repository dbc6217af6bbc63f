"""The facts of a service's page: activity, performance and money in one place."""

from services.publisher import reading
from services.publisher.domain.tallies import Place
from services.publisher.readmodel import Snapshot
from services.publisher.web import contract_views, finance_views, home_views, plan_views
from services.publisher.web.tables import Facts, frame, table
from shared.runtime.problems import Problem

KINDS = "indicators,finance,risks,contracts,supply"
NO_MONEY = "It has no budget or spending this year."


def service(view: Snapshot, code: str) -> Facts:
    """A service in one view: its indicators, money, risks, contracts, actions and projects."""
    catalogue = view.catalogue
    found = catalogue.services.get(code)
    if found is None:
        raise Problem(404, f"There is no service {code[:60]!r}.")
    money = finance_views.for_service(view, code)
    contracts = contract_views.for_service(view, code)
    plans = plan_views.for_service(view, code)
    said = [*(money["said"] if money else [NO_MONEY]), *plans["said"], contracts["counts"]]
    return {
        **frame(view, f"/services/{code}", {"kinds": KINDS, "service": code}),
        "wide": True,
        "service": found,
        "directorate": catalogue.directorates.get(found.directorate or ""),
        "portfolio": catalogue.portfolios.get(found.portfolio or ""),
        "rows": table(
            view, [each for each in catalogue.indicators.values() if each.service == code]
        ),
        "tally": home_views.counted(Place("service", code), reading.counts(view)),
        "money": money,
        "contracts": contracts,
        **plans,
        "said": [each for each in said if each],
    }
