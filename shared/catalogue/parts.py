"""The parts that an expression is put together from: source with what is known about it."""

from __future__ import annotations

import ast
from dataclasses import dataclass, replace

from shared.catalogue.kinds import as_moment
from shared.catalogue.words import ExpressionError


@dataclass(frozen=True, slots=True)
class Code:
    """Python source for one part: its kind, and what must be known to build upon it."""

    kind: str
    source: str
    at: int
    blank: bool = True  # may be None
    plain: bool = False  # a variable or a constant: may be repeated at no cost
    literal: str | None = None  # the text itself, where the part is a quoted text
    day_only: bool = False  # a moment of which only the date counts here


def lazily(code: Code) -> str:
    """Source of an operand that is evaluated only where its value is chosen."""
    if not code.day_only:
        return code.source
    return f"day({code.source})" if code.blank else f"{code.source}[:10]"


def as_day(code: Code) -> Code:
    """A quoted date as a date; anything else as it is."""
    if code.literal is None:
        return code
    kind = as_moment(code.literal)
    if kind is None:
        raise ExpressionError(
            f'{code.source} is used as a date: dates are written as "2025-09-30"', code.at
        )
    return replace(code, kind=kind, literal=None)


def there_when_true(node: ast.expr) -> set[str]:
    """The names that cannot be blank where a condition holds."""
    if isinstance(node, ast.Compare):
        return {each.id for each in (node.left, *node.comparators) if isinstance(each, ast.Name)}
    if isinstance(node, ast.BoolOp) and isinstance(node.op, ast.And):
        return set().union(*(there_when_true(value) for value in node.values))
    return set()
