"""What a generated record is, and how each source system would write it.

Rule: the generator and the simulator work with real values (dates, decimals); only here do they
become the text that the source's extract would hold, which the dataset's contract must then read.
"""

from collections.abc import Mapping
from datetime import date, datetime
from decimal import Decimal
from typing import Any, NamedTuple

REQUESTS = "environmental-protection-requests"
REVIEWS = "adult-social-care-reviews"
WASTE = "household-waste-tonnages"
ENERGY = "building-energy"
CARDS = "card-transactions"
RISKS = "risk-register"

Fields = dict[str, Any]

# How a source writes a date, a date with a time, and a value it does not know.
_UNIFORM = "%d/%m/%Y %I:%M:%S %p"
_DAY_FIRST = {ENERGY: "%d/%m/%Y"}
_UNKNOWN = {REVIEWS: "-1"}


class Record(NamedTuple):
    """A record of a dataset."""

    dataset: str
    fields: Fields


def as_source_writes(dataset: str, fields: Mapping[str, Any]) -> Fields:
    """The record's values as text, in the manner of the system it would come from."""
    return {name: _written(dataset, value) for name, value in fields.items()}


def _written(dataset: str, value: Any) -> Any:
    if value is None:
        return _UNKNOWN.get(dataset, "")
    if isinstance(value, datetime):
        return value.strftime(_UNIFORM)
    if isinstance(value, date):
        return value.strftime(_DAY_FIRST.get(dataset, "%Y-%m-%d"))
    if isinstance(value, Decimal):
        return str(value)
    return value
