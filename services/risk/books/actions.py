"""Improvement actions."""

from collections.abc import Iterator
from typing import ClassVar

import msgspec

from services.risk.books.parts import Moved
from services.risk.domain.plans import action_of
from services.risk.world import Heard, Told, World
from shared.contracts import subjects
from shared.contracts.topics import RISKS
from shared.delivery.change import Cause, Statement

_encode = msgspec.json.Encoder().encode


class Actions:
    """See Book."""

    ROLES: ClassVar[tuple[str, ...]] = ("action",)
    TOPICS: ClassVar[tuple[str, ...]] = ()

    def __init__(self, world: World) -> None:
        self._world = world
        self._moved = Moved(world)

    def take(self, told: Told) -> None:
        """Takes in an action that came, changed or went."""
        self._moved.take(told, "action", "reference")

    def hear(self, heard: Heard) -> None:
        """Nothing that others say moves an action."""

    def pass_time(self, cause: Cause) -> None:
        """Actions fall due."""
        self._moved.touch_all("action", cause)

    def settle(self) -> Iterator[Statement]:
        """The actions that moved."""
        found = self._moved.records(self.ROLES)
        for reference, cause in self._moved:
            stated = list(found[reference]["action"].values())
            body = None
            if stated:
                body = _encode(action_of(stated[-1], self._world.catalogue, self._world.today))
            yield Statement(RISKS, subjects.action(reference), body, cause)
