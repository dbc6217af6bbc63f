"""What all books share."""

from collections.abc import Iterator
from typing import Any, ClassVar, Protocol

import structlog

from services.finance.metrics import AMOUNTS_REFUSED
from services.finance.world import Told
from shared.accounts.money import NotPence, pence
from shared.delivery.change import Cause, Statement

log = structlog.get_logger()

NOBODY = Cause("", "")


class Book(Protocol):
    """One kind of state, over one batch of changes. `ROLES` are those whose records it takes."""

    ROLES: ClassVar[tuple[str, ...]]

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


def refuse(told: Told, reason: str, **of: str) -> None:
    """Says that an amount of a record could not be read: it is counted as nought, and not lost."""
    AMOUNTS_REFUSED.inc()
    log.error(
        "amount-refused",
        **of,
        record=told.record,
        reason=reason,
        correlation_id=told.cause.correlation,
    )


def pence_if_any(told: Told, amount: Any) -> int | None:
    """An amount of a record in pence; None for a blank one, and for one that contracts of before
    let in though it is no whole number of pence."""
    if amount is None:
        return None
    try:
        return pence(amount)
    except NotPence as reason:
        refuse(told, str(reason))
        return None


def pence_or_nought(told: Told, amount: Any) -> int:
    """The same, with nought where there is none."""
    return pence_if_any(told, amount) or 0
