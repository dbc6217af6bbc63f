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


class NotReading(ConnectionError):
    """The client stopped reading."""


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
            chunks = self._feed.chunks(client, self._last_id, self._settings.retry_ms)
            async for chunk in chunks:
                await self._send(send, chunk)
            if not client.gone:
                await send({"type": "http.response.body", "body": b"", "more_body": False})
        except NotReading:
            STREAM_DROPPED.inc()
            # An answer that ends in its middle makes the server close the connection.
            log.info("stream-client-dropped", client=scope.get("client"))
        finally:
            self._feed.leave(client)
            listening.cancel()

    async def _send(self, send: Send, chunk: bytes) -> None:
        try:
            async with asyncio.timeout(self._settings.send_seconds):
                await send({"type": "http.response.body", "body": chunk, "more_body": True})
        except TimeoutError as error:
            raise NotReading("the client does not read") from error


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
