"""How a value came about, in words: its formula with the numbers in it, and the sentence that an
officer would say.

Rule: every number in a sentence stands in the value's own state; nothing is worked out again.
"""

import re
from collections.abc import Callable, Mapping
from decimal import Decimal, InvalidOperation

from services.publisher.domain import words
from services.publisher.domain.figures import Figure
from shared.catalogue.expressions import formula_name
from shared.contracts.states import IndicatorValue, MeasureInput

PLACES = 6
_NAME = re.compile(r"[A-Za-z_][A-Za-z0-9_]*", re.ASCII)
_SHARE = re.compile(r"(?:percent|rate)\(\s*(\w+)\s*,\s*(\w+)\s*(?:,[^)]*)?\)", re.ASCII)


def worked(formula: str, inputs: Mapping[str, MeasureInput]) -> str:
    """`percent(812, 998)`: the formula with what its names came to."""
    known = {formula_name(code): each for code, each in inputs.items()}

    def number(found: re.Match[str]) -> str:
        each = known.get(found[0])
        if each is None:
            return found[0]
        return "no value" if each.value is None else plain(each.value)

    return _NAME.sub(number, formula)


def plain(value: str) -> str:
    """A number for reading: grouped, with the decimals it has (six at most); other text as it
    stands."""
    try:
        number = Decimal(value)
    except InvalidOperation:
        return value
    return words.number(number, min(PLACES, words.places(value))) if number.is_finite() else value


def sentence(
    shown: Figure, value: IndicatorValue, title_of: Callable[[str], str], more: list[str]
) -> str:
    """What an officer would say of a value. `title_of` names a measure; `more` is said last."""
    where = f" for {shown.member}" if shown.member else ""
    start = f"{shown.title}{where}, {shown.period}"
    if shown.number is None:
        # That it is not due, and until when, is what the rule says next.
        why = "" if value.rag.outcome == "not due" else shown.why
        said = [f"{start}: no figure. {why}".rstrip()]
    else:
        said = [f"{start}: {shown.text}{_made_of(value, title_of)}."]
    said.append(shown.rule if shown.rule.endswith(".") else f"{shown.rule}.")
    if shown.number is not None and shown.previous.way != "none":
        said.append(f"{shown.previous.text}.")
    said += [shown.standing, f"{shown.small}." if shown.small else "", *more]
    return " ".join(each for each in said if each)


def _made_of(value: IndicatorValue, title_of: Callable[[str], str]) -> str:
    """`, 812 (closed in time) out of 998 (closed)`; otherwise the formula with its numbers."""
    share = _SHARE.fullmatch(value.formula.strip())
    codes = {formula_name(code): code for code in value.measures}
    if share is not None and share[1] in codes and share[2] in codes:
        told = [
            f"{plain(value.measures[code].value or '')} ({title_of(code)})"
            for code in (codes[share[1]], codes[share[2]])
        ]
        return f", which is {told[0]} out of {told[1]}"
    if _NAME.fullmatch(value.formula.strip()):
        count = sum(each.records for each in value.measures.values())
        return f", from {count:,} record{'' if count == 1 else 's'}"
    return f", worked out as {worked(value.formula, value.measures)}"
