"""How a record's fields are read as text, and amounts and shares put in a sentence."""

from collections.abc import Iterable, Mapping
from datetime import date
from decimal import Decimal
from typing import Any

Fields = Mapping[str, Any]


def text(fields: Fields, name: str) -> str:
    """A field as text; empty where it is blank."""
    value = fields.get(name)
    return "" if value is None else str(value)


def iso_day(fields: Fields, name: str) -> str:
    """A field as an ISO date; empty where it is blank or no day of the calendar."""
    try:
        return date.fromisoformat(text(fields, name)[:10]).isoformat()
    except ValueError:
        return ""


def named(said: str, names: Iterable[str]) -> str:
    """One of these names, whatever capitals it is written in; any other text as it is."""
    folded = said.strip().casefold()
    return next((name for name in names if name.casefold() == folded), said)


def pounds(amount: int) -> str:
    """`£1,234.50`; a negative amount has its sign in front."""
    return f"{'-' if amount < 0 else ''}£{Decimal(abs(amount)) / 100:,.2f}"


def percent(value: Decimal) -> str:
    """`2.5%`, without noughts that say nothing."""
    said = f"{value:f}"
    return f"{said.rstrip('0').rstrip('.') if '.' in said else said}%"


def counted(number: int, one: str) -> str:
    """`1 milestone`, `2 milestones`."""
    return f"{number} {one}{'' if number == 1 else 's'}"
