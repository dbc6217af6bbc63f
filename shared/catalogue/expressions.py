"""Expressions: the filters, amounts and formulas of the catalogue.

Rule: an expression is read once, checked whole, and becomes one Python function that can do
nothing but calculate: no attributes, no calls but the listed functions, no loops, bounded in size
and depth. Whatever it is given, it answers with a value, with None (blank), or with
NotCalculable.
"""

from __future__ import annotations

import ast
import textwrap
from collections.abc import Callable, Iterable, Mapping, Set
from dataclasses import dataclass, field
from decimal import Decimal
from functools import lru_cache
from typing import Any, Literal

from shared.catalogue import arithmetic, dates, labels
from shared.catalogue.arithmetic import NotCalculable
from shared.catalogue.kinds import ANY, BOOLEAN, NUMBER, WORDS, WRITTEN_AS_TEXT
from shared.catalogue.references import References, text_of
from shared.catalogue.translate import Translator
from shared.catalogue.words import (
    MAX_DEPTH,
    ExpressionError,
    is_word_of_the_language,
    names_in,
    tokens,
)
from shared.catalogue.working_days import ORDINALS, working_days_table

__all__ = [
    "Expression",
    "ExpressionError",
    "NotCalculable",
    "formula_name",
    "is_word_of_the_language",
    "parse",
]

MAX_NODES = 200

Value = Decimal | int | str | bool | None
Wanted = Literal["number", "condition"]


@dataclass(frozen=True, slots=True)
class Piece:
    """One expression as source, to be put inside a generated function."""

    source: str
    loads: dict[str, str]
    constants: dict[str, Decimal]


@dataclass(frozen=True, slots=True)
class Expression:
    """A well-formed expression; its names and their positions, in order of appearance."""

    text: str
    tree: ast.expr = field(repr=False, compare=False)
    positions: Mapping[str, int] = field(repr=False, compare=False)

    @property
    def names(self) -> tuple[str, ...]:
        return tuple(self.positions)

    @property
    def lookups(self) -> frozenset[str]:
        """The datasets that it looks into."""
        return frozenset(
            str(node.args[0].value)
            for node in ast.walk(self.tree)
            if isinstance(node, ast.Call)
            and isinstance(node.func, ast.Name)
            and node.func.id == "lookup"
            and isinstance(node.args[0], ast.Constant)
        )

    def check(
        self,
        types: Mapping[str, str],
        wants: Wanted | None = None,
        references: References | None = None,
    ) -> str:
        """The kind of the outcome; ExpressionError where the names or kinds do not fit."""
        translator = Translator(self.text, types, references=references)
        if wants == "condition":
            translator.condition(self.tree)
            return BOOLEAN
        code = translator.translate(self.tree)
        if wants == "number" and code.kind not in (NUMBER, ANY):
            raise ExpressionError(f"a number is needed here, and this is {WORDS[code.kind]}")
        return code.kind

    def piece(
        self,
        types: Mapping[str, str],
        wants: Wanted | None,
        prefix: str = "",
        there: Set[str] = frozenset(),
        references: References | None = None,
    ) -> Piece:
        """The expression as source, and for each of its names the source that loads it."""
        self.check(types, wants, references)
        translator = Translator(self.text, types, prefix, there, references)
        if wants == "condition":
            source = translator.condition(self.tree)
        else:
            source = translator.translate(self.tree).source
        loads = {name: load(name, types[name]) for name in self.names}
        return Piece(source, loads, translator.constants)

    def compile(
        self,
        types: Mapping[str, str],
        wants: Wanted | None = None,
        closure_days: Iterable[str] = (),
        references: References | None = None,
    ) -> Callable[[Mapping[str, Any]], Any]:
        """A function of the names' values; `types` are field types, or `number`."""
        piece = self.piece(types, wants, references=references)
        kind = self.check(types, wants, references)
        result = f"bounded({piece.source})" if kind == NUMBER else piece.source
        body = [
            "get = fields.get",
            "try:",
            *(f"    {line}" for line in (*piece.loads.values(), f"return {result}")),
            "except NotCalculable:",
            "    raise",
            "except CANNOT as problem:",
            "    raise NotCalculable(problem) from None",
        ]
        return build("value", body, piece.constants, closure_days, references)


def load(name: str, field_type: str) -> str:
    """Source that loads a field's value as expressions know it, from a mapping's `get`."""
    if field_type in WRITTEN_AS_TEXT:
        return f"v_{name} = None if (v := get({name!r})) is None else Decimal(v)"
    return f"v_{name} = get({name!r})"


def build(
    name: str,
    body: list[str],
    constants: Mapping[str, Any],
    closure_days: Iterable[str] = (),
    references: References | None = None,
) -> Callable[[Mapping[str, Any]], Any]:
    """A function of `fields` from lines made by the translator, which sees nothing else."""
    source = f"def {name}(fields):\n" + textwrap.indent("\n".join(body), "    ")
    space: dict[str, Any] = {
        "__builtins__": {},
        "Decimal": Decimal,
        "NotCalculable": NotCalculable,
        # A value that is not of its field's type (the contract has changed since) has no number.
        "CANNOT": (ArithmeticError, ValueError, TypeError, AttributeError),
        "O": ORDINALS,
        "W": working_days_table(closure_days) if "W[" in source or ", W)" in source else None,
        "abs": abs,
        "int": int,
        "max": max,
        "min": min,
        "bounded": arithmetic.bounded,
        "amount": arithmetic.amount,
        "divide": arithmetic.divide,
        "percent": arithmetic.percent,
        "round_half_up": arithmetic.round_half_up,
        "day": _day,
        "rate": arithmetic.rate,
        "whole": arithmetic.whole,
        "band": arithmetic.band,
        "age": dates.age,
        "months": dates.months,
        "hours": dates.hours,
        "add_days": dates.add_days,
        "add_months": dates.add_months,
        "add_working_days": dates.add_working_days,
        "weekday": dates.weekday,
        "year_from": dates.year_from,
        "month_of": labels.month_of,
        "period_end": labels.period_end,
        "look": references.look if references else None,
        "spelled": arithmetic.spelled,
        "text_of": text_of,
        **constants,
    }
    # The lines hold only what the translator wrote: names with a prefix, literals, its own words.
    exec(compile(source, f"<{name}>", "exec"), space)  # noqa: S102
    function: Callable[[Mapping[str, Any]], Any] = space[name]
    return function


def _day(moment: str | None) -> str | None:
    return None if moment is None else moment[:10]


def formula_name(code: str) -> str:
    """How a formula writes a code: `-` as `_`, and a digit in front after one more `_`."""
    name = code.replace("-", "_")
    return f"_{name}" if name[:1].isdigit() else name


@lru_cache(maxsize=4096)
def _parse(text: str) -> Expression:
    found = tokens(text)
    try:
        # Spaces in front would be read as indentation; every position is moved back after.
        tree = ast.parse(text.strip(" "), mode="eval").body
    except (SyntaxError, ValueError, MemoryError, RecursionError) as problem:
        raise ExpressionError(
            "the expression is not complete, or its parts are not in order",
            _place(problem, text),
        ) from None
    offset = len(text) - len(text.lstrip(" "))
    level: list[ast.expr] = [tree]
    seen = depth = 0
    while level:
        depth += 1
        seen += len(level)
        first = level[0]
        if depth > MAX_DEPTH or seen > MAX_NODES:
            what = f"{MAX_DEPTH} levels" if depth > MAX_DEPTH else f"{MAX_NODES} parts"
            raise ExpressionError(
                f"the expression has more than {what}: split it into measures",
                first.col_offset + offset + 1,
            )
        deeper: list[ast.expr] = []
        for node in level:
            node.col_offset += offset
            if node.end_col_offset is not None:
                node.end_col_offset += offset
            children = ast.iter_child_nodes(node)
            deeper.extend(child for child in children if isinstance(child, ast.expr))
        level = deeper
    Translator(text, None).translate(tree)
    return Expression(text, tree, names_in(found))


def _place(problem: BaseException, text: str) -> int:
    if not isinstance(problem, SyntaxError):
        return 1
    # Python names no place where the text ended too early.
    offset = problem.offset or len(text)
    return max(1, min(offset + len(text) - len(text.lstrip(" ")), len(text)))


def parse(text: str) -> Expression:
    """The expression of a text; ExpressionError with a position for any text that is none."""
    if not isinstance(text, str):
        raise ExpressionError("an expression is a text")
    return _parse(text)
