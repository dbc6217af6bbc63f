"""What a cell holds, as text.

Rule: text stays as it is; a number is written as the spreadsheet shows what was typed, in plain
digits; a date is a date. What cannot be relied upon is marked, never rounded in silence.
"""

from datetime import date, datetime, time, timedelta
from decimal import Decimal

from services.ingest.workbook.marks import MARK, marked

Cell = int | float | str | bool | time | date | datetime | timedelta

# A spreadsheet keeps and shows 15 significant digits: 0.1 + 0.2 is 0.3, and of 1234567890123456
# the last digit is gone.
_DIGITS = ".15g"
_TOO_LONG = 10**15
# Excel counts a 29 February 1900, so that what it calls an earlier day is another.
_FIRST_DAY = date(1900, 3, 1)
_MIDNIGHT = time(0, 0)


def text_of(value: Cell) -> str:
    """A cell's text for the CSV."""
    if isinstance(value, str):
        return value if value[:1] != MARK else marked("text", value)
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, float | int):
        return _number(value)
    if isinstance(value, datetime):
        nearest = (value + timedelta(microseconds=500_000)).replace(microsecond=0)
        whole = nearest.time() == _MIDNIGHT
        return _date(nearest.date(), nearest.date().isoformat() if whole else nearest.isoformat())
    if isinstance(value, date):
        return _date(value, value.isoformat())
    if isinstance(value, timedelta):
        return _duration(value)
    return value.isoformat("seconds")


def padded(text: str, zeros: int) -> str:
    """A whole number as its format shows it: with leading zeros."""
    return text.zfill(zeros) if text.isdigit() else text


def _number(value: float | int) -> str:
    if value != value or value in (float("inf"), float("-inf")):
        return str(value)
    if abs(value) >= _TOO_LONG:
        return marked("digits", format(value, _DIGITS))
    if value == int(value):
        return str(int(value))
    short = format(value, _DIGITS)
    return format(Decimal(short), "f") if "e" in short else short


def _date(day: date, text: str) -> str:
    return marked("date" if day >= _FIRST_DAY else "early", text)


def _duration(value: timedelta) -> str:
    seconds = round(value.total_seconds())
    sign = "-" if seconds < 0 else ""
    minutes, seconds = divmod(abs(seconds), 60)
    hours, minutes = divmod(minutes, 60)
    return f"{sign}{hours}:{minutes:02}:{seconds:02}"
