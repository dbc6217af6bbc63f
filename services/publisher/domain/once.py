"""What is worked out of a catalogue: once, and anew when a definition has changed."""

import threading
from collections.abc import Callable
from typing import Generic, TypeVar

from shared.catalogue.formulas import vocabulary
from shared.catalogue.model import Catalogue

T = TypeVar("T")


class Once(Generic[T]):
    """Keeps what `make` makes of the catalogue in use. Readers on several threads share it."""

    def __init__(self, make: Callable[[Catalogue], T]) -> None:
        self._make = make
        self._lock = threading.Lock()
        self._kept: tuple[Catalogue, T] | None = None

    def of(self, catalogue: Catalogue) -> T:
        """What was made of this very catalogue: it is the same object until a definition
        changes."""
        with self._lock:
            if self._kept is None or self._kept[0] is not catalogue:
                self._kept = catalogue, self._make(catalogue)
            return self._kept[1]


# What each name in a formula stands for.
formula_names = Once(vocabulary)
