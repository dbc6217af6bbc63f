"""Household waste tonnages of every full month, with recycling gaining on what is thrown away."""

from collections.abc import Iterator
from datetime import date
from random import Random

from deploy.sample import places
from deploy.sample.made import Manners, Record, exact, months_to

WASTE = "household-waste-tonnages"
MANNERS: Manners = {}


def records(rng: Random, end: date) -> Iterator[Record]:
    """A tonnage for every round and stream in every month."""
    months = months_to(end)[:-1]
    for index, first in enumerate(months):
        gain = index / len(months)
        for round_, size in places.ROUNDS:
            for stream, ordinary, season in places.WASTE_STREAMS:
                drift = 1 - 0.07 * gain if stream == "Residual" else 1 + 0.05 * gain
                tonnes = ordinary * size * season[first.month - 1] * drift * rng.gauss(1, 0.03)
                fields = {
                    "month_of": first,
                    "collection_round": round_,
                    "stream": stream,
                    "tonnes": exact(tonnes, 2),
                }
                yield Record(WASTE, fields)
