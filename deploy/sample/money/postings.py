"""The postings of the sample's ledger, and what the ledger says that they come to.

Rule: the accounting period decides where a posting counts, not its date: some invoices are dated
after their period's end. Accruals are reversed in the next period. One control total is wrong on
purpose, and a few postings name a cost centre or an account that there is not.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator
from datetime import date, timedelta
from decimal import Decimal
from random import Random

from deploy.sample import places
from deploy.sample.made import Fields, exact
from deploy.sample.money.chart import (
    AGENCY,
    GENERAL,
    SALARIES,
    UNKNOWN,
    UNREADABLE,
    CostCentre,
    Line,
    group_of,
)
from deploy.sample.money.plan import Plan, lines
from deploy.sample.money.register import PAID_UNDER
from deploy.sample.money.years import Year, in_year

WORDS = {
    "10110": "Pay",
    "10310": "Agency staff",
    "20110": "Repairs and maintenance",
    "20210": "Energy",
    "30110": "Transport",
    "40110": "Equipment and materials",
    "40310": "Fees and services",
    "50110": "Contracted services",
    "50210": "Grants to voluntary organisations",
    "60110": "Payments to people and schools",
    "70110": "Support services",
    "80110": "Depreciation",
    "88110": "Interest",
    "88210": "Minimum revenue provision",
    "90110": "Government grant",
    "90210": "Fees and charges",
    "90310": "Rents",
}
# Where postings come from, by the first of an account: payroll, journals, income or invoices.
SOURCES = {"1": "PR", "6": "AP", "7": "GL", "8": "GL", "9": "AR"}
LATE, CREDITED, ACCRUALS, ADJUSTMENTS = 0.05, 0.02, 9, 40
# Contracted services above so much a month are paid in two parts.
TWO_PARTS = 60_000
OUT_BY = Decimal("1250.00")


def postings(rng: Random, plan: Plan) -> list[Fields]:
    """Every posting that was known on the last day, in the order of periods."""
    made: list[Fields] = []
    for year in plan.years:
        owed: list[Fields] = []
        coming = [(c, line, plan.outturn(year, c, line)) for c, line in lines()]
        for period in range(1, 13):
            made += [_reversed(each, year, period) for each in owed]
            owed = []
            for centre, line, amounts in coming:
                made += _of_line(rng, year, period, centre, line, amounts[period - 1])
            if period % 3 == 0 and period < 12:
                owed = list(_accruals(rng, year, period))
                made += owed
            made += _suspense(rng, year, period)
        made += _adjustments(rng, year)
    known = [each for each in made if each["date"] <= plan.end]
    return [{"transaction": f"7{number:07d}"} | each for number, each in enumerate(known, 1)]


def posting(
    centre: str, account: str, amount: Decimal, year: Year, period: int, day: date
) -> Fields:
    """A posting as the ledger keeps it; who was paid is not known yet."""
    source = SOURCES.get(account[:1], "AP")
    week = "" if source == "PR" else f"-{min(4, 1 + day.day // 8)}"
    return {
        "cost_centre": centre,
        "subjective": account,
        "amount": amount,
        "period": year.period(period),
        "date": day,
        "batch": f"{source}{year.short()}{period:02}{week}",
        "description": WORDS.get(account, "Not coded"),
        "supplier": None,
        "contract": None,
    }


def _of_line(
    rng: Random, year: Year, period: int, centre: CostCentre, line: Line, amount: float
) -> Iterator[Fields]:
    if abs(amount) < 1:
        return
    amount *= rng.gauss(1, 0.012 if line.account == SALARIES else 0.035)
    parts = 2 if amount > TWO_PARTS and group_of(line.account) == "third-party" else 1
    contract = PAID_UNDER.get(f"{centre.code}:{line.account}")
    first, last = year.first(period), year.last(period)
    for part in range(parts):
        if line.account in (SALARIES, "80110", "88110", "88210"):
            day = last - timedelta(days=3)
        elif rng.random() < LATE:
            day = last + timedelta(days=rng.randint(2, 20))
        else:
            day = first + timedelta(days=rng.randint(2, last.day - 1))
        fields = posting(centre.code, line.account, exact(amount / parts, 2), year, period, day)
        share = contract.annual / (line.thousands or 1) if contract else 0.0
        if contract and (share > 0.85 or (part == 0 and rng.random() < share + 0.3)):
            fields |= {"supplier": contract.supplier, "contract": contract.reference}
        elif fields["batch"][:2] == "AP" and line.account != AGENCY:
            fields["supplier"] = _payee(rng, line.account)
        yield fields
        if part == 0 and fields["supplier"] and rng.random() < CREDITED:
            credit = exact(-amount * rng.uniform(0.02, 0.15), 2)
            note = {"amount": credit, "description": f"Credit note: {fields['description']}"}
            yield fields | note


def _payee(rng: Random, account: str) -> str:
    if account == "60110" and rng.random() < 0.5:
        return "REDACTED PERSONAL DATA"
    return f"{rng.choice(places.TRADERS)} {rng.choice(places.TRADES)}"


def _accruals(rng: Random, year: Year, period: int) -> Iterator[Fields]:
    owing = [(centre, line) for centre, line in lines() if line.account in ("50110", "40310")]
    for centre, line in rng.sample(owing, ACCRUALS):
        amount = exact((line.thousands or 0) * 1000 * rng.uniform(0.004, 0.02), 2)
        fields = posting(centre.code, line.account, amount, year, period, year.last(period))
        fields["batch"] = f"GL{year.short()}{period:02}-4"
        yield fields | {"description": f"Accrual: {WORDS[line.account].lower()} not yet invoiced"}


def _reversed(accrual: Fields, year: Year, period: int) -> Fields:
    return accrual | {
        "amount": -accrual["amount"],
        "period": year.period(period),
        "date": year.first(period),
        "batch": f"GL{year.short()}{period:02}-1",
        "description": accrual["description"].replace("Accrual", "Accrual reversed"),
    }


def _suspense(rng: Random, year: Year, period: int) -> Iterator[Fields]:
    """What could not be read: a cost centre every other month, an account twice a year."""
    day = year.last(period) - timedelta(days=rng.randint(1, 20))
    amount = exact(rng.uniform(180, 4_200), 2)
    if period % 2:
        yield posting(UNKNOWN, "40110", amount, year, period, day)
    if period in (4, 10):
        yield posting("B7110", UNREADABLE, amount, year, period, day)


def _adjustments(rng: Random, year: Year) -> Iterator[Fields]:
    """After the year's end: what auditors and late bills bring, in P13."""
    able = [(c, line) for c, line in lines() if c.fund == GENERAL and line.account != SALARIES]
    for centre, line in rng.sample(able, ADJUSTMENTS):
        amount = exact((line.thousands or 0) * 1000 * rng.uniform(-0.006, 0.006), 2)
        day = year.last(13) + timedelta(days=rng.randint(6, 36))
        fields = posting(centre.code, line.account, amount, year, 13, day)
        fields["batch"] = f"GL{year.short()}13-1"
        yield fields | {"description": "Year-end adjustment"}


def control_totals(plan: Plan, made: Iterable[Fields]) -> Iterator[Fields]:
    """What the ledger says of its finished periods, and of this year's payroll batches."""
    sums: defaultdict[str, list[Decimal]] = defaultdict(list)
    for each in made:
        sums[each["period"]].append(each["amount"])
        if each["batch"].startswith("PR"):
            sums[each["batch"]].append(each["amount"])
    for year in plan.years:
        for period in range(1, 14):
            found = sums.get(year.period(period), [])
            over = year.age > 0 if period == 13 else year.last(period) <= plan.end
            if not found or not over:
                continue
            # Last year's P09 is out on purpose: a posting that never came over.
            wrong = year.age == 1 and period == 9
            yield {
                "reference": f"P{year.short()}{period:02}",
                "year": year.code,
                "period": in_year(period),
                "batch": None,
                "amount": sum(found, Decimal(0)) + (OUT_BY if wrong else 0),
                "transactions": len(found) + wrong,
            }
    for batch in sorted(batch for batch in sums if batch.startswith("PR")):
        if batch[2:6] == plan.years[-1].short():
            yield {
                "reference": batch,
                "year": None,
                "period": None,
                "batch": batch,
                "amount": sum(sums[batch], Decimal(0)),
                "transactions": len(sums[batch]),
            }
