"""What the risk service looks at while it works: definitions, day, records, what others said, and
what it said before.

Rule: a recount from all records and a change of one go through the same code. The only difference
is that in a recount nothing was said before.
"""

from collections.abc import Iterable, Iterator
from typing import NamedTuple

import msgspec

from services.risk.store.links import Links
from shared.catalogue.model import Catalogue
from shared.catalogue.scale import Scale
from shared.contracts.fields import Fields
from shared.contracts.states import Record
from shared.contracts.topics import RECORDS
from shared.db.tx import Tx
from shared.delivery.business_date import BusinessDate
from shared.delivery.change import Cause
from shared.delivery.definitions import Definitions
from shared.delivery.held import Held
from shared.delivery.own import Own

_record = msgspec.json.Decoder(Record).decode


class Told(NamedTuple):
    """A record moved from one state to another. `record` is its subject, `{dataset}/{key}`."""

    role: str
    record: str
    before: Fields | None
    after: Fields | None
    cause: Cause


class Heard(NamedTuple):
    """A state of another service moved."""

    topic: str
    subject: str
    before: bytes | None
    after: bytes | None
    cause: Cause


class World(NamedTuple):
    """One transaction's view."""

    tx: Tx
    catalogue: Catalogue
    scale: Scale | None
    today: str
    own: Own
    held: Held
    links: Links
    afresh: bool

    def fields(self, records: Iterable[str]) -> dict[str, Fields]:
        """What these records say, by their subjects."""
        found = self.held.get(self.tx, RECORDS, records)
        return {subject: _record(body).fields for subject, body in found.items()}

    def records(self, dataset: str) -> Iterator[Told]:
        """Every held record of a dataset, as one that is new."""
        found = self.catalogue.datasets.get(dataset)
        role = (found.role if found else None) or ""
        for subject, body, *told in self.held.bodies(self.tx, RECORDS, f"{dataset}/"):
            yield Told(role, subject, None, _record(body).fields, Cause(*told))

    def of_role(self, role: str) -> Iterator[Told]:
        """Every held record of a role, as one that is new."""
        for dataset in self.catalogue.datasets.values():
            if dataset.role == role:
                yield from self.records(dataset.code)

    def said_of(self, topic: str, subjects: Iterable[str]) -> dict[str, bytes]:
        """What other services say of these subjects."""
        return self.held.get(self.tx, topic, subjects)

    def known(self, topic: str, subjects: Iterable[str]) -> dict[str, bytes]:
        """What was said here of these subjects."""
        return {} if self.afresh else self.own.get(self.tx, topic, subjects)

    def scan(self, topic: str, prefix: str) -> Iterator[tuple[str, bytes]]:
        """What was said here of every subject that starts so: (subject, state)."""
        return iter(()) if self.afresh else self.own.scan(self.tx, topic, prefix)


class Worlds:
    """Makes views."""

    def __init__(self, held: Held, definitions: Definitions, own: Own, days: BusinessDate) -> None:
        self._held = held
        self._definitions = definitions
        self._own = own
        self.days = days

    def catalogue(self, tx: Tx) -> Catalogue:
        """The newest catalogue."""
        return self._definitions.read(tx)

    def view(self, tx: Tx, *, afresh: bool = False) -> World:
        """The world as this transaction sees it."""
        catalogue = self._definitions.read(tx)
        links = Links(tx)
        if afresh:
            links.forget_all()
        return World(
            tx=tx,
            catalogue=catalogue,
            scale=None if catalogue.matrix is None else Scale(catalogue.matrix),
            today=self.days.today(tx).isoformat(),
            own=self._own,
            held=self._held,
            links=links,
            afresh=afresh,
        )
