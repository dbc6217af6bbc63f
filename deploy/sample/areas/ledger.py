"""The finance system: cost centres, budgets, virements, postings and what its managers expect."""

from collections.abc import Iterator
from datetime import date, timedelta
from random import Random

from deploy.sample.made import Fields, Manner, Manners, Record
from deploy.sample.money.chart import COST_CENTRES, MOVED, MOVED_FROM
from deploy.sample.money.outlook import commitments, forecasts, reserves, savings
from deploy.sample.money.plan import Plan
from deploy.sample.money.postings import control_totals, postings

CENTRES = "cost-centres"
BUDGETS = "revenue-budgets"
VIREMENTS = "budget-virements"
POSTINGS = "ledger-postings"
TOTALS = "ledger-control-totals"
ORDERS = "open-orders"
FORECASTS = "budget-forecasts"
SAVINGS = "savings-tracker"
RESERVES = "reserves"
UNIT4 = Manner(day="%d/%m/%Y", joined_periods=True)
MANNERS: Manners = {POSTINGS: UNIT4, ORDERS: UNIT4, VIREMENTS: UNIT4, BUDGETS: UNIT4}

BEGAN = date(2019, 4, 1)


def records(rng: Random, end: date) -> Iterator[Record]:
    """The structure first, then plans, what was spent, and what is expected."""
    plan = Plan(rng, end)
    made = postings(rng, plan)
    yield from (Record(CENTRES, fields) for fields in _cost_centres(plan))
    yield from (Record(BUDGETS, fields) for fields in plan.budget_records())
    yield from (Record(VIREMENTS, fields) for fields in plan.virements)
    yield from (Record(POSTINGS, fields) for fields in made)
    yield from (Record(TOTALS, fields) for fields in control_totals(plan, made))
    yield from (Record(ORDERS, fields) for fields in commitments(rng, plan))
    yield from (Record(FORECASTS, fields) for fields in forecasts(rng, plan))
    yield from (Record(SAVINGS, fields) for fields in savings(rng, plan))
    yield from (Record(RESERVES, fields) for fields in reserves(plan))


def _cost_centres(plan: Plan) -> Iterator[Fields]:
    """Every cost centre; one was moved to another service at the end of October last year."""
    moved = plan.years[-2].first(8)
    for centre in COST_CENTRES:
        now: Fields = {
            "cost_centre": centre.code,
            "name": centre.name,
            "service": centre.service,
            "fund": centre.fund,
            "valid_from": BEGAN,
            "valid_to": None,
            "manager": centre.manager,
        }
        if centre.code == MOVED:
            yield now | {"service": MOVED_FROM, "valid_to": moved - timedelta(days=1)}
            now["valid_from"] = moved
        yield now
