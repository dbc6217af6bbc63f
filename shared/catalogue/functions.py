"""The functions of the expression language: how each is written, and what it becomes.

Rule: a function is total. A blank operand gives a blank (or false, from contains and
starts_with); only blank, coalesce and when look at a blank and go on.
"""

from __future__ import annotations

import ast
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from shared.catalogue.kinds import (
    BOOLEAN,
    DATE,
    DATETIME,
    NUMBER,
    TEXT,
    WRITTEN_AS_TEXT,
    kind_of,
)
from shared.catalogue.parts import Code, as_day
from shared.catalogue.words import MAX_DECIMAL_PLACES, ExpressionError

if TYPE_CHECKING:
    from shared.catalogue.translate import Translator

    Arguments = Sequence[ast.expr]
    Translate = Callable[[Translator, Arguments, int], Code]


@dataclass(frozen=True, slots=True)
class Shape:
    """How a function is written, how many arguments it takes, and its translation."""

    example: str
    least: int
    most: int
    translate: Translate


def _of_dates(source: str) -> Translate:
    def translate(to: Translator, arguments: Arguments, at: int) -> Code:
        codes = to.moments([to.translate(each) for each in arguments])
        return to.strict(codes, source, NUMBER, at)

    return translate


def _of_moments(source: str, *, timed: bool = False) -> Translate:
    """Of dates with their time; `timed` where a date alone has no answer."""

    def translate(to: Translator, arguments: Arguments, at: int) -> Code:
        codes = [as_day(to.translate(each)) for each in arguments]
        to.expect(codes, (DATETIME,) if timed else (DATE, DATETIME), "a date with time is needed")
        return to.strict(codes, source, NUMBER, at)

    return translate


def _moved(source: str) -> Translate:
    """A date so many days or months after another."""

    def translate(to: Translator, arguments: Arguments, at: int) -> Code:
        days = to.moments([to.translate(arguments[0])])
        number = to.numbers([to.translate(arguments[1])])
        return to.strict([*days, *number], source, DATE, at)

    return translate


def _of_numbers(source: str) -> Translate:
    def translate(to: Translator, arguments: Arguments, at: int) -> Code:
        codes = to.numbers([to.translate(each) for each in arguments])
        return to.strict(codes, source, NUMBER, at)

    return translate


def _of_texts(source: str) -> Translate:
    def translate(to: Translator, arguments: Arguments, at: int) -> Code:
        codes = to.texts([to.translate(each) for each in arguments])
        return to.strict(codes, source, BOOLEAN, at)

    return translate


def _extreme(word: str) -> Translate:
    def translate(to: Translator, arguments: Arguments, at: int) -> Code:
        codes = to.alike([to.translate(each) for each in arguments])
        kind = codes[0].kind
        if kind == BOOLEAN:
            raise ExpressionError("true and false have no order", codes[0].at)
        places = ", ".join(f"{{{i}}}" for i in range(len(codes)))
        return to.strict(codes, f"{word}({places})", kind, at)

    return translate


def _round(to: Translator, arguments: Arguments, at: int) -> Code:
    places = 0
    if len(arguments) == 2:
        given = arguments[1]
        value = given.value if isinstance(given, ast.Constant) else None
        if type(value) is not int or value > MAX_DECIMAL_PLACES:
            raise ExpressionError(
                f"the places to round to are a number from 0 to {MAX_DECIMAL_PLACES}",
                given.col_offset + 1,
            )
        places = value
    codes = to.numbers([to.translate(arguments[0])])
    return to.strict(codes, f"round_half_up({{0}}, {places})", NUMBER, at)


def _when(to: Translator, arguments: Arguments, at: int) -> Code:
    return to.choose(arguments[0], arguments[1], arguments[2], at)


def _coalesce(to: Translator, arguments: Arguments, at: int) -> Code:
    return to.first_there([to.translate(each) for each in arguments], at)


def _blank(to: Translator, arguments: Arguments, at: int) -> Code:
    return to.is_blank(to.translate(arguments[0]), at)


def _band(to: Translator, arguments: Arguments, at: int) -> Code:
    limits: list[int] = []
    for each in arguments[1:]:
        value = each.value if isinstance(each, ast.Constant) else None
        if type(value) is not int or (limits and value <= limits[-1]):
            raise ExpressionError(
                "the limits of bands are whole numbers, each above the one before",
                each.col_offset + 1,
            )
        limits.append(value)
    codes = to.numbers([to.translate(arguments[0])])
    return to.strict(codes, f"band({{0}}, {tuple(limits)!r})", TEXT, at)


def _period_end(to: Translator, arguments: Arguments, at: int) -> Code:
    codes = to.texts([to.translate(arguments[0])])
    return to.strict(codes, "period_end({0})", DATE, at)


def _month_of(to: Translator, arguments: Arguments, at: int) -> Code:
    codes = to.texts([to.translate(arguments[0])])
    # A period that does not name its year is in no month, so this may be blank all the same.
    return replace(to.strict(codes, "month_of({0})", DATE, at), blank=True)


def _lower(to: Translator, arguments: Arguments, at: int) -> Code:
    return to.strict(to.texts([to.translate(arguments[0])]), "{0}.lower()", TEXT, at)


def _lookup(to: Translator, arguments: Arguments, at: int) -> Code:
    first, *keys, last = arguments
    named = [to.translate(first).literal, to.translate(last).literal]
    for given, text in zip((first, last), named, strict=True):
        if text is None:
            raise ExpressionError(
                f"a quoted name is needed here: {SHAPES['lookup'].example}", given.col_offset + 1
            )
    dataset, field = str(named[0]), str(named[1])
    codes = [to.translate(each) for each in keys]
    field_type = to.looked_up(first, last, dataset, field, len(codes))
    if field_type is None:
        return to.strict(codes, "None", "any", at)
    places = ", ".join(f"{{{number}}}" for number in range(len(codes)))
    name = to.temporary()
    source = f"look({dataset!r}, {field!r}, {places})"
    if field_type in WRITTEN_AS_TEXT:
        source = f"(None if ({name} := {source}) is None else Decimal({name}))"
    found = to.strict(codes, source, "lookup", at)
    return Code(kind_of(field_type), found.source, at)


_MANY = 100

SHAPES: dict[str, Shape] = {
    "academic_year": Shape("academic_year(date)", 1, 1, _of_dates("year_from({0}, '09')")),
    "add_days": Shape("add_days(date, days)", 2, 2, _moved("add_days({0}, {1})")),
    "add_months": Shape("add_months(date, months)", 2, 2, _moved("add_months({0}, {1})")),
    "add_working_days": Shape(
        "add_working_days(date, days)", 2, 2, _moved("add_working_days({0}, {1}, W)")
    ),
    "age": Shape("age(born, on)", 2, 2, _of_dates("age({0}, {1})")),
    "band": Shape("band(number, 18, 65)", 2, _MANY, _band),
    "financial_year": Shape("financial_year(date)", 1, 1, _of_dates("year_from({0}, '04')")),
    "hour": Shape("hour(moment)", 1, 1, _of_moments("int({0}[11:13])", timed=True)),
    "hours": Shape("hours(from, to)", 2, 2, _of_moments("hours({0}, {1})")),
    "lookup": Shape('lookup("dataset", key, "field")', 3, 10, _lookup),
    "lower": Shape("lower(text)", 1, 1, _lower),
    "months": Shape("months(from, to)", 2, 2, _of_dates("months({0}, {1})")),
    "month_of": Shape("month_of(period)", 1, 1, _month_of),
    "period_end": Shape("period_end(label)", 1, 1, _period_end),
    "rate": Shape("rate(part, whole, per)", 3, 3, _of_numbers("rate({0}, {1}, {2})")),
    "weekday": Shape("weekday(date)", 1, 1, _of_dates("weekday({0})")),
    "abs": Shape("abs(number)", 1, 1, _of_numbers("abs({0})")),
    "blank": Shape("blank(value)", 1, 1, _blank),
    "coalesce": Shape("coalesce(value, otherwise)", 2, _MANY, _coalesce),
    "contains": Shape("contains(text, part)", 2, 2, _of_texts("{1} in {0}")),
    "days": Shape("days(from, to)", 2, 2, _of_dates("O[{1}] - O[{0}]")),
    "max": Shape("max(this, that)", 2, _MANY, _extreme("max")),
    "min": Shape("min(this, that)", 2, _MANY, _extreme("min")),
    "month": Shape("month(date)", 1, 1, _of_dates("int({0}[5:7])")),
    "percent": Shape("percent(part, whole)", 2, 2, _of_numbers("percent({0}, {1})")),
    "round": Shape("round(number, places)", 1, 2, _round),
    "starts_with": Shape("starts_with(text, part)", 2, 2, _of_texts("{0}.startswith({1})")),
    "when": Shape("when(condition, this, otherwise)", 3, 3, _when),
    "working_days": Shape("working_days(from, to)", 2, 2, _of_dates("W[{1}] - W[{0}]")),
    "year": Shape("year(date)", 1, 1, _of_dates("int({0}[:4])")),
}
