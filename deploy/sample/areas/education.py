"""Results of schools, early years and attendance, and young people not in education or work."""

from collections.abc import Iterator
from datetime import date
from random import Random

from deploy.sample.made import (
    Fields,
    Manner,
    Manners,
    Record,
    between,
    exact,
    last_day,
    months_to,
    years_to,
)
from deploy.sample.returns import AS_TYPED, Item, returned

RESULTS = "education-results"
CLIENTS = "nccis-monthly"
RETURNS = "education-returns"
MANNERS: Manners = {CLIENTS: Manner(day="%d/%m/%Y"), RETURNS: AS_TYPED}

FREE_MEALS, OTHERS = "Eligible for free school meals", "Not eligible"

# Result, pupils eligible for free meals and others, and the share (or points a head) of each, at
# first and last.
OUTCOMES = (
    ("Good level of development", 320, 1_650, (48, 52.5), (70.5, 73)),
    ("Phonics expected standard", 380, 1_700, (62, 66), (82, 84.5)),
    ("Key stage 2 expected standard", 430, 1_820, (41, 46), (65, 69)),
    ("English and mathematics grade 5", 370, 1_780, (24, 25), (52, 51)),
    ("Attainment 8", 370, 1_780, (3_380, 3_420), (5_020, 4_960)),
    ("Sessions missed", 610_000, 3_550_000, (11.2, 10.1), (6.3, 5.8)),
    ("Pupils persistently absent", 4_100, 22_800, (36, 32), (16.4, 13.9)),
    ("Suspensions", 4_300, 23_900, (21, 24), (5.2, 5.6)),
    ("Pupils in schools judged good or outstanding", 4_300, 23_900, (88, 90), (91, 92)),
)
TERMLY = (
    Item("Two-year-olds in funded early education", 610, 0.74, 0.83),
    Item("Children with an education, health and care plan", 0, 1_490, 1_930, 0.004),
    Item("Annual reviews of plans in timescale", 410, 0.62, 0.71, 0.03),
    Item("Children educated at home", 0, 310, 395, 0.01),
)


def records(rng: Random, end: date) -> Iterator[Record]:
    """Results of the school years that are over, returns of each term, and each month's clients."""
    years = years_to(end, 7, 31, 5)
    yield from (Record(RESULTS, fields) for fields in _results(rng, years))
    ended = [last_day(first) for first in months_to(end) if first.month in (1, 5, 10)]
    terms = [day for day in ended if day <= end]
    yield from (Record(RETURNS, fields) for fields in returned(rng, TERMLY, terms))
    yield from (Record(CLIENTS, fields) for fields in _clients(rng, end))


def _results(rng: Random, years: list[date]) -> Iterator[Fields]:
    for result, free, others, of_free, of_others in OUTCOMES:
        for index, year_end in enumerate(years):
            for pupils, whole, (first, last) in (
                (FREE_MEALS, free, of_free),
                (OTHERS, others, of_others),
            ):
                cohort = round(whole * rng.gauss(1, 0.02))
                share = between(first, last, index, len(years)) * rng.gauss(1, 0.015)
                yield {
                    "result": result,
                    "year_end": year_end,
                    "pupils": pupils,
                    "cohort": cohort,
                    "achieved": exact(cohort * share / 100),
                }


def _clients(rng: Random, end: date) -> Iterator[Fields]:
    for first in months_to(end)[:-1]:
        # In September nobody knows yet where school leavers went.
        unknown = 0.09 if first.month == 9 else 0.045 if first.month == 10 else 0.012
        cohort = round(4_350 * rng.gauss(1, 0.004))
        yield {
            "month_of": first,
            "cohort": cohort,
            "neet": round(cohort * 0.027 * rng.gauss(1, 0.06)),
            "not_known": round(cohort * unknown * rng.gauss(1, 0.08)),
        }
