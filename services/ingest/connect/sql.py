"""Reads a view, or what one SELECT answers, of a database: in full, or from a watermark on.

Rule: nothing is changed there and nothing of another's is asked for. A row that was committed late
is read if its watermark lies within the overlap; a row that was deleted is noticed by a full
compare alone. Where it broke off nothing was read: the next run begins where this one did.
"""

import asyncio
from collections.abc import AsyncGenerator, Callable, Mapping, Sequence
from contextlib import suppress
from hashlib import sha256
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, CursorResult, RowMapping
from sqlalchemy.exc import DataError, DBAPIError, SQLAlchemyError

from services.ingest.connect import databases, sql_query
from services.ingest.connect.source import Extract, Fetching, Outcome, Rows, SourceFailed
from services.ingest.connect.sql_query import Mark
from services.ingest.connect.values import Unwritable, Write, writer
from services.ingest.domain.contract import spelling
from services.ingest.domain.dates import LONDON
from services.ingest.domain.refusals import storable
from shared.catalogue.connectors import Query

# Rows that are held in memory at once.
AT_A_TIME = 1_000
LONGEST_REASON = 300


class Sql:
    """A connector to a database."""

    async def waits(self, asked: Fetching) -> bool:
        """Only reading tells."""
        return True

    async def fetch(self, asked: Fetching) -> AsyncGenerator[Extract, None]:
        """Everything, or what is new, as one extract."""
        reading = _Reading(asked)
        try:
            extract = await asyncio.to_thread(reading.read)
        finally:
            reading.stop()
        if extract is not None:
            yield extract

    async def settled(self, asked: Fetching, extract: Extract, outcome: Outcome) -> None:
        """Nothing is told to the database."""


class _Reading:
    """One reading, in a thread of its own."""

    def __init__(self, asked: Fetching) -> None:
        assert asked.connector.query is not None
        self._asked = asked
        self._query: Query = asked.connector.query
        self._stopped = False
        self._cancel: Callable[[], object] | None = None

    def stop(self) -> None:
        """Has a reading that nobody waits for any more come to its end."""
        self._stopped = True
        cancel = self._cancel
        if cancel is not None:
            with suppress(Exception):
                cancel()

    def read(self) -> Extract | None:
        """What was read. Raises SourceFailed."""
        if self._query.watermark and self._asked.contract.by_content:
            raise SourceFailed(
                "Records that are known by all that they say cannot be read by a watermark: read"
                " the view in full, or give the dataset a key."
            )
        engine, schema = databases.place(self._asked)
        try:
            with engine.connect() as connection:
                databases.begin(connection)
                self._cancel = getattr(connection.connection.driver_connection, "cancel", None)
                try:
                    return self._read(connection, schema)
                finally:
                    self._cancel = None
        except SQLAlchemyError as error:
            raise SourceFailed(self._said(error)) from None
        finally:
            engine.dispose()

    def _read(self, connection: Connection, schema: str | None) -> Extract | None:
        with connection.execute(sql_query.looking(self._query, schema)) as looked:
            names = list(looked.keys())
            types = {
                name: str(each[1]) for name, each in zip(names, _described(looked), strict=True)
            }
        writes, dropped = self._columns(names)
        mark = self._mark(names)
        same = _digest(
            self._asked.connector.place, self._query, sorted(writes), types.get(mark or "")
        )
        position = self._asked.position
        newest = sql_query.found(position) if mark and position.get("same") == same else None
        since = None if newest is None else sql_query.before(newest, self._query)

        asked_for = list(dict.fromkeys([*writes, *([mark] if mark else [])]))
        statement = sql_query.reading(self._query, schema, asked_for, mark, since)
        streaming = {"stream_results": True, "yield_per": AT_A_TIME}
        path = self._asked.folder / "rows"
        with Rows(path, ordered=mark is not None) as rows:
            with connection.execute(statement, execution_options=streaming) as found:
                for part in found.mappings().partitions():
                    self._go_on()
                    seen = self._write(rows, part, writes, mark)
                    newest = max(
                        (each for each in (newest, seen) if each is not None), default=None
                    )
        if mark is None:
            return Extract(path, self._name(), "rows", "full", {}, _detail(dropped))
        if not rows.count:
            return None
        return self._changes(path, mark, newest, since, same, dropped)

    def _changes(
        self,
        path: Path,
        mark: str,
        newest: Mark | None,
        since: Mark | None,
        same: str,
        dropped: Sequence[str],
    ) -> Extract:
        detail = _detail(dropped)
        if since is not None:
            detail["since"] = str(since)
        if newest is None:
            return Extract(path, self._name(), "rows", "changes", {}, detail)
        kept = sql_query.not_after(newest, self._asked.clock.now().astimezone(LONDON))
        if kept != newest:
            detail["notes"] = [
                f"A row's {mark} lies in the future ({newest}). It does not count: what is new is"
                " looked for from now on."
            ]
        position = {**sql_query.kept(kept), "same": same}
        return Extract(path, self._name(), "rows", "changes", position, detail)

    def _write(
        self,
        rows: Rows,
        part: Sequence[RowMapping],
        writes: Mapping[str, Write],
        mark: str | None,
    ) -> Mark | None:
        """Writes rows down; the newest watermark among them."""
        newest: Mark | None = None
        for row in part:
            if mark is not None:
                seen = sql_query.mark_of(row[mark], mark)
                if seen is not None and (newest is None or seen > newest):  # type: ignore[operator]
                    newest = seen
            try:
                rows.said({name: write(row[name]) for name, write in writes.items()})
            except Unwritable as refused:
                rows.bad(str(refused))
        return newest

    def _columns(self, names: Sequence[str]) -> tuple[dict[str, Write], list[str]]:
        """How to write the columns that the contract names, and those that it does not."""
        contract = self._asked.contract
        fields = {each.name: each for each in contract.dataset.fields}
        unknown = frozenset(self._query.unknown)
        writes: dict[str, Write] = {}
        dropped = []
        for name in names:
            field = contract.spellings.get(spelling(name))
            if field is None:
                dropped.append(name)
            else:
                writes[name] = writer(fields[field], name, unknown)
        if not writes:
            raise SourceFailed(
                f"None of its columns is one that the contract of {contract.code} names."
            )
        return writes, dropped

    def _mark(self, names: Sequence[str]) -> str | None:
        wanted = self._query.watermark
        if wanted is None:
            return None
        for name in names:
            if name == wanted or spelling(name) == spelling(wanted):
                return name
        raise SourceFailed(f"There is no column {wanted[:100]}, which is to be the watermark.")

    def _go_on(self) -> None:
        if self._stopped or self._asked.ended():
            raise SourceFailed("The service is ending: it is read again.")

    def _name(self) -> str:
        words = self._query.select.split()
        return words[0] if len(words) == 1 else "SELECT"

    def _said(self, error: SQLAlchemyError) -> str:
        """Why it failed, in the database's words, without what is secret or a person's."""
        if isinstance(error, DataError):
            # It quotes the value.
            return f"The database cannot answer with a value ({type(error.orig).__name__})."
        said = str(error.orig if isinstance(error, DBAPIError) else error)
        for secret in self._asked.secret.values():
            if len(secret) > 2:
                said = said.replace(secret, "***")
        return f"The database says: {storable(' '.join(said.split()))[:LONGEST_REASON]}"


def _described(looked: CursorResult[Any]) -> Sequence[Sequence[Any]]:
    """What the driver says of the columns."""
    return looked.cursor.description if looked.cursor is not None else ()


def _detail(dropped: Sequence[str]) -> dict[str, Any]:
    return {"columns_dropped": list(dropped)} if dropped else {}


def _digest(place: str, query: Query, names: Sequence[str], kind: str | None) -> str:
    """What a watermark was reached with: where that changes, everything is read again."""
    said = [place, query.select, query.watermark, *names, kind]
    return sha256(repr(said).encode()).hexdigest()[:16]
