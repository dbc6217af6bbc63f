"""What one value looks like: a number, an amount, a date, a reference, somebody's number.

Rule: a value may look like several things; which of them its column holds, all of the values tell.
"""

import re
from functools import lru_cache
from typing import NamedTuple

from services.ingest.domain import accounting, money
from services.ingest.domain.inferring.days import Day, day_of
from services.ingest.domain.refusals import ValueRefused

YES_NO = frozenset({"yes", "no", "y", "n", "true", "false"})
NUMBERS = frozenset({"whole", "exact", "grouped", "amount"})
# What stands for nothing, in small letters; the second list only where the others are numbers or
# dates.
MARKERS = frozenset(
    {"n/a", "na", "#n/a", "null", "nan", "-", "--", "..", ":", "[x]", "[c]", "[z]", "[low]"}
    | {"00/00/0000", "(blank)"}
)
NO_NUMBERS = frozenset(
    {"x", "*", "c", "z", "none", "nil", "tbc", "unknown", "not known", "suppressed"}
)

_WHOLE = re.compile(r"[+-]?[0-9]{1,17}", re.A)
_ZEROS = re.compile(r"0[0-9]+", re.A)
_LONG = re.compile(r"[+-]?[0-9]{18,}", re.A)
_EXACT = re.compile(r"[+-]?[0-9]+\.([0-9]+)", re.A)
_GROUPED = re.compile(r"[+-]?[0-9]{1,3}(?:,[0-9]{3})+(?:\.([0-9]+))?", re.A)
_PERCENT = re.compile(r"[+-]?[0-9][0-9,]*(?:\.[0-9]+)? ?%", re.A)
_SCIENTIFIC = re.compile(r"[+-]?[0-9](?:\.[0-9]+)?E[+-]?[0-9]{2,}", re.A)
_CURRENCY = re.compile(r"[$€¥] ?[0-9][0-9.,]*|[0-9][0-9.,]* ?[$€¥]", re.A)
_PERIOD = re.compile(r"(?:P(?:eriod)? ?[0-9]{1,2}|.*[0-9]{2}[-/ ]+P ?[0-9]{1,2})", re.I | re.A)
_YEAR = re.compile(r"(?:FY ?)?[0-9]{4}[-/][0-9]{2}(?:[0-9]{2})?", re.I | re.A)
_LONGEST_NUMBER = 30

_PATTERNS = {
    "email": re.compile(r"[^@\s]+@[^@\s]+\.[A-Za-z]{2,}"),
    "phone": re.compile(
        r"(?:\+44 ?\(?0?\)? ?|0)[1-378][0-9]{1,4}[ -]?[0-9]{3,4}[ -]?[0-9]{3,4}", re.A
    ),
    "national insurance": re.compile(
        r"[A-CEGHJ-PR-TW-Z][A-CEGHJ-NPR-TW-Z] ?[0-9]{2} ?[0-9]{2} ?[0-9]{2} ?[A-D]", re.I | re.A
    ),
    "postcode": re.compile(r"[A-Z]{1,2}[0-9][A-Z0-9]? ?[0-9][ABD-HJLNP-UW-Z]{2}", re.I | re.A),
    "titled name": re.compile(r"(?:Mr|Mrs|Ms|Miss|Mx|Dr)\.? [A-Z].*"),
    "area": re.compile(r"[EWSNKJLM][0-9]{8}", re.A),
    "company": re.compile(r"(?:[0-9]{8}|[A-Z]{2}[0-9]{6}|[A-Z][0-9]{7})", re.A),
}
_TEN_DIGITS = re.compile(r"[0-9]{3}[ -]?[0-9]{3}[ -]?[0-9]{4}", re.A)


class Look(NamedTuple):
    """What a value looks like: `kinds` by name, a number's decimals, the day it names."""

    kinds: frozenset[str]
    decimals: int = 0
    day: Day | None = None


@lru_cache(maxsize=16_384)
def look(text: str) -> Look:
    """What a value that is not blank looks like."""
    kinds = {name for name, pattern in _PATTERNS.items() if pattern.fullmatch(text)}
    lower = text.lower()
    if lower in YES_NO:
        kinds.add("yes/no")
    if _TEN_DIGITS.fullmatch(text) and is_nhs_number(re.sub(r"[ -]", "", text)):
        kinds.add("NHS number")
    if _YEAR.fullmatch(text) and _reads(accounting.financial_year, text):
        kinds.add("financial year")
    if _PERIOD.fullmatch(text) and _reads(accounting.period, text):
        kinds.add("period")
    number, decimals = _number(text)
    kinds |= number
    if number & NUMBERS:
        kinds.add("number")
    if _is_period_number(text):
        kinds.add("period number")
    day = day_of(text)
    if day is not None:
        kinds.add("day")
    return Look(frozenset(kinds), decimals, day)


def is_nhs_number(digits: str) -> bool:
    """Whether ten digits end with the check digit that the nine before it have."""
    total = sum(int(digit) * (10 - at) for at, digit in enumerate(digits[:9]))
    return len(set(digits)) > 1 and (11 - total % 11) % 11 == int(digits[9])


def _is_period_number(text: str) -> bool:
    """Whether plain digits could be an accounting period: 1 to 13, or a year with one."""
    return (
        text.isascii()
        and text.isdigit()
        and len(text) in (1, 2, 6)
        and _reads(accounting.period, text)
    )


def _number(text: str) -> tuple[set[str], int]:
    if len(text) > _LONGEST_NUMBER:
        return ({"long"} if _LONG.fullmatch(text) else set()), 0
    if _ZEROS.fullmatch(text):
        return {"zeros"}, 0
    if _WHOLE.fullmatch(text):
        return {"whole"} | ({"negative"} if text[0] == "-" else set()), 0
    if _LONG.fullmatch(text):
        return {"long"}, 0
    for name, pattern in (("exact", _EXACT), ("grouped", _GROUPED)):
        if found := pattern.fullmatch(text):
            signed = {"negative"} if text[0] == "-" else set()
            return {name} | signed, len((found[1] or "").rstrip("0"))
    if _PERCENT.fullmatch(text):
        return {"percent"}, 0
    if _SCIENTIFIC.fullmatch(text):
        return {"scientific"}, 0
    if _CURRENCY.fullmatch(text):
        return {"other currency"}, 0
    try:
        plain = money.plain(text)
    except ValueRefused:
        return set(), 0
    if plain is None:
        return set(), 0
    kinds = {"amount"} | ({"negative"} if plain[0] == "-" else set())
    return kinds, len(plain.partition(".")[2].rstrip("0"))


def _reads(read: object, text: str) -> bool:
    assert callable(read)
    try:
        read(text)
    except ValueRefused:
        return False
    return True
