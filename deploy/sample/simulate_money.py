"""A council's money on the move: postings, orders, forecasts, virements, savings, schemes and
contracts, as they change in a day.

Rule: what follows from a change is sent after it. The ledger's control total follows a late
posting, so that the two disagree only for a moment, and an order that is paid becomes a posting.
"""

from collections.abc import Callable, Mapping
from datetime import date, timedelta
from decimal import Decimal
from random import Random
from typing import Any

from deploy.sample.areas import capital, contracts, ledger
from deploy.sample.changes import Change, changed, withdrawn
from deploy.sample.made import Fields, exact
from deploy.sample.money.chart import COST_CENTRES, GENERAL, CostCentre, Line
from deploy.sample.money.outlook import REASONS, order
from deploy.sample.money.plan import TITLES, lines
from deploy.sample.money.postings import posting
from deploy.sample.money.register import PAID_UNDER, months_on
from deploy.sample.money.years import Year, in_year
from shared.accounts.calendar import of_month, when_of

Held = Mapping[str, list[Fields]]
SOON, NEAR = timedelta(days=365), timedelta(days=90)


class Money:
    """Knows the council's money as it was last sent, and thinks of what happens to it next."""

    def __init__(
        self, held: Held, rng: Random, today: Callable[[], date], reference: Callable[[str], str]
    ) -> None:
        self._rng = rng
        self._today = today
        self._reference = reference
        self._totals = held.get(ledger.TOTALS, [])
        self._orders = held.get(ledger.ORDERS, [])
        self._savings = held.get(ledger.SAVINGS, [])
        self._schemes = held.get(capital.PROGRAMME, [])
        self._milestones = held.get(capital.MILESTONES, [])
        self._contracts = held.get(contracts.REGISTER, [])
        made = held.get(ledger.FORECASTS, [])
        newest = max(((each["year"], each["period"]) for each in made), default=None)
        self._forecasts = [each for each in made if (each["year"], each["period"]) == newest]
        self._proposed: dict[str, list[Fields]] = {}
        for line in held.get(ledger.VIREMENTS, []):
            if line["status"] == "Proposed":
                self._proposed.setdefault(line["reference"], []).append(line)
        self._follows: list[Change] = []
        self.ways: list[tuple[Callable[[], Change | None], int]] = [
            (self._what_follows, 14),
            (self._late_posting, 5),
            (self._order_raised, 5),
            (self._order_paid, 5),
            (self._contract_paid, 5),
            (self._forecast_revised, 4),
            (self._virement_proposed, 2),
            (self._virement_approved, 2),
            (self._saving_delivered, 3),
            (self._capital_paid, 3),
            (self._milestone_reached, 1),
            (self._extension_taken, 1),
        ]

    def _what_follows(self) -> Change | None:
        return self._follows.pop(0) if self._follows else None

    def _line(self) -> tuple[CostCentre, Line]:
        """Somewhere that pays suppliers."""
        return self._rng.choice([(c, each) for c, each in lines() if each.account[0] in "245"])

    def _posted(self, day: date, centre: str, account: str, amount: Decimal) -> Fields:
        """A posting of today, in the period that `day` is in."""
        when = of_month(f"{day:%Y-%m}")
        number = self._reference("T")
        fields = posting(centre, account, amount, Year(when.year, 0), when.period, self._today())
        return {"transaction": number} | fields

    def _late_posting(self) -> Change:
        centre, line = self._line()
        last = self._today().replace(day=1) - timedelta(days=1)
        amount = exact(max(1, line.thousands or 0) * self._rng.uniform(1, 12), 2)
        fields = self._posted(last, centre.code, line.account, amount)
        when = when_of(fields)
        for total in self._totals:
            if total["batch"] is None and when_of(total) == when:
                total["amount"] += amount
                total["transactions"] += 1
                said = f"The ledger's total of {total['period']} is £{total['amount']:,}"
                self._follows.append(changed(ledger.TOTALS, said, total))
        said = f"Late posting of £{amount:,} to {centre.name} in {fields['period']}"
        return changed(ledger.POSTINGS, said, fields)

    def _order_raised(self) -> Change:
        centre, line = self._line()
        fields = order(self._rng, self._reference("PO"), self._today(), centre, line)
        self._orders.append(fields)
        return changed(
            ledger.ORDERS, f"Order of £{fields['amount']:,} raised by {centre.name}", fields
        )

    def _order_paid(self) -> Change | None:
        # The stock of open orders stays a stock.
        if len(self._orders) < 20:
            return None
        paid = self._orders.pop(self._rng.randrange(len(self._orders)))
        fields = self._posted(
            self._today(), paid["cost_centre"], paid["subjective"], paid["amount"]
        )
        fields |= {"supplier": paid["supplier"], "contract": paid["contract"]}
        said = f"£{paid['amount']:,} posted for order {paid['order']}"
        self._follows.append(changed(ledger.POSTINGS, said, fields))
        return withdrawn(ledger.ORDERS, f"Order {paid['order']} paid", paid["order"])

    def _contract_paid(self) -> Change:
        place, contract = self._rng.choice(list(PAID_UNDER.items()))
        amount = exact(contract.annual * self._rng.uniform(4, 20), 2)
        centre, account = place.split(":")
        fields = self._posted(self._today(), centre, account, amount)
        fields |= {"supplier": contract.supplier, "contract": contract.reference}
        said = f"£{amount:,} paid to {contract.supplier} under {contract.reference}"
        return changed(ledger.POSTINGS, said, fields)

    def _forecast_revised(self) -> Change | None:
        if not self._forecasts:
            return None
        fields = self._rng.choice(self._forecasts)
        by = round(self._rng.gauss(0, 0.02) * float(abs(fields["amount"])), -3)
        if not by:
            return None
        fields["amount"] += exact(by, 2)
        over, mitigation, under = REASONS[fields["subjective"]]
        fields |= {"reason": over, "mitigation": mitigation} if by > 0 else {"reason": under}
        name = next(each.name for each in COST_CENTRES if each.code == fields["cost_centre"])
        way = "up" if by > 0 else "down"
        said = f"Forecast of {name} {way} by £{abs(by):,.0f}: {fields['reason'].lower()}"
        return changed(ledger.FORECASTS, said, fields)

    def _virement_proposed(self) -> Change:
        pounds = self._rng.choice((8_000, 24_000, 45_000, 120_000, 300_000))
        able = [
            (centre.code, line.account)
            for centre, line in lines()
            if centre.fund == GENERAL and (line.thousands or 0) * 1000 > 4 * pounds
        ]
        when = of_month(f"{self._today():%Y-%m}")
        reference = self._reference("V")
        about: Fields = {
            "reference": reference,
            "year": when.year,
            "period": in_year(when.period),
            "status": "Proposed",
            "title": self._rng.choice(TITLES),
            "one_off": self._rng.random() < 0.4,
            "decision": None,
            "decided": None,
        }
        sides = zip(self._rng.sample(able, 2), (-pounds, pounds), strict=True)
        self._proposed[reference] = [
            about
            | {
                "line": str(number),
                "cost_centre": centre,
                "subjective": account,
                "amount": exact(amount, 2),
            }
            for number, ((centre, account), amount) in enumerate(sides, 1)
        ]
        said = f"Virement of £{pounds:,} proposed: {about['title'].lower()}"
        return changed(ledger.VIREMENTS, said, *self._proposed[reference])

    def _virement_approved(self) -> Change | None:
        if not self._proposed:
            return None
        reference = next(iter(self._proposed))
        agreed = self._proposed.pop(reference)
        for line in agreed:
            line |= {
                "status": "Approved",
                "decision": f"D-{reference}",
                "decided": self._today(),
            }
        return changed(ledger.VIREMENTS, f"Virement {reference} approved", *agreed)

    def _saving_delivered(self) -> Change | None:
        coming = [each for each in self._savings if each["forecast"]]
        if not coming:
            return None
        fields = self._rng.choice(coming)
        more = min(fields["forecast"], exact(self._rng.randint(2, 30) * 1000, 2))
        fields["delivered"] += more
        fields["forecast"] -= more
        return changed(ledger.SAVINGS, f"£{more:,} more saved: {fields['title']}", fields)

    def _capital_paid(self) -> Change | None:
        building = [each for each in self._schemes if each["status"] == "On site"]
        if not building:
            return None
        scheme = self._rng.choice(building)
        amount = exact(self._rng.uniform(4_000, 90_000), 2)
        today = self._today()
        when = of_month(f"{today:%Y-%m}")
        year = Year(when.year, 0)
        fields: dict[str, Any] = {
            "transaction": self._reference("C"),
            "scheme": scheme["scheme"],
            "amount": amount,
            "period": year.period(when.period),
            "date": today,
            "batch": f"CA{year.short()}{when.period:02}",
            "description": "Works certified",
            "supplier": None,
            "contract": None,
        }
        return changed(capital.POSTINGS, f"£{amount:,} spent on {scheme['title']}", fields)

    def _milestone_reached(self) -> Change | None:
        near = self._today() + NEAR
        coming = [
            each
            for each in self._milestones
            if each["achieved"] is None and each["forecast"] <= near
        ]
        if not coming:
            return None
        fields = min(coming, key=lambda each: each["forecast"])
        fields |= {"achieved": self._today(), "forecast": self._today()}
        said = f"{fields['scheme']} reached: {fields['title'].lower()}"
        return changed(capital.MILESTONES, said, fields)

    def _extension_taken(self) -> Change | None:
        today = self._today()
        able = []
        for each in self._contracts:
            months = str(each["extension_months"] or "").split("+")
            left = months[each["extensions_taken"] :] if each["extension_months"] else []
            if left and today <= (each["expiry"] or each["end"]) <= today + SOON:
                able.append((each, int(left[0])))
        if not able:
            return None
        fields, months_more = self._rng.choice(able)
        expiry = months_on(fields["expiry"] or fields["end"], months_more + 1) - timedelta(days=1)
        fields |= {"extensions_taken": fields["extensions_taken"] + 1, "expiry": expiry}
        said = f"{fields['title']} extended by {months_more} months"
        return changed(contracts.REGISTER, said, fields)
