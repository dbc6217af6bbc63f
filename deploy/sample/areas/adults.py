"""Adult social care events in the shape of Client Level Data, the return that it replaced, and
safeguarding concerns.

Client Level Data gives sex, age and service in words, days as ISO dates, and no name. Events of a
service that goes on have no end.
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
    between,
    by,
    days_in,
    exact,
    months_to,
    pick,
)

EVENTS = "adult-service-events"
BEFORE = "salt-returns"
CONCERNS = "safeguarding-concerns"
MANNERS: Manners = {
    EVENTS: Manner(day="%Y-%m-%d"),
    BEFORE: Manner(day="%d/%m/%Y"),
    CONCERNS: Manner(unknown="-1"),
}

# How many a month: requests, admissions of older and of younger adults, short-term services.
REQUESTS, OLDER, YOUNGER, SHORT_TERM = 9, 17.5, 1.4, 11
CONCERNS_A_MONTH = 12

REQUEST_ENDINGS = (
    ("Universal services or signposted", 44),
    ("Short term support", 21),
    ("Long term support", 17),
    ("No services provided", 18),
)
SHORT_TERM_ENDINGS = (
    ("No services provided", 46),
    ("Universal services or signposted", 27),
    ("Long term support", 20),
    ("Deceased", 7),
)
ABUSE = (
    ("Neglect and acts of omission", 34),
    ("Self-neglect", 19),
    ("Physical abuse", 17),
    ("Financial abuse", 14),
    ("Psychological abuse", 11),
    ("Other", 5),
)
RISKS = (("Risk removed", 29), ("Risk reduced", 62), ("Risk remains", 9))
WISHES = (("Fully achieved", 64), ("Partially achieved", 28), ("Not achieved", 8))

# The last years of the return that Client Level Data replaced, for the years that ended on 31
# March: item, numerator, denominator.
SALT = (
    ("Short-term services to maximise independence", (2023, 301, 412), (2024, 318, 421)),
    ("Admissions aged 65 and over", (2023, 228, None), (2024, 219, None)),
    ("Admissions aged 18 to 64", (2023, 15, None), (2024, 17, None)),
)


def records(rng: Random, end: date) -> Iterator[Record]:
    """Events, the earlier return, then concerns."""
    yield from (Record(EVENTS, fields) for fields in _events(rng, end))
    for item, *years in SALT:
        for year, numerator, denominator in years:
            if date(year, 3, 31) > end:
                continue
            whole = None if denominator is None else exact(denominator)
            counts = {"numerator": exact(numerator), "denominator": whole}
            yield Record(BEFORE, {"item": item, "year_end": date(year, 3, 31)} | counts)
    yield from (Record(CONCERNS, fields) for fields in _concerns(rng, end))


def _events(rng: Random, end: date) -> Iterator[Fields]:
    months = months_to(end)
    number = 0
    for index, first in enumerate(months):
        winter = 1.2 if first.month in (12, 1, 2) else 0.95
        kinds = (
            ("Request", REQUESTS),
            ("65", between(OLDER, 0.9 * OLDER, index, len(months)) * winter),
            ("18", YOUNGER),
            ("Short term", SHORT_TERM),
        )
        for kind, expected in kinds:
            for day in days_in(rng, first, end, expected):
                number += 1
                # One person in six has been here before.
                person = number if rng.random() < 0.84 else rng.randint(1, number)
                event = {
                    "event": f"E{number:06d}",
                    "person": f"P{person:06d}",
                    "locality": pick(rng, places.LOCALITIES),
                    "support": None if rng.random() < 0.02 else pick(rng, places.SUPPORT_REASONS),
                    "started": day,
                    "at_home": None,
                }
                yield event | _kind(rng, kind, day, end)


def _kind(rng: Random, kind: str, day: date, end: date) -> Fields:
    if kind == "Request":
        ended = by(end, day + timedelta(days=round(rng.lognormvariate(2.4, 0.7))))
        outcome = None if ended is None else pick(rng, REQUEST_ENDINGS)
        age = rng.choice((rng.randint(18, 64), rng.randint(65, 97), rng.randint(65, 97)))
        return _event("Request", None, age, ended, outcome)
    if kind == "Short term":
        age = rng.randint(65, 96) if rng.random() < 0.88 else rng.randint(30, 64)
        ended = by(end, day + timedelta(days=rng.randint(14, 42)))
        outcome = None if ended is None else pick(rng, SHORT_TERM_ENDINGS)
        short = _event("Service", "Short term: maximise independence", age, ended, outcome)
        followed_up = by(end, day + timedelta(days=91))
        home = "Y" if rng.random() < 0.835 else "N"
        return short | {"at_home": home if followed_up else None}
    age = rng.randint(65, 99) if kind == "65" else rng.randint(18, 64)
    care = "Nursing care" if rng.random() < 0.36 else "Residential care"
    ended = by(end, day + timedelta(days=60 + round(rng.expovariate(1 / 700))))
    return _event("Service", f"Long term: {care.lower()}", age, ended, None)


def _event(
    kind: str, service: str | None, age: int, ended: date | None, outcome: str | None
) -> Fields:
    return {"kind": kind, "service": service, "age": age, "ended": ended, "outcome": outcome}


def _concerns(rng: Random, end: date) -> Iterator[Fields]:
    months = months_to(end)
    number = 0
    for index, first in enumerate(months):
        prompt = between(0.72, 0.86, index, len(months))
        for day in days_in(rng, first, end, CONCERNS_A_MONTH * between(0.9, 1.1, index, 36)):
            number += 1
            decided = by(
                end, day + timedelta(days=rng.randint(0, 2 if rng.random() < prompt else 9))
            )
            enquiry = decided if rng.random() < between(0.34, 0.4, index, len(months)) else None
            wait = rng.randint(7, 27) if rng.random() < 0.73 else rng.randint(30, 95)
            ended = by(end, enquiry + timedelta(days=wait)) if enquiry else None
            asked = ended is not None and rng.random() < 0.86
            yield {
                "concern": f"SG{number:05d}",
                "locality": pick(rng, places.LOCALITIES),
                "abuse": pick(rng, ABUSE),
                "received": day,
                "decided": decided,
                "enquiry_started": enquiry,
                "enquiry_ended": ended,
                "risk": pick(rng, RISKS) if ended else None,
                "wishes": pick(rng, WISHES) if asked else None,
            }
