"""Which fields of datasets figures rest on, and through which definition.

Rule: nothing that a figure looks at is left out: what a measure filters by, adds up and dates by,
the derived fields among these down to what was sent, and what an indicator is broken down by.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import NamedTuple

from shared.catalogue.breakdowns import fields_of
from shared.catalogue.draft import Draft
from shared.catalogue.expressions import ExpressionError, parse
from shared.catalogue.formulas import formulas_of, measures_by_indicator
from shared.catalogue.model import Catalogue, Dataset, Indicator, Measure


class Use(NamedTuple):
    """A sent field that a definition looks at; `shows` says whether its value may be read off the
    figure, not only counted by."""

    field: str
    by: str
    shows: bool = False


class Uses:
    """The uses of every dataset's fields, and the datasets that are looked into. Definitions that
    cannot be understood have none: they are a problem of their own."""

    def __init__(self, draft: Draft) -> None:
        self.of: dict[str, list[Use]] = {}
        self.looked_into: dict[str, str] = {}
        self._datasets = {e.definition.code: e.definition for e in draft.usable("datasets")}
        self._behind: dict[tuple[str, str], tuple[str, ...]] = {}
        for dataset in self._datasets.values():
            for derived in dataset.derived:
                # On the safe side: whether a figure uses it or not.
                self._look(derived.is_, f"the derived field {derived.name} of {dataset.code}")
        for entry in draft.usable("measures"):
            measure: Measure = entry.definition
            by = f"the measure {measure.code}"
            for name, shows in _named(measure):
                self._add(measure.dataset, name, by, shows=shows)
            for text in (measure.of, measure.where):
                self._look(text, by)
        self._add_breakdowns(draft)

    def _add(self, code: str, name: str, by: str, *, shows: bool) -> None:
        dataset = self._datasets.get(code)
        if dataset is None:
            return
        for sent in self._sent(dataset, name):
            self.of.setdefault(code, []).append(Use(sent, by, shows))

    def _sent(self, dataset: Dataset, name: str) -> tuple[str, ...]:
        place = (dataset.code, name)
        if place not in self._behind:
            self._behind[place] = tuple(_sent(dataset, name, frozenset()))
        return self._behind[place]

    def _look(self, text: str | None, by: str) -> None:
        for code in () if text is None else _lookups(text):
            self.looked_into.setdefault(code, by)

    def _add_breakdowns(self, draft: Draft) -> None:
        catalogue = Catalogue(
            measures={e.definition.code: e.definition for e in draft.usable("measures")},
            indicators={
                e.definition.code: e.definition
                for e in draft.usable("indicators")
                if _understood(e.definition)
            },
        )
        measures = measures_by_indicator(catalogue)
        for indicator in catalogue.indicators.values():
            fields = {name for each in indicator.breakdowns for name in fields_of(each)}
            for code in measures[indicator.code] if fields else ():
                for name in sorted(fields):
                    by = f"the breakdown of {indicator.code} by {name}"
                    self._add(catalogue.measures[code].dataset, name, by, shows=True)


def _named(measure: Measure) -> Iterator[tuple[str, bool]]:
    """The fields that a measure names, and whether their values show in what it keeps."""
    spread = measure.aggregate in ("distinct", "latest", "median", "percentile")
    spread = spread or measure.aggregate in ("minimum", "maximum")
    for name in _names(measure.of):
        yield name, spread
    for name in _names(measure.where):
        yield name, False
    for given in (measure.date, measure.opened, measure.closed):
        if given is not None:
            yield given, False
    if measure.reason is not None:
        yield measure.reason, True


def _sent(dataset: Dataset, name: str, seen: frozenset[str]) -> Iterator[str]:
    """The sent fields behind a field, sent or derived."""
    derived: Mapping[str, str] = {each.name: each.is_ for each in dataset.derived}
    if name not in derived:
        yield name
    elif name not in seen:
        for each in _names(derived[name]):
            yield from _sent(dataset, each, seen | {name})


def _names(text: str | None) -> tuple[str, ...]:
    if text is None:
        return ()
    try:
        return parse(text).names
    except ExpressionError:
        return ()


def _lookups(text: str) -> frozenset[str]:
    try:
        return parse(text).lookups
    except ExpressionError:
        return frozenset()


def _understood(indicator: Indicator) -> bool:
    try:
        return all(parse(each) for each in formulas_of(indicator))
    except ExpressionError:
        return False
