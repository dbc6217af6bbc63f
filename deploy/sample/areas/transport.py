"""Road casualties as STATS19 records them, and a quarterly return on buses, charging and works."""

from collections.abc import Iterator
from datetime import date
from random import Random

from deploy.sample import places
from deploy.sample.financial_years import months_returned, quarters_returned
from deploy.sample.made import Fields, Manner, Manners, Record, between, days_in, exact, pick

CASUALTIES = "road-casualties"
TRANSPORT = "transport-return"
MANNERS: Manners = {CASUALTIES: Manner(unknown="-1"), TRANSPORT: Manner(day="%d/%m/%Y")}
COLLISIONS_A_MONTH = 9

# From January: dark evenings are worst.
SEASON = (1.0, 0.9, 0.9, 0.9, 1.0, 1.0, 1.0, 0.95, 1.05, 1.15, 1.2, 1.0)
USERS = (
    ("Car occupant", 52),
    ("Pedestrian", 18),
    ("Pedal cyclist", 13),
    ("Motorcyclist", 12),
    ("Other", 5),
)
# How many in a hundred of a road user's casualties are killed and seriously hurt.
HARM = {
    "Car occupant": (1.0, 14),
    "Pedestrian": (2.5, 30),
    "Pedal cyclist": (1.0, 26),
    "Motorcyclist": (3.0, 38),
    "Other": (1.0, 10),
}


def records(rng: Random, end: date) -> Iterator[Record]:
    """Casualties one by one, and the quarter's return."""
    yield from (Record(CASUALTIES, fields) for fields in _casualties(rng, end))
    yield from (Record(TRANSPORT, fields) for fields in _transport(rng, end))


def _casualties(rng: Random, end: date) -> Iterator[Fields]:
    """Casualties of collisions; the police send a month some six weeks after it ended."""
    months = months_returned(end, after=42)
    for index, first in enumerate(months):
        expected = COLLISIONS_A_MONTH * SEASON[first.month - 1]
        for number, day in enumerate(days_in(rng, first, end, expected), start=1):
            hurt = pick(rng, ((1, 80), (2, 14), (3, 6)))
            for casualty in range(1, hurt + 1):
                user = pick(rng, USERS)
                killed, hurt_badly = HARM[user]
                serious = hurt_badly * between(1.15, 0.9, index, len(months))
                weights = (("Fatal", killed), ("Serious", serious), ("Slight", 100 - serious))
                yield {
                    "collision": f"99{first:%y%m}{number:04}",
                    "casualty": casualty,
                    "happened": day,
                    "severity": pick(rng, weights),
                    "road_user": user,
                    # The age of one in thirty is not known.
                    "age": None if rng.random() < 0.033 else _age(rng),
                    "ward": pick(rng, places.WARDS),
                }


def _age(rng: Random) -> int:
    return min(96, max(1, round(rng.gauss(38, 20)) if rng.random() < 0.9 else rng.randint(5, 15)))


def _transport(rng: Random, end: date) -> Iterator[Fields]:
    """Buses, charging points, street works and paths, quarter by quarter."""
    quarters = quarters_returned(end, after=28)
    for index, day in enumerate(quarters):
        journeys = between(2.02, 2.42, index, len(quarters)) * rng.gauss(1, 0.02)
        buses = round(1_180 * rng.gauss(1, 0.02))
        works = rng.randint(210, 260)
        paths = rng.randint(70, 90)
        yield {
            "quarter_end": day,
            "chargers": round(between(78, 236, index, len(quarters))),
            "rapid_chargers": round(between(14, 63, index, len(quarters))),
            "bus_journeys": exact(journeys, 3),
            "buses_observed": buses,
            "buses_on_time": round(buses * between(0.845, 0.875, index, len(quarters))),
            "works_inspected": works,
            "works_passed": round(works * rng.gauss(0.905, 0.025)),
            "paths_surveyed": paths if day.month in (6, 12) else None,
            "paths_easy": round(paths * 0.79) if day.month in (6, 12) else None,
            "traffic": exact(252 * rng.gauss(1, 0.01), 1),
        }
