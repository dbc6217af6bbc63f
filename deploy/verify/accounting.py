"""The council's accounts as the recompute reads them: periods, pence, and records by their role.

Rule: a year is the code of a financial year (2025-26), a period a number from 1 (April) to 13; a
period that names its year stands in that one, any other in the record's `year`, else in the year of
its `date`; without a period, the month of the date counts. What cannot be read is in no period. An
amount that is blank or has part of a penny is nought, and its record counts all the same.
"""

import re
from collections.abc import Mapping, Sequence
from datetime import date
from fractions import Fraction
from typing import Any, NamedTuple
from urllib.parse import quote

from deploy.verify.dates import DAY, first_day, last_day, month_number, month_of
from deploy.verify.money import pence
from deploy.verify.source import Definitions, Json, Record

PERIODS = 13
APRIL = 3
YEAR = re.compile(r"[0-9]{4}-(?:[0-9]{2}|[0-9]{4})", re.ASCII)
PERIOD = re.compile(r"(?:(?P<year>[0-9]{4}-[0-9]{2,4})-)?P(?P<number>[0-9]{2})", re.ASCII)
MONTH = re.compile(r"[0-9]{4}-(?:0[1-9]|1[0-2])(?![0-9])", re.ASCII)


class When(NamedTuple):
    """A place in the accounts."""

    year: str
    period: int


class Entry(NamedTuple):
    """A record of a role, by its subject on irf.records."""

    subject: str
    fields: Json

    def text(self, name: str) -> str:
        """A field as text; empty where it is blank."""
        value = self.fields.get(name)
        return "" if value is None else str(value)

    def day(self, name: str) -> str:
        """A field as an ISO date; empty where it is blank."""
        return self.text(name)[:10]

    def pence(self, name: str = "amount") -> int:
        """A field as pence, nought where there are none."""
        return pence(self.fields.get(name)) or 0

    def number(self, name: str) -> int:
        """A whole number, nought where it is blank."""
        return int(self.fields.get(name) or 0)

    @property
    def when(self) -> When | None:
        """Where it stands in the accounts; None where it says nothing that can be read."""
        return when_of(self.fields)


def year_code(first: int) -> str:
    """The financial year that begins in April of a year. 2001-02 to 2011-12 would read as months,
    so these are written in full."""
    after = first + 1
    return (
        f"{first:04d}-{after:04d}" if 1 <= after % 100 <= 12 else f"{first:04d}-{after % 100:02d}"
    )


def of_month(month: str) -> When:
    """Where a month (2025-10) stands."""
    number = month_number(month) - APRIL
    return When(year_code(number // 12), number % 12 + 1)


def when_of(fields: Mapping[str, Any]) -> When | None:
    """Where a record stands in the accounts."""
    found = MONTH.match(str(fields.get("date") or ""))
    by_date = of_month(found[0]) if found else None
    if not fields.get("period"):
        return by_date
    named = PERIOD.fullmatch(str(fields["period"]))
    if named is None or not 1 <= int(named["number"]) <= PERIODS:
        return None
    year = named["year"] or str(fields.get("year") or "") or (by_date.year if by_date else "")
    return When(year, int(named["number"])) if YEAR.fullmatch(year) else None


def when_code(when: When) -> str:
    """`2025-26-P07`"""
    return f"{when.year}-P{when.period:02d}"


def end_of(year: str, period: int) -> date:
    """The last day of a period's month; P13 stands where P12 stands."""
    return last_day(int(year[:4]) * 12 + APRIL + min(period, 12) - 1)


def reporting_period(year: str, today: str) -> int:
    """The newest period of a year that was over on a day: 13 for a year that is past, 1 for one
    that is still to come."""
    now = of_month(today[:7])
    if int(year[:4]) < int(now.year[:4]):
        return PERIODS
    return max(1, now.period - 1) if year == now.year else 1


def spread(amount: int, shares: Sequence[int]) -> list[int]:
    """An amount by weights, to the penny: running totals rounded down towards nought."""
    sign, whole = (-1 if amount < 0 else 1), sum(shares)
    totals = [abs(amount) * sum(shares[: at + 1]) // whole for at in range(len(shares))]
    return [
        sign * (total - before) for total, before in zip(totals, [0, *totals[:-1]], strict=True)
    ]


def months_on(day: date, months: int) -> date:
    """A last day so many months on (or back): the day after it is moved and clamped to its month,
    so that the last day of March stays the last day of March."""
    after = day + DAY
    month = month_of(after) + months
    return first_day(month) + (min(after.day, last_day(month).day) - 1) * DAY - DAY


class Books:
    """The accounts' definition, the services, the day, and the records by their dataset's role,
    in the order of their subjects."""

    def __init__(
        self, definitions: Definitions, records: Mapping[str, Sequence[Record]], today: date
    ) -> None:
        self.today = today.isoformat()
        self.accounts = next(iter(definitions.of("accounts").values()), {})
        self.services = definitions.of("service")
        self.entries: dict[str, list[Entry]] = {}
        for code, dataset in definitions.of("dataset").items():
            for key, fields in records.get(code, ()):
                entry = Entry(f"{code}/{quote(key, safe='')}", fields)
                self.entries.setdefault(dataset.get("role") or "", []).append(entry)
        for entries in self.entries.values():
            entries.sort(key=lambda entry: entry.subject)
        self._groups: dict[str, str] = {}

    def of(self, role: str) -> list[Entry]:
        """Every record of a role."""
        return self.entries.get(role, [])

    def rule(self, section: str, name: str, default: int) -> Fraction:
        """A threshold of the accounts: what is left unsaid has its default."""
        return Fraction(str((self.accounts.get(section) or {}).get(name, default)))

    def group(self, account: str) -> str:
        """The subjective group of an account: named whole, or the group's own code; else by the
        longest beginning; else none."""
        if account not in self._groups:
            self._groups[account] = self._group(account)
        return self._groups[account]

    def _group(self, account: str) -> str:
        groups = self.accounts.get("subjectives") or ()
        for group in groups:
            if account in (group.get("accounts") or ()):
                return str(group["code"])
        for group in groups:
            if account == group["code"]:
                return str(group["code"])
        best, found = "", ""
        for group in groups:
            for pattern in group.get("accounts") or ():
                begins = pattern[:-1]
                if pattern.endswith("*") and account.startswith(begins) and len(begins) > len(best):
                    best, found = begins, str(group["code"])
        return found

    def shares(self, profile: str) -> list[int]:
        """The weights of P01 to P12 by a profile; even where the accounts have no such profile."""
        for each in self.accounts.get("profiles") or ():
            if each["code"] == profile:
                return [int(share) for share in each["shares"]]
        return [1] * 12

    def judge(self, budget: int, forecast: int, spending: int = 0) -> str:
        """How a forecast stands beside its budget, by the rule of the accounts; beside the budget
        for spending where the net one is nought."""
        base = abs(budget) or spending
        if not base and not forecast:
            return "information"
        over = (forecast - budget) * 100
        if over > self.rule("variance", "red_over", 2) * base:
            return "red"
        return "amber" if over > self.rule("variance", "amber_over", 0) * base else "green"
