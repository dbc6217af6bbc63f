"""The records behind a value: read a page at a time, by dataset and key.

Rule: a page costs a bounded number of records, however many there are; as long as there is a next
page, the list goes on.
"""

from collections.abc import Iterable, Iterator
from typing import NamedTuple

import msgspec

from services.publisher.domain.contributors import Contributors, Counted, measures_of
from services.publisher.readmodel import Snapshot
from services.publisher.store.tables import TABLES
from shared.catalogue.periods import Period
from shared.catalogue.references import References, Table, table_of
from shared.contracts.states import IndicatorValue, Record
from shared.contracts.topics import RECORDS
from shared.delivery.held import Held, HeldState

SCANNED_RECORDS = 20_000
# A latest value is of one day: to know which, its whole dataset is looked at, up to so many.
LOOKED_AT_FIRST = 200_000

_held = Held(TABLES)
_record = msgspec.json.Decoder(Record).decode


class Source(NamedTuple):
    """A record that was counted, and what it added to which measures."""

    state: HeldState
    record: Record
    counted: list[Counted]


class Sources:
    """The records behind one value."""

    def __init__(self, view: Snapshot, value: IndicatorValue, period: Period) -> None:
        self._view = view
        self._value = value
        self._period = period
        self._references: References | None = None
        self._made: dict[str, Contributors] = {}
        self.measures = [
            measure
            for measure in measures_of(value.formula, period, view.catalogue)
            if measure.dataset in view.catalogue.datasets
        ]
        self.datasets = sorted({measure.dataset for measure in self.measures})

    def page(self, after: str, limit: int) -> tuple[list[Source], str | None]:
        """Up to `limit` records after the subject `after`, and where the next page starts.

        A page may come out short when few of the records looked at were counted.
        """
        found: list[Source] = []
        looked, last = 0, after
        for dataset in self.datasets:
            if after and dataset < after.partition("/")[0]:
                continue
            contributors = self._contributors(dataset)
            start = after if after.startswith(f"{dataset}/") else ""
            for state in self._states(dataset, start):
                if len(found) >= limit or looked >= SCANNED_RECORDS:
                    return found, last
                looked += 1
                last = state.subject
                record = _record(state.body)
                counted = contributors.counted(record.fields)
                if counted:
                    found.append(Source(state, record, counted))
        return found, None

    def came_in(self, batch: str) -> tuple[int, bool]:
        """How many of the records that count came in a batch as they are now, and whether every
        record was looked at."""
        came = looked = 0
        for dataset in self.datasets:
            contributors = self._contributors(dataset)
            for state in self._states(dataset):
                if looked >= SCANNED_RECORDS:
                    return came, False
                looked += 1
                if state.correlation == batch:
                    came += bool(contributors.counted(_record(state.body).fields))
        return came, True

    def _states(self, dataset: str, after: str = "") -> Iterator[HeldState]:
        return _held.scan(self._view.tx, RECORDS, f"{dataset}/", after)

    def _contributors(self, dataset: str) -> Contributors:
        if dataset not in self._made:
            self._made[dataset] = self._make(dataset)
        return self._made[dataset]

    def _make(self, dataset: str) -> Contributors:
        if self._references is None:
            self._references = self._looked_into()
        found = Contributors(
            self.measures,
            self._view.catalogue,
            dataset,
            self._value,
            self._period,
            self._references,
        )
        if found.looks_first:
            for looked, state in enumerate(self._states(dataset)):
                if looked >= LOOKED_AT_FIRST:
                    break
                found.look(_record(state.body).fields)
        return found

    def _looked_into(self) -> References:
        """The reference datasets that the measures look into, with their records."""
        datasets = self._view.catalogue.datasets
        wanted: set[str] = set()
        for dataset in self.datasets:
            wanted |= Contributors(
                self.measures, self._view.catalogue, dataset, self._value, self._period
            ).lookups
        known = References(datasets)
        tables: dict[str, Table] = {
            each: table_of(known.key_of(each), self._fields(each))
            for each in wanted
            if each in datasets
        }
        return References(datasets, tables)

    def _fields(self, dataset: str) -> Iterable[dict[str, object]]:
        return (_record(state.body).fields for state in self._states(dataset))
