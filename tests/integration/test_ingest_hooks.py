"""Webhooks: who is let in, what a message comes to, and that it counts once."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from datetime import timedelta
from pathlib import Path
from typing import Any

import httpx2
import msgspec
import pytest
from standardwebhooks import Webhook
from structlog.testing import capture_logs

from services.ingest.store import connections
from tests.integration.connecting import Connecting, catalogue, connecting
from tests.integration.ingest_forms import OWNER, council, people
from tests.postgres import PostgresServer

SECRET = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"
OTHER = "whsec_c2VjcmV0LW9mLWFub3RoZXItc2VydmljZQ=="
HOOK = {"kind": "webhook", "credentials": "street"}
MESSAGE = {"event": "permit", "object": {"ref": "P1", "ward": "Abbey", "amount": 12.5}}
MESSAGES = {"items": "object", "deleted": "removed"}


class Hooks:
    """A system that sends messages to the connector."""

    def __init__(self, at: Connecting, client: httpx2.AsyncClient) -> None:
        self.at = at
        self.client = client

    async def send(
        self,
        message: Any = MESSAGE,
        name: str = "msg_1",
        secret: str = SECRET,
        late: int = 0,
        to: str = "source",
        **headers: str,
    ) -> httpx2.Response:
        """Signs a message as a sender does, and sends it; `headers` replace what it would say."""
        raw = message if isinstance(message, bytes) else msgspec.json.encode(message)
        when = self.at.clock.now() - timedelta(seconds=late)
        said = {
            "content-type": "application/json",
            "webhook-id": name,
            "webhook-timestamp": str(int(when.timestamp())),
            "webhook-signature": Webhook(secret).sign(name, when, raw.decode()),
        } | {name.replace("_", "-"): each for name, each in headers.items()}
        return await self.client.post(f"/v1/hooks/{to}", content=raw, headers=said)


@asynccontextmanager
async def hooks(
    folder: Path, messages: dict[str, Any] | None = None, **more: Any
) -> AsyncIterator[Hooks]:
    async with connecting(folder) as at:
        await at.apply(catalogue(HOOK | {"messages": messages or MESSAGES} | more))
        transport = httpx2.ASGITransport(at.door.service.app())
        async with httpx2.AsyncClient(transport=transport, base_url="http://irf") as client:
            yield Hooks(at, client)


@pytest.fixture(autouse=True)
def secret(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("INGEST_SECRET_STREET", f'{{"secret": "{SECRET}"}}')


async def test_a_message_that_is_signed_well_is_let_in_and_the_same_one_has_one_effect(
    tmp_path: Path,
) -> None:
    async with hooks(tmp_path) as sender:
        first = await sender.send()
        assert first.status_code == 202
        assert (first.json()["accepted"], first.json()["rejected"]) == (1, 0)
        assert (await sender.at.records("requests"))["P1"]["amount"] == "12.50"
        sender.at.clock.pass_(minutes=3)
        again = await sender.send()
        assert (again.status_code, again.json()) == (202, first.json())
        other = await sender.send({"object": {"ref": "P9"}})  # The id of another message.
        assert other.status_code == 409
        assert set(await sender.at.records("requests")) == {"P1"}
        batch = await sender.at.batch(first.json()["batch"])
        assert batch.detail == {"connector": "source", "message": "msg_1"}


async def test_what_is_gone_is_deleted_and_a_wrong_row_rejects_itself_alone(tmp_path: Path) -> None:
    said = {"items": "rows", "deleted": "removed", "fields": {"ref": "at.id"}}
    async with hooks(tmp_path, said) as sender:
        rows: list[Any] = [{"at": {"id": each}, "ward": "Abbey"} for each in "AB"]
        await sender.send({"rows": rows})
        rows = [
            {"at": {"id": "A"}, "removed": True},
            {"at": {}, "removed": True},
            {"at": {"id": "C"}, "received": "31/31/2026"},
            {"at": {"id": "B"}, "ward": "Mill", "removed": None},
        ]
        answer = await sender.send({"rows": rows}, "msg_2")
        assert (answer.json()["accepted"], answer.json()["rejected"]) == (2, 2)
        assert [each["row"] for each in answer.json()["rejections"]] == [2, 3]
        found = await sender.at.records("requests")
        assert {key: each["ward"] for key, each in found.items()} == {"B": "Mill"}
        alone = await sender.send({"rows": rows[2]}, "msg_3")
        assert alone.status_code == 202  # To send it again would mend nothing.
        assert alone.json()["rejected"] == 1


async def test_changes_may_come_in_the_envelope_of_debezium(tmp_path: Path) -> None:
    async with hooks(tmp_path, {"envelope": "debezium"}) as sender:
        said: list[dict[str, Any]] = [
            {"op": "c", "before": None, "after": {"ref": "P1", "ward": "Abbey"}},
            {"op": "u", "before": None, "after": {"ref": "P2", "ward": "Mill"}},
            {"op": "d", "before": {"ref": "P1"}, "after": None},
        ]
        for number, each in enumerate(said):
            whole = {"received": None, "amount": None}
            each["after"] = each["after"] and whole | each["after"]
            answer = await sender.send(each, f"msg_{number}")
            assert (answer.status_code, answer.json()["accepted"]) == (202, 1)
        assert set(await sender.at.records("requests")) == {"P2"}
        emptied = await sender.send({"op": "t", "before": None, "after": None}, "msg_t")
        assert (emptied.status_code, (await sender.send(name="plain")).status_code) == (422, 400)


WRONG: list[dict[str, Any]] = [
    {"secret": OTHER},
    {"late": 301},
    {"late": -301},
    {"webhook_signature": ""},
    {"webhook_signature": "v1,AAAA"},
    {"webhook_signature": "v1a," + "A" * 44},
    {"webhook_signature": "é".encode("latin-1")},
    {"webhook_signature": " ".join(["v1,AAAA"] * 500)},
    {"webhook_timestamp": "soon"},
    {"webhook_timestamp": "99999999999999999999"},
    {"webhook_timestamp": "1782900000.5"},
    {"webhook_id": "msg_2"},
    {"webhook_id": ""},
    {"webhook_id": "m" * 300},
]


async def test_one_that_is_not_is_refused_without_a_word_why(tmp_path: Path) -> None:
    async with hooks(tmp_path) as sender:
        for wrong in WRONG:
            answer = await sender.send(**wrong)
            assert answer.status_code == 401, wrong
            assert answer.json()["detail"] == "The message is not signed as it should be."
        assert await sender.at.records("requests") == {}
        assert await sender.at.runs("source") == []
        for late in (299, -299):
            assert (await sender.send(late=late, name=f"msg{late}")).status_code == 202


async def test_the_very_bytes_are_what_is_signed(tmp_path: Path) -> None:
    async with hooks(tmp_path) as sender:
        good = msgspec.json.encode(MESSAGE)
        when = sender.at.clock.now()
        signature = Webhook(SECRET).sign("msg_1", when, good.decode())
        for body in (good + b" ", good.replace(b"Abbey", b"Abbex"), b"\xff", b""):
            answer = await sender.client.post(
                "/v1/hooks/source",
                content=body,
                headers={
                    "content-type": "application/json",
                    "webhook-id": "msg_1",
                    "webhook-timestamp": str(int(when.timestamp())),
                    "webhook-signature": signature,
                },
            )
            assert answer.status_code == 401


async def test_a_secret_is_exchanged_for_another_without_a_gap(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    both = f'{{"secret": "{OTHER}", "previous": "{SECRET}"}}'
    monkeypatch.setenv("INGEST_SECRET_STREET", both)
    async with hooks(tmp_path) as sender:
        assert (await sender.send(name="old")).status_code == 202
        assert (await sender.send(name="new", secret=OTHER)).status_code == 202
        when = sender.at.clock.now()
        raw = msgspec.json.encode(MESSAGE).decode()
        signed = [Webhook(each).sign("two", when, raw) for each in ("whsec_Zm9v", SECRET)]
        answer = await sender.send(name="two", webhook_signature=" ".join(signed))
        assert answer.status_code == 202


@pytest.mark.parametrize("secret", ["{}", '{"secret": "whsec_"}', '{"secret": "x"}', "no json"])
async def test_without_a_secret_that_will_do_it_is_not_available(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, secret: str
) -> None:
    monkeypatch.setenv("INGEST_SECRET_STREET", secret)
    async with hooks(tmp_path) as sender:
        with capture_logs() as logs:
            answer = await sender.send()
        assert answer.status_code == 503
        assert "no json" not in str(logs)
        assert [each["event"] for each in logs] == ["webhook-without-secret"]


async def test_there_is_a_webhook_only_where_a_connector_of_that_kind_is(tmp_path: Path) -> None:
    async with hooks(tmp_path) as sender:
        assert (await sender.send(to="other")).status_code == 404
        asked = {"kind": "folder", "place": "in", "messages": None, "credentials": None}
        await sender.at.apply(catalogue(HOOK | asked))
        assert (await sender.send()).status_code == 404
        await sender.at.apply(catalogue(HOOK | {"messages": MESSAGES, "paused": True}))
        answer = await sender.send()
        assert (answer.status_code, answer.headers["retry-after"]) == (503, "300")


@pytest.mark.parametrize(
    ("body", "status"),
    [
        (b"{", 400),
        (b"[" * 10_000, 400),
        (b'{"other": 1}', 422),
        (b'{"object": [1]}', 422),
        (b'{"object": "P1"}', 422),
    ],
)
async def test_a_signed_message_that_cannot_be_used_is_refused_and_told_on_the_connector(
    tmp_path: Path, body: bytes, status: int
) -> None:
    async with hooks(tmp_path) as sender:
        with capture_logs() as logs:
            assert (await sender.send(body)).status_code == status
        assert not logs
        [run] = await sender.at.runs("source")
        assert (run.refused, len(run.notes)) == (1, 1)
        assert (await sender.at.standing("source")).reason == run.notes[0]
        assert (await sender.send()).status_code == 202
        assert (await sender.at.standing("source")).reason is None


def test_the_page_of_a_webhook_tells_of_the_last_message_that_could_not_be_used(
    tmp_path: Path,
) -> None:
    hook = {"code": "sent", "title": "Sent", "dataset": "requests", "messages": MESSAGES} | HOOK
    document = council() | {"connectors": [hook]}
    with people(f"sqlite:///{tmp_path / 'ingest.db'}", document) as at:
        when = at.ingest.service.clock.now()
        headers = {
            "content-type": "application/json",
            "webhook-id": "1",
            "webhook-timestamp": str(int(when.timestamp())),
            "webhook-signature": Webhook(SECRET).sign("1", when, "[1]"),
        }
        sent = at.ingest.client.post("/v1/hooks/sent", content=b"[1]", headers=headers)
        assert sent.status_code == 422
        page = at.get("/connectors/sent", OWNER).text
        assert "Rows are looked for at object, and there is nothing." in page
        assert "/v1/hooks/sent" in page


async def test_messages_are_counted_by_the_hour(tmp_path: Path) -> None:
    async with hooks(tmp_path) as sender:
        for number in (1, 2, 2):
            await sender.send({"object": {"ref": f"P{number}"}}, f"msg_{number}")
        sender.at.clock.pass_(hours=1)
        await sender.send({"object": {"ref": "P2"}}, "msg_3")
        later, first = await sender.at.runs("source")
        assert (first.extracts, first.accepted, len(first.batches)) == (2, 2, 2)
        assert (later.extracts, later.accepted, later.unchanged) == (1, 0, 1)
        assert later.outcome == connections.DONE and later.bytes == len(b'{"object":{"ref":"P2"}}')


async def test_a_message_may_be_no_larger_than_any_request(tmp_path: Path) -> None:
    async with connecting(tmp_path, max_records_bytes=1000) as at:
        await at.apply(catalogue(HOOK | {"messages": MESSAGES}))
        transport = httpx2.ASGITransport(at.door.service.app())
        async with httpx2.AsyncClient(transport=transport, base_url="http://irf") as client:
            large = {"object": {"ref": "P1", "ward": "x" * 1000}}
            assert (await Hooks(at, client).send(large)).status_code == 413
            typed = await Hooks(at, client).send(content_type="text/plain")
            assert typed.status_code == 415


@pytest.mark.postgres
async def test_a_message_that_two_replicas_get_at_once_counts_once(
    tmp_path: Path, postgres_server: PostgresServer
) -> None:
    url = postgres_server.create_database()
    async with AsyncExitStack() as stack:
        senders = []
        for name in ("one", "two"):
            (tmp_path / name).mkdir()
            at = await stack.enter_async_context(connecting(tmp_path / name, url))
            transport = httpx2.ASGITransport(at.door.service.app())
            client = httpx2.AsyncClient(transport=transport, base_url="http://irf")
            senders.append(Hooks(at, await stack.enter_async_context(client)))
        await senders[0].at.apply(catalogue(HOOK | {"messages": MESSAGES}))
        answers = await asyncio.gather(
            *(
                sender.send({"object": {"ref": f"P{number}"}}, f"msg_{number}")
                for number in range(10)
                for sender in senders
            )
        )
        assert {each.status_code for each in answers} == {202}
        assert len({each.json()["batch"] for each in answers}) == 10
        assert len(await senders[1].at.records("requests")) == 10
        [run] = await senders[1].at.runs("source")
        assert (run.extracts, run.accepted) == (10, 10)
