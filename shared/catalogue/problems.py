"""What is wrong in a catalogue, and where.

Rule: a problem says in plain words what is wrong at which path; where the catalogue came from
files, it also says at which line and column.
"""

from __future__ import annotations

import re
from typing import Any

import msgspec

_LAST_STEP = re.compile(r"(\.[^.\[\]]*|\[[0-9]+\]|^[^.\[]+)$")


class Problem(msgspec.Struct, frozen=True, omit_defaults=True):
    """One problem; `path` is such as `indicators[3].formula`, lines and columns count from 1."""

    path: str
    message: str
    file: str | None = None
    line: int | None = None
    column: int | None = None

    def __str__(self) -> str:
        place = ":".join(str(part) for part in (self.file, self.line, self.column) if part)
        return ": ".join(part for part in (place, self.path, self.message) if part)


class Place(msgspec.Struct, frozen=True):
    """Where a value stands; `text` is the column of a text's first character, where known."""

    file: str
    line: int
    column: int
    text: int | None = None


class Positions(msgspec.Struct):
    """Where each path of a document was written, and what could not be read at all."""

    places: dict[str, Place] = {}
    problems: list[Problem] = []

    def find(self, path: str) -> tuple[Place | None, bool]:
        """The place of a path, or of the nearest thing around it; and whether it is exact."""
        exact = True
        while path:
            place = self.places.get(path)
            if place is not None:
                return place, exact
            exact = False
            path = _LAST_STEP.sub("", path)
        return None, False


class Report:
    """Collects problems with their places."""

    def __init__(self, positions: Positions | None) -> None:
        self._positions = positions or Positions()
        self.problems: list[Problem] = list(self._positions.problems)

    def add(self, path: str, message: str, at: int | None = None) -> None:
        """A problem at a path; `at` is the character of the text there, from 1."""
        place, exact = self._positions.find(path)
        if at is not None:
            message = f"{message} (at character {at})"
        if place is None:
            self.problems.append(Problem(path, message))
            return
        column = place.column
        if exact and at is not None and place.text is not None:
            column = place.text + at - 1
        self.problems.append(Problem(path, message, place.file, place.line, column))


def brief(value: Any) -> str:
    """A value as a problem shows it: never long, never with control characters."""
    text = ascii(value)
    return text if len(text) <= 60 else f"{text[:57]}..."
