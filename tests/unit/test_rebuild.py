"""A rebuild reads topics again beside what is held, and takes over what they say in the end."""

from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import update

from services.risk.store.tables import TABLES
from shared.contracts.topics import RECORDS, RISKS
from shared.db.tx import Tx
from shared.delivery.change import Change, Statement
from tests.unit.fed import Fed, Said, fed


class Watching:
    """Handlers that only remember what they were told."""

    def __init__(self) -> None:
        self.seen: list[tuple[str, int]] = []

    def apply(self, changes: Sequence[Change], tx: Tx) -> Iterable[Statement]:
        self.seen += [(change.subject, change.version) for change in changes]
        return ()

    def rebuild(self, tx: Tx) -> Iterable[Statement]:
        return ()


@pytest.fixture
def service(tmp_path: Path) -> Iterator[Fed]:
    with fed(tmp_path, "risk", TABLES, lambda _tables: Watching(), RISKS) as found:
        yield found


def said(key: str, version: int, number: int | None) -> Said:
    state = None if number is None else {"dataset": "d", "key": key, "fields": {"n": number}}
    return Said(RECORDS, f"d/{key}", version, state)


TOPIC = [said("a", 1, 1), said("b", 1, 1), said("a", 2, 2), said("b", 2, None), said("c", 1, 7)]


def held(service: Fed) -> dict[str, tuple[int, bytes | None]]:
    table = TABLES.held

    def read(tx: Tx) -> dict[str, tuple[int, bytes | None]]:
        rows = tx.connection.execute(table.select()).all()
        return {row.subject: (row.version, row.body) for row in rows}

    return service.store.read_now(read)


def spoil(service: Fed, subject: str, **values: Any) -> None:
    table = TABLES.held
    service.store.write_now(
        lambda tx: tx.connection.execute(
            update(table).where(table.c.subject == subject).values(**values)
        )
    )


def test_nobody_is_shown_an_older_state_while_topics_are_read_again(service: Fed) -> None:
    service.feed(TOPIC)
    before = held(service)
    handlers = service.handlers
    assert isinstance(handlers, Watching)
    handlers.seen.clear()
    service.store.write_now(service.inbox.start_rebuild)
    for each in TOPIC:
        service.feed([each])
        assert held(service) == before
    assert handlers.seen == []
    service.rebuild()
    assert held(service) == before


def test_what_comes_meanwhile_goes_on_as_ever(service: Fed) -> None:
    service.feed(TOPIC)
    service.store.write_now(service.inbox.start_rebuild)
    service.feed(TOPIC[:2])
    service.feed([said("a", 3, 30)])
    assert held(service)["d/a"][0] == 3
    service.feed(TOPIC[2:])
    service.rebuild()
    assert held(service)["d/a"][0] == 3


def test_what_was_spoiled_is_mended_and_what_no_topic_says_is_gone(service: Fed) -> None:
    service.feed(TOPIC)
    right = held(service)
    spoil(service, "d/a", body=b'{"spoiled": 1}')
    spoil(service, "d/c", version=999)
    service.feed([said("x", 4, 4)])  # The topic that is read again does not hold it.
    service.store.write_now(service.inbox.start_rebuild)
    service.feed(TOPIC)
    service.rebuild()
    assert held(service) == right


def test_a_rebuild_that_was_cut_short_is_taken_up_from_the_beginning(service: Fed) -> None:
    service.feed(TOPIC)
    right = held(service)
    service.store.write_now(service.inbox.start_rebuild)
    service.feed(TOPIC[:2])
    assert service.store.read_now(service.inbox.rebuilding)
    service.feed(TOPIC)
    service.rebuild()
    assert not service.store.read_now(service.inbox.rebuilding)
    assert held(service) == right
