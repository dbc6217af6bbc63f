"""Keeps count of what webhooks were sent: one run an hour for each. Never commits."""

from collections.abc import Iterable
from datetime import datetime
from typing import NamedTuple

from services.ingest.domain.receipt import Receipt
from services.ingest.domain.refusals import shown
from services.ingest.store import connections
from services.ingest.store.connections import DONE, Run
from shared.db.tx import Tx
from shared.runtime.clock import iso

BY_SENDER = "its sender"
# Of an hour's batches and refusals the last ones are named.
MOST_NAMED = 100


class Sent(NamedTuple):
    """A message that was let in."""

    connector: str
    receipt: Receipt
    size: int


def count(tx: Tx, now: datetime, messages: Iterable[Sent]) -> None:
    """Counts messages that were let in."""
    runs: dict[str, Run] = {}
    for each in messages:
        if each.connector not in runs:
            runs[each.connector] = _run(tx, each.connector, now)
        run = runs[each.connector]
        run.extracts += 1
        run.bytes += each.size
        run.add(each.receipt)
    for run in runs.values():
        _save(tx, run, now, None)


def refuse(tx: Tx, connector: str, reason: str, now: datetime) -> None:
    """Counts a message that was signed well and cannot be used."""
    run = _run(tx, connector, now)
    run.extracts += 1
    run.refused += 1
    run.notes.append(shown(reason))
    _save(tx, run, now, shown(reason))


def _run(tx: Tx, connector: str, now: datetime) -> Run:
    """The hour's run so far."""
    name = f"{now:%Y%m%dT%H}-{connector}"
    return connections.run(tx, name) or Run(name, connector, iso(now), BY_SENDER)


def _save(tx: Tx, run: Run, now: datetime, reason: str | None) -> None:
    run.ended, run.outcome = iso(now), DONE
    run.batches = run.batches[-MOST_NAMED:]
    run.notes = run.notes[-MOST_NAMED:]
    connections.save_run(tx, run)
    standing = connections.standing(tx, run.connector)
    standing.looked, standing.reason = iso(now), reason
    connections.save(tx, standing)
