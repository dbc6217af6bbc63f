"""Virements, and what they do to budgets.

Rule: a virement's lines are kept in its state by their records. Whatever counted before is taken
back from the budgets, and whatever counts now is added, so that a line, an approval and a fund may
come in any order.
"""

from collections.abc import Iterator
from typing import ClassVar

import msgspec

from services.finance.books.book import later, pence_or_nought
from services.finance.books.cost_centres import CostCentres
from services.finance.domain.virements import line_of, virement
from services.finance.world import Told, World
from shared.contracts import subjects
from shared.contracts.finance import Virement, VirementLine
from shared.contracts.topics import FINANCE
from shared.delivery.change import Cause, Statement

_encode = msgspec.json.Encoder().encode
_virement = msgspec.json.Decoder(Virement).decode


class Virements:
    """See Book. Roles: virement; cost-centre, since a virement must stay within a fund."""

    ROLES: ClassVar[tuple[str, ...]] = ("virement", "cost-centre")

    def __init__(self, world: World, cost_centres: CostCentres) -> None:
        self._world = world
        self._cost_centres = cost_centres
        self._lines: dict[str, dict[str, VirementLine | None]] = {}
        self._causes: dict[str, Cause] = {}
        self._stirred: dict[str, Cause] = {}
        self._all: Cause | None = None

    def take(self, told: Told) -> None:
        """Takes in lines that came, changed or went."""
        for fields, there in ((told.before, False), (told.after, True)):
            if fields is None:
                continue
            if told.role == "cost-centre":
                code = str(fields.get("cost_centre") or "")
                self._stirred[code] = later(self._stirred.get(code), told.cause)
                continue
            reference = str(fields.get("reference") or "")
            line = line_of(fields, pence_or_nought(told, fields.get("amount"))) if there else None
            self._lines.setdefault(reference, {})[told.record] = line
            self._causes[reference] = later(self._causes.get(reference), told.cause)

    def pass_time(self, cause: Cause) -> None:
        """A cost centre may stand in another fund from today."""
        self._all = cause

    def settle(self) -> Iterator[Statement]:
        """The virements that moved; the cost centres are told what that does to their budgets."""
        known = {state.reference: state for state in map(_virement, self._known().values())}
        for reference, cause in self._causes.items():
            old = known.get(reference)
            lines = {} if old is None else dict(old.lines)
            for record, line in self._lines.get(reference, {}).items():
                if line is None:
                    lines.pop(record, None)
                else:
                    lines[record] = line
            fund_of = self._world.structure.fund
            new = virement(reference, lines, self._world.accounts, fund_of)
            for state, times in ((old, -1), (new, 1)):
                for line in state.lines.values() if state and state.applied else ():
                    self._cost_centres.virement(line, times, cause)
            body = None if new is None else _encode(new)
            yield Statement(FINANCE, subjects.virement(reference), body, cause)

    def _known(self) -> dict[str, bytes]:
        """What was said of those that moved, and of those in cost centres that may have."""
        found: dict[str, bytes] = {}
        if self._stirred or self._all is not None:
            for subject, body in self._world.scan(FINANCE, "virement/"):
                state = _virement(body)
                centres = {line.cost_centre for line in state.lines.values()}
                causes = [self._stirred[code] for code in centres & self._stirred.keys()]
                cause = self._all or max(causes, key=lambda each: each.origin, default=None)
                if cause is not None:
                    self._causes.setdefault(state.reference, cause)
                    found[subject] = body
        wanted = [subjects.virement(each) for each in self._causes]
        return found | self._world.known(FINANCE, wanted)
