"""`irf verify`: reads the two stores, has everything recomputed, and says what differs.

Rule: while changes keep coming, the two stores cannot be read at one instant. A difference then
counts only when it is still there, the same, at a second look; one that was merely under way is
gone or has moved on.
"""

from collections.abc import Callable
from typing import NamedTuple

from deploy.verify.compare import Mismatch, Report, verify
from deploy.verify.source import read

LOOKS = 10
BETWEEN_LOOKS_SECONDS = 1.0


class Stores(NamedTuple):
    """The two stores that are held against each other."""

    ingest: str
    publisher: str


class Unsettled(RuntimeError):
    """Something differed at every look, and never the same thing."""


def look(stores: Stores) -> Report:
    """One comparison of the stores as they are now."""
    return verify(read(stores.ingest, "owned"), read(stores.publisher, "held"))


def verify_running(stores: Stores, sleep: Callable[[float], object]) -> Report:
    """Compares until nothing differs, or the same differences were seen twice running."""
    report = look(stores)
    for _ in range(LOOKS):
        if not report.mismatches:
            return report
        sleep(BETWEEN_LOOKS_SECONDS)
        again = look(stores)
        lasting = _lasting(report.mismatches, again.mismatches)
        if lasting:
            return Report(again.compared, lasting)
        report = again
    raise Unsettled(f"{len(report.mismatches)} values kept changing while they were compared")


def _lasting(before: list[Mismatch], now: list[Mismatch]) -> list[Mismatch]:
    seen = set(before)
    return [mismatch for mismatch in now if mismatch in seen]
