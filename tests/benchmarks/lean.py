"""HTTP by hand: requests over a connection that stays open, and a reader of the live stream.

Rule: the one who measures must cost little beside what is measured. A general client takes
milliseconds of CPU for a request; these take tens of microseconds.
"""

import asyncio
import re
import socket
from collections import Counter
from time import perf_counter
from types import TracebackType
from typing import Any, Self

import msgspec

READ_BYTES = 1 << 20
_CORRELATION = re.compile(rb'"correlation":"([^"]*)"')
_SAMPLE = re.compile(r"^(irf_[a-z_]+)(?:\{([^}]*)\})? ([0-9.e+-]+)$", re.MULTILINE)


class Refused(RuntimeError):
    """An answer that is none of the 200s."""


class Connection:
    """One connection to one service; one request at a time."""

    def __init__(self, port: int) -> None:
        self._port = port
        self._reader: asyncio.StreamReader | None = None
        self._writer: asyncio.StreamWriter | None = None

    async def __aenter__(self) -> Self:
        self._reader, self._writer = await asyncio.open_connection(
            "127.0.0.1", self._port, limit=READ_BYTES
        )
        return self

    async def __aexit__(
        self,
        _kind: type[BaseException] | None,
        _error: BaseException | None,
        _trace: TracebackType | None,
    ) -> None:
        if self._writer is not None:
            self._writer.close()

    async def request(self, raw: bytes) -> bytes:
        """Sends a whole request; answers with the body. Raises Refused."""
        assert self._reader is not None and self._writer is not None
        self._writer.write(raw)
        head = await self._reader.readuntil(b"\r\n\r\n")
        at = head.lower().index(b"content-length:") + len(b"content-length:")
        body = await self._reader.readexactly(int(head[at : head.index(b"\r\n", at)]))
        if head[9:10] != b"2":
            raise Refused(f"{head[:40]!r}: {body[:500]!r}")
        return body


def request(method: str, path: str, body: bytes = b"", kind: str = "application/json") -> bytes:
    """The bytes of a request."""
    return (
        f"{method} {path} HTTP/1.1\r\nHost: benchmark\r\nContent-Type: {kind}\r\n"
        f"Content-Length: {len(body)}\r\n\r\n"
    ).encode() + body


async def get(port: int, path: str) -> bytes:
    """One request over a connection of its own."""
    async with Connection(port) as connection:
        return await connection.request(request("GET", path))


async def get_json(port: int, path: str) -> Any:
    """The same, as JSON."""
    return msgspec.json.decode(await get(port, path))


class Metrics:
    """What a service's /metrics said."""

    def __init__(self, text: str) -> None:
        self._samples = [
            (name, labels, float(value)) for name, labels, value in _SAMPLE.findall(text)
        ]

    def total(self, name: str, label: str = "") -> float:
        """The sum of a metric over all labels (or those that hold `label`)."""
        return sum(value for at, labels, value in self._samples if at == name and label in labels)


async def metrics(port: int) -> Metrics:
    """Asks a service for its metrics."""
    return Metrics((await get(port, "/metrics")).decode())


async def ready(port: int) -> bool:
    """Whether a service is ready."""
    try:
        await get(port, "/health/ready")
    except (OSError, Refused, asyncio.IncompleteReadError):
        return False
    return True


class Stream:
    """A client of the live stream. It notes when events came and which batch caused them.

    The frames of HTTP and of the stream hold whole events, so the text between two events can be
    searched without taking frames apart.
    """

    def __init__(self, port: int, path: str = "/v1/stream") -> None:
        self._connection = Connection(port)
        self._path = path
        self._running: asyncio.Task[None] | None = None
        self.keep = True
        # (batch, instant)
        self.events: list[tuple[bytes, float]] = []
        self.counts: Counter[str] = Counter()

    async def __aenter__(self) -> Self:
        await self._connection.__aenter__()
        self._running = asyncio.create_task(self._read())
        return self

    async def __aexit__(self, *_: Any) -> None:
        if self._running is not None:
            self._running.cancel()
            await asyncio.gather(self._running, return_exceptions=True)
        await self._connection.__aexit__(None, None, None)

    async def _read(self) -> None:
        reader, writer = self._connection._reader, self._connection._writer
        assert reader is not None and writer is not None
        writer.write(f"GET {self._path} HTTP/1.1\r\nHost: benchmark\r\n\r\n".encode())
        rest = b""
        while chunk := await reader.read(READ_BYTES):
            now = perf_counter()
            self.counts["bytes"] += len(chunk)
            rest += chunk
            end = rest.rfind(b"\n\n")
            if end < 0:
                continue
            whole, rest = rest[:end], rest[end:]
            found = _CORRELATION.findall(whole)
            self.counts["events"] += len(found)
            self.counts["resyncs"] += whole.count(b"event: resync\n")
            if self.keep:
                self.events += [(batch, now) for batch in found]


async def silent(port: int) -> socket.socket:
    """A client that asks for the live stream and then reads nothing at all."""
    client = socket.socket()
    client.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
    client.setblocking(False)
    loop = asyncio.get_running_loop()
    await loop.sock_connect(client, ("127.0.0.1", port))
    await loop.sock_sendall(client, b"GET /v1/stream HTTP/1.1\r\nHost: benchmark\r\n\r\n")
    return client
