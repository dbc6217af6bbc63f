"""The functions of the expression language: how each is written, and what it becomes.

Rule: a function is total. A blank operand gives a blank (or false, from contains and
starts_with); only blank, coalesce and when look at a blank and go on.
"""

from __future__ import annotations

import ast
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from shared.catalogue.kinds import BOOLEAN, NUMBER
from shared.catalogue.words import MAX_DECIMAL_PLACES, ExpressionError

if TYPE_CHECKING:
    from shared.catalogue.parts import Code
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


_MANY = 100

SHAPES: dict[str, Shape] = {
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
