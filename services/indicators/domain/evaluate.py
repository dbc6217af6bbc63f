"""Evaluation: the value of an indicator for a period and a member, with what it was made of."""

from dataclasses import dataclass
from decimal import Decimal

from services.indicators.domain.cells import ALL, Cells, plain
from services.indicators.domain.plan import Plan, PlannedIndicator
from services.indicators.domain.windows import last_month, months
from shared.catalogue.expressions import NotCalculable
from shared.catalogue.periods import Period
from shared.catalogue.rag import judge, published
from shared.contracts.states import (
    Breakdown,
    IndicatorValue,
    MeasureInput,
    PeriodState,
    RagState,
    TargetState,
)
from shared.contracts.subjects import split_member

NOT_CALCULABLE = "not calculable"


@dataclass(slots=True)
class Evaluator:
    """Evaluates indicators over a set of cells."""

    plan: Plan
    cells: Cells

    def value(
        self, planned: PlannedIndicator, period: Period, member: str, version: int
    ) -> IndicatorValue:
        """The published state of one value; `version` is that of the definition."""
        inputs = {code: self._measure(code, period, member) for code in planned.inputs}
        definition = planned.definition
        exact = self._calculate(planned, inputs)
        value = None if exact is None else published(exact, definition)
        target, outcome, rule = judge(value, definition, period)
        return IndicatorValue(
            indicator=definition.code,
            period=_period_state(period),
            breakdown=None if member == ALL else Breakdown(*split_member(member)),
            value=None if value is None else f"{value:f}",
            reason=NOT_CALCULABLE if value is None else None,
            unit=definition.unit,
            formula=definition.formula,
            definition=version,
            measures={
                code: MeasureInput(None if number is None else plain(Decimal(number)), records)
                for code, (number, records) in inputs.items()
            },
            target=None if target is None else TargetState(plain(target)),
            rag=RagState(outcome, rule),
        )

    def _calculate(
        self, planned: PlannedIndicator, inputs: dict[str, tuple[Decimal | int | None, int]]
    ) -> Decimal | None:
        """The exact value, or None where it cannot be calculated."""
        names: dict[str, Decimal | int | None] = {
            name: inputs[code][0] for name, code in planned.measures.items()
        }
        for name, code in planned.indicators.items():
            names[name] = self._calculate(self.plan.indicators[code], inputs)
        try:
            number = planned.formula(names)
        except NotCalculable:
            return None
        return None if number is None else Decimal(number)

    def _measure(
        self, code: str, period: Period, member: str
    ) -> tuple[Decimal | int | None, int]:
        """What a measure came to over a period's window, and from how many records."""
        aggregate = self.plan.measures[code].aggregate
        cells = self.cells.of((code, member))
        if aggregate == "open":
            end = last_month(period)
            stock = sum(count for month, (count, _) in cells.items() if month <= end)
            return stock, stock
        count = 0
        total = Decimal(0)
        for month in months(period):
            cell = cells.get(month)
            if cell is not None:
                count += cell[0]
                total += cell[1]
        if aggregate == "count":
            return count, count
        if aggregate == "sum":
            return total, count
        # The mean of nothing is no number, and so is whatever is made of it.
        return (total / count if count else None), count


def _period_state(period: Period) -> PeriodState:
    return PeriodState(period.code, period.kind, period.start.isoformat(), period.end.isoformat())
