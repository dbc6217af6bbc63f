"""Three years of the sample council's records, ending on a given day.

Rule: the same seed and day give the same records. Seasons, drift and the quirks of the source
systems (closures stamped at midnight, a closure before its receipt, blanks, credits) are here on
purpose: the figures should look like a council's, and the contracts should have work to do.
"""

from collections.abc import Iterator, Sequence
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from random import Random
from typing import Any

from deploy.sample import places
from deploy.sample.records import CARDS, ENERGY, REQUESTS, REVIEWS, RISKS, WASTE, Fields, Record

MONTHS = 36
REQUESTS_A_MONTH = 84
REVIEWS_A_MONTH = 64
CARDS_A_MONTH = 72


def pick(rng: Random, weighted: Sequence[tuple[Any, ...]]) -> Any:
    """One of the first elements, by the weights in the second."""
    return rng.choices([row[0] for row in weighted], [row[1] for row in weighted])[0]


def months_to(end: date, count: int = MONTHS) -> list[date]:
    """The first days of so many months, the last being the month of `end`."""
    last = end.year * 12 + end.month - 1
    return [date(n // 12, n % 12 + 1, 1) for n in range(last - count + 1, last + 1)]


def records(end: date, seed: int = 2026) -> Iterator[Record]:
    """Every record of the sample council, dataset by dataset."""
    rng = Random(seed)
    yield from (Record(REQUESTS, fields) for fields in requests(rng, end))
    yield from (Record(REVIEWS, fields) for fields in reviews(rng, end))
    yield from (Record(WASTE, fields) for fields in waste(rng, end))
    yield from (Record(ENERGY, fields) for fields in energy(rng, end))
    yield from (Record(CARDS, fields) for fields in cards(rng, end))
    yield from (Record(RISKS, fields) for fields in risks(rng))


def new_request(rng: Random, reference: str, received: datetime, kind: str, kinds: str) -> Fields:
    """An environmental protection request that nobody has closed yet."""
    return {
        "ref": reference,
        "kind": kind,
        # One in 25 comes over without its type, as such extracts do.
        "type": None if rng.random() < 0.04 else kinds,
        "status": "Under Investigation",
        "received": received,
        "closed": None,
        "how": pick(rng, places.CONTACT_ROUTES),
        "ward": pick(rng, places.WARDS),
    }


def pick_kind(rng: Random, month: int) -> tuple[str, str]:
    """A kind of request and one of its types, as the season has it."""
    weights = [share * season[month - 1] for _, share, _, season in places.REQUEST_KINDS]
    kind, _, types, _ = rng.choices(places.REQUEST_KINDS, weights)[0]
    return kind, rng.choice(types)


def requests(rng: Random, end: date) -> Iterator[Fields]:
    """Environmental protection requests: busier and slower in summer, better of late."""
    number = 0
    months = months_to(end)
    for index, first in enumerate(months):
        season = sum(k[1] * k[3][first.month - 1] for k in places.REQUEST_KINDS) / 100
        for day in _days(rng, first, end, REQUESTS_A_MONTH * season):
            number += 1
            hour = rng.randint(0, 23) if rng.random() < 0.12 else rng.randint(8, 17)
            received = datetime.combine(day, time(hour, rng.randint(0, 59)))
            kind, type_ = pick_kind(rng, first.month)
            fields = new_request(rng, f"EP{number:06d}", received, kind, type_)
            # The middle of the time to close falls from nine days to six over the years.
            middle = (9 - 3 * index / len(months)) * (1 + (season - 1) / 2)
            closed = received + timedelta(days=rng.lognormvariate(0, 0.85) * middle)
            if rng.random() < 0.6:
                closed = datetime.combine(closed.date(), time())
                closed = closed if closed >= received else received
            if rng.random() < 0.0008:
                closed = received - timedelta(days=rng.randint(1, 20))
            if closed.date() <= end and rng.random() > 0.008:
                fields |= {"closed": closed.replace(microsecond=0), "status": "Closed"}
            elif (end - day).days > 40:
                fields["status"] = "Resolution Target Passed"
            yield fields


def reviews(rng: Random, end: date) -> Iterator[Fields]:
    """Annual reviews: three quarters on time three years ago, four fifths now, winters worse."""
    number = 400_000
    months = months_to(end)
    for index, first in enumerate(months):
        on_time = 0.75 + 0.07 * index / len(months) - (0.06 if first.month in (12, 1, 2) else 0)
        for day in _days(rng, first, end, REVIEWS_A_MONTH):
            number += rng.randint(1, 7)
            late = rng.random() > on_time
            wait = 1 + int(rng.expovariate(1 / 26)) if late else -rng.randint(0, 21)
            completed = day + timedelta(days=wait)
            done = completed <= end and rng.random() > 0.004
            yield {
                "review_id": str(number),
                "locality": pick(rng, places.LOCALITIES),
                "support": None if rng.random() < 0.02 else pick(rng, places.SUPPORT_REASONS),
                "due": day,
                "completed": completed if done else None,
                "outcome": pick(rng, places.REVIEW_OUTCOMES) if done else None,
            }


def waste(rng: Random, end: date) -> Iterator[Fields]:
    """Tonnages of every full month, with recycling gaining on what is thrown away."""
    months = months_to(end)[:-1]
    for index, first in enumerate(months):
        gain = index / len(months)
        for round_, size in places.ROUNDS:
            for stream, ordinary, season in places.WASTE_STREAMS:
                drift = 1 - 0.07 * gain if stream == "Residual" else 1 + 0.05 * gain
                tonnes = ordinary * size * season[first.month - 1] * drift * rng.gauss(1, 0.03)
                yield {
                    "month_of": first,
                    "collection_round": round_,
                    "stream": stream,
                    "tonnes": Decimal(round(tonnes * 100)) / 100,
                }


def energy(rng: Random, end: date) -> Iterator[Fields]:
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


def cards(rng: Random, end: date) -> Iterator[Fields]:
    """Procurement card transactions, heavier in March when budgets are spent."""
    number = 0
    for first in months_to(end):
        for day in _days(rng, first, end, CARDS_A_MONTH * (1.35 if first.month == 3 else 1)):
            number += 1
            yield new_purchase(rng, f"PC{number:06d}", day)


def risks(rng: Random) -> Iterator[Fields]:
    """The risk register: each risk with its score now and the score aimed at."""
    for number, (title, service, owner) in enumerate(places.RISK_TITLES, start=1):
        likelihood, impact = rng.randint(2, 5), rng.randint(2, 5)
        yield {
            "ref": f"R{number:02d}",
            "title": title,
            "service": service,
            "owner": owner,
            "likelihood": likelihood,
            "impact": impact,
            "target_likelihood": max(1, likelihood - rng.randint(1, 2)),
            "target_impact": max(1, impact - rng.randint(0, 1)),
            "status": rng.choice(("Treat", "Treat", "Tolerate", "Transfer")),
        }


def _days(rng: Random, first: date, end: date, expected: float) -> Iterator[date]:
    """Days of a month in order, about as many as expected and none after the end."""
    following = (first.replace(day=28) + timedelta(days=4)).replace(day=1)
    length = (following - first).days
    count = max(0, round(rng.gauss(expected, expected**0.5)))
    days = sorted(first + timedelta(days=rng.randrange(length)) for _ in range(count))
    yield from (day for day in days if day <= end)
