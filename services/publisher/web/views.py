"""The facts of the strategic page and of what is late, read from one snapshot."""

from services.publisher.api import answers
from services.publisher.readmodel import Snapshot
from services.publisher.web import report_views
from services.publisher.web.tables import Facts, frame, table, tally


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
