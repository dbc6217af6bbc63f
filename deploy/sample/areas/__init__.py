"""The service areas of the sample council, one module each.

Rule: a module makes the records of its own datasets and of no other, a dataset's records one after
another. It has `records(rng, end)`, and in `MANNERS` how its sources write what they do not write
as others do (ISO days; blank where not known). To be part of the sample it is named in `AREAS`.
"""

from collections.abc import Iterator
from datetime import date
from random import Random
from typing import Protocol

from deploy.sample.areas import (
    adult_returns,
    adult_reviews,
    adults,
    benchmarks_place,
    capital,
    care_activity,
    children,
    children_in_care,
    contracts,
    corporate,
    council_homes,
    customer,
    denominators,
    early_help,
    economy,
    education,
    environment,
    environmental_health,
    highways,
    housing,
    ledger,
    national_people,
    parks_and_climate,
    planning,
    plans,
    public_health,
    reference,
    resources,
    revenues,
    review,
    risks,
    transport,
    waste,
)
from deploy.sample.made import Manners, Record


class Area(Protocol):
    """What a module of this package offers."""

    __name__: str
    MANNERS: Manners

    def records(self, rng: Random, end: date, /) -> Iterator[Record]:
        """The area's records of three years, ending on this day."""
        ...


AREAS: tuple[Area, ...] = (
    reference,
    environmental_health,
    adult_reviews,
    waste,
    resources,
    children,
    children_in_care,
    early_help,
    education,
    adults,
    adult_returns,
    public_health,
    housing,
    council_homes,
    national_people,
    planning,
    benchmarks_place,
    denominators,
    environment,
    parks_and_climate,
    highways,
    transport,
    economy,
    revenues,
    customer,
    corporate,
    ledger,
    capital,
    contracts,
    care_activity,
    risks,
    plans,
    review,
)
