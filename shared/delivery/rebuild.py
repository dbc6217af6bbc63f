"""A rebuild: the topics are read again from their beginning, beside what is held.

Rule: what is held goes on as before until the topics are read to their end, so nobody is shown an
older state meanwhile. Only then is it made to be what the topics say: what differs is taken over,
what they no longer say is gone.
"""

from collections.abc import Mapping, Sequence

from sqlalchemy import and_, delete, exists, or_, select

from shared.contracts import envelope
from shared.db.tx import Tx
from shared.delivery.marks import CURSOR, REBUILDING, Marks
from shared.delivery.tables import DeliveryTables


class Rebuild:
    """Keeps what topics say during a rebuild, and takes it over in the end."""

    def __init__(self, tables: DeliveryTables) -> None:
        self._held = tables.held
        self._table = tables.rebuilt
        self._marks = Marks(tables)

    def start(self, tx: Tx) -> None:
        """From here on everything that is read counts, known or not."""
        self._marks.set(tx, {REBUILDING: "1"})
        tx.connection.execute(delete(self._table))

    def under_way(self, tx: Tx) -> bool:
        """Whether a rebuild was started and has not ended."""
        return self._marks.get(tx, REBUILDING) is not None

    def keep(
        self, tx: Tx, topic: str, by_subject: Mapping[str, Sequence[envelope.Event]]
    ) -> None:
        """What these events say, where it is newer than what was read so far."""
        known: dict[str, int] = dict(
            tx.select_in(
                self._table, ("subject", "version"), "subject", list(by_subject), topic=topic
            )
        )
        rows = []
        for subject, events in by_subject.items():
            newest = max(events, key=lambda event: int(event.version))
            version = int(newest.version)
            if version > known.get(subject, 0):
                cause = (newest.correlationid, newest.origin or newest.time)
                body = envelope.body_of(newest)
                rows.append((topic, subject, version, body, newest.time, *cause))
        tx.upsert(self._table, rows, ("topic", "subject"))

    def finish(self, tx: Tx) -> None:
        """Makes what is held what the topics said."""
        held, said = self._held, self._table
        same = and_(held.c.topic == said.c.topic, held.c.subject == said.c.subject)
        tx.connection.execute(delete(held).where(~exists(select(said.c.topic).where(same))))
        other = or_(
            held.c.topic.is_(None),
            held.c.version != said.c.version,
            held.c.body.is_distinct_from(said.c.body),
        )
        differing = tx.connection.execute(
            select(said).select_from(said.outerjoin(held, same)).where(other)
        ).all()
        before = self._marks.number(tx, CURSOR) or 0
        rows = [(*row, cursor) for cursor, row in enumerate(differing, before + 1)]
        tx.upsert(held, rows, ("topic", "subject"))
        self._marks.set(tx, {CURSOR: before + len(rows)})
        self._marks.remove(tx, REBUILDING)
        tx.connection.execute(delete(said))
