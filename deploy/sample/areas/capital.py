"""The capital programme: schemes with their budgets, funding, spending, forecasts and milestones.

Budgets that were approved before each year are moved on by what was not spent in it. A budget is
fully approved for this year and those before, and mostly provisional after it.
"""

from collections.abc import Iterator
from datetime import date, timedelta
from random import Random
from typing import NamedTuple

from deploy.sample import places
from deploy.sample.made import Fields, Manner, Manners, Record, by, exact
from deploy.sample.money.register import months_on
from deploy.sample.money.schemes import SCHEMES, STAGES, Scheme
from deploy.sample.money.years import Year, in_year, quarters_over, years_to
from shared.accounts.calendar import of_month

PROGRAMME = "capital-schemes"
BUDGETS = "capital-budgets"
MOVEMENTS = "capital-movements"
POSTINGS = "capital-postings"
FORECASTS = "capital-forecasts"
FUNDING = "capital-funding"
MILESTONES = "capital-milestones"
MANNERS: Manners = {
    POSTINGS: Manner(day="%d/%m/%Y", joined_periods=True),
    MILESTONES: Manner(day="%d/%m/%Y"),
}

# Builders are paid late in the year; retentions and final accounts fall in March.
SHARES = (3, 4, 5, 7, 8, 9, 9, 10, 9, 9, 12, 15)
# What share of a finished year's budget was spent by a scheme of that number.
SPENT = (0.94, 0.82, 0.97, 0.7, 0.99, 0.88)
# Months from the start of this year at which the stages of a scheme were planned.
PLANNED = {"On site": (-22, -12, -6, 16), "Approved": (-4, 9, 14, 28)}
OTHERS_PLANNED = (-8, 4, 8, 24)


class Move(NamedTuple):
    """Money that was not spent in a finished year, and goes to the next."""

    scheme: Scheme
    year: Year
    pounds: int


def records(rng: Random, end: date) -> Iterator[Record]:
    """The programme, dataset by dataset."""
    years = years_to(end)
    began = int(years[0].code[:4])
    ahead = [*years, *(Year(of_month(f"{began + n}-04").year, 2 - n) for n in (3, 4))]
    moves = [
        Move(scheme, year, round(scheme.thousands[at] * (1 - share)) * 1000)
        for at, year in enumerate(years[:2])
        for number, scheme in enumerate(SCHEMES)
        if scheme.thousands[at] and (share := SPENT[(number + at) % len(SPENT)]) < 0.95
    ]
    yield from (Record(PROGRAMME, fields) for fields in _schemes())
    yield from (Record(BUDGETS, fields) for fields in _budgets(ahead))
    yield from (Record(MOVEMENTS, fields) for fields in _movements(moves, years, ahead, end))
    yield from (Record(POSTINGS, fields) for fields in _postings(rng, years, moves, end))
    yield from (Record(FORECASTS, fields) for fields in _forecasts(rng, years, moves, end))
    yield from (Record(FUNDING, fields) for fields in _funding(ahead, moves))
    yield from (Record(MILESTONES, fields) for fields in _milestones(rng, years[-1], end))


def _schemes() -> Iterator[Fields]:
    for scheme in SCHEMES:
        yield {
            "scheme": scheme.code,
            "title": scheme.title,
            "service": scheme.service,
            "manager": scheme.manager,
            "status": scheme.status,
            "summary": f"{scheme.title}, paid for by {' and '.join(s for s, _ in scheme.funding)}",
        }


def _budgets(ahead: list[Year]) -> Iterator[Fields]:
    for number, scheme in enumerate(SCHEMES):
        for year, thousands in zip(ahead, scheme.thousands, strict=True):
            if not thousands:
                continue
            # What is still being designed is provisional; of what is built, next year is approved.
            full = year.age > 0 or (year.age == 0 and scheme.status != "Approved")
            full = full or (year.age == -1 and scheme.status == "On site" and number % 3 == 0)
            yield {
                "reference": f"{scheme.code}-{year.short()}",
                "scheme": scheme.code,
                "year": year.code,
                "amount": exact(thousands * 1000, 2),
                "approval": "Fully approved" if full else "Provisional",
                "decision": f"COU-{year.short()}-02" if full else None,
                # Council decides in February, before the year.
                "decided": date(int(year.code[:4]) - (year.age < 0), 2, 24) if full else None,
            }


def _movements(
    moves: list[Move], years: tuple[Year, ...], ahead: list[Year], end: date
) -> Iterator[Fields]:
    for number, (scheme, year, pounds) in enumerate(moves, 1):
        decided = months_on(year.first(12), 4) + timedelta(days=12)
        later = decided if decided <= end else None
        yield {
            "reference": f"CM{year.short()}-{number:03d}",
            "scheme": scheme.code,
            "change": "Rephasing",
            "amount": exact(pounds, 2),
            "from_year": year.code,
            "to_year": ahead[ahead.index(year) + 1].code,
            "status": "Approved" if later else "Proposed",
            "reason": "Works began later than planned",
            "decision": f"CAB-{year.short()}-71" if later else None,
            "decided": later,
        }
    now, next_year = years[-1], ahead[3]
    spare = by(end, now.first(1) + timedelta(days=75))
    others = (
        (1, "Addition", 180_000, None, now, "Contribution from a developer"),
        (13, "Addition", 260_000, None, now, "Grant awarded"),
        (11, "Addition", 350_000, None, now, "Ground conditions"),
        (14, "Reduction", 120_000, now, None, "Tender below the estimate"),
        (17, "Rephasing", 900_000, now, next_year, "Consents take longer"),
        (4, "Rephasing", 1_200_000, now, next_year, "Design taken back to planning"),
        (21, "Removal", 1_300_000, now, None, "Not affordable at the prices tendered"),
    )
    for number, (at, change, pounds, source, target, reason) in enumerate(others, 101):
        approved = spare is not None and number < 106
        yield {
            "reference": f"CM{now.short()}-{number:03d}",
            "scheme": SCHEMES[at].code,
            "change": change,
            "amount": exact(pounds, 2),
            "from_year": source.code if source else None,
            "to_year": target.code if target else None,
            "status": "Approved" if approved else "Proposed",
            "reason": reason,
            "decision": f"CAB-{now.short()}-{number}" if approved else None,
            "decided": spare if approved else None,
        }


def _to_spend(scheme: Scheme, years: tuple[Year, ...], moves: list[Move]) -> dict[str, float]:
    """What each year comes to: finished ones less what they moved on, this one at its pace."""
    moved = {move.year.code: move.pounds for move in moves if move.scheme is scheme}
    found: dict[str, float] = {}
    brought = 0
    for year, thousands in zip(years, scheme.thousands, strict=False):
        budget = thousands * 1000 + brought
        brought = moved.get(year.code, 0)
        found[year.code] = budget - brought if year.age else budget * scheme.pace / 100
    return found


def _postings(
    rng: Random, years: tuple[Year, ...], moves: list[Move], end: date
) -> Iterator[Fields]:
    number = 0
    for scheme in SCHEMES:
        builder = f"{rng.choice(places.TRADERS)} Construction Ltd"
        for code, total in _to_spend(scheme, years, moves).items():
            year = next(each for each in years if each.code == code)
            for period in range(1, 13):
                day = year.first(period) + timedelta(days=rng.randint(4, 27))
                amount = total * SHARES[period - 1] / sum(SHARES) * rng.gauss(1, 0.08)
                # Small schemes are billed every other month.
                if total < 700_000:
                    amount *= 2 * (period % 2)
                if not round(amount) or day > end:
                    continue
                number += 1
                yield {
                    "transaction": f"8{number:06d}",
                    "scheme": scheme.code,
                    "amount": exact(amount, 2),
                    "period": year.period(period),
                    "date": day,
                    "batch": f"CA{year.short()}{period:02}",
                    "description": "Works certified" if scheme.status == "On site" else "Fees",
                    "supplier": builder,
                    "contract": None,
                }


def _forecasts(
    rng: Random, years: tuple[Year, ...], moves: list[Move], end: date
) -> Iterator[Fields]:
    for scheme in SCHEMES:
        spend = _to_spend(scheme, years, moves)
        for year in years:
            for period in quarters_over(year, end):
                if not spend[year.code]:
                    continue
                # Early in the year a programme is believed to be on time.
                hope = 1 + (12 - period) * 0.008 * rng.random()
                off = "Works later than planned" if scheme.pace < 90 else None
                off = "Costs above the tender" if scheme.pace > 105 else off
                yield {
                    "scheme": scheme.code,
                    "year": year.code,
                    "period": in_year(period),
                    "amount": exact(round(spend[year.code] * hope, -3), 2),
                    "reason": None if year.age else off,
                }


def _funding(ahead: list[Year], moves: list[Move]) -> Iterator[Fields]:
    """Each source's share of a year's budget, what was moved between years included."""
    moved = {(move.scheme.code, move.year.code): move.pounds for move in moves}
    for scheme in SCHEMES:
        brought = 0
        for year, thousands in zip(ahead, scheme.thousands, strict=True):
            on = moved.get((scheme.code, year.code), 0)
            total, brought = thousands * 1000 + brought - on, on
            left = total
            for number, (source, share) in enumerate(scheme.funding, 1):
                last = number == len(scheme.funding)
                pounds = left if last else total * share // 100
                left -= pounds
                if pounds:
                    yield {
                        "reference": f"{scheme.code}-{year.short()}-{number}",
                        "scheme": scheme.code,
                        "year": year.code,
                        "source": source,
                        "amount": exact(pounds, 2),
                    }


def _milestones(rng: Random, now: Year, end: date) -> Iterator[Fields]:
    """Four stages of every scheme; slow schemes reach them late."""
    for scheme in SCHEMES:
        late = round(max(0, 92 - scheme.pace) * 3.2)
        for number, (stage, months) in enumerate(
            zip(STAGES, PLANNED.get(scheme.status, OTHERS_PLANNED), strict=True), 1
        ):
            planned = months_on(now.first(1), months + rng.randint(-1, 1)) + timedelta(days=14)
            expected = planned + timedelta(days=late + rng.randint(-21, 0 if late < 24 else 12))
            reached = by(end, expected)
            yield {
                "scheme": scheme.code,
                "milestone": str(number),
                "title": stage,
                "planned": planned,
                "forecast": expected,
                "achieved": reached,
            }
