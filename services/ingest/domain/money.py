"""Amounts as ledgers write them: signs in front, behind, or as brackets; a currency; CR and DR.

Rule: one sign at most, pounds only, and nothing is guessed. What is left is plain digits, which the
exact reading of numbers then takes or refuses.
"""

import re

from services.ingest.domain.refusals import ValueRefused

_WRITTEN = re.compile(
    r"(?P<open>\()?\s*(?P<before>[+-])?\s*(?:£|GBP)?\s*(?P<inner>[+-])?\s*"
    r"(?P<digits>[0-9][0-9,]*(?:\.[0-9]+)?|\.[0-9]+)"
    r"\s*(?:GBP)?\s*(?P<after>[+-])?\s*(?P<close>\))?\s*(?P<side>CR|DR)?",
    re.I | re.A,
)
_OTHER_MONEY = re.compile(r"[$€¥]|\b(?:EUR|USD)\b", re.I)


def plain(text: str) -> str | None:
    """`-1,234.50` from (£1,234.50), 1,234.50- or £1,234.50CR; None for what is no amount. Raises
    ValueRefused for another currency, and for two signs."""
    if _OTHER_MONEY.search(text):
        raise ValueRefused("type", f"{text[:60]!r} is not in pounds.")
    found = _WRITTEN.fullmatch(text.replace("\u2212", "-").replace("\u00a0", " "))
    if found is None or bool(found["open"]) != bool(found["close"]):
        return None
    side = (found["side"] or "").upper()
    signs = [found[name] for name in ("before", "inner", "after", "open") if found[name]]
    if len(signs) + bool(side) > 1:
        raise ValueRefused("type", f"{text[:60]!r} has two signs, so it is not clear what it is.")
    credit = side == "CR" or bool(signs and signs[0] in "-(")
    digits = found["digits"]
    return f"{'-' if credit else ''}{'0' if digits.startswith('.') else ''}{digits}"
