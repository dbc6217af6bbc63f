"""A plain interpreter of the expression language: it follows the tree, one node at a time.

Rule: numbers are exact fractions; blank is None. Arithmetic on a blank is blank, a comparison
with a blank is false, and a division by zero ends the evaluation as "not calculable". It only
evaluates what the catalogue check has let in, so it refuses without ceremony.
"""

import ast
from collections.abc import Callable, Mapping, Sequence
from fractions import Fraction
from functools import cache
from typing import Any, NamedTuple

from deploy.verify.functions import (
    FUNCTIONS,
    OF_TIMES,
    OF_WORKING_DAYS,
    Closures,
    Moment,
    NotCalculable,
    NothingToDivideBy,
    NotInTheLanguage,
    divide,
)

__all__ = ["Moment", "NotCalculable", "NotInTheLanguage", "NothingToDivideBy", "evaluate"]

Value = Fraction | str | bool | None
# Dataset, field, and the values of its key: what a lookup finds.
Lookup = Callable[[str, str, Sequence[Value]], Value]


class Around(NamedTuple):
    """What an expression can see beside its names."""

    closures: Closures = frozenset()
    lookup: Lookup | None = None


Step = Callable[[Mapping[str, Value], Around], Value]

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
WORDS = {"true": True, "false": False, "True": True, "False": False}


def evaluate(expression: str, names: Mapping[str, Value], around: Around | None = None) -> Value:
    """The value of an expression, given the values of its names."""
    return _steps(expression)(names, around or Around())


@cache
def names_in(expression: str) -> frozenset[str]:
    """The names an expression uses, its functions aside."""
    tree = _parsed(expression)
    called = {node.func for node in ast.walk(tree) if isinstance(node, ast.Call)}
    return frozenset(
        node.id
        for node in ast.walk(tree)
        if isinstance(node, ast.Name) and node not in called and node.id not in WORDS
    )


def _parsed(expression: str) -> ast.expr:
    return ast.parse(expression.strip(), mode="eval").body


@cache
def _steps(expression: str) -> Step:
    return _Reader(expression.strip()).step(_parsed(expression))


class _Reader:
    """Turns a tree into steps: each gives the value of its node."""

    def __init__(self, text: str) -> None:
        self._text = text

    def step(self, node: ast.expr) -> Step:
        """The step of one node."""
        match node:
            case ast.Constant(value=bool() | str() as constant):
                return lambda names, around: constant
            case ast.Constant(value=int() | float()):
                # The digits as they are written: a binary fraction would not be exact.
                number = Fraction(self._text[node.col_offset : node.end_col_offset])
                return lambda names, around: number
            case ast.Name(id=name):
                word = WORDS.get(name)
                if word is not None:
                    return lambda names, around: word
                return lambda names, around: names[name]
            case ast.UnaryOp(op=ast.Not(), operand=operand):
                inner = self.step(operand)
                return lambda names, around: not inner(names, around)
            case ast.UnaryOp(op=ast.USub(), operand=operand):
                return _on_all([self.step(operand)], lambda value: -_number(value), None)
            case ast.BinOp(left=left, op=operator, right=right) if type(operator) in ARITHMETIC:
                act = ARITHMETIC[type(operator)]
                both = [self.step(left), self.step(right)]
                return _on_all(both, lambda a, b: act(_number(a), _number(b)), None)
            case ast.BoolOp(op=operator, values=values):
                steps = [self.step(value) for value in values]
                gather = all if isinstance(operator, ast.And) else any
                return lambda names, around: gather(bool(s(names, around)) for s in steps)
            case ast.Compare(
                left=left, ops=[ast.In() | ast.NotIn() as operator], comparators=[listed]
            ):
                return self._membership(left, operator, listed)
            case ast.Compare(left=left, ops=operators, comparators=rights):
                compare = [COMPARISONS[type(operator)] for operator in operators]
                return _on_all(
                    [self.step(each) for each in (left, *rights)],
                    lambda *values: _in_order(compare, _alike(values)),
                    False,
                )
            case ast.IfExp(test=test, body=body, orelse=otherwise):
                return self._choice(test, body, otherwise)
            case ast.Call(func=ast.Name(id=function), args=arguments, keywords=[]):
                return self._call(function, arguments)
        raise NotInTheLanguage(ast.dump(node))

    def _membership(self, left: ast.expr, operator: ast.cmpop, listed: ast.expr) -> Step:
        given = listed.elts if isinstance(listed, ast.Tuple) else [listed]
        members = [self.step(member) for member in given]
        value_of = self.step(left)
        wanted = isinstance(operator, ast.In)

        def step(names: Mapping[str, Value], around: Around) -> bool:
            value = value_of(names, around)
            if value is None:
                return False
            pairs = (_alike([value, member(names, around)]) for member in members)
            return any(a == b for a, b in pairs) == wanted

        return step

    def _choice(self, test: ast.expr, this: ast.expr, otherwise: ast.expr) -> Step:
        if_, then, else_ = self.step(test), self.step(this), self.step(otherwise)
        return lambda names, around: (then if if_(names, around) else else_)(names, around)

    def _call(self, function: str, arguments: list[ast.expr]) -> Step:
        steps = [self.step(argument) for argument in arguments]
        if function == "blank":
            return lambda names, around: steps[0](names, around) is None
        if function == "when":
            return self._choice(arguments[0], arguments[1], arguments[2])
        if function == "coalesce":
            return lambda names, around: next(
                (value for step in steps if (value := step(names, around)) is not None), None
            )
        if function == "lookup":
            return _lookup(steps)
        if function in OF_WORKING_DAYS:
            return _with_closures(steps, OF_WORKING_DAYS[function])
        if function not in FUNCTIONS:
            raise NotInTheLanguage(function)
        act = FUNCTIONS[function]
        blank = False if function in ("contains", "starts_with") else None
        if function in OF_TIMES:
            return _on_all(steps, act, blank)
        return _on_all(steps, lambda *values: act(*_alike(values)), blank)


def _on_all(steps: Sequence[Step], act: Callable[..., Value], blank: Value) -> Step:
    """Acts on values that are all there. They are found from left to right and the first blank
    ends it, so nothing after it can fail."""

    def step(names: Mapping[str, Value], around: Around) -> Value:
        values = []
        for each in steps:
            value = each(names, around)
            if value is None:
                return blank
            values.append(value)
        return act(*values)

    return step


def _with_closures(steps: Sequence[Step], act: Callable[..., Value]) -> Step:
    return lambda names, around: _on_all(steps, lambda *v: act(*v, around.closures), None)(
        names, around
    )


def _lookup(steps: Sequence[Step]) -> Step:
    def step(names: Mapping[str, Value], around: Around) -> Value:
        def find(dataset: str, *rest: Value) -> Value:
            if around.lookup is None:
                raise NotInTheLanguage("lookup")
            return around.lookup(dataset, str(rest[-1]), rest[:-1])

        return _on_all(steps, find, None)(names, around)

    return step


def _in_order(compare: Sequence[Callable[[Any, Any], bool]], values: Sequence[Value]) -> bool:
    return all(holds(a, b) for holds, a, b in zip(compare, values, values[1:], strict=False))


def _alike(values: Sequence[Value]) -> Sequence[Value]:
    """A date beside a date with its time: then only the days count."""
    texts = [value for value in values if isinstance(value, str)]
    if len(texts) < 2 or not any(isinstance(value, Moment) for value in texts):
        return values
    return [Moment(text[:10]) for text in texts] if len({len(t) for t in texts}) > 1 else values


def _number(value: Value) -> Fraction:
    if isinstance(value, Fraction):
        return value
    raise NotInTheLanguage(f"{value!r} is not a number")
