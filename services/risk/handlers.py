"""Everything the risk service does: registers, plans and what people say in, what follows from
them out.

Rule: `apply` costs what changed touches, not what is held; a recount of everything goes through the
same books, as if nothing had been said before. What a state says depends on records, definitions,
what other services say and the business date in the store, never on a clock or an order.
"""

from collections.abc import Iterable, Iterator, Sequence

import msgspec

from services.risk.books.book import NOBODY
from services.risk.books.every import Books
from services.risk.world import Heard, Told, Worlds
from shared.catalogue.model import Catalogue
from shared.contracts.states import Record
from shared.contracts.topics import CATALOGUE, RECORDS, RISKS
from shared.db.tx import Tx
from shared.delivery.change import Cause, Change, Statement
from shared.delivery.own import Own

_record = msgspec.json.Decoder(Record).decode

# Definitions on which what was said of every record may depend.
_DECIDING = (
    "risk-matrix/", "risk-policy/", "review-cycle/", "person/", "service/", "indicator/",
    "accounts/",
)  # fmt: skip


class RiskHandlers:
    """See shared.delivery.inbox.Handlers."""

    def __init__(self, worlds: Worlds, own: Own) -> None:
        self._worlds = worlds
        self._own = own

    def apply(self, changes: Sequence[Change], tx: Tx) -> Iterable[Statement]:
        """What these changes move, or everything when a definition says that it reads otherwise."""
        deciding = [change.cause for change in changes if _decides(change)]
        if deciding:
            return self._restate(tx, max(deciding, key=lambda cause: cause.origin))
        return self._move(tx, self._worlds.catalogue(tx), changes)

    def rebuild(self, tx: Tx) -> Iterable[Statement]:
        """Everything from what is held; what nothing states any more is gone."""
        return self._restate(tx, None)

    def pass_time(self, tx: Tx) -> Iterable[Statement]:
        """What follows from the date alone: reviews and actions fall due."""
        days = self._worlds.days
        if days.move_on(tx) is None:
            return ()
        books = Books(self._worlds.view(tx))
        books.pass_time(Cause("", days.instant()))
        return books.settle()

    def _move(self, tx: Tx, catalogue: Catalogue, changes: Sequence[Change]) -> Iterable[Statement]:
        books = Books(self._worlds.view(tx))
        for change in changes:
            if change.topic == RECORDS:
                told = _told(change, catalogue)
                if told is not None:
                    books.take(told)
            elif change.topic != CATALOGUE:
                books.hear(
                    Heard(change.topic, change.subject, change.before, change.after, change.cause)
                )
        return books.settle()

    def _restate(self, tx: Tx, cause: Cause | None) -> Iterator[Statement]:
        """Everything anew. `cause` is what made that needful; without one, each state names the
        newest of its own records."""
        world = self._worlds.view(tx, afresh=True)
        books = Books(world)
        for dataset in books.datasets:
            for told in world.records(dataset):
                books.take(told)
        stated = set()
        newest = NOBODY
        for statement in books.settle():
            stated.add(statement.subject)
            newest = max(newest, statement.cause, key=lambda each: each.origin)
            yield statement if cause is None else statement._replace(cause=cause)
        for subject in self._own.subjects(tx, RISKS):
            if subject not in stated:
                yield Statement(RISKS, subject, None, cause or newest)


def _told(change: Change, catalogue: Catalogue) -> Told | None:
    """A record's change, where its dataset has a role."""
    dataset = catalogue.datasets.get(change.subject.partition("/")[0])
    role = (dataset.role if dataset else None) or ""
    if not role:
        return None
    before = None if change.before is None else _record(change.before).fields
    after = None if change.after is None else _record(change.after).fields
    return None if before == after else Told(role, change.subject, before, after, change.cause)


def _decides(change: Change) -> bool:
    """Whether a definition says how records are read, or who answers for what."""
    if change.topic != CATALOGUE:
        return False
    if change.subject.startswith(_DECIDING):
        return True
    if not change.subject.startswith("dataset/"):
        return False
    # As it was, or as it is now: either may have a role.
    return any(b'"role":' in (body or b"") for body in (change.before, change.after))
