"""Whether indicators can be worked out as they are written."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from difflib import get_close_matches

from shared.catalogue.breakdowns import fields_of
from shared.catalogue.check_datasets import need_field
from shared.catalogue.check_measures import check_derived, check_measure, references_in
from shared.catalogue.check_targets import check_peer_group, check_targets, is_month
from shared.catalogue.check_units import check_unit, declared, divides, measured_in
from shared.catalogue.draft import Draft, Entry
from shared.catalogue.expressions import (
    Expression,
    ExpressionError,
    formula_name,
    is_word_of_the_language,
    parse,
)
from shared.catalogue.formulas import circle, reach
from shared.catalogue.model import Council, Indicator, Measure
from shared.catalogue.problems import Report, brief

BREAKDOWN_TYPES = ("text", "integer", "boolean")
_MOST_PLACES = 6
_MOST_DAYS = 3_660

# What a name in a formula stands for: the section that holds it, and its code.
Names = dict[str, tuple[str, str]]


def check_figures(draft: Draft, report: Report) -> None:
    references = references_in(draft)
    for entry in draft.usable("datasets"):
        check_derived(entry, references, report)
    for entry in draft.usable("peer_groups"):
        check_peer_group(entry, report)
    for entry in draft.usable("measures"):
        check_measure(entry, draft, references, report)
    names = _vocabulary(draft, report)
    units = _units(draft, names, report)
    uses: dict[str, list[str]] = {}
    measures: dict[str, list[str]] = {}
    for entry in draft.usable("indicators"):
        indicator: Indicator = entry.definition
        found = [
            each
            for path, text in formulas_in(entry)
            for each in _check_formula(path, text, entry, names, units, draft, report)
        ]
        uses[indicator.code] = [code for kind, code in found if kind == "indicators"]
        measures[indicator.code] = [code for kind, code in found if kind == "measures"]
        _check_publishing(entry, report)
        _check_calendar(entry, report)
        _check_benchmark(entry, draft, report)
        check_targets(entry, draft, report)
        for name in ("periods", "breakdowns", "themes"):
            _check_once(getattr(indicator, name), f"{entry.path}.{name}", report)
    for entry in draft.usable("indicators"):
        way = circle(entry.definition.code, uses)
        if way is not None:
            message = f"the indicator depends on itself: {' -> '.join(way)}"
            report.add(f"{entry.path}.formula", message)
        _check_breakdowns(entry, uses, measures, draft, report)


def formulas_in(entry: Entry) -> Iterator[tuple[str, str]]:
    """Every formula of an indicator, with its path."""
    for index, source in enumerate(entry.definition.earlier):
        yield f"{entry.path}.earlier[{index}].formula", source.formula
    yield f"{entry.path}.formula", entry.definition.formula


def _vocabulary(draft: Draft, report: Report) -> Names:
    """What each name that a formula may use stands for."""
    names: Names = {}
    for holds in ("measures", "indicators"):
        for code, entry in draft.held[holds].items():
            name = formula_name(code)
            if is_word_of_the_language(name):
                report.add(f"{entry.path}.code", f"{code} is a word of the expression language")
            elif name in names:
                other = draft.held[names[name][0]][names[name][1]].path
                report.add(f"{entry.path}.code", f"{code} is already the code of {other}")
            else:
                names[name] = (holds, code)
    return names


def _units(draft: Draft, names: Names, report: Report) -> dict[str, str]:
    """What each name that formulas may use is given in."""
    found: dict[str, str] = {}
    for name, (holds, code) in names.items():
        entry = draft.held[holds][code]
        if entry.definition is None:
            continue
        if holds == "indicators":
            found[name] = declared(entry.definition)
            continue
        measure: Measure = entry.definition
        dataset = draft.definition("datasets", measure.dataset)
        try:
            of = None if measure.of is None else parse(measure.of)
            found[name] = measured_in(measure, {} if dataset is None else dataset.types(), of)
        except ExpressionError as problem:
            if measure.of is not None and _is_expression(measure.of):
                report.add(f"{entry.path}.of", problem.message, problem.position)
    return found


def _is_expression(text: str) -> bool:
    """Whether a text is one; where it is not, that was said already."""
    try:
        parse(text)
    except ExpressionError:
        return False
    return True


def _check_formula(
    path: str,
    text: str,
    entry: Entry,
    names: Names,
    units: Mapping[str, str],
    draft: Draft,
    report: Report,
) -> list[tuple[str, str]]:
    """What the formula's names stand for."""
    indicator: Indicator = entry.definition
    try:
        expression = parse(text)
        expression.check(dict.fromkeys(expression.names, "number"), "number")
        check_unit(expression, units, indicator)
    except ExpressionError as problem:
        report.add(path, problem.message, problem.position)
        return []
    _check_denominator(path, expression, indicator, draft, report)
    found: list[tuple[str, str]] = []
    for name, position in expression.positions.items():
        if name in names:
            found.append(names[name])
            continue
        near = get_close_matches(name, names, n=1)
        hint = f"; did you mean {near[0]}?" if near else ""
        report.add(path, f"there is no measure or indicator for {name}{hint}", position)
    return found


def _check_denominator(
    path: str, expression: Expression, indicator: Indicator, draft: Draft, report: Report
) -> None:
    councils = [entry.definition for entry in draft.usable("council")]
    council: Council | None = councils[0] if councils else None
    if indicator.no_denominator is not None or (council and council.no_denominator):
        return
    at = divides(expression)
    if at is not None:
        report.add(
            path,
            "this may be nought: say no_denominator (not calculable, not applicable or zero)"
            " for the indicator, or once for the council",
            at,
        )


def _check_publishing(entry: Entry, report: Report) -> None:
    indicator: Indicator = entry.definition
    if not 0 <= indicator.precision <= _MOST_PLACES:
        report.add(f"{entry.path}.precision", f"0 to {_MOST_PLACES} decimal places are possible")
    if not indicator.owner.strip():
        report.add(entry.path, "owner is missing: an indicator that nobody owns is nobody's figure")
    if indicator.per is not None and (indicator.unit != "rate" or indicator.per < 1):
        report.add(f"{entry.path}.per", "per is the N of a rate per N, 1 or more")
    if indicator.small_numbers_under is not None and indicator.small_numbers_under < 2:
        report.add(f"{entry.path}.small_numbers_under", "2 or more records are needed")
    if indicator.stability is not None and indicator.stability < 0:
        report.add(f"{entry.path}.stability", "a trend is stable within 0 or more")


def _check_calendar(entry: Entry, report: Report) -> None:
    indicator: Indicator = entry.definition
    if not indicator.periods:
        report.add(f"{entry.path}.periods", "at least one kind of period is needed")
    if ("cumulative" in indicator.periods) != (indicator.cumulative_from is not None):
        message = "cumulative periods need cumulative_from, the month that they start in"
        report.add(f"{entry.path}.periods", message)
    months = {"cumulative_from": indicator.cumulative_from, "since": indicator.since}
    months |= {f"earlier[{i}].until": each.until for i, each in enumerate(indicator.earlier)}
    months |= {f"breaks[{i}].from": each.from_ for i, each in enumerate(indicator.breaks)}
    for name, given in months.items():
        if given is not None and not is_month(given):
            report.add(f"{entry.path}.{name}", f"{brief(given)} is not a month such as 2025-04")
    origin, since = indicator.cumulative_from, indicator.since
    if origin and since and is_month(origin) and is_month(since) and origin < since:
        message = f"figures begin in {since}, so nothing can be given from {brief(origin)} on"
        report.add(f"{entry.path}.cumulative_from", message)
    if indicator.frequency is not None and indicator.frequency not in indicator.periods:
        report.add(f"{entry.path}.frequency", f"it is not given by {indicator.frequency}")
    for name in ("due_days", "final_after_days", "follow_up_days"):
        given_days = getattr(indicator, name)
        if given_days is not None and not 0 <= given_days <= _MOST_DAYS:
            report.add(f"{entry.path}.{name}", f"0 to {_MOST_DAYS} days are possible")
    _check_once([each.until for each in indicator.earlier], f"{entry.path}.earlier", report)


def _check_benchmark(entry: Entry, draft: Draft, report: Report) -> None:
    indicator: Indicator = entry.definition
    for index, code in enumerate(indicator.frameworks):
        if code.framework not in draft.held["frameworks"]:
            message = f"there is no framework {brief(code.framework)}"
            report.add(f"{entry.path}.frameworks[{index}].framework", message)
    benchmark = indicator.benchmark
    if benchmark is None:
        return
    path = f"{entry.path}.benchmark"
    other: Indicator | None = draft.definition("indicators", benchmark.indicator)
    if benchmark.indicator not in draft.held["indicators"]:
        report.add(f"{path}.indicator", f"there is no indicator {brief(benchmark.indicator)}")
    elif other is not None:
        if benchmark.area not in other.breakdowns:
            report.add(
                f"{path}.area", f"{other.code} is not broken down by {brief(benchmark.area)}"
            )
        if not set(other.periods) & set(indicator.periods):
            message = f"{other.code} is given by none of the periods of {indicator.code}"
            report.add(f"{path}.indicator", message)
    for index, group in enumerate(benchmark.groups):
        if group not in draft.held["peer_groups"]:
            report.add(f"{path}.groups[{index}]", f"there is no peer group {brief(group)}")


def _check_once(values: list[str], path: str, report: Report) -> None:
    for index, value in enumerate(values):
        if value in values[:index]:
            report.add(f"{path}[{index}]", f"{brief(value)} is given twice")


def _check_breakdowns(
    entry: Entry,
    uses: dict[str, list[str]],
    measures: dict[str, list[str]],
    draft: Draft,
    report: Report,
) -> None:
    indicator: Indicator = entry.definition
    reached = [code for each in reach(indicator.code, uses) for code in measures.get(each, ())]
    found = [draft.definition("measures", code) for code in dict.fromkeys(reached)]
    codes = dict.fromkeys(measure.dataset for measure in found if measure is not None)
    for index, breakdown in enumerate(indicator.breakdowns):
        path = f"{entry.path}.breakdowns[{index}]"
        fields = fields_of(breakdown)
        _check_once(list(fields), path, report)
        for code in codes:
            dataset = draft.definition("datasets", code)
            for field in fields if dataset is not None else ():
                need_field(dataset, field, BREAKDOWN_TYPES, path, report)
