"""The last day of a period as other people write it: `2013/14`, `2019`, `2024/25 Q3`, `Apr-13`,
`2024-04-01/P1Y`; and the month of an accounting period.

Rule: a label that could mean two periods means what our own codes mean; one that means none gives
no date. Of a label with a beginning and an end, the end counts; where the end leaves out its
century (`2001 - 03`, `2016/17 - 20/21`), it is the first such year from the beginning on.
"""

from __future__ import annotations

import re
from functools import lru_cache

from shared.catalogue.arithmetic import NotCalculable
from shared.catalogue.dates import add_days, add_months
from shared.catalogue.periods import last_day, parse_period

_PARTS = re.compile(r"\s+(?:-|–|to)\s+", re.IGNORECASE)
_YEAR = re.compile(
    r"(?:Q(?P<before>[1-4]) )?(?P<first>\d{4})(?P<sign>[/-])(?P<second>\d{4}|\d{2})"
    r"(?: Q(?P<after>[1-4]))?",
    re.ASCII | re.IGNORECASE,
)
_BEGINNING = re.compile(r"(\d{4})(?:/\d{2}|/\d{4})?", re.ASCII)
_SHORT = re.compile(r"(\d{2})((?:/\d{2})?)", re.ASCII)
# ISO 8601: a first day, and how many months or years from then on.
_LENGTH = re.compile(r"(\d{4}-\d{2}-\d{2})/P(\d{1,3})([MY])", re.ASCII)
_MONTH = re.compile(r"(?P<name>[A-Za-z]{3,9})[ -](?P<year>\d{4}|\d{2})", re.ASCII)
_ACCOUNTING = re.compile(
    r"(?:(?P<first>\d{4})-(?P<second>\d{4}|\d{2})-)?P(?P<number>0[1-9]|1[0-3])", re.ASCII
)
_NAMES = (
    *("january", "february", "march", "april", "may", "june"),
    *("july", "august", "september", "october", "november", "december"),
)


@lru_cache(maxsize=4096)
def period_end(label: str) -> str:
    """The last day of the period that a label ends with; NotCalculable where it names none."""
    parts = _PARTS.split(label.strip())
    last = " ".join(parts[-1].split())
    try:
        if len(parts) == 2:
            last = _with_century(parts[0].strip(), last)
        if found := _YEAR.fullmatch(last):
            return _financial(found, last)
        if found := _MONTH.fullmatch(last):
            return _month(found["name"].casefold(), found["year"])
        if found := _LENGTH.fullmatch(last):
            first = parse_period(found[1]).end.isoformat()
            months = int(found[2]) * (12 if found[3] == "Y" else 1)
            return add_days(add_months(first, months), -1)
        return parse_period(last).end.isoformat()
    except ValueError:
        raise NotCalculable(f"{label[:40]!r} names no period") from None


@lru_cache(maxsize=4096)
def month_of(period: str) -> str | None:
    """The first day of the month of an accounting period (`2025-26-P07`), P13 being March again.

    None for one that does not name its year (`P07`); NotCalculable for what is no period.
    """
    found = _ACCOUNTING.fullmatch(period)
    if found is None:
        raise NotCalculable(f"{period[:40]!r} is no accounting period")
    if found["first"] is None:
        return None
    year, second = int(found["first"]), int(found["second"])
    if second not in (year + 1, (year + 1) % 100) or not 1900 <= year < 2199:
        raise NotCalculable(f"{period[:40]!r} is in no year")
    # April is month 3 of its year, counted from 0.
    later, month = divmod(min(int(found["number"]), 12) + 2, 12)
    return f"{year + later:04}-{month + 1:02}-01"


def _financial(found: re.Match[str], last: str) -> str:
    first, second = int(found["first"]), found["second"]
    quarter = found["before"] or found["after"]
    if found["sign"] == "-" and quarter is None and len(second) == 2 and "01" <= second <= "12":
        return parse_period(last).end.isoformat()
    if int(second) not in (first + 1, (first + 1) % 100):
        raise ValueError(last)
    # April is month 3 of its year, counted from 0.
    return last_day(first * 12 + 2 + 3 * int(quarter or 4)).isoformat()


def _with_century(first: str, last: str) -> str:
    began, short = _BEGINNING.fullmatch(first), _SHORT.fullmatch(last)
    if began is None or short is None:
        return last
    year = int(began[1])
    return f"{year + (int(short[1]) - year) % 100:04}{short[2]}"


def _month(name: str, year: str) -> str:
    place = next((n for n, each in enumerate(_NAMES) if name in (each, each[:3])), None)
    if place is None:
        raise ValueError(name)
    century = "" if len(year) == 4 else "20"
    return last_day(int(century + year) * 12 + place).isoformat()
