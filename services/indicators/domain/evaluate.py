"""Evaluation: the value of an indicator for a period and a member, with what it was made of."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from decimal import Decimal
from functools import lru_cache

from services.indicators.domain.cells import NO_CELLS, Cells, Years, breakdown_of, plain
from services.indicators.domain.plan import Plan, PlannedIndicator
from services.indicators.domain.windows import last_month, months
from shared.catalogue.expressions import NotCalculable
from shared.catalogue.periods import Period, year_of
from shared.catalogue.rag import judge, published
from shared.contracts.states import (
    IndicatorValue,
    MeasureInput,
    PeriodState,
    RagState,
    TargetState,
)

NOT_CALCULABLE = "not calculable"
NOTHING = Decimal(0)
JUDGEMENTS_KEPT = 20_000


# What a measure came to over a window, and from how many records.
Input = tuple[Decimal | int | None, int]


@dataclass(slots=True)
class Evaluator:
    """Evaluates indicators over a set of cells."""

    plan: Plan
    cells: Cells

    def values(
        self, planned: PlannedIndicator, member: str, periods: Iterable[Period], version: int
    ) -> Iterator[IndicatorValue]:
        """The published state of each period's value; `version` is that of the definition."""
        definition = planned.definition
        breakdown = breakdown_of(member)
        inputs = [
            (code, self.plan.measures[code].aggregate, self.cells.of((code, member)))
            for code in planned.inputs
        ]
        for period in periods:
            found = {code: _input(kind, years, period) for code, kind, years in inputs}
            exact = self._calculate(planned, found)
            value = None if exact is None else published(exact, definition)
            target, rag = _judged(planned, value, period)
            yield IndicatorValue(
                indicator=definition.code,
                period=_period_state(period),
                breakdown=breakdown,
                value=None if value is None else f"{value:f}",
                reason=NOT_CALCULABLE if value is None else None,
                unit=definition.unit,
                formula=definition.formula,
                definition=version,
                measures={
                    code: MeasureInput(None if number is None else plain(number), records)
                    for code, (number, records) in found.items()
                },
                target=target,
                rag=rag,
            )

    def _calculate(self, planned: PlannedIndicator, inputs: dict[str, Input]) -> Decimal | None:
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


def _input(aggregate: str, years: Years, period: Period) -> Input:
    """What a measure came to over a period's window."""
    if aggregate == "open":
        last = last_month(period)
        stock = sum(
            cell.count - int(cell.sum or 0)
            for cells in years.values()
            for month, cell in cells.items()
            if month <= last
        )
        return stock, stock
    window = months(period)
    # Every flow's window lies within one financial year.
    cells = years.get(year_of(window[0]), NO_CELLS)
    count = 0
    total = NOTHING
    for month in window:
        cell = cells.get(month)
        if cell is not None:
            count += cell.count
            if cell.sum:
                total += Decimal(cell.sum)
    if aggregate == "count":
        return count, count
    if aggregate == "sum":
        return total, count
    # The mean of nothing is no number, and so is whatever is made of it.
    return (total / count if count else None), count


def _judged(
    planned: PlannedIndicator, value: Decimal | None, period: Period
) -> tuple[TargetState | None, RagState]:
    """The target and the RAG of a value. The same value is judged in the same words, so what was
    said of it is kept for the next time."""
    key = (value, last_month(period))
    found = planned.judgements.get(key)
    if found is None:
        if len(planned.judgements) >= JUDGEMENTS_KEPT:
            planned.judgements.clear()
        target, outcome, rule = judge(value, planned.definition, period)
        stated = None if target is None else TargetState(plain(target))
        found = planned.judgements[key] = stated, RagState(outcome, rule)
    return found


@lru_cache(maxsize=8192)
def _period_state(period: Period) -> PeriodState:
    return PeriodState(period.code, period.kind, period.start.isoformat(), period.end.isoformat())
