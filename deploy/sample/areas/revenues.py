"""Council tax, business rates and benefits, as Academy would give them."""

from collections.abc import Iterator
from datetime import date, timedelta
from random import Random

from deploy.sample.financial_years import months_returned, months_since_april, quarters_returned
from deploy.sample.made import (
    Fields,
    Manner,
    Manners,
    Record,
    between,
    days_in,
    exact,
    last_day,
    pick,
)

COLLECTION = "tax-collection"
CLAIMS = "benefit-claims"
REVENUES = "revenues-return"
MANNERS: Manners = {
    COLLECTION: Manner(day="%d-%b-%Y"),
    CLAIMS: Manner(day="%d-%b-%Y"),
    REVENUES: Manner(day="%d/%m/%Y"),
}
CLAIMS_A_MONTH = 10

# What is collected by the end of each month from April, in per cent: council tax by ten
# instalments, business rates with more at the start.
BY_THEN = {
    "Council tax": (10.6, 19.9, 29.1, 38.3, 47.3, 56.4, 65.6, 74.6, 83.6, 92.3, 95.0, 97.4),
    "Business rates": (11.9, 21.2, 30.3, 39.4, 48.2, 57.3, 66.2, 75.0, 83.9, 92.0, 95.6, 98.1),
}
# Due for the first year in pounds, and how many points of it more or less come in by March.
TAXES = (("Council tax", 152_400_000, -0.4, 0.25), ("Business rates", 61_700_000, -0.8, 0.4))
KINDS = (("New claim", 46), ("Change of circumstances", 54))


def records(rng: Random, end: date) -> Iterator[Record]:
    """Collection by month, claims and changes one by one, and the quarter's return."""
    yield from (Record(COLLECTION, fields) for fields in _collection(rng, end))
    yield from (Record(CLAIMS, fields) for fields in _claims(rng, end))
    yield from (Record(REVENUES, fields) for fields in _revenues(rng, end))


def _collection(rng: Random, end: date) -> Iterator[Fields]:
    """Net debit and receipts of the year so far, at the end of every month."""
    months = months_returned(end, after=4)
    for tax, due, first_off, last_off in TAXES:
        for index, first in enumerate(months):
            month = (first.month - 4) % 12
            year = index // 12
            off = between(first_off, last_off, index, len(months)) * (month + 1) / 12
            share = (BY_THEN[tax][month] + off + rng.gauss(0, 0.12)) / 100
            debit = due * 1.052**year * (1 + 0.0003 * month)
            accounts = round((86_900 if tax == "Council tax" else 5_240) * 1.008**year)
            direct = between(0.745, 0.772, index, len(months)) if tax == "Council tax" else 0.55
            yield {
                "month_end": last_day(first),
                "tax": tax,
                "net_debit": exact(debit, 2),
                "received": exact(debit * share, 2),
                "accounts": accounts,
                "direct_debit": round(accounts * direct * rng.gauss(1, 0.002)),
            }


def _claims(rng: Random, end: date) -> Iterator[Fields]:
    """New claims and changes; year-end changes pile up each spring."""
    number = 500_000
    months = months_since_april(end)
    for index, first in enumerate(months):
        for day in days_in(rng, first, end, CLAIMS_A_MONTH * (1.4 if first.month in (3, 4) else 1)):
            number += rng.randint(1, 30)
            kind = pick(rng, KINDS)
            middle = between(20, 15, index, len(months)) if kind == "New claim" else 5.2
            middle *= 1.25 if first.month == 4 else 1
            taken = max(0, round(middle * rng.lognormvariate(0, 0.5)))
            decided = day + timedelta(days=taken)
            known = decided <= end and rng.random() > 0.01
            yield {
                "event": f"HB{number}",
                "kind": kind,
                "benefit": pick(rng, (("Housing benefit", 37), ("Council tax reduction", 63))),
                "received": day,
                # One in forty waits for papers from the claimant, and the clock starts with them.
                "complete": day + timedelta(days=min(taken, rng.randint(2, 9)))
                if known and rng.random() < 0.025
                else None,
                "decided": decided if known else None,
            }


def _revenues(rng: Random, end: date) -> Iterator[Fields]:
    """Arrears, reductions, overpayments and errors, quarter by quarter."""
    quarters = quarters_returned(end, after=14)
    for index, day in enumerate(quarters):
        created = rng.gauss(420_000, 25_000)
        subsidy = 5_900_000 * rng.gauss(1, 0.02)
        arrears = between(10_900_000, 12_100_000, index, len(quarters)) * rng.gauss(1, 0.012)
        cases = between(9_480, 9_120, index, len(quarters)) * rng.gauss(1, 0.004)
        empty = round(between(612, 548, index, len(quarters)))
        yield {
            "quarter_end": day,
            "arrears": exact(arrears, 2),
            "reduction_cases": round(cases),
            "reduction_pensioners": round(between(3_950, 3_690, index, len(quarters))),
            "overpaid": exact(created, 2),
            "overpaid_recovered": exact(created * rng.gauss(0.86, 0.06), 2),
            "subsidy": exact(subsidy, 2),
            "local_error": exact(subsidy * max(0.001, rng.gauss(0.0041, 0.0007)), 2),
            "empty_homes": empty if day.month == 9 else None,
        }
