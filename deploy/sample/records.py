"""How each source system would write a generated record.

Rule: the generator and the simulator work with real values (dates, decimals); only here do they
become the text that the source's extract would hold, which the dataset's contract must then read.
"""

from collections.abc import Mapping
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from deploy.sample.areas import AREAS
from deploy.sample.made import Fields, Manner, Record
from shared.accounts.calendar import when_of

__all__ = ["Fields", "Record", "as_source_writes"]

_MANNERS = {dataset: manner for area in AREAS for dataset, manner in area.MANNERS.items()}
_PLAIN = Manner()


def as_source_writes(dataset: str, fields: Mapping[str, Any]) -> Fields:
    """The record's values as text, in the manner of the system it would come from."""
    manner = _MANNERS.get(dataset, _PLAIN)
    written = {name: _written(value, manner) for name, value in fields.items()}
    if manner.joined_periods and written.get("period"):
        when = when_of(written)
        assert when is not None
        written["period"] = f"{when.year[:4]}{when.period:02}"
    return written


def _written(value: Any, manner: Manner) -> Any:
    if value is None:
        return manner.unknown
    if isinstance(value, datetime):
        return value.strftime(manner.moment)
    if isinstance(value, date):
        return value.strftime(manner.day)
    if isinstance(value, Decimal):
        return str(value)
    return value
