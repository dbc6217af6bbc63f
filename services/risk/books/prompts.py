"""Review prompts: what other services say of the things that risks name.

Rule: a prompt stands as long as what it says is true and no review has considered it; its name
holds the period or the day it is about, so what comes later prompts anew.
"""

from collections.abc import Iterable

import msgspec

from services.risk.store.repository import whole_values
from services.risk.world import World
from shared.accounts.calendar import of_month
from shared.catalogue.headline import headline_kind
from shared.contracts import subjects
from shared.contracts.commissioning import Contract
from shared.contracts.finance import CostCentreYear
from shared.contracts.risks import Prompt
from shared.contracts.states import IndicatorValue
from shared.contracts.topics import CONTRACTS, FINANCE, INDICATORS

# Stages of a contract at which somebody must look.
STAGES = {
    "decision due": "the decision on what follows it is due",
    "decision overdue": "the decision on what follows it is overdue",
    "expired": "it has expired",
}

_value = msgspec.json.Decoder(IndicatorValue).decode
_year = msgspec.json.Decoder(CostCentreYear).decode
_contract = msgspec.json.Decoder(Contract).decode

Found = tuple[str, Prompt] | None


class Prompts:
    """The prompts of one batch; each linked thing is looked at once."""

    def __init__(self, world: World) -> None:
        self._world = world
        self._wanted = set(world.catalogue.risk_policy.prompts)
        self._indicators: dict[str, Found] = {}

    def of(
        self, indicators: Iterable[str], cost_centres: Iterable[str], contracts: Iterable[str]
    ) -> dict[str, Prompt]:
        """The prompts that come from these things, by name."""
        found: list[Found] = []
        if "red indicator" in self._wanted:
            found += [self._indicator(code) for code in indicators]
        if "adverse variance" in self._wanted:
            found += self._positions(cost_centres)
        if "contract" in self._wanted:
            found += self._contracts(contracts)
        return dict(each for each in found if each is not None)

    def _indicator(self, code: str) -> Found:
        if code not in self._indicators:
            self._indicators[code] = self._newest(code)
        return self._indicators[code]

    def _newest(self, code: str) -> Found:
        definition = self._world.catalogue.indicators.get(code)
        if definition is None:
            return None
        kind, today = headline_kind(definition), self._world.today
        newest: IndicatorValue | None = None
        for body in whole_values(self._world.tx, code):
            value = _value(body)
            if value.period.kind != kind or value.period.end > today:
                continue
            if newest is None or value.period.end > newest.period.end:
                newest = value
        if newest is None or newest.rag.outcome != "red":
            return None
        period = newest.period.code
        subject = subjects.indicator_value(code, period, "all")
        says = f"{definition.title} is red for {period}"
        return f"indicator/{code}@{period}", Prompt("red indicator", INDICATORS, subject, says)

    def _positions(self, cost_centres: Iterable[str]) -> list[Found]:
        year = of_month(self._world.today[:7]).year
        wanted = {subjects.cost_centre_year(year, each): each for each in cost_centres}
        found: list[Found] = []
        for subject, body in sorted(self._world.said_of(FINANCE, wanted).items()):
            state = _year(body)
            if state.rag.outcome == "red":
                says = f"{state.name or state.cost_centre} is forecast over its budget"
                name = f"position/{year}/{state.cost_centre}@P{state.period:02}"
                found.append((name, Prompt("adverse variance", FINANCE, subject, says)))
        return found

    def _contracts(self, references: Iterable[str]) -> list[Found]:
        wanted = [subjects.contract(each) for each in references]
        found: list[Found] = []
        for subject, body in sorted(self._world.said_of(CONTRACTS, wanted).items()):
            state = _contract(body)
            if state.stage in STAGES:
                says = f"{state.title} ends on {state.expiry}: {STAGES[state.stage]}"
                name = f"contract/{state.reference}@{state.expiry}"
                found.append((name, Prompt("contract", CONTRACTS, subject, says)))
        return found
