"""Which records may stand behind a figure: kept by month, as records come and go.

Rule: a record is under a month exactly while it is held and a measure of the catalogue in force
counts by a date of its own in that month. Nothing else is read for a change of it; only when the
dates by which a dataset is counted are defined in another way are its records gone through again.
"""

from collections.abc import Iterable, Mapping, Sequence, Set
from typing import Any

import msgspec

from services.publisher.domain.dated import Dated, dated
from services.publisher.domain.once import Once
from services.publisher.store import record_months
from services.publisher.store.record_months import Entry
from services.publisher.store.tables import TABLES
from shared.catalogue.model import Catalogue
from shared.contracts.topics import CATALOGUE, RECORDS
from shared.db.tx import Tx
from shared.delivery.change import Change
from shared.delivery.definitions import Definitions
from shared.delivery.held import Held
from shared.delivery.marks import Marks

# How the months of each dataset were found, as JSON: those of another way are of no use.
MARK = "record-months"
BATCH_ROWS = 2_000


class _Body(msgspec.Struct, gc=False):
    fields: dict[str, Any]


_decode = msgspec.json.Decoder(_Body).decode
_hows = msgspec.json.Decoder(dict[str, str]).decode
_marks = Marks(TABLES)
_NONE: Set[str] = frozenset()


class RecordIndex:
    """Keeps `record_months`."""

    def __init__(self, held: Held, definitions: Definitions) -> None:
        self._held = held
        self._definitions = definitions
        self._dated = Once(dated)

    def apply(self, changes: Sequence[Change], tx: Tx) -> None:
        """Follows a batch of changes."""
        if any(each.topic in (RECORDS, CATALOGUE) for each in changes):
            again = self.settle(tx)
            self._follow(tx, [each for each in changes if each.topic == RECORDS], again)

    def settle(self, tx: Tx) -> set[str]:
        """Goes through the datasets whose records are found in another way than they were, or
        never were; which ones."""
        wanted = self._dated.of(self._definitions.read(tx))
        known, how = _known(tx), _how(wanted)
        moved = {each for each in known.keys() | how if known.get(each) != how.get(each)}
        for dataset in sorted(moved):
            record_months.forget_dataset(tx, dataset)
            if dataset in wanted:
                self._go_through(tx, dataset, wanted[dataset])
        if moved:
            _marks.set(tx, {MARK: msgspec.json.encode(how).decode()})
        return moved

    def rebuild(self, tx: Tx) -> None:
        """Makes the index anew from all records that are held."""
        record_months.forget_all(tx)
        _marks.remove(tx, MARK)
        self.settle(tx)

    def _follow(self, tx: Tx, changes: Iterable[Change], again: set[str]) -> None:
        wanted = self._dated.of(self._definitions.read(tx))
        gone: list[Entry] = []
        come: list[Entry] = []
        for change in changes:
            subject = change.subject
            dataset = subject.partition("/")[0]
            found = wanted.get(dataset)
            if found is None or dataset in again:
                continue
            before, after = _months(found, change.before), _months(found, change.after)
            if before != after:
                gone += [(dataset, month, subject) for month in before - after]
                come += [(dataset, month, subject) for month in after - before]
        record_months.forget(tx, gone)
        record_months.keep(tx, come)

    def _go_through(self, tx: Tx, dataset: str, found: Dated) -> None:
        waiting: list[Entry] = []
        for subject, body, *_ in self._held.bodies(tx, RECORDS, f"{dataset}/"):
            waiting += [(dataset, month, subject) for month in _months(found, body)]
            if len(waiting) >= BATCH_ROWS:
                record_months.keep(tx, waiting)
                waiting = []
        record_months.keep(tx, waiting)


_read_dated = Once(dated)


def found_by_month(tx: Tx, catalogue: Catalogue, dataset: str) -> Dated | None:
    """How the records of a dataset are found by month; None where they are not, or not yet."""
    found = _read_dated.of(catalogue).get(dataset)
    return found if found is not None and _known(tx).get(dataset) == found.how else None


def _known(tx: Tx) -> dict[str, str]:
    text = _marks.get(tx, MARK)
    return {} if text is None else _hows(text)


def _how(wanted: Mapping[str, Dated]) -> dict[str, str]:
    return {dataset: each.how for dataset, each in wanted.items()}


def _months(found: Dated, body: bytes | None) -> Set[str]:
    return _NONE if body is None else found.months(_decode(body).fields)
