"""Planning applications and appeals as Uniform would give them, and the return on new homes."""

from collections.abc import Iterator
from datetime import date, timedelta
from random import Random

from deploy.sample import places
from deploy.sample.financial_years import months_since_april, quarters_returned
from deploy.sample.made import Fields, Manner, Manners, Record, between, days_in, exact, pick

APPLICATIONS = "planning-applications"
APPEALS = "planning-appeals"
HOMES = "housing-delivery"
MANNERS: Manners = {
    APPLICATIONS: Manner(day="%d/%m/%Y"),
    APPEALS: Manner(day="%d/%m/%Y", unknown="N/A"),
    HOMES: Manner(day="%d/%m/%Y"),
}
APPLICATIONS_A_MONTH = 21
APPEALS_A_MONTH = 1.9

# Type of application, its scale in the planning returns, and its share.
TYPES = (
    (("Householder", "Other"), 46),
    (("Full planning permission", "Minor"), 24),
    (("Listed building consent", "Other"), 9),
    (("Change of use", "Other"), 7),
    (("Full planning permission", "Major"), 9),
    (("Outline planning permission", "Major"), 5),
)
OUTCOMES = (("Dismissed", 71), ("Allowed", 22), ("Split", 3), ("Withdrawn", 4))
PROCEDURES = (("Written representations", 88), ("Hearing", 9), ("Inquiry", 3))
# From April: fewer applications at midsummer and around Christmas.
SEASON = (1.05, 1.1, 1.05, 1.0, 0.85, 1.0, 1.05, 1.0, 0.7, 0.95, 1.1, 1.15)


def records(rng: Random, end: date) -> Iterator[Record]:
    """Applications, appeals and new homes."""
    yield from (Record(APPLICATIONS, fields) for fields in _applications(rng, end))
    yield from (Record(APPEALS, fields) for fields in _appeals(rng, end))
    yield from (Record(HOMES, fields) for fields in _homes(rng, end))


def _applications(rng: Random, end: date) -> Iterator[Fields]:
    """Applications of every month; more are decided in time than three years ago."""
    number = 0
    months = months_since_april(end)
    for index, first in enumerate(months):
        expected = APPLICATIONS_A_MONTH * SEASON[(first.month - 4) % 12]
        for day in days_in(rng, first, end, expected):
            number += 1
            yield _application(rng, number, day, end, between(0, 1, index, len(months)))


def _application(rng: Random, number: int, received: date, end: date, late: float) -> Fields:
    kind, scale = pick(rng, TYPES)
    # A tenth waits for plans or a fee before it can be validated.
    waits = rng.randint(9, 40) if rng.random() < 0.1 else rng.randint(0, 7)
    valid = received + timedelta(days=waits)
    eia = scale == "Major" and rng.random() < 0.08
    weeks = 16 if eia else 13 if scale == "Major" else 8
    middle = (weeks * 7) * (1.35 if scale == "Major" else 0.93 - 0.06 * late)
    taken = max(12, round(rng.lognormvariate(0, 0.28) * middle))
    decided = valid + timedelta(days=taken)
    limit = valid + timedelta(days=7 * weeks)
    extended = None
    # Of those that would be late, most have a longer time agreed; one in twelve of these misses it.
    if decided > limit and rng.random() < (0.88 if scale == "Major" else 0.62) + 0.1 * late:
        missed = rng.random() < 0.08
        extended = decided + timedelta(days=-rng.randint(1, 10) if missed else rng.randint(0, 12))
    known = decided <= end and rng.random() > 0.006
    refused = 0.2 if scale == "Major" else 0.12
    return {
        "reference": f"{received.year % 100:02}/{number:05d}/{kind[:3].upper()}",
        "application_type": kind,
        "development_scale": scale,
        "ward": None if rng.random() < 0.015 else pick(rng, places.WARDS),
        "received": received,
        "valid_from": valid if valid <= end else None,
        "eia": "Y" if eia else "N",
        "extension_date": extended if known and extended and extended <= end else None,
        "decision_date": decided if known else None,
        "decision": pick(rng, (("Granted", 1 - refused), ("Refused", refused))) if known else None,
    }


def _appeals(rng: Random, end: date) -> Iterator[Fields]:
    """Appeals, decided some five months later; about one in four is allowed."""
    number = 3_100_000
    for first in months_since_april(end):
        for day in days_in(rng, first, end, APPEALS_A_MONTH):
            number += rng.randint(3, 90)
            decided = day + timedelta(days=round(rng.lognormvariate(5.0, 0.3)))
            known = decided <= end
            outcome = pick(rng, OUTCOMES)
            yield {
                "appeal_reference": f"APP/X9999/W/{first.year % 100}/{number}",
                "development_scale": pick(rng, (("Other", 48), ("Minor", 40), ("Major", 12))),
                "procedure": pick(rng, PROCEDURES),
                "lodged": day,
                "decided": decided if known else None,
                "outcome": outcome if known else None,
            }


def _homes(rng: Random, end: date) -> Iterator[Fields]:
    """New homes of every quarter: most are finished before the year ends."""
    quarters = quarters_returned(end, after=21)
    for index, day in enumerate(quarters):
        share = {6: 0.92, 9: 0.98, 12: 1.0, 3: 1.18}[day.month]
        homes = round(158 * share * between(1, 1.08, index, len(quarters)) * rng.gauss(1, 0.07))
        yield {
            "quarter_end": day,
            "net_additional": homes,
            "affordable": round(homes * rng.gauss(0.27, 0.03)),
            "required": 160,
            "starts": round(150 * rng.gauss(1, 0.1)),
            "contributions": exact(rng.lognormvariate(13.1, 0.35), 2),
            # Worked out once a year, as at 31 March.
            "supply_years": exact(5.4 - 0.25 * (index // 4) + rng.gauss(0, 0.1), 2)
            if day.month == 3
            else None,
        }
