"""Uploads when times are hard: two at once, one that is cut, no broker, no room on the disk."""

import asyncio
import errno
import io
import os
import socket
import subprocess
import tempfile
import threading
from collections.abc import AsyncIterator, Iterator
from contextlib import contextmanager
from pathlib import Path

import httpx2
import pytest
import uvicorn
from sqlalchemy import select
from sqlalchemy.exc import DBAPIError

from deploy.brokers import Broker
from services.ingest.app import DoorIn
from services.ingest.domain.receipt import Receipt
from services.ingest.domain.refusals import RequestRefused
from services.ingest.settings import Settings
from services.ingest.store.tables import BATCHES, BEFORE, EXTRACTS
from services.ingest.taking_files import Coming, no_room
from shared.contracts.topics import RECORDS
from shared.db.tx import Tx
from shared.messaging.relay import Relay
from tests.integration.connecting import Connecting, connecting, dataset
from tests.integration.ingest_service import HEADER, REQUESTS, running
from tests.integration.two_services import settings as kafka_settings
from tests.needs import need

ROWS = 3_000


def csv(amount: int, first: int = 0, count: int = ROWS) -> bytes:
    rows = (f"r{number},31/01/2026,{amount},Abbey" for number in range(first, first + count))
    return "\n".join(["Ref,received,amount,ward", *rows]).encode()


@pytest.fixture
async def at(tmp_path: Path) -> AsyncIterator[Connecting]:
    async with connecting(tmp_path) as started:
        await started.apply({"datasets": [dataset(extract="full", keep_extracts_days=9)]})
        yield started


async def sent(at: Connecting, raw: bytes, *, confirmed: bool = True) -> Receipt:
    coming = Coming(io.BytesIO(raw), "requests", "a.csv", "Test", confirmed=confirmed)
    outcome = await at.door.taking_files.take(coming)
    assert isinstance(outcome, Receipt)
    return outcome


async def left(at: Connecting) -> tuple[int, int, int, int]:
    """How many records, batches, undo rows and kept files there are."""

    def read(tx: Tx) -> tuple[int, int, int]:
        counts = [
            len(tx.connection.execute(select(table)).all()) for table in (BATCHES, BEFORE, EXTRACTS)
        ]
        return counts[0], counts[1], counts[2]

    return (len(await at.records("requests")), *await at.store.read(read))


def on_disk(at: Connecting) -> list[str]:
    folder = at.door.taking_files.kept.folder
    return [each.name for each in folder.iterdir()] if folder.is_dir() else []


async def test_two_uploads_of_one_dataset_at_once_are_both_whole(at: Connecting) -> None:
    one, two = await asyncio.gather(sent(at, csv(1)), sent(at, csv(2, first=ROWS // 2)))
    first, second = sorted((one, two), key=lambda each: each.deleted)
    assert (first.accepted, first.deleted) == (ROWS, 0)
    # The second meets what the first left: half of it changes, half goes, half is new.
    assert (second.accepted, second.deleted) == (ROWS, ROWS // 2)
    amounts = {fields["amount"] for fields in (await at.records("requests")).values()}
    assert len(await at.records("requests")) == ROWS
    assert len(amounts) == 1


async def test_others_are_answered_while_a_large_file_is_read(at: Connecting) -> None:
    begun, go_on = threading.Event(), threading.Event()

    class Slow(io.BytesIO):
        def read(self, size: int | None = -1, /) -> bytes:
            begun.set()
            assert go_on.wait(60)
            return super().read(size)

    coming = Coming(Slow(csv(1)), "requests", "a.csv", "Test")
    large = asyncio.create_task(at.door.taking_files.take(coming))
    try:
        await asyncio.to_thread(begun.wait, 60)
        # The file is in the middle of being read: others write and read all the same.
        assert (await sent(at, csv(7, first=9_000, count=2))).accepted == 2
        assert not large.done()
    finally:
        go_on.set()
    outcome = await large
    assert isinstance(outcome, Receipt)
    assert outcome.accepted == ROWS


async def test_a_file_that_comes_while_the_broker_is_away_is_taken_and_published_later(
    at: Connecting, embedded_broker: Broker, topic_prefix: str
) -> None:
    receipt = await sent(at, csv(1))
    assert receipt.accepted == ROWS
    outbox = at.door.service.outbox
    assert (await at.store.read(outbox.depth))[0] >= ROWS
    kafka = kafka_settings(embedded_broker, topic_prefix, "ingest")
    relay = asyncio.create_task(Relay(at.store, outbox, kafka).run())
    try:
        async with asyncio.timeout(60):
            while (await at.store.read(outbox.depth))[0]:
                await asyncio.sleep(0.02)
    finally:
        relay.cancel()
        await asyncio.gather(relay, return_exceptions=True)
    assert len(await at.store.read(lambda tx: at.door.own.subjects(tx, RECORDS))) >= ROWS


async def test_a_store_without_room_refuses_a_file_and_goes_on(at: Connecting) -> None:
    await sent(at, csv(1, count=20))
    before, files = await left(at), on_disk(at)
    pages = at.store.write_now(lambda tx: tx.scalar("PRAGMA page_count"))[0]
    at.store.write_now(lambda tx: tx.scalar(f"PRAGMA max_page_count = {pages + 20}"))
    with pytest.raises(DBAPIError, match="full"):
        await sent(at, csv(2))
    assert await left(at) == before
    assert on_disk(at) == files
    at.store.write_now(lambda tx: tx.scalar("PRAGMA max_page_count = 1000000"))
    assert (await sent(at, csv(2))).accepted == ROWS


def test_a_store_without_room_is_told_as_such(sqlite_url: str) -> None:
    with running(sqlite_url, connectors=False) as ingest:
        ingest.apply({"datasets": [REQUESTS]})
        store = ingest.service.store
        pages = store.write_now(lambda tx: tx.scalar("PRAGMA page_count"))[0]
        store.write_now(lambda tx: tx.scalar(f"PRAGMA max_page_count = {pages + 10}"))
        rows = "\n".join(f"r{number},31/01/2026,1,1" for number in range(2_000))
        refused = ingest.upload(f"{HEADER}\n{rows}\n")
        assert refused.status_code in (503, 507)
        assert refused.headers["content-type"] == "application/problem+json"
        assert ingest.records() == {}
        store.write_now(lambda tx: tx.scalar("PRAGMA max_page_count = 1000000"))
        assert ingest.upload(f"{HEADER}\n{rows}\n").status_code == 202


@contextmanager
def small_disk(folder: Path, kib: int) -> Iterator[Path]:
    """A disk of so many KiB of memory."""
    lacks = [] if os.geteuid() == 0 else ["be root, to mount a small disk"]
    need("a disk that is full", lacks)
    folder.mkdir()
    command = ["mount", "-t", "tmpfs", "-o", f"size={kib}k", "tmpfs", str(folder)]
    done = subprocess.run(command, capture_output=True, text=True)
    need("a disk that is full", [done.stderr] if done.returncode else [])
    try:
        yield folder
    finally:
        subprocess.run(["umount", "-l", str(folder)], check=True)


async def test_a_folder_without_room_refuses_a_file_and_goes_on(tmp_path: Path) -> None:
    with small_disk(tmp_path / "small", 128) as files:
        async with connecting(tmp_path) as at:
            door = DoorIn(
                Settings(store_url=at.store.url, kafka="127.0.0.1:1", files=files), at.clock
            )
            full = Connecting(door, at.clock)
            await full.apply({"datasets": [dataset(extract="full", keep_extracts_days=9)]})
            for raw in (csv(1), csv(1, count=1_000)):
                # The first finds no room for what was checked; the second none to be kept.
                with pytest.raises(RequestRefused) as refused:
                    await sent(full, raw)
                assert refused.value.status == 507
                assert await left(full) == (0, 0, 0, 0)
                assert on_disk(full) == []
            assert (await sent(full, csv(1, count=20))).accepted == 20
            door.service.store.close()


def test_a_form_that_finds_no_room_is_refused_and_the_next_is_served(
    sqlite_url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with small_disk(tmp_path / "small", 512) as small, running(sqlite_url) as ingest:
        ingest.apply({"datasets": [REQUESTS]})
        monkeypatch.setattr(tempfile, "tempdir", str(small))
        rows = "\n".join(f"r{number},31/01/2026,1,{'x' * 900}" for number in range(2_000))
        refused = ingest.upload(f"{HEADER}\n{rows}\n")
        assert refused.status_code == 507
        assert "no room" in refused.json()["detail"]
        assert ingest.records() == {}
        assert ingest.upload(f"{HEADER}\nr1,31/01/2026,1,1\n").status_code == 202


def test_another_fault_of_a_disk_is_no_lack_of_room() -> None:
    with pytest.raises(PermissionError), no_room():
        raise PermissionError(errno.EACCES, "no")


def test_an_upload_that_is_cut_at_half_leaves_nothing(tmp_path: Path) -> None:
    settings = Settings(
        store_url=f"sqlite:///{tmp_path / 'store.db'}", kafka="127.0.0.1:1", connectors=False
    )
    door = DoorIn(settings)
    with socket.socket() as listening:
        listening.bind(("127.0.0.1", 0))
        port = listening.getsockname()[1]
        config = uvicorn.Config(door.service.app(), log_config=None, lifespan="on")
        server = uvicorn.Server(config)
        thread = threading.Thread(target=server.run, kwargs={"sockets": [listening]})
        thread.start()
        try:
            transport = httpx2.HTTPTransport(retries=5)
            with httpx2.Client(transport=transport, base_url=f"http://127.0.0.1:{port}") as client:
                while not server.started:
                    threading.Event().wait(0.02)
                client.put("/v1/catalogue", json={"datasets": [REQUESTS]}).raise_for_status()
                whole = httpx2.Request(
                    "POST",
                    f"http://127.0.0.1:{port}/v1/datasets/requests/files",
                    files={"file": ("a.csv", b"\n".join([HEADER.encode(), b"r1,,1,1" * 1]), "")},
                )
                body = whole.read()
                head = f"POST {whole.url.path} HTTP/1.1\r\nHost: x\r\n"
                head += f"Content-Type: {whole.headers['content-type']}\r\n"
                head += f"Content-Length: {len(body)}\r\n\r\n"
                with socket.create_connection(("127.0.0.1", port), 10) as line:
                    line.sendall(head.encode() + body[: len(body) // 2])
                found = client.get("/v1/datasets/requests/batches").raise_for_status().json()
                assert found == {"batches": [], "next": None}
                done = client.send(whole)
                assert (done.status_code, done.json()["accepted"]) == (202, 1)
                found = client.get("/v1/datasets/requests/batches").json()
                assert [each["batch"] for each in found["batches"]] == [done.json()["batch"]]
        finally:
            server.should_exit = True
            thread.join(30)
