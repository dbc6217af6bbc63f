"""The way in: a batch of events becomes changes, in one transaction with all that follows.

Rule: an event is applied only if its version is newer than the one held. Duplicates, replays,
re-ordering and a broker that forgets or rewinds are then without effect. Offsets are committed
after this transaction, never before, and nothing here depends on them.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import NamedTuple, Protocol

from shared.contracts import envelope
from shared.contracts.topics import CATALOGUE
from shared.db.tx import Tx
from shared.delivery.change import Cause, Change, Statement, Version
from shared.delivery.dead_letters import DeadLetters, Parked
from shared.delivery.marks import CURSOR, DEFINITIONS, Marks, epoch_seen
from shared.delivery.outbox import Outbox
from shared.delivery.rebuild import Rebuild
from shared.runtime import failpoints
from shared.runtime.metrics import EVENTS_APPLIED, EVENTS_SKIPPED


class Received(NamedTuple):
    """An event as it stood on the topic."""

    topic: str
    partition: int
    offset: int
    raw: bytes | None


class Handlers(Protocol):
    """Everything a service does with what it consumes: (changes, store) -> statements."""

    def apply(self, changes: Sequence[Change], tx: Tx) -> Iterable[Statement]:
        """What follows from these changes. Held states are already the new ones."""
        ...

    def rebuild(self, tx: Tx) -> Iterable[Statement]:
        """What follows from all that is held, as if nothing had been said before."""
        ...


@dataclass(slots=True)
class Applied:
    """What a batch came to. `rewound` are the (topic, partition) that started a new log epoch, with
    that epoch: it counts as seen only once they are being read from their beginning. `silent` is a
    batch of which a service that speaks had nothing to say."""

    changes: list[Change] = field(default_factory=list)
    skipped: int = 0
    rewound: dict[tuple[str, int], int] = field(default_factory=dict)
    silent: bool = False


class Inbox:
    """Applies batches of events for one service."""

    def __init__(self, outbox: Outbox, handlers: Handlers, dead_letters: DeadLetters) -> None:
        self._tables = outbox.tables
        self._outbox = outbox
        self._handlers = handlers
        self._dead_letters = dead_letters
        self._marks = Marks(outbox.tables)
        self._rebuild = Rebuild(outbox.tables)
        self.on_applied: Callable[[list[Change]], None] = lambda _changes: None

    def apply(self, tx: Tx, batch: Sequence[Received]) -> Applied:
        """Applies a batch inside `tx`, and writes what follows from it to the outbox."""
        failpoints.reach("consume.before-apply")
        applied = Applied(silent=bool(self._outbox.owns))
        events = self._read(tx, batch, applied)
        rebuilding = self._rebuild.under_way(tx)
        for topic, by_subject in events.items():
            self._fold(tx, topic, by_subject, applied)
            if rebuilding:
                self._rebuild.keep(tx, topic, by_subject)
        if applied.changes:
            self._hold(tx, applied.changes)
            if self._outbox.say(tx, self._handlers.apply(applied.changes, tx)):
                applied.silent = False
            changes = applied.changes
            tx.after_commit(lambda: self.on_applied(changes))
        return applied

    def _read(
        self, tx: Tx, batch: Sequence[Received], applied: Applied
    ) -> dict[str, dict[str, list[envelope.Event]]]:
        """Decodes, parks what cannot be read, and notices a new log epoch."""
        events: dict[str, dict[str, list[envelope.Event]]] = {}
        epochs: dict[tuple[str, int], int] = {}
        decode = envelope.decode
        for received in batch:
            try:
                event = decode(received.raw)
            except envelope.UnreadableEvent as error:
                self._dead_letters.park(tx, Parked(received, None, f"unreadable: {error}"))
                continue
            topic = received.topic
            if event.logepoch:
                place = (topic, received.partition)
                epochs[place] = max(event.logepoch, epochs.get(place, 0))
            by_subject = events.get(topic)
            if by_subject is None:
                by_subject = events[topic] = {}
            subject = event.subject
            if subject in by_subject:
                by_subject[subject].append(event)
            else:
                by_subject[subject] = [event]
        # By partition: replicas share a store, and each reads its own partitions again.
        for place, epoch in epochs.items():
            if epoch > (self._marks.number(tx, epoch_seen(*place)) or 0):
                applied.rewound[place] = epoch
        return events

    def _fold(
        self,
        tx: Tx,
        topic: str,
        by_subject: dict[str, list[envelope.Event]],
        applied: Applied,
    ) -> None:
        """Keeps what is newer than what is held, folded to one change per subject."""
        held = {
            subject: (version, body)
            for subject, version, body in tx.select_in(
                self._tables.held,
                ("subject", "version", "body"),
                "subject",
                list(by_subject),
                topic=topic,
            )
        }
        total = 0
        fresh = 0
        for subject, events in by_subject.items():
            total += len(events)
            version, before = held.get(subject, (0, None))
            versions = []
            newest = None
            for event in events:
                number = int(event.version)
                if number > version:
                    version = number
                    newest = event
                    versions.append(Version(number, envelope.body_of(event), event.time))
            if newest is None:
                continue
            fresh += 1
            applied.changes.append(
                Change(
                    topic,
                    subject,
                    version,
                    before,
                    versions[-1].body,
                    Cause(newest.correlationid, newest.origin or newest.time),
                    newest.time,
                    0,
                    versions,
                )
            )
        applied.skipped += total - fresh
        EVENTS_SKIPPED.labels(topic).inc(total - fresh)
        EVENTS_APPLIED.labels(topic).inc(fresh)

    def _hold(self, tx: Tx, changes: Sequence[Change]) -> None:
        before = self._marks.number(tx, CURSOR) or 0
        rows = []
        for cursor, change in enumerate(changes, before + 1):
            change.cursor = cursor
            rows.append(
                (
                    change.topic,
                    change.subject,
                    change.version,
                    change.after,
                    change.time,
                    *change.cause,
                    cursor,
                )
            )
        tx.upsert(self._tables.held, rows, ("topic", "subject"))
        after = before + len(changes)
        self._marks.set(tx, {CURSOR: after})
        if any(change.topic == CATALOGUE for change in changes):
            self._marks.renew(tx, DEFINITIONS)

    def saw_epochs(self, tx: Tx, rewound: Mapping[tuple[str, int], int]) -> None:
        """These epochs are being read from their beginning: the next meeting is no news."""
        self._marks.set(tx, {epoch_seen(*place): epoch for place, epoch in rewound.items()})

    def start_rebuild(self, tx: Tx) -> None:
        """From here on keeps what the topics say as they are read again. What is held goes on."""
        self._rebuild.start(tx)

    def rebuilding(self, tx: Tx) -> bool:
        """Whether a rebuild was started and has not ended."""
        return self._rebuild.under_way(tx)

    def finish_rebuild(self, tx: Tx) -> int:
        """The topics were read to their end: holds what they say, and says anew what follows from
        it. Answers with the number of events that this cost."""
        if self._rebuild.under_way(tx):
            self._rebuild.finish(tx)
        self._marks.renew(tx, DEFINITIONS)
        return self._outbox.say(tx, self._handlers.rebuild(tx))
