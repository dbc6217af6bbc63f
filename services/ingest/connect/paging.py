"""Reads a collection page by page, to its end and no further.

Rule: no row is passed over without that being noticed. Where pages are counted, what is deleted or
moved meanwhile lets a row slip over the seam between two pages: each seam is looked at, and where
a row may have slipped, the reading begins again. Pages that lead in a circle are a failure.
"""

from collections.abc import AsyncGenerator, Awaitable, Callable, Mapping, Sequence
from typing import Any

import httpx2
import msgspec

from services.ingest.connect.http import Answered, same_origin, told
from services.ingest.connect.paths import OtherShape, at, rows_in
from services.ingest.connect.source import SourceFailed
from shared.catalogue.connectors import Calls

MOST_PAGES = 10_000

Row = Mapping[str, Any]


class Shifted(Exception):
    """Rows moved over a seam between two pages while they were read: read again."""


class Pages:
    """The pages of a collection. `ask` gives the JSON at an address; `name` tells rows apart."""

    def __init__(
        self,
        calls: Calls,
        place: str,
        ask: Callable[[str], Awaitable[Any]],
        name: Callable[[Row], int],
    ) -> None:
        self._calls = calls
        self._place = place
        self._ask = ask
        self._name = name
        self._seen: set[int] = set()
        self._pages: set[int] = set()

    def read(self) -> AsyncGenerator[Sequence[Row], None]:
        """Page by page. Raises SourceFailed, and Shifted where rows moved meanwhile."""
        match self._calls.paging:
            case "page":
                return self._by_number()
            case "offset":
                return self._by_rows()
            case _:
                return self._by_link()

    async def _by_link(self) -> AsyncGenerator[Sequence[Row], None]:
        followed: set[str] = set()
        address = self._sized(self._place)
        for _ in range(MOST_PAGES):
            answer = await self._ask(address)
            yield self._rows(answer)
            if self._calls.paging == "none":
                return
            following = at(answer, self._calls.next)
            if following is None or following is False or following == "":
                return
            if isinstance(following, bool) or not isinstance(following, str | int):
                raise SourceFailed(
                    f"What leads on, at {self._calls.next}, is neither text nor number."
                )
            if str(following) in followed:
                raise SourceFailed("The pages lead in a circle: what leads on came twice.")
            followed.add(str(following))
            address = self._linked(address, str(following))
        raise self._too_many()

    def _linked(self, address: str, following: str) -> str:
        if self._calls.paging == "cursor":
            parameter = self._calls.parameter or "cursor"
            return _with(self._sized(self._place), parameter, following)
        try:
            found = str(httpx2.URL(address).join(following))
        except httpx2.InvalidURL:
            raise SourceFailed("The address of the next page cannot be read.") from None
        if not same_origin(found, self._place):
            raise SourceFailed(f"The next page is elsewhere: {told(found)}.")
        return found

    async def _by_number(self) -> AsyncGenerator[Sequence[Row], None]:
        before: Sequence[Row] = []
        for number in range(1, MOST_PAGES + 1):
            try:
                rows = await self._page("page", number)
            except Answered as refused:
                # Behind the last page some services have none, and say so.
                if refused.status != 404 or number == 1:
                    raise
                rows = []
            again = await self._page("page", number - 1) if before else []
            begins_known = not before or (bool(again) and self._name(again[0]) in self._seen)
            known = self._note(rows)
            # Where the page before is another now, it tells whether a row slipped out of this one.
            if not begins_known or not all(self._name(row) in self._seen for row in again):
                raise Shifted
            if not rows:
                return
            if known:
                raise SourceFailed(f"The pages lead in a circle: page {number} came before.")
            yield rows
            before = rows
        raise self._too_many()

    async def _by_rows(self) -> AsyncGenerator[Sequence[Row], None]:
        rows = await self._page("offset", 0)
        self._note(rows)
        count = 0
        for _ in range(MOST_PAGES):
            if not rows:
                return
            yield rows
            count += len(rows)
            # The last row is asked for again: it is the seam.
            found = await self._page("offset", count - 1)
            # Another one there is one that was read before, where rows came in; or one that was
            # not, where some were deleted and as many slipped.
            if not found or self._name(found[0]) not in self._seen:
                raise Shifted
            rest = found[1:]
            known = self._note(rest)
            if rest and known:
                raise SourceFailed(
                    f"The pages lead in a circle: what follows row {count} came before."
                )
            rows = rest
        raise self._too_many()

    def _note(self, rows: Sequence[Row]) -> bool:
        """Remembers a page; says whether the very same one came before."""
        self._seen.update(map(self._name, rows))
        page = hash(msgspec.json.encode(rows))
        known = page in self._pages
        self._pages.add(page)
        return known

    async def _page(self, parameter: str, value: int) -> Sequence[Row]:
        address = self._sized(self._place)
        name = self._calls.parameter or parameter
        return self._rows(await self._ask(_with(address, name, str(value))))

    def _sized(self, address: str) -> str:
        if self._calls.size_parameter is None:
            return address
        # A page by rows holds the seam and what follows it.
        least = 2 if self._calls.paging == "offset" else 1
        return _with(address, self._calls.size_parameter, str(max(self._calls.size, least)))

    def _rows(self, answer: Any) -> Sequence[Row]:
        try:
            return rows_in(answer, self._calls.items)
        except OtherShape as other:
            raise SourceFailed(str(other)) from None

    def _too_many(self) -> SourceFailed:
        return SourceFailed(
            f"The collection has more than {MOST_PAGES:,} pages, which is not taken."
        )


def _with(address: str, name: str, value: str) -> str:
    return str(httpx2.URL(address).copy_set_param(name, value))
