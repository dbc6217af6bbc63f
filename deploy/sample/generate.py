"""Three years of the sample council's records, ending on a given day.

Rule: the same seed and day give the same records. Every service area draws on a chance of its own,
so that one more area, or one more record in an area, leaves the others as they were.
"""

from collections.abc import Iterator
from datetime import date
from random import Random

from deploy.sample.areas import AREAS
from deploy.sample.made import Record


def records(end: date, seed: int = 2026) -> Iterator[Record]:
    """Every record of the sample council, area by area and in each dataset by dataset."""
    for area in AREAS:
        yield from area.records(Random(f"{seed} {area.__name__}"), end)
