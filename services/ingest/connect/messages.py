"""What a message of a topic says: records as they are now, records that are gone, or nothing.

Rule: a message is judged by itself. One that cannot be read stops no other: it is a rejected row
that says why, without what it held.
"""

from collections.abc import Mapping
from decimal import Decimal
from typing import Any, NamedTuple, Protocol

import msgspec

from services.ingest.connect.paths import OtherShape, is_gone, key_in, record, rows_in
from services.ingest.domain.contract import Contract, spelling
from shared.catalogue.connectors import Messages

_decode = msgspec.json.Decoder(float_hook=Decimal).decode


class Unreadable(Exception):
    """A message that cannot be read; the message says why."""


class Emptied(Exception):
    """The source's table was emptied at one stroke: which records are gone is not said."""


class Change(NamedTuple):
    """A record as it is now, or the key fields of one that is `gone`; the contract reads them."""

    data: Mapping[str, Any]
    gone: bool = False


class Reader(Protocol):
    """An envelope."""

    def read(self, key: bytes | None, value: bytes | None) -> list[Change]:
        """What a message says; nothing where it is passed over. Raises Unreadable, Emptied."""
        ...


def parse(raw: bytes) -> Any:
    """JSON. Raises Unreadable."""
    if raw[:1] == b"\0":
        raise Unreadable("It is in the form of a schema registry (Avro, Protobuf), not JSON.")
    try:
        return _decode(raw)
    except (msgspec.MsgspecError, UnicodeDecodeError, RecursionError):
        raise Unreadable("It is not JSON.") from None


class Naming:
    """Puts rows into names that the contract reads."""

    def __init__(self, contract: Contract, fields: Mapping[str, str]) -> None:
        self.contract = contract
        self.fields = fields
        self._needed = {each.name for each in contract.dataset.fields if not each.optional}
        # Names that the contract does not have: they are not kept.
        self.dropped: dict[str, None] = {}

    def said(self, row: Mapping[str, Any]) -> dict[str, Any]:
        """A record, of what the contract names. Raises Unreadable where a field is missing."""
        known = self.contract.spellings
        found: dict[str, Any] = {}
        names = set()
        for name, value in record(row, self.fields, self.contract).items():
            field = known.get(spelling(name))
            if field is None:
                self.dropped[name] = None
            else:
                found[name] = value
                names.add(field)
        if missing := sorted(self._needed - names):
            raise Unreadable(f"It lacks {', '.join(missing)}.")
        return found

    def gone(self, row: Mapping[str, Any]) -> dict[str, Any]:
        """The key fields of a record. Raises Unreadable where not all have a value."""
        given = key_in(record(row, self.fields, self.contract), self.contract)
        found = {name: value for name, value in given.items() if value is not None}
        if len(found) != len(self.contract.key_fields):
            wanted = ", ".join(self.contract.key_fields)
            raise Unreadable(f"It says that a record is gone and does not name its key: {wanted}.")
        return found

    def gone_by_key(self, key: bytes | None) -> dict[str, Any]:
        """The key fields that a message's own key names: an object, or the one key field's value.
        Raises Unreadable."""
        if key is None:
            raise Unreadable("It says that a record is gone and has no key.")
        try:
            found: Any = parse(key)
        except Unreadable:
            found = None
        if isinstance(found, Mapping):
            return self.gone(found)
        if len(self.contract.key_fields) != 1:
            raise Unreadable("Its key is not an object, and the contract's has several fields.")
        try:
            # A number is kept as it is written: 007 is not 7.
            said = found if isinstance(found, str) else key.decode()
        except UnicodeDecodeError:
            raise Unreadable("Its key is neither JSON nor text.") from None
        return {self.contract.key_fields[0]: said}


class Plain:
    """JSON that says what records are now; a message without a value says that one is gone."""

    def __init__(self, contract: Contract, said: Messages) -> None:
        self.naming = Naming(contract, said.fields)
        self._items = said.items
        self._deleted = said.deleted

    def read(self, key: bytes | None, value: bytes | None) -> list[Change]:
        """See Reader."""
        if value is None:
            return [Change(self.naming.gone_by_key(key), gone=True)]
        try:
            rows = rows_in(parse(value), self._items)
        except OtherShape as other:
            raise Unreadable(str(other)) from None
        return [
            Change(self.naming.gone(row), gone=True)
            if is_gone(row, self._deleted)
            else Change(self.naming.said(row))
            for row in rows
        ]
