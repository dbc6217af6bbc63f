"""Whether measures and indicators can be computed as they are written."""

from __future__ import annotations

from difflib import get_close_matches

from shared.catalogue.check_datasets import DATES, need_field
from shared.catalogue.draft import Draft, Entry
from shared.catalogue.expressions import (
    ExpressionError,
    Wanted,
    formula_name,
    is_word_of_the_language,
    parse,
)
from shared.catalogue.formulas import circle, reach
from shared.catalogue.model import Dataset, Indicator, Measure
from shared.catalogue.periods import parse_period
from shared.catalogue.problems import Report, brief

BREAKDOWN_TYPES = ("text", "integer", "boolean")
_MOST_PLACES = 6


def check_figures(draft: Draft, report: Report) -> None:
    for entry in draft.usable("measures"):
        _check_measure(entry, draft, report)
    names = _vocabulary(draft, report)
    uses: dict[str, list[str]] = {}
    measures: dict[str, list[str]] = {}
    for entry in draft.usable("indicators"):
        indicator: Indicator = entry.definition
        found = _check_formula(entry, names, report)
        uses[indicator.code] = [code for kind, code in found if kind == "indicators"]
        measures[indicator.code] = [code for kind, code in found if kind == "measures"]
        _check_judging(entry, report)
        for name in ("periods", "breakdowns", "themes"):
            _check_once(getattr(indicator, name), f"{entry.path}.{name}", report)
        if not indicator.periods:
            report.add(f"{entry.path}.periods", "at least one kind of period is needed")
    for entry in draft.usable("indicators"):
        way = circle(entry.definition.code, uses)
        if way is not None:
            message = f"the indicator depends on itself: {' -> '.join(way)}"
            report.add(f"{entry.path}.formula", message)
        _check_breakdowns(entry, uses, measures, draft, report)


def _vocabulary(draft: Draft, report: Report) -> dict[str, tuple[str, str]]:
    """What each name that a formula may use stands for."""
    names: dict[str, tuple[str, str]] = {}
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


def _check_measure(entry: Entry, draft: Draft, report: Report) -> None:
    measure: Measure = entry.definition
    stock = measure.aggregate == "open"
    needed = ("opened", "closed") if stock else ("date",)
    for name in ("date", "opened", "closed"):
        given = getattr(measure, name)
        if name in needed and given is None:
            message = f"{name} is missing: {measure.aggregate} needs a field for it"
            report.add(entry.path, message)
        elif name not in needed and given is not None:
            report.add(f"{entry.path}.{name}", f"{measure.aggregate} has no use for {name}")
    if measure.aggregate in ("sum", "mean"):
        if measure.of is None:
            report.add(entry.path, f"of is missing: what is the {measure.aggregate} of?")
    elif measure.of is not None:
        report.add(f"{entry.path}.of", f"{measure.aggregate} counts records and has no use for of")
    dataset = draft.definition("datasets", measure.dataset)
    for name in needed:
        field = getattr(measure, name)
        if field is not None and dataset is not None:
            need_field(dataset, field, DATES, f"{entry.path}.{name}", report)
    _check_expression(measure.where, "condition", dataset, f"{entry.path}.where", report)
    _check_expression(measure.of, "number", dataset, f"{entry.path}.of", report)


def _check_expression(
    text: str | None, wants: Wanted, dataset: Dataset | None, path: str, report: Report
) -> None:
    if text is None:
        return
    try:
        expression = parse(text)
        if dataset is not None:
            expression.check(dataset.types(), wants)
    except ExpressionError as problem:
        report.add(path, problem.message, problem.position)


def _check_formula(
    entry: Entry, names: dict[str, tuple[str, str]], report: Report
) -> list[tuple[str, str]]:
    """What the formula's names stand for."""
    path = f"{entry.path}.formula"
    try:
        expression = parse(entry.definition.formula)
        expression.check(dict.fromkeys(expression.names, "number"), "number")
    except ExpressionError as problem:
        report.add(path, problem.message, problem.position)
        return []
    found: list[tuple[str, str]] = []
    for name, position in expression.positions.items():
        if name in names:
            found.append(names[name])
            continue
        near = get_close_matches(name, names, n=1)
        hint = f"; did you mean {near[0]}?" if near else ""
        report.add(path, f"there is no measure or indicator for {name}{hint}", position)
    return found


def _check_judging(entry: Entry, report: Report) -> None:
    indicator: Indicator = entry.definition
    if not 0 <= indicator.precision <= _MOST_PLACES:
        report.add(f"{entry.path}.precision", f"0 to {_MOST_PLACES} decimal places are possible")
    if indicator.targets and indicator.polarity == "none":
        report.add(f"{entry.path}.targets", "a target needs a polarity: is high or low good?")
    if indicator.rag is not None:
        if not indicator.targets:
            report.add(f"{entry.path}.rag", "a RAG rule needs a target to judge against")
        if indicator.rag.amber_within < 0:
            report.add(f"{entry.path}.rag.amber_within", "amber is 0 or more away from the target")
    spans: list[tuple[str, str]] = []
    for index, target in enumerate(indicator.targets):
        path = f"{entry.path}.targets[{index}]"
        for name, given in (("from", target.from_), ("to", target.to)):
            if given is not None and not _is_month(given):
                report.add(f"{path}.{name}", f"{brief(given)} is not a month such as 2025-04")
        span = (target.from_ or "0000-00", target.to or "9999-99")
        if span[0] > span[1]:
            report.add(path, "the target ends before it starts")
        elif any(start <= span[1] and span[0] <= end for start, end in spans):
            report.add(path, "two targets are in force in the same month")
        spans.append(span)


def _is_month(text: str) -> bool:
    try:
        return parse_period(text).kind == "month"
    except ValueError:
        return False


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
    for index, field in enumerate(indicator.breakdowns):
        for code in codes:
            dataset = draft.definition("datasets", code)
            if dataset is not None:
                path = f"{entry.path}.breakdowns[{index}]"
                need_field(dataset, field, BREAKDOWN_TYPES, path, report)
