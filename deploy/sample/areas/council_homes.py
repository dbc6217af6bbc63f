"""The council's own homes: repairs and empty homes from the housing management system, and the
returns about homes of every kind."""

from collections.abc import Iterator
from datetime import date, datetime, time, timedelta
from random import Random

from deploy.sample import places
from deploy.sample.made import (
    Fields,
    Manner,
    Manners,
    Record,
    between,
    by,
    days_in,
    last_day,
    months_to,
    pick,
    quarters_to,
    years_to,
)
from deploy.sample.returns import AS_TYPED, Item, returned

REPAIRS = "housing-repairs"
EMPTY = "empty-council-homes"
RETURNS = "housing-returns"
MANNERS: Manners = {
    REPAIRS: Manner(moment="%Y-%m-%d %H:%M:%S"),
    EMPTY: Manner(day="%Y-%m-%d"),
    RETURNS: AS_TYPED,
}
REPAIRS_A_MONTH = 20
EMPTY_A_MONTH = 7

PRIORITIES = (("Emergency", 26), ("Urgent", 21), ("Routine", 41), ("Damp and mould", 12))

MONTHLY = (
    Item("People sleeping rough", 0, 15, 11, 0.18, late=True),
    Item("Households on the housing register", 0, 4_260, 4_780, 0.006),
)
QUARTERLY = (
    Item("Rent arrears of current tenants", 5_980_000, 0.031, 0.0265, 0.03),
    Item("Rent collected", 5_980_000, 0.983, 0.9905, 0.002),
    Item("Rent lost on empty homes", 5_980_000, 0.0148, 0.0127, 0.05),
    Item("Homes with a gas safety certificate", 4_310, 0.9986, 0.9997, 0.0002),
    Item("Affordable homes completed", 0, 38, 46, 0.3),
    Item("Adaptations completed (Disabled Facilities Grant)", 0, 44, 52, 0.12),
    Item("Long-term empty homes brought back into use", 0, 13, 17, 0.2),
    Item("Evictions of council tenants", 0, 4, 3, 0.3, late=True),
    Item("Complaints about council homes", 0, 31, 37, 0.12, late=True),
)
YEARLY = (
    Item("Council homes that are not decent", 5_020, 0.082, 0.051, 0.03),
    Item("Council homes with an energy rating of C or better", 5_020, 0.61, 0.73),
    Item("Homes of all kinds with an energy rating of C or better", 88_100, 0.45, 0.5),
    Item("Tenants satisfied with the service", 612, 0.72, 0.735),
    Item("Tenants who say their home is safe", 612, 0.78, 0.79),
    Item("Private homes with a serious hazard put right", 120, 0.7, 0.78, 0.05),
)


def records(rng: Random, end: date) -> Iterator[Record]:
    """Repairs, empty homes, then returns."""
    yield from (Record(REPAIRS, fields) for fields in _repairs(rng, end))
    yield from (Record(EMPTY, fields) for fields in _empty(rng, end))
    months = [day for day in map(last_day, months_to(end)) if day <= end]
    dates = ((MONTHLY, months), (QUARTERLY, quarters_to(end)), (YEARLY, years_to(end, 3, 31, 4)))
    for items, days in dates:
        yield from (Record(RETURNS, fields) for fields in returned(rng, items, days))


def _repairs(rng: Random, end: date) -> Iterator[Fields]:
    months = months_to(end)
    number = 0
    for index, first in enumerate(months):
        winter = 1.25 if first.month in (11, 12, 1, 2) else 0.9
        for day in days_in(rng, first, end, REPAIRS_A_MONTH * winter):
            number += 1
            raised = datetime.combine(day, time(rng.randint(7, 19), rng.randint(0, 59)))
            priority = pick(rng, PRIORITIES)
            fields = new_repair(rng, f"J{number:06d}", raised, priority)
            done = raised + _time_taken(rng, priority, between(0.82, 0.93, index, len(months)))
            if done.date() <= end:
                fields |= completed(rng, done)
            yield fields


def new_repair(rng: Random, job: str, raised: datetime, priority: str) -> Fields:
    """A repair that is yet to be made."""
    return {
        "job": job,
        "ward": pick(rng, places.WARDS),
        "priority": priority,
        "raised": raised,
        "completed": None,
        "first_time": None,
        "score": None,
    }


def completed(rng: Random, done: datetime) -> Fields:
    """What is known of a repair once it is made; a third of tenants give it a score."""
    scored = rng.random() < 0.35
    return {
        "completed": done,
        "first_time": "Y" if rng.random() < 0.86 else "N",
        "score": rng.choice((2, 3, 4, 4, 4, 5, 5, 5, 5)) if scored else None,
    }


def _time_taken(rng: Random, priority: str, on_time: float) -> timedelta:
    prompt = rng.random() < on_time
    if priority == "Emergency":
        hours = rng.uniform(1, 23) if rng.random() < 0.955 else rng.uniform(25, 60)
        return timedelta(minutes=round(60 * hours))
    if priority == "Routine":
        return timedelta(days=rng.randint(3, 27) if prompt else rng.randint(30, 85), hours=3)
    return timedelta(days=rng.randint(1, 9) if prompt else rng.randint(12, 30), hours=2)


def _empty(rng: Random, end: date) -> Iterator[Fields]:
    months = months_to(end)
    number = 0
    for index, first in enumerate(months):
        for day in days_in(rng, first, end, EMPTY_A_MONTH):
            number += 1
            major = rng.random() < 0.2
            middle = between(34, 26, index, len(months)) * (2.6 if major else 1)
            let = by(end, day + timedelta(days=6 + round(middle * rng.lognormvariate(0, 0.4))))
            yield {
                "void": f"V{number:05d}",
                "ward": pick(rng, places.WARDS),
                "bedrooms": rng.choice((1, 1, 2, 2, 2, 3, 3, 4)),
                "works": "Major" if major else "Standard",
                "vacated": day,
                "let": let,
            }
