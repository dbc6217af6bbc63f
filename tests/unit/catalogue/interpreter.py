"""A plain interpreter of expression trees.

It works on trees of (operation, operands...), writes them as text, and shares nothing with the
language's parser, translator or functions.
"""

from datetime import date, datetime, timedelta
from decimal import ROUND_HALF_UP, Decimal
from typing import Any

from govuk_bank_holidays.bank_holidays import BankHolidays

HOLIDAYS = BankHolidays(use_cached_holidays=True)
Tree = tuple[Any, ...]


class Impossible(Exception):
    """There is no number."""


def kind(tree: Tree) -> str:
    """Whether a tree of a moment gives a day or a day with its time."""
    match tree:
        case ("moment", value):
            return "at" if isinstance(value, datetime) else "on"
        case ("name", name):
            return "on" if name == "on" else "at"
        case ("when", _, *others) | (_, *others):
            return "at" if all(kind(each) == "at" for each in others) else "on"
    raise AssertionError(tree)


def written(tree: Tree) -> str:
    match tree:
        case ("number", value):
            return f"{value:f}"
        case ("text", value):
            return quoted(value)
        case ("moment", value):
            return f'"{value.isoformat()}"'
        case ("truth", value):
            return "true" if value else "false"
        case ("name", name):
            return str(name)
        case ("neg", value):
            return f"-({written(value)})"
        case ("not", value):
            return f"not ({written(value)})"
        case ("ifelse", test, this, otherwise):
            return f"({written(this)} if {written(test)} else {written(otherwise)})"
        case ("between", low, value, high):
            return f"(({written(low)}) < ({written(value)}) <= ({written(high)}))"
        case (("in" | "not in") as word, value, members):
            return f"({written(value)} {word} ({', '.join(map(quoted, members))},))"
        case ("round", value, places):
            return f"round({written(value)}, {places})"
        case (sign, *operands) if not sign.replace("_", "").isalpha() or sign in ("and", "or"):
            return "(" + f" {sign} ".join(f"({written(each)})" for each in operands) + ")"
        case (function, *operands):
            return f"{function}({', '.join(written(each) for each in operands)})"
    raise AssertionError(tree)


def quoted(text: str) -> str:
    return f"'{text}'" if '"' in text else f'"{text}"'


def day(value: Any) -> Any:
    return value.date() if isinstance(value, datetime) else value


def alike(tree: Tree, values: list[Any], parts: list[Tree]) -> list[Any]:
    """Days where a day stands beside a moment."""
    if any(isinstance(each, date) for each in values):
        kinds = {kind(part) for part in parts}
        return [day(each) for each in values] if "on" in kinds else values
    return values


def working(start: date, end: date) -> int:
    if end < start:
        return -working(end, start)
    days = (start + timedelta(days=n) for n in range(1, (end - start).days + 1))
    return sum(HOLIDAYS.is_work_day(each, BankHolidays.ENGLAND_AND_WALES) for each in days)


class Blank(Exception):
    """The first operand that is blank decides."""


def walk(tree: Tree, record: dict[str, Any]) -> Any:
    def all_there(*parts: Tree) -> list[Any]:
        found = []
        for part in parts:
            value = walk(part, record)
            if value is None:
                raise Blank
            found.append(value)
        return found

    operation, *parts = tree
    match operation:
        case "number" | "text" | "moment" | "truth":
            return parts[0]
        case "name":
            return record[parts[0]]
        case "when" | "ifelse":
            chosen = parts[1] if walk(parts[0], record) is True else parts[2]
            return alike(tree, [walk(chosen, record)], parts[1:])[0]
        case "coalesce":
            for part in parts:
                value = walk(part, record)
                if value is not None:
                    return alike(tree, [value], parts)[0]
            return None
        case "and":
            return all(walk(part, record) is True for part in parts)
        case "or":
            return any(walk(part, record) is True for part in parts)
        case "not":
            return walk(parts[0], record) is not True
        case "blank":
            return walk(parts[0], record) is None
    truth = operation in ("==", "!=", "<", "<=", ">", ">=", "between", "in", "not in")
    truth = truth or operation in ("contains", "starts_with")
    try:
        if operation in ("in", "not in"):
            (value,) = all_there(parts[0])
            return (value in parts[1]) == (operation == "in")
        if operation == "round":
            (value,) = all_there(parts[0])
            return Decimal(value).quantize(Decimal(1).scaleb(-parts[1]), ROUND_HALF_UP)
        values = all_there(*parts)
        if operation in ("days", "working_days"):
            start, end = map(day, values)
            return (end - start).days if operation == "days" else working(start, end)
        return applied(operation, alike(tree, values, parts))
    except Blank:
        return False if truth else None


def applied(operation: str, values: list[Any]) -> Any:
    first, second = values[0], values[-1]
    match operation:
        case "+":
            return first + second
        case "-":
            return first - second
        case "*":
            return first * second
        case "/" | "percent":
            if second == 0:
                raise Impossible
            return (first * 100 if operation == "percent" else Decimal(first)) / Decimal(second)
        case "neg":
            return -first
        case "abs":
            return abs(first)
        case "month" | "year":
            return getattr(first, operation)
        case "min" | "max":
            return min(values) if operation == "min" else max(values)
        case "between":
            return first < values[1] <= second
        case "contains":
            return second in first
        case "starts_with":
            return first.startswith(second)
        case "==":
            return first == second
        case "!=":
            return first != second
        case "<":
            return first < second
        case "<=":
            return first <= second
        case ">":
            return first > second
        case ">=":
            return first >= second
    raise AssertionError(operation)


def interpreted(tree: Tree, record: dict[str, Any]) -> Any:
    try:
        value = walk(tree, record)
        number = isinstance(value, int | Decimal) and not isinstance(value, bool)
        if number and abs(value) >= 10**18:
            return Impossible
        return value
    except (Impossible, ArithmeticError):
        return Impossible
