"""What other records are looked up in or divided by: wards and mid-year populations."""

from collections.abc import Iterator
from datetime import date
from random import Random

from deploy.sample import places
from deploy.sample.made import Manners, Record, exact, years_to

WARDS = "wards"
POPULATIONS = "populations"
MANNERS: Manners = {}

# How many there were in the newest year, and by how many per cent that grew each year.
GROUPS = (
    ("Aged 0 to 4", 9_400, -1.1),
    ("Aged 5 to 9", 10_300, -0.6),
    ("Aged 10 to 17", 17_600, 0.4),
    ("Aged 18 to 64", 119_000, 0.7),
    ("Aged 65 and over", 39_400, 1.3),
    ("Households", 84_200, 0.8),
    ("Dwellings", 88_100, 0.8),
)


def records(rng: Random, end: date) -> Iterator[Record]:
    """Each ward's locality, and the estimates of the years for which there are any."""
    for (ward, _), (locality, decile) in zip(places.WARDS, places.WARD_PLACES, strict=True):
        fields = {"ward": ward, "locality": locality, "deprivation_decile": decile}
        yield Record(WARDS, fields)
    # An estimate comes out a year after its day.
    days = years_to(end, 6, 30, 6)[:-1]
    for group, people, growth in GROUPS:
        for index, day in enumerate(days):
            number = people * (1 + growth / 100) ** (index + 1 - len(days))
            fields = {"reference_date": day, "group": group, "number": exact(number)}
            yield Record(POPULATIONS, fields)
