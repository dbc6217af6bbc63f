"""A dataset's contract, compiled once: raw rows in, keyed canonical records out, or every fault.

Rule: a field that the contract does not name is dropped here, before anything is stored. The same
record always has the same key and the same bytes, so that "unchanged" is one comparison.
"""

from collections.abc import Callable, Mapping, Sequence
from datetime import date
from hashlib import sha256
from typing import Any

import msgspec

from services.ingest.domain.pseudonyms import Pseudonyms
from services.ingest.domain.refusals import Fault, RowRefused, ValueRefused, row_fault, shown
from services.ingest.domain.retention import KEPT, refusing
from services.ingest.domain.values import FromJson, FromText, Value, from_json, from_text
from shared.catalogue.model import Dataset, Field
from shared.contracts.states import Record

LONGEST_KEY = 256

Fields = dict[str, Value]
# Where each field stands in a file's rows, in the contract's canonical order.
Columns = Sequence[tuple[str, int, FromText]]

_encode = msgspec.json.Encoder().encode


class Contract:
    """How rows of one dataset are read and checked. Where `today` is told, a row whose time is over
    is refused."""

    def __init__(
        self,
        dataset: Dataset,
        pseudonyms: Pseudonyms | None = None,
        today: Callable[[], date] | None = None,
    ) -> None:
        """Raises ValueError where the definition itself cannot be understood."""
        self.dataset = dataset
        self.code = dataset.code
        self.by_content = dataset.key == "content"
        self.key_fields: tuple[str, ...] = () if self.by_content else tuple(dataset.key)
        # Sorted, so that the order in which a contract lists its fields changes no record.
        fields = sorted(dataset.fields, key=lambda field: field.name)
        self.names = frozenset(field.name for field in fields)
        self.spellings = _spellings(fields)
        self._text: dict[str, FromText] = {}
        self._json: dict[str, FromJson] = {}
        for field in fields:
            markers = frozenset({"", *dataset.null_markers, *field.null_markers})
            required = field.required or field.name in self.key_fields
            self._text[field.name] = from_text(field, markers, required=required)
            self._json[field.name] = from_json(field, markers, required=required)
            if field.pseudonymise:
                if pseudonyms is None:
                    raise ValueError(
                        f"{field.name} is to be pseudonymised, and INGEST_PSEUDONYM_KEY is not set"
                    )
                self._text[field.name] = pseudonyms.instead_of(self._text[field.name])
                self._json[field.name] = pseudonyms.instead_of(self._json[field.name])
        if dataset.retention is not None and today is not None:
            name, months = dataset.retention.field, dataset.retention.months
            self._text[name] = refusing(self._text[name], months, today)
            self._json[name] = refusing(self._json[name], months, today)
        self._json_plan = tuple(self._json.items())
        self._single = self.key_fields[0] if len(self.key_fields) == 1 else None

    # Files: rows are sequences of cells.

    def columns(self, positions: Mapping[str, int]) -> Columns:
        """Where to find each field, given the position of each field's column. A field that the
        file has no column for is in the last cell, which is then blank."""
        return [(name, positions.get(name, -1), convert) for name, convert in self._text.items()]

    def from_cells(self, columns: Columns, cells: Sequence[str]) -> Fields:
        """The canonical fields of a row. Raises RowRefused with every fault."""
        try:
            return {name: convert(cells[at]) for name, at, convert in columns}
        except ValueRefused:
            raise RowRefused(
                _faults((name, cells[at], convert) for name, at, convert in columns)
            ) from None

    def read(self, name: str, text: str) -> Value:
        """One field's canonical value, from what a cell of a file would say. Raises
        ValueRefused."""
        return self._text[name](text)

    def key_in_cells(self, columns: Columns, cells: Sequence[str]) -> str | None:
        """The key of a row that was refused, where its key fields can still be read."""
        if self.by_content:
            return None
        try:
            wanted = [column for column in columns if column[0] in self.key_fields]
            return self.key_of({name: convert(cells[at]) for name, at, convert in wanted})
        except (ValueRefused, RowRefused, IndexError):
            return None

    # JSON: rows are objects.

    def from_object(self, data: dict[str, Any]) -> Fields:
        """The canonical fields of a JSON object. Raises RowRefused with every fault."""
        if not data.keys() <= self.names:
            data = self._respelled(data)
        get = data.get
        try:
            return {name: convert(get(name)) for name, convert in self._json_plan}
        except ValueRefused:
            raise RowRefused(
                _faults((name, get(name), convert) for name, convert in self._json_plan)
            ) from None

    def key_in_object(self, data: Mapping[str, Any]) -> str:
        """The key of the record that an object is about. Raises RowRefused where it has none."""
        if self.by_content:
            raise row_fault("key", "Records of this dataset are known by all that they say.")
        named = self._respelled(data)
        given = [(name, named.get(name), self._json[name]) for name in self.key_fields]
        try:
            return self.key_of({name: convert(value) for name, value, convert in given})
        except ValueRefused:
            raise RowRefused(_faults(given)) from None

    def _respelled(self, data: Mapping[str, Any]) -> dict[str, Any]:
        """Under the contract's own names; what it does not name is gone."""
        named: dict[str, Any] = {}
        for name, value in data.items():
            field = name if name in self.names else self.spellings.get(spelling(name))
            if field is None:
                continue
            if field in named:
                raise RowRefused(
                    [Fault(field, "duplicate-field", "The field is given twice.", shown(value))]
                )
            named[field] = value
        return named

    # Keys and bytes.

    def key_of(self, fields: Mapping[str, Value]) -> str:
        """The key of a record. Raises RowRefused when it is too long."""
        if self._single is not None:
            key = str(fields[self._single])
        else:
            key = "|".join(_escaped(str(fields[name])) for name in self.key_fields)
        if len(key) > LONGEST_KEY:
            raise row_fault("key", f"The key is longer than {LONGEST_KEY} characters.")
        if key.startswith(KEPT):
            raise row_fault("key", f"Keys that begin with {KEPT} are the system's own.")
        return key

    def key_from_json(self, key: Any) -> str:
        """The key that a caller names: one value, or a list for a key of several fields."""
        if self.by_content:
            named = isinstance(key, str) and 0 < len(key) <= LONGEST_KEY
            if named and not key.startswith(KEPT):
                return str(key)
            raise RowRefused([Fault("key", "key", "The key must be a text.", shown(key))])
        parts = key if isinstance(key, list) else [key]
        if len(parts) != len(self.key_fields):
            wanted = ", ".join(self.key_fields)
            raise RowRefused(
                [
                    Fault(
                        "key",
                        "key",
                        f"The key has {len(self.key_fields)} part(s): {wanted}.",
                        shown(key),
                    )
                ]
            )
        given = list(zip(self.key_fields, parts, strict=True))
        try:
            return self.key_of({name: self._json[name](part) for name, part in given})
        except ValueRefused:
            raise RowRefused(
                _faults((name, part, self._json[name]) for name, part in given)
            ) from None

    def content_key(self, fields: Fields, occurrences: dict[str, int]) -> str:
        """A key for a source that has none: what the row says, and which time it says so.

        Two equal rows are two records; a full extract is then compared as a multiset.
        """
        digest = sha256(_encode(fields)).hexdigest()[:32]
        occurrence = occurrences.get(digest, 0) + 1
        occurrences[digest] = occurrence
        return f"{digest}-{occurrence}"

    def body(self, key: str, fields: Fields) -> bytes:
        """The record's state as it travels."""
        return _encode(Record(self.code, key, fields))


def spelling(header: str) -> str:
    """A header without the differences that exports make: case, spaces, underscores, hyphens."""
    return "".join(header.split()).replace("_", "").replace("-", "").casefold()


def _spellings(fields: Sequence[Field]) -> dict[str, str]:
    known: dict[str, str] = {}
    for field in fields:
        for name in (field.name, *field.headers):
            other = known.setdefault(spelling(name), field.name)
            if other != field.name:
                raise ValueError(f"the header {name!r} stands for both {other} and {field.name}")
    return known


def _escaped(part: str) -> str:
    return part.replace("\\", "\\\\").replace("|", "\\|")


def _faults(values: Any) -> list[Fault]:
    """Every fault of a row that is known to have one."""
    faults = []
    for name, raw, convert in values:
        try:
            convert(raw)
        except ValueRefused as refused:
            faults.append(Fault(name, refused.rule, refused.reason, shown(raw)))
    return faults
