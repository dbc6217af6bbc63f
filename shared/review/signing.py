"""Signing off: who answered for a figure, which sign-offs count, and whose turn it is.

Rule: an owner's sign-off counts once the commentary that is required is there, a director's once an
owner's counts, and none while the figure is under query. A sign-off of another value than the
figure has now is stale: it is shown, and somebody signs again.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import NamedTuple

from shared.catalogue.review import ReviewCycle
from shared.contracts.fields import named
from shared.review.about import Quarter

OWNER, DIRECTOR = LEVELS = ("Owner", "Director")
VOICES = ("Owner", "Director", "Cabinet member")
SIGNED, WITHDRAWN = STATUSES = ("Signed", "Withdrawn")
UNDER_QUERY, RESOLVED = QUERIES = ("Under query", "Resolved")

COMMENTARY, OWNER_SIGN_OFF, DIRECTOR_SIGN_OFF, SIGNED_OFF = STAGES = (
    "commentary", "owner sign-off", "director sign-off", "signed off",
)  # fmt: skip

# What is shown of a word that is none of these.
SHOWN = 40

_QUERIED = "the figure is under query"
_UNWRITTEN = "the commentary that is required is not written"
_UNOWNED = "the owner has not signed it off"


class Said(NamedTuple):
    """A sign-off, as its record says it."""

    level: str
    status: str
    by: str
    at: str
    record: str
    value: str = ""


class Counted(NamedTuple):
    """A sign-off that counts; a stale one is of another value than the figure has now."""

    by: str
    at: str
    value: str
    stale: bool
    record: str


class Standing(NamedTuple):
    """Where the review of a figure stands, the sign-offs that count by level, and why others do
    not, by record."""

    stage: str
    sign_offs: dict[str, Counted]
    set_aside: dict[str, str]


def standing(
    value: str, *, required: bool, written: bool, queried: bool, said: Iterable[Said]
) -> Standing:
    """Where a figure of this value stands. `required` is whether commentary is, `written` whether
    the owner wrote one. Of several sign-offs of a level the last by time, then by record, holds."""
    set_aside: dict[str, str] = {}
    last: dict[str, Said] = {}
    for each in sorted(said, key=lambda each: (each.at, each.record)):
        level, status = named(each.level, LEVELS), named(each.status, STATUSES)
        if level not in LEVELS:
            set_aside[each.record] = f"nobody signs off as {level[:SHOWN]!r}"
        elif status not in STATUSES:
            set_aside[each.record] = f"{status[:SHOWN]!r} is neither signed nor withdrawn"
        else:
            last[level] = each._replace(level=level, status=status)
    counted: dict[str, Counted] = {}
    for level in LEVELS:
        held = last.get(level)
        if held is None or held.status == WITHDRAWN:
            continue
        why = _against(level, counted, unwritten=required and not written, queried=queried)
        if why:
            set_aside[held.record] = why
            continue
        stale = bool(held.value) and held.value != value
        counted[level] = Counted(held.by, held.at, held.value, stale, held.record)
    return Standing(_stage(required and not written, counted), counted, set_aside)


def _against(level: str, counted: dict[str, Counted], *, unwritten: bool, queried: bool) -> str:
    if queried:
        return _QUERIED
    if unwritten:
        return _UNWRITTEN
    return _UNOWNED if level == DIRECTOR and OWNER not in counted else ""


def _stage(unwritten: bool, counted: dict[str, Counted]) -> str:
    if unwritten:
        return COMMENTARY
    for level, stage in ((OWNER, OWNER_SIGN_OFF), (DIRECTOR, DIRECTOR_SIGN_OFF)):
        if level not in counted or counted[level].stale:
            return stage
    return SIGNED_OFF


def waits_for(stage: str, owner: str, director: str) -> str:
    """The post that a review at a stage waits for; empty: none."""
    if stage == SIGNED_OFF:
        return ""
    return director if stage == DIRECTOR_SIGN_OFF else owner


def due(stage: str, quarter: Quarter, cycle: ReviewCycle) -> str:
    """The day by which a review at a stage is to go on; empty once it is signed off."""
    if stage == SIGNED_OFF:
        return ""
    days = cycle.director_days if stage == DIRECTOR_SIGN_OFF else cycle.owner_days
    return quarter.days_after(days)
