"""How a record's fields are read: as text, as a day, as one of some names, as a list."""

from collections.abc import Iterable, Mapping
from datetime import date
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


def whole(fields: Fields, name: str) -> int | None:
    """A field as a whole number; None where it is blank or none."""
    try:
        return int(text(fields, name))
    except ValueError:
        return None


def listed(fields: Fields, name: str) -> list[str]:
    """The parts of a field that are parted by commas, each once, in their order."""
    parts = (part.strip() for part in text(fields, name).split(","))
    return list(dict.fromkeys(part for part in parts if part))
