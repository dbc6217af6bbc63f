"""Personal identifiers in what people write: found, so that somebody is warned before it is public.

Rule: what is found is a reason to look, never to refuse, so it errs on the side of warning. Time
grows with the length of the text and no faster, however the text was made.
"""

from __future__ import annotations

import re
import unicodedata

NHS, NI, EMAIL, PHONE, HOME = (
    "NHS number",
    "National Insurance number",
    "e-mail address",
    "telephone number",
    "postcode with a house number",
)
# Texts are limited to less at the door.
LONGEST = 20_000
_BEFORE_A_POSTCODE, _AFTER_A_POSTCODE = 60, 8

_TEN_DIGITS = re.compile(r"(?<!\d)\d{3}[ -]?\d{3}[ -]?\d{4}(?!\d)", re.ASCII)
_INSURANCE = re.compile(
    r"(?<![A-Z0-9])(?!BG|GB|KN|NK|NT|TN|ZZ)[A-CEGHJ-PR-TW-Z][A-CEGHJ-NPR-TW-Z]"
    r"[ -]?\d{2}[ -]?\d{2}[ -]?\d{2}[ -]?[A-D](?![A-Z0-9])",
    re.ASCII | re.IGNORECASE,
)
_HOST = re.compile(r"[\w-]{1,63}(?:\.[\w-]{1,63}){1,8}")
_MAILBOX_ENDS = re.compile(r"[\w+%-]")
# The code for the country or the leading 0, the rest of the area code, and groups of digits.
_DIALLED = re.compile(
    r"(?<![\w./-])(?:(?:\+|00)44[ -]?(?:\(0\)[ -]?)?\(?|\(?0)"
    r"([1-35789]\d{1,9})\)?((?:[ -]{1,2}\d{2,8}){0,4})(?!\d)",
    re.ASCII,
)
_POSTCODE = re.compile(
    r"(?<![A-Z0-9])[A-Z]{1,2}\d[A-Z0-9]? ?\d[A-Z]{2}(?![A-Z0-9])", re.ASCII | re.IGNORECASE
)
_HOUSE = re.compile(
    r"(?<![\w£$€.,/:-])(?!(?:19|20)\d\d\b)\d{1,4}[A-Z]?(?![\w%.:/-])", re.IGNORECASE
)
_SENTENCE_ENDS = re.compile(r"[.!?;\n]")


def personal(*texts: str) -> list[str]:
    """The kinds of personal identifiers that these texts seem to hold, in words."""
    found: set[str] = set()
    for text in texts:
        found |= _kinds(_plain(text))
    return [kind for kind in (NHS, NI, EMAIL, PHONE, HOME) if kind in found]


def _plain(text: str) -> str:
    """A text as it reads: without characters that do not show, other spaces and digits as usual."""
    if text.isascii():
        return text[:LONGEST]
    usual = unicodedata.normalize("NFKC", text[:LONGEST])[:LONGEST]
    return "".join(each for each in usual if unicodedata.category(each) != "Cf")


def _kinds(text: str) -> set[str]:
    tests = ((NHS, _nhs), (NI, _insurance), (EMAIL, _email), (PHONE, _phone), (HOME, _home))
    return {kind for kind, holds in tests if holds(text)}


def _nhs(text: str) -> bool:
    return any(_checks(found[0]) for found in _TEN_DIGITS.finditer(text))


def _checks(written: str) -> bool:
    """Whether the last of ten digits is the check digit of the nine before."""
    digits = [int(each) for each in written if each.isdigit()]
    if len(set(digits)) == 1:
        return False
    weighed = sum(digit * weight for digit, weight in zip(digits, range(10, 1, -1), strict=False))
    return (11 - weighed % 11) % 11 == digits[9]


def _insurance(text: str) -> bool:
    return _INSURANCE.search(text) is not None


def _email(text: str) -> bool:
    at = text.find("@", 1)
    while at > 0:
        if _MAILBOX_ENDS.match(text[at - 1]) and _HOST.match(text, at + 1):
            return True
        at = text.find("@", at + 1)
    return False


def _phone(text: str) -> bool:
    return any(_dialled(found[1], found[2]) for found in _DIALLED.finditer(text))


def _dialled(area: str, groups: str) -> bool:
    """Whether the digits up to the end of some group are as many as a number has."""
    many = len(area)
    if many in (9, 10):
        return True
    for group in re.split("[ -]+", groups)[1:]:
        many += len(group)
        if many in (9, 10):
            return True
    return False


def _home(text: str) -> bool:
    """Whether a house number stands before a postcode in the same sentence, or right after it."""
    for found in _POSTCODE.finditer(text):
        before = text[max(0, found.start() - _BEFORE_A_POSTCODE) : found.start()]
        before = _SENTENCE_ENDS.split(before)[-1]
        after = text[found.end() : found.end() + _AFTER_A_POSTCODE].lstrip(", ")
        if _HOUSE.search(before) or _HOUSE.match(after):
            return True
    return False
