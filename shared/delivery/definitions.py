"""The council's definitions as a service holds them: the newest catalogue, read once per change.

Rule: never a stale catalogue. The store says when definitions last changed, in the transaction
that changed them, so a rolled-back batch or another replica cannot leave an old one in use.
"""

import threading
from collections.abc import Mapping

from shared.catalogue.model import Catalogue, from_definitions
from shared.contracts.topics import CATALOGUE
from shared.db.tx import Tx
from shared.delivery.held import Held
from shared.delivery.marks import DEFINITIONS, Marks
from shared.delivery.tables import DeliveryTables


class Definitions:
    """Reads the catalogue from held states."""

    def __init__(self, tables: DeliveryTables) -> None:
        self._held = Held(tables)
        self._marks = Marks(tables)
        self._stamp: str | None = None
        self._catalogue = Catalogue()
        self._versions: dict[str, int] = {}
        # Readers share one: on several threads, over snapshots of different age.
        self._lock = threading.Lock()

    def read(self, tx: Tx) -> Catalogue:
        """The newest catalogue. The same object until a definition changes."""
        stamp = self._marks.get(tx, DEFINITIONS)
        with self._lock:
            if stamp != self._stamp:
                states = list(self._held.scan(tx, CATALOGUE))
                self._catalogue = from_definitions({state.subject: state.body for state in states})
                self._versions = {state.subject: state.version for state in states}
                self._stamp = stamp
            return self._catalogue

    @property
    def versions(self) -> Mapping[str, int]:
        """The version of each definition, by subject, in the catalogue last read."""
        return self._versions
