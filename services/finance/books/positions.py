"""Positions: every node that cost centres are counted in, moved by what these move by.

Rule: a node's lines are the sums of its cost centres' lines, so every cut adds up to the same.
"""

from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

import msgspec

from services.finance.books.book import NOBODY, later
from services.finance.domain.cost_centres import (
    Place,
    Standing,
    contributions,
    difference,
    standing,
)
from services.finance.world import World
from shared.accounts.calendar import reporting_period
from shared.accounts.figures import add_line, figures, is_empty, judge, spending_budget
from shared.contracts import subjects
from shared.contracts.finance import CostCentreYear, Figures, Line, Position
from shared.contracts.judged import RagState
from shared.contracts.topics import FINANCE
from shared.delivery.change import Cause, Statement

_encode = msgspec.json.Encoder().encode
_position = msgspec.json.Decoder(Position).decode


def judged(world: World, lines: Mapping[str, Line], period: int) -> tuple[Figures, RagState]:
    found = figures(lines.values(), period)
    spending = spending_budget(lines.values(), period)
    return found, judge(found, world.accounts.variance, spending)


@dataclass(slots=True)
class _Move:
    """What is added to the lines of a node, and to the number of its cost centres."""

    lines: dict[str, Line] = field(default_factory=dict)
    centres: int = 0
    cause: Cause = NOBODY

    def add(self, lines: Mapping[str, Line], times: int, centres: int, cause: Cause) -> None:
        """Adds lines (times 1) or takes them away (times -1)."""
        for group, line in lines.items():
            into = self.lines.get(group)
            if into is None:
                into = self.lines[group] = Line()
            add_line(into, line, times)
        self.centres += centres
        self.cause = later(self.cause, cause)


class Positions:
    """The positions of nodes, moved by the cost centres counted in them."""

    def __init__(self, world: World) -> None:
        self._world = world
        # First by where cost centres stand: those that stand together move the same nodes.
        self._moves: defaultdict[Standing, _Move] = defaultdict(_Move)

    def move(self, old: CostCentreYear | None, new: CostCentreYear | None, cause: Cause) -> None:
        """Takes what a cost centre's year was from its nodes, and adds what it is to its nodes."""
        was, now = (None if each is None else standing(each) for each in (old, new))
        if was == now:
            assert old is not None and new is not None and now is not None
            self._moves[now].add(difference(old.lines, new.lines), 1, 0, cause)
            return
        for state, stands, times in ((old, was, -1), (new, now, 1)):
            if state is not None and stands is not None:
                self._moves[stands].add(state.lines, times, times, cause)

    def settle(self, all_of_them: Cause | None) -> Iterator[Statement]:
        """The positions that moved; all, where the day did."""
        moves: defaultdict[Place, _Move] = defaultdict(_Move)
        for stands, move in self._moves.items():
            for place, lines in contributions(stands, move.lines):
                moves[place].add(lines, 1, move.centres, move.cause)
        if all_of_them is not None:
            for _, said in self._world.scan(FINANCE, "position/"):
                held = _position(said)
                place = (held.basis, held.year, held.fund, held.level, held.node)
                moves[place].add({}, 1, 0, all_of_them)
        named = {place: subjects.position(*place) for place in moves}
        known = self._world.known(FINANCE, named.values())
        for place, subject in named.items():
            old = _position(known[subject]) if subject in known else None
            move = moves[place]
            centres = (old.cost_centres if old else 0) + move.centres
            lines = _added({} if old is None else old.lines, move.lines)
            body = None if not centres else _encode(self._state(place, lines, centres))
            yield Statement(FINANCE, subject, body, move.cause)

    def _state(self, place: Place, lines: dict[str, Line], centres: int) -> Position:
        basis, year, fund, level, node = place
        period = reporting_period(year, self._world.today)
        found, rag = judged(self._world, lines, period)
        return Position(
            basis=basis,
            year=year,
            fund=fund,
            level=level,
            node=node,
            period=period,
            figures=found,
            rag=rag,
            lines=lines,
            cost_centres=centres,
        )


def _added(old: Mapping[str, Line], moved: Mapping[str, Line]) -> dict[str, Line]:
    """Lines with what moved added, without those that hold nothing any more."""
    lines = dict(old)
    for group, line in moved.items():
        if group in lines:
            add_line(line, lines[group])
        lines[group] = line
        if is_empty(line):
            del lines[group]
    return dict(sorted(lines.items()))
