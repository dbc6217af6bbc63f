"""The catalogue made ready to run: what a dataset feeds, and what a measure feeds.

Rule: a plan is made from definitions alone and never changes; a new catalogue is a new plan.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from shared.catalogue.contributions import CompiledMeasure
from shared.catalogue.expressions import formula_name, parse
from shared.catalogue.model import Catalogue, Indicator, Measure
from shared.contracts.states import RagState, TargetState

Formula = Callable[[Mapping[str, Any]], Any]


@dataclass(slots=True)
class PlannedIndicator:
    """An indicator, the names in its formula, and every measure it rests on in the end."""

    definition: Indicator
    formula: Formula
    # Name in the formula -> code of the measure or indicator that it stands for.
    measures: dict[str, str]
    indicators: dict[str, str]
    inputs: tuple[str, ...] = ()
    # Fields this indicator is broken down by, and `all`.
    breakdowns: frozenset[str] = frozenset()
    # What was said of a value whose period ends in a month: see evaluate.
    judgements: dict[tuple[Decimal | None, str], tuple[TargetState | None, RagState]] = field(
        default_factory=dict
    )

    @property
    def code(self) -> str:
        """The indicator's code."""
        return self.definition.code


@dataclass(slots=True)
class Plan:
    """Everything the engine looks up while it runs."""

    measures: dict[str, Measure] = field(default_factory=dict)
    by_dataset: dict[str, list[CompiledMeasure]] = field(default_factory=dict)
    indicators: dict[str, PlannedIndicator] = field(default_factory=dict)
    by_measure: dict[str, list[PlannedIndicator]] = field(default_factory=dict)

    def is_stock(self, measure: str) -> bool:
        """Whether a measure counts what is open at a period's end."""
        return self.measures[measure].aggregate == "open"


def plan(catalogue: Catalogue) -> Plan:
    """The plan for a catalogue that `check` found no problem with.

    A definition that names another which is not there yet is left out: definitions arrive one by
    one, and the plan is made again with each.
    """
    made = Plan()
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
                for name in parse(indicator.formula).names
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
    _compile_measures(made, catalogue)
    return made


def _planned(
    indicator: Indicator, measures: Mapping[str, str], indicators: Mapping[str, str], made: Plan
) -> PlannedIndicator:
    expression = parse(indicator.formula)
    planned = PlannedIndicator(
        definition=indicator,
        formula=expression.compile(dict.fromkeys(expression.names, "number"), "number"),
        measures={name: measures[name] for name in expression.names if name in measures},
        indicators={name: indicators[name] for name in expression.names if name not in measures},
        breakdowns=frozenset(indicator.breakdowns),
    )
    inputs = dict.fromkeys(planned.measures.values())
    for code in planned.indicators.values():
        inputs.update(dict.fromkeys(made.indicators[code].inputs))
    planned.inputs = tuple(inputs)
    return planned


def _compile_measures(made: Plan, catalogue: Catalogue) -> None:
    for measure in made.measures.values():
        dataset = catalogue.datasets[measure.dataset]
        fields = dataset.types()
        wanted = sorted(
            {
                breakdown
                for planned in made.by_measure.get(measure.code, ())
                for breakdown in planned.breakdowns
                if breakdown in fields
            }
        )
        made.by_dataset.setdefault(measure.dataset, []).append(
            CompiledMeasure(measure, dataset, wanted, catalogue.closure_days)
        )


