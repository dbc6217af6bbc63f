"""Evaluation: the value of an indicator for a period and a member, with what it was made of.

Rule: a value is its formula over what each measure came to in the period's window, exact until
the one rounding at the end. A value exists from what is in the cells, the definitions and the
business date alone.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from functools import lru_cache
from typing import NamedTuple

from services.indicators.domain.cells import Cells, breakdown
from services.indicators.domain.deadlines import due_on, final_on
from services.indicators.domain.others import OtherFigures
from services.indicators.domain.plan import Plan, PlannedIndicator, PlannedSource
from services.indicators.domain.windows import Input, Line, began_by, has_records
from shared.catalogue.arithmetic import NothingToDivideBy, spelled
from shared.catalogue.expressions import NotCalculable
from shared.catalogue.periods import (
    Period,
    begun,
    month_code,
    years_over,
)
from shared.catalogue.rag import Judgement, judge
from shared.catalogue.rounding import published
from shared.catalogue.targets import Applied
from shared.contracts.states import (
    IndicatorValue,
    MeasureInput,
    PeriodState,
    RagState,
    TargetState,
)

NOT_CALCULABLE, MISSING, NOT_DUE = "not calculable", "missing", "not due"
# Of several reasons for no number, the one that is given.
REASONS = ("suppressed", "not applicable", NOT_CALCULABLE, NOT_DUE, MISSING)
JUDGEMENTS_KEPT = 20_000


# A value's target and its RAG, as they are published.
Judged = tuple[TargetState | None, RagState]


class Outcome(NamedTuple):
    """The exact value, or why there is none."""

    value: Decimal | None
    reason: str | None = None


@dataclass(slots=True)
class Evaluator:
    """Evaluates indicators over a set of cells, as of a business date. `versions` are those of
    definitions, by subject."""

    plan: Plan
    cells: Cells
    today: date
    versions: Mapping[str, int]
    _lines: dict[tuple[str, str], Line] = field(default_factory=dict)
    _outcomes: dict[tuple[str, str, str], Outcome] = field(default_factory=dict)

    def state(
        self, planned: PlannedIndicator, member: str, period: Period
    ) -> IndicatorValue | None:
        """The state to publish; None where there is no such value."""
        source = planned.source(period)
        if not self.exists(planned, source, member, period):
            return None
        definition = planned.definition
        due = due_on(planned, period)
        waiting = due if due is not None and self.today < due else None
        exact, reason = self.outcome(planned, member, period)
        if reason == MISSING and waiting:
            reason = NOT_DUE
        value = None if exact is None else published(exact, definition)
        target, rag = self._judged(planned, member, period, Outcome(value, reason), waiting)
        found = {code: self.input(code, member, period) for code in source.inputs}
        return IndicatorValue(
            indicator=definition.code,
            period=_period_state(period),
            breakdown=breakdown(member),
            value=None if value is None else f"{value:f}",
            reason=reason,
            unit=definition.unit,
            formula=source.text,
            definition=self.versions.get(f"indicator/{definition.code}", 0),
            measures={
                code: MeasureInput(
                    None if each.value is None else spelled(each.value),
                    each.records,
                    self.versions.get(f"measure/{code}", 0),
                )
                for code, each in found.items()
            },
            target=target,
            rag=rag,
            status=self._status(planned, period),
            due=None if due is None else due.isoformat(),
            small=self._small(planned, found),
            source=source.note,
        )

    def exists(
        self, planned: PlannedIndicator, source: PlannedSource, member: str, period: Period
    ) -> bool:
        """Whether there is a value: the period has begun, and one of the measures has something
        in one of its financial years, or for a stock up to its end."""
        if period.start > self.today or not begun(period, _month_of(self.today)):
            return False
        if not (planned.has(period) and planned.breaks_down(member)):
            return False
        since = planned.definition.since
        if since is not None and month_code(period.first) < since:
            return False
        over = years_over(period.first, period.last)
        for code in source.inputs:
            years = self.cells.of((code, member))
            if not years:
                continue
            if self.plan.is_stock(code):
                if began_by(years, period.last):
                    return True
            elif has_records(years, over):
                return True
        return False

    def input(self, measure: str, member: str, period: Period) -> Input:
        """What a measure came to over a period's window."""
        series = (measure, member)
        line = self._lines.get(series)
        if line is None:
            line = self._lines[series] = Line(self.plan.measures[measure], self.cells.of(series))
        return line.over(period)

    def outcome(self, planned: PlannedIndicator, member: str, period: Period) -> Outcome:
        """The exact value of an indicator, or why there is none."""
        key = (planned.code, member, period.code)
        found = self._outcomes.get(key)
        if found is None:
            found = self._outcomes[key] = self._calculated(planned, member, period)
        return found

    def _calculated(self, planned: PlannedIndicator, member: str, period: Period) -> Outcome:
        source = planned.source(period)
        names: dict[str, Decimal | int | None] = {}
        reasons: set[str] = set()
        for name, code in source.measures.items():
            came_to = self.input(code, member, period)
            names[name] = came_to.value
            if came_to.reason is not None:
                reasons.add(came_to.reason)
        for name, code in source.indicators.items():
            names[name], reason = self.outcome(self.plan.indicators[code], member, period)
            if reason is not None:
                reasons.add(reason)
        try:
            number = source.formula(names)
        except NothingToDivideBy:
            if planned.no_denominator == "zero":
                return Outcome(Decimal(0))
            return Outcome(None, planned.no_denominator)
        except NotCalculable:
            return Outcome(None, NOT_CALCULABLE)
        if number is None:
            return Outcome(None, next((each for each in REASONS if each in reasons), MISSING))
        return Outcome(Decimal(number))

    def _judged(
        self,
        planned: PlannedIndicator,
        member: str,
        period: Period,
        shown: Outcome,
        waiting: date | None,
    ) -> Judged:
        """The judgement of a value. The same value is judged in the same words, so what was said
        of it is kept for the next time, unless other figures have a say in it."""
        key = (shown, period.kind, period.first, period.last, waiting)
        found = None if planned.looks_around else planned.judgements.get(key)
        if found is None:
            judgement = judge(
                shown.value,
                planned.definition,
                period,
                OtherFigures(self, planned, member, period),
                reason=shown.reason,
                not_due_until=waiting,
            )
            found = _target_state(judgement.target), _rag_state(judgement)
            if len(planned.judgements) >= JUDGEMENTS_KEPT:
                planned.judgements.clear()
            if not planned.looks_around:
                planned.judgements[key] = found
        return found

    def _status(self, planned: PlannedIndicator, period: Period) -> str:
        final = final_on(planned, period)
        if final is None:
            return ""
        return "final" if self.today >= final else "provisional"

    def _small(self, planned: PlannedIndicator, inputs: Mapping[str, Input]) -> bool:
        least = planned.definition.small_numbers_under
        if least is None:
            return False
        for code, each in inputs.items():
            counts = self.plan.measures[code].aggregate in ("count", "distinct", "open")
            number = each.value if counts else each.records
            if number is not None and 0 < number < least:
                return True
        return False


def _month_of(day: date) -> int:
    return day.year * 12 + day.month - 1


@lru_cache(maxsize=65_536)
def _period_state(period: Period) -> PeriodState:
    return PeriodState(period.code, period.kind, period.start.isoformat(), period.end.isoformat())


def _plain(number: Decimal | None) -> str | None:
    return None if number is None else spelled(number)


def _target_state(target: Applied | None) -> TargetState | None:
    if target is None:
        return None
    return TargetState(
        "" if target.value is None else spelled(target.value),
        target.basis,
        _plain(target.low),
        _plain(target.high),
        _plain(target.floor),
        target.approved_by,
    )


def _rag_state(judgement: Judgement) -> RagState:
    green, amber = (
        [] if band is None else [_plain(each) for each in band]
        for band in (judgement.green, judgement.amber)
    )
    return RagState(judgement.outcome, judgement.rule, green, amber)


