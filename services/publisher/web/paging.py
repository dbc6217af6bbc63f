"""A long list, a page at a time.

Rule: a page has at most so many rows that it stays light for a slow line, compressed or not.
"""

from collections.abc import Mapping, Sequence
from typing import Any
from urllib.parse import urlencode

from services.publisher.api.query import whole

PAGE = 40


def paged(
    rows: Sequence[Any], page: str | None, here: str, asked: Mapping[str, str] | None = None
) -> dict[str, Any]:
    """The rows of the page that is asked for, and the addresses of those around it: `here` with
    what else was `asked`. Raises Problem where there is no such page."""
    pages = max(1, -(-len(rows) // PAGE))
    number = whole("page", page, 1, 1, pages)
    start = (number - 1) * PAGE

    def at(other: int) -> str:
        query = urlencode({**(asked or {}), **({"page": str(other)} if other > 1 else {})})
        return f"{here}?{query}" if query else here

    return {
        "rows": rows[start : start + PAGE],
        "first": start + 1,
        "last": min(start + PAGE, len(rows)),
        "number": number,
        "pages": pages,
        "before": at(number - 1) if number > 1 else "",
        "after": at(number + 1) if number < pages else "",
    }
