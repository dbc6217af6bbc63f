"""Requests that share a transaction, and replicas that share a store."""

from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any

import msgspec
import pytest

from services.ingest.delivery import Delivery, Outcome
from services.ingest.domain.contract import Contract
from services.ingest.domain.contracts import Contracts
from services.ingest.domain.intake import Prepared, from_records
from services.ingest.domain.json_rows import read_array
from services.ingest.domain.receipt import Receipt
from services.ingest.domain.refusals import RequestRefused
from services.ingest.handlers import Ingest as Handlers
from services.ingest.store.repository import Claim
from services.ingest.store.tables import TABLES
from shared.catalogue.model import Dataset
from shared.delivery.own import Own
from tests.integration.ingest_service import REQUESTS, Ingest, counts, problem, running

CONTRACT = Contract(msgspec.convert(REQUESTS, Dataset))
CONTRACTS = Contracts()
NOON = datetime(2026, 1, 31, 12, tzinfo=UTC)


@pytest.fixture
def ingest(sqlite_url: str) -> Iterator[Ingest]:
    with running(sqlite_url) as started:
        yield started


def request(*rows: dict[str, Any], key: str = "", body: str = "") -> tuple[Delivery, Prepared]:
    claim = Claim("records/requests", key, body) if key else None
    checked = from_records(CONTRACT, read_array(msgspec.json.encode(rows)))
    return Delivery(CONTRACT, NOON, claim=claim), checked


def together(ingest: Ingest, *requests: tuple[Delivery, Prepared]) -> list[Outcome]:
    """What requests come to that share one transaction."""
    handlers = Handlers(ingest.service.outbox, Own(TABLES), CONTRACTS)
    outcomes, _ = ingest.service.store.write_now(lambda tx: handlers.accept_records(tx, requests))
    return list(outcomes)


def told(outcome: Outcome) -> tuple[int, int, int]:
    assert isinstance(outcome, Receipt)
    return outcome.accepted, outcome.unchanged, outcome.rejected


def row(ref: str, ward: str | None = None) -> dict[str, Any]:
    return {"data": {"ref": ref, "ward": ward}}


def test_each_request_is_told_what_its_own_rows_did(ingest: Ingest) -> None:
    outcomes = together(
        ingest,
        request(row("a", "1"), row("b")),
        request(row("a", "1"), row("")),
        request(row("a", "2")),
        request({"key": "b", "deleted": True}, row("c")),
    )
    assert [told(each) for each in outcomes] == [(2, 0, 0), (0, 1, 1), (1, 0, 0), (2, 0, 0)]
    batches = {each.batch for each in outcomes if isinstance(each, Receipt)}
    assert len(batches) == 4
    for batch in batches:
        assert ingest.client.get(f"/v1/batches/{batch}").status_code == 200
    assert {subject: fields["ward"] for subject, fields in ingest.records().items()} == {
        "requests/a": "2", "requests/c": None,
    }  # fmt: skip


def test_a_key_counts_once_among_requests_that_share_a_transaction(ingest: Ingest) -> None:
    first, again, other = together(
        ingest,
        request(row("a"), key="k", body="one"),
        request(row("a"), key="k", body="one"),
        request(row("b"), key="k", body="two"),
    )
    assert first == again
    assert told(first) == (1, 0, 0)
    assert isinstance(other, RequestRefused)
    assert other.status == 409
    assert list(ingest.records()) == ["requests/a"]


def test_a_request_that_is_undone_leaves_nothing(ingest: Ingest) -> None:
    handlers = Handlers(ingest.service.outbox, Own(TABLES), CONTRACTS)

    def fail(tx: Any) -> None:
        handlers.accept_records(tx, [request(row("a"), row(""), key="k", body="one")])
        raise RuntimeError("the power went")

    with pytest.raises(RuntimeError):
        ingest.service.store.write_now(fail)
    assert ingest.events() == []
    [outcome] = together(ingest, request(row("a"), row(""), key="k", body="one"))
    assert told(outcome) == (1, 0, 1)


@pytest.mark.postgres
def test_a_catalogue_applied_at_one_replica_holds_at_the_other_at_once(postgres_url: str) -> None:
    longer = [
        {**field, "max_length": 30} if field["name"] == "ref" else field
        for field in REQUESTS["fields"]
    ]
    with running(postgres_url) as one, running(postgres_url, replica="1") as other:
        one.apply({"datasets": [REQUESTS]})
        assert counts(other.post([row("a")])) == (1, 0, 0, 0)
        problem(other.post([row("x" * 21)]), 422)
        one.apply({"datasets": [{**REQUESTS, "fields": longer}]})
        assert counts(other.post([row("x" * 21)])) == (1, 0, 0, 0)
        one.apply({"datasets": []})
        problem(other.post([row("b")]), 404)
        problem(other.upload("Ref,Received,Amount,Ward\n"), 404)


@pytest.mark.postgres
def test_two_replicas_never_give_one_record_the_same_version(postgres_url: str) -> None:
    with running(postgres_url) as one, running(postgres_url, replica="1") as other:
        one.apply({"datasets": [REQUESTS]})
        for number in range(6):
            replica = (one, other)[number % 2]
            assert counts(replica.post([row("a", str(number))])) == (1, 0, 0, 0)
        events = one.events()
    assert [event.version for event in events] == [str(number) for number in range(1, 7)]
