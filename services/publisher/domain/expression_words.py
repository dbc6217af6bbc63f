"""The expressions of the catalogue in plain words: what a filter asks, what an amount is, what a
formula does.

Rule: words are made from the expression itself, so that they say what is worked out and nothing
else. What a field, a measure or an indicator is called stands between quotation marks; no sign and
no name of the language is left.
"""

import ast
from collections.abc import Callable, Mapping, Sequence
from decimal import Decimal
from typing import NamedTuple

from services.publisher.domain import words
from shared.catalogue.expressions import Expression, parse

_DATES = ("date", "datetime")
_TO_DATES = ("add_days", "add_months", "add_working_days", "period_end", "month_of")
_DAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
_COMPARED: dict[type[ast.cmpop], str] = {
    ast.Eq: "is",
    ast.NotEq: "is not",
    ast.Lt: "is less than",
    ast.LtE: "is at most",
    ast.Gt: "is more than",
    ast.GtE: "is at least",
    ast.In: "is",
    ast.NotIn: "is neither",
}
_DATED: dict[type[ast.cmpop], str] = {
    ast.Lt: "is before",
    ast.LtE: "is on or before",
    ast.Gt: "is after",
    ast.GtE: "is on or after",
}
_SPANS = {"days": "days", "working_days": "working days", "hours": "hours", "months": "months"}
_LATER = {"add_days": "day", "add_working_days": "working day", "add_months": "month"}
_PARTS_OF_TEXT = {
    "starts_with": ("starts with", "does not start with"),
    "contains": ("contains", "does not contain"),
}
_PARTS = {
    "month": "the month of",
    "year": "the year of",
    "hour": "the hour of",
    "weekday": "the day of the week of",
    "financial_year": "the financial year of",
    "academic_year": "the academic year of",
    "period_end": "the last day of",
    "month_of": "the first day of",
    "abs": "the size of",
}


def quoted(text: str) -> str:
    """A name or a text between quotation marks."""
    return f"“{text}”"


def listed(texts: Sequence[str], last: str = "and") -> str:
    """`a, b and c`"""
    return texts[0] if len(texts) == 1 else f"{', '.join(texts[:-1])} {last} {texts[-1]}"


class Known(NamedTuple):
    """What stands behind names: what each is called, which are dates, and the datasets' titles."""

    called: Callable[[str], str]
    types: Mapping[str, str] = {}
    datasets: Mapping[str, str] = {}


def condition_words(text: str, known: Known) -> str:
    """`“kind” is “Request” and the working days from “received” to “closed” are …`: a filter."""
    expression = parse(text)
    return _Words(expression, known).condition(expression.tree)


def amount_words(text: str, known: Known) -> str:
    """`the number of days from “received” to “closed”`: an amount, or what a formula works out."""
    expression = parse(text)
    return _Words(expression, known).amount(expression.tree).replace(",,", ",").rstrip(",")


class _Words:
    def __init__(self, expression: Expression, known: Known) -> None:
        self._text = expression.text
        self._known = known

    def condition(self, node: ast.expr) -> str:
        if isinstance(node, ast.BoolOp):
            return self._several(node)
        if isinstance(node, ast.UnaryOp) and isinstance(node.op, ast.Not):
            return self._not(node.operand)
        if isinstance(node, ast.Compare):
            sides = [node.left, *node.comparators]
            told = [self._compared(*each) for each in zip(sides, node.ops, sides[1:], strict=False)]
            return " and ".join(told)
        if isinstance(node, ast.Call):
            return self._asked(node, "")
        if isinstance(node, ast.IfExp):
            return self._either(node.test, node.body, node.orelse)
        if isinstance(node, ast.Constant):
            return "in every case" if node.value else "in no case"
        return f"{self.amount(node)} is yes"

    def _either(self, *parts: ast.expr) -> str:
        asked, this, other = (self.condition(each) for each in parts)
        return f"{this} (if {asked}) or {other} (if not)"

    def _several(self, node: ast.BoolOp) -> str:
        either = isinstance(node.op, ast.Or)
        told = []
        for each in node.values:
            inner = isinstance(each, ast.BoolOp) and type(each.op) is not type(node.op)
            start = ("both " if either else "either ") if inner else ""
            told.append(start + self.condition(each))
        return (" or " if either else " and ").join(told)

    def _not(self, node: ast.expr) -> str:
        if isinstance(node, ast.Call):
            return self._asked(node, "not ")
        if isinstance(node, ast.Name):
            return f"{self.amount(node)} is no"
        return f"it is not so that {self.condition(node)}"

    def _asked(self, node: ast.Call, no: str) -> str:
        name, values = _name(node), node.args
        first = self.amount(values[0])
        if name == "blank":
            return f"{first} is {'filled in' if no else 'blank'}"
        if name in _PARTS_OF_TEXT:
            does, does_not = _PARTS_OF_TEXT[name]
            return f"{first} {does_not if no else does} {self.amount(values[1])}"
        if name == "when" and not no:
            return self._either(*values)
        return f"{self.amount(node)} is {'no' if no else 'yes'}"

    def _compared(self, left: ast.expr, sign: ast.cmpop, right: ast.expr) -> str:
        part = _name(left) if isinstance(left, ast.Call) else ""
        limit = self._whole(right)
        if part == "hour" and limit is not None and not isinstance(sign, ast.Eq | ast.NotEq):
            first = limit + isinstance(sign, ast.LtE | ast.Gt)
            of = self.amount(left.args[0]) if isinstance(left, ast.Call) else ""
            no = "" if isinstance(sign, ast.Lt | ast.LtE) else "not "
            return f"the time of {of} is {no}before {_clock(first)}"
        if part == "weekday" and limit is not None:
            days = [name for at, name in enumerate(_DAYS, 1) if _holds(at, sign, limit)]
            return f"{self.amount(left)} is {listed(days, 'or')}" if days else "in no case"
        dated = self._dated(left) or self._dated(right)
        verb = (_DATED if dated else {}).get(type(sign)) or _COMPARED[type(sign)]
        if isinstance(right, ast.Tuple):
            last = "nor" if isinstance(sign, ast.NotIn) else "or"
            told = listed([self._value(each, part) for each in right.elts], last)
        else:
            verb = "is not" if isinstance(sign, ast.NotIn) else verb
            told = self._value(right, part)
        return f"{self.amount(left)} {verb} {told}"

    def _value(self, node: ast.expr, part: str) -> str:
        """What something is compared with: a month by its name."""
        number = self._whole(node) if part == "month" else None
        known = number is not None and 1 <= number <= 12
        return words.month_name(number) if known and number else self.amount(node)

    def _dated(self, node: ast.expr) -> bool:
        if isinstance(node, ast.Name):
            return self._known.types.get(node.id) in _DATES
        if isinstance(node, ast.Call):
            name = _name(node)
            inner = node.args[1:] if name == "when" else node.args
            if name in ("coalesce", "when", "min", "max"):
                return any(map(self._dated, inner))
            return name in _TO_DATES
        return False

    def _whole(self, node: ast.expr) -> int | None:
        value = node.value if isinstance(node, ast.Constant) else None
        return value if type(value) is int else None

    def amount(self, node: ast.expr) -> str:
        if isinstance(node, ast.Name):
            return quoted(self._known.called(node.id))
        if isinstance(node, ast.Constant):
            return self._constant(node)
        if isinstance(node, ast.UnaryOp) and isinstance(node.op, ast.USub):
            return f"minus {self.amount(node.operand)}"
        if isinstance(node, ast.BinOp):
            return self._worked(node)
        if isinstance(node, ast.Call):
            return self._call(node)
        if isinstance(node, ast.IfExp):
            return self._chosen(node.test, node.body, node.orelse)
        return f"whether {self.condition(node)}"

    def _constant(self, node: ast.Constant) -> str:
        if isinstance(node.value, bool):
            return "yes" if node.value else "no"
        if isinstance(node.value, str):
            return quoted(words.field(node.value)) if node.value else "nothing"
        text = self._text[node.col_offset : node.end_col_offset].strip()
        return words.number(Decimal(text), words.places(text))

    def _worked(self, node: ast.BinOp) -> str:
        left, right = self.amount(node.left), self._inner(node.right)
        if isinstance(node.op, ast.Add):
            added = self._added(node)
            return f"{listed(added)} together"
        # What was worked out before ends with a comma, so that it is divided as a whole.
        comma = "," if isinstance(node.left, ast.BinOp | ast.Call) else ""
        if isinstance(node.op, ast.Sub):
            return f"{left}{comma} less {right}"
        if isinstance(node.op, ast.Mult):
            return f"{left}{comma} times {right}"
        return f"{left}{comma} divided by {right}"

    def _inner(self, node: ast.expr) -> str:
        """An amount within another: what is worked out from two is named as one."""
        told = self.amount(node)
        one = not isinstance(node, ast.BinOp) or isinstance(node.op, ast.Add)
        return told if one else f"the result of {told},"

    def _added(self, node: ast.expr) -> list[str]:
        if isinstance(node, ast.BinOp) and isinstance(node.op, ast.Add):
            return [*self._added(node.left), *self._added(node.right)]
        return [self.amount(node)]

    def _call(self, node: ast.Call) -> str:
        name, values = _name(node), node.args
        if name == "lookup":
            return self._looked_up(values)
        if name == "when":
            return self._chosen(*values)
        if name in _LATER:
            return self._later(values, _LATER[name])
        told = [self._inner(each) for each in values]
        if name in _SPANS:
            return f"the number of {_SPANS[name]} from {told[0]} to {told[1]}"
        if name in _PARTS:
            return f"{_PARTS[name]} {told[0]}"
        return _FUNCTIONS[name](told)

    def _chosen(self, asked: ast.expr, this: ast.expr, other: ast.expr) -> str:
        return f"{self.amount(this)} where {self.condition(asked)}, otherwise {self.amount(other)}"

    def _looked_up(self, values: Sequence[ast.expr]) -> str:
        names = [each.value for each in values if isinstance(each, ast.Constant)]
        dataset = self._known.datasets.get(str(names[0]), words.field_name(str(names[0])))
        keys = listed([self.amount(each) for each in values[1:-1]])
        field = quoted(words.field_name(str(names[-1])))
        return f"the {field} that {quoted(dataset)} has for {keys}"

    def _later(self, values: Sequence[ast.expr], thing: str) -> str:
        day, by = values
        back = isinstance(by, ast.UnaryOp)
        number = by.operand if isinstance(by, ast.UnaryOp) else by
        many = "" if self._whole(number) == 1 else "s"
        side = "before" if back else "after"
        return f"the day {self.amount(number)} {thing}{many} {side} {self.amount(day)}"


_FUNCTIONS: dict[str, Callable[[list[str]], str]] = {
    "percent": lambda told: f"{told[0]} as a percentage of {told[1]}",
    "rate": lambda told: f"{told[0]} for every {told[2]} of {told[1]}",
    "coalesce": lambda told: (
        told[0] if told[1:] == ["nothing"] else ", or where that is blank ".join(told)
    ),
    "max": lambda told: f"the largest of {listed(told)}",
    "min": lambda told: f"the smallest of {listed(told)}",
    "round": lambda told: f"{told[0]} rounded to {told[1] if told[1:] else '0'} decimal places",
    "age": lambda told: f"the age on {told[1]} of somebody born on {told[0]}",
    "band": lambda told: f"the band of {told[0]} (from {listed(told[1:])})",
    "lower": lambda told: f"{told[0]} in small letters",
    "blank": lambda told: f"whether {told[0]} is blank",
    "starts_with": lambda told: f"whether {told[0]} starts with {told[1]}",
    "contains": lambda told: f"whether {told[0]} contains {told[1]}",
}


def _name(node: ast.Call) -> str:
    return node.func.id if isinstance(node.func, ast.Name) else ""


def _holds(number: int, sign: ast.cmpop, limit: int) -> bool:
    found: dict[type[ast.cmpop], bool] = {
        ast.Eq: number == limit,
        ast.NotEq: number != limit,
        ast.Lt: number < limit,
        ast.LtE: number <= limit,
        ast.Gt: number > limit,
        ast.GtE: number >= limit,
    }
    return found.get(type(sign), False)


def _clock(hour: int) -> str:
    return "midnight" if hour in (0, 24) else f"{hour % 12 or 12}{'am' if hour % 24 < 12 else 'pm'}"
