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


class Moment(str):
    """A date, or a date with its time, as ISO text: what sets it apart from any other text."""

    __slots__ = ()


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
def grows(expression: str) -> bool:
    """Whether its value may have more decimal places than the values it is made of."""
    nodes = list(ast.walk(_parsed(expression)))
    return any(
        isinstance(node, ast.Mult | ast.Div)
        or (isinstance(node, ast.Name) and node.id == "percent")
        for node in nodes
    )


@cache
def _parsed(expression: str) -> ast.expr:
    return ast.parse(expression.strip(), mode="eval").body


def _walk(node: ast.expr, names: Mapping[str, Value], closures: Closures) -> Value:
    def go(child: ast.expr) -> Value:
        return _walk(child, names, closures)

    match node:
        case ast.Constant(value=bool() | str() as constant):
            return constant
        case ast.Constant(value=int() as number):
            return Fraction(number)
        case ast.Constant(value=float() as number):
            # repr of a float literal gives back the digits that were written.
            return Fraction(repr(number))
        case ast.Name(id="true" | "false" as word):
            return word == "true"
        case ast.Name(id=name):
            return names[name]
        case ast.UnaryOp(op=ast.Not(), operand=operand):
            return not go(operand)
        case ast.UnaryOp(op=ast.USub(), operand=operand):
            value = go(operand)
            return None if value is None else -_number(value)
        case ast.BinOp(left=left, op=operator, right=right) if type(operator) in ARITHMETIC:
            numbers = _all_there([left, right], go)
            if numbers is None:
                return None
            return ARITHMETIC[type(operator)](_number(numbers[0]), _number(numbers[1]))
        case ast.BoolOp(op=ast.And(), values=values):
            return all(bool(go(value)) for value in values)
        case ast.BoolOp(op=ast.Or(), values=values):
            return any(bool(go(value)) for value in values)
        case ast.Compare(left=left, ops=[ast.In() | ast.NotIn() as operator], comparators=[listed]):
            return _membership(left, operator, listed, go)
        case ast.Compare(left=left, ops=operators, comparators=rights):
            values_ = _all_there([left, *rights], go)
            if values_ is None:
                return False
            values_ = _alike(values_)
            return all(
                COMPARISONS[type(operator)](a, b)
                for operator, a, b in zip(operators, values_, values_[1:], strict=False)
            )
        case ast.Call(func=ast.Name(id=function), args=arguments, keywords=[]):
            return _call(function, arguments, go, closures)
    raise NotInTheLanguage(ast.dump(node))


def _all_there(nodes: list[ast.expr], go: Callable[[ast.expr], Value]) -> list[Value] | None:
    """The values from left to right; the first blank ends it, so nothing after it can fail."""
    values: list[Value] = []
    for node in nodes:
        value = go(node)
        if value is None:
            return None
        values.append(value)
    return values


def _alike(values: list[Value]) -> list[Value]:
    """A date beside a date with its time: then only the days count."""
    texts = [value for value in values if isinstance(value, str)]
    mixed = len({len(text) for text in texts}) > 1
    if mixed and any(isinstance(value, Moment) for value in values):
        return [Moment(text[:10]) for text in texts]
    return values


def _number(value: Value) -> Fraction:
    if isinstance(value, Fraction):
        return value
    raise NotInTheLanguage(f"{value!r} is not a number")


def _membership(
    left: ast.expr, operator: ast.cmpop, listed: ast.expr, go: Callable[[ast.expr], Value]
) -> bool:
    value = go(left)
    if value is None:
        return False
    members = listed.elts if isinstance(listed, ast.Tuple) else [listed]
    found = any(COMPARISONS[ast.Eq](*_alike([value, go(member)])) for member in members)
    return found == isinstance(operator, ast.In)


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
    values = _all_there(arguments, go)
    if values is None:
        return False if function in ("contains", "starts_with") else None
    if function == "working_days":
        start, end = str(values[0]), str(values[1])
        return Fraction(working_days_between(start, end, closures))
    if function not in FUNCTIONS:
        raise NotInTheLanguage(function)
    return FUNCTIONS[function](*_alike(values))
