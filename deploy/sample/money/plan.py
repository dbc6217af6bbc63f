"""What the sample council means to spend: budgets approved before each year, and virements since.

Rule: every fund of a year is budgeted as the chart says, and the two that must come to nought do.
All virements but the ones that are wrong on purpose net to nought within one fund, and only those
that were decided count in what is spent.
"""

from collections import defaultdict
from collections.abc import Iterator
from datetime import date, timedelta
from random import Random
from typing import NamedTuple

from deploy.sample.made import Fields, exact
from deploy.sample.money.chart import COST_CENTRES, GENERAL, HOMES, CostCentre, Line
from deploy.sample.money.years import PROFILES, Year, at_prices, in_year, years_to
from shared.accounts.calendar import of_month

# Pounds that virements move, and who decided them by what reference.
AMOUNTS = (
    *(18_000, 42_000, 26_500, 165_000, 9_800, 74_000, 320_000, 35_000, 210_000, 1_250_000),
    *(48_000, 112_000, 640_000, 15_400, 93_000),
)
DECISIONS = ((50_000, "OD"), (250_000, "CM"), (1_000_000, "CAB"), (10**9, "COU"))
TITLES = (
    "Pay award held centrally passed to services",
    "Agency cover met from vacancies",
    "Placement pressures met from contingency",
    "Energy price rise met from contingency",
    "Income target moved to where it is earned",
    "Transport demand met from other budgets of the service",
    "Systems budget brought together",
    "Restructure: posts moved between teams",
)
A_YEAR, SO_FAR_AT_MOST = 14, 12


class Key(NamedTuple):
    """A line of the budget."""

    year: str
    cost_centre: str
    account: str


class Plan:
    """The years, their budgets in whole pounds, and what virements did to them."""

    def __init__(self, rng: Random, end: date) -> None:
        self.end = end
        self.years = years_to(end)
        self.now = of_month(f"{end:%Y-%m}").period
        self.budgets: dict[Key, int] = {}
        for year in self.years:
            self._budget(year)
        # What decided virements added to a line, and from which period.
        self.moved: defaultdict[Key, list[tuple[int, int]]] = defaultdict(list)
        self.virements = [line for year in self.years for line in self._virements(rng, year)]

    def _budget(self, year: Year) -> None:
        sums: defaultdict[str, int] = defaultdict(int)
        for centre, line in lines():
            if line.thousands is not None:
                amount = at_prices(line.thousands * 1000, year)
                self.budgets[Key(year.code, centre.code, line.account)] = amount
                sums[centre.fund] += amount
        for centre, line in lines():
            if line.thousands is None:
                self.budgets[Key(year.code, centre.code, line.account)] = -sums[centre.fund]

    def budget_records(self) -> Iterator[Fields]:
        """The lines of every year; insurance falls due in April, once."""
        number = 0
        for year in self.years:
            for centre, line in lines():
                number += 1
                once = centre.code == "F7240"
                yield {
                    "reference": f"B{year.short()}-{number:05d}",
                    "cost_centre": centre.code,
                    "subjective": line.account,
                    "year": year.code,
                    "amount": exact(self.budgets[Key(year.code, centre.code, line.account)], 2),
                    "period": in_year(1) if once else None,
                    "profile": None if once or line.profile == "even" else line.profile,
                }

    def outturn(self, year: Year, centre: CostCentre, line: Line) -> list[float]:
        """What a line comes to in each of twelve periods, in pounds, before chance."""
        key = Key(year.code, centre.code, line.account)
        budget = self.budgets[key]
        # Pressures have grown over the three years.
        total = budget + abs(budget) * line.worse / 100 * (1 - 0.25 * year.age)
        shares = (1, *[0] * 11) if centre.code == "F7240" else PROFILES[line.profile]
        found = [total * share / sum(shares) for share in shares]
        for period, amount in self.moved[key]:
            for at in range(period - 1, 12):
                found[at] += amount / (13 - period)
        return found

    def current(self, key: Key, period: int) -> int:
        """A line's budget at the end of a period, in pounds."""
        moved = self.moved.get(key, [])
        return self.budgets[key] + sum(amount for at, amount in moved if at <= period)

    def _virements(self, rng: Random, year: Year) -> Iterator[Fields]:
        last = min(self.now, 12) if year.age == 0 else 12
        wanted = A_YEAR if year.age else min(SO_FAR_AT_MOST, 1 + last * 2)
        for number in range(1, wanted + 1):
            amount = AMOUNTS[(number - 1 + 4 * year.age) % len(AMOUNTS)]
            period = 1 + (number - 1) * last // wanted
            day = min(year.first(period) + timedelta(days=rng.randint(3, 26)), self.end)
            status = "Rejected" if number % 9 == 6 else "Approved"
            if year.age == 0 and number > wanted - 3:
                status = "Proposed"
            kind = next(prefix for limit, prefix in DECISIONS if amount <= limit)
            decided = status == "Approved"
            reference = f"V{year.short()}-{number:03d}"
            about: Fields = {
                "reference": reference,
                "year": year.code,
                "period": in_year(period),
                "status": status,
                "title": rng.choice(TITLES),
                "one_off": rng.random() < 0.4,
                "decision": f"{kind}-{year.short()}-{rng.randint(10, 99)}" if decided else None,
                "decided": None if status == "Proposed" else day,
            }
            between = self._between(rng, year, amount)
            if decided:
                for place, moved in between:
                    self.moved[place].append((period, moved))
            yield from _written(about, between)
        if year.age == 0:
            yield from self._wrong(year)

    def _between(self, rng: Random, year: Year, amount: int) -> list[tuple[Key, int]]:
        """Lines large enough to give so much, and to take it: sometimes two take their part."""
        fund = HOMES if amount < 50_000 and rng.random() < 0.15 else GENERAL
        able = [
            Key(year.code, centre.code, line.account)
            for centre, line in lines()
            if centre.fund == fund and (line.thousands or 0) * 1000 > 4 * amount
        ]
        source, first, second = rng.sample(able, 3)
        part = amount // 3 // 100 * 100 if rng.random() < 0.3 else 0
        taken = [(source, -amount), (first, amount - part), (second, part)]
        return [each for each in taken if each[1]]

    def _wrong(self, year: Year) -> Iterator[Fields]:
        """One that does not come to nought, one that nobody decided, one from fund to fund."""
        whys = (
            ("Savings on vehicles returned", "OD", 25_500, ("W6340", "30110", "W6310", "10110")),
            ("Posts moved to the contact centre", "", 38_000, ("T7020", "10110", "M7310", "10110")),
            ("Estate services charged", "CM", 60_000, ("W6340", "10110", "H5130", "20110")),
        )
        day = year.first(1) + timedelta(days=20)
        for number, (title, decision, amount, places) in enumerate(whys, 91):
            giver, taker = Key(year.code, *places[:2]), Key(year.code, *places[2:])
            about: Fields = {
                "reference": f"V{year.short()}-{number:03d}",
                "year": year.code,
                "period": in_year(1),
                "status": "Approved",
                "title": title,
                "one_off": False,
                "decision": f"{decision}-{year.short()}-{number}" if decision else None,
                "decided": min(day, self.end),
            }
            # The first gives 500 pounds less than is taken.
            given = amount - 500 if number == 91 else amount
            yield from _written(about, [(giver, -given), (taker, amount)])


def lines() -> Iterator[tuple[CostCentre, Line]]:
    """Every line of the chart with its cost centre."""
    for centre in COST_CENTRES:
        for line in centre.lines:
            yield centre, line


def _written(about: Fields, between: list[tuple[Key, int]]) -> Iterator[Fields]:
    for number, (place, amount) in enumerate(between, 1):
        yield about | {
            "line": str(number),
            "cost_centre": place.cost_centre,
            "subjective": place.account,
            "amount": exact(amount, 2),
        }
