"""What a batch says of things that one record says all of, such as a saving or a reserve.

Rule: the dataset's key is made of what names the thing, as the check of a catalogue has it, so one
record at most says what a thing is. A record that names another thing than before leaves the first.
"""

from collections.abc import Iterator
from typing import NamedTuple

from services.finance.books.book import NOBODY, later
from services.finance.world import Told
from shared.delivery.change import Cause


class Singles:
    """The newest record of each thing that moved, by its subject."""

    def __init__(self) -> None:
        self._told: dict[str, dict[str, Told | None]] = {}
        self._causes: dict[str, Cause] = {}

    def take(self, told: Told, before: str | None, after: str | None) -> None:
        """Takes in a record that was of one subject, and is of another or the same."""
        for subject, now in ((before, None), (after, told)):
            if subject is not None:
                self._told.setdefault(subject, {})[told.record] = now
                self._causes[subject] = later(self._causes.get(subject, NOBODY), told.cause)

    def moved(self) -> Iterator["Moved"]:
        """Every subject that moved. Of several records that claim one, the last by its subject
        holds."""
        for subject, told in self._told.items():
            there = {record: each for record, each in told.items() if each is not None}
            last = there[max(there)] if there else None
            yield Moved(subject, last, self._causes[subject])


class Moved(NamedTuple):
    """A subject that moved, and the record that says what it is now; None where none does."""

    subject: str
    told: Told | None
    cause: Cause
