"""Control totals: what the ledger says its postings come to, beside what is held of them.

Rule: every posting counts once in its period, or among those that no period takes, and once in its
batch if it has one. Where the ledger has said nothing there is no verdict.
"""

from collections import defaultdict
from collections.abc import Iterator
from typing import ClassVar

import msgspec

from services.finance.books.book import later, pence_or_nought
from services.finance.world import Fields, Told, World
from shared.accounts.calendar import When, when_code, when_of
from shared.contracts import subjects
from shared.contracts.finance import Reconciliation, Stated
from shared.contracts.topics import FINANCE
from shared.delivery.change import Cause, Statement

UNPLACED = "unplaced"

_encode = msgspec.json.Encoder().encode
_reconciliation = msgspec.json.Decoder(Reconciliation).decode


# What is reconciled: a period, or a batch, by its code.
Scope = tuple[str, str]


class Reconciliations:
    """See Book. Roles: posting, control-total."""

    ROLES: ClassVar[tuple[str, ...]] = ("posting", "control-total")

    def __init__(self, world: World) -> None:
        self._world = world
        self._sums: defaultdict[Scope, list[int]] = defaultdict(lambda: [0, 0])
        self._stated: defaultdict[Scope, dict[str, Stated | None]] = defaultdict(dict)
        self._when: dict[Scope, When] = {}
        self._causes: dict[Scope, Cause] = {}

    def take(self, told: Told) -> None:
        """Takes away what a record counted, and counts what it is."""
        for fields, times in ((told.before, -1), (told.after, 1)):
            if fields is None:
                continue
            amount = pence_or_nought(told, fields.get("amount"))
            if told.role == "posting":
                for scope in self._scopes(fields):
                    sums = self._sums[scope]
                    sums[0] += times
                    sums[1] += times * amount
                    self._causes[scope] = later(self._causes.get(scope), told.cause)
            else:
                self._state(told, fields, amount, there=times == 1)

    def _scopes(self, fields: Fields) -> Iterator[Scope]:
        when = when_of(fields)
        if when is None:
            yield "period", UNPLACED
        else:
            yield self._period(when)
        if fields.get("batch"):
            yield "batch", str(fields["batch"])

    def _period(self, when: When) -> Scope:
        scope = ("period", when_code(when))
        self._when[scope] = when
        return scope

    def _state(self, told: Told, fields: Fields, amount: int, *, there: bool) -> None:
        """A total is a batch's where it names one, else a period's."""
        when = when_of(fields)
        if fields.get("batch"):
            scope = ("batch", str(fields["batch"]))
        elif when is not None:
            scope = self._period(when)
        else:
            scope = ("period", UNPLACED)
        count = fields.get("transactions")
        stated = Stated(amount, None if count is None else int(count)) if there else None
        self._stated[scope][told.record] = stated
        self._causes[scope] = later(self._causes.get(scope), told.cause)

    def pass_time(self, cause: Cause) -> None:
        """Nothing here depends on the day."""

    def settle(self) -> Iterator[Statement]:
        """The reconciliations that moved."""
        named = {scope: subjects.reconciliation(*scope) for scope in self._causes}
        known = self._world.known(FINANCE, named.values())
        for scope, subject in named.items():
            old = _reconciliation(known[subject]) if subject in known else None
            new = self._settled(scope, old)
            body = None if new is None else _encode(new)
            yield Statement(FINANCE, subject, body, self._causes[scope])

    def _settled(self, scope: Scope, old: Reconciliation | None) -> Reconciliation | None:
        count, amount = self._sums.get(scope, (0, 0))
        stated: dict[str, Stated] = {}
        if old is not None:
            count, amount = count + old.transactions, amount + old.amount
            stated = dict(old.stated)
        for record, each in self._stated.get(scope, {}).items():
            if each is None:
                stated.pop(record, None)
            else:
                stated[record] = each
        if not count and not stated:
            return None
        when = self._when.get(scope)
        found = Reconciliation(
            scope=scope[0],
            code=scope[1],
            transactions=count,
            amount=amount,
            difference=None,
            agrees=None,
            year=when.year if when else "",
            period=when.period if when else 0,
            stated=dict(sorted(stated.items())),
        )
        if stated:
            _compare(found)
        return found


def _compare(found: Reconciliation) -> None:
    """Holds what is held beside what is stated."""
    totals = list(found.stated.values())
    found.difference = found.amount - sum(each.amount for each in totals)
    counts = [each.transactions for each in totals if each.transactions is not None]
    if len(counts) == len(totals):
        found.missing_transactions = sum(counts) - found.transactions
    found.agrees = not found.difference and not found.missing_transactions
