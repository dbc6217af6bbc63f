"""Everything that ingest does: a catalogue applied, records accepted, a file accepted.

Rule: each of these is one transaction: states, batches, rejections and idempotency keys become
durable together or not at all, and an answer is made from what the transaction wrote. Requests
that wait at the same time share one transaction, so that a commit costs each of them little.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import datetime
from itertools import islice
from typing import Any, NamedTuple

from services.ingest.closed import ClosedPeriods
from services.ingest.delivery import Delivery, batch_name, save
from services.ingest.domain import full_extract
from services.ingest.domain.intake import FileIntake, Prepared, Tally
from services.ingest.domain.receipt import Receipt
from services.ingest.domain.refusals import RequestRefused
from services.ingest.domain.table import Table
from services.ingest.store import repository
from services.ingest.store.repository import Claim
from services.ingest.supply import Supplies
from shared.contracts.topics import CATALOGUE, RECORDS
from shared.db.tx import Tx
from shared.delivery.change import Cause, Statement
from shared.delivery.outbox import Outbox
from shared.delivery.own import Own
from shared.runtime.clock import iso

# Rows of a file that are held in memory at once.
CHUNK = 1_000

Outcome = Receipt | RequestRefused


class CatalogueChange(NamedTuple):
    """What applying a catalogue did, as subjects."""

    added: list[str]
    changed: list[str]
    removed: list[str]
    unchanged: int


class Ingest:
    """The service's work inside a transaction."""

    def __init__(self, outbox: Outbox, own: Own) -> None:
        self._outbox = outbox
        self._own = own
        self._closed = ClosedPeriods(own)
        self.supplies = Supplies(outbox, own)

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

    def accept_records(self, tx: Tx, waiting: Sequence[tuple[Delivery, Prepared]]) -> list[Outcome]:
        """Accepts the checked rows of every request that waits, in order; an outcome for each."""
        outcomes: dict[int, Outcome] = {}
        entered: list[tuple[Delivery, Prepared]] = []
        repeats: list[tuple[int, Delivery]] = []
        claims: dict[Claim, Delivery] = {}
        for number, (delivery, prepared) in enumerate(waiting):
            claim = delivery.claim
            if claim is not None:
                slot = claim.slot()
                if slot in claims:
                    same = claims[slot].claim == claim
                    if same:
                        repeats.append((number, claims[slot]))
                    else:
                        outcomes[number] = _used_for_another()
                    continue
                found = _earlier(tx, claim)
                if found is not None:
                    outcomes[number] = found
                    continue
                claims[slot] = delivery
            delivery.begin()
            entered.append((delivery, self._closed.sift(tx, delivery.contract, prepared)))
            repeats.append((number, delivery))
        self._enter(tx, entered)
        for number, delivery in repeats:
            outcomes[number] = delivery.receipt()
        return [outcomes[number] for number in range(len(waiting))]

    def _enter(self, tx: Tx, entered: Sequence[tuple[Delivery, Prepared]]) -> None:
        """Says all states at once; each request's rows are then counted in their turn."""
        if not entered:
            return
        replaced = self._publish(
            tx,
            [
                Statement(RECORDS, subject, body, delivery.cause)
                for delivery, prepared in entered
                for subject, body in prepared.states
            ],
        )
        tally = Tally([state for _, prepared in entered for state in prepared.states], replaced)
        for delivery, prepared in entered:
            delivery.accepted, delivery.unchanged = tally.count(prepared.states)
            delivery.reject(tx, prepared)
        deliveries = [delivery for delivery, _ in entered]
        save(tx, deliveries)
        self.supplies.came(tx, deliveries)

    # Files.

    def accept_file(self, tx: Tx, delivery: Delivery, file: Table, *, confirmed: bool) -> Outcome:
        """Accepts a file: all of its good rows, or (when it is refused) nothing."""
        found = None if delivery.claim is None else _earlier(tx, delivery.claim)
        if found is not None:
            return found
        delivery.begin()
        delivery.detail |= {"encoding": file.encoding, "sha256": file.digest}
        if file.dropped:
            delivery.detail["columns_dropped"] = file.dropped
        if file.passed_over:
            delivery.detail["lines_passed_over"] = file.passed_over
        if file.notes:
            delivery.detail["notes"] = list(file.notes)
        intake = FileIntake(delivery.contract, file.columns, ordered=file.ordered)
        full = delivery.mode == "full"
        known = repository.count_records(tx, _prefix(delivery)) if full else 0
        for lines in _chunks(file.lines):
            prepared = self._closed.sift(tx, delivery.contract, intake.check(lines))
            cause = delivery.cause
            replaced = self._publish(
                tx, [Statement(RECORDS, subject, body, cause) for subject, body in prepared.states]
            )
            accepted, unchanged = Tally(prepared.states, replaced).count(prepared.states)
            delivery.accepted += accepted
            delivery.unchanged += unchanged + prepared.repeated
            delivery.reject(tx, prepared)
        if full:
            full_extract.refuse_empty(delivery.received, confirmed=confirmed)
            self._delete_missing(tx, delivery, intake, known, confirmed=confirmed)
        save(tx, [delivery])
        self.supplies.came(tx, [delivery])
        return delivery.receipt()

    def _delete_missing(
        self, tx: Tx, delivery: Delivery, intake: FileIntake, known: int, *, confirmed: bool
    ) -> None:
        """Deletes what the extract no longer names."""
        missing = [
            subject
            for subject in repository.record_subjects(tx, _prefix(delivery))
            if subject not in intake
        ]
        if missing and intake.unidentified:
            delivery.detail["deletions_held"] = len(missing)
            delivery.detail["deletions_held_because"] = (
                f"{intake.unidentified} rejected row(s) cannot be told from the records that seem "
                "to be missing. Correct them and send the extract again."
            )
            return
        gone = [
            subject
            for start in range(0, len(missing), CHUNK)
            for subject in self._closed.open_ones(
                tx, delivery.contract, missing[start : start + CHUNK]
            )
        ]
        held = len(missing) - len(gone)
        full_extract.refuse_mass_deletion(known - held, len(gone), confirmed=confirmed)
        for start in range(0, len(gone), CHUNK):
            self._publish(
                tx,
                [
                    Statement(RECORDS, subject, None, delivery.cause)
                    for subject in gone[start : start + CHUNK]
                ],
            )
        delivery.deleted = len(gone)
        if held:
            delivery.detail["deletions_held"] = held
            delivery.detail["deletions_held_because"] = (
                "The records are in accounting periods that are closed (up to "
                f"{delivery.contract.dataset.closed_to})."
            )

    def _publish(self, tx: Tx, statements: Iterable[Statement]) -> dict[str, bytes | None]:
        """Says states; answers with what each changed subject was before."""
        return {each.subject: each.before for each in self._outbox.publish(tx, statements)}


def _earlier(tx: Tx, claim: Claim) -> Outcome | None:
    """The outcome of a request that used the same key before."""
    found = repository.claimed(tx, claim)
    if found is None:
        return None
    body_hash, batch = found
    return repository.receipt(tx, batch) if body_hash == claim.body_hash else _used_for_another()


def _used_for_another() -> RequestRefused:
    return RequestRefused(
        409,
        "This Idempotency-Key was used before, for a request with another body. Nothing was "
        "changed. Use a new key for a new request.",
    )


def _prefix(delivery: Delivery) -> str:
    return f"{delivery.contract.code}/"


def _chunks(lines: Iterator[Any]) -> Iterable[list[Any]]:
    while chunk := list(islice(lines, CHUNK)):
        yield chunk
