"""Payments that somebody should look at: which belong together, and what is said of them.

Rule: a payment may be a duplicate of another of the same supplier, amount and (where the ledger has
invoices) invoice. Payments that follow each other within so many days make a run, and a run of two
or more is hinted at; so is what one unit paid one supplier on a day in parts below a limit that
they reach together. More than `MOST` of them are a standing arrangement, and no hint.
"""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from hashlib import blake2b
from typing import Any, NamedTuple

import msgspec

from shared.accounts.money import NotPence, pence
from shared.catalogue.accounts import Ledger
from shared.contracts import subjects
from shared.contracts.fields import iso_day, text
from shared.contracts.finance import Hint

DUPLICATE, SPLIT = "duplicate", "split"
# So that a hint can be read, and no state grows with its ledger.
MOST = 500
_DIGEST = 12


class Payment(NamedTuple):
    """A payment as hints compare it, the first by its day in front. `alike` marks those that it may
    be a duplicate of and `together` those that it may be a part with; empty: none."""

    day: str
    record: str
    ledger: str
    alike: str
    together: str
    pence: int
    unit: str


def squeezed(name: Any) -> str:
    """A name without capitals, and with single spaces."""
    return " ".join(str("" if name is None else name).split()).casefold()


def payment(
    ledger: Ledger, nobody: frozenset[str], record: str, fields: Mapping[str, Any] | None
) -> Payment | None:
    """What a record is to a ledger's hints; None where no hint can be made of it. `nobody` are the
    squeezed names that stand for no supplier."""
    if fields is None or ledger.supplier is None:
        return None
    supplier, day = squeezed(fields.get(ledger.supplier)), iso_day(fields, ledger.date)
    if not supplier or supplier in nobody or not day:
        return None
    try:
        amount = pence(fields.get(ledger.amount))
    except NotPence:
        return None  # the ledger's spending says so
    if amount <= 0:
        return None
    unit = fields.get(ledger.unit)
    name = "" if unit is None else str(unit)
    alike = together = ""
    invoice = None if ledger.invoice is None else text(fields, ledger.invoice).strip()
    if invoice != "":
        alike = _mark(ledger.code, supplier, amount, invoice)
    limit = ledger.split_from
    if limit is not None and amount < limit * 100:
        together = _mark(ledger.code, supplier, name, day)
    if not alike and not together:
        return None
    return Payment(day, record, ledger.code, alike, together, amount, name)


def _mark(*parts: Any) -> str:
    return blake2b(msgspec.json.encode(parts), digest_size=_DIGEST).hexdigest()


def stretch(day: str, days: int) -> int:
    """The number of the stretch of time that a day is in. Days no more than `days` apart are in the
    same one or in neighbouring ones."""
    return date.fromisoformat(day).toordinal() // (days + 1)


def near(alike: str, number: int) -> str:
    """The mark of payments that are alike, of one stretch of time: in order within their mark."""
    return f"{alike}{number:07}"


def alike_of(near_mark: str) -> str:
    """The mark of the payments that are alike, of any time."""
    return near_mark[: 2 * _DIGEST]


def runs(payments: Iterable[Payment], days: int) -> list[tuple[Payment, ...]]:
    """Payments that are alike, cut where more than `days` lie between one and the next."""
    found: list[list[Payment]] = []
    last = 0
    for each in sorted(payments):
        ordinal = date.fromisoformat(each.day).toordinal()
        if found and ordinal - last <= days:
            found[-1].append(each)
        else:
            found.append([each])
        last = ordinal
    return [tuple(run) for run in found]


def duplicates(run: Sequence[Payment]) -> bool:
    """Whether a run is worth a hint."""
    return 2 <= len(run) <= MOST


def parts(ledger: Ledger, group: Sequence[Payment]) -> bool:
    """Whether what was paid together is worth a hint."""
    limit = ledger.split_from
    if limit is None or not 2 <= len(group) <= MOST:
        return False
    return sum(each.pence for each in group) >= limit * 100


def subject(kind: str, group: Sequence[Payment]) -> str:
    """The subject of the hint on payments in order: it is named by the first of them."""
    first = group[0]
    mark = first.alike if kind == DUPLICATE else first.together
    return subjects.hint(first.ledger, kind, _mark(mark, first.record))


def hint(kind: str, group: Sequence[Payment]) -> Hint:
    """The hint on payments in order."""
    first = group[0]
    units = {each.unit for each in group}
    return Hint(
        ledger=first.ledger,
        hint=kind,
        records=[each.record for each in group],
        each_pence=first.pence if kind == DUPLICATE else 0,
        total_pence=sum(each.pence for each in group),
        first=first.day,
        last=group[-1].day,
        unit=first.unit if len(units) == 1 else "",
    )
