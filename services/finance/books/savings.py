"""Savings: each with what is delivered of it, still to come, and lost."""

from collections.abc import Iterator
from typing import ClassVar

import msgspec

from services.finance.books.book import pence_or_nought
from services.finance.books.single import Singles
from services.finance.domain.plans import saving_of
from services.finance.world import Fields, Told, World
from shared.contracts import subjects
from shared.contracts.fields import text
from shared.contracts.topics import FINANCE
from shared.delivery.change import Cause, Statement

_encode = msgspec.json.Encoder().encode


class Savings:
    """See Book. Roles: saving."""

    ROLES: ClassVar[tuple[str, ...]] = ("saving",)

    def __init__(self, world: World) -> None:
        self._world = world
        self._singles = Singles()

    def take(self, told: Told) -> None:
        """Takes in a saving that came, changed or went."""
        self._singles.take(told, _subject(told.before), _subject(told.after))

    def pass_time(self, cause: Cause) -> None:
        """The services that answer for savings may stand elsewhere."""
        for told in self._world.of_role("saving"):
            self.take(told._replace(cause=cause))

    def settle(self) -> Iterator[Statement]:
        """The savings that moved."""
        world = self._world
        for subject, told, cause in self._singles.moved():
            body = None
            if told is not None and told.after is not None:
                amounts = {
                    name: pence_or_nought(told, told.after.get(name))
                    for name in ("target", "delivered", "forecast")
                }
                rule, services = world.accounts.savings, world.catalogue.services
                body = _encode(saving_of(told.after, amounts, rule, services, world.today))
            yield Statement(FINANCE, subject, body, cause)


def _subject(fields: Fields | None) -> str | None:
    return (
        None if fields is None else subjects.saving(text(fields, "year"), text(fields, "reference"))
    )
