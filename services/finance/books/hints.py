"""Hints: payments of a ledger that may be duplicates, or parts of one purchase.

Rule: what hints compare is kept in a table by the marks that payments share. A change reads only
what is near its payment, and a run of payments is followed only as far as it can be hinted at; so a
standing payment of many years costs no more than its neighbourhood. Runs and groups as they were
and as they are give what is gone and what is new.
"""

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Sequence
from itertools import groupby, islice
from typing import ClassVar, NamedTuple

import msgspec

from services.finance.books.book import NOBODY, later
from services.finance.domain.hints import (
    DUPLICATE,
    MOST,
    SPLIT,
    Payment,
    alike_of,
    duplicates,
    hint,
    near,
    parts,
    payment,
    runs,
    squeezed,
    stretch,
    subject,
)
from services.finance.store.repository import PaymentRow, Payments
from services.finance.world import Told, World
from shared.catalogue.model import Ledger
from shared.contracts.topics import FINANCE
from shared.delivery.change import Cause, Statement

PAGE = 2_000

_encode = msgspec.json.Encoder().encode

Run = tuple[Payment, ...]


class _Changed(NamedTuple):
    """What a record was and is to a ledger's hints."""

    before: Payment | None
    after: Payment | None
    cause: Cause


class Hints:
    """See Book. It takes what ledgers that name a supplier name, whatever its role."""

    ROLES: ClassVar[tuple[str, ...]] = ()

    def __init__(self, world: World) -> None:
        self._world = world
        self._payments = Payments(world.tx)
        self._ledgers: defaultdict[str, list[tuple[Ledger, frozenset[str]]]] = defaultdict(list)
        self._days: dict[str, int] = {}
        for ledger in world.catalogue.ledgers.values():
            if ledger.supplier is not None:
                nobody = frozenset(map(squeezed, ledger.redacted))
                self._ledgers[ledger.dataset].append((ledger, nobody))
                self._days[ledger.code] = ledger.duplicate_days
        self._changed: dict[tuple[str, str], _Changed] = {}
        self._new: list[PaymentRow] = []
        self._emptied = False

    def take(self, told: Told) -> None:
        """Takes in what a record was and is."""
        for ledger, nobody in self._ledgers.get(told.dataset, ()):
            after = payment(ledger, nobody, told.record, told.after)
            if self._world.afresh:
                if after is not None:
                    self._note(after)
                continue
            before = payment(ledger, nobody, told.record, told.before)
            if before != after:
                self._changed[ledger.code, told.record] = _Changed(before, after, told.cause)

    def pass_time(self, cause: Cause) -> None:
        """Nothing here depends on the day."""

    def settle(self) -> Iterator[Statement]:
        """The hints that moved; all of them in a recount."""
        if self._world.afresh:
            yield from self._recounted()
            return
        alike, together = self._by_mark("alike"), self._by_mark("together")
        said = [
            *self._moved(DUPLICATE, alike, *self._runs(alike), duplicates),
            *self._moved(SPLIT, together, *self._groups(together), self._parts),
        ]
        self._write()
        yield from said

    # A change.

    def _by_mark(self, name: str) -> dict[str, list[_Changed]]:
        found: defaultdict[str, list[_Changed]] = defaultdict(list)
        for changed in self._changed.values():
            marks = {getattr(each, name) for each in changed[:2] if each is not None}
            for mark in marks - {""}:
                found[mark].append(changed)
        return found

    def _runs(self, alike: dict[str, list[_Changed]]) -> tuple[set[Run], set[Run]]:
        """The runs near what changed, as they were and as they are."""
        rows: defaultdict[str, dict[str, Payment]] = defaultdict(dict)
        seen: set[tuple[str, int]] = set()
        found = {mark: (set[Run](), set[Run]()) for mark in alike}
        wanted = {
            (mark, number)
            for mark, changes in alike.items()
            for changed in changes
            for each in changed[:2]
            if each is not None and each.alike == mark
            for number in self._around(each)
        }
        while wanted:
            seen |= wanted
            for row in self._payments.of("near", [near(*each) for each in wanted]):
                each = _payment(row)
                rows[each.alike][each.record] = each
            marks = {mark for mark, _ in wanted}
            wanted = set()
            for mark in marks:
                days = self._days_of(alike[mark])
                was, now = _was_and_now(mark, "alike", rows[mark], alike[mark])
                found[mark] = set(runs(was, days)), set(runs(now, days))
                for run in found[mark][0] ^ found[mark][1]:
                    if len(run) <= MOST:  # a longer one is no hint, wherever it ends
                        ends = {*self._around(run[0]), *self._around(run[-1])}
                        wanted |= {(mark, number) for number in ends} - seen
        return (
            {run for was, _ in found.values() for run in was},
            {run for _, now in found.values() for run in now},
        )

    def _around(self, each: Payment) -> tuple[int, int, int]:
        number = stretch(each.day, self._days[each.ledger])
        return number - 1, number, number + 1

    def _days_of(self, changes: Sequence[_Changed]) -> int:
        either = changes[0].after or changes[0].before
        assert either is not None
        return self._days[either.ledger]

    def _groups(self, together: dict[str, list[_Changed]]) -> tuple[set[Run], set[Run]]:
        """What was paid together where something changed, as it was and as it is."""
        rows: defaultdict[str, dict[str, Payment]] = defaultdict(dict)
        for row in self._payments.of("together", together):
            each = _payment(row)
            rows[each.together][each.record] = each
        before, after = set(), set()
        for mark, changes in together.items():
            was, now = _was_and_now(mark, "together", rows[mark], changes)
            before.add(tuple(sorted(was)))
            after.add(tuple(sorted(now)))
        return before, after

    def _parts(self, group: Run) -> bool:
        return bool(group) and parts(self._world.catalogue.ledgers[group[0].ledger], group)

    def _moved(
        self,
        kind: str,
        by_mark: dict[str, list[_Changed]],
        before: set[Run],
        after: set[Run],
        worth: Callable[[Run], bool],
    ) -> Iterator[Statement]:
        said: dict[str, Statement] = {}
        for groups, there in ((before - after, False), (after - before, True)):
            for group in filter(worth, groups):
                first = group[0]
                mark = first.alike if kind == DUPLICATE else first.together
                body = _encode(hint(kind, group)) if there else None
                name = subject(kind, group)
                said[name] = Statement(FINANCE, name, body, self._cause(group, by_mark[mark]))
        return iter(said.values())

    def _cause(self, group: Run, changes: Iterable[_Changed]) -> Cause:
        """The newest change of one of these payments, else of one that stood among them."""
        cause = None
        for each in group:
            changed = self._changed.get((each.ledger, each.record))
            if changed is not None:
                cause = later(cause, changed.cause)
        for changed in () if cause is not None else changes:
            cause = later(cause, changed.cause)
        return cause or NOBODY

    def _write(self) -> None:
        gone: defaultdict[str, list[str]] = defaultdict(list)
        for (ledger, record), changed in self._changed.items():
            if changed.after is None:
                gone[ledger].append(record)
            else:
                self._note(changed.after)
        self._keep()
        for ledger, records in gone.items():
            self._payments.forget(ledger, records)

    # A recount.

    def _recounted(self) -> Iterator[Statement]:
        self._empty()
        self._keep()
        found = self._hints()
        while page := list(islice(found, PAGE)):
            causes = self._payments.causes({each.record for _, group in page for each in group})
            for kind, group in page:
                cause = max((causes[each.record] for each in group), key=lambda each: each.origin)
                yield Statement(FINANCE, subject(kind, group), _encode(hint(kind, group)), cause)

    def _hints(self) -> Iterator[tuple[str, Run]]:
        by_near = map(_payment, self._payments.all_by("near"))
        for _, alike in groupby(by_near, key=lambda each: each.alike):
            group = list(alike)
            for run in filter(duplicates, runs(group, self._days[group[0].ledger])):
                yield DUPLICATE, run
        by_day = map(_payment, self._payments.all_by("together"))
        for _, together in groupby(by_day, key=lambda each: each.together):
            run = tuple(together)
            if self._parts(run):
                yield SPLIT, run

    # The table.

    def _note(self, each: Payment) -> None:
        number = stretch(each.day, self._days[each.ledger])
        self._new.append(
            PaymentRow(
                each.ledger,
                each.record,
                near(each.alike, number) if each.alike else None,
                each.together or None,
                each.day,
                each.pence,
                each.unit,
            )
        )
        if len(self._new) >= PAGE:
            self._keep()

    def _keep(self) -> None:
        if self._world.afresh:
            self._empty()
        self._payments.keep(self._new)
        self._new = []

    def _empty(self) -> None:
        if not self._emptied:
            self._payments.forget_all()
            self._emptied = True


def _payment(row: PaymentRow) -> Payment:
    alike = alike_of(row.near) if row.near is not None else ""
    return Payment(row.day, row.record, row.ledger, alike, row.together or "", row.pence, row.unit)


def _was_and_now(
    mark: str, name: str, rows: dict[str, Payment], changes: Iterable[_Changed]
) -> tuple[list[Payment], list[Payment]]:
    """The payments of a mark that are in the table, and what they are after the changes."""
    now = dict(rows)
    for changed in changes:
        if changed.before is not None:
            now.pop(changed.before.record, None)
        if changed.after is not None and getattr(changed.after, name) == mark:
            now[changed.after.record] = changed.after
    return list(rows.values()), list(now.values())
