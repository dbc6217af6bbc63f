"""Amounts as ledgers write them: signs in front, behind, or as brackets; a currency; CR and DR.

Rule: one sign at most, pounds only, and nothing is guessed. What is left is plain digits, which the
exact reading of numbers then takes or refuses.
"""

import re

from services.ingest.domain.refusals import ValueRefused

# At most one space anywhere, so that no text, however it is made up, takes long to look at.
_WRITTEN = re.compile(
    r"(?P<open>\( ?)?(?P<before>[+-])? ?(?:£|GBP)? ?(?P<inner>[+-])? ?"
    r"(?P<digits>[0-9][0-9,]*(?:\.[0-9]+)?|\.[0-9]+)"
    r" ?(?:GBP)? ?(?P<after>[+-])?(?P<close> ?\))? ?(?P<side>CR|DR)?",
    re.I | re.A,
)
_OTHER_MONEY = re.compile(
    r"[$€¥]|[0-9] ?(?!GBP\b)[A-Z]{3}\b|\b(?!GBP\b)[A-Z]{3} ?[+-]?[0-9]", re.I | re.A
)
_MOST_CHARACTERS = 60


def plain(text: str) -> str | None:
    """`-1234.50` from (£1234.50), 1234.50- or £1234.50CR; None for what is no amount. Raises
    ValueRefused for another currency, and for two signs."""
    if len(text) > _MOST_CHARACTERS:
        return None
    found = _WRITTEN.fullmatch(text) or _WRITTEN.fullmatch(
        " ".join(text.replace("\u2212", "-").split())
    )
    if found is None and _OTHER_MONEY.search(text):
        raise ValueRefused("type", f"{text!r} is not in pounds.")
    if found is None or bool(found["open"]) != bool(found["close"]):
        return None
    side = (found["side"] or "").upper()
    signs = [found[name] for name in ("before", "inner", "after", "open") if found[name]]
    if len(signs) + bool(side) > 1:
        raise ValueRefused("type", f"{text!r} has two signs, so it is not clear what it is.")
    credit = side == "CR" or bool(signs and signs[0][0] in "-(")
    digits = found["digits"]
    return f"{'-' if credit else ''}{'0' if digits.startswith('.') else ''}{digits}"
