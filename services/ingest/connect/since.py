"""The newest instant that rows told of, and from when to ask the next time.

Rule: it never goes back, and never past now: a row that claims to be of next year does not keep
out those of tomorrow.
"""

from collections.abc import Mapping
from datetime import UTC, date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from services.ingest.connect.paths import at

LONDON = ZoneInfo("Europe/London")


class Newest:
    """Watches the field `path` of rows, from the newest text that was known on."""

    def __init__(self, path: str, known: str | None, now: datetime) -> None:
        self._path = path
        self._now = now
        self.text = known if known is not None and instant(known) is not None else None
        self.unread = 0

    def see(self, row: Mapping[str, Any]) -> None:
        """Takes note of when a row changed; one that does not say so is counted."""
        said = at(row, self._path)
        found = instant(said) if isinstance(said, str) else None
        if found is None:
            self.unread += 1
            return
        text = said.strip()
        if found > self._now:
            text, found = _like(text, self._now), self._now
        known = None if self.text is None else instant(self.text)
        if known is None or found > known:
            self.text = text

    def asked(self, overlap: timedelta) -> str | None:
        """From when to ask: as the source writes it, and a while before the newest."""
        found = None if self.text is None else instant(self.text)
        return None if found is None or self.text is None else _like(self.text, found - overlap)


def instant(text: str) -> datetime | None:
    """The instant of a date or a time as ISO 8601 writes it; without an offset it is London's."""
    try:
        found = datetime.fromisoformat(text.strip())
    except ValueError:
        return None
    return found if found.tzinfo else found.replace(tzinfo=LONDON)


def _like(text: str, when: datetime) -> str:
    """An instant, written as this text is: a day, a time with Z, with an offset or without."""
    if _is_day(text):
        return when.astimezone(LONDON).date().isoformat()
    said = datetime.fromisoformat(text)
    if said.tzinfo is None:
        return when.astimezone(LONDON).replace(tzinfo=None).isoformat()
    if text[-1] in "Zz":
        return when.astimezone(UTC).replace(tzinfo=None).isoformat() + "Z"
    return when.astimezone(said.tzinfo).isoformat()


def _is_day(text: str) -> bool:
    try:
        date.fromisoformat(text)
    except ValueError:
        return False
    return True
