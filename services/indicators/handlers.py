"""Everything the indicators service does: changed records, definitions and dates in, measures and
indicator values out.

Rule: `apply` costs what changed touches, not what is held; `rebuild` counts everything again. All
ways end in the same evaluation, so they cannot disagree about what a value is. What a value is
depends on the cells, the definitions and the business date in the store, never on a clock.
"""

from collections.abc import Iterable, Iterator, Sequence

import msgspec

from services.indicators.counting import Counting
from services.indicators.domain.cells import Cells, Deltas, Series
from services.indicators.domain.evaluate import Evaluator
from services.indicators.domain.plan import Plan
from services.indicators.domain.wanted import Wanted, members_in
from services.indicators.domain.windows import number_of
from services.indicators.metrics import RECOUNTED_MEASURES, VALUES_EVALUATED
from services.indicators.planning import Planning
from services.indicators.store.repository import Counted
from shared.catalogue.periods import parse_period, year_of
from shared.contracts.states import Record
from shared.contracts.subjects import indicator_value
from shared.contracts.topics import CATALOGUE, INDICATORS, MEASURES, RECORDS
from shared.db.tx import Tx
from shared.delivery.business_date import BusinessDate
from shared.delivery.change import Cause, Change, Statement

_record = msgspec.json.Decoder(Record).decode
_encode = msgspec.json.Encoder().encode

NOTHING = Cause("", "")


class IndicatorHandlers:
    """See shared.delivery.inbox.Handlers."""

    def __init__(
        self,
        planning: Planning,
        counting: Counting,
        counted: Counted,
        days: BusinessDate,
    ) -> None:
        self._planning = planning
        self._counting = counting
        self._counted = counted
        self._days = days

    def apply(self, changes: Sequence[Change], tx: Tx) -> Iterable[Statement]:
        """The measures and values that these changes move."""
        records = [change for change in changes if change.topic == RECORDS]
        redefined = [change for change in changes if change.topic == CATALOGUE]
        datasets = {change.subject.partition("/")[0] for change in records}
        if self._planning.looks_into(tx, datasets):
            self._planning.renew_references(tx)
        made = self._planning.plan(tx)
        looked_into = {code for each in datasets for code in made.looked_into.get(each, ())}
        if redefined or looked_into:
            # Both states of every record stand under definitions that may be others: whatever
            # these records are counted by is counted again, from the records as they are now.
            forced = looked_into | {
                each.measure.code for code in datasets for each in made.by_dataset.get(code, ())
            }
            yield from self._recount(tx, made, forced, redefined, changes[-1].cause)
        else:
            yield from self._count(tx, made, records)

    def rebuild(self, tx: Tx) -> Iterable[Statement]:
        """Every measure and value, counted again from the held records."""
        self._planning.renew_references(tx)
        made = self._planning.plan(tx)
        yield from self._recount(tx, made, set(made.measures), [], None, everything=True)
        for topic, known in ((MEASURES, made.measures), (INDICATORS, made.indicators)):
            for old in self._counting.subjects(tx, topic):
                if old.partition("/")[0] not in known:
                    yield Statement(topic, old, None, NOTHING)

    def pass_time(self, tx: Tx) -> Iterable[Statement]:
        """What follows from the date alone: periods begin, end, become due and final."""
        passed = self._days.move_on(tx)
        if passed is None:
            return
        since, today = passed
        made = self._planning.plan(tx)
        if since is None:
            yield from self._recount(tx, made, set(), [], None, everything=True)
            return
        wanted = Wanted(made, today)
        cause = Cause("", self._days.instant())
        members: dict[str, set[str]] = {}
        for planned in made.indicators.values():
            found: set[str] = set()
            for code in planned.inputs:
                if code not in members:
                    members[code] = set(members_in(self._counting.subjects(tx, MEASURES, code)))
                found |= members[code]
            wanted.time_passed(planned, sorted(found), since, cause)
        yield from self._values(tx, made, Cells(), wanted)

    # What changed records move.

    def _count(self, tx: Tx, made: Plan, records: Sequence[Change]) -> Iterator[Statement]:
        deltas = Deltas()
        for change in records:
            measures = made.by_dataset.get(change.subject.partition("/")[0])
            if measures is None:
                continue
            before = None if change.before is None else _record(change.before).fields
            after = None if change.after is None else _record(change.after).fields
            if before != after:
                deltas.change(measures, before, after, change.cause)
        deltas.settle()
        if not deltas.by_series:
            return
        wanted = Wanted(made, self._days.today(tx))
        cells = Cells()
        touched = {
            (series, year_of(bucket[:7]))
            for series, delta in deltas.by_series.items()
            for bucket in delta
        }
        stocks = {series for series in deltas.by_series if made.is_stock(series[0])}
        self._counting.load(tx, cells, touched, stocks)
        before_years = {each: bool(cells.of(each[0]).get(each[1])) for each in touched}
        beginnings = {series: _beginning(cells, series) for series in stocks}
        for series, delta in deltas.by_series.items():
            cells.add(series, delta)
            wanted.moved(series, delta, deltas.causes[series])
        for (series, year), had in before_years.items():
            if series not in stocks and bool(cells.of(series).get(year)) is not had:
                wanted.year_changed(series, year, deltas.causes[series])
        for series in stocks:
            now = _beginning(cells, series)
            wanted.beginning_moved(series, beginnings[series], now, deltas.causes[series])
        for series, year in sorted(touched):
            yield self._counting.measure(cells, series, year, deltas.causes[series])
        yield from self._values(tx, made, cells, wanted)

    def _values(self, tx: Tx, made: Plan, cells: Cells, wanted: Wanted) -> Iterator[Statement]:
        if made.followers:
            moved = {
                follower.code: set(
                    members_in(self._counting.subjects(tx, INDICATORS, follower.code))
                )
                for code, _ in list(wanted.periods)
                for follower in made.followers.get(code, ())
            }
            wanted.follow(moved)
        elif any(made.indicators[code].looks_back for code, _ in wanted.periods):
            wanted.follow({})
        years, whole = wanted.needs()
        self._counting.load(tx, cells, years, whole)
        evaluator = Evaluator(made, cells, self._days.today(tx), self._planning.versions)
        count = 0
        for (code, member), periods in wanted.periods.items():
            planned = made.indicators[code]
            cause = wanted.causes[code, member]
            for period in periods:
                state = evaluator.state(planned, member, period)
                count += 1
                subject = indicator_value(code, period.code, member)
                body = None if state is None else _encode(state)
                yield Statement(INDICATORS, subject, body, cause)
        VALUES_EVALUATED.inc(count)

    # What changed definitions move: everything under them is counted again.

    def _recount(
        self,
        tx: Tx,
        made: Plan,
        forced: set[str],
        redefined: Sequence[Change],
        cause: Cause | None,
        *,
        everything: bool = False,
    ) -> Iterator[Statement]:
        how = self._planning.how_counted(made)
        known = self._counted.all(tx)
        measures = {code for code, each in how.items() if known.get(code) != each} | forced
        removed = {code for code in known if code not in how}
        RECOUNTED_MEASURES.inc(len(measures) + len(removed))
        self._counted.set(tx, {code: how[code] for code in measures})
        self._counted.forget(tx, removed)
        deltas = self._counting.count_all(tx, made, measures)
        cells = Cells()
        cells.whole |= measures
        for series, delta in deltas.by_series.items():
            cells.add(series, delta)
        for code in sorted(measures | removed):
            yield from self._counting.state_again(tx, cells, code, deltas.causes, cause)
        affected = self._planning.affected(made, measures, redefined)
        if everything:
            affected = set(made.indicators)
        inputs = {code for each in affected for code in made.indicators[each].inputs}
        self._counting.load_measures(tx, cells, inputs - measures)
        wanted = Wanted(made, self._days.today(tx))
        default = cause or max(deltas.causes.values(), default=NOTHING, key=lambda c: c.origin)
        for code in sorted(affected):
            planned = made.indicators[code]
            wanted.all_of(planned, cells, default)
            # What was published before is evaluated as well: what is no more, is gone.
            for subject in self._counting.subjects(tx, INDICATORS, code):
                member = next(members_in([subject]))
                period = parse_period(subject.split("/")[1])
                wanted.add(planned, member, [period], default)
        for code in self._planning.removed_indicators(made, redefined):
            for gone in self._counting.subjects(tx, INDICATORS, code):
                yield Statement(INDICATORS, gone, None, default)
        yield from self._values(tx, made, cells, wanted)


def _beginning(cells: Cells, series: Series) -> int | None:
    """The first month in which a series has a cell."""
    return min((number_of(month) for month in cells.months(series)), default=None)


