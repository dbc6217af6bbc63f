"""Financial years and accounting periods as ledgers write them: text in, canonical code out.

Rule: a year is read only where it is plainly a financial year, and a period only from 1 to 13. A
spelling that could mean two things is refused.
"""

import re

from services.ingest.domain.refusals import ValueRefused
from shared.accounts.calendar import PERIODS, period_code
from shared.catalogue.kinds_of_period import year_code

FIRST_YEAR, LAST_YEAR = 1990, 2098
_MOST_CHARACTERS = 40

_YEAR = re.compile(r"(?:FY ?)?(?P<first>[0-9]{4})[-/ ]?(?P<second>[0-9]{2}|[0-9]{4})", re.I | re.A)
_WORD = r"(?:P(?:eriod)?|M)"
_NUMBER = re.compile(rf"{_WORD}? ?(?P<number>[0-9]{{1,2}})", re.I | re.A)
# 202507 or 2025/07: the year in which it begins, and the period.
_JOINED = re.compile(r"(?P<first>[0-9]{4})/?(?P<number>[0-9]{2})", re.A)
_PERIOD = rf"(?P<period>{_WORD} ?[0-9]{{1,2}})"
_YEAR_FIRST = re.compile(rf"(?P<year>.+?)[-/ ]+{_PERIOD}", re.I | re.A)
_YEAR_LAST = re.compile(rf"{_PERIOD}[-/ ]+(?P<year>.+)", re.I | re.A)


def financial_year(text: str) -> str:
    """`2025-26` from 2025-26, 2025/26, 2025/2026, 202526 or FY2025/26."""
    found = _YEAR.fullmatch(text)
    if found is None:
        raise ValueRefused("type", f"{text[:60]!r} is not a financial year such as 2025-26.")
    first, second = int(found["first"]), found["second"]
    if not (f"{first + 1:04}".endswith(second) and FIRST_YEAR <= first <= LAST_YEAR):
        raise ValueRefused(
            "type", f"{text[:60]!r} is not a financial year: {first} is followed by {first + 1}."
        )
    return year_code(first)


def period(text: str) -> str:
    """`P07`, or `2025-26-P07` where the source names the year: from P07, P7, 07, M07, 202507 (01 is
    April), 2025/07, 2025-26 P07 or P07 2025/26."""
    if len(text) > _MOST_CHARACTERS:
        raise _no_period(text)
    found = _NUMBER.fullmatch(text)
    if found is not None:
        return _numbered(text, found["number"])
    named = _YEAR_FIRST.fullmatch(text) or _YEAR_LAST.fullmatch(text)
    if named is not None:
        number = _NUMBER.fullmatch(named["period"])
        assert number is not None
        return f"{financial_year(named['year'].strip())}-{_numbered(text, number['number'])}"
    joined = _JOINED.fullmatch(text)
    if joined is not None and FIRST_YEAR <= int(joined["first"]) <= LAST_YEAR:
        return f"{year_code(int(joined['first']))}-{_numbered(text, joined['number'])}"
    raise _no_period(text)


def _no_period(text: str) -> ValueRefused:
    return ValueRefused(
        "type", f"{text[:60]!r} is not an accounting period such as P07, 202507 or 2025-26 P07."
    )


def _numbered(text: str, number: str) -> str:
    value = int(number)
    if value == 0:
        raise ValueRefused(
            "period", f"{text[:60]!r}: there is no period 0; opening balances belong to no period."
        )
    if value > PERIODS:
        raise ValueRefused(
            "period", f"{text[:60]!r}: the last is P{PERIODS}, for what is adjusted after the year."
        )
    return period_code(value)
