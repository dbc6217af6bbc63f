"""Parks, trees and carbon: a monthly return on parks, and yearly emissions."""

from collections.abc import Iterator
from datetime import date, timedelta
from random import Random

from deploy.sample.financial_years import months_returned
from deploy.sample.made import Fields, Manner, Manners, Record, between, exact, years_to

PARKS = "parks-and-nature"
TERRITORY = "territorial-emissions"
OWN = "council-emissions"
MANNERS: Manners = {PARKS: Manner(day="%d/%m/%Y"), OWN: Manner(day="%d/%m/%Y")}

# Trees are planted from November to March, as a share of the season's.
PLANTING = {11: 0.18, 12: 0.22, 1: 0.2, 2: 0.25, 3: 0.15}
TREES_A_SEASON = 8_400
# Sector, kilotonnes of CO2e in the first year and the last.
SECTORS = (
    ("Domestic", 285.0, 232.0),
    ("Transport", 342.0, 318.0),
    ("Industry", 126.0, 97.0),
    ("Commercial and public", 118.0, 84.0),
    ("Agriculture and land use", 74.0, 71.0),
    ("Waste management", 39.0, 31.0),
)
# The department publishes a calendar year eighteen months after it ends.
TERRITORY_AFTER = 547
OWN_AFTER = 100
SCOPES = (
    ("Gas and fuels", 5_300.0, 3_900.0),
    ("Electricity", 2_150.0, 1_500.0),
    ("Fleet", 2_700.0, 1_750.0),
    ("Business travel", 410.0, 330.0),
)


def records(rng: Random, end: date) -> Iterator[Record]:
    """Parks and trees, the area's emissions and the council's own."""
    yield from (Record(PARKS, fields) for fields in _parks(rng, end))
    yield from (Record(TERRITORY, fields) for fields in _territory(rng, end))
    yield from (Record(OWN, fields) for fields in _own(rng, end))


def _parks(rng: Random, end: date) -> Iterator[Fields]:
    """Play areas and trees each month; awards in July and nature sites in March."""
    months = months_returned(end, after=6)
    for index, first in enumerate(months):
        due = rng.randint(86, 92)
        year = index // 12
        yield {
            "month_of": first,
            "play_due": due,
            "play_done": min(due, round(due * rng.gauss(0.965, 0.025))),
            "trees": round(PLANTING.get(first.month, 0) * TREES_A_SEASON * rng.gauss(1, 0.12)),
            "green_flags": 9 + year if first.month == 7 else None,
            "nature_sites": 112 if first.month == 3 else None,
            "nature_sites_managed": 66 + 3 * year if first.month == 3 else None,
        }


def _territory(rng: Random, end: date) -> Iterator[Fields]:
    """Emissions of the area by sector, with the year that everybody stayed at home."""
    years = years_to(end - timedelta(days=TERRITORY_AFTER), 12, 31, 6)
    for index, day in enumerate(years):
        for sector, first, last in SECTORS:
            level = between(first, last, index, len(years)) * rng.gauss(1, 0.012)
            yield {
                "year_end": day,
                "sector": sector,
                "kilotonnes": exact(level * (0.9 if day.year == 2020 else 1), 2),
                "people": exact(188_000 * 1.006**index),
            }


def _own(rng: Random, end: date) -> Iterator[Fields]:
    """The council's own emissions; electricity is greener each year."""
    years = years_to(end - timedelta(days=OWN_AFTER), 3, 31, 5)
    for index, day in enumerate(years):
        for scope, first, last in SCOPES:
            level = between(first, last, index, len(years)) * rng.gauss(1, 0.02)
            yield {"year_end": day, "scope": scope, "tonnes": exact(level, 1)}
