"""How the forms' pages write quarters and instants."""

from datetime import datetime

from shared.review.about import Quarter


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
