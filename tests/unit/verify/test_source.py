import sqlite3
from contextlib import closing
from datetime import date
from pathlib import Path

import pytest

from deploy.verify.source import Row, StoreUnreadable, business_day, london_today, read


def a_store(path: Path, table: str, rows: list[Row]) -> str:
    with closing(sqlite3.connect(path)) as connection:
        connection.execute("PRAGMA journal_mode=WAL")
        connection.execute(f"CREATE TABLE {table} (topic, subject, version, body BLOB)")
        connection.executemany(f"INSERT INTO {table} VALUES (?, ?, ?, ?)", rows)
        connection.commit()
    return f"sqlite:///{path}"


def test_a_store_is_read_without_being_changed(tmp_path: Path) -> None:
    rows = [Row("irf.records", "a/1", 3, b"{}"), Row("irf.records", "a/2", 4, None)]
    url = a_store(tmp_path / "ingest.db", "owned", rows)
    before = (tmp_path / "ingest.db").read_bytes()
    assert read(url, "owned") == rows
    assert (tmp_path / "ingest.db").read_bytes() == before


def test_a_store_that_is_being_written_can_be_read_beside_it(tmp_path: Path) -> None:
    url = a_store(tmp_path / "ingest.db", "owned", [Row("irf.records", "a/1", 3, b"{}")])
    with closing(sqlite3.connect(tmp_path / "ingest.db")) as writer:
        writer.execute("BEGIN IMMEDIATE")
        writer.execute("DELETE FROM owned")
        assert len(read(url, "owned")) == 1


def test_a_store_that_is_not_there_is_not_made(tmp_path: Path) -> None:
    with pytest.raises(StoreUnreadable, match="no store"):
        read(f"sqlite:///{tmp_path}/ingest.db", "owned")
    assert list(tmp_path.iterdir()) == []


def test_a_store_that_was_never_set_up_is_said_to_be_so(tmp_path: Path) -> None:
    url = a_store(tmp_path / "x.db", "other", [])
    with pytest.raises(StoreUnreadable, match="owned"):
        read(url, "owned")


def marks(path: Path, *rows: tuple[str, str]) -> str:
    with closing(sqlite3.connect(path)) as connection:
        connection.execute("CREATE TABLE marks (name TEXT PRIMARY KEY, value TEXT)")
        connection.executemany("INSERT INTO marks VALUES (?, ?)", rows)
        connection.commit()
    return f"sqlite:///{path}"


def test_the_business_day_is_the_one_that_the_service_marked(tmp_path: Path) -> None:
    url = marks(tmp_path / "a.db", ("epoch", "3"), ("today", "2024-02-29"))
    assert business_day(url) == date(2024, 2, 29)


def test_where_no_day_is_marked_it_is_today_in_london(tmp_path: Path) -> None:
    unmarked = marks(tmp_path / "a.db", ("epoch", "3"))
    without = a_store(tmp_path / "b.db", "owned", [])
    for url in (None, unmarked, without, f"sqlite:///{tmp_path}/none.db"):
        assert business_day(url) == london_today()
