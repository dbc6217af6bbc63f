"""The numbers of people and homes that a financial year's rates are worked out with.

Rule: they are settled once, in April, so that a rate does not jump when a new estimate comes out.
"""

from collections.abc import Iterator
from datetime import date
from random import Random

from deploy.sample.financial_years import months_since_april
from deploy.sample.made import Manner, Manners, Record, exact

DENOMINATORS = "denominators-in-use"
MANNERS: Manners = {DENOMINATORS: Manner(day="%d/%m/%Y")}
# How many there were in the first year; all grow by the same share a year.
FIRST = {"population": 191_800, "working_age": 120_400, "aged_18_to_24": 16_900, "homes": 86_400}
GROWTH = 1.007


def records(_: Random, end: date) -> Iterator[Record]:
    """One record for each financial year that has begun."""
    aprils = [first for first in months_since_april(end) if first.month == 4]
    for index, first in enumerate(aprils):
        numbers = {name: exact(number * GROWTH**index) for name, number in FIRST.items()}
        yield Record(DENOMINATORS, {"in_use_from": first} | numbers)
