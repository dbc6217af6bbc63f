"""Revenue: each cost centre's year, and the position of every node that it is counted in.

Rule: a cost centre's year is moved by what its records add and take away, and a node's by what its
cost centres' years add and take away. So a late posting costs the same however many are held, and
the sum over any cut is the sum over the cost centres.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import ClassVar

import msgspec

from services.finance.books.book import NOBODY, later, pence_or_nought
from services.finance.books.positions import Positions, judged
from services.finance.domain.cost_centres import (
    Sums,
    add_budget,
    add_sums,
    add_virement,
    forecast_of,
    no_sums,
    stand,
)
from services.finance.world import Fields, Told, World
from shared.accounts.calendar import reporting_period, when_of
from shared.contracts import subjects
from shared.contracts.finance import CostCentreYear, Forecast, Position, VirementLine
from shared.contracts.topics import FINANCE
from shared.delivery.change import Cause, Statement

_encode = msgspec.json.Encoder().encode
_year = msgspec.json.Decoder(CostCentreYear).decode
_position = msgspec.json.Decoder(Position).decode

Key = tuple[str, str]


@dataclass(slots=True)
class _Moved:
    """What a batch does to one cost centre's year."""

    cause: Cause = NOBODY
    sums: Sums = field(default_factory=no_sums)
    forecasts: dict[str, Forecast | None] = field(default_factory=dict)


class CostCentres:
    """See Book. Roles: cost-centre, posting, budget, commitment, forecast; virements tell it."""

    ROLES: ClassVar[tuple[str, ...]] = (
        "cost-centre",
        "posting",
        "budget",
        "commitment",
        "forecast",
    )

    def __init__(self, world: World) -> None:
        self._world = world
        self._moved: dict[Key, _Moved] = {}
        self._stirred: dict[str, Cause] = {}
        self._all: Cause | None = None
        self._group = world.subjectives.group

    def take(self, told: Told) -> None:
        """Takes away what a record was, and adds what it is."""
        role = told.role
        if role == "forecast":
            self._take_forecast(told)
            return
        for fields, times in ((told.before, -1), (told.after, 1)):
            if fields is None:
                continue
            if role == "cost-centre":
                code = str(fields.get("cost_centre") or "")
                self._stirred[code] = later(self._stirred.get(code), told.cause)
            elif role == "budget":
                self._add_budget(told, fields, times)
            else:
                self._add_amount(told, fields, times)

    def virement(self, line: VirementLine, times: int, cause: Cause) -> None:
        """Takes in that a line of a virement counts (times 1), or counts no more (times -1)."""
        moved = self._at(line.cost_centre, line.year, cause)
        add_virement(moved.sums, self._group(line.subjective), line.period, times * line.amount)

    def pass_time(self, cause: Cause) -> None:
        """Periods end, and cost centres may stand elsewhere."""
        self._all = cause

    def _at(self, cost_centre: str, year: str, cause: Cause) -> _Moved:
        moved = self._moved.get((cost_centre, year))
        if moved is None:
            moved = self._moved[cost_centre, year] = _Moved()
        moved.cause = later(moved.cause, cause)
        return moved

    def _add_amount(self, told: Told, fields: Fields, times: int) -> None:
        when = when_of(fields)
        if when is None:
            return  # in no period: its reconciliation shows it
        amount = times * pence_or_nought(told, fields.get("amount"))
        moved = self._at(str(fields.get("cost_centre")), when.year, told.cause)
        group, at = self._group(fields.get("subjective")), when.period - 1
        if told.role == "posting":
            moved.sums[group, "actual"][at] += amount
            moved.sums[group, "transactions"][at] += times
        else:
            moved.sums[group, "commitments"][at] += amount

    def _add_budget(self, told: Told, fields: Fields, times: int) -> None:
        when = when_of(fields)
        year = when.year if when else str(fields.get("year") or "")
        if not year:
            return
        amount = times * pence_or_nought(told, fields.get("amount"))
        moved = self._at(str(fields.get("cost_centre")), year, told.cause)
        group = self._group(fields.get("subjective"))
        add_budget(moved.sums, group, amount, fields, self._world.accounts)

    def _take_forecast(self, told: Told) -> None:
        for fields, made in ((told.before, False), (told.after, True)):
            when = None if fields is None else when_of(fields)
            if fields is None or when is None:
                continue
            moved = self._at(str(fields.get("cost_centre")), when.year, told.cause)
            group = self._group(fields.get("subjective"))
            amount = pence_or_nought(told, fields.get("amount"))
            one_off = pence_or_nought(told, fields.get("one_off"))
            forecast = forecast_of(fields, group, when.period, amount, one_off)
            moved.forecasts[told.record] = forecast if made else None

    # What follows.

    def settle(self) -> Iterator[Statement]:
        """The cost centres' years that moved, and the positions that they move."""
        positions = Positions(self._world)
        touched = dict(self._touched())
        known = self._world.known(
            FINANCE, [subjects.cost_centre_year(year, code) for code, year in touched]
        )
        for (code, year), moved in touched.items():
            subject = subjects.cost_centre_year(year, code)
            old = _year(known[subject]) if subject in known else None
            new = self._settled(code, year, old, moved)
            if new == old:
                continue
            positions.move(old, new, moved.cause)
            yield Statement(FINANCE, subject, None if new is None else _encode(new), moved.cause)
        yield from positions.settle(self._all)

    def _touched(self) -> Iterator[tuple[Key, _Moved]]:
        """What records moved, and what only stands elsewhere or at another period."""
        yield from self._moved.items()
        if not self._stirred and self._all is None:
            return
        for _, body in self._world.scan(FINANCE, "cost-centre/"):
            state = _year(body)
            cause = self._all or self._stirred.get(state.cost_centre)
            key = (state.cost_centre, state.year)
            if cause is not None and key not in self._moved:
                yield key, _Moved(cause)

    def _settled(
        self, code: str, year: str, old: CostCentreYear | None, moved: _Moved
    ) -> CostCentreYear | None:
        lines = {}
        if old is not None:
            # Lists are never changed in place, so a copy of each line is enough.
            lines = {group: msgspec.structs.replace(line) for group, line in old.lines.items()}
        forecasts = {} if old is None else dict(old.forecasts)
        add_sums(lines, moved.sums)
        for record, forecast in moved.forecasts.items():
            if forecast is None:
                forecasts.pop(record, None)
            else:
                forecasts[record] = forecast
        stand(lines, forecasts.values())
        if not lines and not forecasts:
            return None
        structure = self._world.structure
        row = structure.row(code)
        period = reporting_period(year, self._world.today)
        found, rag = judged(self._world, lines, period)
        return CostCentreYear(
            cost_centre=code,
            year=year,
            name=row.name if row else "",
            known=row is not None,
            is_now=structure.now(code),
            was=structure.was(code, year),
            period=period,
            figures=found,
            rag=rag,
            lines=dict(sorted(lines.items())),
            forecasts=dict(sorted(forecasts.items())),
            manager=row.manager if row else "",
        )
