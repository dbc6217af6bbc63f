"""Homelessness, shaped like the case level collection (H-CLIC), and temporary accommodation."""

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

CASES = "homelessness-cases"
PLACED = "temporary-accommodation"
MANNERS: Manners = {CASES: Manner(day="%d/%m/%Y"), PLACED: Manner(day="%d/%m/%Y")}
CASES_A_MONTH = 24
PLACED_A_MONTH = 10.5
PLACED_BEFORE = 74

REASONS = (
    ("Friends or family no longer able to house", 31),
    ("End of private rented tenancy", 29),
    ("Domestic abuse", 16),
    ("Relationship breakdown", 10),
    ("Leaving an institution", 6),
    ("Other", 8),
)
SECURED = "Secured accommodation for 6 months"
NOT_PREVENTED = (("Became homeless", 62), ("Contact lost", 22), ("Application withdrawn", 16))
NOT_RELIEVED = (("56 days elapsed", 66), ("Contact lost", 20), ("Application withdrawn", 14))
# Kind of accommodation, its weight, and for how many days a household stays there.
KINDS = (
    ("Bed and breakfast", 34, 34),
    ("Hostel", 17, 150),
    ("Private sector leased", 22, 300),
    ("Own stock", 19, 280),
    ("Nightly paid, self-contained", 8, 120),
)


def records(rng: Random, end: date) -> Iterator[Record]:
    """Cases, then placements."""
    yield from (Record(CASES, fields) for fields in _cases(rng, end))
    yield from (Record(PLACED, fields) for fields in _placements(rng, end))


def _cases(rng: Random, end: date) -> Iterator[Fields]:
    months = months_to(end)
    number = 0
    for index, first in enumerate(months):
        winter = 1.15 if first.month in (1, 2, 3) else 0.97
        for day in days_in(rng, first, end, CASES_A_MONTH * winter):
            number += 1
            case: Fields = {
                "case": f"HC{number:06d}",
                "ward": None if rng.random() < 0.05 else pick(rng, places.WARDS),
                "household": "With children" if rng.random() < 0.36 else "Without children",
                "reason": pick(rng, REASONS),
                "assessed": day,
                "prevention_started": None,
                "prevention_ended": None,
                "prevention_outcome": None,
                "relief_started": None,
                "relief_ended": None,
                "relief_outcome": None,
                "main_duty_decided": None,
                "main_duty": None,
            }
            relief: date | None = day
            if rng.random() < 0.55:
                relief = _prevention(rng, case, day, end, between(0.58, 0.67, index, 36))
            if relief is not None:
                _relief(rng, case, relief, end, between(0.41, 0.37, index, 36))
            yield case


def _prevention(rng: Random, case: Fields, day: date, end: date, chance: float) -> date | None:
    """Fills in the duty to prevent; the day from which there is one to relieve."""
    ended = by(end, day + timedelta(days=rng.randint(14, 95)))
    case |= {"prevention_started": day, "prevention_ended": ended}
    if ended is None:
        return None
    outcome = SECURED if rng.random() < chance else pick(rng, NOT_PREVENTED)
    case["prevention_outcome"] = outcome
    return ended if outcome == "Became homeless" else None


def _relief(rng: Random, case: Fields, day: date, end: date, chance: float) -> None:
    relieved = rng.random() < chance
    wait = rng.randint(8, 75) if relieved else rng.randint(56, 70)
    ended = by(end, day + timedelta(days=wait))
    case |= {"relief_started": day, "relief_ended": ended}
    if ended is None:
        return
    case["relief_outcome"] = SECURED if relieved else pick(rng, NOT_RELIEVED)
    if case["relief_outcome"] == "56 days elapsed":
        late = rng.random() < 0.24
        decided = by(
            end, ended + timedelta(days=rng.randint(23, 60) if late else rng.randint(1, 20))
        )
        owed = "Accepted" if rng.random() < 0.71 else "Not owed"
        case |= {"main_duty_decided": decided, "main_duty": owed if decided else None}


def _placements(rng: Random, end: date) -> Iterator[Fields]:
    months = months_to(end)
    number = 0
    for _ in range(PLACED_BEFORE):
        number += 1
        kind, _, stays = KINDS[rng.choice((0, 1, 2, 2, 3, 3, 4))]
        entered = months[0] - timedelta(days=rng.randint(1, stays))
        left = months[0] + timedelta(days=round(rng.expovariate(1 / stays)))
        yield _placement(rng, number, kind, entered, by(end, left))
    for index, first in enumerate(months):
        for day in days_in(rng, first, end, PLACED_A_MONTH * between(0.9, 1.2, index, 36)):
            number += 1
            kind = pick(rng, KINDS)
            stays = next(length for name, _, length in KINDS if name == kind)
            left = day + timedelta(days=1 + round(rng.expovariate(1 / stays)))
            yield _placement(rng, number, kind, day, by(end, left))


def _placement(rng: Random, number: int, kind: str, entered: date, left: date | None) -> Fields:
    # Families are kept out of bed and breakfast, and moved on from it, as far as can be.
    family = rng.random() < (0.12 if kind == "Bed and breakfast" else 0.58)
    return {
        "placement": f"TA{number:05d}",
        "kind": kind,
        "children": rng.choice((1, 1, 2, 2, 3, 4)) if family else 0,
        "entered": entered,
        "left": left,
    }
