"""The door's client against a small HTTP server that answers as it is told."""

import json
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path
from typing import Any

import pytest

from deploy.local.door import Door, NotReached, Refused
from deploy.local.system import Over

RECEIPT = {"batch": "b", "received": 1, "accepted": 1, "unchanged": 0, "rejected": 0}


class Answering(HTTPServer):
    """Answers with each of `answers` in turn, and keeps what was asked."""

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), Handler)
        self.answers: list[tuple[int, Any]] = []
        self.asked: list[tuple[str, str, dict[str, str], bytes]] = []

    @property
    def address(self) -> str:
        return f"http://127.0.0.1:{self.server_port}"


class Handler(BaseHTTPRequestHandler):
    server: Answering

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers["content-length"]))
        headers = {name.lower(): value for name, value in self.headers.items()}
        self.server.asked.append((self.command, self.path, headers, body))
        self._answer()

    do_PUT = do_POST

    def do_GET(self) -> None:
        self.server.asked.append((self.command, self.path, {}, b""))
        self._answer()

    def _answer(self) -> None:
        status, body = self.server.answers.pop(0)
        raw = json.dumps(body).encode()
        self.send_response(status)
        self.send_header("content-length", str(len(raw)))
        self.end_headers()
        self.wfile.write(raw)

    def log_message(self, *_: Any) -> None:
        pass


@pytest.fixture
def server() -> Iterator[Answering]:
    with Answering() as answering:
        thread = threading.Thread(target=answering.serve_forever)
        thread.start()
        yield answering
        answering.shutdown()
        thread.join()


def never_over(_: float) -> bool:
    return False


def test_what_is_not_taken_now_is_sent_again_under_the_same_key(server: Answering) -> None:
    server.answers = [(503, {}), (500, {}), (202, RECEIPT)]
    receipt = Door(server.address, never_over).send("waste", [{"data": {"a": "£"}}], "k-1")
    assert receipt == RECEIPT
    assert {asked[2]["idempotency-key"] for asked in server.asked} == {"k-1"}
    assert {asked[3] for asked in server.asked} == {'{"data": {"a": "£"}}\n'.encode()}
    assert server.asked[0][1] == "/v1/datasets/waste/records"


def test_what_is_refused_is_raised_with_the_doors_words_and_not_sent_again(
    server: Answering,
) -> None:
    server.answers = [(422, {"title": "Unprocessable", "detail": "There is no ward 99."})]
    with pytest.raises(Refused, match=r"422: There is no ward 99\."):
        Door(server.address, never_over).send("waste", [{}], "k-1")
    assert len(server.asked) == 1


def test_a_door_that_does_not_answer_is_tried_until_it_is_over() -> None:
    waits: list[float] = []

    def over_after_five(seconds: float) -> bool:
        waits.append(seconds)
        return len(waits) == 5

    with pytest.raises(Over):
        Door("http://127.0.0.1:9", over_after_five).send("waste", [{}], "k-1")
    assert waits == [0.2, 0.4, 0.8, 1.6, 3.2]


def test_a_command_for_a_person_does_not_wait_for_a_door_that_is_not_there() -> None:
    with pytest.raises(NotReached, match="Is the system running"):
        Door("http://127.0.0.1:9").apply({})


def test_a_file_is_sent_whole_and_its_progress_is_told(server: Answering, tmp_path: Path) -> None:
    server.answers = [(202, RECEIPT)]
    path = tmp_path / "waste.csv"
    path.write_bytes(b"Month,Tonnes\n" + b"2026-01-01,4.5\n" * 20_000)
    told: list[int] = []
    receipt = Door(server.address).upload("waste", path, {"mode": "full"}, told.append)
    assert receipt == RECEIPT
    _, asked, headers, body = server.asked[0]
    assert asked == "/v1/datasets/waste/files?mode=full"
    assert headers["content-type"].startswith("multipart/form-data")
    assert path.read_bytes() in body
    assert b'name="file"; filename="waste.csv"' in body
    assert sum(told) == path.stat().st_size
    assert len(told) > 2


def test_all_pages_of_rejections_are_read(server: Answering) -> None:
    server.answers = [
        (200, {"rejections": [{"row": 2}, {"row": 3}], "next": 7}),
        (200, {"rejections": [{"row": 9}], "next": None}),
    ]
    assert [line["row"] for line in Door(server.address).rejections("b")] == [2, 3, 9]
    assert "after=7" in server.asked[1][1]
