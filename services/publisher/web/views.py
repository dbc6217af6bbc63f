"""The facts of the page of what is late, read from one snapshot."""

from services.publisher.api import answers
from services.publisher.readmodel import Snapshot
from services.publisher.web.tables import Facts, frame


def supply(view: Snapshot) -> Facts:
    """Every dataset whose age is limited, the late ones first."""
    return {
        **frame(view, "/supply", {"kinds": "supply"}),
        "found": answers.supplies(view),
    }
