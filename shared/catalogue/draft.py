"""A catalogue while it is being checked: what is known by its code, usable or not."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from shared.catalogue.model import SECTIONS, Catalogue


@dataclass(frozen=True, slots=True)
class Entry:
    """One definition where it is written; None where its shape is wrong."""

    path: str
    definition: Any


@dataclass(slots=True)
class Draft:
    """All entries by section and code."""

    held: dict[str, dict[str, Entry]] = field(
        default_factory=lambda: {section.holds: {} for section in SECTIONS}
    )

    def add(self, holds: str, code: str, entry: Entry) -> Entry | None:
        """Keeps an entry, unless its code is taken: then the entry that has it."""
        other = self.held[holds].get(code)
        if other is None:
            self.held[holds][code] = entry
        return other

    def usable(self, holds: str) -> Iterator[Entry]:
        return (each for each in self.held[holds].values() if each.definition is not None)

    def definition(self, holds: str, code: str | None) -> Any:
        entry = self.held[holds].get(code) if code is not None else None
        return entry.definition if entry else None

    def catalogue(self) -> Catalogue:
        catalogue = Catalogue()
        for section in SECTIONS:
            found = {code: each.definition for code, each in self.held[section.holds].items()}
            if section.kind == "council":
                catalogue.council = next(iter(found.values()), None)
            else:
                setattr(catalogue, section.holds, found)
        return catalogue
