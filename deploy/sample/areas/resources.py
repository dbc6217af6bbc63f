"""The council's own buildings, and its procurement cards."""

from collections.abc import Iterator
from datetime import date, timedelta
from decimal import Decimal
from random import Random

from deploy.sample import places
from deploy.sample.made import Fields, Manner, Manners, Record, days_in, months_to, pick

ENERGY = "building-energy"
CARDS = "card-transactions"
MANNERS: Manners = {ENERGY: Manner(day="%d/%m/%Y")}
CARDS_A_MONTH = 72
# What stands in a transparency file for somebody who is not named.
REDACTED = "REDACTED PERSONAL DATA"


def records(rng: Random, end: date) -> Iterator[Record]:
    """Energy and card transactions."""
    yield from (Record(ENERGY, fields) for fields in _energy(rng, end))
    yield from (Record(CARDS, fields) for fields in _cards(rng, end))


def _energy(rng: Random, end: date) -> Iterator[Fields]:
    """Energy of every full month; a building without panels leaves their column blank."""
    for first in months_to(end)[:-1]:
        for building, ordinary, panels in places.BUILDINGS:
            used = ordinary * places.HEATING[first.month - 1] * rng.gauss(1, 0.04)
            made = panels * places.SUNSHINE[first.month - 1] * rng.gauss(1, 0.08)
            yield {
                "building": building,
                "month_of": first,
                "kwh": Decimal(round(used)),
                "own_kwh": Decimal(round(made)) if panels else None,
            }


def new_purchase(rng: Random, number: str, paid: date) -> Fields:
    """A purchase on a procurement card; one in 25 is a credit."""
    category, purpose, price = rng.choice(places.PURCHASES)
    pence = max(99, round(100 * price * rng.lognormvariate(0, 0.7)))
    return {
        "transaction": number,
        "unit": pick(rng, places.SPENDING_UNITS),
        "beneficiary": f"{rng.choice(places.TRADERS)} {rng.choice(places.TRADES)}",
        "paid": paid,
        "amount": Decimal(-pence if rng.random() < 0.04 else pence) / 100,
        "purpose": purpose,
        "category": category,
    }


def _cards(rng: Random, end: date) -> Iterator[Fields]:
    """Procurement card transactions, heavier in March when budgets are spent."""
    number = 0
    made: list[Fields] = []
    for first in months_to(end):
        for day in days_in(rng, first, end, CARDS_A_MONTH * (1.35 if first.month == 3 else 1)):
            number += 1
            made.append(new_purchase(rng, f"PC{number:06d}", day))
            yield made[-1]
    yield from _to_look_at(made, end)


def _to_look_at(made: list[Fields], end: date) -> Iterator[Fields]:
    """A few purchases that were paid twice, and a few that were split to stay below a limit, the
    newest of them lately; and people whose names are not told."""
    dear = [each for each in made if each["amount"] > 60]
    for number, back in enumerate((4, 31, 160, 420, 900), 1):
        twice = dear[-back]
        day = min(twice["paid"] + timedelta(days=2 * number), end)
        yield twice | {"transaction": f"PCD{number:05d}", "paid": day}
    number = 0
    for back, parts in ((9, 2), (75, 3), (300, 2), (700, 2)):
        for part in range(parts):
            number += 1
            amount = Decimal(29_850 + 2_115 * part) / 100
            yield dear[-back] | {"transaction": f"PCS{number:05d}", "amount": amount}
    for number, back in enumerate((12, 48, 52, 130), 1):
        name = {"transaction": f"PCR{number:05d}", "beneficiary": REDACTED}
        yield dear[-back] | name | {"amount": Decimal("186.00")}
