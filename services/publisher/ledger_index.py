"""Which records stand behind a cost centre, a contract and a scheme: kept as records come and go.

Rule: a record is in an index exactly while it is held, its dataset has a role that counts there, it
names what it counts under, and it says a year. A row or two for each changed record, and nothing
else is read for it; only when the role of a dataset changes are its records gone through again.
"""

from collections.abc import Sequence
from typing import Any, NamedTuple

import msgspec

from services.publisher.store import ledger_lines, ledger_references
from services.publisher.store.ledger_lines import LedgerLine
from services.publisher.store.ledger_references import CONTRACT, SCHEME, Reference
from shared.accounts.calendar import when_of
from shared.catalogue.model import Dataset
from shared.contracts.topics import CATALOGUE, RECORDS
from shared.db.tx import Tx
from shared.delivery.change import Change
from shared.delivery.definitions import Definitions
from shared.delivery.held import Held

OF_COST_CENTRES = frozenset({"posting", "budget", "virement", "commitment", "forecast"})
PAYMENTS = frozenset({"posting", "capital-posting"})
ROLES = OF_COST_CENTRES | PAYMENTS
BATCH_ROWS = 2_000


class _Fields(msgspec.Struct, gc=False):
    """The fields that say where a record stands; the others are passed over unread."""

    cost_centre: Any = None
    subjective: Any = None
    year: Any = None
    period: Any = None
    date: Any = None
    contract: Any = None
    scheme: Any = None


class _Body(msgspec.Struct, gc=False):
    fields: _Fields


_decode = msgspec.json.Decoder(_Body).decode
_decode_dataset = msgspec.json.Decoder(Dataset).decode


class _Rows(NamedTuple):
    """What a record is in both indexes."""

    lines: list[LedgerLine]
    references: list[Reference]


def rows(subject: str, role: str, body: bytes) -> _Rows:
    """Where a record stands: nowhere where it names no year."""
    try:
        fields = _decode(body).fields
    except msgspec.MsgspecError:
        return _Rows([], [])
    try:
        when = when_of({"period": fields.period, "year": fields.year, "date": fields.date})
    except (ValueError, TypeError):
        when = None
    year, period = when or (str(fields.year or ""), 0)
    found = _Rows([], [])
    if not year:
        return found
    if role in OF_COST_CENTRES and fields.cost_centre not in (None, ""):
        account = str(fields.subjective if fields.subjective is not None else "")
        centre = str(fields.cost_centre)
        found.lines.append(LedgerLine(subject, role, year, centre, period, account))
    if role in PAYMENTS:
        for kind, named in ((CONTRACT, fields.contract), (SCHEME, fields.scheme)):
            if named not in (None, "") and (kind == CONTRACT or role == "capital-posting"):
                found.references.append(Reference(subject, kind, str(named), year, period))
    return found


class LedgerIndex:
    """Keeps `ledger_lines` and `ledger_references`."""

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
            ledger_references.forget_dataset(tx, dataset)
            self._go_through(tx, dataset, roles.get(dataset, ""))
        self._follow(tx, [each for each in records if _dataset(each.subject) not in again], roles)

    def rebuild(self, tx: Tx) -> None:
        """Makes the index anew from all records that are held."""
        ledger_lines.forget_all(tx)
        ledger_references.forget_all(tx)
        for dataset, role in self._roles(tx).items():
            self._go_through(tx, dataset, role)

    def _follow(self, tx: Tx, changes: list[Change], roles: dict[str, str]) -> None:
        kept, known = _Rows([], []), []
        for change in changes:
            role = roles.get(_dataset(change.subject))
            if role is None:
                continue
            if change.before is not None:
                known.append(change.subject)
            if change.after is not None:
                found = rows(change.subject, role, change.after)
                kept.lines.extend(found.lines)
                kept.references.extend(found.references)
        ledger_lines.forget(tx, known)
        ledger_references.forget(tx, known)
        _keep(tx, kept)

    def _roles(self, tx: Tx) -> dict[str, str]:
        datasets = self._definitions.read(tx).datasets.values()
        return {each.code: each.role for each in datasets if each.role in ROLES and each.role}

    def _go_through(self, tx: Tx, dataset: str, role: str) -> None:
        if role not in ROLES:
            return
        kept = _Rows([], [])
        for state in self._held.scan(tx, RECORDS, f"{dataset}/"):
            found = rows(state.subject, role, state.body)
            kept.lines.extend(found.lines)
            kept.references.extend(found.references)
            if len(kept.lines) + len(kept.references) >= BATCH_ROWS:
                _keep(tx, kept)
                kept = _Rows([], [])
        _keep(tx, kept)


def _keep(tx: Tx, kept: _Rows) -> None:
    ledger_lines.keep(tx, kept.lines)
    ledger_references.keep(tx, kept.references)


def _dataset(subject: str) -> str:
    return subject.partition("/")[0]


def _role_changed(change: Change) -> bool:
    if not change.subject.startswith("dataset/"):
        return False
    before, after = (
        _decode_dataset(body).role if body else None for body in (change.before, change.after)
    )
    return before != after
