"""The newest figure of every indicator as it stands at a cursor, kept from one reader to the next.

Rule: what is kept is what reading all of it would give. A newer snapshot reads again only the
indicators that changed since; an older one rolls forward from an older board, or reads everything.
Another day or another catalogue starts anew.
"""

import threading
from collections import deque
from collections.abc import Callable, Iterable, Mapping
from datetime import date
from typing import NamedTuple

from services.publisher.domain.figures import Figure
from shared.catalogue.model import Catalogue

BOARDS = 4


class Headline(NamedTuple):
    """An indicator's newest figure, and which state of it that is."""

    figure: Figure
    version: int
    time: str
    cursor: int


Headlines = Mapping[str, Headline]
# The headlines of some indicators; and the indicators that changed after a cursor, None: too many.
Read = Callable[[Iterable[str]], Headlines]
Moved = Callable[[int], set[str] | None]


class _Kept(NamedTuple):
    cursor: int
    catalogue: Catalogue
    today: date
    headlines: Headlines


class Board:
    """What readers share."""

    def __init__(self) -> None:
        # Whoever comes while somebody reads waits, and finds it done.
        self._lock = threading.Lock()
        self._kept: deque[_Kept] = deque(maxlen=BOARDS)

    def at(
        self, cursor: int, catalogue: Catalogue, today: date, read: Read, moved: Moved
    ) -> Headlines:
        """The headlines of a snapshot, which `read` and `moved` look into."""
        with self._lock:
            older = [
                each
                for each in self._kept
                if each.catalogue is catalogue and each.today == today and each.cursor <= cursor
            ]
            nearest = max(older, key=lambda each: each.cursor, default=None)
            if nearest is not None and nearest.cursor == cursor:
                return nearest.headlines
            changed = None if nearest is None else moved(nearest.cursor)
            if nearest is None or changed is None:
                found: Headlines = read(catalogue.indicators)
            elif changed:
                others = {
                    code: each for code, each in nearest.headlines.items() if code not in changed
                }
                found = {**others, **read(changed)}
            else:
                found = nearest.headlines
            self._kept.append(_Kept(cursor, catalogue, today, found))
            return found
