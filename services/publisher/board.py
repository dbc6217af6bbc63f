"""The newest figure of every indicator and the counts of them, as they stand at a cursor, kept from
one reader to the next.

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
from services.publisher.domain.tallies import Place, Tally, moved, tallies
from shared.catalogue.model import Catalogue

BOARDS = 4


class Headline(NamedTuple):
    """An indicator's newest figure, and which state of it that is."""

    figure: Figure
    version: int
    time: str
    cursor: int


Headlines = Mapping[str, Headline]


class Standing(NamedTuple):
    """How everything stands: each indicator's headline, and the counts of every place."""

    headlines: Headlines
    counts: Mapping[Place, Tally]


# The headlines of some indicators; and the indicators that changed after a cursor, None: too many.
Read = Callable[[Iterable[str]], Headlines]
Changed = Callable[[int], set[str] | None]


class _Kept(NamedTuple):
    cursor: int
    catalogue: Catalogue
    today: date
    standing: Standing


class Board:
    """What readers share."""

    def __init__(self) -> None:
        # Whoever comes while somebody reads waits, and finds it done.
        self._lock = threading.Lock()
        self._kept: deque[_Kept] = deque(maxlen=BOARDS)

    def at(
        self, cursor: int, catalogue: Catalogue, today: date, read: Read, changed: Changed
    ) -> Standing:
        """How everything stands in a snapshot, which `read` and `changed` look into."""
        with self._lock:
            older = [
                each
                for each in self._kept
                if each.catalogue is catalogue and each.today == today and each.cursor <= cursor
            ]
            nearest = max(older, key=lambda each: each.cursor, default=None)
            if nearest is not None and nearest.cursor == cursor:
                return nearest.standing
            codes = None if nearest is None else changed(nearest.cursor)
            if nearest is None or codes is None:
                headlines = read(catalogue.indicators)
                found = Standing(headlines, tallies(catalogue, _figures(headlines)))
            else:
                found = (
                    _rolled(nearest.standing, catalogue, codes, read) if codes else nearest.standing
                )
            self._kept.append(_Kept(cursor, catalogue, today, found))
            return found


def _rolled(old: Standing, catalogue: Catalogue, codes: set[str], read: Read) -> Standing:
    """How everything stands after some indicators changed."""
    if not codes:
        return old
    before = {code: old.headlines[code] for code in codes if code in old.headlines}
    after = read(codes)
    rest = {code: each for code, each in old.headlines.items() if code not in codes}
    counts = moved(old.counts, catalogue, _figures(before), _figures(after))
    return Standing({**rest, **after}, counts)


def _figures(headlines: Headlines) -> dict[str, Figure]:
    return {code: each.figure for code, each in headlines.items()}
