"""The facts of the pages of themes: everything on one topic, from any service."""

import re
from urllib.parse import quote

from services.publisher import reading
from services.publisher.domain.tallies import Place
from services.publisher.readmodel import Snapshot
from services.publisher.web import home_views, plan_views
from services.publisher.web.tables import Facts, Row, frame, table
from shared.runtime.problems import Problem

KINDS = "indicators,risks,finance,supply"
CONTEXT = "context"
OTHER = "Other indicators"

_BLANK_LINES = re.compile(r"\n\s*\n")


def themes(view: Snapshot) -> Facts:
    """Every theme with its count."""
    return {
        **frame(view, "/themes", {"kinds": "indicators"}),
        "themes": home_views.themes(view, reading.counts(view)),
    }


def theme(view: Snapshot, code: str) -> Facts:
    """A theme: what the council answers for service by service, what it does not control apart,
    and what is linked to either."""
    found = view.catalogue.themes.get(code)
    if found is None:
        raise Problem(404, f"There is no theme {code[:60]!r}.")
    listed = [each for each in view.catalogue.indicators.values() if code in each.themes]
    rows = table(view, listed)
    context = [row for row in rows if row.indicator.influence == CONTEXT]
    return {
        **frame(view, f"/themes/{code}", {"kinds": KINDS, "theme": code}),
        "wide": True,
        "theme": found,
        "narrative": paragraphs(found.narrative),
        "tally": home_views.counted(Place("theme", code), reading.counts(view)),
        "groups": _by_service(view, [row for row in rows if row.indicator.influence != CONTEXT]),
        "context": context,
        **plan_views.for_indicators(view, [each.code for each in listed]),
    }


def paragraphs(text: str) -> list[str]:
    """A text in paragraphs, which blank lines part."""
    return [part.strip() for part in _BLANK_LINES.split(text) if part.strip()]


def _by_service(view: Snapshot, rows: list[Row]) -> list[Facts]:
    services = view.catalogue.services
    groups: dict[str, list[Row]] = {code: [] for code in (*services, "")}
    for row in rows:
        code = row.indicator.service or ""
        groups[code if code in services else ""].append(row)
    return [
        {
            "name": services[code].name if code else OTHER,
            "href": f"/services/{quote(code, safe='')}" if code else "",
            "rows": found,
        }
        for code, found in groups.items()
        if found
    ]
