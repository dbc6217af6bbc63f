"""What a transaction offers beside SQLAlchemy Core: the statements of the hot path.

SQLAlchemy writes the SQL of both dialects; rows then go to and come from the driver as they are,
which costs a tenth of its handling. On PostgreSQL columns travel as arrays (`unnest`).
"""

import json
from collections.abc import Callable, Iterable, Mapping, Sequence
from functools import lru_cache
from typing import Any

from sqlalchemy import (
    BigInteger,
    Column,
    Connection,
    CursorResult,
    Integer,
    LargeBinary,
    Table,
    text,
)
from sqlalchemy.dialects import sqlite
from sqlalchemy.exc import DBAPIError

Row = tuple[Any, ...]


class Tx:
    """An open transaction (or read snapshot)."""

    __slots__ = ("connection", "hooks", "postgres")

    def __init__(self, connection: Connection) -> None:
        self.connection = connection
        self.hooks: list[Callable[[], None]] = []
        self.postgres = connection.dialect.name == "postgresql"

    def after_commit(self, hook: Callable[[], None]) -> None:
        """Calls `hook` on the event loop once this transaction is durable."""
        self.hooks.append(hook)

    def select_in(
        self,
        table: Table,
        columns: Sequence[str],
        key: str,
        keys: Iterable[str],
        **equals: Any,
    ) -> Sequence[Row]:
        """The rows whose `key` is one of `keys` and whose other columns equal `equals`."""
        wanted = keys if isinstance(keys, list) else list(keys)
        if not wanted:
            return []
        sql = _select_in(table.name, tuple(columns), key, tuple(equals), self.postgres)
        return self._fetched(sql, (*equals.values(), self.listed(wanted)))

    def listed(self, texts: Sequence[str]) -> Any:
        """Many texts as one parameter: an array, where the database has those, else JSON."""
        return list(texts) if self.postgres else json.dumps(list(texts))

    def rows(self, sql: str, parameters: Row = ()) -> Sequence[Row]:
        """The rows that plain SQL answers with, with `?` for each parameter: for what every call
        reads, where SQLAlchemy around a statement costs several times what the statement does."""
        return self._fetched(_marks(sql) if self.postgres else sql, parameters)

    def _fetched(self, sql: str, parameters: Row) -> Sequence[Row]:
        driver = self.connection.dialect.loaded_dbapi
        cursor = self.connection.connection.cursor()
        try:
            cursor.execute(sql, parameters)
            return cursor.fetchall()
        except driver.Error as error:
            raise DBAPIError.instance(sql, parameters, error, driver.Error) from error
        finally:
            cursor.close()

    def upsert(self, table: Table, rows: Sequence[Row], key: Sequence[str]) -> None:
        """Inserts rows (one value per column, in the table's order); replaces those that exist.

        No two rows may have the same key.
        """
        self._write(table, rows, tuple(key))

    def insert(self, table: Table, rows: Sequence[Row]) -> None:
        """Inserts rows (one value per column, in the table's order)."""
        self._write(table, rows, ())

    def _write(self, table: Table, rows: Sequence[Row], key: tuple[str, ...]) -> None:
        if not rows:
            return
        if self.postgres:
            columns = tuple(list(column) for column in zip(*rows, strict=True))
            self.connection.exec_driver_sql(_unnest(table, key), columns)
        else:
            self.connection.exec_driver_sql(_values(table, key), list(rows))

    def run(self, sql: str, parameters: Row = ()) -> CursorResult[Any]:
        """Runs plain SQL that both dialects know, with `?` for each parameter: for the few
        statements that run so often that building them would cost more than running them."""
        return self.connection.exec_driver_sql(_marks(sql) if self.postgres else sql, parameters)

    def scalar(self, sql: str, parameters: Mapping[str, Any] | None = None) -> Any:
        """The one value that a textual statement answers with."""
        return self.connection.execute(text(sql), parameters or {}).scalar()


@lru_cache(maxsize=256)
def _marks(sql: str) -> str:
    return sql.replace("?", "%s")


@lru_cache(maxsize=256)
def _select_in(
    table: str, columns: tuple[str, ...], key: str, equals: tuple[str, ...], postgres: bool
) -> str:
    mark = "%s" if postgres else "?"
    where = "".join(f"{name} = {mark} AND " for name in equals)
    member = "= ANY(%s)" if postgres else "IN (SELECT value FROM json_each(?))"
    # Names come from table definitions, values travel as parameters.
    return f"SELECT {', '.join(columns)} FROM {table} WHERE {where}{key} {member}"  # noqa: S608


@lru_cache(maxsize=128)
def _values(table: Table, key: tuple[str, ...]) -> str:
    statement = sqlite.insert(table).values({c.name: None for c in table.columns})
    if key:
        others = {c.name: statement.excluded[c.name] for c in table.columns if c.name not in key}
        statement = (
            statement.on_conflict_do_update(index_elements=list(key), set_=others)
            if others
            else statement.on_conflict_do_nothing(index_elements=list(key))
        )
    return str(statement.compile(dialect=sqlite.dialect()))


@lru_cache(maxsize=128)
def _unnest(table: Table, key: tuple[str, ...]) -> str:
    names = ", ".join(c.name for c in table.columns)
    arrays = ", ".join(f"%s::{_array_type(c)}[]" for c in table.columns)
    sql = f"INSERT INTO {table.name} ({names}) SELECT * FROM unnest({arrays})"  # noqa: S608
    if key:
        others = ", ".join(
            f"{c.name} = EXCLUDED.{c.name}" for c in table.columns if c.name not in key
        )
        what = f"UPDATE SET {others}" if others else "NOTHING"
        sql += f" ON CONFLICT ({', '.join(key)}) DO {what}"
    return sql


def _array_type(column: Column[Any]) -> str:
    if isinstance(column.type, LargeBinary):
        return "bytea"
    if isinstance(column.type, BigInteger | Integer):
        return "bigint"
    return "text"
