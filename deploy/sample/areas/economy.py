"""Work, skills and businesses as Nomis and the departments publish them, and the town centres."""

from collections.abc import Iterator
from datetime import date, timedelta
from random import Random

from deploy.sample.financial_years import months_returned, quarters_returned
from deploy.sample.made import (
    Fields,
    Manner,
    Manners,
    Record,
    between,
    exact,
    last_day,
    years_to,
)

CLAIMANTS = "claimant-count"
BUSINESSES = "business-demography"
SURVEY = "annual-population-survey"
APPRENTICES = "apprenticeships"
CENTRES = "town-centres"
LEARNING = "adult-learning"
MANNERS: Manners = {
    CENTRES: Manner(day="%d/%m/%Y"),
    LEARNING: Manner(day="%d/%m/%Y"),
}

# Claimants in an ordinary month.
AGE_BANDS = (("Aged 16 to 24", 590), ("Aged 25 to 49", 1_720), ("Aged 50 and over", 810))
# Centre, visits in an ordinary month, its units, and how many of them stand empty first and last.
TOWNS = (
    ("Old Town", 412_000, 286, 31, 24),
    ("Market Square", 268_000, 164, 22, 19),
    ("Canalside Quay", 187_000, 92, 6, 8),
    ("Westbury High Street", 74_000, 58, 5, 4),
)
# From January.
SHOPPING = (0.86, 0.88, 0.95, 1.0, 1.0, 1.02, 1.06, 1.05, 0.98, 1.0, 1.04, 1.22)
SEEKING = (1.03, 1.04, 1.03, 1.0, 0.99, 0.97, 0.98, 1.0, 1.0, 0.98, 0.98, 1.0)
# Courses start in September and January.
ENROLLING = {9: 340, 10: 120, 11: 45, 1: 190, 2: 60, 3: 25, 4: 70, 5: 20}


def records(rng: Random, end: date) -> Iterator[Record]:
    """Claimants, businesses, the survey, apprenticeships, town centres and adult learning."""
    yield from (Record(CLAIMANTS, fields) for fields in _claimants(rng, end))
    yield from (Record(BUSINESSES, fields) for fields in _businesses(rng, end))
    yield from (Record(SURVEY, fields) for fields in _survey(rng, end))
    yield from (Record(APPRENTICES, fields) for fields in _apprentices(rng, end))
    yield from (Record(CENTRES, fields) for fields in _centres(rng, end))
    yield from (Record(LEARNING, fields) for fields in _learning(rng, end))


def _claimants(rng: Random, end: date) -> Iterator[Fields]:
    """Claimants by age, published in the middle of the next month; fewer, then a few more."""
    months = months_returned(end, after=17)
    for index, first in enumerate(months):
        turn = abs(between(-0.7, 0.3, index, len(months)))
        for band, ordinary in AGE_BANDS:
            level = ordinary * SEEKING[first.month - 1] * (0.92 + 0.16 * turn)
            # The office rounds to the nearest five.
            yield {
                "month_of": first,
                "age_band": band,
                "claimants": 5 * round(level * rng.gauss(1, 0.012) / 5),
            }


def _businesses(rng: Random, end: date) -> Iterator[Fields]:
    """Businesses born, closed and alive, a month after the quarter."""
    quarters = quarters_returned(end, after=35)
    for index, day in enumerate(quarters):
        season = {6: 0.98, 9: 0.94, 12: 0.9, 3: 1.18}[day.month]
        yield {
            "quarter_end": day,
            "births": round(between(196, 214, index, len(quarters)) * season * rng.gauss(1, 0.05)),
            "deaths": round(between(203, 192, index, len(quarters)) * rng.gauss(1, 0.07)),
            "active": round(between(7_480, 7_630, index, len(quarters))),
        }


def _survey(rng: Random, end: date) -> Iterator[Fields]:
    """The survey's twelve months to each quarter's end; some answers only once a year."""
    quarters = quarters_returned(end, after=110)
    for index, day in enumerate(quarters):
        people = 119_500 + 180 * index
        working = round(people * between(0.772, 0.786, index, len(quarters)) * rng.gauss(1, 0.004))
        yearly = day.month == 12
        # In one year too few people answered to publish their pay.
        too_few = yearly and index < 4
        degree = round(people * between(0.44, 0.48, index, len(quarters)))
        none = round(people * between(0.062, 0.055, index, len(quarters)))
        pay = between(596, 702, index, len(quarters)) * rng.gauss(1, 0.008)
        yield {
            "period_end": day,
            "people": people,
            "employed": working,
            "inactive": round((people - working) * rng.gauss(0.86, 0.01)),
            "degree_level": degree if yearly else None,
            "no_qualification": none if yearly else None,
            "weekly_pay": exact(pay, 2) if yearly and not too_few else None,
            "pay_note": "suppressed" if too_few else None,
        }


def _apprentices(rng: Random, end: date) -> Iterator[Fields]:
    """Apprenticeships of each academic year, published in November."""
    years = years_to(end - timedelta(days=110), 7, 31, 4)
    for index, day in enumerate(years):
        starts = round(between(1_010, 1_130, index, len(years)) * rng.gauss(1, 0.03))
        leavers = round(starts * 0.82)
        yield {
            "year_end": day,
            "starts": starts,
            "starts_16_18": round(starts * rng.gauss(0.24, 0.01)),
            "leavers": leavers,
            "achieved": round(leavers * between(0.545, 0.628, index, len(years))),
            "people_16_64": exact(119_800 * 1.006**index),
        }


def _centres(rng: Random, end: date) -> Iterator[Fields]:
    """Visits to each town centre every month, and its empty units every quarter."""
    months = months_returned(end, after=5)
    for index, first in enumerate(months):
        for centre, visits, units, empty_first, empty_last in TOWNS:
            level = visits * SHOPPING[first.month - 1] * between(0.97, 1.03, index, len(months))
            # A counter that was out of order for a month has no count.
            broken = centre == "Market Square" and rng.random() < 0.04
            empty = between(empty_first, empty_last, index, len(months)) + rng.gauss(0, 0.8)
            counted = first.month % 3 == 0
            yield {
                "month_of": last_day(first),
                "centre": centre,
                "footfall": None if broken else round(level * rng.gauss(1, 0.035)),
                "units": units if counted else None,
                "empty": max(0, round(empty)) if counted else None,
            }


def _learning(rng: Random, end: date) -> Iterator[Fields]:
    """Adults on the council's courses, month by month of the academic year."""
    for index, first in enumerate(months_returned(end, after=7)):
        growth = 1 + 0.002 * index
        enrolled = round(ENROLLING.get(first.month, 0) * growth * rng.gauss(1, 0.06))
        leavers = {12: 190, 3: 160, 6: 210, 7: 230}.get(first.month, 8)
        left = round(leavers * growth * rng.gauss(1, 0.06))
        yield {
            "month_of": first,
            "enrolled": enrolled,
            "left": left,
            "achieved": round(left * min(0.97, rng.gauss(0.89, 0.02))),
            "into_work": round(left * rng.gauss(0.21, 0.03)),
        }
