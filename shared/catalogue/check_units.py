"""Whether what a formula works out can be what its indicator says it is.

Rule: days are not added to pounds, and percentages are not added up or averaged: a share of the
whole is worked out from its parts. A plain number fits everything.
"""

from __future__ import annotations

import ast
from collections.abc import Mapping
from typing import NoReturn

from shared.catalogue.expressions import Expression, ExpressionError
from shared.catalogue.model import Indicator, Measure

PLAIN, COUNT, DAYS, HOURS, MONEY, PERCENTAGE, RATE = (
    "plain numbers",
    "counts",
    "days",
    "hours",
    "pounds",
    "percentages",
    "rates",
)

_OF_FUNCTION = {"days": DAYS, "working_days": DAYS, "hours": HOURS, "percent": PERCENTAGE}
_OF_UNIT = {
    "percentage": PERCENTAGE,
    "count": COUNT,
    "days": DAYS,
    "hours": HOURS,
    "money": MONEY,
    "rate": RATE,
}
_FITS: dict[str, frozenset[str]] = {
    "percentage": frozenset({PERCENTAGE}),
    "count": frozenset({COUNT}),
    "days": frozenset({DAYS}),
    "hours": frozenset({HOURS}),
    "money": frozenset({MONEY}),
    "rate": frozenset({RATE, COUNT, MONEY}),
    "ratio": frozenset({PERCENTAGE, RATE}),
    "score": frozenset({COUNT, PERCENTAGE}),
    "number": frozenset({COUNT, DAYS, HOURS, MONEY, RATE, PERCENTAGE}),
    "yes/no": frozenset({COUNT}),
}
_ALIKE = frozenset({"abs", "round", "coalesce", "min", "max", "when"})


def measured_in(measure: Measure, types: Mapping[str, str], of: Expression | None) -> str:
    """What a measure is counted in; ExpressionError where that cannot be."""
    if measure.aggregate in ("count", "distinct", "open") or of is None:
        return COUNT
    known = {name: MONEY if kind == "money" else PLAIN for name, kind in types.items()}
    found = worked_out(of, known)
    if found == PERCENTAGE and measure.aggregate in ("mean", "sum"):
        raise ExpressionError(
            "percentages are not averaged or added up: count the parts and the whole, and divide"
            " in the formula"
        )
    return found


def declared(indicator: Indicator) -> str:
    """What an indicator is given in, for those that use it."""
    return _OF_UNIT.get(indicator.unit, PLAIN)


def check_unit(expression: Expression, known: Mapping[str, str], indicator: Indicator) -> None:
    """ExpressionError where the formula does not work out what the indicator says it is."""
    found = worked_out(expression, known)
    if found != PLAIN and found not in _FITS[indicator.unit]:
        raise ExpressionError(f"the formula works out {found}, and the unit is {indicator.unit}")


def worked_out(expression: Expression, known: Mapping[str, str]) -> str:
    """What an expression works out, given what its names are in."""
    return _Units(known).of(expression.tree)


class _Units:
    def __init__(self, known: Mapping[str, str]) -> None:
        self._known = known

    def of(self, node: ast.expr) -> str:
        if isinstance(node, ast.Name):
            return self._known.get(node.id, PLAIN)
        if isinstance(node, ast.UnaryOp):
            return self.of(node.operand)
        if isinstance(node, ast.BinOp):
            return self._arithmetic(node)
        if isinstance(node, ast.IfExp):
            return self._alike([node.body, node.orelse])
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name):
            return self._call(node, node.func.id)
        return PLAIN

    def _arithmetic(self, node: ast.BinOp) -> str:
        left, right = self.of(node.left), self.of(node.right)
        if isinstance(node.op, ast.Add | ast.Sub):
            both = left == right == PERCENTAGE
            if both and isinstance(node.op, ast.Add):
                _refuse(
                    node,
                    "percentages are not added up or averaged: divide the sum of the parts by"
                    " the sum of the wholes",
                )
            return self._alike([node.left, node.right])
        if isinstance(node.op, ast.Mult):
            if PLAIN in (left, right):
                return left if right == PLAIN else right
            return left if right == COUNT else right if left == COUNT else PLAIN
        if left == right:
            return PLAIN
        return left if right in (PLAIN, COUNT) and left != COUNT else PLAIN

    def _call(self, node: ast.Call, name: str) -> str:
        if name in ("percent", "rate"):
            if name == "percent":
                self._alike(node.args)
            return PERCENTAGE if name == "percent" else RATE
        if name in _ALIKE:
            values = node.args[1:] if name == "when" else node.args
            return self._alike(values[:1] if name == "round" else values)
        return _OF_FUNCTION.get(name, PLAIN)

    def _alike(self, nodes: list[ast.expr]) -> str:
        found = PLAIN
        for node in nodes:
            each = self.of(node)
            if each == PLAIN:
                continue
            if found not in (PLAIN, each):
                _refuse(node, f"{found} and {each} cannot be put together")
            found = each
        return found


def divides(expression: Expression) -> int | None:
    """Where a formula first divides by something that may be nought; None where it does not."""
    for node in ast.walk(expression.tree):
        whole: ast.expr | None = None
        if isinstance(node, ast.BinOp) and isinstance(node.op, ast.Div):
            whole = node.right
        elif (
            isinstance(node, ast.Call)
            and isinstance(node.func, ast.Name)
            and node.func.id in ("percent", "rate")
        ):
            whole = node.args[1]
        if whole is not None and not (isinstance(whole, ast.Constant) and whole.value):
            return whole.col_offset + 1
    return None


def _refuse(node: ast.expr, message: str) -> NoReturn:
    raise ExpressionError(message, node.col_offset + 1)
