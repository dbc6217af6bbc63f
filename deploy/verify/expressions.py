"""A plain interpreter of the expression language: it walks the tree, one node at a time.

Rule: numbers are exact fractions; blank is None. Arithmetic on a blank is blank, a comparison
with a blank is false, and a division by zero ends the evaluation as "not calculable". It only
evaluates what the catalogue check has let in, so it refuses without ceremony.
"""

import ast
from collections.abc import Callable, Mapping
from datetime import date
from decimal import Decimal
from fractions import Fraction
from functools import cache
from typing import Any

from deploy.verify.dates import days_between, working_days_between

Value = Fraction | str | bool | None
Closures = frozenset[date]


class NotCalculable(ArithmeticError):
    """There is no number: a division by zero."""


class NotInTheLanguage(ValueError):
    """The expression uses something that the language does not have."""


def half_up(value: Fraction, places: int) -> Decimal:
    """Rounds to so many places, a half away from zero, exactly."""
    scaled = abs(value) * 10**places
    whole = (2 * scaled.numerator + scaled.denominator) // (2 * scaled.denominator)
    sign = -1 if value < 0 and whole else 1
    return Decimal(sign * whole).scaleb(-places)


def divide(dividend: Fraction, divisor: Fraction) -> Fraction:
    """An exact quotient."""
    if divisor == 0:
        raise NotCalculable
    return dividend / divisor


ARITHMETIC: dict[type[ast.operator], Callable[[Fraction, Fraction], Fraction]] = {
    ast.Add: lambda a, b: a + b,
    ast.Sub: lambda a, b: a - b,
    ast.Mult: lambda a, b: a * b,
    ast.Div: divide,
}

COMPARISONS: dict[type[ast.cmpop], Callable[[Any, Any], bool]] = {
    ast.Eq: lambda a, b: bool(a == b),
    ast.NotEq: lambda a, b: bool(a != b),
    ast.Lt: lambda a, b: bool(a < b),
    ast.LtE: lambda a, b: bool(a <= b),
    ast.Gt: lambda a, b: bool(a > b),
    ast.GtE: lambda a, b: bool(a >= b),
}

# Functions that are blank as soon as one of their arguments is.
FUNCTIONS: dict[str, Callable[..., Value]] = {
    "days": lambda a, b: Fraction(days_between(a, b)),
    "month": lambda a: Fraction(int(a[5:7])),
    "year": lambda a: Fraction(int(a[:4])),
    "min": lambda *values: min(values),
    "max": lambda *values: max(values),
    "abs": lambda a: abs(a),
    "round": lambda a, places=Fraction(0): Fraction(half_up(a, int(places))),
    "percent": lambda a, b: 100 * divide(a, b),
    "contains": lambda text, part: part in text,
    "starts_with": lambda text, part: text.startswith(part),
}


def evaluate(
    expression: str, names: Mapping[str, Value], closures: Closures = frozenset()
) -> Value:
    """The value of an expression, given the values of its names."""
    return _walk(_parsed(expression), names, closures)


@cache
def names_in(expression: str) -> frozenset[str]:
    """The names an expression uses, its functions aside."""
    tree = _parsed(expression)
    called = {node.func for node in ast.walk(tree) if isinstance(node, ast.Call)}
    return frozenset(
        node.id for node in ast.walk(tree) if isinstance(node, ast.Name) and node not in called
    )


@cache
def _parsed(expression: str) -> ast.expr:
    return ast.parse(expression.strip(), mode="eval").body


def _walk(node: ast.expr, names: Mapping[str, Value], closures: Closures) -> Value:
    def go(child: ast.expr) -> Value:
        return _walk(child, names, closures)

    match node:
        case ast.Constant(value=bool() | str() | None as constant):
            return constant
        case ast.Constant(value=int() as number):
            return Fraction(number)
        case ast.Constant(value=float() as number):
            # repr of a float literal gives back the digits that were written.
            return Fraction(repr(number))
        case ast.Name(id=name):
            return names[name]
        case ast.UnaryOp(op=ast.Not(), operand=operand):
            return not go(operand)
        case ast.UnaryOp(op=ast.USub(), operand=operand):
            value = go(operand)
            return None if value is None else -_number(value)
        case ast.UnaryOp(op=ast.UAdd(), operand=operand):
            return go(operand)
        case ast.BinOp(left=left, op=operator, right=right) if type(operator) in ARITHMETIC:
            a, b = go(left), go(right)
            if a is None or b is None:
                return None
            return ARITHMETIC[type(operator)](_number(a), _number(b))
        case ast.BoolOp(op=ast.And(), values=values):
            return all(bool(go(value)) for value in values)
        case ast.BoolOp(op=ast.Or(), values=values):
            return any(bool(go(value)) for value in values)
        case ast.IfExp(test=test, body=body, orelse=orelse):
            return go(body) if go(test) else go(orelse)
        case ast.Compare(left=left, ops=operators, comparators=rights):
            return _compare(go(left), operators, rights, go)
        case ast.Call(func=ast.Name(id=function), args=arguments, keywords=[]):
            return _call(function, arguments, go, closures)
    raise NotInTheLanguage(ast.dump(node))


def _number(value: Value) -> Fraction:
    if isinstance(value, Fraction):
        return value
    raise NotInTheLanguage(f"{value!r} is not a number")


def _compare(
    left: Value,
    operators: list[ast.cmpop],
    rights: list[ast.expr],
    go: Callable[[ast.expr], Value],
) -> bool:
    for operator, node in zip(operators, rights, strict=True):
        if isinstance(operator, ast.In | ast.NotIn):
            if not isinstance(node, ast.Tuple | ast.List):
                raise NotInTheLanguage("`in` needs a list")
            if left is None:
                return False
            found = any(left == go(element) for element in node.elts)
            if found != isinstance(operator, ast.In):
                return False
            continue
        right = go(node)
        if left is None or right is None or not COMPARISONS[type(operator)](left, right):
            return False
        left = right
    return True


def _call(
    function: str,
    arguments: list[ast.expr],
    go: Callable[[ast.expr], Value],
    closures: Closures,
) -> Value:
    if function == "blank":
        return go(arguments[0]) is None
    if function == "when":
        return go(arguments[1]) if go(arguments[0]) else go(arguments[2])
    if function == "coalesce":
        return next((value for a in arguments if (value := go(a)) is not None), None)
    values = [go(argument) for argument in arguments]
    if any(value is None for value in values):
        return False if function in ("contains", "starts_with") else None
    if function == "working_days":
        start, end = str(values[0]), str(values[1])
        return Fraction(working_days_between(start, end, closures))
    if function not in FUNCTIONS:
        raise NotInTheLanguage(function)
    return FUNCTIONS[function](*values)
