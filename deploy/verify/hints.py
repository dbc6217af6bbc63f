"""Payments that somebody should look at, worked out again from each ledger's records.

Rule: a supplier's name is compared without capitals and with single spaces; one that is blank or
redacted makes no hint, nor does a payment without a day or an amount above nought. Where a ledger
has invoices, duplicates are of one invoice, and those without one are none. Of more than MOST
payments that belong together there is no hint.
Expected hints are sets of records, by ledger and kind.
"""

from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from fractions import Fraction
from typing import NamedTuple
from urllib.parse import quote

from deploy.verify.dates import days_between
from deploy.verify.money import pence
from deploy.verify.source import Definitions, Json, Record

DUPLICATE, SPLIT = "duplicate", "split"
MOST = 500
# By ledger and kind, which records belong together.
Hints = dict[tuple[str, str], set[frozenset[str]]]


class Payment(NamedTuple):
    """A payment of a ledger that a hint may be made of; the first by its day comes first."""

    day: str
    record: str
    unit: str
    supplier: str
    invoice: str
    amount: int


def squeezed(name: object) -> str:
    """A name without capitals and with single spaces."""
    return " ".join(str(name if name is not None else "").split()).casefold()


def payments(ledger: Json, records: Sequence[Record]) -> Iterator[Payment]:
    """The payments that a hint may be made of."""
    nobody = {"", *(squeezed(name) for name in ledger.get("redacted") or ())}
    for key, fields in records:
        supplier = squeezed(fields.get(ledger["supplier"]))
        amount, day = pence(fields.get(ledger["amount"])), str(fields.get(ledger["date"]) or "")
        if supplier in nobody or amount is None or amount <= 0 or not day:
            continue
        unit, invoice = fields.get(ledger["unit"]), fields.get(ledger.get("invoice") or "")
        yield Payment(
            date.fromisoformat(day[:10]).isoformat(),
            f"{ledger['dataset']}/{quote(key, safe='')}",
            "" if unit is None else str(unit),
            supplier,
            "" if invoice is None else str(invoice).strip(),
            amount,
        )


def duplicates(ledger: Json, paid: Sequence[Payment]) -> set[frozenset[str]]:
    """Payments of one amount to one supplier, each within so many days of the one before."""
    alike: dict[tuple[str, int, str], list[Payment]] = {}
    for each in sorted(paid):
        if ledger.get("invoice") and not each.invoice:
            continue
        alike.setdefault((each.supplier, each.amount, each.invoice), []).append(each)
    longest = int(ledger.get("duplicate_days", 30))
    found = set()
    for payments_alike in alike.values():
        run = [payments_alike[0]]
        for each in payments_alike[1:]:
            if days_between(run[-1].day, each.day) > longest:
                found.add(frozenset(one.record for one in run))
                run = []
            run.append(each)
        found.add(frozenset(one.record for one in run))
    return {records for records in found if 1 < len(records) <= MOST}


def splits(ledger: Json, paid: Sequence[Payment]) -> set[frozenset[str]]:
    """Payments of one unit to one supplier on a day, each below a limit and together not."""
    if ledger.get("split_from") is None:
        return set()
    limit = Fraction(str(ledger["split_from"])) * 100
    together: dict[tuple[str, str, str], list[Payment]] = {}
    for each in paid:
        if each.amount < limit:
            together.setdefault((each.unit, each.supplier, each.day), []).append(each)
    return {
        frozenset(each.record for each in group)
        for group in together.values()
        if 1 < len(group) <= MOST and sum(each.amount for each in group) >= limit
    }


def hints(definitions: Definitions, records: Mapping[str, Sequence[Record]]) -> Hints:
    """Every hint that must be published."""
    found: Hints = {}
    for code, ledger in definitions.of("ledger").items():
        if ledger.get("supplier"):
            paid = list(payments(ledger, records.get(ledger["dataset"], ())))
            found[code, DUPLICATE] = duplicates(ledger, paid)
            found[code, SPLIT] = splits(ledger, paid)
    return found
