"""The live stream over HTTP: a plain ASGI response of bytes that were encoded once for everybody.

Rule: nobody waits for a client. A send that does not finish in time ends the connection; a client
that hangs up is noticed at once; and when the process is told to stop, every stream ends.
"""

import asyncio
import signal
import threading
from collections.abc import Callable
from types import FrameType
from typing import Any

import structlog
from starlette.responses import Response
from starlette.types import Receive, Scope, Send

from services.publisher.domain.live import ALL_KINDS, Filter
from services.publisher.feed import Client, Feed
from services.publisher.metrics import STREAM_DROPPED
from services.publisher.settings import Settings
from shared.runtime.problems import Problem

log = structlog.get_logger()

HEADERS = [
    (b"content-type", b"text/event-stream; charset=utf-8"),
    (b"cache-control", b"no-store"),
    (b"x-accel-buffering", b"no"),
    (b"x-content-type-options", b"nosniff"),
]


class EventStream(Response):
    """One client's stream."""

    def __init__(self, feed: Feed, wanted: Filter, last_id: str | None, settings: Settings) -> None:
        self._feed = feed
        self._wanted = wanted
        self._last_id = last_id
        self._settings = settings
        self.background = None

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        client = await self._feed.open(self._wanted)
        listening = asyncio.create_task(_listen(client, receive))
        try:
            await send({"type": "http.response.start", "status": 200, "headers": HEADERS})
            await self._tell(client, send)
            if not client.gone:
                await send({"type": "http.response.body", "body": b"", "more_body": False})
        except TimeoutError:
            STREAM_DROPPED.inc()
            # An answer that ends in its middle makes the server close the connection.
            log.info("stream-client-dropped", client=scope.get("client"))
        finally:
            self._feed.leave(client)
            listening.cancel()

    async def _tell(self, client: Client, send: Send) -> None:
        """Sends what there is to tell. Raises TimeoutError when the client stops reading."""
        async with asyncio.timeout(None) as limit:
            patience = _Patience(limit, self._settings.send_seconds)
            try:
                async for chunk in self._feed.chunks(
                    client, self._last_id, self._settings.retry_ms
                ):
                    patience.begin()
                    await send({"type": "http.response.body", "body": chunk, "more_body": True})
                    patience.end()
            finally:
                patience.close()


class _Patience:
    """How long a send may take. One timer looks after all sends of a stream: they end at once but
    for a client that stopped reading, and a timer of its own would cost as much as the send."""

    __slots__ = ("_begun", "_limit", "_loop", "_seconds", "_timer")

    def __init__(self, limit: asyncio.Timeout, seconds: float) -> None:
        self._limit = limit
        self._seconds = seconds
        self._loop = asyncio.get_running_loop()
        self._begun: float | None = None
        self._timer: asyncio.TimerHandle | None = None

    def begin(self) -> None:
        """A send begins."""
        self._begun = self._loop.time()
        if self._timer is None:
            self._timer = self._loop.call_later(self._seconds, self._look)

    def end(self) -> None:
        """It is done."""
        self._begun = None

    def close(self) -> None:
        """There will be none any more."""
        if self._timer is not None:
            self._timer.cancel()

    def _look(self) -> None:
        self._timer = None
        if self._begun is None:
            return
        left = self._begun + self._seconds - self._loop.time()
        if left > 0:
            self._timer = self._loop.call_later(left, self._look)
        else:
            self._limit.reschedule(self._loop.time())


async def _listen(client: Client, receive: Receive) -> None:
    while True:
        message: Any = await receive()
        if message["type"] == "http.disconnect":
            client.hang_up()
            return


def read_filter(kinds: str, service: str, theme: str, indicator: str, *, signed_in: bool) -> Filter:
    """The filter that the query asks for; a kind that does not exist is refused."""
    wanted = frozenset(part for part in kinds.split(",") if part)
    unknown = sorted(wanted - set(ALL_KINDS))
    if unknown:
        known = ", ".join(ALL_KINDS)
        raise Problem(400, f"There is no kind {unknown[0][:40]!r}; there are: {known}.")
    return Filter(wanted, service, theme, indicator, signed_in)


def end_at_signal(end: Callable[[], None]) -> None:
    """Calls `end` when the process is told to stop, before the server waits for its streams.

    The server installed its own handlers by now; they are called after ours.
    """
    loop = asyncio.get_running_loop()
    if threading.current_thread() is not threading.main_thread():
        return  # only the main thread takes signals; whoever runs us elsewhere stops us otherwise
    for number in (signal.SIGTERM, signal.SIGINT):
        before = signal.getsignal(number)

        def stop(got: int, frame: FrameType | None, before: Any = before) -> None:
            loop.call_soon_threadsafe(end)
            if callable(before):
                before(got, frame)

        signal.signal(number, stop)
