"""The capital programme: each scheme with its parts by the records they came from.

Rule: a part is replaced by its record, and spending adds up, so that a change costs one scheme. A
scheme that only money names is shown all the same, and is not known.
"""

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any, ClassVar

import msgspec

from services.finance.books.book import NOBODY, later, pence_or_nought
from services.finance.domain.capital import (
    budget_of,
    forecast_of,
    funding_of,
    milestone_of,
    movement_of,
    outcome,
    work_out,
)
from services.finance.domain.structure import place_of
from services.finance.world import Fields, Told, World
from shared.accounts.calendar import PERIODS, when_of
from shared.accounts.figures import add_lists
from shared.contracts import subjects
from shared.contracts.capital import CapitalYear, Scheme
from shared.contracts.fields import text
from shared.contracts.judged import RagState
from shared.contracts.topics import FINANCE
from shared.delivery.change import Cause, Statement

# Where a scheme keeps the parts of each role.
_PARTS = {
    "capital-budget": "budgets",
    "capital-movement": "movements",
    "capital-forecast": "forecasts",
    "capital-funding": "fundings",
    "milestone": "milestones",
}

_encode = msgspec.json.Encoder().encode
_scheme = msgspec.json.Decoder(Scheme).decode


@dataclass(slots=True)
class _Moved:
    """What a batch does to one scheme. A part that is None is gone; `spent` is what is spent more,
    and in how many more transactions, by year and period (0 for none)."""

    cause: Cause = NOBODY
    own: dict[str, Fields | None] = field(default_factory=dict)
    parts: dict[tuple[str, str], Any] = field(default_factory=dict)
    spent: defaultdict[tuple[str, int], list[int]] = field(
        default_factory=lambda: defaultdict(lambda: [0, 0])
    )


class Capital:
    """See Book. Roles: capital-scheme, and what moves one."""

    ROLES: ClassVar[tuple[str, ...]] = ("capital-scheme", "capital-posting", *_PARTS)

    def __init__(self, world: World) -> None:
        self._world = world
        self._moved: dict[str, _Moved] = {}
        self._all: Cause | None = None

    def take(self, told: Told) -> None:
        """Takes away what a record was, and adds what it is."""
        for fields, times in ((told.before, -1), (told.after, 1)):
            if fields is None:
                continue
            moved = self._at(text(fields, "scheme"), told.cause)
            if told.role == "capital-scheme":
                moved.own[told.record] = fields if times == 1 else None
            elif told.role == "capital-posting":
                when = when_of(fields)
                spent = moved.spent[(when.year, when.period) if when else ("", 0)]
                spent[0] += times * pence_or_nought(told, fields.get("amount"))
                spent[1] += times
            else:
                part = _part(told, fields) if times == 1 else None
                moved.parts[_PARTS[told.role], told.record] = part

    def pass_time(self, cause: Cause) -> None:
        """Milestones fall due, and services may stand elsewhere."""
        self._all = cause

    def _at(self, scheme: str, cause: Cause) -> _Moved:
        moved = self._moved.get(scheme)
        if moved is None:
            moved = self._moved[scheme] = _Moved()
        moved.cause = later(moved.cause, cause)
        return moved

    def settle(self) -> Iterator[Statement]:
        """The schemes that moved."""
        if self._all is not None:
            self._stir(self._all)
        named = {code: subjects.scheme(code) for code in self._moved}
        known = self._world.known(FINANCE, named.values())
        for code, moved in self._moved.items():
            subject = named[code]
            scheme = _scheme(known[subject]) if subject in known else _new(code)
            self._move(scheme, moved)
            body = _encode(scheme) if _is_there(scheme) else None
            yield Statement(FINANCE, subject, body, moved.cause)

    def _stir(self, cause: Cause) -> None:
        """What only the day moves: the schemes' own records are read again for where they stand."""
        for told in self._world.of_role("capital-scheme"):
            self.take(told._replace(cause=cause))
        for _, body in self._world.scan(FINANCE, "scheme/"):
            scheme = _scheme(body)
            milestones = scheme.milestones.values()
            if any(each.outcome != outcome(each, self._world.today) for each in milestones):
                self._at(scheme.scheme, cause)

    def _move(self, scheme: Scheme, moved: _Moved) -> None:
        if moved.own:
            there = {record: each for record, each in moved.own.items() if each is not None}
            self._own(scheme, there[max(there)] if there else None)
        for (name, record), part in moved.parts.items():
            parts = getattr(scheme, name)
            if part is None:
                parts.pop(record, None)
            else:
                parts[record] = part
        for name in _PARTS.values():
            setattr(scheme, name, dict(sorted(getattr(scheme, name).items())))
        for (year, period), (amount, transactions) in moved.spent.items():
            _spend(scheme, year, period, amount, transactions)
        scheme.spend = {year: scheme.spend[year] for year in sorted(scheme.spend)}
        work_out(scheme, self._world.accounts.variance, self._world.today)

    def _own(self, scheme: Scheme, fields: Fields | None) -> None:
        """What the scheme's own record says of it."""
        scheme.known = fields is not None
        fields = fields or {}
        service = text(fields, "service")
        services = self._world.catalogue.services
        directorate, portfolio = place_of(services, service, self._world.today)
        scheme.title, scheme.service = text(fields, "title"), service
        scheme.directorate = directorate
        scheme.portfolio = text(fields, "portfolio") or portfolio
        scheme.manager, scheme.status = text(fields, "manager"), text(fields, "status")
        scheme.summary = text(fields, "summary")


def _part(told: Told, fields: Fields) -> Any:
    if told.role == "milestone":
        return milestone_of(fields)
    amount = pence_or_nought(told, fields.get("amount"))
    if told.role == "capital-budget":
        return budget_of(fields, amount)
    if told.role == "capital-movement":
        return movement_of(fields, amount)
    if told.role == "capital-forecast":
        return forecast_of(fields, amount)
    return funding_of(fields, amount)


def _new(code: str) -> Scheme:
    return Scheme(
        scheme=code, title="", known=False, years={}, total=CapitalYear(), rag=RagState("", "")
    )


def _spend(scheme: Scheme, year: str, period: int, amount: int, transactions: int) -> None:
    """Adds spending; what no period can take is in the year without a name."""
    of_year = scheme.years.setdefault(year, CapitalYear())
    of_year.spend += amount
    of_year.transactions += transactions
    if not period:
        return
    added = [0] * PERIODS
    added[period - 1] = amount
    by_period = add_lists(scheme.spend.pop(year, []), added)
    if by_period:
        scheme.spend[year] = by_period


def _is_there(scheme: Scheme) -> bool:
    """Whether any record names it."""
    return (
        scheme.known
        or any(getattr(scheme, name) for name in _PARTS.values())
        or any(year.transactions for year in scheme.years.values())
    )
