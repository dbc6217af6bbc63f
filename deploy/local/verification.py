"""`irf verify`: reads the two stores, has everything recomputed, and says what differs.

Rule: while changes keep coming, the stores are read in a pause between two of them, when what the
last one led to has had time to arrive. A difference that is found all the same counts only when it
is still there, the same, at a second look; one that was merely under way is gone or has moved on.
"""

from collections.abc import Callable
from typing import NamedTuple

from deploy.verify.compare import Mismatch, Report, verify
from deploy.verify.source import business_day, read, stamp

LOOKS = 10
PAUSES = 100
SETTLING_SECONDS = 0.4


class Stores(NamedTuple):
    """The two stores that are held against each other, and the one that has the business date."""

    ingest: str
    publisher: str
    indicators: str | None = None


class Unsettled(RuntimeError):
    """Something differed at every look, and never the same thing."""


def look(stores: Stores) -> Report:
    """One comparison of the stores as they are now."""
    day = business_day(stores.indicators)
    return verify(read(stores.ingest, "owned"), read(stores.publisher, "held"), day)


def look_in_a_pause(stores: Stores, sleep: Callable[[float], object]) -> Report:
    """One comparison, of a moment before which nothing was accepted for a while, if there is one
    soon enough."""
    for _ in range(PAUSES):
        before = stamp(stores.ingest, "owned")
        sleep(SETTLING_SECONDS)
        if stamp(stores.ingest, "owned") != before:
            continue
        owned, held = read(stores.ingest, "owned"), read(stores.publisher, "held")
        day = business_day(stores.indicators)
        if stamp(stores.ingest, "owned") == before:
            return verify(owned, held, day)
    return look(stores)


def verify_running(stores: Stores, sleep: Callable[[float], object]) -> Report:
    """Compares until nothing differs, or the same differences were seen twice running."""
    report = look_in_a_pause(stores, sleep)
    for _ in range(LOOKS):
        if not report.mismatches:
            return report
        again = look_in_a_pause(stores, sleep)
        lasting = _lasting(report.mismatches, again.mismatches)
        if lasting:
            return Report(again.compared, lasting)
        report = again
    raise Unsettled(f"{len(report.mismatches)} values kept changing while they were compared")


def _lasting(before: list[Mismatch], now: list[Mismatch]) -> list[Mismatch]:
    seen = set(before)
    return [mismatch for mismatch in now if mismatch in seen]
