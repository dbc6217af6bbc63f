"""What the sample council expects: its forecasts, its open orders, its savings and its reserves.

Rule: a forecast comes nearer, quarter by quarter, to what the postings will come to, and says why
it is off; small budgets that go as planned are not forecast at all.
"""

from collections import defaultdict
from collections.abc import Iterator
from datetime import date, timedelta
from decimal import Decimal
from random import Random
from typing import NamedTuple

from deploy.sample import places
from deploy.sample.made import Fields, exact
from deploy.sample.money.chart import GENERAL, HOMES, SCHOOLS, CostCentre, Line, group_of
from deploy.sample.money.plan import Key, Plan, lines
from deploy.sample.money.register import PAID_UNDER
from deploy.sample.money.years import at_prices, in_year, quarters_over
from shared.accounts.calendar import of_month, when_code

# How much of what is coming a forecast of each quarter sees.
SEEN = {3: 0.55, 6: 0.8, 9: 0.95, 12: 1.0}
LARGE, WORTH_A_REASON, ORDERS = 900_000, 30_000, 120

# Why a group is over its budget, and what is done; why it is under it.
REASONS = {
    "employees": ("Agency staff cover vacancies", "Recruitment campaign", "Posts held vacant"),
    "premises": ("Energy and repairs cost more", "Fewer buildings kept open", "A mild winter"),
    "transport": ("More routes at higher prices", "Routes are planned anew", "Fewer journeys"),
    "supplies": ("Fees and licences cost more", "Contracts are let again", "Spending put off"),
    "third-party": ("More people in costlier placements", "Placements reviewed", "Fewer hours"),
    "transfers": ("More payments than planned", "Entitlements are checked", "Fewer payments"),
    "support": ("Recharges are higher", "Recharges reviewed", "Recharges are lower"),
    "depreciation": ("Assets revalued", "None is needed", "Assets revalued"),
    "capital-financing": ("Rates have risen", "Borrowing is put off", "Borrowing was put off"),
    "income": ("Less is received than planned", "Charges are reviewed", "More is received"),
}


class Saving(NamedTuple):
    """A saving, the share of it that can be delivered, and who answers for it."""

    title: str
    service: str
    owner: str
    target: int
    share: float


_SAVINGS = """
Foster carers in place of agency placements | childrens-social-care | Head of children in care | 720 | 0.8
Reunification of families | childrens-social-care | Head of social work | 310 | 0.9
Fewer agency social workers | childrens-social-care | Head of social work | 450 | 0.5
Shared legal service | childrens-social-care | Head of social work | 120 | 1
Family hubs brought together | early-help | Early help manager | 180 | 1
Youth work commissioned anew | early-help | Early help manager | 90 | 1
Independent travel training | education-and-inclusion | Passenger transport manager | 260 | 0.85
School routes planned anew | education-and-inclusion | Passenger transport manager | 380 | 0.4
Services traded with schools | education-and-inclusion | Head of education | 75 | 0.8
Reablement before long-term care | adult-social-care | Reablement manager | 950 | 0.9
Care packages reviewed | adult-social-care | Head of adult social care operations | 1100 | 0.75
Contributions collected in full | adult-social-care | Finance manager, adults | 340 | 1
Technology enabled care | adult-social-care | Head of adults' commissioning | 270 | 0.8
Supported living in place of residential care | adult-social-care | Head of adults' commissioning | 620 | 0.85
Deprivation of liberty assessments in house | adult-safeguarding | Head of safeguarding adults | 85 | 0
Public health contracts joined | public-health | Consultant in public health | 210 | 1
Fewer nights in emergency accommodation | housing-options | Housing options manager | 410 | 0.3
Planning fees at full cost | planning | Head of planning | 140 | 0.8
Street lights dimmed at night | highways | Street lighting manager | 230 | 1
Parking charges reviewed | highways | Parking manager | 390 | 0.8
Bus contracts retendered | highways | Passenger transport manager | 160 | 1
Garden waste charge | waste-and-recycling | Waste contracts manager | 480 | 1
Collections every three weeks | waste-and-recycling | Waste contracts manager | 650 | 0.2
Wildflower verges | parks-and-climate | Parks manager | 60 | 1
Licensing at full cost | environmental-health | Public protection manager | 45 | 1
Markets run by traders | economy-and-skills | Town centre manager | 55 | 0.9
Benefits claimed online | revenues-and-benefits | Head of revenues | 170 | 1
Council house shared with partners | property-and-procurement | Head of property | 320 | 0.8
Contracts for software ended | property-and-procurement | Head of IT | 260 | 0.9
Debt arranged anew | corporate | Section 151 officer | 500 | 1
Posts removed in support services | corporate | Head of people | 430 | 0.85
Calls answered by automation | customer-services | Customer services manager | 110 | 0.4
Libraries run with communities | customer-services | Libraries manager | 130 | 1
"""  # noqa: E501
SAVINGS = tuple(
    Saving(title, service, owner, int(target), float(share))
    for title, service, owner, target, share in (
        (part.strip() for part in row.split("|")) for row in _SAVINGS.strip().splitlines()
    )
)
SAVINGS_A_YEAR = 30

# Code, name, fund, thousands two years ago, put in and used each year, the least it should hold.
RESERVES = (
    ("GF", "General Fund balance", GENERAL, 9_750, 0, 450, 8_000, None),
    ("FP", "Financial planning", GENERAL, 8_200, 600, 2_900, 1_000, "Smooths savings over years"),
    ("TR", "Transformation", GENERAL, 5_100, 400, 1_650, None, "Pays for change that saves"),
    ("RI", "Revenue budget contingency", GENERAL, 3_900, 0, 1_100, 1_500, "Meets pressures"),
    ("IN", "Insurance", GENERAL, 3_300, 500, 450, 2_500, "Claims that are not insured"),
    ("BR", "Business rates", GENERAL, 6_700, 800, 1_900, None, "Losses on collection"),
    ("CA", "Care market", GENERAL, 2_400, 0, 800, None, "Failure of a provider"),
    ("PH", "Public health grant", GENERAL, 1_300, 100, 450, None, "Grant carried on"),
    ("EL", "Elections", GENERAL, 240, 130, 0, None, "Elections every fourth year"),
    ("CL", "Climate", GENERAL, 1_900, 0, 620, None, "Invest to save"),
    ("IT", "Technology", GENERAL, 2_100, 500, 900, None, "Systems replaced"),
    ("HR", "Housing revenue account balance", HOMES, 5_400, 200, 350, 4_000, None),
    ("HM", "Major repairs", HOMES, 7_800, 5_600, 6_200, None, "Works on council homes"),
    ("DS", "Dedicated schools grant", SCHOOLS, -4_100, 0, 2_300, 0, "Deficit on high needs"),
)


def forecasts(rng: Random, plan: Plan) -> Iterator[Fields]:
    """What each cost centre and group of note is to come to, made at each quarter's end."""
    for year in plan.years:
        groups: defaultdict[tuple[str, str], list[tuple[CostCentre, Line]]] = defaultdict(list)
        for centre, line in lines():
            groups[centre.code, group_of(line.account)].append((centre, line))
        for (code, group), members in groups.items():
            if not any(_matters(line) for _, line in members):
                continue
            outturn = sum(sum(plan.outturn(year, centre, line)) for centre, line in members)
            one_off = rng.random() < 0.3
            for period in quarters_over(year, plan.end):
                budget = sum(
                    plan.current(Key(year.code, code, line.account), period) for _, line in members
                )
                off = (outturn - budget) * SEEN[period] + abs(budget) * rng.gauss(0, 0.003)
                off = round(off, -3)
                yield {
                    "cost_centre": code,
                    "subjective": group,
                    "year": year.code,
                    "period": in_year(period),
                    "amount": exact(budget + off, 2),
                    "one_off": exact(round(off * 0.6, -3), 2) if one_off and off else None,
                    **reasons(group, off),
                    "by": members[0][0].manager,
                }


def reasons(group: str, off: float) -> Fields:
    """Why a forecast is so many pounds off its budget, and what is done about it."""
    over, mitigation, under = REASONS[group]
    if abs(off) < WORTH_A_REASON:
        return {"reason": None, "mitigation": None}
    return {"reason": over if off > 0 else under, "mitigation": mitigation if off > 0 else None}


def _matters(line: Line) -> bool:
    thousands = abs(line.thousands or 0)
    return thousands * 1000 >= LARGE or thousands * abs(line.worse) >= 1_500


def commitments(rng: Random, plan: Plan) -> Iterator[Fields]:
    """Orders of this year that are not paid yet."""
    year = plan.years[-1]
    able = [
        (centre, line)
        for centre, line in lines()
        if group_of(line.account) in ("premises", "supplies", "third-party") and line.thousands
    ]
    for number in range(1, ORDERS + 1):
        centre, line = rng.choice(able)
        day = max(year.first(1), plan.end - timedelta(days=rng.randint(0, 120)))
        yield order(rng, f"PO{year.short()}-{number:05d}", day, centre, line)


def order(rng: Random, number: str, day: date, centre: CostCentre, line: Line) -> Fields:
    """An order of that day for something of this line."""
    contract = PAID_UNDER.get(f"{centre.code}:{line.account}")
    pounds = max(250.0, (line.thousands or 0) * 1000 * rng.uniform(0.001, 0.02))
    other = f"{rng.choice(places.TRADERS)} {rng.choice(places.TRADES)}"
    return {
        "order": number,
        "cost_centre": centre.code,
        "subjective": line.account,
        "amount": exact(pounds, 2),
        "period": when_code(of_month(f"{day:%Y-%m}")),
        "date": day,
        "supplier": contract.supplier if contract else other,
        "contract": contract.reference if contract else None,
    }


def savings(rng: Random, plan: Plan) -> Iterator[Fields]:
    """Thirty savings a year; those that cannot be delivered in full have something in their place
    by the end."""
    for year in plan.years:
        gone = 1.0 if year.age else max(0.0, (plan.now - 1) / 12)
        for number in range(SAVINGS_A_YEAR):
            each = SAVINGS[(number + 11 * year.age) % len(SAVINGS)]
            target = at_prices(each.target * 1000, year)
            share = each.share
            if 0 < share < 1:
                share = min(1.0, max(0.0, share + rng.gauss(0, 0.05)))
            # A year that is over has saved what could be saved.
            pace = gone * rng.uniform(0.85, 1) if gone < 1 else 1.0
            delivered = round(target * share * pace, -2)
            yield {
                "reference": f"S{year.short()}-{number + 1:02d}",
                "title": each.title,
                "year": year.code,
                "target": exact(target, 2),
                "delivered": exact(delivered, 2),
                "forecast": exact(round(target * share, -2) - delivered if gone < 1 else 0, 2),
                "service": each.service,
                "owner": each.owner,
                "mitigation": "Met this year from vacancies" if share < 0.7 else None,
            }


def reserves(plan: Plan) -> Iterator[Fields]:
    """Each reserve's year; it opens with what the year before closed with."""
    for code, name, fund, opening, put_in, used, minimum, purpose in RESERVES:
        held = opening
        for year in plan.years:
            yield {
                "reserve": code,
                "name": name,
                "year": year.code,
                "opening": Decimal(held * 1000),
                "planned_in": Decimal(put_in * 1000),
                "planned_out": Decimal(used * 1000),
                "minimum": None if minimum is None else Decimal(minimum * 1000),
                "fund": fund,
                "purpose": purpose,
            }
            held += put_in - used
