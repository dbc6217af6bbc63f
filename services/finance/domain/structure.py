"""Where a cost centre stands: its service and fund from its own records, and the directorate and
portfolio of that service from the catalogue, each as it was at a time.

Rule: a cost centre that is known at all stands somewhere at any time: in the row in force, else in
the nearest earlier one, else in its first. One that no record names stands nowhere, and is shown.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from datetime import date
from typing import Any, NamedTuple

from shared.accounts.calendar import PERIODS, When, month_of
from shared.catalogue.kinds_of_period import last_day, month_number
from shared.catalogue.model import Catalogue
from shared.contracts.fields import text
from shared.contracts.finance import Node

NOWHERE = Node()


class Row(NamedTuple):
    """What a record says of a cost centre, from one day to another; blank days have no end."""

    since: str
    key: str
    until: str
    name: str
    service: str
    fund: str
    manager: str


def row_of(key: str, fields: Mapping[str, Any]) -> Row:
    """Reads a record of a cost centre."""

    return Row(
        since=text(fields, "valid_from")[:10],
        key=key,
        until=text(fields, "valid_to")[:10],
        name=text(fields, "name"),
        service=text(fields, "service"),
        fund=text(fields, "fund"),
        manager=text(fields, "manager"),
    )


class Structure:
    """The structure that these records and this catalogue make, seen from a day (ISO date)."""

    def __init__(self, rows: Iterable[tuple[str, Row]], catalogue: Catalogue, today: str) -> None:
        found: defaultdict[str, list[Row]] = defaultdict(list)
        for cost_centre, row in rows:
            found[cost_centre].append(row)
        self._rows = {code: sorted(each) for code, each in found.items()}
        self._services = catalogue.services
        self.today = today
        self._years: dict[tuple[str, str], list[Node]] = {}

    def row(self, cost_centre: str) -> Row | None:
        """What is known of a cost centre today."""
        return self._in_force(cost_centre, self.today)

    def now(self, cost_centre: str) -> Node:
        """Where it stands today."""
        return self._node(cost_centre, self.today)

    def was(self, cost_centre: str, year: str) -> list[Node]:
        """Where it stood in each of P01 to P13, on the last day of the period's month."""
        nodes = self._years.get((cost_centre, year))
        if nodes is None:
            nodes = [
                self._node(cost_centre, _end_of(month_of(When(year, period))).isoformat())
                for period in range(1, PERIODS + 1)
            ]
            self._years[cost_centre, year] = nodes
        return nodes

    def fund(self, cost_centre: str) -> str:
        """Its fund today; empty where no structure names it."""
        return self.now(cost_centre).fund

    def moves_between(self, since: date, today: date) -> bool:
        """Whether where anything stands today can be another than it was on the day `since`."""
        first, last = since.isoformat(), today.isoformat()
        if first[:7] != last[:7]:
            return True
        return any(
            first < row.since <= last or (row.until and first <= row.until < last)
            for rows in self._rows.values()
            for row in rows
        )

    def _in_force(self, cost_centre: str, day: str) -> Row | None:
        rows = self._rows.get(cost_centre)
        if rows is None:
            return None
        begun = [row for row in rows if row.since <= day]
        for row in reversed(begun):
            if not row.until or day <= row.until:
                return row
        return begun[-1] if begun else rows[0]

    def _node(self, cost_centre: str, day: str) -> Node:
        row = self._in_force(cost_centre, day)
        if row is None:
            return NOWHERE
        directorate, portfolio = place_of(self._services, row.service, day)
        return Node(row.fund, row.service, directorate, portfolio)


def place_of(services: Mapping[str, Any], service: str, day: str) -> tuple[str, str]:
    """The directorate and the portfolio of a service on a day; empty where it has none."""
    found = services.get(service)
    if found is None:
        return "", ""
    placed = next((each for each in found.earlier if day[:7] <= each.until), found)
    return placed.directorate or "", placed.portfolio or ""


def _end_of(month: str) -> date:
    return last_day(month_number(month))
