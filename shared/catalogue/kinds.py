"""The kinds of value that expressions know, and how values of a dataset arrive as them."""

from __future__ import annotations

import re
from datetime import date, datetime

NUMBER, TEXT, DATE, DATETIME, BOOLEAN, ANY = (
    "number",
    "text",
    "date",
    "datetime",
    "boolean",
    "any",
)

WORDS = {
    NUMBER: "a number",
    TEXT: "a text",
    DATE: "a date",
    DATETIME: "a date with time",
    BOOLEAN: "true or false",
    ANY: "a value",
}

_OF_TYPE = {
    "integer": NUMBER,
    "decimal": NUMBER,
    "money": NUMBER,
    "number": NUMBER,
    "text": TEXT,
    "date": DATE,
    "datetime": DATETIME,
    "boolean": BOOLEAN,
    "financial-year": TEXT,
    "period": TEXT,
}
# Decimals travel as text in JSON, so that none loses a digit on the way.
WRITTEN_AS_TEXT = frozenset({"decimal", "money"})

_DATE = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}", re.ASCII)
_DATETIME = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}", re.ASCII)


def kind_of(field_type: str) -> str:
    return _OF_TYPE[field_type]


def as_moment(text: str) -> str | None:
    """The kind of a quoted date, or None where the text is no date."""
    try:
        if _DATE.fullmatch(text):
            date.fromisoformat(text)
            return DATE
        if _DATETIME.fullmatch(text):
            datetime.fromisoformat(text)
            return DATETIME
    except ValueError:
        pass
    return None
