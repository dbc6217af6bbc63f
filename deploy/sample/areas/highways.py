"""Defects and street lighting faults as Confirm would give them, and the road condition survey."""

from collections.abc import Iterator
from datetime import date, datetime, time, timedelta
from random import Random

from deploy.sample import places
from deploy.sample.financial_years import months_since_april
from deploy.sample.made import (
    Fields,
    Manner,
    Manners,
    Record,
    between,
    days_in,
    exact,
    pick,
    years_to,
)

DEFECTS = "highway-defects"
LIGHTS = "street-lighting-faults"
ROADS = "road-condition"
CONFIRM = Manner(day="%d/%m/%Y", moment="%d/%m/%Y %H:%M", unknown="NULL")
MANNERS: Manners = {DEFECTS: CONFIRM, LIGHTS: CONFIRM, ROADS: Manner()}
DEFECTS_A_MONTH = 31
FAULTS_A_MONTH = 9

# From January: frost makes potholes, leaves block gullies, short days show dark lamps.
FROST = (1.45, 1.6, 1.5, 1.15, 0.9, 0.75, 0.65, 0.65, 0.75, 0.9, 1.0, 1.2)
DARK = (1.3, 1.1, 0.95, 0.8, 0.7, 0.65, 0.7, 0.8, 1.0, 1.2, 1.4, 1.5)
KINDS = (
    ("Pothole", 58),
    ("Footway trip", 14),
    ("Gully or drain", 12),
    ("Sign or marking", 9),
    ("Verge or tree", 7),
)
LIGHT_FAULTS = (("Lamp out", 66), ("Day burner", 14), ("Flickering", 11), ("Column damaged", 9))
# Class of road, how many of a hundred kilometres needed repair first and last, and its length.
CLASSES = (("A", 3.0, 2.6, 168), ("B and C", 4.6, 5.9, 487), ("Unclassified", 14.0, 15.5, 742))


def records(rng: Random, end: date) -> Iterator[Record]:
    """Defects, lighting faults and the condition of roads."""
    yield from (Record(DEFECTS, fields) for fields in _defects(rng, end))
    yield from (Record(LIGHTS, fields) for fields in _lights(rng, end))
    yield from (Record(ROADS, fields) for fields in _roads(rng, end))


def _reported(rng: Random, day: date) -> datetime:
    hour = rng.randint(0, 23) if rng.random() < 0.1 else rng.randint(7, 18)
    return datetime.combine(day, time(hour, rng.randint(0, 59)))


def _defects(rng: Random, end: date) -> Iterator[Fields]:
    """Defects of every month: emergencies, potholes and the rest; winters bring a backlog."""
    number = 900_000
    months = months_since_april(end)
    for index, first in enumerate(months):
        frost = FROST[first.month - 1]
        for day in days_in(rng, first, end, DEFECTS_A_MONTH * frost):
            number += rng.randint(1, 40)
            late = between(0.17, 0.07, index, len(months)) + (0.06 if frost > 1.4 else 0)
            yield _defect(rng, number, _reported(rng, day), end, late)


def _defect(rng: Random, number: int, reported: datetime, end: date, late: float) -> Fields:
    emergency = rng.random() < 0.12
    attended = None
    if emergency:
        hours = rng.uniform(2.1, 6) if rng.random() < 0.05 else rng.uniform(0.3, 1.9)
        attended = (reported + timedelta(hours=hours)).replace(second=0, microsecond=0)
        repaired = attended + timedelta(hours=rng.randint(1, 30))
    elif rng.random() < late:
        repaired = reported + timedelta(days=29 + int(rng.expovariate(1 / 25)))
    else:
        repaired = reported + timedelta(days=min(28, max(1, round(rng.lognormvariate(2.35, 0.6)))))
    # One in 150 is never closed, because the job is done under another number.
    done = repaired.date() <= end and rng.random() > 0.007
    return {
        "enquiry": str(number),
        "kind": pick(rng, KINDS),
        "priority": "Emergency" if emergency else "Routine",
        "ward": None if rng.random() < 0.02 else pick(rng, places.WARDS),
        "usrn": f"{rng.randint(4_000_000, 46_999_999):08}",
        "reported": reported,
        "attended": attended if attended and attended.date() <= end else None,
        "repaired": repaired if done else None,
    }


def _lights(rng: Random, end: date) -> Iterator[Fields]:
    """Street lighting faults; those that wait for the network operator take weeks."""
    number = 40_000
    months = months_since_april(end)
    for index, first in enumerate(months):
        for day in days_in(rng, first, end, FAULTS_A_MONTH * DARK[first.month - 1]):
            number += rng.randint(1, 6)
            operator = rng.random() < 0.13
            middle = 26 if operator else between(4.6, 3.4, index, len(months))
            fixed = day + timedelta(days=max(0, round(middle * rng.lognormvariate(0, 0.5))))
            yield {
                "job": f"SL{number:06d}",
                "fault": pick(rng, LIGHT_FAULTS),
                "network": "Y" if operator else "N",
                "reported": day,
                "fixed": fixed if fixed <= end else None,
            }


def _roads(rng: Random, end: date) -> Iterator[Fields]:
    """The share of each class of road that should be considered for repair, year by year."""
    years = years_to(end - timedelta(days=60), 3, 31, 6)
    for index, day in enumerate(years):
        for class_, first, last, length in CLASSES:
            poor = between(first, last, index, len(years)) * rng.gauss(1, 0.05)
            yield {
                "year_end": day,
                "class_of_road": class_,
                "kilometres": exact(length, 1),
                "kilometres_poor": exact(length * poor / 100, 1),
            }
