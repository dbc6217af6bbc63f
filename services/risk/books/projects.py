"""Projects, with their milestones."""

from collections.abc import Iterator
from typing import ClassVar

import msgspec

from services.risk.books.parts import Moved
from services.risk.domain.plans import project_of
from services.risk.world import Heard, Told, World
from shared.contracts import subjects
from shared.contracts.topics import RISKS
from shared.delivery.change import Cause, Statement

_encode = msgspec.json.Encoder().encode


class Projects:
    """See Book."""

    ROLES: ClassVar[tuple[str, ...]] = ("project", "project-milestone")
    TOPICS: ClassVar[tuple[str, ...]] = ()

    def __init__(self, world: World) -> None:
        self._world = world
        self._moved = Moved(world)

    def take(self, told: Told) -> None:
        """Takes in a project, or a milestone of one, that came, changed or went."""
        self._moved.take(told, told.role, "reference" if told.role == "project" else "project")

    def hear(self, heard: Heard) -> None:
        """Nothing that others say moves a project."""

    def pass_time(self, cause: Cause) -> None:
        """Milestones come late."""
        self._moved.touch_all("project", cause)

    def settle(self) -> Iterator[Statement]:
        """The projects that moved."""
        found = self._moved.records(self.ROLES)
        for reference, cause in self._moved:
            stated = list(found[reference]["project"].values())
            body = None
            if stated:
                milestones = found[reference]["project-milestone"]
                made = project_of(stated[-1], milestones, self._world.catalogue, self._world.today)
                body = _encode(made)
            yield Statement(RISKS, subjects.project(reference), body, cause)
