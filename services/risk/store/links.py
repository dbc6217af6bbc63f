"""Which records are parts of a thing, and which things name another: asked by what is named.

Rule: links follow from the held records alone, and change in the transaction that holds them; a
recount makes them anew.
"""

from collections.abc import Iterable

import structlog

from services.risk.store.tables import LINKS
from shared.db.tx import Tx

# What is longer names nothing, and an index could not hold it.
LONGEST = 256

Link = tuple[str, str, str]

log = structlog.get_logger()


class Links:
    """The links, in one transaction. What is noted is seen once it is written."""

    def __init__(self, tx: Tx) -> None:
        self._tx = tx
        self._gone: set[Link] = set()
        self._new: set[Link] = set()
        self._empty = False

    def note(self, record: str, kind: str, before: Iterable[str], after: Iterable[str]) -> None:
        """A record named some things of a kind, and names others now."""
        was, now = (_names(record, kind, targets) for targets in (before, after))
        for target in was - now:
            link = (record, kind, target)
            self._new.discard(link)
            self._gone.add(link)
        for target in now - was:
            link = (record, kind, target)
            self._gone.discard(link)
            self._new.add(link)

    def write(self) -> None:
        """Writes what was noted. A link that is there already, of a store of before, is no harm."""
        for link in sorted(self._gone | self._new) if not self._empty else ():
            self._tx.run("DELETE FROM links WHERE record = ? AND kind = ? AND target = ?", link)
        self._tx.insert(LINKS, sorted(self._new))
        self._gone.clear()
        self._new.clear()
        self._empty = False

    def forget_all(self) -> None:
        """Empties the table."""
        self._tx.connection.execute(LINKS.delete())
        self._empty = True

    def of(self, kind: str, targets: Iterable[str]) -> dict[str, list[str]]:
        """The records that name each of these, in order."""
        found: dict[str, list[str]] = {}
        rows = self._tx.select_in(LINKS, ("target", "record"), "target", targets, kind=kind)
        for target, record in sorted(rows):
            found.setdefault(target, []).append(record)
        return found

    def targets(self, kind: str) -> list[str]:
        """Everything that is named in this way."""
        query = "SELECT DISTINCT target FROM links WHERE kind = ? ORDER BY target"
        return [str(row[0]) for row in self._tx.run(query, (kind,)).cursor.fetchall()]


def _names(record: str, kind: str, targets: Iterable[str]) -> set[str]:
    named = set(targets)
    found = {target for target in named if len(target) <= LONGEST}
    if found != named:
        log.error("name-too-long", record=record, kind=kind, longest=LONGEST)
    return found
