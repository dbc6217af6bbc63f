"""A service over HTTP, on a port of its own, that answers as a test tells it to."""

import json
import threading
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qsl, urlsplit


@dataclass(frozen=True)
class Asked:
    """A request. `target` is its path with the query, as it came."""

    method: str
    target: str
    headers: Mapping[str, str]
    body: bytes

    @property
    def path(self) -> str:
        """The path alone."""
        return urlsplit(self.target).path

    @property
    def query(self) -> dict[str, str]:
        """The parameters."""
        return dict(parse_qsl(urlsplit(self.target).query, keep_blank_values=True))


@dataclass(frozen=True)
class Told:
    """An answer; a `cut` one breaks off half way."""

    body: bytes = b""
    status: int = 200
    headers: Mapping[str, str] = field(default_factory=dict)
    cut: bool = False


def told(value: Any, status: int = 200, **headers: str) -> Told:
    """An answer in JSON."""
    named = {name.replace("_", "-"): each for name, each in headers.items()}
    return Told(json.dumps(value).encode(), status, {"Content-Type": "application/json"} | named)


class Answering:
    """The service: `asked` is what it was asked, in order."""

    def __init__(self, answer: Callable[[Asked], Told]) -> None:
        self.answer = answer
        self.asked: list[Asked] = []
        service = self

        class Handler(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def do_GET(self) -> None:
                length = int(self.headers.get("Content-Length") or 0)
                asked = Asked(
                    self.command,
                    self.path,
                    {name.lower(): each for name, each in self.headers.items()},
                    self.rfile.read(length),
                )
                service.asked.append(asked)
                self.give(service.answer(asked))

            do_POST = do_GET

            def give(self, said: Told) -> None:
                self.send_response(said.status)
                for name, each in said.headers.items():
                    self.send_header(name, each)
                length = len(said.body) * 2 + 1 if said.cut else len(said.body)
                self.send_header("Content-Length", str(length))
                self.end_headers()
                self.wfile.write(said.body)
                self.close_connection = self.close_connection or said.cut

            def log_message(self, *_: object) -> None:
                """Nothing is printed."""

        self._server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self._server.daemon_threads = True
        self.address = f"http://127.0.0.1:{self._server.server_port}"
        self._thread = threading.Thread(target=self._server.serve_forever, args=(0.01,))
        self._thread.start()

    def targets(self) -> list[str]:
        """What was asked for."""
        return [each.target for each in self.asked]

    def close(self) -> None:
        """Ends it."""
        self._server.shutdown()
        self._thread.join()
        self._server.server_close()


@contextmanager
def answering(answer: Callable[[Asked], Told]) -> Iterator[Answering]:
    """Such a service."""
    service = Answering(answer)
    try:
        yield service
    finally:
        service.close()
