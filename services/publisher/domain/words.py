"""Figures in words: numbers, money, dates and outcomes as a resident reads them.

Rule: exact decimals in, text out; rounding is half up, as the figure was judged.
"""

import re
from datetime import UTC, date, datetime
from decimal import ROUND_HALF_UP, Context, Decimal
from functools import lru_cache
from urllib.parse import unquote
from zoneinfo import ZoneInfo

from shared.catalogue.periods import parse_period

LONDON = ZoneInfo("Europe/London")
MILLION = 1_000_000_00  # in pence

OUTCOMES = {
    "green": "Green",
    "amber": "Amber",
    "red": "Red",
    "no target": "No target",
    "no data": "No data",
    "not due": "Not due",
    "information": "For information",
}
JUDGED = ("green", "amber", "red")

# Why there is no number, as a sentence.
REASONS = {
    "missing": "The numbers that it is made of have not come.",
    "suppressed": "The number is held back, since it could tell who people are.",
    "not applicable": "It does not apply here.",
    "not due": "It is not due yet.",
    "not calculable": "It cannot be calculated: there is nothing to divide by, or a number is "
    "missing or too large.",
}

KINDS = {
    "day": "Day",
    "month": "Month",
    "quarter": "Quarter",
    "financial-year": "Financial year",
    "year-to-date": "Year to date",
    "academic-year": "Academic year",
    "academic-year-to-date": "Academic year to date",
    "calendar-year": "Calendar year",
    "calendar-year-to-date": "Calendar year to date",
    "rolling-3-months": "Last 3 months",
    "rolling-12-months": "Last 12 months",
    "rolling-24-months": "Last 24 months",
    "pooled-3-years": "3 years together",
    "pooled-5-years": "5 years together",
    "pooled-3-calendar-years": "3 calendar years together",
    "pooled-5-calendar-years": "5 calendar years together",
    "cumulative": "Since the beginning",
}

_WIDE = Context(prec=200)
_DATED = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}(T[0-9]{2}:[0-9]{2}:[0-9]{2})?", re.ASCII)
# A day, a month, a quarter or a financial year by its code, standing for itself.
_CODED = re.compile(r"(?<![\w/@-])[0-9]{4}-[0-9]{2}(?:-[0-9]{2}|-Q[1-4])?(?![\w/@-])", re.ASCII)
_MONTHS = [date(2000, month, 1).strftime("%B") for month in range(1, 13)]


def rounded_to(value: Decimal, precision: int) -> Decimal:
    """Half up, however many digits there are."""
    return value.quantize(Decimal(1).scaleb(-precision), ROUND_HALF_UP, _WIDE)


def number(value: Decimal, precision: int) -> str:
    """`1,051` or `83.2`; a minus sign only where something is left after rounding."""
    rounded = rounded_to(value, precision)
    if rounded == 0:
        rounded = abs(rounded)
    return f"{rounded:,.{precision}f}".replace("-", "−")


def pounds(value: Decimal, precision: int = 2) -> str:
    """`£1,234.56`, `−£12.00`."""
    text = number(value, precision)
    return f"−£{text[1:]}" if text.startswith("−") else f"£{text}"


def pence(value: int, *, short: bool = False) -> str:
    """Pence as pounds; `short` says `£1.2 million` from a million on."""
    if short and abs(value) >= MILLION:
        return f"{pounds(Decimal(value) / MILLION, 1)} million"
    return pounds(Decimal(value) / 100)


def quantity(
    value: Decimal, unit: str, precision: int, *, per: int | None = None, label: str = ""
) -> str:
    """A figure with its unit: a rate has its `per`, a number may have a label of its own."""
    if unit == "money":
        return pounds(value, precision)
    if unit == "yes/no" and value in (0, 1):
        return "Yes" if value else "No"
    text = number(value, precision)
    if unit == "percentage":
        return f"{text}%"
    if unit in ("days", "hours"):
        return f"{text} {unit[:-1] if text == '1' else unit}"
    if unit == "rate" and per:
        return f"{text} per {per:,}"
    return f"{text} {label}" if label else text


def no_value(reason: str | None) -> str:
    """What stands where there is no number."""
    return sentence(reason) if reason else "No data"


def places(text: str) -> int:
    """The decimals of a number as it was written, where no definition says how many."""
    return len(text.partition(".")[2])


def day(when: date) -> str:
    """`3 July 2026`"""
    return f"{when.day} {_MONTHS[when.month - 1]} {when.year}"


def instant(text: str) -> datetime | None:
    """An ISO 8601 instant, or None for text that is none."""
    try:
        when = datetime.fromisoformat(text)
    except ValueError:
        return None
    return when if when.tzinfo else when.replace(tzinfo=UTC)


def london_day(text: str) -> date | None:
    """The day that an instant is on, in London."""
    when = instant(text)
    return None if when is None else when.astimezone(LONDON).date()


def moment(text: str) -> str:
    """`23 November 2026 at 7:12am`, in London."""
    when = instant(text)
    if when is None:
        return "at an unknown time"
    local = when.astimezone(LONDON)
    return f"{day(local)} at {_clock(local)}"


def clock(text: str) -> str:
    """`7:12am`, the time of an instant in London."""
    when = instant(text)
    return "an unknown time" if when is None else _clock(when.astimezone(LONDON))


def said_instant(text: str) -> datetime | None:
    """When a record says that somebody did something: in London's time, where it names no other."""
    try:
        when = datetime.fromisoformat(text)
    except ValueError:
        return None
    return when if when.tzinfo else when.replace(tzinfo=LONDON)


def said(text: str) -> str:
    """The same in words: `8 October 2019 at 10:00am`."""
    when = said_instant(text)
    return moment(text if when is None else when.isoformat())


def field(value: object) -> str:
    """A field of a record: blank, yes or no, a day, a day with its time, or as it stands."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return "Yes" if value else "No"
    text = str(value)
    if not isinstance(value, str) or not _DATED.fullmatch(text):
        return text
    try:
        when = datetime.fromisoformat(text)
    except ValueError:
        return text
    return day(when) if len(text) == 10 else f"{day(when)}, {_clock(when)}"


def _clock(when: datetime) -> str:
    return f"{when.hour % 12 or 12}:{when.minute:02}{'am' if when.hour < 12 else 'pm'}"


def month_name(number: int) -> str:
    """`March`, of 3."""
    return _MONTHS[number - 1]


@lru_cache(maxsize=4096)
def period(code: str) -> str:
    """`July to September 2025`; a code that is no period is shown as it stands."""
    try:
        return parse_period(code).label()
    except ValueError:
        return code


def said_plainly(text: str) -> str:
    """A sentence with the days and periods in it as people say them: `it was due on 30 September
    2026`, `is red for July to September 2026`."""
    return _CODED.sub(lambda found: _as_said(found[0]), text)


def _as_said(code: str) -> str:
    try:
        return day(date.fromisoformat(code))
    except ValueError:
        return period(code)


def short_period(code: str) -> str:
    """A period where there is little room: `Q2 2019/20`, `Sep 2019`, `2019/20`."""
    try:
        found = parse_period(code)
    except ValueError:
        return code
    if found.kind == "quarter":
        return f"Q{(found.start.month - 4) % 12 // 3 + 1} {_financial_year(found.start)}"
    if found.kind == "day":
        return f"{found.end.day} {found.end:%b %Y}"
    if found.kind in ("financial-year", "academic-year"):
        return _financial_year(found.start)
    if found.kind.startswith("pooled"):
        return f"{found.start.year} to {found.end.year}"
    return found.label() if found.kind == "calendar-year" else f"{found.end:%b %Y}"


def _financial_year(when: date) -> str:
    """The year that begins with, or holds, a day from April on; an academic one the same."""
    first = when.year if when.month >= 4 else when.year - 1
    return f"{first}/{(first + 1) % 100:02}"


def field_name(field: str) -> str:
    """What a field is called in a sentence: `ward`, `age band`, `area` of `area_code`."""
    return field.removesuffix("_code").replace("_", " ").strip().lower()


def record_key(subject: str) -> str:
    """A record's key as its source has it."""
    return unquote(subject.partition("/")[2])


def sentence(text: str) -> str:
    """The text with a capital first letter."""
    return text[:1].upper() + text[1:]
