"""One field's rules, compiled once into one function: a raw value in, its canonical value out.

Rule: canonical values are JSON without loss: text and exact numbers as strings, whole numbers as
integers, dates as ISO text, None when blank. Two spellings of one value have one canonical form,
so that a file exported again by another tool is still "unchanged". No float ever exists here.
"""

import re
import unicodedata
from collections.abc import Callable
from decimal import Decimal
from functools import lru_cache
from typing import Any

from services.ingest.domain import accounting, dates, money
from services.ingest.domain.refusals import ValueRefused
from shared.catalogue.model import Field

Value = str | int | bool | None
FromText = Callable[[str], Value]
FromJson = Callable[[Any], Value]

LONGEST_TEXT = 4_000
LONGEST_NUMBER = 30

# Tabs and line breaks belong to text that people wrote. Other controls, unpaired surrogates and
# the marks that turn the reading direction do not: they hide what a value really is.
_FORBIDDEN = re.compile(
    "[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069\ufeff\ufffe\uffff\ud800-\udfff]"
)
_WHOLE = re.compile(r"([+-]?)([0-9]+)")
_EXACT = re.compile(r"([+-]?)([0-9]+)(?:\.([0-9]+))?")
_GROUPED = re.compile(r"[+-]?[0-9]{1,3}(?:,[0-9]{3})+(?:\.[0-9]+)?")
_TRUE = frozenset({"true", "yes", "y", "1"})
_FALSE = frozenset({"false", "no", "n", "0"})
_CACHED = frozenset({"date", "datetime", "financial-year", "period"})


def from_text(field: Field, markers: frozenset[str], *, required: bool) -> FromText:
    """The function for a cell of a file. Surrounding space never counts."""
    parse = _parse(field, grouped=True)
    longest = _plain_text_up_to(field)

    def convert(text: str) -> Value:
        text = text.strip()
        if text in markers:
            if required:
                raise _missing(field)
            return None
        # What nearly every text is, decided here: a call less for each.
        if len(text) <= longest and text.isascii() and text.isprintable():
            return text
        return parse(text)

    return convert


def from_json(field: Field, markers: frozenset[str], *, required: bool) -> FromJson:
    """The function for a JSON value (numbers with a fraction arrive as Decimal)."""
    parse = _parse(field, grouped=False)
    spell = _SPELLED[field.type]
    longest = _plain_text_up_to(field)

    def convert(value: Any) -> Value:
        if value.__class__ is str:
            text = value.strip()
        elif value is None:
            text = ""
        else:
            text = spell(value)
        if text in markers:
            if required:
                raise _missing(field)
            return None
        if len(text) <= longest and text.isascii() and text.isprintable():
            return text
        return parse(text)

    return convert


def _parse(field: Field, *, grouped: bool) -> Callable[[str], Value]:
    parse = _limited(field, _parser(field, grouped=grouped))
    # The same days come again and again; a failure is not kept.
    return lru_cache(maxsize=8192)(parse) if field.type in _CACHED else parse


def _plain_text_up_to(field: Field) -> int:
    """Up to which length plain text is its own canonical value; -1 where nothing is."""
    if field.type != "text" or field.choices:
        return -1
    return field.max_length or LONGEST_TEXT


def _missing(field: Field) -> ValueRefused:
    return ValueRefused("required", f"{field.name} must have a value.")


def _parser(field: Field, *, grouped: bool) -> Callable[[str], Value]:
    match field.type:
        case "text":
            return _text(field.max_length or LONGEST_TEXT)
        case "integer":
            return _integer
        case "decimal":
            return lambda text: _exact(text, grouped=grouped)
        case "money":
            return _money
        case "boolean":
            return _boolean
        case "financial-year":
            return accounting.financial_year
        case "period":
            return accounting.period
        case "date" | "datetime":
            return dates.reader(field.type, field.formats)


def _text(longest: int) -> Callable[[str], str]:
    def parse(text: str) -> str:
        if not text.isascii():
            text = unicodedata.normalize("NFC", text)
        if not text.isprintable() and _FORBIDDEN.search(text):
            raise ValueRefused("control-character", "The text holds a control character.")
        if len(text) > longest:
            raise ValueRefused(
                "max-length", f"The text has {len(text):,} characters; at most {longest:,} fit."
            )
        return text

    return parse


def _integer(text: str) -> int:
    if _WHOLE.fullmatch(text) is None:
        raise ValueRefused("type", f"{_brief(text)} is not a whole number written in digits.")
    if len(text) > 18:
        raise ValueRefused("type", "The number is too long: at most 17 digits.")
    return int(text)


def _exact(text: str, *, grouped: bool, ledger: bool = False) -> str:
    """Without leading or trailing zeros, never with an exponent; worked on as text, so exact."""
    found = _EXACT.fullmatch(text)
    if found is None and ledger:
        text = money.plain(text) or text
        found = _EXACT.fullmatch(text)
    if found is None and grouped and _GROUPED.fullmatch(text):
        found = _EXACT.fullmatch(text.replace(",", ""))
    if found is None:
        raise ValueRefused("type", f"{_brief(text)} is not a number written in plain digits.")
    if len(text) > LONGEST_NUMBER:
        raise ValueRefused("type", f"The number is too long: at most {LONGEST_NUMBER} characters.")
    sign, whole, fraction = found.groups()
    whole = whole.lstrip("0") or "0"
    fraction = (fraction or "").rstrip("0")
    plain = f"{whole}.{fraction}" if fraction else whole
    return f"-{plain}" if sign == "-" and plain != "0" else plain


def _money(text: str) -> str:
    """Pounds with exactly two decimals: pence are exact or the amount is refused. Text may be
    written as ledgers write it; plain digits are tried first, since most amounts are."""
    plain = _exact(text, grouped=True, ledger=True)
    whole, _, fraction = plain.partition(".")
    if len(fraction) > 2:
        raise ValueRefused("type", f"{_brief(text)} has a fraction of a penny.")
    return f"{whole}.{fraction:0<2}"


def _boolean(text: str) -> bool:
    word = text.lower()
    if word in _TRUE:
        return True
    if word in _FALSE:
        return False
    raise ValueRefused("type", f"{_brief(text)} is neither yes nor no (true, false, y, n, 1, 0).")


def _brief(text: str) -> str:
    return repr(text if len(text) <= 40 else text[:39] + "…")


def _limited(field: Field, parse: Callable[[str], Value]) -> Callable[[str], Value]:
    """Adds choices, minimum and maximum where the field has them."""
    if field.choices:
        parse = _chosen(frozenset(field.choices), ", ".join(field.choices), parse)
    least, most = field.minimum, field.maximum
    if (least is None and most is None) or field.type not in ("integer", "decimal", "money"):
        return parse
    inner = parse

    def bounded(text: str) -> Value:
        value = inner(text)
        number = Decimal(str(value))
        if least is not None and number < least:
            raise ValueRefused("minimum", f"{value} is less than the minimum, {least}.")
        if most is not None and number > most:
            raise ValueRefused("maximum", f"{value} is more than the maximum, {most}.")
        return value

    return bounded


def _chosen(
    choices: frozenset[str], listed: str, parse: Callable[[str], Value]
) -> Callable[[str], Value]:
    def choose(text: str) -> Value:
        value = parse(text)
        if str(value) not in choices:
            raise ValueRefused("choices", f"{_brief(text)} is not one of: {listed}.")
        return value

    return choose


def _spell_whole(value: Any) -> str:
    """A JSON integer as text; digits are kept as they are, so a reference stays a reference."""
    if value.__class__ is int:
        return str(value) if -(10**40) < value < 10**40 else "1" * 41
    raise _wrong(value)


def _spell_exact(value: Any) -> str:
    if value.__class__ is int:
        return _spell_whole(value)
    # An exponent is legal JSON; one that would write a thousand zeros is not a figure.
    if value.__class__ is Decimal and abs(value.adjusted()) < 40:
        return format(value, "f")
    raise _wrong(value)


def _spell_boolean(value: Any) -> str:
    if value.__class__ is bool:
        return "true" if value else "false"
    raise _wrong(value)


def _spell_nothing(value: Any) -> str:
    raise _wrong(value)


def _wrong(value: Any) -> ValueRefused:
    kinds = {dict: "an object", list: "a list", bool: "true or false"}
    kind = kinds.get(value.__class__, "a number of this form")
    return ValueRefused("type", f"The field does not take {kind}.")


_SPELLED: dict[str, Callable[[Any], str]] = {
    "text": _spell_whole,
    "integer": _spell_whole,
    "decimal": _spell_exact,
    "money": _spell_exact,
    "boolean": _spell_boolean,
    "financial-year": _spell_whole,
    "period": _spell_whole,
    "date": _spell_nothing,
    "datetime": _spell_nothing,
}
