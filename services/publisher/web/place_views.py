"""The facts of the pages of a directorate and of a portfolio: its services, with their counts and
their figures."""

from urllib.parse import quote

from services.publisher import reading
from services.publisher.domain.tallies import Place
from services.publisher.readmodel import Snapshot
from services.publisher.web import finance_views, home_views
from services.publisher.web.tables import Facts, Row, frame, table
from shared.runtime.problems import Problem

KINDS = "indicators,finance,supply"


def place(view: Snapshot, kind: str, code: str) -> Facts:
    """A directorate or a portfolio."""
    catalogue = view.catalogue
    known = catalogue.directorates if kind == "directorate" else catalogue.portfolios
    found = known.get(code)
    if found is None:
        raise Problem(404, f"There is no {kind} {code[:60]!r}.")
    counts = reading.counts(view)
    services = home_views.services_of(view, kind, code)
    codes = {each.code for each in services}
    rows = table(view, [each for each in catalogue.indicators.values() if each.service in codes])
    by_service: dict[str, list[Row]] = {each: [] for each in codes}
    for row in rows:
        by_service[row.indicator.service or ""].append(row)
    return {
        **frame(view, f"/{kind}s/{code}", {"kinds": KINDS}),
        "kind": kind,
        "place": found,
        "tally": home_views.counted(Place(kind, code), counts),
        "money": finance_views.for_node(view, kind, code),
        "services": [
            {
                "code": each.code,
                "name": each.name,
                "href": f"/services/{quote(each.code, safe='')}",
                "rows": by_service[each.code],
                **home_views.counted(Place("service", each.code), counts),
            }
            for each in services
        ],
    }
