"""When a record's time is over.

Rule: a record goes on the day from which its date is more than its months old, counted in
Europe/London; what is as old is not let in again. A record without a date stays.
"""

from calendar import monthrange
from collections.abc import Callable
from datetime import date
from functools import lru_cache
from typing import Any

from services.ingest.domain.refusals import ValueRefused
from services.ingest.domain.values import Value

# What is left of records that went has keys of its own, in no extract and not to be sent.
KEPT = "irf-kept-"
# The mode of batches by which records go, and the rule by which they are refused.
RETENTION = "retention"


@lru_cache(maxsize=256)
def first_kept(today: date, months: int) -> str:
    """The first date that is not too old."""
    year, month = divmod(today.year * 12 + today.month - 1 - months, 12)
    if year < 1:
        return date.min.isoformat()
    last = monthrange(year, month + 1)[1]
    return date(year, month + 1, min(today.day, last)).isoformat()


def refusing(
    convert: Callable[[Any], Value], months: int, today: Callable[[], date]
) -> Callable[[Any], Value]:
    """The same conversion of a date, refusing those that are too old."""

    def dated(raw: Any) -> Value:
        value = convert(raw)
        if value is not None and str(value)[:10] < first_kept(today(), months):
            raise ValueRefused(
                RETENTION, f"Records are kept for {months} months, and this one is older."
            )
        return value

    return dated
