"""Whether measures, and the derived fields that they use, can be counted as they are written."""

from __future__ import annotations

import re

from shared.catalogue.check_datasets import DATES, need_field
from shared.catalogue.draft import Draft, Entry
from shared.catalogue.expressions import (
    Expression,
    ExpressionError,
    Wanted,
    is_word_of_the_language,
    parse,
)
from shared.catalogue.kinds import ANY, WORDS, kind_of
from shared.catalogue.model import Dataset, Measure
from shared.catalogue.problems import Report, brief
from shared.catalogue.references import References

_FIELD_NAME = re.compile(r"[A-Za-z][A-Za-z0-9_]{0,63}", re.ASCII)
_OF_NOTHING = ("count", "open")
_MOST_CARRY = 120


def references_in(draft: Draft) -> References:
    """The datasets that expressions may look into."""
    datasets = (entry.definition for entry in draft.usable("datasets"))
    return References({dataset.code: dataset for dataset in datasets})


def check_derived(entry: Entry, references: References, report: Report) -> None:
    """A dataset's derived fields, each of which may use those before it."""
    dataset: Dataset = entry.definition
    types: dict[str, str] = {field.name: field.type for field in dataset.fields}
    for index, derived in enumerate(dataset.derived):
        path = f"{entry.path}.derived[{index}]"
        if not _FIELD_NAME.fullmatch(derived.name):
            report.add(
                f"{path}.name",
                f"{brief(derived.name)} is no field name: letters, digits and _, a letter first",
            )
        elif is_word_of_the_language(derived.name):
            report.add(f"{path}.name", f"{derived.name} is a word of the expression language")
        if derived.name in types:
            report.add(f"{path}.name", f"{derived.name} is already a field of this dataset")
        try:
            kind = parse(derived.is_).check(types, references=references)
            if kind not in (ANY, kind_of(derived.type)):
                report.add(
                    f"{path}.is", f"this is {WORDS[kind]}, and {derived.name} is {derived.type}"
                )
        except ExpressionError as problem:
            report.add(f"{path}.is", problem.message, problem.position)
        types.setdefault(derived.name, derived.type)


def check_measure(entry: Entry, draft: Draft, references: References, report: Report) -> None:
    """One measure."""
    measure: Measure = entry.definition
    aggregate = measure.aggregate
    needed = ("opened", "closed") if aggregate == "open" else ("date",)
    for name in ("date", "opened", "closed"):
        given = getattr(measure, name)
        if name in needed and given is None:
            report.add(entry.path, f"{name} is missing: {aggregate} needs a field for it")
        elif name not in needed and given is not None:
            report.add(f"{entry.path}.{name}", f"{aggregate} has no use for {name}")
    if aggregate in _OF_NOTHING and measure.of is not None:
        report.add(f"{entry.path}.of", f"{aggregate} counts records and has no use for of")
    elif aggregate not in _OF_NOTHING and measure.of is None:
        report.add(entry.path, f"of is missing: what is the {aggregate} of?")
    _check_details(entry, report)
    dataset = draft.definition("datasets", measure.dataset)
    if dataset is None:
        return
    for name in needed:
        field = getattr(measure, name)
        if field is not None:
            need_field(dataset, field, DATES, f"{entry.path}.{name}", report)
    if measure.reason is not None and aggregate == "latest":
        need_field(dataset, measure.reason, ("text",), f"{entry.path}.reason", report)
    wants: Wanted | None = None if aggregate == "distinct" else "number"
    _check(measure.where, "condition", dataset, f"{entry.path}.where", references, report)
    _check(measure.of, wants, dataset, f"{entry.path}.of", references, report)


def _check_details(entry: Entry, report: Report) -> None:
    measure: Measure = entry.definition
    if measure.aggregate == "percentile":
        if measure.percentile is None or not 0 < measure.percentile < 100:
            report.add(entry.path, "percentile is missing: a number above 0 and below 100")
    elif measure.percentile is not None:
        report.add(f"{entry.path}.percentile", f"{measure.aggregate} has no use for percentile")
    for name in ("carry_months", "reason"):
        if getattr(measure, name) and measure.aggregate != "latest":
            report.add(f"{entry.path}.{name}", f"{measure.aggregate} has no use for {name}")
    if not 0 <= measure.carry_months <= _MOST_CARRY:
        report.add(f"{entry.path}.carry_months", f"0 to {_MOST_CARRY} months are possible")


def _check(
    text: str | None,
    wants: Wanted | None,
    dataset: Dataset,
    path: str,
    references: References,
    report: Report,
) -> Expression | None:
    if text is None:
        return None
    try:
        expression = parse(text)
        expression.check(dataset.types(), wants, references)
        return expression
    except ExpressionError as problem:
        report.add(path, problem.message, problem.position)
        return None
