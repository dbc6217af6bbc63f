"""The words of delivery: what came in (Change) and what a handler says in answer (Statement)."""

from dataclasses import dataclass, field
from typing import NamedTuple


class Cause(NamedTuple):
    """Which accepted change led here, and the instant (ISO 8601, UTC) it was accepted."""

    correlation: str
    origin: str


class Version(NamedTuple):
    """One version of a subject's state, in the order it came. `body` None is a tombstone."""

    number: int
    body: bytes | None
    time: str


@dataclass(slots=True)
class Change:
    """A subject moved from one state to another.

    `before` and `after` are JSON; None says it did not exist, or is deleted. A batch is folded:
    one change per subject, with every newer version of it in `versions`, oldest first.
    """

    topic: str
    subject: str
    version: int
    before: bytes | None
    after: bytes | None
    cause: Cause
    time: str
    cursor: int = 0
    versions: list[Version] = field(default_factory=list)


class Statement(NamedTuple):
    """What a thing is now, in the words of its owner. `body` is JSON; None says it is gone."""

    topic: str
    subject: str
    body: bytes | None
    cause: Cause
