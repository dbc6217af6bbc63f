"""The contact centre, complaints, requests for information and the ombudsman's yearly letter."""

from collections.abc import Generator, Iterator
from datetime import date, datetime, time, timedelta
from random import Random

from deploy.sample.financial_years import months_returned, months_since_april
from deploy.sample.made import (
    Fields,
    Manner,
    Manners,
    Record,
    between,
    by,
    days_in,
    exact,
    pick,
    years_to,
)

CALLS = "contact-centre"
COMPLAINTS = "complaints"
REQUESTS = "information-requests"
OMBUDSMAN = "ombudsman-decisions"
MANNERS: Manners = {
    CALLS: Manner(day="%d/%m/%Y"),
    COMPLAINTS: Manner(day="%d/%m/%Y", moment="%d/%m/%Y %H:%M:%S"),
    REQUESTS: Manner(day="%d/%m/%Y", unknown="-"),
}
COMPLAINTS_A_MONTH = 12
REQUESTS_A_MONTH = 14

# Line, calls in an ordinary month, and how the months from April bend them.
LINES = (
    ("Council tax and benefits", 6_100, (1.4, 1.2, 1, 0.9, 0.9, 0.9, 0.9, 0.9, 0.7, 1, 0.95, 1.4)),
    ("Waste and streets", 4_300, (1.1, 1.1, 1.05, 1.1, 1.05, 1, 0.95, 0.9, 0.95, 1.1, 0.85, 0.95)),
    ("Housing", 3_500, (1, 1, 0.95, 0.95, 0.95, 1, 1.05, 1.05, 0.9, 1.1, 1.05, 1)),
    ("Adult social care", 2_400, (1, 1, 1, 0.95, 0.95, 1, 1, 1.05, 0.95, 1.1, 1.05, 1)),
    ("Schools and families", 1_700, (1.2, 0.9, 1, 0.8, 1.2, 1.4, 1, 0.9, 0.7, 1.1, 0.9, 1.1)),
    ("Planning and highways", 1_300, (1, 1, 1, 1, 0.95, 1, 1, 0.95, 0.75, 1.05, 1.1, 1.15)),
)
DIRECTORATES = (
    ("Place", 44),
    ("Resources", 18),
    ("Adults and health", 17),
    ("Children and families", 21),
)
OUTCOMES = (("Upheld", 31), ("Partly upheld", 21), ("Not upheld", 48))
KINDS = (("FOI", 62), ("EIR", 22), ("SAR", 16))
DECISIONS = (("Released in full", 62), ("Released in part", 19), ("Refused", 7), ("Not held", 12))


def records(rng: Random, end: date) -> Iterator[Record]:
    """Calls by month, complaints and requests one by one, and the ombudsman's year."""
    yield from (Record(CALLS, fields) for fields in _calls(rng, end))
    yield from (Record(COMPLAINTS, fields) for fields in _complaints(rng, end))
    yield from (Record(REQUESTS, fields) for fields in _requests(rng, end))
    yield from (Record(OMBUDSMAN, fields) for fields in _ombudsman(rng, end))


def _calls(rng: Random, end: date) -> Iterator[Fields]:
    """Calls of every line: busy months answer fewer, and callers wait longer."""
    months = months_returned(end, after=3)
    for index, first in enumerate(months):
        for line, ordinary, season in LINES:
            bend = season[(first.month - 4) % 12]
            calls = ordinary * bend * between(1.05, 0.9, index, len(months))
            offered = round(calls * rng.gauss(1, 0.04))
            forms = calls * between(0.82, 1.4, index, len(months))
            share = between(0.905, 0.935, index, len(months)) - 0.14 * max(0, bend - 1.05)
            answered = round(offered * min(0.99, rng.gauss(share, 0.012)))
            surveyed = round(answered * 0.06)
            yield {
                "month_of": first,
                "line": line,
                "offered": offered,
                "answered": answered,
                "seconds_waited": round(answered * (95 + 1_400 * (1 - answered / offered))),
                "surveyed": surveyed,
                "satisfied": round(surveyed * min(1, rng.gauss(0.86, 0.025))),
                "online": round(forms * rng.gauss(1, 0.04)),
            }


def _complaints(rng: Random, end: date) -> Iterator[Fields]:
    """Complaints of both stages; one in nine of the first goes on to the second."""
    number = 7_000
    months = months_since_april(end)
    for index, first in enumerate(months):
        for day in days_in(rng, first, end, COMPLAINTS_A_MONTH):
            number += 1
            directorate = pick(rng, DIRECTORATES)
            late = between(0.24, 0.09, index, len(months)) + (0.06 if directorate == "Place" else 0)
            done = yield from _answer(rng, end, f"C{number}", 1, directorate, day, late)
            later = day + timedelta(days=15 + rng.randint(3, 40))
            if done and rng.random() < 0.11 and later <= end:
                yield from _answer(rng, end, f"C{number}", 2, directorate, later, late * 0.8)


def _answer(
    rng: Random, end: date, reference: str, stage: int, directorate: str, day: date, late: float
) -> Generator[Fields, None, bool]:
    """One complaint at one stage, ten working days to answer the first and twenty the second; and
    whether it has been answered."""
    limit = 14 if stage == 1 else 28
    waited = rng.randint(2, limit)
    if rng.random() < late:
        waited = limit + 1 + int(rng.expovariate(1 / 9))
    answered = by(end, day + timedelta(days=waited))
    known = answered is not None and rng.random() > 0.005
    yield {
        "reference": reference,
        "stage": stage,
        "directorate": directorate,
        "received": datetime.combine(day, time(rng.randint(8, 20), rng.randint(0, 59))),
        "answered": answered if known else None,
        "outcome": pick(rng, OUTCOMES) if known else None,
        "payment": exact(rng.choice((50, 75, 100, 150, 250)), 2)
        if known and rng.random() < 0.06
        else None,
    }
    return known


def _requests(rng: Random, end: date) -> Iterator[Fields]:
    """Requests for information: twenty working days, or a month for one's own data."""
    number = 12_000
    months = months_since_april(end)
    for index, first in enumerate(months):
        expected = REQUESTS_A_MONTH * (0.75 if first.month == 12 else 1.03)
        for day in days_in(rng, first, end, expected):
            number += 1
            kind = pick(rng, KINDS)
            late = between(0.15, 0.07, index, len(months)) + (0.08 if kind == "SAR" else 0)
            in_time = rng.random() >= late
            waited = rng.randint(1, 26) if in_time else 32 + round(rng.expovariate(1 / 12))
            answered = by(end, day + timedelta(days=waited))
            known = answered is not None and rng.random() > 0.004
            yield {
                "reference": f"IR-{number}",
                "kind": kind,
                "directorate": pick(rng, DIRECTORATES),
                "received": day,
                "answered": answered if known else None,
                "decision": pick(rng, DECISIONS) if known else None,
            }


def _ombudsman(rng: Random, end: date) -> Iterator[Fields]:
    """The ombudsman's decisions of each year, in a letter that comes in July."""
    for index, day in enumerate(years_to(end - timedelta(days=110), 3, 31, 4)):
        investigated = rng.randint(15, 21)
        upheld = round(investigated * between(0.8, 0.7, index, 4))
        yield {
            "year_end": day,
            "investigated": investigated,
            "upheld": upheld,
            "complied": upheld - (1 if index == 0 else 0),
        }
