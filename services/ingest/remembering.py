"""Keeps what records were before requests changed them, so that a request can be undone.

Rule: requests that share a transaction keep it each for itself: what one found is what the one
before it left, although only the last of them made a version.
"""

from collections.abc import Iterable, Mapping

from services.ingest.delivery import Delivery
from services.ingest.domain.intake import Prepared
from services.ingest.store import before
from services.ingest.store.before import Before, fingerprint
from shared.db.tx import Tx

# Of a request of records; a larger one is a load by a system, which can send what is right. Files
# have no bound.
MOST_ROWS = 1_000


def remember(
    tx: Tx,
    entered: Iterable[tuple[Delivery, Prepared]],
    replaced: Mapping[str, bytes | None],
) -> None:
    """Writes what each request replaced; `replaced` is what each subject that changed in the end
    was before all of them."""
    left: dict[str, bytes | None] = {}
    rows: list[tuple[str, Before]] = []
    for delivery, prepared in entered:
        newest = dict(prepared.states)
        if len(prepared.states) <= MOST_ROWS:
            found = (
                (subject, body, left.get(subject, replaced[subject]))
                for subject, body in newest.items()
                if subject in replaced
            )
            rows += [
                (delivery.name, Before(subject, fingerprint(body), was))
                for subject, body, was in found
                if was != body
            ]
        left |= newest
    before.write(tx, rows)
