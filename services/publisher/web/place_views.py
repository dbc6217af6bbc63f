"""The facts of the pages of a directorate and of a portfolio: its services, with their counts and
their figures."""

from urllib.parse import quote

from services.publisher import reading
from services.publisher.domain.contracts import count
from services.publisher.domain.tallies import Place
from services.publisher.readmodel import Snapshot
from services.publisher.web import finance_views, home_views
from services.publisher.web.paging import paged
from services.publisher.web.tables import Facts, Row, frame, table
from shared.runtime.problems import Problem

KINDS = "indicators,finance,supply"


def place(view: Snapshot, kind: str, code: str, page: str | None = None) -> Facts:
    """A directorate or a portfolio; of its figures, so many as a page has."""
    catalogue = view.catalogue
    known = catalogue.directorates if kind == "directorate" else catalogue.portfolios
    found = known.get(code)
    if found is None:
        raise Problem(404, f"There is no {kind} {code[:60]!r}.")
    counts = reading.counts(view)
    services = home_views.services_of(view, kind, code)
    order = {each.code: at for at, each in enumerate(services)}
    listed = [each for each in catalogue.indicators.values() if each.service in order]
    listed.sort(key=lambda each: order[each.service or ""])
    here = f"/{kind}s/{quote(code, safe='')}"
    measured = {each.service for each in listed}
    pages = paged(listed, page, here)
    by_service: dict[str, list[Row]] = {}
    for row in table(view, pages.pop("rows")):
        by_service.setdefault(row.indicator.service or "", []).append(row)
    return {
        **frame(view, f"/{kind}s/{code}", {"kinds": KINDS}),
        **pages,
        "found": count(len(listed), "indicator"),
        "kind": kind,
        "place": found,
        "tally": home_views.counted(Place(kind, code), counts),
        "money": finance_views.for_node(view, kind, code),
        "services": [
            {
                "code": each.code,
                "name": each.name,
                "href": f"/services/{quote(each.code, safe='')}",
                "rows": by_service.get(each.code, []),
                "none": each.code not in measured,
                **home_views.counted(Place("service", each.code), counts),
            }
            for each in services
        ],
    }
