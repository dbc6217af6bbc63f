"""Questions about what stands beside positions (virements, savings, reserves, capital, control
totals, hints) that calls and pages both ask of a snapshot."""

from collections.abc import Callable, Iterable, Iterator
from typing import TypeVar

import msgspec

from services.publisher.domain.personal import for_everybody
from services.publisher.reading_finance import state_of
from services.publisher.readmodel import Snapshot
from services.publisher.store import repository
from services.publisher.store.tables import TABLES
from shared.contracts import subjects
from shared.contracts.capital import Scheme
from shared.contracts.finance import Hint, Reconciliation, Reserve, Saving, Virement
from shared.contracts.states import Record
from shared.contracts.topics import FINANCE, RECORDS
from shared.delivery.held import Held, HeldState

T = TypeVar("T")

_held = Held(TABLES)
_virement = msgspec.json.Decoder(Virement).decode
_saving = msgspec.json.Decoder(Saving).decode
_reserve = msgspec.json.Decoder(Reserve).decode
_reconciliation = msgspec.json.Decoder(Reconciliation).decode
_hint = msgspec.json.Decoder(Hint).decode
decode_scheme = msgspec.json.Decoder(Scheme).decode
_record = msgspec.json.Decoder(Record).decode


def virements(view: Snapshot, year: str) -> list[tuple[HeldState, Virement]]:
    """The virements of a year, by period and reference."""
    found = [each for each in _all(view, "virement/", _virement) if each[1].year == year]
    return sorted(found, key=lambda each: (each[1].period, each[1].reference))


def virement_years(view: Snapshot) -> list[str]:
    """The years that there are virements of, the newest first."""
    return sorted({each.year for _, each in _all(view, "virement/", _virement)}, reverse=True)


def savings(view: Snapshot, year: str) -> list[tuple[HeldState, Saving]]:
    """The savings of a year."""
    return list(_all(view, f"saving/{year}/", _saving))


def reserves(view: Snapshot, year: str) -> list[tuple[HeldState, Reserve]]:
    """The reserves of a year."""
    return list(_all(view, f"reserve/{year}/", _reserve))


def schemes(view: Snapshot) -> list[tuple[HeldState, Scheme]]:
    """The capital programme."""
    return list(_all(view, "scheme/", decode_scheme))


def scheme(view: Snapshot, code: str) -> tuple[HeldState, Scheme] | None:
    """One capital scheme."""
    subject = subjects.scheme(code)
    row = repository.rows(view.tx, FINANCE, [subject]).get(subject)
    return (state_of(row), decode_scheme(row.body or b"")) if row else None


def named_schemes(view: Snapshot, codes: Iterable[str]) -> dict[str, tuple[HeldState, Scheme]]:
    """Those of these capital schemes that exist, by code."""
    asked = {subjects.scheme(code): code for code in codes}
    rows = repository.rows(view.tx, FINANCE, asked)
    return {
        asked[name]: (state_of(row), decode_scheme(row.body or b"")) for name, row in rows.items()
    }


def reconciliations(view: Snapshot, year: str) -> list[tuple[HeldState, Reconciliation]]:
    """Control totals of a year: its periods, and the batches that belong to it or to no year."""
    return [
        each
        for each in _all(view, "reconciliation/", _reconciliation)
        if each[1].year in (year, "")
    ]


def hints(view: Snapshot, ledger: str = "") -> list[tuple[HeldState, Hint]]:
    """Payments worth a look, the largest first."""
    prefix = f"hint/{ledger}/" if ledger else "hint/"
    found = list(_all(view, prefix, _hint))
    return sorted(found, key=lambda each: (-each[1].total_pence, each[0].subject))


def records(view: Snapshot, named: Iterable[str]) -> list[Record]:
    """Those of some records that are held."""
    found = repository.rows(view.tx, RECORDS, named)
    return [
        for_everybody(view.catalogue, _record(row.body))
        for row in found.values()
        if row.body is not None
    ]


def _all(
    view: Snapshot, prefix: str, decode: Callable[[bytes], T]
) -> Iterator[tuple[HeldState, T]]:
    for state in _held.scan(view.tx, FINANCE, prefix):
        yield state, decode(state.body)
