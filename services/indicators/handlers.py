"""Everything the indicators service does: changed records and definitions in, measures and
indicator values out.

Rule: `apply` costs what changed touches, not what is held; `rebuild` counts everything again. Both
end in the same evaluation, so they cannot disagree about what a value is.
"""

from collections.abc import Iterable, Iterator, Sequence

import msgspec

from services.indicators.domain.cells import ALL, Cells, Deltas, Series, year_subject
from services.indicators.domain.evaluate import Evaluator
from services.indicators.domain.plan import Plan, plan
from services.indicators.domain.wanted import Wanted, horizon
from services.indicators.domain.windows import Span
from services.indicators.metrics import RECOUNTED_MEASURES, VALUES_EVALUATED
from services.indicators.store.repository import Spans
from shared.catalogue.model import Catalogue
from shared.catalogue.periods import year_of
from shared.contracts.states import MeasureYear, Record
from shared.contracts.subjects import definition, indicator_value
from shared.contracts.topics import CATALOGUE, INDICATORS, MEASURES, RECORDS
from shared.db.tx import Tx
from shared.delivery.change import Cause, Change, Statement
from shared.delivery.definitions import Definitions
from shared.delivery.held import Held
from shared.delivery.own import Own

_record = msgspec.json.Decoder(Record).decode
_measure_year = msgspec.json.Decoder(MeasureYear).decode
_encode = msgspec.json.Encoder().encode

NOTHING = Cause("", "")


class IndicatorHandlers:
    """See shared.delivery.inbox.Handlers."""

    def __init__(self, held: Held, own: Own, definitions: Definitions, spans: Spans) -> None:
        self._held = held
        self._own = own
        self._definitions = definitions
        self._spans = spans
        self._catalogue: Catalogue | None = None
        self._plan = Plan()

    def apply(self, changes: Sequence[Change], tx: Tx) -> Iterable[Statement]:
        """The measures and values that these changes move."""
        made = self._current_plan(tx)
        redefined = [change for change in changes if change.topic == CATALOGUE]
        records = [change for change in changes if change.topic == RECORDS]
        if redefined:
            datasets = {change.subject.partition("/")[0] for change in records}
            measures, indicators = _touched(made, redefined)
            for dataset in datasets:
                measures |= {each.measure.code for each in made.by_dataset.get(dataset, ())}
            yield from self._recount(tx, made, measures, indicators, redefined[-1].cause)
        else:
            yield from self._count(tx, made, records)

    def rebuild(self, tx: Tx) -> Iterable[Statement]:
        """Every measure and value, counted again from the held records."""
        made = self._current_plan(tx)
        yield from self._recount(tx, made, set(made.measures), set(made.indicators), None)
        yield from self._forget_undefined(tx, made)

    def _current_plan(self, tx: Tx) -> Plan:
        catalogue = self._definitions.read(tx)
        if catalogue is not self._catalogue:
            self._plan = plan(catalogue)
            self._catalogue = catalogue
        return self._plan

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
        spans, advanced = self._widen_spans(tx, made, deltas)
        wanted = Wanted(made, spans)
        for series, delta in deltas.by_series.items():
            wanted.moved(series, delta, deltas.causes[series])
        cause = next(iter(deltas.causes.values()))
        for indicator, old in advanced.items():
            inputs = made.indicators[indicator].inputs
            years = {
                (member, year)
                for code in inputs
                for _, member, year in (
                    each.split("/") for each in self._own.subjects(tx, MEASURES, f"{code}/")
                )
            }
            wanted.advanced(made.indicators[indicator], years, old, cause)
        cells = Cells()
        touched = {
            (series, year_of(month))
            for series, delta in deltas.by_series.items()
            for month in delta
        }
        self._load(tx, cells, touched | wanted.years())
        if wanted.began(deltas.by_series, cells, deltas.causes):
            self._load(tx, cells, wanted.years())
        for series, delta in deltas.by_series.items():
            cells.add(series, delta)
        for series, year in touched:
            yield _measure(cells, series, year, deltas.causes[series])
        yield from self._values(made, cells, wanted)

    def _widen_spans(
        self, tx: Tx, made: Plan, deltas: Deltas
    ) -> tuple[dict[str, Span], dict[str, str]]:
        """The spans of all measures that matter here, widened by this batch, and the indicators
        whose horizon moved on, with where it stood."""
        series = deltas.by_series
        active = {code: delta for (code, member), delta in series.items() if member == ALL}
        touched = {code for code, _ in series}
        users = {each.code: each for code in touched for each in made.by_measure.get(code, ())}
        inputs = touched.union(*(each.inputs for each in users.values()))
        known = self._spans.get(tx, inputs)
        spans = dict(known)
        for code, delta in active.items():
            old = spans.get(code) or Span(min(delta), max(delta))
            spans[code] = old.widened(delta)
        changed = {code: span for code, span in spans.items() if known.get(code) != span}
        self._spans.set(tx, changed)
        advanced = {}
        for planned in users.values():
            before = horizon(planned, known)
            if before and horizon(planned, spans) > before:
                advanced[planned.code] = before
        return spans, advanced

    def _load(self, tx: Tx, cells: Cells, years: Iterable[tuple[Series, str]]) -> None:
        subjects = {year_subject(series, year): series for series, year in years}
        for stated, body in self._own.get(tx, MEASURES, subjects).items():
            cells.load(_measure_year(body), subjects[stated][1])

    def _values(self, made: Plan, cells: Cells, wanted: Wanted) -> Iterator[Statement]:
        evaluator = Evaluator(made, cells)
        count = 0
        for (code, member), periods in wanted.periods.items():
            planned = made.indicators[code]
            version = self._definitions.version(definition("indicator", code))
            cause = wanted.causes[code, member]
            for state in evaluator.values(planned, member, periods, version):
                count += 1
                subject = indicator_value(code, state.period.code, member)
                yield Statement(INDICATORS, subject, _encode(state), cause)
        VALUES_EVALUATED.inc(count)

    # What changed definitions move: everything under them is counted again.

    def _recount(
        self,
        tx: Tx,
        made: Plan,
        measures: set[str],
        indicators: set[str],
        cause: Cause | None,
    ) -> Iterator[Statement]:
        RECOUNTED_MEASURES.inc(len(measures))
        removed = measures - set(made.measures)
        measures = measures - removed
        deltas = self._count_all(tx, made, measures)
        cells = Cells()
        for series, delta in deltas.by_series.items():
            cells.add(series, delta)
        spans: dict[str, Span] = {}
        for code in measures:
            months = cells.months((code, ALL))
            if months:
                spans[code] = Span(min(months), max(months))
        self._spans.set(tx, spans)
        for code in sorted(measures | removed):
            yield from self._state_again(tx, cells, code, deltas, cause)
        affected = {
            each.code for code in measures for each in made.by_measure.get(code, ())
        } | (indicators & set(made.indicators))
        others = {
            code for each in affected for code in made.indicators[each].inputs
        } - measures
        self._load_whole(tx, cells, others)
        spans |= self._spans.get(tx, others)
        wanted = Wanted(made, spans)
        default = cause or max(deltas.causes.values(), default=NOTHING, key=lambda c: c.origin)
        for code in sorted(affected):
            wanted.all_of(made.indicators[code], cells, default)
            published = self._own.subjects(tx, INDICATORS, f"{code}/")
            for gone in wanted.published(made.indicators[code], published, default):
                yield Statement(INDICATORS, gone, None, default)
        for code in indicators - set(made.indicators):
            for gone in self._own.subjects(tx, INDICATORS, f"{code}/"):
                yield Statement(INDICATORS, gone, None, default)
        yield from self._values(made, cells, wanted)

    def _count_all(self, tx: Tx, made: Plan, measures: set[str]) -> Deltas:
        deltas = Deltas()
        for dataset, compiled in made.by_dataset.items():
            wanted = [each for each in compiled if each.measure.code in measures]
            if not wanted:
                continue
            for state in self._held.scan(tx, RECORDS, f"{dataset}/"):
                cause = Cause(state.correlation, state.origin)
                deltas.change(wanted, None, _record(state.body).fields, cause)
        deltas.settle()
        return deltas

    def _state_again(
        self, tx: Tx, cells: Cells, code: str, deltas: Deltas, cause: Cause | None
    ) -> Iterator[Statement]:
        """Every year of a measure as it is counted now; years that are no more are gone."""
        stated = set()
        for series, year in sorted(each for each in cells.years() if each[0][0] == code):
            statement = _measure(cells, series, year, cause or deltas.causes.get(series, NOTHING))
            stated.add(statement.subject)
            yield statement
        for old in self._own.subjects(tx, MEASURES, f"{code}/"):
            if old not in stated:
                yield Statement(MEASURES, old, None, cause or NOTHING)

    def _load_whole(self, tx: Tx, cells: Cells, measures: Iterable[str]) -> None:
        for code in sorted(measures):
            for stated, body in self._own.scan(tx, MEASURES, f"{code}/"):
                cells.load(_measure_year(body), stated.split("/")[1])

    def _forget_undefined(self, tx: Tx, made: Plan) -> Iterator[Statement]:
        """What was said for measures and indicators that are defined no more is gone."""
        for topic, known in ((MEASURES, made.measures), (INDICATORS, made.indicators)):
            for old in self._own.subjects(tx, topic):
                if old.partition("/")[0] not in known:
                    yield Statement(topic, old, None, NOTHING)


def _measure(cells: Cells, series: Series, year: str, cause: Cause) -> Statement:
    """What a measure is now, for one financial year and member."""
    state = cells.state(series, year)
    body = None if state is None else _encode(state)
    return Statement(MEASURES, year_subject(series, year), body, cause)


def _touched(made: Plan, redefined: Iterable[Change]) -> tuple[set[str], set[str]]:
    """The measures and the indicators that changed definitions are about."""
    measures: set[str] = set()
    indicators: set[str] = set()
    for change in redefined:
        kind, _, code = change.subject.partition("/")
        if kind == "council":
            measures |= set(made.measures)
        elif kind == "dataset":
            measures |= {each.measure.code for each in made.by_dataset.get(code, ())}
        elif kind == "measure":
            measures.add(code)
        elif kind == "indicator":
            indicators.add(code)
            # Its breakdowns may be new to its measures.
            if code in made.indicators:
                measures |= set(made.indicators[code].inputs)
    return measures, indicators

