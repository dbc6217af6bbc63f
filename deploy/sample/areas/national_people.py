"""What other councils returned of some of the same indicators.

The areas are real, so that codes and names read as they would. Their values are made up.
"""

from collections.abc import Iterator
from datetime import date
from random import Random

from deploy.sample.made import Manners, Record, exact, years_to
from deploy.sample.neighbours import AREAS

BENCHMARKS = "national-benchmarks-people"
MANNERS: Manners = {}

# Indicator, when its year ends, where the areas lie about, and how far apart they are.
COMPARED = (
    ("Children looked after, rate per 10,000", (3, 31), 56.0, 8.0),
    ("Admissions aged 65 and over, per 100,000", (3, 31), 545.0, 70.0),
    ("Homelessness prevented or relieved, %", (3, 31), 49.0, 5.0),
    ("Phonics expected standard, %", (7, 31), 80.5, 2.0),
    ("Adults who smoke, %", (12, 31), 11.8, 1.4),
    ("Physically active adults, %", (3, 31), 70.2, 2.6),
)


def records(rng: Random, end: date) -> Iterator[Record]:
    """Three years of each compared indicator."""
    for indicator, (month, day), middle, apart in COMPARED:
        for code, name in AREAS:
            level = middle if code == "E92000001" else rng.gauss(middle, apart)
            for year_end in years_to(end, month, day, 3):
                fields = {
                    "area_code": code,
                    "area_name": name,
                    "indicator": indicator,
                    "period_end": year_end,
                    "value": exact(level * rng.gauss(1, 0.02), 1),
                }
                yield Record(BENCHMARKS, fields)
