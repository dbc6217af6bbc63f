"""When somebody last looked at the overview: what a cookie says of it.

Rule: it says nothing of who looked: a store's name, a cursor and a second for each of two looks. A
look within half an hour of the last one is the same look, so that what changed stays on the page
while it is read. Whatever is not written exactly so counts as nothing.
"""

import re
from datetime import UTC, datetime, timedelta
from typing import NamedTuple

from services.publisher.domain import words

COOKIE = "irf_looked"
KEPT_SECONDS = 90 * 24 * 3600
SAME_LOOK = timedelta(minutes=30)
FIRST_LOOK = timedelta(days=1)

_LOOK = r"([0-9]{1,18}|)-([0-9]{1,11})"
_TEXT = re.compile(rf"([0-9a-f]{{8}})\.{_LOOK}\.{_LOOK}", re.ASCII)


class Look(NamedTuple):
    """A look: when it was, and the cursor that the page stood at, where that is known."""

    at: datetime
    cursor: int | None = None


class Looks(NamedTuple):
    """The look whose page is compared with now, and the one that was the last."""

    since: Look
    last: Look

    def text(self, store: str) -> str:
        """As the cookie holds them."""
        return f"{store}.{_written(self.since)}.{_written(self.last)}"


def _written(look: Look) -> str:
    cursor = "" if look.cursor is None else str(look.cursor)
    return f"{cursor}-{int(look.at.timestamp())}"


def read(text: str | None, store: str) -> Looks | None:
    """The looks that a cookie tells of. The cursors of another store say nothing of this one."""
    found = _TEXT.fullmatch(text or "")
    if found is None:
        return None
    known = found[1] == store
    try:
        return Looks(_look(found[2], found[3], known), _look(found[4], found[5], known))
    except (ValueError, OverflowError, OSError):
        return None


def _look(cursor: str, seconds: str, known: bool) -> Look:
    at = datetime.fromtimestamp(int(seconds), UTC)
    return Look(at, int(cursor) if known and cursor else None)


def looking(before: Looks | None, now: Look) -> Looks:
    """The looks after this one. Somebody's first is compared with the same time yesterday; what a
    clock that was set back has left in the future is passed over."""
    if before is None or before.last.at > now.at or before.since.at > before.last.at:
        return Looks(Look(now.at - FIRST_LOOK), now)
    if now.at - before.last.at < SAME_LOOK:
        return Looks(before.since, now)
    return Looks(before.last, now)


def since_words(looks: Looks) -> str:
    """`your last look, 29 November 2026 at 4:10pm`"""
    when = words.moment(looks.since.at.isoformat())
    if looks.since.at == looks.last.at - FIRST_LOOK:
        return f"this time yesterday, {when}"
    return f"your last look, {when}"
