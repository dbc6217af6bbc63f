"""The months under which records are found again: those by which the measures of their dataset
count.

Rule: whatever a measure counts in a window is under a month of the window, by the same code that
counts it; whether it is counted, the measure itself says. A date that rests on other datasets is
left out: it moves when their records do. What is counted by such a date is found nowhere here.
"""

from collections.abc import Iterable, Mapping
from functools import cached_property
from hashlib import sha256
from itertools import groupby
from operator import attrgetter
from typing import Any

import msgspec

from shared.catalogue.contributions import CompiledMeasure
from shared.catalogue.figures import Measure
from shared.catalogue.model import Catalogue, Dataset
from shared.catalogue.references import References

# The month of what came in and has not left.
NOT_LEFT = ""

# The fields by which a measure counts: its date, or those of coming in and leaving.
Clock = tuple[str | None, ...]


def clock_of(measure: Measure) -> Clock:
    """The fields by which a measure counts."""
    if measure.aggregate == "open":
        return measure.opened, measure.closed
    return (measure.date,)


class Dated:
    """The months of one dataset's records. `how` says what they rest on: another text, other
    months."""

    def __init__(
        self, dataset: Dataset, measures: Iterable[Measure], closure_days: tuple[str, ...]
    ) -> None:
        self._dataset = dataset
        self._closure_days = closure_days
        self._references = References()
        self._clocks = [
            clock
            for clock in sorted({clock_of(each) for each in measures}, key=repr)
            if self._stands_alone(clock)
        ]
        self.how = self._how() if self._clocks else ""

    def finds(self, measure: Measure) -> bool:
        """Whether all that a measure counts is found by its months."""
        return clock_of(measure) in self._clocks

    def months(self, fields: Mapping[str, Any]) -> set[str]:
        """The months of a record: of each of its dates, and of its leaving (NOT_LEFT while it has
        not left)."""
        found = set()
        for compiled in self._compiled:
            parts = compiled.contributions(fields)
            if not parts:
                continue
            if compiled.measure.aggregate == "open" and len(parts) == 1:
                found.add(NOT_LEFT)
            else:
                found.add(parts[-1][0])
        return found

    @cached_property
    def _compiled(self) -> list[CompiledMeasure]:
        return [self._compile(clock) for clock in self._clocks]

    def _compile(self, clock: Clock) -> CompiledMeasure:
        by: dict[str, Any] = {"aggregate": "count", "date": clock[0]}
        if len(clock) > 1:
            by = {"aggregate": "open", "opened": clock[0], "closed": clock[1]}
        measure = Measure(code="months", dataset=self._dataset.code, **by)
        return CompiledMeasure(measure, self._dataset, (), self._closure_days, self._references)

    def _stands_alone(self, clock: Clock) -> bool:
        types, derived = self._dataset.types(), self._derived
        if not all(field in types for field in clock):
            return False
        if not any(field in derived for field in clock):
            return True
        try:
            return not self._compile(clock).lookups
        except ValueError:
            # It looks into other datasets, or cannot be worked out at all.
            return False

    @property
    def _derived(self) -> dict[str, str]:
        return {each.name: each.is_ for each in self._dataset.derived}

    def _how(self) -> str:
        types, derived = self._dataset.types(), self._derived
        fields = {field for clock in self._clocks for field in clock if field}
        rests_on: list[Any] = [self._clocks, sorted((each, types[each]) for each in fields)]
        if fields & derived.keys():
            # Derived dates may rest on any field, and on the days the council is closed.
            rests_on += [sorted(types.items()), sorted(derived.items()), self._closure_days]
        return sha256(msgspec.json.encode(rests_on)).hexdigest()[:16]


def dated(catalogue: Catalogue) -> dict[str, Dated]:
    """How the records of each dataset are found again, for those that can be."""
    by_dataset = attrgetter("dataset")
    found = {}
    for code, measures in groupby(sorted(catalogue.measures.values(), key=by_dataset), by_dataset):
        if code in catalogue.datasets:
            each = Dated(catalogue.datasets[code], measures, catalogue.closure_days)
            if each.how:
                found[code] = each
    return found
