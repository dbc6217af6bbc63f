"""Environmental protection requests, as a daily Uniform extract would give them.

Seasons, drift and the quirks of the system are here on purpose: closures stamped at midnight, a
closure before its receipt, requests without a type.
"""

from collections.abc import Iterator
from datetime import date, datetime, time, timedelta
from random import Random

from deploy.sample import places
from deploy.sample.made import Fields, Manners, Record, days_in, months_to, pick

REQUESTS = "environmental-protection-requests"
MANNERS: Manners = {}
REQUESTS_A_MONTH = 84


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


def records(rng: Random, end: date) -> Iterator[Record]:
    """Environmental protection requests: busier and slower in summer, better of late."""
    number = 0
    months = months_to(end)
    for index, first in enumerate(months):
        season = sum(k[1] * k[3][first.month - 1] for k in places.REQUEST_KINDS) / 100
        for day in days_in(rng, first, end, REQUESTS_A_MONTH * season):
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
            if rng.random() < 0.0015:
                closed = received - timedelta(days=rng.randint(1, 20))
            if closed.date() <= end and rng.random() > 0.008:
                fields |= {"closed": closed.replace(microsecond=0), "status": "Closed"}
            elif (end - day).days > 40:
                fields["status"] = "Resolution Target Passed"
            yield Record(REQUESTS, fields)
