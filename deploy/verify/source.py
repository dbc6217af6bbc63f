"""What the recompute starts from: the stores as they are, and the definitions and records in them.

Rule: it only ever reads. SQLite is opened with `mode=ro`; PostgreSQL in a read-only transaction.
"""

import json
from collections.abc import Iterable, Sequence
from datetime import date, datetime
from pathlib import Path
from typing import Any, NamedTuple
from urllib.parse import unquote
from zoneinfo import ZoneInfo

from sqlalchemy import create_engine, make_url, text
from sqlalchemy.pool import NullPool

Json = dict[str, Any]


class StoreUnreadable(RuntimeError):
    """The store is not there, or has not been set up."""


class Row(NamedTuple):
    """One state as a store keeps it; `body` is None when the subject was deleted."""

    topic: str
    subject: str
    version: int
    body: bytes | None


class Definitions:
    """The catalogue: definitions by kind and code, and the version of each."""

    def __init__(self, rows: Iterable[Row]) -> None:
        self.by_kind: dict[str, dict[str, Json]] = {}
        self.versions: dict[str, int] = {}
        for row in rows:
            if row.topic != "irf.catalogue" or row.body is None:
                continue
            kind, _, code = row.subject.partition("/")
            self.by_kind.setdefault(kind, {})[unquote(code)] = json.loads(row.body)
            self.versions[row.subject] = row.version

    def of(self, kind: str) -> dict[str, Json]:
        """Every definition of a kind, by code."""
        return self.by_kind.get(kind, {})


class Record(NamedTuple):
    """A record that exists now."""

    key: str
    fields: Json


def records_by_dataset(rows: Iterable[Row]) -> dict[str, list[Record]]:
    """Every record that exists now."""
    found: dict[str, list[Record]] = {}
    for row in rows:
        if row.topic == "irf.records" and row.body is not None:
            record = json.loads(row.body)
            found.setdefault(record["dataset"], []).append(Record(record["key"], record["fields"]))
    return found


def read(url: str, table: str) -> list[Row]:
    """Every row of a store's table of states, in one consistent read."""
    found = _query(url, f"SELECT topic, subject, version, body FROM {table}")  # noqa: S608
    return [
        Row(t, s, version, None if body is None else bytes(body)) for t, s, version, body in found
    ]


def stamp(url: str, table: str) -> tuple[int, int]:
    """Two numbers that are others as soon as any state in a table is: versions only grow."""
    count, versions = _query(url, f"SELECT count(*), sum(version) FROM {table}")[0]  # noqa: S608
    return int(count), int(versions or 0)


def business_day(url: str | None) -> date:
    """The day that the indicators service last worked by, from its own store; where it has not
    said, today's date in London."""
    if url is None:
        return london_today()
    try:
        found = _query(url, "SELECT value FROM marks WHERE name = 'today'")
    except StoreUnreadable:
        # A store from before days were marked has no such table.
        return london_today()
    return date.fromisoformat(str(found[0][0])) if found else london_today()


def london_today() -> date:
    """Today's date in London."""
    return datetime.now(ZoneInfo("Europe/London")).date()


def _query(url: str, statement: str) -> Sequence[Any]:
    parsed = make_url(url)
    if parsed.get_backend_name() == "sqlite":
        path = Path(parsed.database or "")
        if not path.is_file():
            raise StoreUnreadable(f"There is no store at {path}.")
        engine = create_engine(f"sqlite:///file:{path}?mode=ro&uri=true", poolclass=NullPool)
    else:
        engine = create_engine(
            parsed, poolclass=NullPool, isolation_level="REPEATABLE READ"
        ).execution_options(postgresql_readonly=True)
    try:
        with engine.connect() as connection:
            return connection.execute(text(statement)).all()
    except Exception as error:
        raise StoreUnreadable(f"{parsed.render_as_string()}: {error}") from error
    finally:
        engine.dispose()
