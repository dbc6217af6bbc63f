"""The facts of the page of what is late, read from one snapshot."""

from services.publisher.api.supply_answers import supplies
from services.publisher.readmodel import Snapshot
from services.publisher.web.tables import Facts, frame


def supply(view: Snapshot) -> Facts:
    """Every dataset whose age is limited, and everybody who owes a return."""
    return {
        **frame(view, "/supply", {"kinds": "supply"}),
        "found": supplies(view),
    }
