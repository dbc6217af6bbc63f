"""Which records stand behind a cost centre: kept as records come and go.

Rule: a record is in the index exactly while it is held, its dataset has a role with a cost centre,
and it says a year. One row for each changed record, and nothing else is read for it; only when the
role of a dataset changes are its records gone through again.
"""

from collections.abc import Sequence
from typing import Any

import msgspec

from services.publisher.store import ledger_lines
from services.publisher.store.ledger_lines import LedgerLine
from shared.accounts.calendar import when_of
from shared.catalogue.model import Dataset
from shared.contracts.topics import CATALOGUE, RECORDS
from shared.db.tx import Tx
from shared.delivery.change import Change
from shared.delivery.definitions import Definitions
from shared.delivery.held import Held

ROLES = frozenset({"posting", "budget", "virement", "commitment", "forecast"})
BATCH_ROWS = 2_000


class _Fields(msgspec.Struct, gc=False):
    """The fields that say where a record stands; the others are passed over unread."""

    cost_centre: Any = None
    subjective: Any = None
    year: Any = None
    period: Any = None
    date: Any = None


class _Body(msgspec.Struct, gc=False):
    fields: _Fields


_decode = msgspec.json.Decoder(_Body).decode
_decode_dataset = msgspec.json.Decoder(Dataset).decode


def line(subject: str, role: str, body: bytes) -> LedgerLine | None:
    """Where a record stands; None where it names no cost centre or no year."""
    try:
        fields = _decode(body).fields
    except msgspec.MsgspecError:
        return None
    try:
        when = when_of({"period": fields.period, "year": fields.year, "date": fields.date})
    except (ValueError, TypeError):
        when = None
    year = when.year if when else str(fields.year or "")
    if fields.cost_centre in (None, "") or not year:
        return None
    return LedgerLine(
        subject=subject,
        role=role,
        year=year,
        cost_centre=str(fields.cost_centre),
        period=when.period if when else 0,
        subjective=str(fields.subjective if fields.subjective is not None else ""),
    )


class LedgerIndex:
    """Keeps `ledger_lines`."""

    def __init__(self, held: Held, definitions: Definitions) -> None:
        self._held = held
        self._definitions = definitions

    def apply(self, changes: Sequence[Change], tx: Tx) -> None:
        """Follows a batch of changes."""
        records = [each for each in changes if each.topic == RECORDS]
        moved = [each for each in changes if each.topic == CATALOGUE and _role_changed(each)]
        if not records and not moved:
            return
        roles = self._roles(tx)
        again = {each.subject.partition("/")[2] for each in moved}
        for dataset in sorted(again):
            ledger_lines.forget_dataset(tx, dataset)
            self._go_through(tx, dataset, roles.get(dataset, ""))
        self._follow(tx, [each for each in records if _dataset(each.subject) not in again], roles)

    def rebuild(self, tx: Tx) -> None:
        """Makes the index anew from all records that are held."""
        ledger_lines.forget_all(tx)
        for dataset, role in self._roles(tx).items():
            self._go_through(tx, dataset, role)

    def _follow(self, tx: Tx, changes: list[Change], roles: dict[str, str]) -> None:
        kept, gone = [], []
        for change in changes:
            role = roles.get(_dataset(change.subject))
            if role is None:
                continue
            found = line(change.subject, role, change.after) if change.after else None
            if found is not None:
                kept.append(found)
            elif change.before is not None:
                gone.append(change.subject)
        ledger_lines.forget(tx, gone)
        ledger_lines.keep(tx, kept)

    def _roles(self, tx: Tx) -> dict[str, str]:
        datasets = self._definitions.read(tx).datasets.values()
        return {each.code: each.role for each in datasets if each.role in ROLES and each.role}

    def _go_through(self, tx: Tx, dataset: str, role: str) -> None:
        if role not in ROLES:
            return
        rows: list[LedgerLine] = []
        for state in self._held.scan(tx, RECORDS, f"{dataset}/"):
            found = line(state.subject, role, state.body)
            if found is not None:
                rows.append(found)
            if len(rows) >= BATCH_ROWS:
                ledger_lines.keep(tx, rows)
                rows = []
        ledger_lines.keep(tx, rows)


def _dataset(subject: str) -> str:
    return subject.partition("/")[0]


def _role_changed(change: Change) -> bool:
    if not change.subject.startswith("dataset/"):
        return False
    before, after = (
        _decode_dataset(body).role if body else None for body in (change.before, change.after)
    )
    return before != after
