"""The publisher behind a real socket, with a real store; events come as a consumer brings them.

No broker runs: what is said here goes through the inbox, exactly as the consumer hands it over.
"""

import asyncio
import json
import socket
import threading
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import httpx2
import uvicorn

from services.publisher.app import Publisher
from services.publisher.settings import Settings
from shared.catalogue.check import read
from shared.catalogue.model import definitions
from shared.catalogue.yaml_files import load_directory
from shared.contracts.topics import CATALOGUE
from shared.runtime.clock import Clock, SystemClock, iso
from tests.unit.fed import Said

COUNCIL = Path(__file__).parent / "publisher_catalogue"


class Running:
    """A publisher that answers at `address`."""

    def __init__(self, publisher: Publisher, address: str) -> None:
        self.publisher = publisher
        self.address = address
        self.http = httpx2.Client(base_url=address, timeout=20)
        self.listeners: list[Listener] = []
        self._versions: dict[tuple[str, str], int] = {}
        self.loop: Any = None
        publisher.service.background.append(self._remember_loop)

    async def _remember_loop(self) -> None:
        self.loop = asyncio.get_running_loop()

    def say(
        self,
        topic: str,
        states: Mapping[str, dict[str, Any] | None],
        batch: str = "batch-1",
        at: str = "",
    ) -> None:
        """The next version of these subjects, in one batch, said now or at an instant."""
        now = at or iso(SystemClock().now())
        said = []
        for subject, state in states.items():
            version = self._versions.get((topic, subject), 0) + 1
            self._versions[topic, subject] = version
            said.append(Said(topic, subject, version, state, now, batch).received())
        service = self.publisher.service
        inbox = service.inbox
        assert inbox is not None
        _, hooks = service.store.write_now(lambda tx: inbox.apply(tx, said))
        for hook in hooks:
            self.loop.call_soon_threadsafe(hook)

    def catalogue(self, folder: Path = COUNCIL) -> None:
        """Puts a catalogue in force."""
        document, _ = load_directory(folder)
        found = definitions(read(document))
        self.say(CATALOGUE, {subject: json.loads(body) for subject, body in found.items()})

    def get(self, path: str, **params: str) -> Any:
        """The JSON answer to a call."""
        response = self.http.get(path, params=params)
        assert response.status_code == 200, (response.status_code, response.text[:500])
        return response.json()

    def page(self, path: str, status: int = 200) -> str:
        """The text of a page."""
        response = self.http.get(path, headers={"Accept": "text/html"})
        assert response.status_code == status, (response.status_code, response.text[:2000])
        assert response.headers["content-type"].startswith("text/html")
        return str(response.text)

    def listen(self, query: str = "", last_id: str | None = None, cookie: str = "") -> "Listener":
        """An open stream; somebody who is signed in sends a cookie."""
        listener = Listener(self.address, query, last_id, cookie)
        self.listeners.append(listener)
        return listener

    def hang_up(self) -> None:
        """Closes every stream that was opened here."""
        while self.listeners:
            self.listeners.pop().close()
        eventually(lambda: self.publisher.feed.clients() == 0)


class Listener:
    """A stream client that reads blocks; `wait` gives the next event."""

    def __init__(self, address: str, query: str, last_id: str | None, cookie: str = "") -> None:
        host, port = address.removeprefix("http://").split(":")
        self.socket = socket.create_connection((host, int(port)), timeout=10)
        more = "" if last_id is None else f"Last-Event-ID: {last_id}\r\n"
        more += f"Cookie: {cookie}\r\n" if cookie else ""
        self.socket.sendall(
            f"GET /v1/stream?{query} HTTP/1.1\r\nHost: {host}\r\n{more}\r\n".encode()
        )
        self.file = self.socket.makefile("rb")
        self.status = int(self.file.readline().split()[1])
        self.headers: dict[str, str] = {}
        while line := self.file.readline().strip():
            name, _, value = line.decode().partition(":")
            self.headers[name.lower()] = value.strip()
        self.last_id = last_id

    def lines(self) -> Iterator[bytes]:
        """The lines of the stream, out of their HTTP chunks."""
        rest = b""
        while size := int(self.file.readline() or b"0", 16):
            rest += self.file.read(size)
            self.file.readline()
            *whole, rest = rest.split(b"\n")
            yield from whole

    def blocks(self) -> Iterator[dict[str, str]]:
        """Each block of fields; a comment counts as a field called `comment`."""
        block: dict[str, str] = {}
        for line in self.lines():
            if line:
                name, _, value = line.decode().partition(":")
                block[name or "comment"] = value.strip()
                continue
            if "id" in block:
                self.last_id = block["id"]
            yield block
            block = {}

    def events(self) -> Iterator[dict[str, Any]]:
        """Each event, its data read."""
        for block in self.blocks():
            if "event" in block:
                yield {**block, "data": json.loads(block["data"])}

    def close(self) -> None:
        self.file.close()
        self.socket.close()


@contextmanager
def running(
    store_url: str,
    port: int = 0,
    clock: Clock | None = None,
    *,
    warm: bool = False,
    **settings: Any,
) -> Iterator[Running]:
    """The publisher, started in a thread of its own, with no broker to be had; its first pages
    are slow unless it is to be warmed."""
    publisher = Publisher(Settings(store_url=store_url, kafka="127.0.0.1:1", **settings), clock)
    if not warm:
        publisher.service.background.remove(publisher.warm)
    listening = socket.socket()
    listening.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    listening.bind(("127.0.0.1", port))
    run = Running(publisher, f"http://127.0.0.1:{listening.getsockname()[1]}")
    config = uvicorn.Config(
        publisher.service.app(), log_config=None, timeout_graceful_shutdown=3, http="httptools"
    )
    server = uvicorn.Server(config)
    thread = threading.Thread(target=server.run, kwargs={"sockets": [listening]})
    thread.start()
    try:
        eventually(lambda: server.started and run.loop)
        yield run
    finally:
        publisher.feed.close()
        server.should_exit = True
        thread.join(20)
        listening.close()


def eventually(question: Callable[[], Any], seconds: float = 10.0) -> Any:
    """The answer to a question as soon as it is true of the running service."""
    end = time.monotonic() + seconds
    while True:
        answer = question()
        if answer:
            return answer
        assert time.monotonic() < end, "it did not come true"
        time.sleep(0.02)
