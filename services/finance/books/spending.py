"""Ledgers of spending: positions by unit and month, and each ledger's control total."""

from collections.abc import Iterator, Mapping
from typing import Any, ClassVar

import msgspec

from services.finance.books.book import later, refuse
from services.finance.domain.spending import Place, Totals, Transaction, places, state, transaction
from services.finance.world import Told, World
from shared.catalogue.model import Ledger
from shared.contracts.topics import FINANCE
from shared.delivery.change import Cause, Statement

_totals = msgspec.json.Decoder(Totals).decode
_encode = msgspec.json.Encoder().encode


class Spending:
    """See Book. It takes what ledgers name, whatever its role."""

    ROLES: ClassVar[tuple[str, ...]] = ()

    def __init__(self, world: World) -> None:
        self._world = world
        self._ledgers: dict[str, list[Ledger]] = {}
        for ledger in world.catalogue.ledgers.values():
            self._ledgers.setdefault(ledger.dataset, []).append(ledger)
        self._totals: dict[Place, Totals] = {}
        self._causes: dict[Place, Cause] = {}

    def take(self, told: Told) -> None:
        """Takes away what a record was, and adds what it is. What stays the same moves nothing."""
        for ledger in self._ledgers.get(told.dataset, ()):
            old = _read(ledger, told.before)
            new = _read(ledger, told.after)
            if old == new:
                continue
            if new is not None and new.refused:
                refuse(told, new.refused, ledger=ledger.code)
            for each, times in ((old, -1), (new, 1)):
                for place in () if each is None else places(ledger.code, each):
                    totals = self._totals.get(place)
                    if totals is None:
                        totals = self._totals[place] = Totals()
                    assert each is not None
                    totals.count(each, times)
                    self._causes[place] = later(self._causes.get(place), told.cause)

    def settle(self) -> Iterator[Statement]:
        """The positions that moved."""
        subjects = {place: place.subject for place in self._totals}
        known = self._world.known(FINANCE, subjects.values())
        for place, totals in self._totals.items():
            subject = subjects[place]
            if subject in known:
                totals.add(_totals(known[subject]))
            now = state(place, totals)
            body = None if now is None else _encode(now)
            yield Statement(FINANCE, subject, body, self._causes[place])

    def pass_time(self, cause: Cause) -> None:
        """Nothing here depends on the day."""


def _read(ledger: Ledger, fields: Mapping[str, Any] | None) -> Transaction | None:
    return None if fields is None else transaction(ledger, fields)
