"""Streets, bins, air and food: what keeps the place clean, as each source would give it."""

from collections.abc import Iterator
from datetime import date, timedelta
from decimal import Decimal
from random import Random

from deploy.sample import places
from deploy.sample.financial_years import months_returned, months_since_april, quarters_returned
from deploy.sample.made import (
    Fields,
    Manner,
    Manners,
    Record,
    between,
    days_in,
    exact,
    last_day,
    pick,
)

MUNICIPAL = "municipal-waste"
BINS = "bin-collections"
FLY_TIPS = "fly-tipping"
STREETS = "street-cleanliness"
AIR = "air-quality"
FOOD = "food-inspections"
UK = Manner(day="%d/%m/%Y")
MANNERS: Manners = {
    MUNICIPAL: UK,
    BINS: UK,
    FLY_TIPS: UK,
    STREETS: UK,
    AIR: Manner(unknown="NULL"),
    FOOD: Manner(day="%d/%m/%Y 00:00:00"),
}
FOOD_A_MONTH = 10

# From January.
TIPPING = (1.1, 1.0, 1.1, 1.15, 1.05, 1.0, 0.95, 1.0, 0.95, 0.95, 0.85, 0.9)
LITTER = (1.0, 1.0, 1.0, 0.9, 0.9, 1.05, 1.1, 1.1, 1.0, 1.0, 1.15, 1.15)
TRAFFIC_AIR = (1.25, 1.2, 1.1, 0.95, 0.85, 0.75, 0.75, 0.8, 0.9, 1.05, 1.2, 1.2)

# Land use, sites surveyed each time, and how many of a hundred fail for litter.
LAND_USES = (
    ("Main retail", 60, 6.0),
    ("Other highways", 80, 8.5),
    ("Low-density housing", 70, 2.5),
    ("High-density housing", 70, 5.0),
    ("Industry and retail sheds", 40, 11.0),
    ("Recreation areas", 40, 3.0),
)
# Station, nitrogen dioxide in an ordinary month, and fine particles where they are measured.
STATIONS = (
    ("Canal Street", 34.5, 9.6),
    ("London Road", 29.0, 8.9),
    ("Abbeygate roundabout", 25.0, None),
    ("Hillcrest Park", 11.5, 7.2),
)
CATEGORIES = ((("A", 6), 4), (("B", 12), 10), (("C", 18), 34), (("D", 24), 37), (("E", 36), 15))
RATINGS = ((5, 73), (4, 13), (3, 7), (2, 3), (1, 3), (0, 1))


def records(rng: Random, end: date) -> Iterator[Record]:
    """Waste, bins, fly-tips, streets, air and food."""
    yield from (Record(MUNICIPAL, fields) for fields in _municipal(rng, end))
    yield from (Record(BINS, fields) for fields in _bins(rng, end))
    yield from (Record(FLY_TIPS, fields) for fields in _fly_tips(rng, end))
    yield from (Record(STREETS, fields) for fields in _streets(rng, end))
    yield from (Record(AIR, fields) for fields in _air(rng, end))
    yield from (Record(FOOD, fields) for fields in _food(rng, end))


def _municipal(rng: Random, end: date) -> Iterator[Fields]:
    """Where municipal waste of a quarter went; landfill dwindles."""
    quarters = quarters_returned(end, after=45)
    for index, day in enumerate(quarters):
        whole = 20_500 * {6: 1.06, 9: 1.03, 12: 0.97, 3: 0.94}[day.month] * rng.gauss(1, 0.015)
        landfill = between(0.065, 0.028, index, len(quarters)) * rng.gauss(1, 0.1)
        sent = 0.49 * whole
        yield {
            "quarter_end": day,
            "municipal": exact(whole, 2),
            "landfilled": exact(whole * landfill, 2),
            "energy": exact(whole * (0.47 - landfill) * rng.gauss(1, 0.02), 2),
            "sorted": exact(sent, 2),
            "rejected": exact(sent * between(0.072, 0.085, index, len(quarters)), 2),
        }


def _bins(rng: Random, end: date) -> Iterator[Fields]:
    """Collections of every round; a new contractor's summer went badly."""
    months = months_returned(end, after=8)
    for index, first in enumerate(months):
        for name, size in places.ROUNDS:
            due = round(102_000 * size * rng.gauss(1, 0.01))
            level = between(74, 56, index, len(months)) * (1.25 if name == "Rural round" else 1)
            level *= 2.1 if first.month in (6, 7) and first.year == months[-1].year - 1 else 1
            missed = round(due / 100_000 * level * rng.gauss(1, 0.14))
            assisted = round(due * 0.021)
            yield {
                "month_of": first,
                "collection_round": name,
                "due": due,
                "missed": missed,
                "put_right": round(missed * min(1, rng.gauss(0.93, 0.03))),
                "assisted_due": assisted,
                "assisted_missed": round(assisted * level / 62_000 * rng.gauss(1, 0.25)),
            }


def _fly_tips(rng: Random, end: date) -> Iterator[Fields]:
    """Fly-tips in every ward and month; most are cleared by the next working day."""
    months = months_returned(end, after=10)
    for index, first in enumerate(months):
        for ward, weight in places.WARDS:
            level = weight * TIPPING[first.month - 1] * between(1.46, 1.27, index, len(months))
            incidents = max(0, round(rng.gauss(level, level**0.5)))
            prompt = between(0.86, 0.93, index, len(months))
            yield {
                "month_of": first,
                "ward": ward,
                "incidents": incidents,
                "cleared_in_time": sum(rng.random() < prompt for _ in range(incidents)),
                # Two wards send their enforcement figures on paper, and not every month.
                "actions": None
                if weight < 7 and rng.random() < 0.15
                else sum(rng.random() < 0.34 for _ in range(incidents)),
            }


def _streets(rng: Random, end: date) -> Iterator[Fields]:
    """Three surveys a year, as the former NI 195 asked for, by kind of land."""
    for first in months_returned(end, after=15):
        if first.month not in (7, 11, 3):
            continue
        for land_use, sites, litter in LAND_USES:
            bad = litter * LITTER[first.month - 1]
            levels = (bad, bad * 1.5, 2.2, 0.7)
            failed = [sum(rng.random() < level / 100 for _ in range(sites)) for level in levels]
            yield {
                "surveyed": last_day(first),
                "land_use": land_use,
                "sites": sites,
                "litter": failed[0],
                "detritus": failed[1],
                "graffiti": failed[2],
                "fly_posting": failed[3],
            }


def _air(rng: Random, end: date) -> Iterator[Fields]:
    """Monthly means of every station; a station out of order has no mean."""
    months = months_returned(end, after=3)
    for index, first in enumerate(months):
        hours = 24 * last_day(first).day
        for station, dioxide, particles in STATIONS:
            broken = rng.random() < 0.025
            valid = round(hours * (0.2 if broken else min(1, rng.gauss(0.965, 0.02))))
            no2 = dioxide * TRAFFIC_AIR[first.month - 1] * between(1.06, 0.9, index, len(months))
            pm = (particles or 0) * TRAFFIC_AIR[first.month - 1] ** 0.6
            over = max(0, round(rng.gauss(-1.2, 1.2))) if dioxide > 30 else 0
            yield {
                "month_of": first,
                "station": station,
                "no2": None if broken else exact(no2 * rng.gauss(1, 0.06), 1),
                "pm25": None if broken or not particles else exact(pm * rng.gauss(1, 0.08), 1),
                "hours_valid": valid,
                "hours_due": hours,
                "hours_over_200": over,
            }


def _food(rng: Random, end: date) -> Iterator[Fields]:
    """Inspections of food premises that fell due; the backlog of the first year is worked off."""
    number = 20_000
    months = months_since_april(end)
    for index, first in enumerate(months):
        for day in days_in(rng, first, end, FOOD_A_MONTH):
            number += rng.randint(1, 9)
            category, _ = pick(rng, CATEGORIES)
            prompt = {"A": 0.97, "B": 0.94}.get(category, between(0.74, 0.9, index, len(months)))
            if rng.random() < prompt:
                wait = rng.randint(-12, 26)
            else:
                wait = 29 + int(rng.expovariate(1 / 70))
            inspected = max(day + timedelta(days=wait), months[0])
            done = inspected <= end and rng.random() > 0.01
            yield {
                "reference": f"FH{number:06d}",
                "category": category,
                "ward": pick(rng, places.WARDS),
                "due": day,
                "inspected": inspected if done else None,
                # Some kinds of premises are inspected and not rated.
                "rating": Decimal(pick(rng, RATINGS)) if done and rng.random() > 0.07 else None,
            }
