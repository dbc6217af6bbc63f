"""The supplies of datasets and the standings of returns as they are held: what is late by them."""

import threading
from collections.abc import Callable, Iterator
from typing import TypeVar

import msgspec

from services.publisher.domain.lateness import Behind, Lateness, behind
from services.publisher.domain.league import Owner, league
from services.publisher.readmodel import Snapshot
from services.publisher.store.tables import TABLES
from shared.catalogue.model import Catalogue
from shared.contracts import returns, supply
from shared.contracts.topics import RECORDS
from shared.delivery.held import Held

T = TypeVar("T")
_held = Held(TABLES)


class _Known:
    """What is behind each indicator, worked out once for a catalogue."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._catalogue: Catalogue | None = None
        self._behind: Behind = {}

    def of(self, catalogue: Catalogue) -> Behind:
        """The same object is given for a catalogue until a definition changes."""
        with self._lock:
            if catalogue is not self._catalogue:
                self._behind = behind(catalogue)
                self._catalogue = catalogue
            return self._behind


_known = _Known()


def lateness(view: Snapshot) -> Lateness:
    """What is late in a snapshot. Of a dataset without a supply nothing is known."""
    found = {each.dataset: each for each in _read(view, supply.PREFIX, supply.read)}
    return Lateness(view.catalogue, found, _known.of(view.catalogue))


def owners(view: Snapshot) -> list[Owner]:
    """Who owes figures in a snapshot."""
    return league(view.catalogue, _read(view, returns.PREFIX, returns.read), view.today)


def _read(view: Snapshot, prefix: str, read: Callable[[bytes], T]) -> Iterator[T]:
    for state in _held.scan(view.tx, RECORDS, prefix):
        try:
            yield read(state.body)
        except msgspec.MsgspecError:
            continue  # of a newer release: passed over, as everything of it that is not known
