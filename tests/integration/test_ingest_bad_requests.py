"""Bad requests as bytes on a connection: what HTTP itself can be made to carry.

The service is the real one, behind its real server over TCP.
"""

import asyncio
import json
import os
import socket
import threading
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import httpx2
import psutil
import pytest
import uvicorn
from structlog.testing import capture_logs

from services.ingest.app import create
from services.ingest.settings import Settings
from shared.runtime.application import Application
from shared.runtime.patience import BodyInTime, Patience
from shared.runtime.service import SHUTDOWN_SECONDS
from tests.integration.ingest_service import HEADER, REQUESTS

MIB = 1 << 20
RECORDS = "/v1/datasets/requests/records"
FILES = "/v1/datasets/requests/files?mode=changes"
GOOD = b'[{"data": {"ref": "r1", "received": "2026-01-31"}}]'
PAUSE = 0.5


@dataclass
class Server:
    port: int

    def connect(self) -> socket.socket:
        return socket.create_connection(("127.0.0.1", self.port), timeout=20)

    def raw(self, *pieces: bytes) -> tuple[int, dict[str, Any]]:
        """The status and the problem that bytes on a connection are answered with."""
        with self.connect() as line:
            for piece in pieces:
                try:
                    line.sendall(piece)
                except OSError:
                    break
            return answered(line)

    def well(self) -> None:
        """It still takes records, and answers whoever asks."""
        response = httpx2.post(
            f"http://127.0.0.1:{self.port}{RECORDS}",
            content=GOOD,
            headers={"content-type": "application/json"},
        )
        assert response.status_code == 202


def answered(line: socket.socket) -> tuple[int, dict[str, Any]]:
    received = b""
    while True:
        try:
            piece = line.recv(65_536)
        except ConnectionResetError:
            break
        received += piece
        head, _, body = received.partition(b"\r\n\r\n")
        if not piece:
            break
        length = next(
            (int(each.split(b":")[1]) for each in head.split(b"\r\n")
             if each.lower().startswith(b"content-length:")), None,
        )  # fmt: skip
        if length is not None and len(body) >= length:
            break
    assert received, "closed without an answer"
    status = int(received.split(b" ", 2)[1])
    problem = b"application/problem+json" in head
    return status, json.loads(body) if problem else {"plain": body.decode()}


def request(path: str, kind: str, *more: str, method: str = "POST") -> bytes:
    lines = [f"{method} {path} HTTP/1.1", "Host: x", f"Content-Type: {kind}", *more]
    return ("\r\n".join(lines) + "\r\n\r\n").encode("latin-1")


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    folder = tmp_path_factory.mktemp("ingest")
    service = create(
        Settings(
            store_url=f"sqlite:///{folder / 'store.db'}", kafka="127.0.0.1:1", connectors=False
        )
    )
    app = service.app()
    assert isinstance(app, Application)
    app.patience = Patience(pause=PAUSE)
    listening = socket.socket()
    listening.bind(("127.0.0.1", 0))
    config = uvicorn.Config(
        app, http="httptools", log_config=None, access_log=False, lifespan="on",
        timeout_graceful_shutdown=SHUTDOWN_SECONDS,
    )  # fmt: skip
    running = uvicorn.Server(config)
    thread = threading.Thread(target=running.run, kwargs={"sockets": [listening]})
    thread.start()
    port = listening.getsockname()[1]
    base = f"http://127.0.0.1:{port}"
    try:
        with httpx2.Client(transport=httpx2.HTTPTransport(retries=5), base_url=base) as client:
            while not running.started:
                threading.Event().wait(0.02)
            assert client.put("/v1/catalogue", json={"datasets": [REQUESTS]}).status_code == 200
        yield Server(port)
    finally:
        running.should_exit = True
        thread.join(30)


JSON = "application/json"
FORM = "multipart/form-data; boundary=b"


def part(name: str, text: str = "1", more: str = "") -> str:
    return f'--b\r\nContent-Disposition: form-data; name="{name}"{more}\r\n\r\n{text}\r\n'


def form(body: str, boundary: str = "b") -> bytes:
    kind = f"multipart/form-data; boundary={boundary}"
    return request(FILES, kind, f"Content-Length: {len(body)}") + body.encode()


TABLE = f"{HEADER}\nr1,31/01/2026,1,1\n"
THE_FILE = part("file", TABLE, '; filename="a.csv"')

CASES: list[tuple[str, bytes, set[int]]] = [
    ("10 GB announced", request(RECORDS, JSON, f"Content-Length: {10 << 30}") + b"[", {413}),
    ("10 GB of file announced", request(FILES, FORM, f"Content-Length: {10 << 30}"), {413}),
    ("a length below nothing", request(RECORDS, JSON, "Content-Length: -1"), {400}),
    ("a length in words", request(RECORDS, JSON, "Content-Length: many"), {400}),
    ("two lengths", request(RECORDS, JSON, "Content-Length: 2", "Content-Length: 9") + b"[]",
     {400}),
    ("a length and chunks", request(RECORDS, JSON, "Content-Length: 2",
                                    "Transfer-Encoding: chunked") + b"2\r\n[]\r\n0\r\n\r\n", {400}),
    ("a chunk of nonsense", request(RECORDS, JSON, "Transfer-Encoding: chunked") + b"zz\r\n[]\r\n",
     {400}),
    ("a body shorter than it says", request(RECORDS, JSON, "Content-Length: 900") + b"[", {408}),
    ("a body longer than it says", request(RECORDS, JSON, "Content-Length: 1", "Connection: close")
     + b"[]garbage", {400}),
    ("a compressed body", request(RECORDS, JSON, "Content-Encoding: gzip", "Content-Length: 2")
     + b"\x1f\x8b", {415}),
    ("10,001 fields", form("".join(part(f"f{n}") for n in range(10_001)) + THE_FILE + "--b--\r\n"),
     {400}),
    ("a header of a part of 1 MB", form(part("file", TABLE, '; filename="a.csv"; x="'
                                             + "y" * MIB + '"') + "--b--\r\n"), {400, 413}),
    ("1,000 headers of a part", form("--b\r\n" + "X: y\r\n" * 1_000 + "\r\n1\r\n--b--\r\n"), {400}),
    ("a boundary of 10 KB", form(THE_FILE + "--b--\r\n", "z" * 10_240), {400, 422, 431}),
    ("a boundary that never comes", form(THE_FILE, "other"), {400, 422}),
    ("a form that ends early", form(THE_FILE[:-20]), {400, 422}),
    ("two files", form(THE_FILE + THE_FILE + "--b--\r\n"), {400}),
    ("no request at all", b"\x16\x03\x01\x02\0\x01\0\x01\xfc\x03\x03" + b"\0" * 50, {400}),
    ("a header without a name", b"POST / HTTP/1.1\r\nHost: x\r\n: y\r\n\r\n", {400}),
    ("another method in a header", request(RECORDS, JSON, "X-HTTP-Method-Override: PUT",
                                           method="GET"), {405}),
    ("an Idempotency-Key of 60 KB", request(RECORDS, JSON, "Idempotency-Key: " + "k" * 60_000,
                                            "Content-Length: 2") + b"[]", {400, 431}),
    ("a parameter given twice", request(FILES + "&mode=full", FORM, "Content-Length: 0"), {400,
                                                                                           422}),
    ("a charset that is not so", request(RECORDS, JSON + "; charset=utf-8", "Content-Length: 6")
     + b"\xff\xfe[\0]\0", {400}),
]  # fmt: skip


@pytest.mark.parametrize(
    ("sent", "statuses"), [each[1:] for each in CASES], ids=[each[0] for each in CASES]
)
def test_a_bad_request_is_refused_and_the_next_is_served(
    server: Server, sent: bytes, statuses: set[int]
) -> None:
    status, _ = server.raw(sent)
    assert status in statuses
    server.well()


def test_a_body_in_chunks_that_grows_too_long_is_refused_and_costs_no_memory(
    server: Server,
) -> None:
    chunk = b"%x\r\n" % MIB + b" " * MIB + b"\r\n"
    server.well()
    here = psutil.Process(os.getpid())
    before = here.memory_info().rss
    status, found = server.raw(
        request(RECORDS, JSON, "Transfer-Encoding: chunked"), *(chunk for _ in range(200))
    )
    assert (status, found["status"]) == (413, 413)
    assert here.memory_info().rss - before < 60 * MIB
    server.well()


def test_a_body_that_stalls_is_ended_and_others_are_served_meanwhile(server: Server) -> None:
    stalled = [server.connect() for _ in range(20)]
    try:
        for at, line in enumerate(stalled):
            path, kind = (RECORDS, JSON) if at % 2 else (FILES, FORM)
            line.sendall(request(path, kind, "Content-Length: 5000") + b"-")
        server.well()
        for line in stalled:
            status, found = answered(line)
            assert (status, found["detail"].split(".")[0]) == (
                408, "The body did not come in time",
            )  # fmt: skip
            assert line.recv(1) == b"", "the connection stays open"
    finally:
        for line in stalled:
            line.close()
    server.well()


def test_a_request_that_is_cut_off_is_no_failure_of_ours(server: Server) -> None:
    with capture_logs() as logs:
        for path, kind in ((RECORDS, JSON), (FILES, FORM)):
            with server.connect() as line:
                line.sendall(request(path, kind, "Content-Length: 5000") + b"--b\r\n")
        server.well()
    assert not [each for each in logs if each["event"] == "request-failed"]


class Trickle:
    """A body of one byte a second, by a clock of its own."""

    def __init__(self) -> None:
        self.seconds = 0.0
        self.sent: list[Any] = []

    def now(self) -> float:
        return self.seconds

    async def receive(self) -> dict[str, Any]:
        self.seconds += 1
        return {"type": "http.request", "body": b"x", "more_body": True}

    async def send(self, message: Any) -> None:
        self.sent.append(message)


async def test_a_body_of_one_byte_a_second_is_ended_once_its_grace_is_over() -> None:
    trickle = Trickle()

    async def reads_all(_scope: Any, receive: Any, _send: Any) -> None:
        while (await receive()).get("more_body"):
            pass

    guarded = BodyInTime(reads_all, Patience(pause=30, grace=60, rate=1_000), trickle.now)
    await guarded({"type": "http"}, trickle.receive, trickle.send)

    assert trickle.sent[0]["status"] == 408
    assert (b"connection", b"close") in trickle.sent[0]["headers"]
    assert trickle.seconds == 61


async def test_a_body_that_moves_has_all_the_time_it_needs() -> None:
    seconds, left = 0.0, 600
    done = False

    async def receive() -> dict[str, Any]:
        nonlocal seconds, left
        seconds += 10
        left -= 1
        return {"type": "http.request", "body": b"x" * 20_000, "more_body": left > 0}

    async def reads_all(_scope: Any, receive: Any, _send: Any) -> None:
        nonlocal done
        while (await receive()).get("more_body"):
            pass
        # Whoever waits for the other side to go waits as long as it likes.
        waiting = asyncio.ensure_future(receive())
        await waiting
        done = True

    async def send(_: Any) -> None:
        raise AssertionError("nothing is answered for the application")

    await BodyInTime(reads_all, Patience(), lambda: seconds)({"type": "http"}, receive, send)
    assert done
