"""What a caller may ask in an address, read strictly: nonsense is refused in plain words."""

import re
from datetime import date, datetime, time
from typing import NamedTuple

from services.publisher.domain.words import LONDON
from services.publisher.store.repository import Span
from shared.catalogue.breakdowns import ALL, AND, fields_of
from shared.catalogue.model import Indicator
from shared.catalogue.periods import KINDS, Period, parse_period
from shared.contracts.subjects import member, split_member
from shared.runtime.clock import iso
from shared.runtime.problems import Problem

SHOWN = 60

_DAY = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}", re.ASCII)


def refuse(name: str, text: str, wanted: str) -> Problem:
    """A 400 that names the parameter, what it was and what it may be."""
    return Problem(400, f"{name} is {text[:SHOWN]!r}; it must be {wanted}.")


def whole(name: str, text: str | None, default: int, low: int, high: int) -> int:
    """A whole number within bounds."""
    if text is None or text == "":
        return default
    if text.isascii() and text.isdigit() and len(text) < 10 and low <= int(text) <= high:
        return int(text)
    raise refuse(name, text, f"a whole number from {low} to {high}")


def period(text: str, name: str = "period") -> Period:
    """A period by its code."""
    try:
        return parse_period(text)
    except ValueError:
        raise refuse(
            name,
            text,
            "a period such as 2025-09, 2025-26-Q2, 2025-26, 2025-26-to-09 or 2025-09-R12",
        ) from None


def edge(name: str, text: str | None) -> str | None:
    """The first day (from) or the last (to) of a period, or a day."""
    if not text:
        return None
    try:
        return date.fromisoformat(text).isoformat() if _DAY.fullmatch(text) else _end(name, text)
    except ValueError:
        raise refuse(name, text, "a day such as 2025-04-01, or a period such as 2025-26") from None


def _end(name: str, text: str) -> str:
    found = parse_period(text)
    return (found.start if name == "from" else found.end).isoformat()


def instant(name: str, text: str | None) -> str | None:
    """An instant; a day means its end, and a time without offset is London's."""
    if not text:
        return None
    try:
        if _DAY.fullmatch(text):
            when = datetime.combine(date.fromisoformat(text), time.max, LONDON)
        else:
            # A plus sign in an address arrives as a space.
            when = datetime.fromisoformat(text.replace(" ", "+"))
            when = when if when.tzinfo else when.replace(tzinfo=LONDON)
        return iso(when)
    except (ValueError, OverflowError):
        raise refuse(
            name, text, "a day such as 2025-04-01 or an instant such as 2025-04-01T09:30:00Z"
        ) from None


class Within(NamedTuple):
    """A breakdown, and a member of it if one is named: as it is stored, and as subjects have it."""

    field: str = ""
    stored: str | None = None
    text: str = ALL


def breakdown(text: str | None, indicator: Indicator) -> Within:
    """`ward` or `ward=27`, crossed `ward & kind` or `ward=27&kind=Noise`."""
    if not text:
        return Within()
    offered = {fields_of(each): AND.join(fields_of(each)) for each in indicator.breakdowns}
    if "=" not in text:
        if fields_of(text) in offered:
            return Within(offered[fields_of(text)])
    else:
        parts = [split_member(each.strip()) for each in text.split("&")]
        fields = tuple(field for field, _ in parts)
        if len(parts) > 1 and fields in offered:
            spelled = "&".join(member(field, value) for field, value in parts)
            return Within(offered[fields], spelled, spelled)
        field, value = split_member(text)
        if (field,) in offered:
            return Within(field, value, member(field, value))
    known = ", ".join(offered.values()) or "none"
    raise refuse("breakdown", text, f"one of this indicator's ({known}), or one member of it")


def kind(text: str | None) -> str | None:
    """A kind of period."""
    if not text:
        return None
    if text not in KINDS:
        raise refuse("kind", text, f"one of {', '.join(KINDS)}")
    return text


def span(
    indicator: Indicator,
    start: str | None,
    end: str | None,
    within: str | None,
    of_kind: str | None,
) -> Span:
    """The figures that a caller asks for."""
    asked = breakdown(within, indicator)
    return Span(
        indicator.code,
        asked.field,
        asked.stored,
        kind(of_kind),
        ends_from=edge("from", start),
        ends_to=edge("to", end),
    )
