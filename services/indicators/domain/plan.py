"""The catalogue made ready to run: what a dataset feeds, and what a measure feeds.

Rule: a plan is made from definitions and reference datasets alone and never changes; a new
catalogue is a new plan.
"""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Any

from shared.catalogue.breakdowns import ALL, AND, breakdown_of, fields_of
from shared.catalogue.contributions import CompiledMeasure
from shared.catalogue.expressions import formula_name, parse
from shared.catalogue.formulas import formulas_of
from shared.catalogue.kinds_of_period import CUMULATIVE, DAY
from shared.catalogue.model import Catalogue, Denominator, Indicator, Measure
from shared.catalogue.periods import LAST_MONTH, Period, month_number
from shared.catalogue.references import References
from shared.catalogue.targets import looks_around, looks_back
from shared.contracts.states import RagState, TargetState

Formula = Callable[[Mapping[str, Any]], Any]


@dataclass(frozen=True, slots=True)
class PlannedSource:
    """One way of working an indicator out, up to month number `until`: its formula, and which
    measure or indicator each name in it stands for."""

    until: int
    note: str
    text: str
    formula: Formula
    measures: dict[str, str]
    indicators: dict[str, str]
    # Every measure it rests on in the end.
    inputs: tuple[str, ...]


@dataclass(slots=True)
class PlannedIndicator:
    """An indicator, ready to be evaluated."""

    definition: Indicator
    sources: tuple[PlannedSource, ...]
    # Every measure that any of its sources rests on in the end.
    inputs: tuple[str, ...]
    # The kinds of period it has, days aside, and whether it is given by day.
    kinds: tuple[str, ...]
    by_day: bool
    # Breakdowns as members name them.
    breakdowns: frozenset[str]
    no_denominator: Denominator
    looks_around: bool
    looks_back: bool
    # What was said of a value: see evaluate.
    judgements: dict[Any, tuple[TargetState | None, RagState]] = field(default_factory=dict)

    @property
    def code(self) -> str:
        """The indicator's code."""
        return self.definition.code

    def source(self, period: Period) -> PlannedSource:
        """The source in force in the period's last month."""
        for source in self.sources:
            if period.last <= source.until:
                return source
        return self.sources[-1]

    def breaks_down(self, member: str) -> bool:
        """Whether it has values for a member."""
        return member == ALL or breakdown_of(member) in self.breakdowns

    def has(self, period: Period) -> bool:
        """Whether it has values for periods of this kind."""
        if period.kind == CUMULATIVE:
            origin = self.definition.cumulative_from or ""
            return f"{CUMULATIVE}:{origin}" in self.kinds and period.code.startswith(f"{origin}-to")
        return self.by_day if period.kind == DAY else period.kind in self.kinds


@dataclass(slots=True)
class Plan:
    """Everything the engine looks up while it runs."""

    measures: dict[str, Measure] = field(default_factory=dict)
    compiled: dict[str, CompiledMeasure] = field(default_factory=dict)
    by_dataset: dict[str, list[CompiledMeasure]] = field(default_factory=dict)
    indicators: dict[str, PlannedIndicator] = field(default_factory=dict)
    by_measure: dict[str, list[PlannedIndicator]] = field(default_factory=dict)
    # Benchmark indicator -> the indicators whose targets follow it.
    followers: dict[str, list[PlannedIndicator]] = field(default_factory=dict)
    # Reference dataset -> the measures that look into it.
    looked_into: dict[str, list[str]] = field(default_factory=dict)
    catalogue: Catalogue = field(default_factory=Catalogue)

    def is_stock(self, measure: str) -> bool:
        """Whether a measure counts what is open at a period's end."""
        return self.measures[measure].aggregate == "open"


def looked_into(catalogue: Catalogue) -> set[str]:
    """The datasets that any expression of the catalogue looks into."""
    found: set[str] = set()
    for measure in catalogue.measures.values():
        for text in (measure.where, measure.of):
            if text is not None:
                found |= parse(text).lookups
    for dataset in catalogue.datasets.values():
        for derived in dataset.derived:
            found |= parse(derived.is_).lookups
    return found


def plan(catalogue: Catalogue, references: References, before: Plan | None = None) -> Plan:
    """The plan for a catalogue that `check` found no problem with. What did not change is taken
    over from the plan `before`.

    A definition that names another which is not there yet is left out: definitions arrive one by
    one, and the plan is made again with each.
    """
    made = Plan(catalogue=catalogue)
    for measure in catalogue.measures.values():
        if measure.dataset in catalogue.datasets:
            made.measures[measure.code] = measure
    names = {formula_name(code): code for code in made.measures}
    pending = {formula_name(code): code for code in catalogue.indicators}
    waiting = dict(catalogue.indicators)
    while waiting:
        ready = [
            indicator
            for indicator in waiting.values()
            if all(
                name in names or pending.get(name) in made.indicators
                for text in formulas_of(indicator)
                for name in parse(text).names
            )
        ]
        if not ready:
            break
        for indicator in ready:
            del waiting[indicator.code]
            made.indicators[indicator.code] = _planned(indicator, names, pending, made)
    for planned in made.indicators.values():
        for measure_code in planned.inputs:
            made.by_measure.setdefault(measure_code, []).append(planned)
        benchmark = planned.definition.benchmark
        if planned.looks_around and benchmark is not None:
            made.followers.setdefault(benchmark.indicator, []).append(planned)
    _compile_measures(made, references, before or Plan())
    return made


def _planned(
    indicator: Indicator, measures: Mapping[str, str], indicators: Mapping[str, str], made: Plan
) -> PlannedIndicator:
    sources = [
        _source(each.formula, month_number(each.until), each.note, measures, indicators, made)
        for each in sorted(indicator.earlier, key=lambda each: each.until)
    ]
    sources.append(
        _source(indicator.formula, month_number(LAST_MONTH), "", measures, indicators, made)
    )
    council = made.catalogue.council
    default = council.no_denominator if council is not None else None
    return PlannedIndicator(
        definition=indicator,
        sources=tuple(sources),
        inputs=tuple(dict.fromkeys(code for source in sources for code in source.inputs)),
        kinds=tuple(
            f"{CUMULATIVE}:{indicator.cumulative_from}" if kind == CUMULATIVE else kind
            for kind in indicator.periods
            if kind != DAY
        ),
        by_day=DAY in indicator.periods,
        breakdowns=frozenset(AND.join(fields_of(each)) for each in indicator.breakdowns),
        no_denominator=indicator.no_denominator or default or "not calculable",
        looks_around=looks_around(indicator),
        looks_back=looks_back(indicator),
    )


def _source(
    text: str,
    until: int,
    note: str,
    measures: Mapping[str, str],
    indicators: Mapping[str, str],
    made: Plan,
) -> PlannedSource:
    expression = parse(text)
    own = {name: measures[name] for name in expression.names if name in measures}
    others = {name: indicators[name] for name in expression.names if name not in measures}
    inputs = dict.fromkeys(own.values())
    for code in others.values():
        inputs.update(dict.fromkeys(made.indicators[code].inputs))
    return PlannedSource(until, note, text, _formula(text), own, others, tuple(inputs))


@lru_cache(maxsize=16_384)
def _formula(text: str) -> Formula:
    expression = parse(text)
    return expression.compile(dict.fromkeys(expression.names, "number"), "number")


def _compile_measures(made: Plan, references: References, before: Plan) -> None:
    closure_days = made.catalogue.closure_days
    same_days = closure_days == before.catalogue.closure_days
    for measure in made.measures.values():
        dataset = made.catalogue.datasets[measure.dataset]
        users = made.by_measure.get(measure.code, ())
        fields = dataset.types()
        breakdowns = sorted(_wanted_breakdowns(users, fields))
        by_day = any(planned.by_day for planned in users)
        compiled = before.compiled.get(measure.code)
        if not (
            same_days
            and compiled is not None
            and not compiled.lookups
            and (compiled.measure, compiled.dataset) == (measure, dataset)
            and (compiled.breakdowns, compiled.by_day) == (tuple(breakdowns), by_day)
        ):
            compiled = CompiledMeasure(
                measure, dataset, breakdowns, closure_days, references, by_day=by_day
            )
        made.compiled[measure.code] = compiled
        made.by_dataset.setdefault(measure.dataset, []).append(compiled)
        for code in compiled.lookups:
            made.looked_into.setdefault(code, []).append(measure.code)


def _wanted_breakdowns(
    users: Iterable[PlannedIndicator], fields: Mapping[str, str]
) -> Iterable[str]:
    return {
        breakdown
        for planned in users
        for breakdown in planned.breakdowns
        if all(name in fields for name in fields_of(breakdown))
    }
