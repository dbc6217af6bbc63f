"""Which kind of period stands for an indicator where only one is shown, or asked about."""

from __future__ import annotations

from shared.catalogue.figures import Indicator

_PREFERRED = ("quarter", "month", "financial-year", "year-to-date")


def headline_kind(definition: Indicator) -> str:
    """The kind of period that stands for an indicator on overviews: how often it is reported."""
    if definition.frequency in definition.periods:
        return str(definition.frequency)
    first = definition.periods[0] if definition.periods else "quarter"
    return next((kind for kind in _PREFERRED if kind in definition.periods), first)
