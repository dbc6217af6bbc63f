"""Which values to evaluate: for each indicator and member, the periods that a change moves."""

from collections.abc import Iterable, Iterator, Mapping

from services.indicators.domain.cells import ALL, Cells, Delta, Series
from services.indicators.domain.plan import Plan, PlannedIndicator
from services.indicators.domain.windows import (
    YEAR_TO_DATE,
    Span,
    flow_periods,
    last_month,
    months_between,
    stock_from,
    stock_periods,
)
from shared.catalogue.periods import Period, parse_period, year_of
from shared.delivery.change import Cause

# (indicator, member)
Figure = tuple[str, str]


class Wanted:
    """The values to evaluate, and what caused each."""

    def __init__(self, made: Plan, spans: Mapping[str, Span]) -> None:
        self._plan = made
        self._spans = spans
        self._horizons: dict[str, str] = {}
        self.periods: dict[Figure, dict[Period, None]] = {}
        self.causes: dict[Figure, Cause] = {}

    def moved(self, series: Series, delta: Delta, cause: Cause) -> None:
        """The cells of a series moved by `delta`."""
        measure, member = series
        stock = self._plan.is_stock(measure)
        for planned in self._plan.by_measure.get(measure, ()):
            if breaks_down(planned, member):
                kinds = planned.definition.periods
                end = self._horizon(planned)
                periods = stock_periods(delta, kinds, end) if stock else flow_periods(
                    delta, kinds, end
                )
                self._add(planned.code, member, periods, cause)

    def began(
        self,
        deltas: Mapping[Series, Delta],
        before: Cells,
        causes: Mapping[Series, Cause],
    ) -> bool:
        """A stock that begins, or begins earlier than it did, has a value from there on, even
        where it is nought. `before` are the cells without this batch. Answers whether any did."""
        found = False
        for series, delta in deltas.items():
            measure, member = series
            if not self._plan.is_stock(measure):
                continue
            first = min(before.months(series), default=None)
            began = min(delta)
            if first is not None and first <= began:
                continue
            found = True
            for planned in self._plan.by_measure.get(measure, ()):
                if breaks_down(planned, member):
                    kinds = planned.definition.periods
                    periods = stock_from(began, kinds, self._horizon(planned))
                    self._add(planned.code, member, periods, causes[series])
        return found

    def advanced(
        self,
        planned: PlannedIndicator,
        years: Iterable[tuple[str, str]],
        old: str,
        cause: Cause,
    ) -> None:
        """An indicator's horizon moved on from month `old`: what only runs on now has values up to
        there, in which nothing else may have happened. `years` are the (member, financial year)
        pairs in which its measures have cells."""
        kinds = planned.definition.periods
        end = self._horizon(planned)
        stocks = any(self._plan.is_stock(code) for code in planned.inputs)
        passed = months_between(old, end)
        for member, year in years:
            if not breaks_down(planned, member):
                continue
            if stocks:
                periods = stock_from(passed[1], kinds, end)
            else:
                # A year to date stops at the horizon; its later months come to exist now.
                within = [month for month in passed if year_of(month) == year][:1]
                periods = flow_periods(within, [k for k in kinds if k == YEAR_TO_DATE], end)
            self._add(planned.code, member, periods, cause)

    def all_of(self, planned: PlannedIndicator, cells: Cells, cause: Cause) -> None:
        """Every value that an indicator has over these cells."""
        kinds = planned.definition.periods
        end = self._horizon(planned)
        for series in cells.series():
            measure, member = series
            if measure not in planned.inputs or not breaks_down(planned, member):
                continue
            listed = cells.months(series)
            if not listed:
                continue
            if self._plan.is_stock(measure):
                self._add(planned.code, member, stock_from(min(listed), kinds, end), cause)
            else:
                self._add(planned.code, member, flow_periods(listed, kinds, end), cause)

    def published(
        self, planned: PlannedIndicator, subjects: Iterable[str], cause: Cause
    ) -> Iterator[str]:
        """Also evaluates what was published before; answers with what is defined no more."""
        for subject in subjects:
            _, code, *rest = subject.split("/")
            member = rest[0] if rest else ALL
            period = parse_period(code)
            if period.kind in planned.definition.periods and breaks_down(planned, member):
                self._add(planned.code, member, [period], cause)
            else:
                yield subject

    def _add(
        self, code: str, member: str, periods: Iterable[Period], cause: Cause
    ) -> None:
        figure = (code, member)
        found = self.periods.setdefault(figure, {})
        for period in periods:
            found[period] = None
        if found:
            self.causes[figure] = cause
        else:
            del self.periods[figure]

    def _horizon(self, planned: PlannedIndicator) -> str:
        known = self._horizons.get(planned.code)
        if known is None:
            known = self._horizons[planned.code] = horizon(planned, self._spans)
        return known

    def years(self) -> set[tuple[Series, str]]:
        """The measure years that evaluating all this needs."""
        needed: set[tuple[Series, str]] = set()
        for (code, member), periods in self.periods.items():
            years = {year_of(last_month(period)) for period in periods}
            for measure in self._plan.indicators[code].inputs:
                span = self._spans.get(measure)
                if span is None:
                    continue
                if self._plan.is_stock(measure):
                    listed = {year_of(month) for month in months_between(*span)}
                else:
                    listed = years
                needed.update(((measure, member), year) for year in listed)
        return needed


def breaks_down(planned: PlannedIndicator, member: str) -> bool:
    """Whether an indicator has values for a member."""
    return member == ALL or member.partition("=")[0] in planned.breakdowns


def horizon(planned: PlannedIndicator, spans: Mapping[str, Span]) -> str:
    """The last month in which anything that an indicator rests on happened; empty when none."""
    return max((spans[code].last for code in planned.inputs if code in spans), default="")
