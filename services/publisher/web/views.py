"""The facts that each page shows, read from one snapshot. Words come from the domain."""

from services.publisher import reading, reading_risks
from services.publisher.api import answers
from services.publisher.domain import risks
from services.publisher.readmodel import Snapshot
from services.publisher.store import repository
from services.publisher.web import contract_views, finance_views, plan_views, report_views
from services.publisher.web.tables import Facts, frame, ledgers, table, tally
from shared.runtime.problems import Problem

RECENT = 6
KINDS = "indicators,finance,risks,contracts,supply"


def overview(view: Snapshot) -> Facts:
    """Everything the council watches, by service."""
    catalogue = view.catalogue
    rows = table(view, catalogue.indicators.values())
    groups = [
        {
            "service": service,
            "rows": [row for row in rows if row.indicator.service == service.code],
        }
        for service in catalogue.services.values()
    ]
    loose = [row for row in rows if row.indicator.service not in catalogue.services]
    if loose:
        groups.append({"service": None, "rows": loose})
    return {
        **frame(view, "/", {}),
        "groups": [group for group in groups if group["rows"]],
        "tally": tally(rows),
        "themes": list(catalogue.themes.values()),
        "ledgers": ledgers(view),
        "risks": risks.bands(risk for _, risk in reading_risks.risks(view)),
        "recent": reading.figures(view, repository.newest(view.tx, RECENT), trends=False),
    }


def service(view: Snapshot, code: str) -> Facts:
    """A service in one view: its indicators, money, risks, contracts, actions and projects."""
    found = view.catalogue.services.get(code)
    if found is None:
        raise Problem(404, f"There is no service {code[:60]!r}.")
    catalogue = view.catalogue
    rows = table(view, [each for each in catalogue.indicators.values() if each.service == code])
    directorate = catalogue.directorates.get(found.directorate or "")
    portfolio = catalogue.portfolios.get(found.portfolio or "")
    return {
        **frame(view, f"/services/{code}", {"kinds": KINDS, "service": code}),
        "service": found,
        "directorate": directorate,
        "portfolio": portfolio,
        "rows": rows,
        "tally": tally(rows),
        "money": finance_views.for_service(view, code),
        "contracts": contract_views.for_service(view, code),
        **plan_views.for_service(view, code),
    }


def theme(view: Snapshot, code: str) -> Facts:
    """Everything on one topic, from any service."""
    found = view.catalogue.themes.get(code)
    if found is None:
        raise Problem(404, f"There is no theme {code[:60]!r}.")
    rows = table(view, [each for each in view.catalogue.indicators.values() if code in each.themes])
    return {
        **frame(view, f"/themes/{code}", {"kinds": "indicators,supply", "theme": code}),
        "theme": found,
        "rows": rows,
        "tally": tally(rows),
    }


def supply(view: Snapshot) -> Facts:
    """Every dataset whose age is limited, the late ones first."""
    return {
        **frame(view, "/supply", {"kinds": "supply"}),
        "found": answers.supplies(view),
    }


def strategic(view: Snapshot) -> Facts:
    """The set that members watch."""
    rows = table(view, [each for each in view.catalogue.indicators.values() if each.strategic])
    return {
        **frame(view, "/strategic", {"kinds": "indicators,supply"}),
        "rows": rows,
        "tally": tally(rows),
        "reports": report_views.links(view),
    }
