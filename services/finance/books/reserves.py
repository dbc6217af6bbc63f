"""Reserves: what each holds over a year, beside its minimum."""

from collections.abc import Iterator
from typing import ClassVar

import msgspec

from services.finance.books.book import pence_if_any, pence_or_nought
from services.finance.books.single import Singles
from services.finance.domain.plans import reserve_of
from services.finance.world import Fields, Told, World
from shared.contracts import subjects
from shared.contracts.fields import text
from shared.contracts.topics import FINANCE
from shared.delivery.change import Cause, Statement

_encode = msgspec.json.Encoder().encode


class Reserves:
    """See Book. Roles: reserve."""

    ROLES: ClassVar[tuple[str, ...]] = ("reserve",)

    def __init__(self, world: World) -> None:
        self._singles = Singles()

    def take(self, told: Told) -> None:
        """Takes in a reserve that came, changed or went."""
        self._singles.take(told, _subject(told.before), _subject(told.after))

    def pass_time(self, cause: Cause) -> None:
        """Nothing here depends on the day."""

    def settle(self) -> Iterator[Statement]:
        """The reserves that moved."""
        for subject, told, cause in self._singles.moved():
            body = None
            if told is not None and told.after is not None:
                amounts = {
                    name: pence_or_nought(told, told.after.get(name))
                    for name in ("opening", "planned_in", "planned_out")
                }
                minimum = pence_if_any(told, told.after.get("minimum"))
                body = _encode(reserve_of(told.after, amounts, minimum))
            yield Statement(FINANCE, subject, body, cause)


def _subject(fields: Fields | None) -> str | None:
    return (
        None if fields is None else subjects.reserve(text(fields, "year"), text(fields, "reserve"))
    )
