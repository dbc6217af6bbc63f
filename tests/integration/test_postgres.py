"""The PostgreSQL server of the tests keeps what was committed through a stop and a crash."""

import psycopg
import pytest

from tests.postgres import PostgresServer


@pytest.mark.postgres
def test_what_was_committed_survives_a_stop_and_a_crash(
    own_postgres_server: PostgresServer,
) -> None:
    address = own_postgres_server.create_database().replace("+psycopg", "")
    with psycopg.connect(address) as connection:
        connection.execute("CREATE TABLE kept (number integer)")
        connection.execute("INSERT INTO kept VALUES (1)")
    own_postgres_server.stop()
    own_postgres_server.start()
    with psycopg.connect(address) as connection:
        connection.execute("INSERT INTO kept VALUES (2)")
    own_postgres_server.crash()
    own_postgres_server.start()
    with psycopg.connect(address) as connection:
        rows = connection.execute("SELECT number FROM kept ORDER BY number").fetchall()
    assert rows == [(1,), (2,)]


def test_each_test_has_an_empty_store_of_its_own(store_url: str) -> None:
    if store_url.startswith("sqlite"):
        assert store_url.endswith("store.db")
        return
    with psycopg.connect(store_url.replace("+psycopg", "")) as connection:
        tables = connection.execute(
            "SELECT count(*) FROM information_schema.tables WHERE table_schema = 'public'"
        ).fetchone()
    assert tables == (0,)
