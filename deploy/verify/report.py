"""What a comparison comes to: how much was compared, and what was wrong.

Rule: a mismatch names the subject, what is published and what it should be.
"""

from typing import NamedTuple

ABSENT = "not published"


class Mismatch(NamedTuple):
    """One published state that is not what the records say."""

    subject: str
    published: str
    recomputed: str


class Report(NamedTuple):
    """How many states were compared, and which were wrong."""

    compared: int
    mismatches: list[Mismatch]
