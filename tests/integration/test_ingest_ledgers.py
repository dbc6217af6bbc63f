"""Ledgers and registers at the door: as they are written, and what is refused."""

import json
from collections.abc import Iterator
from typing import Any

import pytest

from tests.integration.ingest_service import Ingest, counts, problem, running

ACCOUNTS = {
    "code": "council",
    "name": "Accounts",
    "funds": [{"code": "general", "name": "General Fund"}],
    "subjectives": [],
}
POSTINGS: dict[str, Any] = {
    "code": "postings",
    "title": "Postings",
    "role": "posting",
    "extract": "full",
    "key": ["number"],
    "closed_to": "2024-25-P13",
    "fields": [
        {"name": "number", "headers": ["TransNo"], "type": "text"},
        {"name": "cost_centre", "headers": ["Cost centre"], "type": "text"},
        {"name": "subjective", "headers": ["Account"], "type": "text"},
        {"name": "period", "headers": ["Period"], "type": "period", "optional": True},
        {"name": "date", "headers": ["Date"], "type": "date", "optional": True},
        {"name": "amount", "headers": ["Amount"], "type": "money"},
    ],
}
REGISTER: dict[str, Any] = {
    "code": "contracts",
    "title": "Contracts register",
    "role": "contract",
    "extract": "full",
    "key": ["reference"],
    "fields": [
        *({"name": each, "type": "text"} for each in ("reference", "title", "supplier")),
        {"name": "start", "type": "date", "required": True},
        {"name": "end", "type": "date", "required": True},
        {"name": "total_value", "type": "money"},
        {"name": "company_number", "type": "text"},
        {"name": "sme", "type": "boolean"},
        {"name": "owner", "type": "text"},
    ],
}
OPEN = {key: value for key, value in POSTINGS.items() if key != "closed_to"}


@pytest.fixture
def ingest(store_url: str) -> Iterator[Ingest]:
    with running(store_url) as started:
        define(started, POSTINGS)
        yield started


def define(ingest: Ingest, postings: dict[str, Any]) -> None:
    document = {"accounts": ACCOUNTS, "datasets": [postings, REGISTER]}
    response = ingest.apply(document)
    assert response.status_code == 200, response.text


def extract(*rows: str) -> str:
    return "\n".join(["TransNo,Cost centre,Account,Period,Amount", *rows])


def posting(number: str, period: str, amount: str) -> dict[str, Any]:
    return {
        "data": {
            "number": number, "cost_centre": "C1", "subjective": "1000", "period": period,
            "amount": amount,
        }
    }  # fmt: skip


def rules(response: Any) -> list[tuple[int, str, str]]:
    return [(each["row"], each["field"], each["rule"]) for each in response.json()["rejections"]]


def test_amounts_and_periods_go_in_as_ledgers_write_them(ingest: Ingest) -> None:
    sent = extract(
        '1,C1,1000,202601,"£1,234.50"', "2,C1,1000,2026-27 P02,(5.00)",
        "3,C1,1000,P03 2026/27,7.5-",
        "4,C1,1000,202600,1", "5,C1,1000,202614,1", "6,C1,1000,202603,$5", "7,C1,1000,202603,-5-",
    )  # fmt: skip
    response = ingest.upload(sent, "postings")
    assert counts(response) == (3, 0, 4, 0)
    assert rules(response) == [
        (5, "period", "period"), (6, "period", "period"),
        (7, "amount", "type"), (8, "amount", "type"),
    ]  # fmt: skip
    held = {fields["number"]: fields for fields in ingest.records().values()}
    assert {number: (each["period"], each["amount"]) for number, each in held.items()} == {
        "1": ("2026-27-P01", "1234.50"),
        "2": ("2026-27-P02", "-5.00"),
        "3": ("2026-27-P03", "-7.50"),
    }
    assert all(each["date"] is None for each in held.values())


def test_a_closed_period_takes_nothing_new_and_goes_on_being_restated(ingest: Ingest) -> None:
    define(ingest, OPEN)
    old = "1,C1,1000,202413,10.00", "2,C1,1000,202412,20.00", "3,C1,1000,202501,30.00"
    assert counts(ingest.upload(extract(*old), "postings")) == (3, 0, 0, 0)
    define(ingest, POSTINGS)
    # The same again is unchanged; a change, an arrival, and a move out of a closed period are not.
    sent = extract(
        old[0], "2,C1,1000,202412,20.01", old[2], "4,C1,1000,202401,1", "5,C1,1000,202502,1"
    )
    response = ingest.upload(sent, "postings")
    assert counts(response) == (1, 2, 2, 0)
    assert rules(response) == [(3, "period", "closed-period"), (5, "period", "closed-period")]
    assert "2024-25-P13" in response.json()["rejections"][0]["reason"]
    moved = ingest.post([posting("1", "2025-26-P01", "10.00")], "postings")
    assert problem(moved, 422)["rejections"][0]["rule"] == "closed-period"
    gone = ingest.post([{"key": "2", "deleted": True}, {"key": "3", "deleted": True}], "postings")
    assert counts(gone) == (1, 0, 1, 0)
    assert {fields["amount"] for fields in ingest.records().values()} == {"10.00", "20.00", "1.00"}


def test_a_full_extract_does_not_delete_what_is_in_a_closed_period(ingest: Ingest) -> None:
    define(ingest, OPEN)
    old = extract("1,C1,1000,202412,10.00", "2,C1,1000,202501,20.00", "3,C1,1000,202502,30.00")
    ingest.upload(old, "postings")
    define(ingest, POSTINGS)
    response = ingest.upload(extract("3,C1,1000,202502,30.00"), "postings", confirm_deletions=True)
    assert counts(response) == (0, 1, 0, 1)
    batch = ingest.client.get(f"/v1/batches/{response.json()['batch']}").json()
    assert batch["detail"]["deletions_held"] == 1
    assert "closed" in batch["detail"]["deletions_held_because"]
    assert set(ingest.records()) == {"postings/1", "postings/3"}


def test_an_extract_of_the_open_periods_alone_deletes_nothing_and_needs_no_consent(
    ingest: Ingest,
) -> None:
    define(ingest, OPEN)
    old = [f"{number},C1,1000,202412,10.00" for number in range(30)]
    new = [f"{number},C1,1000,202501,10.00" for number in range(30, 52)]
    assert counts(ingest.upload(extract(*old, *new), "postings")) == (52, 0, 0, 0)
    define(ingest, POSTINGS)
    response = ingest.upload(extract(*new), "postings")
    assert counts(response) == (0, 22, 0, 0)
    batch = ingest.client.get(f"/v1/batches/{response.json()['batch']}").json()
    assert batch["detail"]["deletions_held"] == 30
    # Of what is open it may still not lose the most by mistake.
    refused = problem(ingest.upload(extract(*new[:9]), "postings"), 422)
    assert refused["problems"] == [{"rule": "mass-deletion", "known": 22, "missing": 13}]
    assert len(ingest.records()) == 52


def test_rows_of_a_request_count_one_by_one_beside_a_closed_period(ingest: Ingest) -> None:
    define(ingest, OPEN)
    ingest.post([posting("1", "2024-25-P13", "1"), posting("2", "2025-26-P01", "2")], "postings")
    define(ingest, POSTINGS)
    response = ingest.post(
        [
            posting("1", "2024-25-P13", "1"),
            posting("1", "2024-25-P13", "5"),
            posting("2", "2024-25-P13", "2"),
            posting("2", "2025-26-P02", "2"),
            posting("2", "2025-26-P01", "2"),
            posting("3", "2025-26-P01", "3"),
            {"key": "3", "deleted": True},
            {"key": "1", "deleted": True},
            {"key": "unknown", "deleted": True},
        ],
        "postings",
    )
    assert counts(response) == (4, 2, 3, 0)
    assert [(row, rule) for row, _, rule in rules(response)] == [
        (2, "closed-period"), (3, "closed-period"), (8, "closed-period"),
    ]  # fmt: skip
    held = {fields["number"]: fields["period"] for fields in ingest.records().values()}
    assert held == {"1": "2024-25-P13", "2": "2025-26-P01"}


def test_what_was_held_before_its_field_was_a_period_can_still_be_corrected(
    ingest: Ingest,
) -> None:
    fields = [
        {**each, "type": "text"} if each["name"] == "period" else each for each in OPEN["fields"]
    ]
    plain = {key: value for key, value in OPEN.items() if key != "role"} | {"fields": fields}
    define(ingest, plain)
    assert counts(ingest.post([posting("1", "month 1", "1")], "postings")) == (1, 0, 0, 0)
    define(ingest, POSTINGS)
    assert counts(ingest.post([posting("1", "2025-26-P01", "1")], "postings")) == (1, 0, 0, 0)
    assert counts(ingest.post([posting("1", "2024-25-P01", "1")], "postings"), 422) == (0, 0, 1, 0)


def test_a_posting_that_is_dated_stands_in_the_period_of_its_month(ingest: Ingest) -> None:
    sent = "TransNo,Cost centre,Account,Date,Amount\n1,C1,1000,2025-03-31,1\n2,C1,1000,2025-04-01,1"
    assert rules(ingest.upload(sent, "postings")) == [(2, "date", "closed-period")]


@pytest.mark.parametrize(
    "above",
    [
        ["SELECT * FROM payments", "WHERE period = 'P03'", ""],
        ["Payments over £500, March 2026"],
        ["Payments,,,,", ",,,,", "Published by,Finance,,,"],
    ],
)
def test_headers_are_found_under_a_title_or_the_text_of_a_query(
    ingest: Ingest, above: list[str]
) -> None:
    sent = "\n".join([*above, extract("1,C1,1000,202601,5", "2,C1,1000,202600,5")])
    response = ingest.upload(sent, "postings")
    assert counts(response) == (1, 0, 1, 0)
    # Rows are numbered as they stand in the file.
    assert rules(response) == [(len(above) + 3, "period", "period")]
    batch = ingest.client.get(f"/v1/batches/{response.json()['batch']}").json()
    assert batch["detail"]["lines_passed_over"] == len(above)


def test_where_no_row_has_the_headers_the_first_row_is_what_is_told(ingest: Ingest) -> None:
    found = problem(ingest.upload("One,Two\n1,2\n3,4\n", "postings"), 422)
    assert "TransNo: The column for number is missing." in found["detail"]
    # A column that a file need not have is not asked for.
    assert "Period" not in found["detail"]


def release(**more: Any) -> dict[str, Any]:
    return {
        "ocid": "ocds-1",
        "date": "2026-01-02T00:00:00Z",
        "tender": {"title": "Grounds", "procurementMethodDetails": "Open"},
        "parties": [
            {"id": "s1", "identifier": {"scheme": "GB-COH", "id": "01234567"},
             "details": {"scale": "sme"}}
        ],
        "awards": [
            {"id": "a1", "title": "Grounds maintenance", "value": {"amount": 1250000.5,
             "currency": "GBP"}, "suppliers": [{"id": "s1", "name": "Acme"}],
             "contractPeriod": {"startDate": "2026-03-31T23:00:00Z", "endDate": "2029-03-31"}}
        ],
        **more,
    }  # fmt: skip


def package(*releases: dict[str, Any]) -> bytes:
    return json.dumps({"version": "1.1", "releases": list(releases)}).encode()


def test_contracts_published_as_ocds_go_into_the_register(ingest: Ingest) -> None:
    contract = {
        "id": "c1", "awardID": "a1", "title": "Grounds, north",
        "period": {"startDate": "2026-04-01", "endDate": "2027-03-31"},
        "value": {"amount": 500000, "currency": "GBP"},
    }  # fmt: skip
    kept = {"data": {"reference": "OLD", "start": "2020-01-01", "end": "2030-01-01"}}
    ingest.post([kept], "contracts")
    response = ingest.upload(
        package(
            release(date="2026-02-01T00:00:00Z", contracts=[contract]),
            release(ocid="ocds-2"),
            release(ocid="ocds-3", awards=[{"id": "a", "value": {"amount": 5, "currency": "EUR"}}]),
        ),
        "contracts",
        "releases.json",
    )
    # A package tells of a part: what it does not name stays, though the register is a full extract.
    assert counts(response) == (2, 0, 1, 0)
    assert {each[2] for each in rules(response)} == {"required", "type"}
    records = ingest.records()
    assert set(records) == {"contracts/OLD", "contracts/ocds-1%2Fc1", "contracts/ocds-2%2Fa1"}
    assert records["contracts/ocds-2%2Fa1"] == {
        "reference": "ocds-2/a1", "title": "Grounds maintenance", "supplier": "Acme",
        "start": "2026-04-01", "end": "2029-03-31", "total_value": "1250000.50",
        "company_number": "01234567", "sme": True, "owner": None,
    }  # fmt: skip
    again = ingest.upload(package(release(ocid="ocds-2")), "contracts", "releases.json")
    assert counts(again) == (0, 1, 0, 0)


def test_the_newest_release_of_a_contract_counts_whatever_the_order(ingest: Ingest) -> None:
    newer = release(date="2026-05-01T00:00:00Z")
    newer["awards"][0]["title"] = "Renamed"
    assert counts(ingest.upload(package(newer, release()), "contracts", "p.json")) == (1, 0, 0, 0)
    [fields] = ingest.records().values()
    assert fields["title"] == "Renamed"


@pytest.mark.parametrize(
    "body",
    [
        b"{",
        b'{"releases": 5}',
        b'{"a": 1}',
        b'{"releases": [{"awards": NaN}]}',
        b'{"releases": ' + b"[" * 100_000,
        b'{"releases": ["\xff"]}',
    ],
)
def test_what_is_no_package_is_refused_in_words(ingest: Ingest, body: bytes) -> None:
    assert "cannot be read" in problem(ingest.upload(body, "contracts", "p.json"), 422)["detail"]


def test_json_is_for_registers_of_contracts(ingest: Ingest) -> None:
    assert "OCDS" in problem(ingest.upload(package(release()), "postings", "p.json"), 415)["detail"]
