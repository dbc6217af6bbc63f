"""Everything that ingest does: a catalogue applied, records accepted, a file accepted.

Rule: each of these is one transaction: states, batches, rejections and idempotency keys become
durable together or not at all, and an answer is made from what the transaction wrote. Requests
that wait at the same time share one transaction, so that a commit costs each of them little.
"""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import NamedTuple

from services.ingest.accepting import FileAcceptance
from services.ingest.chasing import Chasing
from services.ingest.checked import Checked, check_table
from services.ingest.closed import ClosedPeriods
from services.ingest.delivery import (
    Delivery,
    Outcome,
    batch_name,
    earlier,
    save,
    used_for_another,
)
from services.ingest.domain.contracts import Contracts
from services.ingest.domain.intake import Prepared, Tally
from services.ingest.domain.table import Table
from services.ingest.remembering import remember
from services.ingest.store.repository import Claim
from services.ingest.supply import Supplies
from shared.contracts.topics import CATALOGUE, RECORDS
from shared.db.tx import Tx
from shared.delivery.change import Cause, Statement
from shared.delivery.outbox import Outbox
from shared.delivery.own import Own
from shared.runtime.clock import iso


class CatalogueChange(NamedTuple):
    """What applying a catalogue did, as subjects."""

    added: list[str]
    changed: list[str]
    removed: list[str]
    unchanged: int


class Ingest:
    """The service's work inside a transaction, by the contracts in force."""

    def __init__(self, outbox: Outbox, own: Own, contracts: Contracts) -> None:
        self._outbox = outbox
        self._own = own
        self._closed = ClosedPeriods(own)
        self._files = FileAcceptance(outbox, self._closed)
        self.contracts = contracts
        self.supplies = Supplies(outbox, own)
        self.chasing = Chasing(outbox, own, contracts)

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
                        outcomes[number] = used_for_another()
                    continue
                found = earlier(tx, claim)
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
        changes = self._outbox.publish(
            tx,
            [
                Statement(RECORDS, subject, body, delivery.cause)
                for delivery, prepared in entered
                for subject, body in prepared.states
            ],
        )
        replaced = {each.subject: each.before for each in changes}
        tally = Tally([state for _, prepared in entered for state in prepared.states], replaced)
        remember(tx, entered, replaced)
        for delivery, prepared in entered:
            delivery.accepted, delivery.unchanged = tally.count(prepared.states)
            delivery.reject(tx, prepared)
        deliveries = [delivery for delivery, _ in entered]
        save(tx, deliveries)
        self.supplies.came(tx, deliveries)
        self.chasing.came(tx, deliveries)

    # Files.

    def accept_file(
        self, tx: Tx, delivery: Delivery, file: Checked | Table, *, confirmed: bool
    ) -> Outcome:
        """Accepts a file: all of its good rows, or (when it is refused) nothing. One that was
        checked before keeps the transaction short."""
        found = None if delivery.claim is None else earlier(tx, delivery.claim)
        if found is not None:
            return found
        delivery.begin()
        if isinstance(file, Checked):
            self._files.accept(tx, delivery, file, confirmed=confirmed)
        else:
            with check_table(file, delivery.contract) as checked:
                self._files.accept(tx, delivery, checked, confirmed=confirmed)
        save(tx, [delivery])
        self.supplies.came(tx, [delivery])
        self.chasing.came(tx, [delivery])
        return delivery.receipt()
