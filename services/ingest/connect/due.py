"""When a connector runs next: at its time, or sooner where it failed."""

from datetime import datetime, timedelta

from shared.catalogue import schedule
from shared.catalogue.connectors import Connector

# How long a connector that is looked at all the time is left alone, and one that failed at most.
BETWEEN_LOOKS = timedelta(seconds=2)
FIRST_WAIT = timedelta(seconds=30)
LONGEST_WAIT = timedelta(hours=1)


def after(connector: Connector, now: datetime, failures: int) -> datetime:
    """The next time after a run that ended now, the last of so many that failed in a row."""
    when = schedule.read(connector.schedule)
    coming = now + BETWEEN_LOOKS if when.as_it_comes else when.after(now)
    if not failures:
        return coming
    waited = now + min(FIRST_WAIT * (1 << min(failures - 1, 10)), LONGEST_WAIT)
    return waited if when.as_it_comes else min(coming, waited)
