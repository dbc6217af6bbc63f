"""A plain interpreter of expression trees.

It works on trees of (operation, operands...), writes them as text, and shares nothing with the
language's parser, translator or functions.
"""

from calendar import monthrange
from datetime import date, datetime, time, timedelta
from decimal import ROUND_HALF_EVEN, ROUND_HALF_UP, Decimal
from itertools import pairwise
from math import floor
from typing import Any
from zoneinfo import ZoneInfo

from govuk_bank_holidays.bank_holidays import BankHolidays

HOLIDAYS = frozenset(
    each["date"]
    for each in BankHolidays(use_cached_holidays=True).get_holidays(BankHolidays.ENGLAND_AND_WALES)
)
LONDON = ZoneInfo("Europe/London")
# What the fuzzed expressions look into: a ward's name and number, by its code.
WARDS: dict[str, dict[str, Any]] = {
    "Noise": {"name": "dogs", "number": 7},
    "dogs": {"name": None, "number": -2},
    "": {"name": "Noise", "number": None},
    "3": {"name": "Noise from dogs", "number": 0},
}
# Labels of periods, and the days that they end with; others name none.
LABELS = {
    "2013/14": date(2014, 3, 31),
    "2024/25 Q3": date(2024, 12, 31),
    "2019": date(2019, 12, 31),
    "Feb-24": date(2024, 2, 29),
    "2010-11": date(2010, 11, 30),
    "2010-2011": date(2011, 3, 31),
}
# Accounting periods, and the first days of their months; one without its year has none.
PERIODS = {
    "2023-24-P01": date(2023, 4, 1),
    "2023-24-P09": date(2023, 12, 1),
    "2023-2024-P10": date(2024, 1, 1),
    "2023-24-P12": date(2024, 3, 1),
    "2023-24-P13": date(2024, 3, 1),
    "1999-00-P11": date(2000, 2, 1),
    "P07": None,
}
OF_DAYS = (
    *("days", "working_days", "age", "months", "weekday", "financial_year", "academic_year"),
    *("month", "year", "add_days", "add_months", "add_working_days"),
)
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
        case ("add_days" | "add_months" | "add_working_days" | "period_end" | "month_of", *_):
            return "on"
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
        case ("band", value, limits):
            return f"band({written(value)}, {', '.join(map(str, limits))})"
        case ("lookup", key, field):
            return f'lookup("wards", {written(key)}, "{field}")'
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
    return sum(map(worked, days))


def worked(each: date) -> bool:
    return each.weekday() < 5 and each not in HOLIDAYS


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
        if operation == "band":
            (value,) = all_there(parts[0])
            return banded(floor(value), parts[1])
        if operation == "lookup":
            (value,) = all_there(parts[0])
            return WARDS.get(str(value), {}).get(parts[1])
        values = all_there(*parts)
        if operation in OF_DAYS:
            return of_days(operation, [day(each) for each in values])
        if operation == "hours":
            return elapsed(*values)
        return applied(operation, alike(tree, values, parts))
    except Blank:
        return False if truth else None


def banded(whole: int, limits: tuple[int, ...]) -> str:
    """Limit by limit."""
    if whole < limits[0]:
        return f"Under {limits[0]}"
    for least, beyond in pairwise(limits):
        if whole in range(least, beyond):
            return f"{least}" if beyond - least == 1 else f"{least} to {beyond - 1}"
    return f"{limits[-1]} and over"


def of_days(operation: str, values: list[Any]) -> Any:
    start, end = values[0], values[-1]
    match operation:
        case "days":
            return (end - start).days
        case "working_days":
            return working(start, end)
        case "age":
            return end.year - start.year - ((end.month, end.day) < (start.month, start.day))
        case "months":
            return completed(start, end) if start <= end else -completed(end, start)
        case "weekday":
            return start.isoweekday()
        case "financial_year":
            return start.year if start >= date(start.year, 4, 1) else start.year - 1
        case "academic_year":
            return start.year if start >= date(start.year, 9, 1) else start.year - 1
        case "month" | "year":
            return getattr(start, operation)
    if end != int(end):
        raise Impossible
    try:
        return on_the_calendar(moved(operation, start, int(end)))
    except (OverflowError, ValueError):
        raise Impossible from None


def completed(start: date, end: date) -> int:
    """Month by month, until one is not complete."""
    done = 0
    while True:
        year, month = divmod(start.year * 12 + start.month + done, 12)
        if start.day > monthrange(year, month + 1)[1]:
            reached = date(year, month + 1, monthrange(year, month + 1)[1]) + timedelta(days=1)
        else:
            reached = date(year, month + 1, start.day)
        if reached > end:
            return done
        done += 1


def moved(operation: str, start: date, number: int) -> date:
    if operation == "add_days":
        return start + timedelta(days=number)
    if operation == "add_months":
        year, month = divmod(start.year * 12 + start.month - 1 + number, 12)
        return date(year, month + 1, min(start.day, monthrange(year, month + 1)[1]))
    step = timedelta(days=1 if number > 0 else -1)
    while number:
        start = on_the_calendar(start + step)
        if worked(start):
            number -= step.days
    return start


def on_the_calendar(found: date) -> date:
    if not 1900 <= found.year <= 2199:
        raise Impossible
    return found


def elapsed(start: Any, end: Any) -> Decimal:
    """The hours between two moments, each so far from Greenwich as London then was."""
    moments = [
        each if isinstance(each, datetime) else datetime.combine(each, time())
        for each in (start, end)
    ]
    there = [each - (each.replace(tzinfo=LONDON).utcoffset() or timedelta()) for each in moments]
    seconds = Decimal((there[1] - there[0]) // timedelta(seconds=1))
    return (seconds / 3600).quantize(Decimal("1e-9"), ROUND_HALF_EVEN)


def applied(operation: str, values: list[Any]) -> Any:
    first, second = values[0], values[-1]
    match operation:
        case "+":
            return first + second
        case "-":
            return first - second
        case "*":
            return first * second
        case "/" | "percent" | "rate":
            whole = values[1]
            if whole == 0:
                raise Impossible
            per = {"percent": 100, "rate": second}.get(operation, 1)
            return Decimal(first * per) / Decimal(whole)
        case "hour":
            return first.hour
        case "period_end":
            if first not in LABELS:
                raise Impossible
            return LABELS[first]
        case "month_of":
            if first not in PERIODS:
                raise Impossible
            return PERIODS[first]
        case "lower":
            return first.lower()
        case "neg":
            return -first
        case "abs":
            return abs(first)
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
