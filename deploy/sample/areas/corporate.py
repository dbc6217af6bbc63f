"""The workforce, what it earns, invoices, budgets and information governance."""

from collections.abc import Iterator
from datetime import date, timedelta
from decimal import Decimal
from random import Random

from deploy.sample.financial_years import months_returned, months_since_april, quarters_returned
from deploy.sample.made import (
    Fields,
    Manner,
    Manners,
    Record,
    between,
    by,
    days_in,
    exact,
    last_day,
    pick,
    years_to,
)

WORKFORCE = "workforce"
PAY_GAP = "pay-gap"
INVOICES = "supplier-invoices"
BUDGET = "budget-monitoring"
FINANCE = "finance-return"
GOVERNANCE = "governance-return"
UK = Manner(day="%d/%m/%Y")
MANNERS: Manners = {
    WORKFORCE: UK,
    INVOICES: Manner(day="%Y%m%d"),
    BUDGET: UK,
    FINANCE: UK,
    GOVERNANCE: UK,
}
INVOICES_A_MONTH = 16

# Directorate, full-time equivalents, days lost by each in a month, share of invoices, net budget
# in pounds, and how far the first and the last forecast lie above it in per cent.
DIRECTORATES = (
    ("Children and families", 820, 0.84, 18, 37_000_000, 1.9, 1.1),
    ("Adults and health", 610, 1.02, 26, 63_000_000, 1.4, 0.7),
    ("Place", 940, 0.79, 36, 29_000_000, 0.2, -0.6),
    ("Resources", 570, 0.58, 20, 30_400_000, -1.6, -1.2),
)
# From January: coughs and colds.
ILL = (1.25, 1.15, 1.05, 0.95, 0.9, 0.88, 0.85, 0.82, 0.95, 1.05, 1.1, 1.2)


def records(rng: Random, end: date) -> Iterator[Record]:
    """People, pay, invoices, budgets and governance."""
    yield from (Record(WORKFORCE, fields) for fields in _workforce(rng, end))
    yield from (Record(PAY_GAP, fields) for fields in _pay_gap(rng, end))
    yield from (Record(INVOICES, fields) for fields in _invoices(rng, end))
    yield from (Record(BUDGET, fields) for fields in _budget(rng, end))
    yield from (Record(FINANCE, fields) for fields in _finance(rng, end))
    yield from (Record(GOVERNANCE, fields) for fields in _governance(rng, end))


def _thousands(pounds: float) -> Decimal:
    """Pounds as budget holders forecast them: to the nearest thousand."""
    return exact(round(pounds, -3), 2)


def _workforce(rng: Random, end: date) -> Iterator[Fields]:
    """Staff of every directorate at each month's end; sickness has its winters."""
    months = months_returned(end, after=9)
    for index, first in enumerate(months):
        for directorate, posts, lost, *_ in DIRECTORATES:
            fte = posts * between(1.0, 0.975, index, len(months)) * rng.gauss(1, 0.004)
            days = fte * lost * ILL[first.month - 1] * between(1.07, 0.93, index, len(months))
            days *= rng.gauss(1, 0.05)
            long_term = days * rng.gauss(0.55, 0.03)
            left = round(fte * 0.0125 * rng.gauss(1, 0.25))
            pay = fte * 3_480 * 1.003**index
            yield {
                "month_of": first,
                "directorate": directorate,
                "fte": exact(fte, 2),
                "vacant_fte": exact(posts * 1.09 - fte, 2),
                "days_lost": exact(days, 1),
                "days_lost_long": exact(long_term, 1),
                "headcount": round(fte * 1.17),
                "leavers": left,
                "left_by_choice": sum(rng.random() < 0.76 for _ in range(left)),
                "pay": exact(pay, 2),
                "agency": exact(
                    pay * between(0.072, 0.049, index, len(months)) * rng.gauss(1, 0.1), 2
                ),
                "injuries": sum(
                    rng.random() < 0.22 for _ in range(2 if directorate == "Place" else 1)
                ),
            }


def _pay_gap(rng: Random, end: date) -> Iterator[Fields]:
    """What women and men earn by the hour at 31 March, published a year later at the latest."""
    years = years_to(end - timedelta(days=150), 3, 31, 5)
    for index, day in enumerate(years):
        men = 16.4 * 1.04**index
        mean = 18.3 * 1.04**index
        top = rng.randint(146, 152)
        yield {
            "snapshot": day,
            "men_median": exact(men, 2),
            "women_median": exact(men * (1 - between(0.071, 0.032, index, len(years))), 2),
            "men_mean": exact(mean, 2),
            "women_mean": exact(mean * (1 - between(0.058, 0.037, index, len(years))), 2),
            "top_earners": top,
            "top_women": round(top * between(0.47, 0.52, index, len(years))),
            "staff_asked": 3_340,
            "staff_disabled": round(3_340 * between(0.061, 0.084, index, len(years))),
        }


def _invoices(rng: Random, end: date) -> Iterator[Fields]:
    """Invoices of suppliers, by the day they were paid; March is slow."""
    number = 3_000_000
    months = months_since_april(end)
    directorates = [(row[0], row[3]) for row in DIRECTORATES]
    for index, first in enumerate(months):
        for day in days_in(rng, first, end, INVOICES_A_MONTH):
            number += rng.randint(1, 60)
            directorate = pick(rng, directorates)
            late = between(0.085, 0.04, index, len(months)) + (
                0.03 if directorate == "Place" else 0
            )
            late += 0.03 if first.month == 3 else 0
            in_time = rng.random() >= late
            waited = (
                round(rng.triangular(1, 30, 12)) if in_time else 31 + int(rng.expovariate(1 / 20))
            )
            paid = by(end, day + timedelta(days=waited))
            yield {
                "voucher": str(number),
                "directorate": directorate,
                "small_supplier": pick(rng, (("Y", 44), ("N", 56))),
                "postcode_area": pick(rng, (("Local", 41), ("Region", 27), ("Elsewhere", 32))),
                "received": day,
                "paid": paid,
                # A blank status is an invoice that nobody questioned.
                "status": "D" if rng.random() < 0.02 else None,
                "amount": exact(rng.lognormvariate(7.1, 1.3), 2),
            }


def _budget(rng: Random, end: date) -> Iterator[Fields]:
    """Budget and forecast of every directorate, three weeks after the month."""
    months = months_returned(end, after=22)
    for index, first in enumerate(months):
        # Forecasts come down as the year goes on and managers act.
        into_year = ((first.month - 4) % 12 - 2) / 9
        year = first.year - (first.month < 4) - months[0].year
        for directorate, _, _, _, net, first_off, last_off in DIRECTORATES:
            budget = net * 1.04**year
            off = between(first_off, last_off, index, len(months)) * (1.25 - 0.7 * into_year)
            planned = budget * 0.031
            saved = 0.83 + 0.08 * into_year + rng.gauss(0, 0.03)
            # The first forecast of a year is that of June.
            early = first.month in (4, 5)
            yield {
                "month_end": last_day(first),
                "directorate": directorate,
                "budget": _thousands(budget),
                "forecast": None
                if early
                else _thousands(budget * (1 + (off + rng.gauss(0, 0.12)) / 100)),
                "savings_planned": _thousands(planned),
                "savings_forecast": None if early else _thousands(planned * saved),
                "note": "not applicable" if early else None,
            }


def _finance(rng: Random, end: date) -> Iterator[Fields]:
    """Capital spending quarter by quarter, and reserves at the end of the year."""
    quarters = quarters_returned(end, after=20)
    for index, day in enumerate(quarters):
        share = {6: 0.13, 9: 0.2, 12: 0.24, 3: 0.31}[day.month]
        plan = 58_000_000
        yield {
            "quarter_end": day,
            "capital_planned": _thousands(plan * {6: 0.15, 9: 0.23, 12: 0.27, 3: 0.35}[day.month]),
            "capital_spent": _thousands(plan * share * rng.gauss(1.02, 0.08)),
            "reserves": _thousands(between(9_300_000, 8_300_000, index, len(quarters)))
            if day.month == 3
            else None,
            "net_budget": _thousands(159_400_000 * 1.04 ** (index // 4))
            if day.month == 3
            else None,
        }


def _governance(rng: Random, end: date) -> Iterator[Fields]:
    """Data incidents, training, appraisals and audit actions, month by month."""
    months = months_returned(end, after=7)
    for index, first in enumerate(months):
        staff = 3_440 - 2 * index
        due = rng.randint(5, 14)
        yield {
            "month_of": first,
            "incidents": max(0, round(rng.gauss(9, 3))),
            "told_regulator": 1 if rng.random() < 0.05 else 0,
            "staff": staff,
            "trained": round(
                staff * min(0.99, between(0.9, 0.96, index, len(months)) + rng.gauss(0, 0.008))
            ),
            "appraised": round(
                staff * between(0.74, 0.875, index, len(months)) * rng.gauss(1, 0.01)
            ),
            "audit_due": due,
            "audit_done": sum(
                rng.random() < between(0.76, 0.9, index, len(months)) for _ in range(due)
            ),
        }
