"""Fetches a collection that a service gives out in JSON.

Rule: where the source stands moves on only once the whole collection that was asked for is in, so
that a run that breaks off loses nothing: the next one asks for the same again.
"""

import asyncio
from collections.abc import AsyncGenerator, Mapping
from contextlib import ExitStack, aclosing
from datetime import timedelta
from typing import Any

import httpx2
import msgspec

from services.ingest.connect.credentials import Credentials
from services.ingest.connect.http import MIB, Answered, Http, told
from services.ingest.connect.paging import Pages, Row, Shifted
from services.ingest.connect.paths import is_gone, key_in, record
from services.ingest.connect.since import Newest
from services.ingest.connect.source import Extract, Fetching, Outcome, Position, Rows, SourceFailed
from services.ingest.delivery import Mode
from services.ingest.domain.contract import spelling
from services.ingest.domain.refusals import RowRefused
from shared.catalogue.connectors import Calls

# Rows that become one batch, where they need not be compared as a whole.
ROWS_AT_ONCE = 5_000
MOST_TAKEN = 2_048 * MIB
# How often a collection is begun again whose rows move while it is read.
READS = 3


class Rest:
    """A connector of the kind `rest`."""

    async def waits(self, asked: Fetching) -> bool:
        """Only asking tells."""
        return True

    async def fetch(self, asked: Fetching) -> AsyncGenerator[Extract, None]:
        """The collection, or what changed in it: as one extract where it is compared as a whole."""
        async with Http(asked.reach, asked.clock) as http:
            reading = _Reading(asked, http)
            for _ in range(READS):
                try:
                    async with aclosing(reading.read()) as extracts:
                        async for extract in extracts:
                            yield extract
                    return
                except Shifted:
                    continue
        raise SourceFailed(
            f"Rows moved between the pages while they were read, {READS} times. Read at a quieter"
            " time, or by a cursor."
        )

    async def settled(self, asked: Fetching, extract: Extract, outcome: Outcome) -> None:
        """Nothing is told back."""


class _Reading:
    """One run of a connector."""

    def __init__(self, asked: Fetching, http: Http) -> None:
        calls = asked.connector.calls
        self._asked = asked
        self._calls = calls = calls if calls is not None else Calls()
        self._http = http
        self._credentials = Credentials(http, asked)
        mode = asked.connector.mode
        self._full = mode == "full" or (
            mode is None and calls.since is None and asked.contract.dataset.extract == "full"
        )
        self._taken = 0

    async def read(self) -> AsyncGenerator[Extract, None]:
        """Reads the collection once. Raises Shifted where rows moved meanwhile."""
        calls, connector = self._calls, self._asked.connector
        newest = self._newest()
        place = connector.place
        if newest is not None:
            since = newest.asked(timedelta(minutes=calls.overlap_minutes))
            if since is not None:
                place = str(httpx2.URL(place).copy_set_param(calls.since or "", since))
        number, pages, rows = 1, 0, 0
        with ExitStack() as files:
            writing = files.enter_context(self._write(number))
            async with aclosing(Pages(calls, place, self._ask, self._name).read()) as found:
                async for page in found:
                    pages += 1
                    for row in page:
                        self._say(writing, row)
                        if newest is not None:
                            newest.see(row)
                    rows += len(page)
                    if writing.count >= ROWS_AT_ONCE and not self._full:
                        files.close()
                        yield self._extract(writing, number, pages, None)
                        number += 1
                        writing = files.enter_context(self._write(number))
            if newest is not None and rows and newest.unread == rows:
                raise SourceFailed(f"No row says when it changed, at {calls.changed}.")
        if rows or self._full:
            yield self._extract(writing, number, pages, self._stands(newest))

    def _newest(self) -> Newest | None:
        """What is known of the newest change; of another place it tells nothing."""
        calls, position = self._calls, self._asked.position
        if self._full or calls.since is None or calls.changed is None:
            return None
        known = position.get("since")
        same = position.get("place") == self._asked.connector.place
        text = known if same and isinstance(known, str) else None
        return Newest(calls.changed, text, self._asked.clock.now())

    def _stands(self, newest: Newest | None) -> Position | None:
        if newest is None or newest.text is None:
            return None
        return {"since": newest.text, "place": self._asked.connector.place}

    def _write(self, number: int) -> Rows:
        return Rows(self._asked.folder / f"rows-{number}.ndjson")

    def _extract(
        self, writing: Rows, number: int, pages: int, position: Position | None
    ) -> Extract:
        name = f"{told(self._asked.connector.place)} ({number})"
        mode: Mode = "full" if self._full else "changes"
        return Extract(writing.path, name, "rows", mode, position, {"pages": pages})

    def _say(self, writing: Rows, row: Row) -> None:
        data = record(row, self._calls.fields, self._asked.contract)
        if is_gone(row, self._calls.deleted):
            writing.gone(key_in(data, self._asked.contract))
            return
        known = self._asked.contract.spellings
        writing.said(
            {
                name: value
                for name, value in data.items()
                # What is nested and not asked for can be of any size.
                if not isinstance(value, dict | list) or spelling(name) in known
            }
        )

    async def _ask(self, address: str) -> Any:
        headers = await self._credentials.headers()
        try:
            answer = await self._http.get(address, headers)
        except Answered as refused:
            if refused.status == 401 and self._credentials.exchanged:
                headers = await self._credentials.headers(anew=True)
                answer = await self._http.get(address, headers)
            elif refused.status in (401, 403):
                raise SourceFailed(f"{refused} The credentials are not taken.") from None
            else:
                raise
        self._taken += len(answer.body)
        if self._taken > MOST_TAKEN:
            raise SourceFailed(f"More than {MOST_TAKEN // MIB:,} MiB came, which is not taken.")
        return await asyncio.to_thread(answer.json)

    def _name(self, row: Row) -> int:
        """What tells rows apart: their key, or all that they say."""
        contract = self._asked.contract
        try:
            return hash(contract.key_in_object(record(row, self._calls.fields, contract)))
        except RowRefused:
            return hash(_encoded(row))


def _encoded(row: Mapping[str, Any]) -> bytes:
    return msgspec.json.encode(row, order="sorted")
