"""Spending in exact pence: what a ledger's transactions come to, and how one of them moves it.

Rule: money is a whole number of pence, made from a decimal string without rounding. A positive
amount is spend, a negative one a credit; credits are stated as a positive number, so
net = spend - credits. A transaction counts once in its unit's month and once in its ledger's
control total, so the units add up to the control total.

A record without a date or an amount, or whose amount is not whole pence, is in no month. It is
not lost: the control total counts it as unplaced, with what it amounts to where that is known.
"""

import re
from collections.abc import Mapping
from typing import Any, NamedTuple

import msgspec

from shared.accounts.money import NotPence, pence
from shared.catalogue.model import Ledger
from shared.contracts import subjects
from shared.contracts.states import Control, Spend

_MONTH = re.compile(r"[0-9]{4}-(?:0[1-9]|1[0-2])\b", re.ASCII)


class Transaction(NamedTuple):
    """What a record is to a ledger. `month` is empty for one that no month can take; `refused`
    says why its amount could not be read."""

    unit: str
    month: str
    pence: int
    refused: str = ""


def transaction(ledger: Ledger, fields: Mapping[str, Any]) -> Transaction:
    """Reads a record as a transaction of the ledger."""
    unit = fields.get(ledger.unit)
    name = "" if unit is None else str(unit)
    amount = fields.get(ledger.amount)
    if amount is None:
        return Transaction(name, "", 0)
    try:
        exact = pence(amount)
    except NotPence as reason:
        return Transaction(name, "", 0, str(reason))
    month = _MONTH.match(str(fields.get(ledger.date)))
    return Transaction(name, month[0] if month else "", exact)


class Totals(msgspec.Struct):
    """A running position: the numbers of a Spend or a Control state, under the same names."""

    spend_pence: int = 0
    credits_pence: int = 0
    transactions: int = 0
    unplaced: int = 0
    unplaced_pence: int = 0

    def count(self, each: Transaction, times: int) -> None:
        """Adds a transaction (times 1) or takes it away again (times -1)."""
        if not each.month:
            self.unplaced += times
            self.unplaced_pence += each.pence * times
            return
        self.transactions += times
        if each.pence > 0:
            self.spend_pence += each.pence * times
        else:
            self.credits_pence -= each.pence * times

    def add(self, other: "Totals") -> None:
        """Adds what another position holds."""
        self.spend_pence += other.spend_pence
        self.credits_pence += other.credits_pence
        self.transactions += other.transactions
        self.unplaced += other.unplaced
        self.unplaced_pence += other.unplaced_pence


class Place(NamedTuple):
    """Where totals stand: a unit's month, or (without a month) the whole ledger."""

    ledger: str
    unit: str = ""
    month: str = ""

    @property
    def subject(self) -> str:
        """The subject of its state."""
        if self.month:
            return subjects.spend(self.ledger, self.unit, self.month)
        return subjects.control(self.ledger)


def places(ledger: str, each: Transaction) -> tuple[Place, ...]:
    """Where a transaction counts: always in the control total, and in its month if it has one."""
    if each.month:
        return Place(ledger), Place(ledger, each.unit, each.month)
    return (Place(ledger),)


def state(place: Place, totals: Totals) -> Spend | Control | None:
    """The state that totals are published as; None where no transaction is left."""
    if not totals.transactions and not totals.unplaced:
        return None
    spend, credit = totals.spend_pence, totals.credits_pence
    if place.month:
        return Spend(
            ledger=place.ledger,
            unit=place.unit,
            month=place.month,
            spend_pence=spend,
            credits_pence=credit,
            net_pence=spend - credit,
            transactions=totals.transactions,
        )
    return Control(
        ledger=place.ledger,
        transactions=totals.transactions,
        spend_pence=spend,
        credits_pence=credit,
        net_pence=spend - credit,
        unplaced=totals.unplaced,
        unplaced_pence=totals.unplaced_pence,
    )
