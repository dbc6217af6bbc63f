"""Debezium's types, read as the schema in the message says; and how a broker lets us in."""

import json
from base64 import b64encode
from typing import Any

import pytest

from services.ingest.connect.broker import security
from services.ingest.connect.debezium import Debezium
from services.ingest.connect.messages import Change, Emptied, Plain, Unreadable
from services.ingest.connect.source import SourceFailed
from services.ingest.domain.contract import Contract
from shared.catalogue.connectors import Messages
from shared.catalogue.model import Dataset, Field
from tests.integration.changes import change, wrapped


def contract(kind: Any = "text", **more: Any) -> Contract:
    fields = [Field(name="id", type="text"), Field(name="value", type=kind, optional=True, **more)]
    return Contract(Dataset(code="d", title="D", key=["id"], fields=fields))


def read(value: Any, column: dict[str, Any], kind: Any = "text", **more: Any) -> Any:
    columns = [{"type": "string", "field": "id"}, {"field": "value", **column}]
    message = wrapped(change("c", None, {"id": "A", "value": value}), columns)
    [said] = Debezium(contract(kind, **more), Messages()).read(None, json.dumps(message).encode())
    return said.data["value"]


@pytest.mark.parametrize(
    ("name", "value", "kind", "written"),
    [
        ("io.debezium.time.Date", 20574, "date", "2026-05-01"),
        ("io.debezium.time.Date", -1, "date", "1969-12-31"),
        ("org.apache.kafka.connect.data.Date", 0, "date", "1970-01-01"),
        ("io.debezium.time.Timestamp", 1777678200000, "datetime", "2026-05-01T23:30:00"),
        ("org.apache.kafka.connect.data.Timestamp", 1777678200000, "date", "2026-05-01"),
        (
            "io.debezium.time.MicroTimestamp",
            1777678200000001,
            "datetime",
            "2026-05-01T23:30:00.000001",
        ),
        ("io.debezium.time.NanoTimestamp", 1777678200000000999, "date", "2026-05-01"),
        # A moment with an offset is London's wall time.
        (
            "io.debezium.time.ZonedTimestamp",
            "2026-05-01T23:30:00.123456Z",
            "datetime",
            "2026-05-02T00:30:00.123456",
        ),
        ("io.debezium.time.ZonedTimestamp", "2026-05-01T23:30:00Z", "date", "2026-05-02"),
        ("io.debezium.time.IsoDate", "2026-05-01Z", "date", "2026-05-01"),
        ("io.debezium.time.IsoTimestamp", "2026-05-01T23:30:00Z", "date", "2026-05-01"),
        ("io.debezium.time.Time", 34_200_000, "text", "09:30:00"),
        ("io.debezium.time.MicroTime", 34_200_000_000, "text", "09:30:00"),
        ("io.debezium.time.NanoTime", 34_200_000_000_000, "text", "09:30:00"),
        ("io.debezium.time.Year", 2026, "integer", "2026"),
        ("io.debezium.data.Uuid", "7d444840", "text", "7d444840"),
        (
            "io.debezium.data.VariableScaleDecimal",
            {"scale": 3, "value": "BNI="},
            "decimal",
            "1.234",
        ),
        (None, True, "boolean", "true"),
        (None, 0.1, "decimal", "0.1"),
        (None, None, "integer", None),
    ],
)
def test_values_are_what_their_schema_says(
    name: str | None, value: Any, kind: str, written: str | None
) -> None:
    column = {"type": "int64"} if name is None else {"type": "int64", "name": name}
    assert read(value, column, kind) == written


@pytest.mark.parametrize(("unscaled", "written"), [(10**40, f"1{'0' * 38}.00"), (-5, "-0.05")])
def test_decimals_of_any_length_are_exact(unscaled: int, written: str) -> None:
    raw = unscaled.to_bytes(unscaled.bit_length() // 8 + 1, "big", signed=True)
    column = {
        "type": "bytes",
        "name": "org.apache.kafka.connect.data.Decimal",
        "parameters": {"scale": "2"},
    }
    assert read(b64encode(raw).decode(), column, "decimal") == written


@pytest.mark.parametrize(
    ("column", "value"),
    [
        ({"type": "int32", "name": "io.debezium.time.Date"}, "x"),
        ({"type": "int32", "name": "io.debezium.time.Date"}, 10**9),
        ({"type": "int64", "name": "io.debezium.time.Timestamp"}, 10**30),
        ({"type": "string", "name": "io.debezium.time.ZonedTimestamp"}, "yesterday"),
        ({"type": "bytes", "name": "org.apache.kafka.connect.data.Decimal"}, "AA=="),
        (
            {
                "type": "bytes",
                "name": "org.apache.kafka.connect.data.Decimal",
                "parameters": {"scale": "2"},
            },
            "not base64",
        ),
        ({"type": "bytes"}, "AA=="),
    ],
)
def test_a_value_that_its_schema_does_not_fit_is_named_and_not_shown(
    column: dict[str, Any], value: Any
) -> None:
    with pytest.raises(Unreadable, match="The value of value is not what its schema says") as told:
        read(value, column)
    assert str(value) not in str(told.value)


def test_a_contract_with_its_own_year_first_gets_dates_so() -> None:
    column = {"type": "int32", "name": "io.debezium.time.Date"}
    assert read(20574, column, "date", formats=["%Y/%d/%m", "%Y-%d-%m"]) == "2026-01-05"


def test_a_deletion_is_named_by_the_row_or_by_the_key() -> None:
    reader = Debezium(contract(), Messages())

    def gone(before: Any, by: Any) -> list[Change]:
        message = json.dumps(change("d", before, None)).encode()
        return reader.read(None if by is None else json.dumps(by).encode(), message)

    assert gone({"id": "A", "value": "x"}, None) == [Change({"id": "A"}, True)]
    assert gone({"id": None}, {"id": 7}) == [Change({"id": "7"}, True)]
    assert gone(None, {"schema": {}, "payload": {"id": "B"}}) == [Change({"id": "B"}, True)]
    # The table's own key is not the contract's: nothing tells which record it is.
    with pytest.raises(Unreadable, match="does not name its key: id"):
        gone(None, {"row": 5})
    with pytest.raises(Unreadable, match="its key is no object"):
        gone(None, 5)


def test_what_is_no_row_is_passed_over_and_an_emptied_table_is_told() -> None:
    reader = Debezium(contract(), Messages())
    passed: list[Any] = [None, {"schema": {}, "payload": None}, change("m", None, None)]
    for said in [*passed, {"ts_ms": 1}]:
        assert reader.read(None, said if said is None else json.dumps(said).encode()) == []
    with pytest.raises(Emptied):
        reader.read(None, json.dumps(change("t", None, None)).encode())


def test_a_plain_message_of_many_key_fields_is_gone_by_an_object() -> None:
    fields = [
        Field(name="ref", type="text", headers=["Reference"]),
        Field(name="line", type="integer"),
    ]
    made = Contract(Dataset(code="d", title="D", key=["ref", "line"], fields=fields))
    reader = Plain(made, Messages())
    gone = Change({"Reference": "A", "line": 1}, True)
    assert reader.read(b'{"Reference": "A", "line": 1, "x": 2}', None) == [gone]
    for by, reason in (
        (b"A", "has several fields"),
        (b'{"line": 1}', "its key: ref, line"),
        (None, "no key"),
    ):
        with pytest.raises(Unreadable, match=reason):
            reader.read(by, None)


def test_a_password_is_said_over_tls_alone() -> None:
    assert security({}) == {}
    found = security({"user": "reader", "password": "secret"})
    assert (found["security_protocol"], found["sasl_mechanism"]) == ("SASL_SSL", "SCRAM-SHA-512")
    assert found["ssl_context"].check_hostname
    plain = security({"user": "reader", "password": "secret", "mechanism": "PLAIN"})
    assert (plain["security_protocol"], plain["sasl_mechanism"]) == ("SASL_SSL", "PLAIN")
    for wrong in ({"user": "u", "mechanism": "NONE"}, {"ca": "no certificate"}):
        with pytest.raises(SourceFailed):
            security(wrong)
