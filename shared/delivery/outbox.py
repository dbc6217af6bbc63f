"""The way out: a statement becomes a version, and the version and its outbox row become durable
in the caller's transaction.

Rule: an unchanged state costs no version and no event. Events travel in parcels: one outbox row
holds the events of one transaction (up to a bound), so the outbox costs little per event.
"""

from collections.abc import Callable, Collection, Iterable, Iterator
from itertools import chain, islice
from typing import NamedTuple

import msgspec
from sqlalchemy import func, select

from shared.contracts import envelope
from shared.db.tx import Tx
from shared.delivery.change import Cause, Statement
from shared.delivery.marks import Marks, epoch_of
from shared.delivery.tables import DeliveryTables
from shared.runtime.clock import Clock, iso

SLICE = 2_000
PARCEL_EVENTS = 500
REPUBLISH_ROWS = 2_000

# One parcel: the events of one transaction in order, each (topic, subject, event bytes).
Parcel = list[tuple[str, str, bytes]]
pack = msgspec.msgpack.Encoder().encode
unpack = msgspec.msgpack.Decoder(Parcel).decode


class Published(NamedTuple):
    """A statement that became a new version. `before` is the state it replaced."""

    topic: str
    subject: str
    version: int
    before: bytes | None
    body: bytes | None


class Outbox:
    """What a service says, versioned and durable before anybody hears it.

    `service` names the source; `owns` are the topics it may write besides dead letters; `keeps`
    are those whose every version stays in `history`.
    """

    def __init__(
        self,
        tables: DeliveryTables,
        clock: Clock,
        service: str,
        owns: Collection[str],
        keeps: Collection[str] = (),
    ) -> None:
        self.tables = tables
        self.owns = list(owns)
        self._keeps = frozenset(keeps)
        self._clock = clock
        self._source = f"/irf/{service}"
        self._marks = Marks(tables)
        self.wake: Callable[[], None] = lambda: None

    def publish(self, tx: Tx, statements: Iterable[Statement]) -> list[Published]:
        """Gives each changed state its next version and puts its event in the outbox.

        Answers with what really changed, in order.
        """
        return list(chain.from_iterable(self._slices(tx, statements)))

    def say(self, tx: Tx, statements: Iterable[Statement]) -> int:
        """Publishes, and answers only with how many events that was: what a large batch says
        never stands in memory whole."""
        return sum(len(each) for each in self._slices(tx, statements))

    def _slices(self, tx: Tx, statements: Iterable[Statement]) -> Iterator[list[Published]]:
        now = iso(self._clock.now())
        coming = iter(statements)
        while some := list(islice(coming, SLICE)):
            yield self._publish_slice(tx, some, now)

    def _publish_slice(
        self, tx: Tx, statements: Iterable[Statement], now: str
    ) -> list[Published]:
        newest: dict[str, dict[str, Statement]] = {}
        for statement in statements:
            newest.setdefault(statement.topic, {})[statement.subject] = statement
        published: list[Published] = []
        parcel: Parcel = []
        for topic, by_subject in newest.items():
            published += self._publish_topic(tx, topic, by_subject, now, parcel)
        self._enqueue(tx, parcel, now)
        return published

    def _publish_topic(
        self, tx: Tx, topic: str, by_subject: dict[str, Statement], now: str, parcel: Parcel
    ) -> list[Published]:
        epoch = self._marks.number(tx, epoch_of(topic)) or 0
        known = {
            subject: (version, body)
            for subject, version, body in tx.select_in(
                self.tables.owned,
                ("subject", "version", "body"),
                "subject",
                list(by_subject),
                topic=topic,
            )
        }
        published: list[Published] = []
        rows = []
        for subject, statement in by_subject.items():
            version, before = known.get(subject, (0, None))
            body = statement.body
            # psycopg answers with memoryview-free bytes; SQLite with bytes: plain equality.
            if before == body:
                continue
            version += 1
            correlation, origin = statement.cause
            rows.append((topic, subject, version, body, now, correlation, origin))
            published.append(Published(topic, subject, version, before, body))
            parcel.append(
                (
                    topic,
                    subject,
                    envelope.encode(
                        topic,
                        subject,
                        version,
                        body,
                        source=self._source,
                        time=now,
                        correlation=correlation,
                        origin=origin,
                        epoch=epoch,
                    ),
                )
            )
        tx.upsert(self.tables.owned, rows, ("topic", "subject"))
        if topic in self._keeps:
            tx.insert(self.tables.history, [row[:6] for row in rows])
        return published

    def _enqueue(self, tx: Tx, parcel: Parcel, now: str) -> None:
        for start in range(0, len(parcel), PARCEL_EVENTS):
            events = parcel[start : start + PARCEL_EVENTS]
            tx.run(
                "INSERT INTO outbox (created, events, parcel) VALUES (?, ?, ?)",
                (now, len(events), pack(events)),
            )
        if parcel:
            tx.after_commit(lambda: self.wake())

    def republish(self, tx: Tx, topic: str) -> int:
        """Says everything about a topic again, under the next log epoch; versions stay.

        For a topic that is new or was rewound: consumers that already know skip what is old, and
        the new epoch tells those that read ahead to read from the beginning. Topics that keep
        their history say every version, oldest first. Answers with the number of events.
        """
        epoch = (self._marks.number(tx, epoch_of(topic)) or 0) + 1
        self._marks.set(tx, {epoch_of(topic): epoch})
        now = iso(self._clock.now())
        total = 0
        parcel: Parcel = []
        for subject, version, body, time, cause in self._everything(tx, topic):
            raw = envelope.encode(
                topic,
                subject,
                version,
                body,
                source=self._source,
                time=time,
                correlation=cause.correlation,
                origin=cause.origin,
                epoch=epoch,
            )
            parcel.append((topic, subject, raw))
            total += 1
            if len(parcel) >= PARCEL_EVENTS:
                self._enqueue(tx, parcel, now)
                parcel = []
        self._enqueue(tx, parcel, now)
        return total

    def _everything(
        self, tx: Tx, topic: str
    ) -> Iterator[tuple[str, int, bytes | None, str, Cause]]:
        owned = self.tables.owned
        kept = topic in self._keeps
        table = self.tables.history if kept else owned
        after = ("", 0)
        while True:
            place = [table.c.subject, table.c.version]
            query = (
                select(table)
                .where(table.c.topic == topic)
                .where(
                    (table.c.subject > after[0])
                    | ((table.c.subject == after[0]) & (table.c.version > after[1]))
                )
                .order_by(*place)
                .limit(REPUBLISH_ROWS)
            )
            rows = tx.connection.execute(query).all()
            for row in rows:
                origin = row.time if kept else row.origin
                yield row.subject, row.version, row.body, row.time, Cause(row.correlation, origin)
            if len(rows) < REPUBLISH_ROWS:
                return
            after = (rows[-1].subject, rows[-1].version)

    def depth(self, tx: Tx) -> tuple[int, str | None]:
        """How many events wait, and since when the oldest does."""
        outbox = self.tables.outbox
        row = tx.connection.execute(
            select(func.coalesce(func.sum(outbox.c.events), 0), func.min(outbox.c.created))
        ).one()
        return int(row[0]), row[1]
