"""The records behind a value: read a page at a time, by dataset and key.

Rule: only records that are dated in the value's months are looked at, wherever they can be found
so, and whether they count is said by what counts them. A page costs a bounded number of records,
however many there are; as long as there is a next page, the list goes on.
"""

from collections.abc import Iterable, Iterator
from itertools import islice
from typing import NamedTuple

import msgspec

from services.publisher.domain.contributors import Contributors, Counted, measures_of
from services.publisher.domain.dated import NOT_LEFT
from services.publisher.readmodel import Snapshot
from services.publisher.record_index import found_by_month
from services.publisher.store import record_months
from services.publisher.store.tables import TABLES
from shared.catalogue.periods import Period
from shared.catalogue.references import References, Table, table_of
from shared.contracts.states import IndicatorValue, Record
from shared.contracts.topics import RECORDS
from shared.delivery.held import Held, HeldState

SCANNED_RECORDS = 20_000
# A latest value is of one day: to know which, so many of its dataset are looked at.
LOOKED_AT_FIRST = 200_000
# To tell how many of those that count came in a batch, so many of each dataset are looked at, and
# of those that came so many are counted.
LOOKED_AT_FOR_BATCH, COUNTED_OF_BATCH = 2_000, 500
# Records are read so many at first, and twice as many each time after that.
FIRST_READ, MOST_READ = 50, 1_000

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
        self._found_by_month: dict[str, bool] = {}
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
        came, every = 0, True
        for dataset in self.datasets:
            contributors = self._contributors(dataset)
            states, whole = self._of_batch(dataset, batch)
            for each in states[:COUNTED_OF_BATCH]:
                came += bool(contributors.counted(_record(each.body).fields))
            every = every and whole and len(states) <= COUNTED_OF_BATCH
        return came, every

    def _of_batch(self, dataset: str, batch: str) -> tuple[list[HeldState], bool]:
        """What came in a batch of that which may have been counted, up to so many looked at."""
        if not self._by_month(dataset):
            looked = list(islice(self._scan(dataset), LOOKED_AT_FOR_BATCH + 1))
            found = [each for each in looked[:LOOKED_AT_FOR_BATCH] if each.correlation == batch]
            return found, len(looked) <= LOOKED_AT_FOR_BATCH
        tx = self._view.tx
        subjects = list(islice(self._subjects(dataset), LOOKED_AT_FOR_BATCH + 1))
        found = _held.states(tx, RECORDS, subjects[:LOOKED_AT_FOR_BATCH], correlation=batch)
        return found, len(subjects) <= LOOKED_AT_FOR_BATCH

    def _states(self, dataset: str, after: str = "") -> Iterator[HeldState]:
        """What may have been counted, by subject."""
        if not self._by_month(dataset):
            return self._scan(dataset, after)
        return self._read(self._subjects(dataset, after))

    def _subjects(self, dataset: str, after: str = "") -> Iterator[str]:
        contributors = self._contributors(dataset)
        months, left = contributors.months, contributors.in_stock_after
        if left is not None:
            months |= {NOT_LEFT, *record_months.months_from(self._view.tx, dataset, left)}
        return record_months.subjects(self._view.tx, dataset, months, after)

    def _scan(self, dataset: str, after: str = "") -> Iterator[HeldState]:
        return _held.scan(self._view.tx, RECORDS, f"{dataset}/", after)

    def _read(self, subjects: Iterator[str]) -> Iterator[HeldState]:
        size = FIRST_READ
        while part := list(islice(subjects, size)):
            yield from _held.states(self._view.tx, RECORDS, part)
            size = min(size * 2, MOST_READ)

    def _by_month(self, dataset: str) -> bool:
        """Whether all that is counted of a dataset is found by month."""
        if dataset not in self._found_by_month:
            found = found_by_month(self._view.tx, self._view.catalogue, dataset)
            measures = [each for each in self.measures if each.dataset == dataset]
            self._found_by_month[dataset] = found is not None and all(map(found.finds, measures))
        return self._found_by_month[dataset]

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
        left = LOOKED_AT_FIRST
        for month, states in self._looked_at_first(found, dataset):
            for state in islice(states, left):
                found.look(_record(state.body).fields)
                left -= 1
            # A record is also under the months of its other dates.
            if found.knows_the_newest(month):
                break
        return found

    def _looked_at_first(
        self, contributors: Contributors, dataset: str
    ) -> Iterator[tuple[str, Iterator[HeldState]]]:
        """Months, the newest first, with what may have been counted in them."""
        months = contributors.looks_into
        if months and not self._by_month(dataset):
            yield months[-1], self._scan(dataset)
            return
        for month in months:
            yield month, self._read(record_months.subjects(self._view.tx, dataset, [month], ""))

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
        # By key, whatever its dates: these are all of them.
        return (_record(state.body).fields for state in self._scan(dataset))
