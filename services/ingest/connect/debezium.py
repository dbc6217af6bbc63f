"""Debezium's envelope: what a change says a record is now, in the source's own types.

Rule: with the schema in the message every value is read exactly as it says; without it a value is
what it is, and only what the contract can read counts: a number of days is no date. What a change
does not tell (a key that is not sent, a long text that did not change) is said, never made up.
"""

from base64 import b64decode
from collections.abc import Mapping
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Any

from services.ingest.connect.messages import Change, Emptied, Naming, Unreadable, parse
from services.ingest.connect.values import Unwritable, writer
from services.ingest.domain.contract import Contract, spelling
from shared.catalogue.connectors import Messages

# What stands for a long value that an update did not change and the database did not log.
NOT_SENT = frozenset({"__debezium_unavailable_value", "X19kZWJleml1bV91bmF2YWlsYWJsZV92YWx1ZQ=="})
EPOCH = datetime(1970, 1, 1)  # noqa: DTZ001 - columns without an offset are wall time
_UNITS = {"Timestamp": 1_000, "MicroTimestamp": 1, "Time": 1_000, "MicroTime": 1}

Types = Mapping[str, Mapping[str, Any]]


class Debezium:
    """Changes of one table."""

    def __init__(self, contract: Contract, said: Messages) -> None:
        self.naming = Naming(contract, said.fields)
        fields = {each.name: each for each in contract.dataset.fields}
        self._fields = fields
        self._mapped = {path.partition(".")[0] for path in said.fields.values()} | {
            *said.fields.values()
        }

    def read(self, key: bytes | None, value: bytes | None) -> list[Change]:
        """See Reader."""
        if value is None:
            return []  # It follows a deletion, so that compaction forgets the key.
        schema, payload = _unwrapped(parse(value))
        if payload is None:
            return []
        if not isinstance(payload, Mapping):
            raise Unreadable("It is not an object.")
        if "op" not in payload:
            if _is_about_the_stream(payload):
                return []
            raise Unreadable(
                "It is not in Debezium's envelope: there is no op. Where rows are flattened, the"
                " envelope is plain."
            )
        before = self._row(payload.get("before"), _types(schema, "before"))
        match payload["op"]:
            case "c" | "r" | "u":
                after = self._row(payload.get("after"), _types(schema, "after"))
                if after is None:
                    raise Unreadable("It says that a record changed and not what it is now.")
                return self._changed(before, after)
            case "d":
                return [Change(self._gone(before, key), gone=True)]
            case "t":
                raise Emptied
            case "m":
                return []
        raise Unreadable("Its op is not one that is known (c, r, u, d, t, m).")

    def _changed(self, before: Mapping[str, Any] | None, after: Mapping[str, Any]) -> list[Change]:
        said = self._written(self.naming.said(after))
        now = self._written(self.naming.gone(after))
        try:
            was = self._written(self.naming.gone(before)) if before else now
        except Unreadable:
            was = now  # Only the columns of the table's own key were logged.
        # Its key changed: what was known by the old one is no more.
        moved = [Change(was, gone=True)] if was != now else []
        return [*moved, Change(said)]

    def _gone(self, before: Mapping[str, Any] | None, key: bytes | None) -> Mapping[str, Any]:
        if before is not None:
            try:
                return self._written(self.naming.gone(before))
            except Unreadable:
                pass
        if key is None:
            raise Unreadable("It says that a record is gone, and neither it nor its key which.")
        schema, payload = _unwrapped(parse(key))
        row = self._row(payload, _columns(schema))
        if row is None:
            raise Unreadable("It says that a record is gone, and its key is no object.")
        return self._written(self.naming.gone(row))

    def _row(self, row: Any, types: Types) -> dict[str, Any] | None:
        """A row with its values in their own types."""
        if not isinstance(row, Mapping):
            return None
        known = self.naming.contract.spellings
        return {
            name: value
            if spelling(name) not in known and name not in self._mapped
            else _typed(name, value, types.get(name))
            for name, value in row.items()
        }

    def _written(self, said: Mapping[str, Any]) -> dict[str, Any]:
        known = self.naming.contract.spellings
        written: dict[str, Any] = {}
        for name, value in said.items():
            if _not_sent(value):
                raise Unreadable(
                    f"The value of {name} did not change and was not sent: have the table log whole"
                    " rows (in PostgreSQL, REPLICA IDENTITY FULL)."
                )
            try:
                written[name] = writer(self._fields[known[spelling(name)]], name)(value)
            except Unwritable as refused:
                raise Unreadable(str(refused)) from None
        return written


def _unwrapped(message: Any) -> tuple[Any, Any]:
    """(schema, payload); no schema where the converter leaves it out."""
    if isinstance(message, Mapping) and message.keys() == {"schema", "payload"}:
        return message["schema"], message["payload"]
    return None, message


def _columns(schema: Any) -> Types:
    """The columns of a struct, by name."""
    listed = schema.get("fields") if isinstance(schema, Mapping) else None
    return {
        str(each.get("field")): each
        for each in (listed if isinstance(listed, list) else [])
        if isinstance(each, Mapping)
    }


def _types(schema: Any, part: str) -> Types:
    return _columns(_columns(schema).get(part))


def _not_sent(value: Any) -> bool:
    return isinstance(value, str) and value in NOT_SENT


def _is_about_the_stream(payload: Mapping[str, Any]) -> bool:
    """A heartbeat, the bounds of a transaction, a change of the tables themselves."""
    return payload.keys() == {"ts_ms"} or "ddl" in payload or payload.keys() >= {"status", "id"}


def _typed(name: str, value: Any, kind: Mapping[str, Any] | None) -> Any:
    """A value as the schema means it. Raises Unreadable."""
    if value is None or kind is None or _not_sent(value):
        return value
    meant = str(kind.get("name") or "")
    try:
        return _meant(meant, value, kind)
    except (ValueError, TypeError, OverflowError, KeyError, AttributeError):
        what = meant or kind.get("type")
        raise Unreadable(f"The value of {name} is not what its schema says ({what}).") from None


def _meant(meant: str, value: Any, kind: Mapping[str, Any]) -> Any:
    match meant.rpartition(".")[2] if meant.startswith(("io.debezium.", "org.apache.")) else "":
        case "Date":
            return date(1970, 1, 1) + timedelta(days=_whole(value))
        case "Timestamp" | "MicroTimestamp" as unit:
            return EPOCH + timedelta(microseconds=_whole(value) * _UNITS[unit])
        case "NanoTimestamp":
            return EPOCH + timedelta(microseconds=_whole(value) // 1000)
        case "Time" | "MicroTime" as unit:
            return _time(_whole(value) * _UNITS[unit])
        case "NanoTime":
            return _time(_whole(value) // 1000)
        case "ZonedTimestamp":
            return datetime.fromisoformat(value)
        case "IsoDate":
            return date.fromisoformat(value.rstrip("Z"))
        case "IsoTimestamp":
            return datetime.fromisoformat(value).replace(tzinfo=None)
        case "Decimal":
            return _decimal(value, int(kind["parameters"]["scale"]))
        case "VariableScaleDecimal":
            return _decimal(value["value"], value["scale"])
    if kind.get("type") == "bytes":
        raise ValueError
    return value


def _whole(value: Any) -> int:
    if isinstance(value, int):
        return value
    raise TypeError


def _time(microseconds: int) -> str:
    # As text: a column of times of MySQL's can hold 30 hours.
    return str(timedelta(microseconds=microseconds)).rjust(8, "0")


def _decimal(value: str, scale: int) -> Decimal:
    unscaled = int.from_bytes(b64decode(value, validate=True), "big", signed=True)
    digits = tuple(int(each) for each in str(abs(unscaled)))
    return Decimal((int(unscaled < 0), digits, -scale))
