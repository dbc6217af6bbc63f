"""Reference datasets, for `lookup`: a record's field by the record's key.

Rule: only what was sent is looked up, never a derived field, so a lookup cannot depend on another.
Keys are compared as the texts that the record was sent with.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from shared.catalogue.model import Dataset

Fields = Mapping[str, Any]
Table = Mapping[tuple[str, ...], Fields]


class References:
    """The datasets that expressions may look into, and what they hold."""

    def __init__(
        self,
        datasets: Mapping[str, Dataset] | None = None,
        tables: Mapping[str, Table] | None = None,
    ) -> None:
        self.datasets = datasets or {}
        self.tables = tables or {}

    def key_of(self, dataset: str) -> tuple[str, ...]:
        """The fields of a reference dataset's key; empty where it has none to look up by."""
        key = self.datasets[dataset].key
        return () if key == "content" else tuple(key)

    def types(self, dataset: str) -> dict[str, str]:
        """The fields that can be looked up."""
        return {field.name: field.type for field in self.datasets[dataset].fields}

    def look(self, dataset: str, field: str, *key: Any) -> Any:
        """The field of the record with this key; None where there is none."""
        table = self.tables.get(dataset)
        found = None if table is None else table.get(tuple(text_of(each) for each in key))
        return None if found is None else found.get(field)


def table_of(key: Iterable[str], records: Iterable[Fields]) -> Table:
    """Records by the texts of their keys."""
    names = tuple(key)
    return {tuple(text_of(fields.get(name)) for name in names): fields for fields in records}


def text_of(value: Any) -> str:
    """The plain text of a value: what a blank, a number or a yes/no reads as."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return "true" if value else "false"
    return str(value)
