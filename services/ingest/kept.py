"""What records say now, by the roles of their datasets, as one transaction sees them."""

from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import Any, NamedTuple, TypeVar

import msgspec

from services.ingest.domain.contract import Contract
from services.ingest.domain.contracts import Contracts
from services.ingest.domain.forms import refused
from services.ingest.domain.receipt import Batch
from services.ingest.store import repository
from shared.catalogue.model import Catalogue
from shared.contracts import subjects
from shared.contracts.fields import Fields
from shared.contracts.states import Record
from shared.contracts.topics import RECORDS
from shared.db.tx import Tx
from shared.delivery.own import Own

T = TypeVar("T")
_record = msgspec.json.Decoder(Record).decode


class Found(NamedTuple):
    """A record as it stands. `time` is when it came to say so, and `batch` by what."""

    subject: str
    version: int
    fields: Fields
    time: str = ""
    batch: str = ""


class Kept:
    """Reads records for the forms. Raises FormRefused where no dataset has the role."""

    def __init__(self, tx: Tx, own: Own, contracts: Contracts) -> None:
        self._tx = tx
        self._own = own
        self._contracts = contracts

    @property
    def catalogue(self) -> Catalogue:
        """The catalogue in force."""
        return self._contracts.catalogue

    def contract(self, role: str) -> Contract:
        """The contract by which records of a role are written: the first dataset's, by code."""
        found = self._contracts.of_role(role)
        if not found:
            raise refused(404, f"The catalogue has no dataset whose role is {role}.")
        return found[0]

    def subject(self, role: str, **fields: str) -> str:
        """The subject of the record with these fields in its key."""
        contract = self.contract(role)
        return subjects.record(contract.code, contract.key_of(fields))

    def one(self, role: str, **fields: str) -> Found | None:
        """The record of a role with these fields in its key; None where there is none. Its version
        counts on when it comes back."""
        subject = self.subject(role, **fields)
        row = repository.record(self._tx, subject)
        if row is None or row.body is None:
            return None
        return _found(subject, row)

    def dataset(self, code: str) -> Contract | None:
        """The contract of a dataset, whatever its role."""
        return self._contracts.get(code)

    def many(self, wanted: Iterable[str]) -> dict[str, Found]:
        """Those of these records that there are, by subject."""
        rows = repository.records(self._tx, wanted)
        return {
            subject: _found(subject, row) for subject, row in rows.items() if row.body is not None
        }

    def batch(self, name: str) -> Batch | None:
        """What is known of a batch."""
        return repository.batch(self._tx, name)

    def read(self, work: Callable[[Tx], T]) -> T:
        """What `work` reads in the same transaction."""
        return work(self._tx)

    def details(self, batches: Iterable[str]) -> Mapping[str, Mapping[str, Any]]:
        """What is known of how these batches came."""
        return repository.details(self._tx, batches)

    def where(self, role: str, field: str, value: str) -> Iterator[Found]:
        """Every record of a role, of all of its datasets, that has this value in a field."""
        for contract in self._contracts.of_role(role):
            prefix = f"{contract.code}/"
            if len(contract.key_fields) > 1 and contract.key_fields[0] == field:
                # Its key begins with the field, so that only its own records are read.
                start = contract.key_of({**dict.fromkeys(contract.key_fields, ""), field: value})
                prefix += subjects.part(start[: len(start) - len(contract.key_fields) + 2])
            for subject, body in self._own.scan(self._tx, RECORDS, prefix):
                fields = _record(body).fields
                if fields.get(field) == value:
                    yield Found(subject, 0, fields)


def _found(subject: str, row: repository.OwnedRecord) -> Found:
    assert row.body is not None
    return Found(subject, row.version, _record(row.body).fields, row.time, row.correlation)
