"""The supplies of datasets as they are held, and what is late by them."""

import threading

import msgspec

from services.publisher.domain.lateness import Behind, Lateness, behind
from services.publisher.readmodel import Snapshot
from services.publisher.store.tables import TABLES
from shared.catalogue.model import Catalogue
from shared.contracts import supply
from shared.contracts.supply import Supply
from shared.contracts.topics import RECORDS
from shared.delivery.held import Held

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
    found: dict[str, Supply] = {}
    for state in _held.scan(view.tx, RECORDS, supply.PREFIX):
        try:
            each = supply.read(state.body)
        except msgspec.MsgspecError:
            continue  # of a newer release: passed over, as everything of it that is not known
        found[each.dataset] = each
    return Lateness(view.catalogue, found, _known.of(view.catalogue))
