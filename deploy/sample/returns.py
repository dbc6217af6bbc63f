"""Manual returns: what services write down once a quarter or a year, as a part and a whole.

Rule: an item moves steadily from where it stood first to where it stands last, with a little
chance about it; a whole of nothing is an item that is a plain number. A return that could not be
made says why in its note, in the words that the catalogue knows.
"""

from collections.abc import Iterator, Sequence
from datetime import date
from random import Random
from typing import NamedTuple

from deploy.sample.made import Fields, Manner, between, exact

AS_TYPED = Manner(day="%d/%m/%Y")


class Item(NamedTuple):
    """What is returned: its whole (0 where it is a plain number), and where it began and ended. One
    that is late is still to be given for the newest date."""

    name: str
    whole: int
    first: float
    last: float
    noise: float = 0.02
    places: int = 0
    late: bool = False


def returned(rng: Random, items: Sequence[Item], dates: Sequence[date]) -> Iterator[Fields]:
    """Every item on every date, item by item."""
    for item in items:
        for index, day in enumerate(dates):
            level = between(item.first, item.last, index, len(dates)) * rng.gauss(1, item.noise)
            whole = round(item.whole * rng.gauss(1, 0.02))
            part = exact(min(level, 1) * whole if item.whole else level, item.places)
            if item.late and day == dates[-1]:
                continue
            yield {
                "item": item.name,
                "period_end": day,
                "numerator": part,
                "denominator": exact(whole) if item.whole else None,
                "note": None,
            }


def withheld(fields: Fields, reason: str) -> Fields:
    """The same return without its numbers, and why."""
    return fields | {"numerator": None, "denominator": None, "note": reason}
