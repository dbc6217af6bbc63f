"""Breakdowns: the fields that a figure is also given by, one alone or several at once.

Rule: a breakdown is written `ward` or `ward & kind`, and a member of it `ward=Abbey` or
`ward=Abbey&kind=Noise`. Whatever stands in a record is a member, a blank one too, so that the
members of a breakdown always add up to all records.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import lru_cache
from typing import Any

from shared.catalogue.references import text_of
from shared.contracts.subjects import member, split_member

ALL = "all"
AND = " & "
_MEMBERS_KEPT = 100_000


@lru_cache(maxsize=4096)
def fields_of(breakdown: str) -> tuple[str, ...]:
    """The fields of a breakdown, in the order they are written."""
    return tuple(each.strip() for each in breakdown.split("&"))


@lru_cache(maxsize=65_536)
def breakdown_of(member_text: str) -> str:
    """The breakdown that a member belongs to; empty for all records."""
    if member_text == ALL:
        return ""
    return AND.join(each.partition("=")[0] for each in member_text.split("&"))


@lru_cache(maxsize=65_536)
def parts_of(member_text: str) -> Mapping[str, str]:
    """A member's fields and their values."""
    return dict(split_member(each) for each in member_text.split("&"))


class Members(dict[Any, str]):
    """The member text of each value of a field, as met so far."""

    def __init__(self, field: str) -> None:
        super().__init__()
        self._field = field

    def __missing__(self, value: Any) -> str:
        if len(self) >= _MEMBERS_KEPT:
            self.clear()
        self[value] = found = member(self._field, text_of(value))
        return found
