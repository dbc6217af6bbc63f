"""Referrals to children's social care and child protection, as Liquidlogic would give them.

Blanks are -1, as in its reporting views. Assessments get quicker over the years and slower in
late summer; a few have a completion before the referral, which is how such extracts are.
"""

from collections.abc import Iterator
from datetime import date, timedelta
from random import Random

from deploy.sample import places
from deploy.sample.made import (
    Fields,
    Manner,
    Manners,
    Record,
    after,
    between,
    by,
    days_in,
    months_to,
    pick,
)

REFERRALS = "childrens-referrals"
PROTECTION = "child-protection"
MANNERS: Manners = {REFERRALS: Manner(unknown="-1"), PROTECTION: Manner(unknown="-1")}
REFERRALS_A_MONTH = 38
ENQUIRIES_A_MONTH = 13
# What was open already when the records begin.
OPEN_BEFORE = 130

SOURCES = (
    ("Police", 30),
    ("School", 24),
    ("Health", 17),
    ("Family or neighbour", 12),
    ("Council service", 11),
    ("Anonymous", 6),
)
NEEDS = (("N1", 52), ("N2", 9), ("N4", 12), ("N5", 14), ("N6", 7), ("N8", 6))
CATEGORIES = (
    ("Neglect", 46),
    ("Emotional abuse", 36),
    ("Physical abuse", 11),
    ("Sexual abuse", 7),
)


def records(rng: Random, end: date) -> Iterator[Record]:
    """Referrals, then child protection enquiries and plans."""
    yield from (Record(REFERRALS, fields) for fields in _referrals(rng, end))
    yield from (Record(PROTECTION, fields) for fields in _protection(rng, end))


def _referrals(rng: Random, end: date) -> Iterator[Fields]:
    months = months_to(end)
    number = 700_000
    for _ in range(OPEN_BEFORE):
        number += rng.randint(1, 5)
        received = months[0] - timedelta(days=rng.randint(60, 500))
        fields = _referral(rng, number, received, 0.3)
        done = min(months[0], after(rng, received, 10, 45))
        closed = by(end, months[0] + timedelta(days=round(rng.expovariate(1 / 260))))
        plan = {"outcome": "Assessment", "assessed": done, "on_plan": received, "closed": closed}
        yield fields | plan
    for index, first in enumerate(months):
        # Schools refer less in the holidays.
        expected = REFERRALS_A_MONTH * (0.8 if first.month in (8, 12) else 1.04)
        for day in days_in(rng, first, end, expected):
            number += rng.randint(1, 5)
            fields = _referral(rng, number, day, between(0.25, 0.19, index, len(months)))
            if fields["outcome"] == "Assessment":
                on_time = between(0.78, 0.89, index, len(months)) - 0.06 * (first.month == 8)
                fields |= _assessment(rng, day, end, on_time)
            yield fields | {"decided": by(end, fields["decided"])}


def _referral(rng: Random, number: int, received: date, again: float) -> Fields:
    """A referral, with `again` the chance that there was one in the twelve months before."""
    before = rng.random()
    previous = rng.randint(10, 360) if before < again else rng.randint(370, 1400)
    decided = received + timedelta(days=0 if rng.random() < 0.86 else rng.randint(1, 4))
    outcomes = (("Assessment", 66), ("No further action", 21), ("Early help", 13))
    return {
        "referral_id": str(number),
        "ward": None if rng.random() < 0.02 else pick(rng, places.WARDS),
        "age_at_referral": rng.randint(0, 17),
        "source": pick(rng, SOURCES),
        "need": pick(rng, NEEDS),
        "received": received,
        "previous": received - timedelta(days=previous) if before < again + 0.15 else None,
        "decided": decided,
        "outcome": pick(rng, outcomes),
        "assessed": None,
        "on_plan": None,
        "closed": None,
    }


def _assessment(rng: Random, received: date, end: date, on_time: float) -> Fields:
    late = rng.random() > on_time
    wait = rng.randint(66, 110) if late else round(rng.triangular(12, 62, 48))
    if rng.random() < 0.002:
        wait = -rng.randint(1, 9)
    assessed = by(end, received + timedelta(days=wait))
    found: Fields = {"assessed": assessed}
    if assessed is None:
        return found
    if rng.random() < 0.5:
        return found | {"closed": max(assessed, received)}
    closed = assessed + timedelta(days=30 + round(rng.expovariate(1 / 330)))
    return found | {"on_plan": assessed, "closed": by(end, closed)}


def _protection(rng: Random, end: date) -> Iterator[Fields]:
    months = months_to(end)
    number = 30_000
    for _ in range(105):
        number += rng.randint(1, 4)
        enquired = months[0] - timedelta(days=rng.randint(20, 420))
        held = enquired + timedelta(days=rng.randint(12, 20))
        fields = _plan(rng, number, held, 0.22)
        ended = by(end, months[0] + timedelta(days=round(rng.expovariate(1 / 230))))
        yield fields | {"enquired": enquired, "conference": held, "ended": ended}
    for index, first in enumerate(months):
        on_time = between(0.86, 0.8, index, len(months))
        for day in days_in(rng, first, end, ENQUIRIES_A_MONTH):
            number += rng.randint(1, 4)
            wait = rng.randint(9, 20) if rng.random() < on_time else rng.randint(24, 40)
            conference = by(end, day + timedelta(days=wait))
            fields = _plan(rng, number, conference, 0.24)
            finish = None
            if fields["plan_started"] is not None:
                length = 90 + round(rng.expovariate(1 / 230))
                finish = by(end, day + timedelta(days=length))
            yield fields | {"enquired": day, "conference": conference, "ended": finish}


def _plan(rng: Random, number: int, held: date | None, again: float) -> Fields:
    """The plan that a conference decided on, nine times in ten."""
    planned = held is not None and rng.random() < 0.9
    before = timedelta(days=rng.choice((200, 500, 650, 900, 1300, 1900)))
    return {
        "protection_id": str(number),
        "ward": pick(rng, places.WARDS),
        "plan_started": held if planned else None,
        "category": pick(rng, CATEGORIES) if planned else None,
        "previous_ended": held - before if held and planned and rng.random() < again else None,
    }
