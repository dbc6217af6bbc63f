"""How subjects (the keys of topics) are spelled. Parts that come from data are percent-encoded."""

from functools import lru_cache
from urllib.parse import quote, unquote


@lru_cache(maxsize=65536)
def part(text: str) -> str:
    """One part of a subject, safe beside `/`, `=` and `@`."""
    return quote(text, safe="")


def record(dataset: str, key: str) -> str:
    """`{dataset}/{key}`"""
    return f"{dataset}/{part(key)}"


def member(field: str, value: str) -> str:
    """`{field}={value}`: one member of a breakdown."""
    return f"{field}={part(value)}"


def split_member(text: str) -> tuple[str, str]:
    """The field and the value of a member."""
    field, _, value = text.partition("=")
    return field, unquote(value)


def definition(kind: str, code: str) -> str:
    """`{kind}/{code}`"""
    return f"{kind}/{code}"


def measure_year(measure: str, member_or_all: str, year: str) -> str:
    """`{measure}/{member or all}/{financial year}`"""
    return f"{measure}/{member_or_all}/{year}"


def indicator_value(indicator: str, period: str, member_or_all: str) -> str:
    """`{indicator}/{period}`, with `/{field}={value}` for a member of a breakdown."""
    if member_or_all == "all":
        return f"{indicator}/{period}"
    return f"{indicator}/{period}/{member_or_all}"


def spend(ledger: str, unit: str, month: str) -> str:
    """`spend/{ledger}/{unit}/{month}`"""
    return f"spend/{ledger}/{part(unit)}/{month}"


def control(ledger: str) -> str:
    """`control/{ledger}`"""
    return f"control/{ledger}"
