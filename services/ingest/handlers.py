"""Everything that ingest does: a catalogue applied, records accepted, a file accepted.

Rule: each of these is one transaction: states, batch, rejections and idempotency key become
durable together or not at all, and the answer is made from what the transaction wrote.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from itertools import islice
from secrets import token_hex
from typing import Any, Literal, NamedTuple

from services.ingest.domain import full_extract
from services.ingest.domain.contract import Contract
from services.ingest.domain.csv_file import CsvFile
from services.ingest.domain.intake import FileIntake, Prepared, tally
from services.ingest.domain.receipt import Batch, Receipt, RejectionLine
from services.ingest.domain.refusals import Rejection, RequestRefused
from services.ingest.metrics import (
    RECORDS_DELETED,
    ROWS_ACCEPTED,
    ROWS_RECEIVED,
    ROWS_REJECTED,
    ROWS_UNCHANGED,
)
from services.ingest.store import repository
from services.ingest.store.repository import RECEIPT_REJECTIONS, Claim
from shared.contracts.topics import CATALOGUE, RECORDS
from shared.db.tx import Tx
from shared.delivery.change import Cause, Statement
from shared.delivery.outbox import Outbox
from shared.delivery.own import Own
from shared.runtime.clock import iso

# Rows of a file that are held in memory at once.
CHUNK = 1_000

Mode = Literal["full", "changes"]


class Door(NamedTuple):
    """A delivery at the door: the dataset's contract, when it came, and how it is to count."""

    contract: Contract
    arrived: datetime
    claim: Claim | None = None
    detail: Mapping[str, Any] = {}


class CatalogueChange(NamedTuple):
    """What applying a catalogue did, as subjects."""

    added: list[str]
    changed: list[str]
    removed: list[str]
    unchanged: int


@dataclass(slots=True)
class _Tally:
    """The counts of a batch as it goes."""

    name: str
    cause: Cause
    received: int = 0
    accepted: int = 0
    unchanged: int = 0
    rejected: int = 0
    deleted: int = 0
    faults: int = 0
    first: list[RejectionLine] = field(default_factory=list)


class Ingest:
    """The service's work inside a transaction."""

    def __init__(self, outbox: Outbox, own: Own) -> None:
        self._outbox = outbox
        self._own = own

    # The catalogue.

    def definitions(self, tx: Tx) -> dict[str, bytes]:
        """Every definition in force, by subject."""
        return dict(self._own.scan(tx, CATALOGUE))

    def apply_catalogue(
        self, tx: Tx, definitions: Mapping[str, bytes], arrived: datetime
    ) -> CatalogueChange:
        """Makes these the definitions in force; those that are not among them are gone."""
        known = self.definitions(tx)
        cause = Cause(batch_name(arrived), iso(arrived))
        added = sorted(definitions.keys() - known.keys())
        removed = sorted(known.keys() - definitions.keys())
        changed = sorted(
            subject
            for subject in definitions.keys() & known.keys()
            if definitions[subject] != known[subject]
        )
        self._outbox.publish(
            tx,
            [Statement(CATALOGUE, subject, None, cause) for subject in removed]
            + [
                Statement(CATALOGUE, subject, definitions[subject], cause)
                for subject in (*added, *changed)
            ],
        )
        unchanged = len(definitions) - len(added) - len(changed)
        return CatalogueChange(added, changed, removed, unchanged)

    # Records.

    def accept_records(self, tx: Tx, door: Door, prepared: Prepared) -> Receipt:
        """Accepts checked rows of a request of records."""
        earlier = _earlier(tx, door.claim)
        if earlier is not None:
            return earlier
        counts = self._begin(door)
        replaced = self._publish(tx, counts, prepared)
        accepted, unchanged = tally(prepared.states, replaced)
        counts.accepted += accepted
        counts.unchanged += unchanged
        self._reject(tx, counts, prepared)
        return self._end(tx, door, counts, "changes", door.detail)

    # Files.

    def accept_file(
        self, tx: Tx, door: Door, file: CsvFile, mode: Mode, *, confirmed: bool
    ) -> Receipt:
        """Accepts a file: all of its good rows, or (when it is refused) nothing."""
        earlier = _earlier(tx, door.claim)
        if earlier is not None:
            return earlier
        counts = self._begin(door)
        detail = {**door.detail, "encoding": file.encoding, "sha256": file.digest}
        if file.dropped:
            detail["columns_dropped"] = file.dropped
        intake = FileIntake(door.contract, file.columns)
        prefix = f"{door.contract.code}/"
        known = repository.count_records(tx, prefix) if mode == "full" else 0
        for lines in _chunks(file.lines):
            prepared = intake.check(lines)
            replaced = self._publish(tx, counts, prepared)
            counts.accepted += len(replaced)
            counts.unchanged += len(prepared.states) - len(replaced) + prepared.repeated
            self._reject(tx, counts, prepared)
        if mode == "full":
            full_extract.refuse_empty(counts.received, confirmed=confirmed)
            detail.update(
                self._delete_missing(tx, counts, intake, prefix, known, confirmed=confirmed)
            )
        return self._end(tx, door, counts, mode, detail)

    def _delete_missing(
        self,
        tx: Tx,
        counts: _Tally,
        intake: FileIntake,
        prefix: str,
        known: int,
        *,
        confirmed: bool,
    ) -> dict[str, Any]:
        """Deletes what the extract no longer names; answers with what to say about it."""
        missing = [
            subject for subject in repository.record_subjects(tx, prefix) if subject not in intake
        ]
        if not missing:
            return {}
        if intake.unidentified:
            return {
                "deletions_held": len(missing),
                "deletions_held_because": (
                    f"{intake.unidentified} rejected row(s) cannot be told from the records that "
                    "seem to be missing. Correct them and send the extract again."
                ),
            }
        full_extract.refuse_mass_deletion(known, len(missing), confirmed=confirmed)
        for start in range(0, len(missing), CHUNK):
            self._outbox.publish(
                tx,
                [
                    Statement(RECORDS, subject, None, counts.cause)
                    for subject in missing[start : start + CHUNK]
                ],
            )
        counts.deleted = len(missing)
        return {}

    # What both have in common.

    def _begin(self, door: Door) -> _Tally:
        name = batch_name(door.arrived)
        return _Tally(name, Cause(name, iso(door.arrived)))

    def _publish(self, tx: Tx, counts: _Tally, prepared: Prepared) -> dict[str, bytes | None]:
        """Says the states; answers with what each changed subject was before."""
        cause = counts.cause
        published = self._outbox.publish(
            tx, [Statement(RECORDS, subject, body, cause) for subject, body in prepared.states]
        )
        return {each.subject: each.before for each in published}

    def _reject(self, tx: Tx, counts: _Tally, prepared: Prepared) -> None:
        counts.received += prepared.received
        counts.rejected += prepared.rejected
        if not prepared.rejections:
            return
        repository.save_rejections(tx, counts.name, counts.faults + 1, prepared.rejections)
        counts.faults += len(prepared.rejections)
        room = RECEIPT_REJECTIONS - len(counts.first)
        counts.first += [_line(each) for each in prepared.rejections[:room]]

    def _end(
        self, tx: Tx, door: Door, counts: _Tally, mode: Mode, detail: Mapping[str, Any]
    ) -> Receipt:
        dataset = door.contract.code
        batch = Batch(
            counts.name,
            counts.received,
            counts.accepted,
            counts.unchanged,
            counts.rejected,
            counts.deleted,
            counts.cause.origin,
            dataset,
            mode,
            dict(detail),
        )
        repository.save_batch(tx, batch)
        if door.claim is not None:
            repository.save_claim(tx, door.claim, counts.name, counts.cause.origin)
        tx.after_commit(lambda: _count(dataset, counts))
        return batch.receipt(counts.first)


def batch_name(arrived: datetime) -> str:
    """A new batch's name: grows with time, and cannot be guessed."""
    return f"{int(arrived.timestamp() * 1000):012x}-{token_hex(8)}"


def _earlier(tx: Tx, claim: Claim | None) -> Receipt | None:
    """The receipt of the same request, made before. Raises when the key was used for another."""
    found = None if claim is None else repository.claimed(tx, claim)
    if claim is None or found is None:
        return None
    body_hash, batch = found
    if body_hash != claim.body_hash:
        raise RequestRefused(
            409,
            "This Idempotency-Key was used before, for a request with another body. Nothing was "
            "changed. Use a new key for a new request.",
        )
    return repository.receipt(tx, batch)


def _line(rejection: Rejection) -> RejectionLine:
    return RejectionLine(*rejection)


def _chunks(lines: Iterator[Any]) -> Iterable[list[Any]]:
    while chunk := list(islice(lines, CHUNK)):
        yield chunk


def _count(dataset: str, counts: _Tally) -> None:
    ROWS_RECEIVED.labels(dataset).inc(counts.received)
    ROWS_ACCEPTED.labels(dataset).inc(counts.accepted)
    ROWS_UNCHANGED.labels(dataset).inc(counts.unchanged)
    ROWS_REJECTED.labels(dataset).inc(counts.rejected)
    RECORDS_DELETED.labels(dataset).inc(counts.deleted)
