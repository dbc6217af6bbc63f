"""Odd rows, case by case: what each comes to, its place and its rule, in a file and in JSON."""

from collections.abc import Iterator
from typing import Any

import pytest

from tests.integration.ingest_service import Ingest, counts, problem, running

COUNTS: dict[str, Any] = {
    "code": "counts",
    "title": "Counts by area",
    "extract": "changes",
    "key": ["area", "on"],
    "fields": [
        {"name": "area", "type": "text", "required": True, "max_length": 9},
        {"name": "on", "type": "date", "formats": ["%d/%m/%Y"], "required": True},
        {"name": "cases", "type": "integer", "minimum": 0, "null_markers": ["n/a", "-"]},
        {"name": "rate", "type": "decimal", "maximum": 100},
        {"name": "spent", "type": "money"},
        {"name": "open", "type": "boolean"},
    ],
}
HEADER = "area,on,cases,rate,spent,open"


@pytest.fixture(scope="module")
def ingest(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Ingest]:
    folder = tmp_path_factory.mktemp("ingest")
    with running(f"sqlite:///{folder / 'store.db'}") as started:
        assert started.apply({"datasets": [COUNTS]}).status_code == 200
        yield started


def fields(ingest: Ingest, area: str) -> dict[str, Any]:
    [found] = [each for each in ingest.records().values() if each["area"] == area]
    return found


TAKEN = [
    ("a blank marker", "a2,31/01/2026,n/a,1,1,y", {"cases": None, "open": True}),
    ("a dash for nothing", "a3,31/01/2026,-,1,1,n", {"cases": None, "open": False}),
    ("day first, where both could be", "a4,02/03/2026,1,1,1,", {"on": "2026-03-02"}),
    ("a bracket for what is owed", "a5,31/01/2026,1,1,(5),", {"spent": "-5.00"}),
    ("an amount with commas", 'a6,31/01/2026,1,1,"£1,234.50",', {"spent": "1234.50"}),
    ("minus nothing", "a7,31/01/2026,-0,-0,-0,", {"cases": 0, "rate": "0", "spent": "0.00"}),
    ("zeros in front", "007,31/01/2026,007,1,1,", {"area": "007", "cases": 7}),
    ("a date to come", "a8,31/12/2199,1,1,1,", {"on": "2199-12-31"}),
    ("a leap day", "a9,29/02/2028,1,1,1,", {"on": "2028-02-29"}),
]  # fmt: skip


@pytest.mark.parametrize(
    ("row", "says"), [each[1:3] for each in TAKEN], ids=[each[0] for each in TAKEN]
)
def test_what_is_written_otherwise_is_read_as_its_contract_says(
    ingest: Ingest, row: str, says: dict[str, Any]
) -> None:
    assert counts(ingest.upload(f"{HEADER}\n{row}\n", "counts"))[0] == 1
    assert fields(ingest, row.split(",")[0]).items() >= says.items()


REJECTED = [
    ("two points", "b,31/01/2026,1,1.2.3,1,y", "rate", "type"),
    ("a percent sign", "b,31/01/2026,1,5%,1,y", "rate", "type"),
    ("more than the most", "b,31/01/2026,1,100.1,1,y", "rate", "maximum"),
    ("a negative count", "b,31/01/2026,-1,1,1,y", "cases", "minimum"),
    ("half a case", "b,31/01/2026,1.5,1,1,y", "cases", "type"),
    ("a word for a number", "b,31/01/2026,few,1,1,y", "cases", "type"),
    ("perhaps", "b,31/01/2026,1,1,1,perhaps", "open", "type"),
    ("a code that is too long", "E0500000001,31/01/2026,1,1,1,y", "area", "max-length"),
    ("no such day", "b,29/02/2027,1,1,1,y", "on", "format"),
    ("a year before any", "b,31/01/1066,1,1,1,y", "on", "format"),
    ("superscript digits", "b,31/01/2026,1²,1,1,y", "cases", "type"),
    ("digits of another script", "b,31/01/2026,١٢,1,1,y", "cases", "type"),
    ("a minus that is none", "b,31/01/2026,\u22125,1,1,y", "cases", "type"),
    ("a mark that turns the text", "b\u202ex,31/01/2026,1,1,1,y", "area", "control-character"),
    ("a mark of byte order inside", "b\ufeffx,31/01/2026,1,1,1,y", "area", "control-character"),
]


@pytest.mark.parametrize(
    ("row", "field", "rule"), [each[1:] for each in REJECTED], ids=[each[0] for each in REJECTED]
)
def test_what_breaks_a_rule_is_rejected_at_its_place_and_the_rest_is_kept(
    ingest: Ingest, row: str, field: str, rule: str
) -> None:
    response = ingest.upload(f"{HEADER}\nok,31/01/2026,1,1,1,y\n{row}\n", "counts")
    accepted, unchanged, rejected, _ = counts(response)
    assert (accepted + unchanged, rejected) == (1, 1)
    [found] = response.json()["rejections"]
    assert (found["row"], found["field"], found["rule"]) == (3, field, rule)


@pytest.mark.parametrize(
    ("ends", "rows"),
    [("\n", 2), ("\r\n", 2), ("\r", 2)],
    ids=["line feeds", "both", "bare carriage returns"],
)
def test_lines_end_however_they_end(ingest: Ingest, ends: str, rows: int) -> None:
    text = ends.join([HEADER, "n1,31/01/2026,1,1,1,y", "n2,31/01/2026,1,1,1,y", ""])
    accepted, unchanged, rejected, _ = counts(ingest.upload(text, "counts"))
    assert (accepted + unchanged, rejected) == (rows, 0)


def test_lines_that_end_differently_in_one_file_are_read(ingest: Ingest) -> None:
    text = f"{HEADER}\r\nm1,31/01/2026,1,1,1,y\nm2,31/01/2026,1,1,1,y\rm3,31/01/2026,1,1,1,y\r\n"
    assert counts(ingest.upload(text, "counts")) == (3, 0, 0, 0)


def test_a_header_alone_is_a_file_without_rows(ingest: Ingest) -> None:
    assert counts(ingest.upload(f"{HEADER}\n", "counts")) == (0, 0, 0, 0)


ROW = {"area": "j", "on": "2026-01-31"}


@pytest.mark.parametrize(
    ("more", "field", "rule"),
    [
        (b'"cases": -0.0', "cases", "type"),
        (b'"cases": "5"', None, None),
        (b'"cases": 1e2', "cases", "type"),
        (b'"cases": 5.0', "cases", "type"),
        (b'"rate": 1e400', "rate", "type"),
        (b'"rate": null', None, None),
        (b'"open": 1', "open", "type"),
        (b'"open": "true"', None, None),
        (b'"cases": 123456789012345678901234567890', "cases", "type"),
    ],
    ids=["minus nothing", "a number as text", "an exponent", "a fraction of nothing", "too large",
         "null", "one for yes", "yes as text", "thirty digits"],
)  # fmt: skip
def test_a_json_value_of_an_odd_kind_is_exact_or_rejected(
    ingest: Ingest, more: bytes, field: str | None, rule: str | None
) -> None:
    body = b'[{"data": {"area": "j", "on": "2026-01-31", ' + more + b"}}]"
    response = ingest.post(body, "counts")
    if field is None:
        assert counts(response)[2] == 0
        return
    [said] = problem(response, 422)["rejections"]
    assert (said["field"], said["rule"]) == (field, rule)


def test_a_field_that_is_given_twice_is_rejected(ingest: Ingest) -> None:
    body = b'[{"data": {"area": "d", "on": "2026-01-31", "cases": 1, "Cases": 2}}]'
    [found] = problem(ingest.post(body, "counts"), 422)["rejections"]
    assert (found["field"], found["rule"]) == ("cases", "duplicate-field")


def test_letters_that_only_look_alike_are_other_records_and_spellings_of_one_are_the_same(
    ingest: Ingest,
) -> None:
    composed, apart, greek = "caf\u00e9", "cafe\u0301", "c\u03b1f\u00e9"
    rows = [{"data": {**ROW, "area": area}} for area in (composed, apart, greek)]
    # The second says again what the first said.
    assert counts(ingest.post(rows, "counts")) == (2, 1, 0, 0)


@pytest.mark.parametrize("area", ["a/b", "a|b", "a\\b", "../x", "?x#y", "%2F", "a b"])
def test_a_key_of_any_characters_is_one_record_and_found_again(ingest: Ingest, area: str) -> None:
    row = {"data": {**ROW, "area": area}}
    assert counts(ingest.post([row], "counts")) == (1, 0, 0, 0)
    assert counts(ingest.post([row], "counts")) == (0, 1, 0, 0)
    gone = {"key": [area, "2026-01-31"], "deleted": True}
    assert counts(ingest.post([gone], "counts")) == (1, 0, 0, 0)


def test_a_zero_width_space_is_kept_and_is_no_other_spelling(ingest: Ingest) -> None:
    counts(ingest.post([{"data": {**ROW, "area": "zw"}}], "counts"))
    response = ingest.post([{"data": {**ROW, "area": "z\u200bw"}}], "counts")
    assert counts(response) == (1, 0, 0, 0)
