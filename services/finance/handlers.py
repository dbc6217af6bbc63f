"""Everything the finance service does: records of a ledger, a programme or a register in, what they
come to out.

Rule: `apply` costs what changed touches, not what is held; a recount of everything goes through the
same books, as if nothing had been said before. What a state says depends on records, definitions
and the business date in the store, never on a clock or an order.
"""

from collections.abc import Iterable, Iterator, Sequence

import msgspec

from services.finance.books.book import NOBODY
from services.finance.books.every import Books
from services.finance.world import Told, Worlds
from shared.catalogue.model import Catalogue
from shared.contracts.states import Record
from shared.contracts.topics import CATALOGUE, CONTRACTS, FINANCE, RECORDS
from shared.db.tx import Tx
from shared.delivery.change import Cause, Change, Statement
from shared.delivery.own import Own

_record = msgspec.json.Decoder(Record).decode

# Definitions on which what was said of every record may depend.
_DECIDING = ("accounts/", "ledger/", "service/")


class FinanceHandlers:
    """See shared.delivery.inbox.Handlers."""

    def __init__(self, worlds: Worlds, own: Own) -> None:
        self._worlds = worlds
        self._own = own

    def apply(self, changes: Sequence[Change], tx: Tx) -> Iterable[Statement]:
        """What these changes move, or everything when a definition says that it reads otherwise."""
        catalogue = self._worlds.catalogue(tx)
        deciding = [change.cause for change in changes if _decides(change, catalogue)]
        if deciding:
            self._worlds.structure_moved(tx)
            return self._restate(tx, max(deciding, key=lambda cause: cause.origin))
        records = [change for change in changes if change.topic == RECORDS]
        return self._move(tx, catalogue, records)

    def rebuild(self, tx: Tx) -> Iterable[Statement]:
        """Everything from the held records; what no record states any more is gone."""
        self._worlds.structure_moved(tx)
        return self._restate(tx, None)

    def pass_time(self, tx: Tx) -> Iterable[Statement]:
        """What follows from the date alone: periods end, decisions fall due, contracts expire."""
        days = self._worlds.days
        if days.move_on(tx) is None:
            return ()
        books = Books(self._worlds.view(tx))
        books.pass_time(Cause("", days.instant()))
        return books.settle()

    def _move(self, tx: Tx, catalogue: Catalogue, records: Sequence[Change]) -> Iterable[Statement]:
        told = []
        ledgers = {ledger.dataset for ledger in catalogue.ledgers.values()}
        for change in records:
            code = change.subject.partition("/")[0]
            dataset = catalogue.datasets.get(code)
            role = (dataset.role if dataset else None) or ""
            if not role and code not in ledgers:
                continue
            before = None if change.before is None else _record(change.before).fields
            after = None if change.after is None else _record(change.after).fields
            if before != after:
                told.append(Told(code, role, change.subject, before, after, change.cause))
        if any(each.role == "cost-centre" for each in told):
            self._worlds.structure_moved(tx)
        books = Books(self._worlds.view(tx))
        for each in told:
            books.take(each)
        return books.settle()

    def _restate(self, tx: Tx, cause: Cause | None) -> Iterator[Statement]:
        """Everything anew. `cause` is what made that needful; without one, each state names the
        newest of its own records."""
        world = self._worlds.view(tx, afresh=True)
        books = Books(world)
        for dataset in books.datasets:
            for told in self._worlds.records(tx, world.catalogue, dataset):
                books.take(told)
        stated = set()
        newest = NOBODY
        for statement in books.settle():
            stated.add((statement.topic, statement.subject))
            newest = max(newest, statement.cause, key=lambda each: each.origin)
            yield statement if cause is None else statement._replace(cause=cause)
        for topic in (FINANCE, CONTRACTS):
            for subject in self._own.subjects(tx, topic):
                if (topic, subject) not in stated:
                    yield Statement(topic, subject, None, cause or newest)


def _decides(change: Change, catalogue: Catalogue) -> bool:
    """Whether a definition says how records are read, or where money stands."""
    if change.topic != CATALOGUE:
        return False
    if change.subject.startswith(_DECIDING):
        return True
    kind, _, code = change.subject.partition("/")
    if kind != "dataset":
        return False
    # As it was, or as it is now: either may have a role.
    bodies = [body for body in (change.before, change.after) if body is not None]
    has_role = any(b'"role":' in body for body in bodies)
    return has_role or any(ledger.dataset == code for ledger in catalogue.ledgers.values())
