"""How much care the sample council paid for, month by month: what unit costs are divided by."""

from collections.abc import Iterator
from datetime import date
from random import Random

from deploy.sample.financial_years import months_returned
from deploy.sample.made import Fields, Manner, Manners, Record, between, exact, last_day

ACTIVITY = "care-activity"
MANNERS: Manners = {ACTIVITY: Manner(day="%d/%m/%Y")}

# What is counted, how much of it there was a day at first and at last, and its decimals.
KINDS = (
    ("Weeks of looked-after children", 176 / 7, 170 / 7, 1),
    ("Weeks in care homes, aged 65 and over", 572 / 7, 556 / 7, 1),
    ("Hours of home care", 1_260, 1_320, 0),
)


def records(rng: Random, end: date) -> Iterator[Record]:
    """Every full month of care, a week after it ended."""
    yield from (Record(ACTIVITY, fields) for fields in _care(rng, end))


def _care(rng: Random, end: date) -> Iterator[Fields]:
    months = months_returned(end, after=7)
    for index, first in enumerate(months):
        for kind, at_first, at_last, places in KINDS:
            a_day = between(at_first, at_last, index, len(months)) * rng.gauss(1, 0.012)
            units = exact(a_day * last_day(first).day, places)
            yield {"month_of": first, "activity": kind, "units": units}
