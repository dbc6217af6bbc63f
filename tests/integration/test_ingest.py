"""Ingest through its calls, on each kind of store: receipts, events, batches, idempotency."""

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor

import pytest

from shared.contracts import envelope
from shared.contracts.topics import CATALOGUE
from tests.integration.ingest_service import HEADER, REQUESTS, Ingest, counts, problem, running

ROW = {"data": {"ref": "a1", "received": "2026-01-31", "amount": "12.50", "ward": "27"}}


@pytest.fixture
def ingest(store_url: str) -> Iterator[Ingest]:
    with running(store_url) as started:
        assert started.apply({"datasets": [REQUESTS]}).status_code == 200
        yield started


def rows(*refs: int, amount: str = "1") -> str:
    return "\n".join([HEADER, *(f"r{ref},31/01/2026,{amount},1" for ref in refs)])


def test_a_record_becomes_one_event_that_tells_its_batch(ingest: Ingest) -> None:
    response = ingest.post([ROW])
    assert counts(response) == (1, 0, 0, 0)
    [event] = ingest.events()
    assert (event.subject, event.version) == ("requests/a1", "1")
    assert event.correlationid == response.json()["batch"]
    assert event.origin
    assert ingest.records()["requests/a1"] == {
        "ref": "a1", "received": "2026-01-31", "amount": "12.50", "ward": "27",
    }  # fmt: skip


def test_a_restated_record_is_no_event(ingest: Ingest) -> None:
    ingest.post([ROW])
    again = {"data": {"Ref": " a1", "received": "31/01/2026", "amount": 12.5, "ward": 27}}
    assert counts(ingest.post(again)) == (0, 1, 0, 0)
    assert len(ingest.events()) == 1


def test_versions_grow_through_change_deletion_and_return(ingest: Ingest) -> None:
    ingest.post([ROW])
    ingest.post([{"data": {**ROW["data"], "amount": "13"}}])
    assert counts(ingest.post([{"key": "a1", "deleted": True}])) == (1, 0, 0, 0)
    assert counts(ingest.post([{"key": ["a1"], "deleted": True}])) == (0, 1, 0, 0)
    ingest.post([ROW])
    events = ingest.events()
    assert [event.version for event in events] == ["1", "2", "3", "4"]
    assert [envelope.body_of(event) is None for event in events] == [False, False, True, False]


def test_ndjson_keeps_the_good_lines(ingest: Ingest) -> None:
    body = (
        b'{"data": {"ref": "a1"}}\n'
        b"{broken\n"
        b'{"data": {"ref": "a2", "received": "31/02/2026"}}\n'
        b'{"data": {"ref": "a3", "ward": "\xff"}}\n'
        b'{"data": {"ref": "a4"}}'
    )
    response = ingest.post(body, content_type="application/x-ndjson")
    assert counts(response) == (2, 0, 3, 0)
    assert [(each["row"], each["field"], each["rule"], each["raw"])
            for each in response.json()["rejections"]] == [
        (2, None, "json", None), (3, "received", "format", "31/02/2026"),
        (4, None, "encoding", None),
    ]  # fmt: skip


def test_when_every_row_is_rejected_the_answer_is_a_problem_with_the_receipt(
    ingest: Ingest,
) -> None:
    response = ingest.post([{"data": {"ref": "a1", "received": "31/02/2026"}}])
    found = problem(response, 422)
    assert (found["received"], found["rejected"]) == (1, 1)
    assert found["rejections"][0]["raw"] == "31/02/2026"
    assert ingest.client.get(f"/v1/batches/{found['batch']}").json()["rejected"] == 1
    assert ingest.events() == []


def test_an_empty_request_is_an_empty_batch(ingest: Ingest) -> None:
    assert counts(ingest.post([])) == (0, 0, 0, 0)


def test_the_same_key_and_body_has_one_effect_and_the_same_receipt(ingest: Ingest) -> None:
    body = [ROW, {"data": {"ref": ""}}]
    first = ingest.post(body, idempotency_key="k1")
    ingest.post([{"data": {**ROW["data"], "amount": "99"}}])
    again = ingest.post(body, idempotency_key="k1")
    assert again.status_code == first.status_code == 202
    assert again.content == first.content
    # The repeat did not put the old amount back.
    assert ingest.records()["requests/a1"]["amount"] == "99.00"


def test_the_same_key_with_another_body_is_refused_without_effect(ingest: Ingest) -> None:
    ingest.post([ROW], idempotency_key="k1")
    problem(ingest.post([{"data": {"ref": "b"}}], idempotency_key="k1"), 409)
    assert list(ingest.records()) == ["requests/a1"]


def test_a_key_is_of_one_call_and_a_refused_request_does_not_use_it_up(ingest: Ingest) -> None:
    problem(ingest.post(b"nonsense", idempotency_key="k1"), 400)
    assert counts(ingest.post([ROW], idempotency_key="k1")) == (1, 0, 0, 0)
    uploaded = ingest.upload(rows(1), mode="changes", headers={"idempotency-key": "k1"})
    assert counts(uploaded) == (1, 0, 0, 0)
    again = ingest.upload(rows(1), mode="changes", headers={"idempotency-key": "k1"})
    assert again.content == uploaded.content
    problem(ingest.upload(rows(1), mode="full", headers={"idempotency-key": "k1"}), 409)


def test_concurrent_repeats_have_one_effect(ingest: Ingest) -> None:
    with ThreadPoolExecutor(8) as pool:
        answers = list(pool.map(lambda _: ingest.post([ROW], idempotency_key="k"), range(24)))
    assert {answer.status_code for answer in answers} == {202}
    assert len({answer.content for answer in answers}) == 1
    assert len(ingest.events()) == 1


def test_requests_that_wait_together_are_each_told_their_own(ingest: Ingest) -> None:
    def send(number: int) -> tuple[int, tuple[int, int, int, int]]:
        ref = number // 2  # each record comes twice, with the same content
        sent = [{"data": {"ref": f"c{ref}"}}, {"data": {"ref": ""}}]
        return ref, counts(ingest.post(sent, idempotency_key=f"k{number}"))

    with ThreadPoolExecutor(16) as pool:
        told = list(pool.map(send, range(60)))
    assert all(rejected == 1 and accepted + unchanged == 1 for _, (accepted, unchanged, rejected, _)
               in told)  # fmt: skip
    assert sum(accepted for _, (accepted, *_) in told) == 30
    assert len(ingest.events()) == len(ingest.records()) == 30


def test_what_no_store_can_hold_is_rejected_and_shown(ingest: Ingest) -> None:
    response = ingest.post(
        [{"data": {"ref": "a\0b"}}, {"data": {"ref": "a1"}}, {"x\0y": 1}, {"key": "\0" * 30}]
    )
    assert counts(response) == (1, 0, 3, 0)
    batch = response.json()["batch"]
    kept = ingest.client.get(f"/v1/batches/{batch}/rejections").json()["rejections"]
    assert kept == response.json()["rejections"]
    assert kept[0]["raw"] == "a\ufffdb"
    problem(ingest.client.get("/v1/batches/a%00b"), 404)
    problem(ingest.client.get("/v1/batches/a%00b/rejections"), 404)


def test_a_full_extract_deletes_what_it_does_not_name(ingest: Ingest) -> None:
    assert counts(ingest.upload(rows(1, 2, 3))) == (3, 0, 0, 0)
    assert counts(ingest.upload(rows(1, 2, 3))) == (0, 3, 0, 0)
    assert len(ingest.events()) == 3
    response = ingest.upload(rows(1, 3, 4))
    assert counts(response) == (1, 2, 0, 1)
    assert set(ingest.records()) == {"requests/r1", "requests/r3", "requests/r4"}
    assert ingest.events()[-1].correlationid == response.json()["batch"]


def test_a_file_of_changes_deletes_nothing(ingest: Ingest) -> None:
    ingest.upload(rows(1, 2, 3))
    assert counts(ingest.upload(rows(4), mode="changes")) == (1, 0, 0, 0)
    assert len(ingest.records()) == 4


def test_a_record_of_a_rejected_row_is_not_taken_for_missing(ingest: Ingest) -> None:
    ingest.upload(rows(1, 2, 3))
    response = ingest.upload(f"{HEADER}\nr1,31/02/2026,1,1\nr2,31/01/2026,1,1\n")
    assert counts(response) == (0, 1, 1, 1)
    assert set(ingest.records()) == {"requests/r1", "requests/r2"}


def test_while_a_rejected_row_might_be_any_record_nothing_is_deleted(ingest: Ingest) -> None:
    ingest.upload(rows(1, 2, 3))
    response = ingest.upload(f"{HEADER}\n,31/01/2026,1,1\nr2,31/01/2026,1,1\n")
    assert counts(response) == (0, 1, 1, 0)
    batch = ingest.client.get(f"/v1/batches/{response.json()['batch']}").json()
    assert batch["detail"]["deletions_held"] == 2


def test_an_extract_that_would_delete_most_of_a_dataset_must_be_confirmed(ingest: Ingest) -> None:
    ingest.upload(rows(*range(30)))
    before = len(ingest.events())
    found = problem(ingest.upload(rows(*range(14), 99)), 422)
    assert found["problems"][0] | {"rule": ""} == {"rule": "", "known": 30, "missing": 16}
    assert len(ingest.events()) == before
    assert counts(ingest.upload(rows(*range(14), 99), confirm_deletions="true")) == (1, 14, 0, 16)


def test_a_header_alone_is_no_changes_but_no_full_extract(ingest: Ingest) -> None:
    ingest.upload(rows(1))
    assert counts(ingest.upload(HEADER, mode="changes")) == (0, 0, 0, 0)
    problem(ingest.upload(HEADER), 422)
    assert counts(ingest.upload(HEADER, confirm_deletions="true")) == (0, 0, 0, 1)


def test_another_datasets_records_are_left_alone(ingest: Ingest) -> None:
    similar = {**REQUESTS, "code": "requests-2"}
    ingest.apply({"datasets": [REQUESTS, similar]})
    ingest.upload(rows(1, 2), dataset="requests-2")
    ingest.upload(rows(1))
    ingest.upload(rows(3))
    assert set(ingest.records()) == {"requests/r3", "requests-2/r1", "requests-2/r2"}


def test_a_batch_and_its_rejections_can_be_read(ingest: Ingest) -> None:
    bad = "\n".join(f"b{n},31/02/2026,1,1" for n in range(250))
    receipt = ingest.upload(f"{rows(*range(30))}\n{bad}\n", mode="changes", name="may.csv").json()
    assert (receipt["rejected"], len(receipt["rejections"])) == (250, 100)
    batch = ingest.client.get(f"/v1/batches/{receipt['batch']}").json()
    assert {name: batch[name] for name in ("received", "accepted", "dataset", "mode")} == {
        "received": 280, "accepted": 30, "dataset": "requests", "mode": "changes",
    }  # fmt: skip
    assert batch["detail"]["file"] == "may.csv"
    seen: list[int] = []
    after: int | None = 0
    while after is not None:
        page = ingest.client.get(
            f"/v1/batches/{receipt['batch']}/rejections", params={"after": after, "limit": 99}
        ).json()
        seen += [each["row"] for each in page["rejections"]]
        after = page["next"]
    assert seen == list(range(32, 282))
    assert receipt["rejections"][0] == {
        "row": 32, "field": "received", "rule": "format", "raw": "31/02/2026",
        "reason": receipt["rejections"][0]["reason"],
    }  # fmt: skip


def test_a_catalogue_tells_what_changed(ingest: Ingest) -> None:
    other = {**REQUESTS, "code": "visits"}
    renamed = {**REQUESTS, "title": "Requests"}
    assert ingest.apply({"datasets": [REQUESTS, other]}).json() == {
        "added": ["dataset/visits"], "changed": [], "removed": [], "unchanged": 1,
    }  # fmt: skip
    assert ingest.apply({"datasets": [renamed]}).json() == {
        "added": [], "changed": ["dataset/requests"], "removed": ["dataset/visits"],
        "unchanged": 0,
    }  # fmt: skip
    told = [(event.subject, event.version) for event in ingest.events(CATALOGUE)]
    assert told[1:] == [("dataset/visits", "1"), ("dataset/visits", "2"), ("dataset/requests", "2")]
    assert [each["code"] for each in ingest.client.get("/v1/datasets").json()["datasets"]] == [
        "requests"
    ]


def test_a_changed_contract_holds_from_the_next_row_on(ingest: Ingest) -> None:
    problem(ingest.post([{"data": {"ref": "x" * 21}}]), 422)
    longer = [{**field, "max_length": 30} if field["name"] == "ref" else field
              for field in REQUESTS["fields"]]  # fmt: skip
    ingest.apply({"datasets": [{**REQUESTS, "fields": longer}]})
    assert counts(ingest.post([{"data": {"ref": "x" * 21}}])) == (1, 0, 0, 0)


def test_what_was_accepted_is_known_after_a_restart(store_url: str) -> None:
    with running(store_url) as first:
        first.apply({"datasets": [REQUESTS]})
        before = first.post([ROW], idempotency_key="k1")
    with running(store_url) as second:
        assert second.post([ROW], idempotency_key="k1").content == before.content
        assert counts(second.post([ROW])) == (0, 1, 0, 0)
        assert len(second.events()) == 1
