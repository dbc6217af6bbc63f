"""What all books share."""

from collections.abc import Iterator
from typing import ClassVar, Protocol

from services.risk.world import Heard, Told
from shared.delivery.change import Cause, Statement

NOBODY = Cause("", "")


class Book(Protocol):
    """One kind of state, over one batch of changes. `ROLES` are those whose records it takes,
    `TOPICS` those of other services to which it listens."""

    ROLES: ClassVar[tuple[str, ...]]
    TOPICS: ClassVar[tuple[str, ...]]

    def take(self, told: Told) -> None:
        """Takes in a record of one of its roles that changed."""
        ...

    def hear(self, heard: Heard) -> None:
        """Takes in a state of one of its topics that changed."""
        ...

    def settle(self) -> Iterator[Statement]:
        """What follows, once all are taken. Links of the batch are written by then."""
        ...

    def pass_time(self, cause: Cause) -> None:
        """A day passed: whatever depends on it is to be settled too."""
        ...


def later(known: Cause | None, cause: Cause) -> Cause:
    """The cause that was accepted last."""
    return cause if known is None or cause.origin > known.origin else known
