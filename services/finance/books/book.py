"""What all books share."""

from collections.abc import Iterator
from typing import Protocol

from services.finance.world import Told
from shared.delivery.change import Cause, Statement

NOBODY = Cause("", "")


class Book(Protocol):
    """One kind of state, over one batch of changes."""

    def take(self, told: Told) -> None:
        """Takes in a record of one of its roles that changed."""
        ...

    def settle(self) -> Iterator[Statement]:
        """What follows, once all are taken."""
        ...

    def pass_time(self, cause: Cause) -> None:
        """A day passed: whatever depends on it is to be settled too."""
        ...


def later(known: Cause | None, cause: Cause) -> Cause:
    """The cause that was accepted last."""
    return cause if known is None or cause.origin > known.origin else known
