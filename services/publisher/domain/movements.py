"""How the register moved in a quarter: what is new, closed, up, down, escalated, de-escalated.

Rule: a score that a quarter began with is the last one found before its first day, the score that
it ended with the last one found by its last day. A risk that is new in a quarter had no score
before, so it is neither up nor down; nor is one that had left the register already.
"""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date

from services.publisher.domain.contracts import count
from shared.catalogue import periods
from shared.catalogue.kinds_of_period import year_code
from shared.catalogue.periods import Period
from shared.contracts.risks import Risk, Scored

KINDS = ("new", "closed", "up", "down", "escalated", "de-escalated")


@dataclass(frozen=True)
class Movement:
    """One risk that moved: scores or tiers before and after, whichever its kind has."""

    kind: str
    risk: Risk
    on: str
    before: str = ""
    after: str = ""
    reason: str = ""
    by: str = ""


@dataclass(frozen=True)
class Movements:
    """A quarter's movements by kind."""

    quarter: Period
    by_kind: dict[str, list[Movement]] = field(default_factory=dict)

    def of(self, kind: str) -> list[Movement]:
        """The movements of a kind, by reference."""
        return self.by_kind.get(kind, [])

    def every(self) -> list[Movement]:
        """All of them, kind by kind."""
        return [each for kind in KINDS for each in self.of(kind)]

    def sentence(self) -> str:
        """`2 new, none closed, 1 up, none down, none escalated, none de-escalated.`"""
        if not self.every():
            return "Nothing on the register moved."
        said = [f"{len(self.of(kind)) or 'none'} {kind}" for kind in KINDS]
        what = count(len({each.risk.reference for each in self.every()}), "risk")
        return f"{what} moved: {', '.join(said)}."


def quarter_of(day: date) -> Period:
    """The quarter that a day lies in."""
    year = day.year - (day.month < 4)
    return periods.parse_period(f"{year_code(year)}-Q{(day.month - 4) % 12 // 3 + 1}")


def movements(risks: Iterable[Risk], quarter: Period) -> Movements:
    """What moved in a quarter."""
    first, last = quarter.start.isoformat(), quarter.end.isoformat()
    by_kind: dict[str, list[Movement]] = {}
    for risk in sorted(risks, key=lambda each: each.reference):
        for each in _of(risk, first, last):
            by_kind.setdefault(each.kind, []).append(each)
    return Movements(quarter, by_kind)


def _of(risk: Risk, first: str, last: str) -> Iterable[Movement]:
    new = first <= risk.opened <= last
    if new:
        begun = risk.history[0] if risk.history else None
        after = _said(begun) if begun else f"{risk.score}, {risk.band}"
        yield Movement("new", risk, risk.opened, after=after)
    if not risk.open and first <= risk.closed <= last:
        yield Movement("closed", risk, risk.closed, before=f"{risk.score}, {risk.band}")
    gone = not risk.open and bool(risk.closed) and risk.closed < first
    if not new and not gone:
        yield from _rescored(risk, first, last)
    for move in risk.moves:
        if move.direction and first <= move.on <= last:
            yield Movement(
                move.direction, risk, move.on, move.came_from, move.tier, move.reason, move.by
            )


def _rescored(risk: Risk, first: str, last: str) -> Iterable[Movement]:
    before = [each for each in risk.history if each.on < first]
    within = [each for each in risk.history if first <= each.on <= last]
    if not before or not within:
        return
    was, now = before[-1], within[-1]
    if was.score == now.score:
        return
    # The reason is that of the review which brought the score, not of a later one that left it.
    brought = now
    for each in reversed(within):
        if each.score != now.score:
            break
        brought = each
    kind = "up" if now.score > was.score else "down"
    yield Movement(kind, risk, brought.on, _said(was), _said(now), brought.reason, brought.by)


def _said(found: Scored) -> str:
    return f"{found.score}, {found.band}"
