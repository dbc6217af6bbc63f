"""How a value of another system is written down, so that the contract reads it as meant.

Rule: exact and as text. A date is written as the field's contract reads dates, a moment with an
offset as the wall time of Europe/London. A surrogate key that says "unknown" is none.
"""

import re
from collections.abc import Callable
from datetime import date, datetime, time
from decimal import Decimal
from typing import Any

import msgspec

from services.ingest.connect.source import SourceFailed
from services.ingest.domain.dates import LONDON
from shared.catalogue.model import Field

Write = Callable[[Any], str | None]

# REFERRAL_ID, personID and personId are keys to another table; PAID is not.
_A_KEY = re.compile(r"(?i:(?:.*_)?id)|.*[a-z0-9]I[dD]")
_NUMBERS = frozenset({"integer", "decimal", "money"})


class Unwritable(Exception):
    """A value that no field takes; the message says why, without it."""


def is_a_key(column: str) -> bool:
    """Whether a column is called as keys to other tables are."""
    return _A_KEY.fullmatch(column) is not None


def writer(field: Field, column: str, unknown: frozenset[str] = frozenset()) -> Write:
    """How values of a column are written for a field. A whole number that is one of `unknown` is
    none, where the field is a text or the column is called as a key is: counts can be -1."""
    may_be_unknown = bool(unknown) and (field.type == "text" or is_a_key(column))

    def write(value: Any) -> str | None:
        if value is None:
            return None
        if isinstance(value, str):
            return value
        if isinstance(value, bool):
            return str(int(value)) if field.type in _NUMBERS else str(value).lower()
        if isinstance(value, int | Decimal | float):
            text = _number(value, column)
            return None if may_be_unknown and text in unknown else text
        if isinstance(value, date | datetime):
            return day_or_moment(value, field)
        if isinstance(value, bytes | bytearray | memoryview):
            raise SourceFailed(
                f"The column {column} holds bytes, which no field takes: leave it out, or have the"
                " view turn it into text."
            )
        if isinstance(value, time):
            return value.isoformat()
        if isinstance(value, dict | list):
            return msgspec.json.encode(value, enc_hook=str).decode()
        return str(value)

    return write


def day_or_moment(value: date | datetime, field: Field) -> str:
    """A date or a moment as the field's contract reads it."""
    if isinstance(value, datetime):
        if value.tzinfo is not None:
            value = value.astimezone(LONDON).replace(tzinfo=None)
        if field.type == "date":
            value = value.date()
    # A contract with its own year-first format has decided what year-first means.
    own = next((each for each in field.formats if each.startswith("%Y-")), None)
    return value.strftime(own) if own else value.isoformat()


def _number(value: int | Decimal | float, column: str) -> str:
    if isinstance(value, int):
        return str(value)
    # A float by the shortest text that stands for it: 0.1 is 0.1.
    exact = Decimal(repr(value)) if isinstance(value, float) else value
    if not exact.is_finite():
        raise Unwritable(f"The column {column} holds a number that is none (NaN or infinity).")
    if abs(exact.adjusted()) > 100:
        raise Unwritable(f"The column {column} holds a number of more than a hundred digits.")
    return format(exact, "f")
