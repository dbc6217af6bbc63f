"""The end-to-end checks see what is wrong: each is shown something wrong once, and says so."""

import sqlite3
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from typing import Any

import pytest

from shared.contracts import envelope
from shared.contracts.topics import RECORDS
from tests.e2e import council
from tests.e2e.conftest import on_one_broker
from tests.e2e.system import Running

LOST = {"ref": "lost", "received": "2024-05-01", "closed": None, "ward": "North"}


@contextmanager
def an_acknowledged_row_that_is_lost(system: Running) -> Iterator[None]:
    system.ledger.acknowledge(f"{council.REQUESTS}/lost", LOST)
    yield
    del system.ledger.records[f"{council.REQUESTS}/lost"]
    del system.ledger.moves[f"{council.REQUESTS}/lost"]


@contextmanager
def a_row_that_moved_twice(system: Running) -> Iterator[None]:
    subject = next(iter(system.ledger.moves))
    system.ledger.moves[subject] -= 1
    yield
    system.ledger.moves[subject] += 1


@contextmanager
def a_figure_that_is_off(system: Running) -> Iterator[None]:
    path = system.folder / "publisher.db"
    which = "topic = 'irf.indicators' AND subject LIKE 'R01/2024-%' AND subject NOT LIKE '%ward%'"
    change = f"UPDATE held SET body = ? WHERE {which} AND subject = ?"
    with closing(sqlite3.connect(path, timeout=30, isolation_level=None)) as store:
        query = f"SELECT body, subject FROM held WHERE {which} AND body IS NOT NULL LIMIT 1"
        body, subject = store.execute(query).fetchone()
        store.execute(change, (bytes(body).replace(b'"value":"', b'"value":"9'), subject))
        yield
        store.execute(change, (body, subject))


@contextmanager
def a_change_that_the_stream_left_out(system: Running) -> Iterator[None]:
    state = system.stream.state
    subject = next(each for each, version in state.items() if version > 1)
    state[subject] -= 1
    yield
    state[subject] += 1


def _event(version: int, state: bytes) -> bytes:
    return envelope.encode(
        RECORDS, "elsewhere/1", version, state, source="", time="", correlation="",
        origin="", epoch=0,
    )  # fmt: skip


@contextmanager
def versions_that_shrink_or_change(system: Running) -> Iterator[None]:
    told = ((2, b"{}"), (2, b"[]"), (1, b"{}"))
    for version, state in told:
        system.topics._take(RECORDS, b"elsewhere/1", _event(version, state))
    yield
    del system.topics.raw[RECORDS][-len(told) :]
    system.topics.violations.clear()


@on_one_broker
@pytest.mark.parametrize(
    ("wrong", "signs"),
    [
        (an_acknowledged_row_that_is_lost, ["was acknowledged and is not there", "ledger says"]),
        (a_row_that_moved_twice, ["times and has version"]),
        (a_figure_that_is_off, ["recompute:", "publisher holds another irf.indicators"]),
        (a_change_that_the_stream_left_out, ["the stream's client has version"]),
        (versions_that_shrink_or_change, ["came again with other content", "is new, after"]),
    ],
)
def test_what_is_wrong_is_seen(
    system: Running,
    monkeypatch: pytest.MonkeyPatch,
    wrong: Callable[[Running], Any],
    signs: list[str],
) -> None:
    if not system.ledger.rows:
        with system.load() as load:
            load.go_on(20)
    system.rest()
    monkeypatch.setattr("tests.e2e.system.SEEN_SECONDS", 1.0)
    with wrong(system):
        found = system.broken()
    for sign in signs:
        assert any(sign in each for each in found), found[:20]
    assert system.broken() == []
