"""Bad input gets a clear problem document of the 4xx kind, and what was good is kept."""

from collections.abc import Iterator
from typing import Any

import pytest

from tests.integration.ingest_service import HEADER, REQUESTS, Ingest, counts, problem, running

GOOD = "r1,31/01/2026,1,1"
GOOD_ROW = {"data": {"ref": "r1", "received": "2026-01-31"}}


@pytest.fixture(scope="module")
def ingest(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Ingest]:
    folder = tmp_path_factory.mktemp("ingest")
    with running(f"sqlite:///{folder / 'store.db'}") as started:
        assert started.apply({"datasets": [REQUESTS]}).status_code == 200
        yield started


@pytest.fixture(autouse=True)
def nothing_was_lost(ingest: Ingest) -> Iterator[None]:
    """Whatever a test sends, a record that was good before stands as it stood."""
    ingest.upload(f"{HEADER}\nkept,31/01/2026,5,1\n", mode="changes")
    yield
    assert ingest.records()["requests/kept"]["amount"] == "5.00"


FILES = [
    ("missing columns", "Ref,Amount\nr1,1\n", 422),
    ("duplicate columns", f"{HEADER},Ward\n{GOOD},1\n", 422),
    ("empty", "", 422),
    ("blank", "\n\n", 422),
    ("NUL", f"{HEADER}\nr1\0,31/01/2026,1,1\n", 422),
    ("UTF-16", f"{HEADER}\n{GOOD}\n".encode("utf-16"), 422),
    ("quote never closed", f'{HEADER}\n{GOOD}\nr2,31/01/2026,1,"1\n{GOOD}\n', 422),
    ("quote never closed, long", f'{HEADER}\n{GOOD}\n"' + "x,y\n" * 50_000, 422),
    ("10 MB field", f"{HEADER}\nr1,31/01/2026,1,{'x' * 10_000_000}\n", 422),
    ("16,385 columns", HEADER + "".join(f",c{n}" for n in range(16_381)) + "\n", 422),
    ("neither UTF-8 nor cp1252", HEADER.encode() + b"\n\x81,31/01/2026,1,1\n", 422),
    ("a workbook cut short", b"PK\x03\x04" + b"\0" * 100, 422),
]


@pytest.mark.parametrize(
    ("text", "status"), [(f[1], f[2]) for f in FILES], ids=[f[0] for f in FILES]
)
def test_a_file_that_cannot_be_read_is_refused_whole(
    ingest: Ingest, text: str | bytes, status: int
) -> None:
    before = len(ingest.events())
    problem(ingest.upload(text, mode="changes"), status)
    assert len(ingest.events()) == before


BAD_ROWS = [
    ("31/02/2026", "b1,31/02/2026,1,1", "received", "format"),
    ("29/02/2027", "b1,29/02/2027,1,1", "received", "format"),
    ("month first", "b1,01/31/2026,1,1", "received", "format"),
    ("two-digit year", "b1,31/01/26,1,1", "received", "format"),
    ("NaN", "b1,31/01/2026,NaN,1", "amount", "type"),
    ("Infinity", "b1,31/01/2026,-Infinity,1", "amount", "type"),
    ("exponent", "b1,31/01/2026,1E+15,1", "amount", "type"),
    ("a bracket that does not close", "b1,31/01/2026,(5,1", "amount", "type"),
    ("two signs", "b1,31/01/2026,-(5),1", "amount", "type"),
    ("not in pounds", "b1,31/01/2026,$5,1", "amount", "type"),
    ("percent", "b1,31/01/2026,5%,1", "amount", "type"),
    ("n/a", "b1,31/01/2026,n/a,1", "amount", "type"),
    ("fraction of a penny", "b1,31/01/2026,1.005,1", "amount", "type"),
    ("too long a key", f"{'b' * 21},31/01/2026,1,1", "ref", "max-length"),
    ("no key", ",31/01/2026,1,1", "ref", "required"),
    ("a key that is a null marker", "-1,31/01/2026,1,1", "ref", "required"),
    ("control character", "b1,31/01/2026,1,\x07x", "ward", "control-character"),
    ("too long a text", f"b1,31/01/2026,1,{'x' * 5_000}", "ward", "max-length"),
    ("too many values", "b1,31/01/2026,1,1,1", None, "row-length"),
    ("too few values", "b1,31/01/2026", None, "row-length"),
    ("header again", HEADER, None, "repeated-header"),
    ("another row with the key of a good one", "r1,31/01/2026,2,1", None, "duplicate-key"),
]


@pytest.mark.parametrize(
    ("row", "field", "rule"), [r[1:] for r in BAD_ROWS], ids=[r[0] for r in BAD_ROWS]
)
def test_a_bad_row_is_rejected_with_its_place_and_the_good_rows_are_kept(
    ingest: Ingest, row: str, field: str | None, rule: str
) -> None:
    response = ingest.upload(f"{HEADER}\n{GOOD}\n{row}\nr2,31/01/2026,1,1\n", mode="changes")
    accepted, unchanged, rejected, _ = counts(response)
    assert (accepted + unchanged, rejected) == (2, 1)
    [found] = response.json()["rejections"]
    assert (found["row"], found["field"], found["rule"]) == (3, field, rule)
    assert found["reason"]
    assert {"requests/r1", "requests/r2"} <= set(ingest.records())
    assert ingest.records()["requests/r1"]["amount"] == "1.00"


@pytest.mark.parametrize(
    "text",
    [
        f"\ufeff{HEADER}\n{GOOD}\n",
        "Ward,Amount,Received,Ref\n1,1,31/01/2026,r1\n",
        f"{HEADER},Resident\n{GOOD},Somebody\n",
        f"{HEADER}\r\n{GOOD}\r\n\r\n",
        f"{HEADER}\n{GOOD},\n",
        f"{HEADER}\nr1,2026-01-31,\"1.00\",1\n",
    ],
    ids=["bom", "reordered", "extra", "crlf", "trailing comma", "iso and quotes"],
)  # fmt: skip
def test_what_is_only_spelled_otherwise_is_taken(ingest: Ingest, text: str) -> None:
    accepted, unchanged, rejected, _ = counts(ingest.upload(text, mode="changes"))
    assert (accepted + unchanged, rejected) == (1, 0)
    assert ingest.records()["requests/r1"] == {
        "ref": "r1", "received": "2026-01-31", "amount": "1.00", "ward": "1",
    }  # fmt: skip


def test_cp1252_is_read_and_told(ingest: Ingest) -> None:
    raw = f"{HEADER}\ncp,31/01/2026,1,Bath \u2013 Caf\u00e9\n".encode("cp1252")
    response = ingest.upload(raw, mode="changes")
    counts(response)
    assert ingest.records()["requests/cp"]["ward"] == "Bath \u2013 Caf\u00e9"
    batch = ingest.client.get(f"/v1/batches/{response.json()['batch']}").json()
    assert batch["detail"]["encoding"] == "cp1252"


JSON = "application/json"
BODIES: list[tuple[str, bytes, str, int]] = [
    ("nothing", b"", JSON, 400),
    ("not JSON", b"hello", JSON, 400),
    ("cut", b'[{"data": {"ref": "x"', JSON, 400),
    ("null", b"null", JSON, 400),
    ("a number", b"5", JSON, 400),
    ("NaN", b'[{"data": {"ref": "x", "amount": NaN}}]', JSON, 400),
    ("deep", b"[" * 100_000, JSON, 400),
    ("UTF-16", '[{"data": {"ref": "x"}}]'.encode("utf-16"), JSON, 400),
    ("invalid UTF-8", b'{"data": {"ref": "\xff\xfe"}}', JSON, 422),
    ("lone surrogate", b'{"data": {"ref": "\\ud800"}}', JSON, 400),
    ("1e999", b'{"data": {"ref": "x", "amount": 1e999}}', JSON, 422),
    ("5,000 digits", b'{"data": {"ref": "x", "amount": ' + b"9" * 5_000 + b"}}", JSON, 422),
    ("exponent bomb", b'{"data": {"ref": "x", "amount": 1e-999999999}}', JSON, 422),
    ("true for a number", b'{"data": {"ref": "x", "amount": true}}', JSON, 422),
    ("list for a text", b'{"data": {"ref": ["x"]}}', JSON, 422),
    ("object for a text", b'{"data": {"ref": {"a": 1}}}', JSON, 422),
    ("unknown member", b'{"data": {"ref": "x"}, "version": 9}', JSON, 422),
    ("deletion without key", b'{"deleted": true}', JSON, 422),
    ("key too long", b'{"key": "' + b"k" * 300 + b'", "deleted": true}', JSON, 422),
    ("key of too many parts", b'{"key": ["a", "b"], "deleted": true}', JSON, 422),
    ("NDJSON of nonsense", b"a\nb\nc\n", "application/x-ndjson", 422),
    ("no content type", b"[]", "", 415),
    ("text", b"[]", "text/plain", 415),
    ("form", b"a=1", "application/x-www-form-urlencoded", 415),
    ("UTF-16 charset", b"[]", "application/json; charset=utf-16", 415),
]


@pytest.mark.parametrize(
    ("body", "kind", "status"), [b[1:] for b in BODIES], ids=[b[0] for b in BODIES]
)
def test_a_bad_body_is_a_problem(ingest: Ingest, body: bytes, kind: str, status: int) -> None:
    before = len(ingest.events())
    problem(ingest.post(body, content_type=kind), status)
    assert len(ingest.events()) == before


def test_good_rows_beside_bad_ones_are_kept(ingest: Ingest) -> None:
    response = ingest.post(
        [GOOD_ROW, {"data": {"ref": "b1", "amount": "NaN"}}, 5, {"data": {"ref": "r9"}}]
    )
    assert counts(response)[2] == 2
    assert {"requests/r1", "requests/r9"} <= set(ingest.records())


@pytest.mark.parametrize("name", ["nope", "Requests", "%00", "..%2f..%2fetc", "x" * 3_000, "a'--"])
def test_an_unknown_dataset_is_not_found(ingest: Ingest, name: str) -> None:
    problem(ingest.post([GOOD_ROW], dataset=name), 404)
    problem(ingest.upload(f"{HEADER}\n{GOOD}\n", dataset=name), 404)


def test_an_unknown_batch_is_not_found(ingest: Ingest) -> None:
    problem(ingest.client.get("/v1/batches/nope"), 404)
    problem(ingest.client.get("/v1/batches/nope/rejections"), 404)


@pytest.mark.parametrize(
    "query", ["after=x", "after=-1", "limit=0", "limit=1000000", f"after={2**70}"]
)
def test_nonsense_in_a_query_is_refused(ingest: Ingest, query: str) -> None:
    batch = ingest.post([GOOD_ROW]).json()["batch"]
    problem(ingest.client.get(f"/v1/batches/{batch}/rejections?{query}"), 422)


@pytest.mark.parametrize("query", ["mode=both", "confirm_deletions=perhaps"])
def test_nonsense_in_the_parameters_of_a_file_is_refused(ingest: Ingest, query: str) -> None:
    response = ingest.client.post(
        f"/v1/datasets/requests/files?{query}", files={"file": ("a.csv", HEADER)}
    )
    problem(response, 422)


def test_a_form_without_the_file_is_refused(ingest: Ingest) -> None:
    path = "/v1/datasets/requests/files"
    problem(ingest.client.post(path, files={"other": ("a.csv", HEADER)}), 422)
    problem(ingest.client.post(path, content=b"Ref\n", headers={"content-type": "text/csv"}), 415)
    problem(
        ingest.client.post(
            path, content=b"nonsense", headers={"content-type": "multipart/form-data"}
        ),
        400,
    )
    two = [("file", ("a.csv", HEADER)), ("file", ("b.csv", HEADER))]
    problem(ingest.client.post(path, files=two), 400)


@pytest.mark.parametrize(
    "name",
    ["../../etc/passwd", "..\\..\\x", 'x">.csv', "x" * 400, "a\u202etxt.csv", "na\u00efve.csv"],
)
def test_a_file_name_is_only_ever_shown(ingest: Ingest, name: str) -> None:
    response = ingest.upload(f"{HEADER}\n{GOOD}\n", mode="changes", name=name)
    counts(response)
    batch = ingest.client.get(f"/v1/batches/{response.json()['batch']}").json()
    assert len(batch["detail"]["file"]) <= 200


@pytest.mark.parametrize("key", ["", "k" * 256, "tab\tbed"])
def test_a_nonsense_idempotency_key_is_refused(ingest: Ingest, key: str) -> None:
    problem(ingest.post([GOOD_ROW], idempotency_key=key), 400)


def test_the_same_key_with_another_body_is_refused(ingest: Ingest) -> None:
    ingest.post([GOOD_ROW], idempotency_key="same")
    problem(ingest.post([{"data": {"ref": "other"}}], idempotency_key="same"), 409)
    assert "requests/other" not in ingest.records()


def test_a_compressed_body_is_refused(ingest: Ingest) -> None:
    problem(ingest.post(b"\x1f\x8b", content_encoding="gzip"), 415)


def test_a_wrong_method_is_a_problem(ingest: Ingest) -> None:
    problem(ingest.client.get("/v1/datasets/requests/records"), 405)
    problem(ingest.client.get("/v1/nowhere"), 404)


CATALOGUES: list[tuple[str, Any, int]] = [
    ("a list", [], 422),
    ("unknown section", {"colours": []}, 422),
    ("unknown field", {"datasets": [{**REQUESTS, "colour": 1}]}, 422),
    ("unknown type", {"datasets": [{**REQUESTS, "fields": [
        {"name": "ref", "type": "blob"}]}]}, 422),
    ("unknown date format", {"datasets": [{**REQUESTS, "fields": [
        {"name": "ref", "type": "text"},
        {"name": "when", "type": "date", "formats": ["%Q"]}]}]}, 422),
    ("a header for two fields", {"datasets": [{**REQUESTS, "fields": [
        {"name": "ref", "type": "text"},
        {"name": "other", "type": "text", "headers": ["Ref"]}]}]}, 422),
]  # fmt: skip


@pytest.mark.parametrize(
    ("document", "status"), [c[1:] for c in CATALOGUES], ids=[c[0] for c in CATALOGUES]
)
def test_a_bad_catalogue_is_refused_whole_with_each_problem(
    ingest: Ingest, document: Any, status: int
) -> None:
    problem(ingest.apply(document), status)
    known = ingest.client.get("/v1/datasets").json()["datasets"]
    assert [each["title"] for each in known] == ["Service requests"]


def test_a_catalogue_that_is_no_json_is_refused(ingest: Ingest) -> None:
    headers = {"content-type": JSON}
    problem(ingest.client.put("/v1/catalogue", content=b"a: b", headers=headers), 400)
    problem(ingest.client.put("/v1/catalogue", content=b"[" * 9_999, headers=headers), 400)
    problem(ingest.client.put("/v1/catalogue", content=b"{}"), 415)


def test_a_formula_with_attribute_access_is_refused_with_its_place(ingest: Ingest) -> None:
    measure = {"code": "bad", "dataset": "requests", "aggregate": "count", "date": "received",
               "where": "ref.__class__ == 1"}  # fmt: skip
    found = problem(ingest.apply({"datasets": [REQUESTS], "measures": [measure]}), 422)
    assert any("measures[0].where" in str(each) for each in found["problems"])


def test_bodies_that_are_too_large_are_refused_early(tmp_path_factory: Any) -> None:
    folder = tmp_path_factory.mktemp("limits")
    small = {"max_records_bytes": 100_000, "max_file_bytes": 200_000}
    with running(f"sqlite:///{folder / 'store.db'}", **small) as ingest:
        ingest.apply({"datasets": [REQUESTS]})
        problem(ingest.post(b"[" + b" " * 100_001 + b"]"), 413)
        problem(ingest.upload(f"{HEADER}\n" + f"{GOOD}\n" * 20_000, mode="changes"), 413)
        # A body that does not say how long it is is counted as it comes.
        chunks = (b" " * 10_000 for _ in range(20))
        response = ingest.client.post(
            "/v1/datasets/requests/records", content=chunks, headers={"content-type": JSON}
        )
        problem(response, 413)
        assert counts(ingest.post([GOOD_ROW])) == (1, 0, 0, 0)
        assert counts(ingest.upload(f"{HEADER}\n{GOOD}\n", mode="changes")) == (1, 0, 0, 0)
