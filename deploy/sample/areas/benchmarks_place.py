"""What other areas are said to have come to, and the council itself: three years, three indicators.

Rule: areas are real and figures made up, drawn around a level of the area's own that moves slowly.
"""

from collections.abc import Iterator
from datetime import date, timedelta
from random import Random

from deploy.sample.made import Fields, Manners, Record, exact, years_to
from deploy.sample.neighbours import AREAS

BENCHMARKS = "national-benchmarks-place"
MANNERS: Manners = {}
YEARS = 3
# Figures for a year to March are out by the end of June.
PUBLISHED_AFTER = 90

OWN = "E06999999"
WITH_OWN = (*AREAS, (OWN, "Sample council"))
# Indicator, its middle among areas and that of the council, how far areas lie apart, how much a
# year changes, the most, and how many decimal places are published.
LEVELS = (
    ("Non-major planning decisions", 86.0, 87.0, 5.0, 1.6, 99.6, 1),
    ("Employment rate", 77.2, 78.0, 2.0, 0.7, 86.0, 1),
    ("Council tax collected", 97.1, 97.5, 0.8, 0.2, 99.2, 2),
)


def records(rng: Random, end: date) -> Iterator[Record]:
    """A value for every area, indicator and year."""
    yield from (Record(BENCHMARKS, fields) for fields in _values(rng, end))


def _values(rng: Random, end: date) -> Iterator[Fields]:
    years = years_to(end - timedelta(days=PUBLISHED_AFTER), 3, 31, YEARS)
    for indicator, middle, council, apart, change, most, places in LEVELS:
        for code, name in WITH_OWN:
            own = council if code == OWN else rng.gauss(middle, apart)
            for day in years:
                value = min(most - rng.random() * change, own + rng.gauss(0, change))
                yield {
                    "area_code": code,
                    "area_name": name,
                    "indicator": indicator,
                    "period_end": day,
                    "value": exact(value, places),
                }
