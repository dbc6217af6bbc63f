"""The calls that preview a file, list batches, take one back and take one again."""

from collections.abc import Iterator
from typing import Any

import pytest

from tests.integration.ingest_service import HEADER, REQUESTS, Ingest, problem, running

KEPT = {**REQUESTS, "keep_extracts_days": 5}


@pytest.fixture
def ingest(store_url: str) -> Iterator[Ingest]:
    with running(store_url, connectors=False) as started:
        assert started.apply({"datasets": [KEPT]}).status_code == 200
        yield started


def rows(*lines: str) -> str:
    return "\n".join([HEADER, *lines])


def sent(ingest: Ingest, *lines: str, **more: Any) -> dict[str, Any]:
    response = ingest.upload(rows(*lines), **more)
    assert response.status_code == 202, response.text
    found: dict[str, Any] = response.json()
    return found


def test_a_preview_answers_what_a_file_would_do_and_changes_nothing(ingest: Ingest) -> None:
    sent(ingest, "r1,31/01/2026,1,North", "r2,31/01/2026,1,North")
    events = len(ingest.events())
    text = rows("r1,31/01/2026,2,North", "r3,x,1,")
    response = ingest.upload(text, mode="changes", preview=True)
    assert response.status_code == 200
    found = response.json()
    assert (found["received"], found["changed"], found["rejected"]) == (2, 1, 1)
    assert found["differences"] == [
        {"key": "r1", "kind": "changed", "fields": [["amount", "1.00", "2.00"]]}
    ]
    assert len(ingest.events()) == events
    batches = ingest.client.get("/v1/datasets/requests/batches").json()["batches"]
    assert len(batches) == 1


def test_batches_are_listed_the_newest_first_in_pages(ingest: Ingest) -> None:
    names = [sent(ingest, f"r{n},31/01/2026,1,")["batch"] for n in range(3)]
    page = ingest.client.get("/v1/datasets/requests/batches", params={"limit": 2}).json()
    following = ingest.client.get(
        "/v1/datasets/requests/batches", params={"limit": 2, "before": page["next"]}
    ).json()
    listed = [each["batch"] for each in (*page["batches"], *following["batches"])]
    assert sorted(listed) == sorted(names)
    assert following["next"] is None
    created = [each["created"] for each in page["batches"]]
    assert created == sorted(created, reverse=True)
    problem(ingest.client.get("/v1/datasets/requests/batches", params={"before": "x"}), 422)
    problem(ingest.client.get("/v1/datasets/none/batches"), 404)


def test_a_batch_is_taken_back_by_a_call_and_events_say_so(ingest: Ingest) -> None:
    sent(ingest, "r1,31/01/2026,1,North")
    second = sent(ingest, "r1,31/01/2026,9,North", "r2,31/01/2026,1,")
    response = ingest.client.post(f"/v1/batches/{second['batch']}/undo")
    assert response.status_code == 202
    assert response.json()["accepted"] == 2
    assert {subject: each["amount"] for subject, each in ingest.records().items()} == {
        "requests/r1": "1.00"
    }
    undone = ingest.client.get(f"/v1/batches/{response.json()['batch']}").json()
    assert (undone["mode"], undone["detail"]["undoes"]) == ("undo", second["batch"])
    problem(ingest.client.post("/v1/batches/000000000000-0000000000000000/undo"), 404)


def test_a_request_of_records_is_taken_back_and_a_large_one_is_not(ingest: Ingest) -> None:
    def row(n: int) -> dict[str, Any]:
        return {"data": {"ref": f"r{n}", "received": "2026-01-31"}}

    small = ingest.post([row(1)]).json()
    assert ingest.client.post(f"/v1/batches/{small['batch']}/undo").json()["accepted"] == 1
    large = ingest.post([row(n) for n in range(1_001)]).json()
    refused = problem(ingest.client.post(f"/v1/batches/{large['batch']}/undo"), 409)
    assert "request of records" in refused["detail"]


def test_what_was_sent_is_taken_again_by_a_call(ingest: Ingest) -> None:
    first = sent(ingest, "r1,31.01.2026,1,", "r2,31/01/2026,1,")
    assert first["rejected"] == 1
    listed = ingest.client.get(f"/v1/batches/{first['batch']}/rejected-rows").json()
    assert listed["next"] is None
    [row] = listed["rows"]
    assert (row["row"], row["cells"]["received"], row["fixed_by"]) == (2, "31.01.2026", None)
    assert row["rejections"][0]["rule"] == "format"
    fields = [dict(each) for each in KEPT["fields"]]
    fields[1]["formats"] = ["%d/%m/%Y", "%d.%m.%Y"]
    assert ingest.apply({"datasets": [{**KEPT, "fields": fields}]}).status_code == 200
    response = ingest.client.post(f"/v1/batches/{first['batch']}/replay")
    assert response.status_code == 202
    assert (response.json()["accepted"], response.json()["unchanged"]) == (1, 1)
    sent(ingest, "r1,31/01/2026,5,", "r2,31/01/2026,1,")
    refused = problem(ingest.client.post(f"/v1/batches/{first['batch']}/replay"), 409)
    assert "later batch" in refused["detail"]
    problem(ingest.client.post(f"/v1/batches/{response.json()['batch']}/replay"), 409)
