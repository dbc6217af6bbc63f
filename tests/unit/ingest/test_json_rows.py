"""Records as JSON: exact, and a bad row costs only itself."""

import pytest

from services.ingest.domain.intake import from_records
from services.ingest.domain.json_rows import MOST_ROWS, read_array, read_lines
from services.ingest.domain.refusals import RequestRefused
from tests.unit.ingest.contracts import contract, rules

GOOD = b'{"data": {"ref": "a1", "received": "2026-01-31", "amount": 0.10}}'
STATE = (
    b'{"dataset":"requests","key":"a1","fields":{"amount":"0.10","received":"2026-01-31",'
    b'"ref":"a1","visits":null,"ward":null}}'
)


@pytest.mark.parametrize("body", [GOOD, b"[" + GOOD + b"]", b"\xef\xbb\xbf " + GOOD + b"\n"])
def test_an_array_or_one_object_is_read(body: bytes) -> None:
    assert from_records(contract(), read_array(body)).states == [("requests/a1", STATE)]


def test_lines_are_numbered_as_in_a_file() -> None:
    prepared = from_records(contract(), read_lines(b"\n" + GOOD + b"\r\n\n{bad\n"))
    assert [subject for subject, _ in prepared.states] == ["requests/a1"]
    assert rules(prepared) == [(4, None, "json")]


@pytest.mark.parametrize(
    ("line", "rule"),
    [
        (b"{", "json"),
        (b"not json", "json"),
        (b'{"data": {"amount": NaN}}', "json"),
        (b'{"data": {"amount": Infinity}}', "json"),
        (b'{"data": {"ward": "\\ud800"}}', "json"),
        (b'{"data": ' + b'{"a":' * 2000 + b"1" + b"}" * 2000 + b"}", "json"),
        (b'{"data": {"ward": "\xff"}}', "encoding"),
        (b"null", "shape"),
        (b"[]", "shape"),
        (b"{}", "shape"),
        (b'{"data": null}', "shape"),
        (b'{"data": [1]}', "shape"),
        (b'{"data": {}, "extra": 1}', "shape"),
        (b'{"key": "a1"}', "shape"),
        (b'{"deleted": true}', "shape"),
        (b'{"key": "a1", "deleted": "yes"}', "shape"),
        (b'{"key": {"a": 1}, "deleted": true}', "shape"),
        (b'{"data": {"ref": "a1", "received": "2026-01-31"}, "deleted": true}', "shape"),
        (b'{"data": {"ref": "a1", "received": "2026-01-31"}, "key": "a2"}', "key"),
    ],
)
def test_a_bad_row_is_rejected_and_its_neighbours_are_kept(line: bytes, rule: str) -> None:
    by_line = from_records(contract(), read_lines(GOOD + b"\n" + line + b"\n" + GOOD))
    assert [(each.row, each.rule) for each in by_line.rejections] == [(2, rule)]
    assert len(by_line.states) == 2
    assert by_line.received == 3
    if rule != "json":
        by_element = from_records(contract(), read_array(b"[" + GOOD + b"," + line + b"]"))
        assert [(each.row, each.rule) for each in by_element.rejections] == [(2, rule)]
        assert len(by_element.states) == 1


@pytest.mark.parametrize(
    "body",
    [b"", b"hello", b"null", b"5", b'"text"', b"[1, 2", b"[" + GOOD + b",{bad}]", b"{bad",
     b'[{"data": {"amount": NaN}}]', b"[" * 100_000, GOOD + GOOD, GOOD.decode().encode("utf-16")],
)  # fmt: skip
def test_a_body_that_is_no_json_is_refused(body: bytes) -> None:
    with pytest.raises(RequestRefused) as refused:
        read_array(body)
    assert refused.value.status == 400


def test_too_many_rows_are_refused_before_they_are_read() -> None:
    for read, body in [
        (read_array, b"[" + b",".join([b"{}"] * (MOST_ROWS + 1)) + b"]"),
        (read_lines, b"{}\n" * (MOST_ROWS + 1)),
    ]:
        with pytest.raises(RequestRefused) as refused:
            list(read(body))
        assert refused.value.status == 413


def test_a_deletion_names_its_record_by_key() -> None:
    prepared = from_records(contract(), read_array(b'[{"key": "a/1", "deleted": true}]'))
    assert prepared.states == [("requests/a%2F1", None)]
