"""When the periods of LG Inform Plus begin and end.

Rule: the service says it; a label is read only where it does not, and only where it can mean one
thing. A period whose days nobody knows has none, and its rows are then rejected as such.
"""

import re
from collections.abc import Iterable, Mapping
from datetime import date, timedelta
from typing import Any

from services.ingest.connect.lginform_calls import LgInformCalls

Days = tuple[str, str]

_YEARS = r"(?P<year>[0-9]{4})[/_-](?P<short>[0-9]{2})"
_QUARTER = re.compile(_YEARS + r" ?Q(?P<quarter>[1-4])", re.ASCII | re.IGNORECASE)
_ACADEMIC = re.compile(rf"{_YEARS} ?\(academic\)|sch_{_YEARS.replace('<', '<a')}", re.ASCII)
_FINANCIAL = re.compile(rf"{_YEARS}(?: ?\(financial\))?|fin_{_YEARS.replace('<', '<f')}", re.ASCII)
_CALENDAR = re.compile(r"(?:cal_)?(?P<year>[0-9]{4})", re.ASCII)


async def dates(
    calls: LgInformCalls, rows: Iterable[Mapping[str, Any]], known: Mapping[str, Days]
) -> dict[str, Days]:
    """The first and last day of every period that these rows name, as far as anybody knows.
    Periods are asked for only where one is not known yet."""
    wanted = {
        str(row["periodIdentifier"]): str(row.get("periodLabel") or "")
        for row in rows
        if row.get("periodIdentifier")
    }
    found = {name: known[name] for name in wanted if name in known}
    if len(found) < len(wanted):
        for each in await calls.periods():
            name = str(each.get("identifier"))
            days = _days(each)
            if name in wanted and days:
                found[name] = days
    for name, label in wanted.items():
        if name not in found and (days := read(name) or read(label)):
            found[name] = days
    return found


def read(text: str) -> Days | None:
    """The days of a label such as `2025/26 Q3`, or of an identifier such as `fin_2009_10`."""
    text = text.strip()
    if found := _QUARTER.fullmatch(text):
        year = _first_year(found["year"], found["short"])
        if year is None:
            return None
        months = 3 * int(found["quarter"])
        return _span(year, 1 + months, 3)
    if found := _ACADEMIC.fullmatch(text):
        year = _first_year(found["year"] or found["ayear"], found["short"] or found["ashort"])
        return None if year is None else _span(year, 9, 12)
    if found := _FINANCIAL.fullmatch(text):
        year = _first_year(found["year"] or found["fyear"], found["short"] or found["fshort"])
        return None if year is None else _span(year, 4, 12)
    if found := _CALENDAR.fullmatch(text):
        return _span(int(found["year"]), 1, 12)
    return None


def _first_year(first: str, second: str) -> int | None:
    year = int(first)
    return year if (year + 1) % 100 == int(second) else None


def _span(year: int, month: int, months: int) -> Days | None:
    try:
        begin = _month(year, month)
        return begin.isoformat(), (_month(year, month + months) - timedelta(days=1)).isoformat()
    except (ValueError, OverflowError):
        return None


def _month(year: int, month: int) -> date:
    return date(year + (month - 1) // 12, (month - 1) % 12 + 1, 1)


def _days(period: Mapping[str, Any]) -> Days | None:
    said = (period.get("startDate"), period.get("endDate"))
    try:
        first, last = (date.fromisoformat(str(each)[:10]) for each in said)
    except ValueError:
        return None
    return (first.isoformat(), last.isoformat()) if first <= last else None
