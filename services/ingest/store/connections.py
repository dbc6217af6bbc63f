"""Reads and writes where connectors stand, who has them in hand, and their runs. Never commits.

Rule: one process at a time has a connector in hand. It holds it by a token for a while and says so
again before that is over; the transaction that lets rows in looks whether it still does.
"""

from collections.abc import Mapping, Sequence
from typing import Any

import msgspec
from sqlalchemy import func, or_, select, update

from services.ingest.connect.holder import is_dead
from services.ingest.domain.receipt import Receipt
from services.ingest.store.tables import CONNECTIONS, RUNS
from shared.db.tx import Tx

RUNNING, DONE, FAILED, CUT_OFF = "running", "done", "failed", "cut off"


class HoldLost(Exception):
    """Another process has the connector in hand."""


class Standing(msgspec.Struct):
    """Where a connector stands. `position` is its source's own; `due` when it runs next."""

    connector: str
    position: Mapping[str, Any] = {}
    due: str | None = None
    holder: str | None = None
    held_until: str | None = None
    failures: int = 0
    looked: str | None = None
    reason: str | None = None

    def in_hand(self, now: str) -> bool:
        """Whether another process has it in hand."""
        held = self.holder is not None and self.held_until is not None and self.held_until > now
        return held and not is_dead(str(self.holder))


class Run(msgspec.Struct):
    """One run of a connector, as far as it is. `by` is the schedule or a person's post."""

    id: str
    connector: str
    started: str
    by: str
    ended: str | None = None
    outcome: str = RUNNING
    extracts: int = 0
    refused: int = 0
    received: int = 0
    accepted: int = 0
    unchanged: int = 0
    rejected: int = 0
    deleted: int = 0
    bytes: int = 0
    reason: str | None = None
    batches: list[str] = []
    notes: list[str] = []

    def add(self, receipt: Receipt) -> None:
        """Counts a batch."""
        self.batches.append(receipt.batch)
        for name in ("received", "accepted", "unchanged", "rejected", "deleted"):
            setattr(self, name, getattr(self, name) + getattr(receipt, name))


_COLUMNS = (
    "id", "connector", "started", "ended", "outcome", "by", "extracts", "refused", "received",
    "accepted", "unchanged", "rejected", "deleted", "bytes", "reason",
)  # fmt: skip


def standings(tx: Tx) -> dict[str, Standing]:
    """Where every connector that ever ran stands."""
    return {row.connector: _standing(row) for row in tx.connection.execute(select(CONNECTIONS))}


def standing(tx: Tx, connector: str) -> Standing:
    """Where one connector stands."""
    query = select(CONNECTIONS).where(CONNECTIONS.c.connector == connector)
    row = tx.connection.execute(query).first()
    return Standing(connector) if row is None else _standing(row)


def take(tx: Tx, connector: str, token: str, now: str, until: str) -> Standing | None:
    """Takes a connector in hand, unless another process has it: then None. Runs of it that never
    ended are cut off."""
    found = standing(tx, connector)
    if found.in_hand(now):
        return None
    found.holder, found.held_until = token, until
    save(tx, found)
    tx.connection.execute(
        update(RUNS)
        .where(RUNS.c.connector == connector, RUNS.c.outcome == RUNNING)
        .values(outcome=CUT_OFF, ended=now, reason="The process that ran it ended.")
    )
    return found


def hold(tx: Tx, connector: str, token: str, until: str | None = None) -> None:
    """Raises HoldLost unless the token still holds the connector; holds it on until then."""
    known = CONNECTIONS.c
    query = select(known.holder).where(known.connector == connector)
    if tx.connection.execute(query).scalar() != token:
        raise HoldLost
    if until is not None:
        tx.connection.execute(
            update(CONNECTIONS).where(known.connector == connector).values(held_until=until)
        )


def move(tx: Tx, connector: str, position: Mapping[str, Any]) -> None:
    """The source now stands here."""
    tx.connection.execute(
        update(CONNECTIONS)
        .where(CONNECTIONS.c.connector == connector)
        .values(position=_text(position))
    )


def step(tx: Tx, run: Run, to: Mapping[str, Any] | None) -> None:
    """Nothing came; only where the source stands is another. Raises HoldLost."""
    hold(tx, run.connector, run.id)
    if to is not None:
        move(tx, run.connector, to)


def save(tx: Tx, found: Standing) -> None:
    """Writes where a connector stands."""
    row = (
        found.connector,
        _text(found.position),
        found.due,
        found.holder,
        found.held_until,
        found.failures,
        found.looked,
        found.reason,
    )
    tx.upsert(CONNECTIONS, [row], ("connector",))


def save_run(tx: Tx, run: Run) -> None:
    """Writes a run as far as it is."""
    detail = _text({"batches": run.batches, "notes": run.notes})
    row = (*(getattr(run, name) for name in _COLUMNS), detail)
    tx.upsert(RUNS, [row], ("id",))


def run(tx: Tx, name: str) -> Run | None:
    """One run."""
    row = tx.connection.execute(select(RUNS).where(RUNS.c.id == name)).first()
    return None if row is None else _run(row)


def runs(tx: Tx, connector: str | None, before: str = "", limit: int = 50) -> Sequence[Run]:
    """Runs, the newest first; of one connector where it is named, and that started earlier than
    `before`."""
    query = select(RUNS).order_by(RUNS.c.started.desc(), RUNS.c.id).limit(limit)
    if connector is not None:
        query = query.where(RUNS.c.connector == connector)
    if before:
        query = query.where(RUNS.c.started < before)
    return [_run(row) for row in tx.connection.execute(query)]


def latest_runs(tx: Tx) -> dict[str, Run]:
    """The newest run of every connector."""
    newest = (
        select(RUNS.c.connector, func.max(RUNS.c.started).label("started"))
        .group_by(RUNS.c.connector)
        .subquery()
    )
    query = select(RUNS).join(
        newest,
        (RUNS.c.connector == newest.c.connector) & (RUNS.c.started == newest.c.started),
    )
    return {row.connector: _run(row) for row in tx.connection.execute(query)}


def forget_runs(tx: Tx, before: str) -> int:
    """Forgets runs that ended before an instant and brought nothing."""
    known = RUNS.c
    found = tx.connection.execute(
        RUNS.delete().where(
            known.ended < before,
            or_(known.extracts == 0, known.accepted + known.rejected + known.deleted == 0),
        )
    )
    return int(found.rowcount)


def _standing(row: Any) -> Standing:
    position = msgspec.json.decode(row.position) if row.position else {}
    return Standing(
        row.connector,
        position,
        row.due,
        row.holder,
        row.held_until,
        row.failures,
        row.looked,
        row.reason,
    )


def _run(row: Any) -> Run:
    detail = msgspec.json.decode(row.detail)
    values = {name: getattr(row, name) for name in _COLUMNS}
    return Run(**values, batches=detail["batches"], notes=detail["notes"])


def _text(value: Mapping[str, Any]) -> str:
    return msgspec.json.encode(value).decode()
