"""Children in care, shaped like the SSDA903 return, and the quarterly returns of the service."""

from collections.abc import Iterator
from datetime import date, timedelta
from random import Random

from deploy.sample.made import (
    Fields,
    Manner,
    Manners,
    Record,
    by,
    days_in,
    exact,
    months_to,
    pick,
    quarters_to,
)
from deploy.sample.returns import AS_TYPED, Item, returned, withheld

IN_CARE = "children-looked-after"
RETURNS = "childrens-services-returns"
MANNERS: Manners = {IN_CARE: Manner(day="%d/%m/%Y"), RETURNS: AS_TYPED}
IN_CARE_BEFORE = 182
COMING_IN_A_MONTH = 6.2

PLACEMENTS = (("U1", 14), ("U4", 36), ("U6", 20), ("K2", 13), ("P1", 8), ("H5", 9))
# Adopted, special guardianship, home, of age, other.
REASONS = (("E11", 7), ("E12", 4), ("E44", 9), ("E45", 8), ("E4A", 27), ("E5", 31), ("E8", 14))

ITEMS = (
    Item("Child protection visits in timescale", 118, 0.86, 0.93),
    Item("Reviews of children in care in timescale", 172, 0.955, 0.935),
    Item("Children in care with three or more placements in the year", 187, 0.118, 0.092, 0.06),
    Item("Children in care with a health assessment up to date", 141, 0.87, 0.92),
    Item("Children in care with a dental check up to date", 141, 0.72, 0.83),
    Item("Total score of strengths and difficulties", 124, 0, 0),
    Item("Care leavers in suitable accommodation", 132, 0.87, 0.915, late=True),
    Item("Care leavers in education, employment or training", 132, 0.55, 0.6, 0.03, late=True),
    Item("Care leavers the council is in touch with", 132, 0.93, 0.955),
    Item("Agency social workers", 124, 0.22, 0.13, 0.05),
    Item("Social work posts that are vacant", 138, 0.2, 0.15, 0.05),
    Item("Open cases of social workers", 96, 0, 0),
    Item("First-time entrants to youth justice", 0, 12, 8, 0.2),
)


def records(rng: Random, end: date) -> Iterator[Record]:
    """Periods of care, then the returns."""
    yield from (Record(IN_CARE, fields) for fields in _periods_of_care(rng, end))
    yield from (Record(RETURNS, fields) for fields in _returns(rng, end))


def _periods_of_care(rng: Random, end: date) -> Iterator[Fields]:
    months = months_to(end)
    number = 9_000
    for _ in range(IN_CARE_BEFORE):
        number += 1
        started = months[0] - timedelta(days=rng.randint(5, 2_600))
        stays = months[0] + timedelta(days=round(rng.expovariate(1 / 900)))
        yield _period(rng, number, started, by(end, stays))
    for first in months:
        for day in days_in(rng, first, end, COMING_IN_A_MONTH):
            number += 1
            stays = day + timedelta(days=3 + round(rng.expovariate(1 / 800)))
            yield _period(rng, number, day, by(end, stays))


def _period(rng: Random, number: int, started: date, ceased: date | None) -> Fields:
    alone = rng.random() < 0.09
    miles = min(240.0, rng.lognormvariate(2.2, 0.95))
    return {
        # The return's own reference, not the case system's.
        "child": f"C{number:06d}",
        "started": started,
        "ceased": ceased,
        "reason_ceased": None if ceased is None else pick(rng, REASONS),
        "placement": "H5" if alone else pick(rng, PLACEMENTS),
        "miles_from_home": None if alone else exact(miles, 1),
        "unaccompanied": "1" if alone else "0",
    }


def _returns(rng: Random, end: date) -> Iterator[Fields]:
    quarters = quarters_to(end)
    for fields in returned(rng, ITEMS, quarters):
        children = fields["denominator"]
        if fields["item"].startswith("Total score"):
            fields["numerator"] = exact(float(children) * rng.gauss(14.1, 0.3))
        elif fields["item"].startswith("Open cases"):
            months_on = quarters.index(fields["period_end"])
            fields["numerator"] = exact(float(children) * rng.gauss(18.4 - 0.18 * months_on, 0.5))
        elif fields["item"].startswith("First-time") and rng.random() < 0.15:
            fields = withheld(fields, "suppressed")
        yield fields
