"""The clock: the one place that reads the time, injected so that tests own it.

Rule: no order, version or cursor ever depends on it. It only says when.
"""

import time
from datetime import UTC, date, datetime
from typing import Protocol
from zoneinfo import ZoneInfo

LONDON = ZoneInfo("Europe/London")


class Clock(Protocol):
    """What the system asks of time."""

    def now(self) -> datetime:
        """The instant, in UTC."""
        ...

    def monotonic(self) -> float:
        """Seconds on a clock that never steps back."""
        ...


class SystemClock:
    """The machine's own clock."""

    def now(self) -> datetime:
        """The instant, in UTC."""
        return datetime.now(UTC)

    def monotonic(self) -> float:
        """Seconds on a clock that never steps back."""
        return time.monotonic()


def iso(instant: datetime) -> str:
    """ISO 8601 with offset, to the millisecond."""
    return instant.astimezone(UTC).isoformat(timespec="milliseconds")


def business_date(clock: Clock) -> date:
    """Today in Europe/London, where the councils are."""
    return clock.now().astimezone(LONDON).date()
