"""Commissioning intentions.

Rule: an intention says of its contract whether what follows is decided, and learns from it when it
expires. The first needs only its own record, so it is told first; the second follows.
"""

from collections.abc import Iterable, Iterator
from typing import ClassVar, NamedTuple

import msgspec

from services.finance.books.book import later, refuse
from services.finance.domain.contracts import intention, unreadable, what_it_says
from services.finance.world import Fields, Told, World
from shared.contracts import subjects
from shared.contracts.commissioning import Intention
from shared.contracts.fields import text
from shared.contracts.topics import CONTRACTS
from shared.delivery.change import Cause, Statement

_encode = msgspec.json.Encoder().encode
_intention = msgspec.json.Decoder(Intention).decode


class Named(NamedTuple):
    """An intention says something of a contract; None: it no longer does."""

    contract: str
    intention: str
    says: str | None
    cause: Cause


class Intentions:
    """See Book. Contracts ask it who names them, and tell it when they expire."""

    ROLES: ClassVar[tuple[str, ...]] = ("intention",)

    def __init__(self, world: World) -> None:
        self._world = world
        self._records: dict[str, dict[str, Fields | None]] = {}
        self._causes: dict[str, Cause] = {}
        self._now: dict[str, dict[str, Fields]] = {}
        self._expiries: dict[str, str] = {}
        self._stirred: dict[str, tuple[str, Cause]] = {}
        self._all: Cause | None = None

    def take(self, told: Told) -> None:
        """Takes in an intention that came, changed or went."""
        for fields, there in ((told.before, False), (told.after, True)):
            if fields is None:
                continue
            reference = text(fields, "reference")
            self._records.setdefault(reference, {})[told.record] = fields if there else None
            self._causes[reference] = later(self._causes.get(reference), told.cause)
            for name in unreadable(fields, ["value"]):
                refuse(told, f"{name} is not a whole number of pence")

    def pass_time(self, cause: Cause) -> None:
        """Decisions fall due, and services move."""
        self._all = cause

    def named(self) -> Iterator[Named]:
        """What the intentions that moved say of contracts, and no longer say."""
        if self._all is not None:
            for _, body in list(self._world.scan(CONTRACTS, "intention/")):
                self._causes.setdefault(_intention(body).reference, self._all)
        known = self._world.known(CONTRACTS, map(subjects.intention, self._causes))
        held = {state.reference: state for state in map(_intention, known.values())}
        bodies = self._world.fields(
            record
            for reference, state in held.items()
            for record in state.records
            if record not in self._records.get(reference, {})
        )
        for reference, cause in self._causes.items():
            old, moved = held.get(reference), self._records.get(reference, {})
            now = {each: bodies[each] for each in old.records if each in bodies} if old else {}
            now |= {each: fields for each, fields in moved.items() if fields is not None}
            self._now[reference] = now
            follows = text(now[max(now)], "contract") if now else ""
            if old is not None and old.contract and old.contract != follows:
                yield Named(old.contract, reference, None, cause)
            if follows:
                yield Named(follows, reference, what_it_says(now[max(now)]), cause)

    def expires(
        self, reference: str, expiry: str, followed_by: Iterable[str], cause: Cause
    ) -> None:
        """Takes in when a contract expires, for the intentions that moved and those that follow."""
        self._expiries[reference] = expiry
        for each in followed_by:
            self._stirred[each] = (expiry, cause)

    def settle(self) -> Iterator[Statement]:
        """The intentions that moved, or whose contract did."""
        for reference, records in self._now.items():
            follows = text(records[max(records)], "contract") if records else ""
            new = intention(
                reference,
                records,
                self._expiries.get(follows, ""),
                self._world.catalogue.services,
                self._world.today,
            )
            body = None if new is None else _encode(new)
            yield Statement(CONTRACTS, subjects.intention(reference), body, self._causes[reference])
        only_stirred = {
            subjects.intention(each): told
            for each, told in self._stirred.items()
            if each not in self._now
        }
        for subject, body in self._world.known(CONTRACTS, only_stirred).items():
            expiry, cause = only_stirred[subject]
            state = msgspec.structs.replace(_intention(body), contract_expiry=expiry)
            yield Statement(CONTRACTS, subject, _encode(state), cause)
