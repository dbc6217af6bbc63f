"""Which values to evaluate: for each indicator and member, the periods that a change moves."""

from collections.abc import Collection, Iterable, Iterator, Mapping
from datetime import date

from services.indicators.domain.cells import Cells, Delta, Series
from services.indicators.domain.deadlines import due_on, final_on
from services.indicators.domain.others import areas_of
from services.indicators.domain.plan import Plan, PlannedIndicator
from services.indicators.domain.windows import number_of
from shared.catalogue.breakdowns import ALL, parts_of
from shared.catalogue.periods import (
    Period,
    day,
    following,
    last_day,
    later,
    month_code,
    period_ending,
    periods_containing,
    previous,
    same_period_last_year,
    year_months,
    years_over,
)
from shared.contracts.subjects import member as member_of
from shared.delivery.change import Cause

# (indicator, member)
Figure = tuple[str, str]

# A block that has begun ends at most so many months later.
_AHEAD = 11


class Wanted:
    """The values to evaluate as of a business date, and what caused each."""

    def __init__(self, made: Plan, today: date) -> None:
        self._plan = made
        self._today = today
        self._month = today.year * 12 + today.month - 1
        self._until = month_code(self._month)
        self.periods: dict[Figure, dict[Period, None]] = {}
        self.causes: dict[Figure, Cause] = {}

    # What changed cells move.

    def moved(self, series: Series, delta: Delta, cause: Cause) -> None:
        """The cells of a series moved by `delta`."""
        measure, member = series
        carry = self._plan.measures[measure].carry_months
        stock = self._plan.is_stock(measure)
        months = dict.fromkeys(
            month_code(number_of(bucket[:7]) + behind)
            for bucket in delta
            for behind in range(carry + 1)
        )
        for planned in self._users(measure, member):
            if stock:
                self.add(planned, member, self._stock_periods(delta, planned), cause)
                continue
            for month in months:
                self.add(
                    planned, member, periods_containing(month, planned.kinds, self._until), cause
                )
            if planned.by_day:
                self.add(planned, member, self._days(delta, carry), cause)

    def _days(self, delta: Delta, carry: int) -> Iterator[Period]:
        for bucket in delta:
            if carry:
                first = number_of(bucket[:7])
                yield from self._days_of(range(first, first + carry + 1))
            else:
                yield day(bucket)

    def _days_of(self, months: Iterable[int]) -> Iterator[Period]:
        for number in months:
            if number > self._month:
                return
            last = min(last_day(number), self._today).day
            for each in range(1, last + 1):
                yield day(f"{month_code(number)}-{each:02}")

    def _stock_periods(self, delta: Delta, planned: PlannedIndicator) -> Iterator[Period]:
        """The periods at whose end the stock is another than before: those from a change on,
        until later changes of the same batch have made up for it."""
        buckets = sorted(delta)
        moved = 0
        for place, bucket in enumerate(buckets):
            came, left = delta[bucket]
            moved += int(came) - int(left)
            if moved:
                following_one = buckets[place + 1] if place + 1 < len(buckets) else None
                yield from self._stock_from(bucket, following_one, planned)

    def _stock_from(
        self, bucket: str, until: str | None, planned: PlannedIndicator
    ) -> Iterator[Period]:
        first = number_of(bucket[:7])
        last = self._month + _AHEAD
        if until is not None:
            # Counted by day, the month of the next change still ends with another stock.
            last = min(last, number_of(until[:7]) - 1)
        yield from self._ending(range(first, last + 1), planned.kinds)
        if planned.by_day:
            yield from self._days_of(range(first, last + (2 if until else 1)))

    def _ending(self, months: Iterable[int], kinds: Iterable[str]) -> Iterator[Period]:
        for kind in kinds:
            for number in months:
                if (period := period_ending(number, kind)) is not None:
                    yield period

    def year_changed(self, series: Series, year: str, cause: Cause) -> None:
        """A series has cells in a financial year and had none before, or the other way about:
        every period over that year comes to exist, or is gone."""
        measure, member = series
        for planned in self._users(measure, member):
            self.add(planned, member, self._over([year], planned), cause)

    def _over(self, years: Iterable[str], planned: PlannedIndicator) -> Iterator[Period]:
        for year in years:
            for number in year_months(year):
                yield from periods_containing(month_code(number), planned.kinds, self._until)
            if planned.by_day:
                yield from self._days_of(year_months(year))

    def beginning_moved(
        self, series: Series, before: int | None, after: int | None, cause: Cause
    ) -> None:
        """A stock begins in another month than it did, or has begun, or is no more."""
        known = [each for each in (before, after) if each is not None]
        if before == after or not known:
            return
        first = min(known)
        last = self._month + _AHEAD if len(known) == 1 else max(known)
        measure, member = series
        for planned in self._users(measure, member):
            self.add(planned, member, self._ending(range(first, last + 1), planned.kinds), cause)
            if planned.by_day:
                self.add(planned, member, self._days_of(range(first, last + 1)), cause)

    # What else moves them.

    def all_of(self, planned: PlannedIndicator, cells: Cells, cause: Cause) -> None:
        """Every value that an indicator has over these cells."""
        for measure, member in cells.series():
            if measure not in planned.inputs or not planned.breaks_down(member):
                continue
            years = [year for year, months in cells.of((measure, member)).items() if months]
            if years and self._plan.is_stock(measure):
                first = min(number_of(month) for month in cells.months((measure, member)))
                months = range(first, self._month + _AHEAD + 1)
                self.add(planned, member, self._ending(months, planned.kinds), cause)
                if planned.by_day:
                    self.add(planned, member, self._days_of(months), cause)
            else:
                self.add(planned, member, self._over(years, planned), cause)

    def time_passed(
        self, planned: PlannedIndicator, members: Iterable[str], since: date, cause: Cause
    ) -> None:
        """The business date moved on: what began, ended, became due or final meanwhile."""
        wanted = dict.fromkeys(self._turning(planned, since))
        for member in members:
            if planned.breaks_down(member):
                self.add(planned, member, wanted, cause)

    def _turning(self, planned: PlannedIndicator, since: date) -> Iterator[Period]:
        definition = planned.definition
        wait = max(definition.due_days or 0, definition.final_after_days or 0)
        back = (wait + definition.follow_up_days) // 28 + 1
        first = since.year * 12 + since.month - 1 - back
        months = range(first, self._month + _AHEAD + 1)
        candidates = list(self._ending(months, planned.kinds))
        if planned.by_day:
            candidates += self._days_of(months)
        began = since.year * 12 + since.month - 1
        for period in candidates:
            turns = (period.start, period.end, due_on(planned, period), final_on(planned, period))
            # Periods that end with every month begin to be given with their last month.
            opened = began < period.last <= self._month or began < period.last - 11 <= self._month
            if opened or any(turn and since < turn <= self._today for turn in turns):
                yield period

    def follow(self, members_of: Mapping[str, Iterable[str]]) -> None:
        """Adds what is judged by the values wanted so far: later periods of the same indicator,
        and indicators whose targets follow a benchmark. `members_of` gives their members."""
        for (code, member), periods in list(self.periods.items()):
            cause = self.causes[code, member]
            planned = self._plan.indicators[code]
            if planned.looks_back:
                ahead = [each for p in periods for each in (following(p), later(p, 12))]
                self.add(planned, member, ahead, cause)
            for follower in self._plan.followers.get(code, ()):
                benchmark = follower.definition.benchmark
                if benchmark is None or benchmark.area not in parts_of(member):
                    continue
                shared = [period for period in periods if follower.has(period)]
                for each in members_of.get(follower.code, ()):
                    self.add(follower, each, shared, cause)

    def _users(self, measure: str, member: str) -> Iterator[PlannedIndicator]:
        for planned in self._plan.by_measure.get(measure, ()):
            if planned.breaks_down(member):
                yield planned

    def add(
        self, planned: PlannedIndicator, member: str, periods: Iterable[Period], cause: Cause
    ) -> None:
        """Values of an indicator to evaluate."""
        figure = (planned.code, member)
        found = self.periods.setdefault(figure, {})
        found.update(dict.fromkeys(periods))
        if found:
            self.causes[figure] = cause
        else:
            del self.periods[figure]

    # What evaluating all this needs.

    def needs(self) -> tuple[set[tuple[Series, str]], set[Series]]:
        """The measure years to have at hand, and the series to have whole."""
        years: set[tuple[Series, str]] = set()
        whole: set[Series] = set()
        for (code, member), periods in self.periods.items():
            planned = self._plan.indicators[code]
            looked_at = list(periods)
            if planned.looks_back:
                for period in periods:
                    earlier = (previous(period), same_period_last_year(period))
                    looked_at += [each for each in earlier if each is not None]
            self._needed(planned, member, looked_at, years, whole)
            if planned.looks_around and planned.definition.benchmark is not None:
                self._peers_needed(planned, periods, years, whole)
        return years, whole

    def _peers_needed(
        self,
        planned: PlannedIndicator,
        periods: Iterable[Period],
        years: set[tuple[Series, str]],
        whole: set[Series],
    ) -> None:
        benchmark = planned.definition.benchmark
        other = self._plan.indicators.get(benchmark.indicator) if benchmark else None
        if other is None or benchmark is None:
            return
        for period in periods:
            areas: set[str] = set()
            for target in planned.definition.targets:
                if target.relative is not None and target.relative.area:
                    areas.add(target.relative.area)
                if target.relative is not None and target.relative.group:
                    areas.update(areas_of(self._plan, target.relative.group, period))
            for area in areas:
                self._needed(other, member_of(benchmark.area, area), [period], years, whole)

    def _needed(
        self,
        planned: PlannedIndicator,
        member: str,
        periods: Collection[Period],
        years: set[tuple[Series, str]],
        whole: set[Series],
    ) -> None:
        over: dict[int, set[str]] = {}
        for measure in planned.inputs:
            series = (measure, member)
            if self._plan.is_stock(measure):
                whole.add(series)
                continue
            carry = self._plan.measures[measure].carry_months
            if carry not in over:
                over[carry] = {
                    year
                    for period in periods
                    for year in years_over(period.first - carry, period.last)
                }
            years.update((series, year) for year in over[carry])


def members_in(subjects: Iterable[str]) -> Iterator[str]:
    """The members in subjects of measure years, or of values."""
    for subject in subjects:
        parts = subject.split("/")
        yield parts[2] if len(parts) == 3 and "=" in parts[2] else (
            parts[1] if "=" in parts[1] else ALL
        )


