"""Early help episodes and requests for education, health and care plans (Liquidlogic)."""

from collections.abc import Iterator
from datetime import date, timedelta
from random import Random

from deploy.sample import places
from deploy.sample.made import (
    Fields,
    Manner,
    Manners,
    Record,
    between,
    by,
    days_in,
    months_to,
    pick,
)

EPISODES = "early-help-episodes"
PLANS = "ehc-requests"
MANNERS: Manners = {EPISODES: Manner(unknown="-1"), PLANS: Manner(unknown="-1")}
EPISODES_A_MONTH = 12
REQUESTS_A_MONTH = 14

ENDINGS = (("Needs met", 66), ("Family disengaged", 19), ("Stepped up to social care", 15))
NEEDS = (("ASD", 34), ("SEMH", 24), ("SLCN", 22), ("MLD", 11), ("Other", 9))


def records(rng: Random, end: date) -> Iterator[Record]:
    """Episodes of early help, then requests for plans."""
    yield from (Record(EPISODES, fields) for fields in _episodes(rng, end))
    yield from (Record(PLANS, fields) for fields in _requests(rng, end))


def _episodes(rng: Random, end: date) -> Iterator[Fields]:
    months = months_to(end)
    number = 50_000
    for _ in range(60):
        number += 1
        opened = months[0] - timedelta(days=rng.randint(1, 200))
        closed = by(end, months[0] + timedelta(days=round(rng.expovariate(1 / 110))))
        yield _episode(rng, number, opened, closed, end)
    for first in months:
        for day in days_in(rng, first, end, EPISODES_A_MONTH * (0.6 if first.month == 8 else 1)):
            number += 1
            closed = by(end, day + timedelta(days=30 + round(rng.expovariate(1 / 130))))
            yield _episode(rng, number, day, closed, end)


def _episode(rng: Random, number: int, opened: date, closed: date | None, end: date) -> Fields:
    assessed = by(closed or end, opened + timedelta(days=round(rng.triangular(8, 52, 27))))
    return {
        "episode_id": str(number),
        "ward": pick(rng, places.WARDS),
        "opened": opened,
        "assessed": assessed,
        "closed": closed,
        "ending": None if closed is None else pick(rng, ENDINGS),
    }


def _requests(rng: Random, end: date) -> Iterator[Fields]:
    months = months_to(end, 42)
    number = 0
    for index, first in enumerate(months):
        # More are asked for each year, most of them when schools are open.
        expected = REQUESTS_A_MONTH * between(0.75, 1.1, index, len(months))
        expected *= 0.4 if first.month in (8, 9) else 1.1
        for day in days_in(rng, first, end, expected):
            number += 1
            in_time = rng.random() < between(0.48, 0.72, index, len(months))
            yield _request(rng, number, day, in_time, end)


def _request(rng: Random, number: int, day: date, in_time: bool, end: date) -> Fields:
    decided = by(end, day + timedelta(days=rng.randint(25, 41 if rng.random() < 0.92 else 60)))
    agreed = rng.random() < 0.74
    wait = rng.randint(104, 139) if in_time else rng.randint(142, 290)
    issued = by(end, day + timedelta(days=wait)) if agreed else None
    outcome = "Assess" if agreed else "Do not assess"
    return {
        "request_id": f"EHC{number:05d}",
        "requested": day,
        "decided": decided,
        "decision": None if decided is None else outcome,
        "issued": issued,
        "exception": "1" if rng.random() < 0.05 else "0",
        "need": pick(rng, NEEDS),
    }
