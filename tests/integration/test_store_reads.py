"""Reads that go straight to the driver: of one snapshot, told by the store's own errors."""

from collections.abc import Iterator

import pytest
from sqlalchemy.exc import DBAPIError

from shared.db.store import Store
from shared.db.tx import Tx


@pytest.fixture
def store(store_url: str) -> Iterator[Store]:
    """A store with a table of one name."""
    found = Store(store_url, "reads")
    found.write_now(lambda tx: tx.run("CREATE TABLE names (name TEXT)"))
    add(found, "one")
    yield found
    found.close()


def add(store: Store, name: str) -> None:
    store.write_now(lambda tx: tx.run("INSERT INTO names VALUES (?)", (name,)))


def names(tx: Tx) -> list[str]:
    return [name for (name,) in tx.rows("SELECT name FROM names WHERE name <> ?", ("",))]


def test_what_comes_while_somebody_reads_is_not_seen(store: Store) -> None:
    def twice(tx: Tx) -> tuple[list[str], list[str]]:
        first = names(tx)
        add(store, "two")
        return first, names(tx)

    assert store.read_now(twice) == (["one"], ["one"])
    assert store.read_now(names) == ["one", "two"]


def test_a_statement_that_fails_is_the_stores_failure_and_the_next_reads_on(store: Store) -> None:
    with pytest.raises(DBAPIError):
        store.read_now(lambda tx: tx.rows("SELECT nothing FROM nowhere"))
    assert store.read_now(names) == ["one"]


def test_a_writer_reads_what_it_wrote(store: Store) -> None:
    def work(tx: Tx) -> list[str]:
        tx.run("INSERT INTO names VALUES (?)", ("two",))
        return names(tx)

    assert store.write_now(work)[0] == ["one", "two"]
