"""How the forms' pages write quarters, days, instants, numbers and states."""

from datetime import date, datetime
from decimal import Decimal

from services.ingest.domain.returns import sense
from shared.review.about import Quarter

# Where a return stands, in words, and the colour of its tag.
STATES = {
    "overdue": ("Overdue", "red"),
    "due": ("Due", "yellow"),
    "not yet": ("Not yet", "grey"),
    "given late": ("Given late", "blue"),
    "given": ("Given", "green"),
}
# Why there is no figure.
REASONS = {
    "missing": "It could not be had",
    "suppressed": "It is withheld: so few that people could be known by it",
    "not applicable": "It does not apply to this period",
    "not due": "It is not counted in this period",
}


def quarter(found: Quarter) -> str:
    """`Quarter 2 of 2026-27`"""
    return f"Quarter {found.code.rpartition('Q')[2]} of {found.year}"


def instant(text: str) -> str:
    """`24 November 2026 at 22:52`; any other text as it is."""
    try:
        at = datetime.fromisoformat(text)
    except ValueError:
        return text
    return f"{at.day} {at:%B %Y} at {at:%H:%M}"


def day(found: date) -> str:
    """`24 November 2026`"""
    return f"{found.day} {found:%B %Y}"


def number(text: str) -> str:
    """`1,234.5`; any other text as it is."""
    try:
        return sense.plain(Decimal(text))
    except ArithmeticError:
        return text
