"""What finance looks at while it works: definitions, structure, day, and what it said before.

Rule: a recount from all records and a change of one go through the same code. The only difference
is that in a recount nothing was said before.
"""

from collections.abc import Iterable, Iterator, Mapping
from functools import lru_cache
from typing import Any, NamedTuple

import msgspec

from services.finance.domain.structure import Row, Structure, row_of
from services.finance.domain.subjectives import Subjectives
from shared.catalogue.accounts import Accounts
from shared.catalogue.model import Catalogue
from shared.contracts.states import Record
from shared.contracts.topics import RECORDS
from shared.db.tx import Tx
from shared.delivery.business_date import BusinessDate
from shared.delivery.change import Cause
from shared.delivery.definitions import Definitions
from shared.delivery.held import Held
from shared.delivery.marks import Marks
from shared.delivery.own import Own

STRUCTURE = "structure"
NO_ACCOUNTS = Accounts(code="none", name="", funds=[], subjectives=[])

_record = msgspec.json.Decoder(Record).decode
_accounts = msgspec.json.Decoder(Accounts).decode

Fields = Mapping[str, Any]


class Told(NamedTuple):
    """A record moved from one state to another. `record` is its subject, `{dataset}/{key}`."""

    dataset: str
    role: str
    record: str
    before: Fields | None
    after: Fields | None
    cause: Cause


class World(NamedTuple):
    """One transaction's view."""

    tx: Tx
    catalogue: Catalogue
    accounts: Accounts
    subjectives: Subjectives
    structure: Structure
    today: str
    own: Own
    held: Held
    afresh: bool

    def fields(self, records: Iterable[str]) -> dict[str, Fields]:
        """What these records say, by their subjects."""
        found = self.held.get(self.tx, RECORDS, records)
        return {subject: _record(body).fields for subject, body in found.items()}

    def of_role(self, role: str) -> Iterator[Told]:
        """Every held record of a role, as one that is new."""
        for dataset in self.catalogue.datasets.values():
            if dataset.role == role:
                for subject, body, *told in self.held.bodies(self.tx, RECORDS, f"{dataset.code}/"):
                    fields = _record(body).fields
                    yield Told(dataset.code, role, subject, None, fields, Cause(*told))

    def known(self, topic: str, subjects: Iterable[str]) -> dict[str, bytes]:
        """What was said of these subjects."""
        return {} if self.afresh else self.own.get(self.tx, topic, subjects)

    def scan(self, topic: str, prefix: str) -> Iterator[tuple[str, bytes]]:
        """What was said of every subject that starts so: (subject, state)."""
        return iter(()) if self.afresh else self.own.scan(self.tx, topic, prefix)


class Worlds:
    """Makes views; keeps the structure while neither it nor the catalogue nor the day changes."""

    def __init__(
        self, held: Held, definitions: Definitions, own: Own, marks: Marks, days: BusinessDate
    ) -> None:
        self._held = held
        self._definitions = definitions
        self._own = own
        self._marks = marks
        self.days = days
        self._seen: tuple[Catalogue, str | None, str] | None = None
        self._structure = Structure((), Catalogue(), "")

    def catalogue(self, tx: Tx) -> Catalogue:
        """The newest catalogue."""
        return self._definitions.read(tx)

    def structure_moved(self, tx: Tx) -> None:
        """A record of the structure changed: what is known of it is old."""
        self._marks.renew(tx, STRUCTURE)

    def view(self, tx: Tx, *, afresh: bool = False) -> World:
        """The world as this transaction sees it."""
        catalogue = self._definitions.read(tx)
        today = self.days.today(tx).isoformat()
        stamp = self._marks.get(tx, STRUCTURE)
        seen = self._seen
        if seen is None or seen[0] is not catalogue or seen[1:] != (stamp, today):
            self._structure = Structure(self._rows(tx, catalogue), catalogue, today)
            self._seen = (catalogue, stamp, today)
        accounts = catalogue.books or NO_ACCOUNTS
        return World(
            tx=tx,
            catalogue=catalogue,
            accounts=accounts,
            subjectives=_subjectives(accounts),
            structure=self._structure,
            today=today,
            own=self._own,
            held=self._held,
            afresh=afresh,
        )

    def records(self, tx: Tx, catalogue: Catalogue, dataset: str) -> Iterator[Told]:
        """Every held record of a dataset, as one that is new."""
        found = catalogue.datasets.get(dataset)
        role = (found.role if found else None) or ""
        for subject, body, *told in self._held.bodies(tx, RECORDS, f"{dataset}/"):
            yield Told(dataset, role, subject, None, _record(body).fields, Cause(*told))

    def _rows(self, tx: Tx, catalogue: Catalogue) -> Iterator[tuple[str, Row]]:
        for dataset in catalogue.datasets.values():
            if dataset.role == "cost-centre":
                for told in self.records(tx, catalogue, dataset.code):
                    fields = told.after or {}
                    yield str(fields.get("cost_centre") or ""), row_of(told.record, fields)


@lru_cache(maxsize=8)
def _cached(key: bytes) -> Subjectives:
    return Subjectives(_accounts(key))


def _subjectives(accounts: Accounts) -> Subjectives:
    return _cached(msgspec.json.encode(accounts))
