"""The figures of the environmental protection requests, worked out again in plain Python.

Rule: this file imports nothing of ours. It reads the CSV with `csv`, dates with `datetime`, counts
with integers and fractions, and knows the bank holidays from their publisher's own list.
"""

import csv
from collections import defaultdict
from collections.abc import Iterable, Iterator
from datetime import date, datetime, timedelta
from fractions import Fraction
from pathlib import Path
from typing import NamedTuple
from urllib.parse import quote

from govuk_bank_holidays.bank_holidays import BankHolidays

MOMENT = "%d/%m/%Y %I:%M:%S %p"
HOLIDAYS = {
    each["date"]
    for each in BankHolidays(use_cached_holidays=True).get_holidays(
        division=BankHolidays.ENGLAND_AND_WALES
    )
}
EVERY_KIND = ("month", "quarter", "financial-year", "year-to-date")

Row = dict[str, str]
# A month as a number, so that months can be counted on.
Month = int


class Case(NamedTuple):
    """A request, as far as the figures go."""

    received: date
    closed: date | None
    members: tuple[str, ...]


class Value(NamedTuple):
    """What is published: the figure, and what each measure came to over how many records."""

    value: str | None
    measures: dict[str, tuple[Fraction | None, int]]


def rows(path: Path) -> list[Row]:
    with path.open(encoding="utf-8-sig", newline="") as file:
        return list(csv.DictReader(file))


def day(text: str) -> date:
    return datetime.strptime(text.strip(), MOMENT).date()  # noqa: DTZ007 - the file's wall clock


def case(row: Row) -> Case:
    closed = row["ClosedDate"].strip()
    return Case(
        day(row["ReceivedDate"]),
        day(closed) if closed else None,
        (
            "",
            f"/ward={quote(row['Ward'].strip(), safe='')}",
            f"/kind={quote(row['Kind'].strip(), safe='')}",
        ),
    )


def month_of(when: date) -> Month:
    return when.year * 12 + when.month - 1


def april_of(month: Month) -> Month:
    return month - (month - 3) % 12


def year_code(april: Month) -> str:
    year = april // 12
    return f"{year}-{(year + 1) % 100:02}"


def month_code(month: Month) -> str:
    return f"{month // 12}-{month % 12 + 1:02}"


def span(code: str) -> tuple[str, Month, Month]:
    """The kind of a period, and its first and last month."""
    parts = code.split("-")
    first = int(parts[0]) * 12
    if len(parts) == 2 and code == month_code(first + int(parts[1]) - 1) and int(parts[1]) <= 12:
        return "month", first + int(parts[1]) - 1, first + int(parts[1]) - 1
    april = first + 3
    assert code.startswith(year_code(april)), code
    if len(parts) == 2:
        return "financial-year", april, april + 11
    if len(parts) == 3:
        begins = april + 3 * (int(parts[2][1]) - 1)
        return "quarter", begins, begins + 2
    return "year-to-date", april, april + (int(parts[3]) - 4) % 12


def codes(month: Month, horizon: Month) -> Iterator[str]:
    """Every period that a month is part of, a year to date up to the horizon."""
    april = april_of(month)
    yield month_code(month)
    yield f"{year_code(april)}-Q{(month - april) // 3 + 1}"
    yield year_code(april)
    for last in range(month, min(april + 11, horizon) + 1):
        yield f"{year_code(april)}-to-{last % 12 + 1:02}"


def working_days(start: date, end: date) -> int:
    passed = (start + timedelta(days=n) for n in range(1, (end - start).days + 1))
    return sum(each.weekday() < 5 and each not in HOLIDAYS for each in passed)


def half_up(number: Fraction, places: int) -> str:
    scaled = number * 10**places
    whole = (2 * scaled.numerator + scaled.denominator) // (2 * scaled.denominator)
    digits = str(whole).zfill(places + 1)
    return f"{digits[:-places]}.{digits[-places:]}" if places else digits


class Plain:
    """All of the figures over a set of cases."""

    def __init__(self, cases: Iterable[Case]) -> None:
        self.cases = list(cases)
        # (measure, member) -> month -> amounts
        self._found: dict[tuple[str, str], dict[Month, list[int]]] = defaultdict(
            lambda: defaultdict(list)
        )
        for each in self.cases:
            for member in each.members:
                self._count(each, member)

    def _count(self, each: Case, member: str) -> None:
        opened = month_of(each.received)
        self._found["ep-received", member][opened].append(1)
        self._found["ep-open", member][opened].append(1)
        if each.closed is None:
            return
        closed = month_of(each.closed)
        self._found["ep-open", member][max(opened, closed)].append(-1)
        if each.closed < each.received:
            return
        self._found["ep-closed", member][closed].append(1)
        self._found["ep-days-to-close", member][closed].append((each.closed - each.received).days)
        if working_days(each.received, each.closed) <= 10:
            self._found["ep-closed-in-10", member][closed].append(1)

    def _over(self, measure: str, member: str, first: Month, last: Month) -> list[int]:
        months = self._found.get((measure, member), {})
        return [n for month, amounts in months.items() if first <= month <= last for n in amounts]

    def value(self, subject: str) -> Value:
        """What must be published under a subject such as `EP02/2018-19-Q3/ward=27`."""
        indicator, period, *rest = subject.split("/", 2)
        member = f"/{rest[0]}" if rest else ""
        _, first, last = span(period)

        def over(measure: str) -> list[int]:
            return self._over(measure, member, first, last)

        if indicator == "EP01":
            count = len(over("ep-received"))
            return Value(str(count), {"ep-received": (Fraction(count), count)})
        if indicator == "EP02":
            closed, quick = len(over("ep-closed")), len(over("ep-closed-in-10"))
            share = half_up(Fraction(100 * quick, closed), 1) if closed else None
            return Value(
                share,
                {"ep-closed": (Fraction(closed), closed),
                 "ep-closed-in-10": (Fraction(quick), quick)},
            )  # fmt: skip
        if indicator == "EP03":
            days = over("ep-days-to-close")
            mean = Fraction(sum(days), len(days)) if days else None
            text = None if mean is None else half_up(mean, 1)
            return Value(text, {"ep-days-to-close": (mean, len(days))})
        assert indicator == "EP04", subject
        stock = sum(self._over("ep-open", member, 0, last))
        return Value(str(stock), {"ep-open": (Fraction(stock), stock)})

    def subjects(self) -> set[str]:
        """Every figure that must be there: where a request counts, or is open."""
        found: set[str] = set()
        by_indicator = (("EP01", ["ep-received"]), ("EP03", ["ep-days-to-close"]),
                        ("EP02", ["ep-closed", "ep-closed-in-10"]))  # fmt: skip
        for indicator, measures in by_indicator:
            horizon = max(max(self._found[name, ""]) for name in measures)
            for (measure, member), months in list(self._found.items()):
                if measure in measures:
                    for month in months:
                        found |= {f"{indicator}/{code}{member}" for code in codes(month, horizon)}
        opened = {k[1]: v for k, v in self._found.items() if k[0] == "ep-open"}
        horizon = max(month for month, amounts in opened[""].items() if sum(amounts))
        for member, months in opened.items():
            for month in range(min(months), horizon + 1):
                if sum(self._over("ep-open", member, 0, month)):
                    stocks = [c for c in codes(month, horizon) if span(c)[2] == month]
                    found |= {f"EP04/{c}{member}" for c in stocks if "-to-" not in c}
        return found
