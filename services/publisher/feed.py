"""The feed: tells every stream client what changed, once it is committed.

Rule: the store is the only source. Whoever subscribes is told everything after a cursor, first
from the store, then live; both are the same rows read by the same query, so there is no gap and
no order to lose between them. A wake-up says that there is something to read, never what; a lost
one costs a second, not a change. States are put into words once for all clients, and only when
somebody listens.
"""

import asyncio
from collections.abc import AsyncIterator, Iterator, Sequence
from contextlib import suppress
from functools import partial

import structlog

from services.publisher.counting import counted
from services.publisher.domain import live, words
from services.publisher.domain.live import Audience, Filter, Mailbox, Message
from services.publisher.domain.messages import (
    HeldRow,
    is_supply,
    message,
    neighbours,
    supplied,
)
from services.publisher.metrics import (
    CHANGE_TO_VISIBLE_SECONDS,
    STREAM_CLIENTS,
    STREAM_EVENTS,
    STREAM_RESYNCS,
)
from services.publisher.readmodel import ReadModel, Snapshot
from services.publisher.store import repository
from services.publisher.supplies import lateness
from shared.contracts.topics import CATALOGUE
from shared.runtime.clock import Clock

LOOK_SECONDS = 1.0
PACE_SECONDS = 0.015
PASS_ROWS = 2_000
SLICE = 128
# So many write before pages and calls have their turn.
CLIENTS_AT_ONCE = 128
BACKLOG_PAGE = 500
BACKLOG_ROWS = 5_000

log = structlog.get_logger()


class Client:
    """One open stream: its mailbox, what wakes it, and whether it hung up."""

    __slots__ = ("gone", "mailbox", "wake", "wanted")

    def __init__(self, wanted: Filter, after: int) -> None:
        self.wanted = wanted
        self.mailbox = Mailbox(wanted, after)
        self.wake = asyncio.Event()
        self.gone = False

    def hang_up(self) -> None:
        """The client is not there any more."""
        self.gone = True
        self.wake.set()


class Feed:
    """Reads what was committed and hands it to the clients."""

    def __init__(self, reads: ReadModel, clock: Clock, ping_seconds: float) -> None:
        self._reads = reads
        self._clock = clock
        self._ping_seconds = ping_seconds
        self._clients: set[Client] = set()
        self._audience: Audience[Client] = Audience()
        self._wake = asyncio.Event()
        self._started = asyncio.Event()
        self._resync_all = ""
        self.closing = False
        self.position = 0
        self.store_id = ""

    def wake(self) -> None:
        """Says that something was committed."""
        self._wake.set()

    def rebuilt(self) -> None:
        """Says that the read model was made anew: what clients show may be gone."""
        self._resync_all = live.REBUILT
        self._wake.set()

    def close(self) -> None:
        """Ends every stream, now and from now on."""
        self.closing = True
        for client in self._clients:
            client.wake.set()

    async def run(self) -> None:
        """Reads and broadcasts until cancelled."""
        await self._reads.read(self._start)
        self._started.set()
        pinging = asyncio.create_task(self._ping())
        try:
            while True:
                with suppress(TimeoutError):
                    async with asyncio.timeout(LOOK_SECONDS):
                        await self._wake.wait()
                self._wake.clear()
                try:
                    await self._catch_up()
                except Exception as error:  # the store is away for a moment: look again later
                    log.warning("feed-failed", error=repr(error))
                    await asyncio.sleep(LOOK_SECONDS)
                # Under load passes grow instead of becoming more: cheaper for each change.
                await asyncio.sleep(PACE_SECONDS)
        finally:
            pinging.cancel()
            self.close()

    def _start(self, view: Snapshot) -> None:
        self.position, self.store_id = view.cursor, view.store_id

    async def _catch_up(self) -> None:
        while True:
            told, rows, messages = await self._reads.read(self._read_new)
            if messages is None and self._clients:
                continue  # somebody came while nothing was put into words: read it again
            for start in range(0, len(messages or ()), SLICE):
                part = (messages or [])[start : start + SLICE]
                woken = self._broadcast(part)
                # At once, so that whoever subscribes now starts exactly behind this part.
                self.position = part[-1].cursor
                # Let clients send before more is put in their mailboxes.
                await _wake(woken)
            self.position = told
            self._observe(rows)
            reason, self._resync_all = self._resync_all, ""
            if any(row.topic == CATALOGUE for row in rows):
                reason = reason or live.DEFINITIONS_CHANGED
            if reason:
                self._resync(reason)
            if len(rows) < PASS_ROWS:
                return

    def _read_new(self, view: Snapshot) -> tuple[int, list[HeldRow], list[Message] | None]:
        """What was committed after our position: how far that goes, its rows, and its messages
        (None where nobody listened)."""
        rows = repository.after(view.tx, self.position, view.cursor, PASS_ROWS)
        told = rows[-1].cursor if len(rows) == PASS_ROWS else max(view.cursor, self.position)
        return told, rows, list(worded(view, rows)) if self._clients else None

    def _observe(self, rows: list[HeldRow]) -> None:
        now = self._clock.now()
        for row in rows:
            kind = live.KINDS.get(row.topic)
            if kind is None:
                continue
            STREAM_EVENTS.labels(kind).inc()
            accepted = words.instant(row.origin)
            if accepted is not None:
                CHANGE_TO_VISIBLE_SECONDS.observe(max(0.0, (now - accepted).total_seconds()))

    def _broadcast(self, messages: list[Message]) -> list[Client]:
        """Fills the mailboxes; answers with the clients that have something to send."""
        return [
            client
            for wanted, clients in self._audience.wanting(messages)
            for client in clients
            if client.mailbox.put(wanted)
        ]

    def _resync(self, reason: str) -> None:
        for client in self._clients:
            client.mailbox.overflow(reason)
            client.wake.set()

    async def _ping(self) -> None:
        """One timer for all clients."""
        while True:
            await asyncio.sleep(self._ping_seconds)
            for client in self._clients:
                client.mailbox.ping()
                client.wake.set()

    def clients(self) -> int:
        """How many streams are open."""
        return len(self._clients)

    async def open(self, wanted: Filter) -> Client:
        """Subscribes a client to everything that is broadcast from now on."""
        await self._started.wait()
        client = Client(wanted, self.position)
        self._clients.add(client)
        self._audience.add(wanted, client)
        STREAM_CLIENTS.inc()
        return client

    def leave(self, client: Client) -> None:
        """Forgets a client."""
        if client in self._clients:
            self._clients.discard(client)
            self._audience.remove(client.wanted, client)
            STREAM_CLIENTS.dec()

    async def chunks(
        self, client: Client, last_id: str | None, retry_ms: int
    ) -> AsyncIterator[bytes]:
        """The bytes for an open client, until it hangs up or the feed closes.

        `last_id` is what it saw last; None starts with what happens from now on. It subscribed
        first, so what is broadcast while the backlog is read waits in its mailbox.
        """
        start = client.mailbox.after
        identity = live.event_id(self.store_id, start) if last_id is None else None
        yield live.opening(identity, retry_ms)
        if last_id is not None:
            async for chunk in self._backlog(client, last_id, start):
                yield chunk
        while not (self.closing or client.gone):
            await client.wake.wait()
            client.wake.clear()
            if client.mailbox.overflowed:
                STREAM_RESYNCS.labels(client.mailbox.overflowed).inc()
            chunk = client.mailbox.take(self.store_id, self.position)
            if chunk:
                yield chunk

    async def _backlog(self, client: Client, last_id: str, end: int) -> AsyncIterator[bytes]:
        """What the client missed up to `end`, from the store; or one resync."""
        seen = live.cursor_of(last_id, self.store_id)
        newest = await self._reads.read(lambda view: view.cursor)
        if seen is None or seen > newest:
            STREAM_RESYNCS.labels(live.UNKNOWN_ID).inc()
            yield live.resync(self.store_id, end, live.UNKNOWN_ID)
            return
        # A page may have been read from a newer snapshot than the feed has told of yet.
        client.mailbox.after = max(seen, end)
        after, told = seen, 0
        while after < end:
            after, messages = await self._reads.read(partial(_page, after, end))
            told += len(messages)
            if told > BACKLOG_ROWS:
                STREAM_RESYNCS.labels(live.TOO_FAR_BEHIND).inc()
                yield live.resync(self.store_id, end, live.TOO_FAR_BEHIND)
                return
            wanted = client.wanted
            chunk = b"".join(wanted.wire(each) or b"" for each in messages if wanted.wants(each))
            if chunk:
                yield chunk


async def _wake(clients: Sequence[Client]) -> None:
    for start in range(0, len(clients), CLIENTS_AT_ONCE):
        for client in clients[start : start + CLIENTS_AT_ONCE]:
            client.wake.set()
        await asyncio.sleep(0)


def _page(after: int, end: int, view: Snapshot) -> tuple[int, list[Message]]:
    rows = repository.after(view.tx, after, end, BACKLOG_PAGE)
    done = rows[-1].cursor if len(rows) == BACKLOG_PAGE else end
    return done, list(worded(view, rows))


def worded(view: Snapshot, rows: list[HeldRow]) -> Iterator[Message]:
    """The messages that rows make, with the neighbours that their words need."""
    told = [row for row in rows if row.topic in live.KINDS or is_supply(row)]
    known = repository.values(view.tx, neighbours(told))
    late = lateness(view) if any(is_supply(row) for row in told) else None
    counts = counted(view, told)
    for row in told:
        if late is not None and is_supply(row):
            yield supplied(row, view.store_id, late)
        else:
            yield message(
                row, view.store_id, view.catalogue, view.today, known, counts.get(row.subject)
            )
