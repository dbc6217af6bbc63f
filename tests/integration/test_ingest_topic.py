"""A topic of changes becomes a dataset: read from a broker over TCP."""

import asyncio
from pathlib import Path
from typing import Any

import pytest

from deploy.brokers import Broker
from deploy.brokers.ports import free_port
from services.ingest.connect.running import Connectors
from services.ingest.connect.source import Extract, Fetching, Outcome
from services.ingest.connect.topic import Topic
from tests.integration.changes import Stream, change, decimal, key, row, wrapped
from tests.integration.connecting import Connecting, catalogue, connecting


def asks(stream: Stream, **messages: Any) -> dict[str, Any]:
    return {
        "kind": "kafka",
        "place": stream.place,
        "messages": {"envelope": "debezium", **messages},
    }


def reach(stream: Stream) -> str:
    return f"kafka://{stream.broker.address}"


def put(at: Connecting, source: Any = None) -> None:
    """Has the connector end once it has read what there is."""
    door = at.door
    made = source or Topic(listens=0)
    door.connectors = Connectors(
        door.service.store,
        at.clock,
        door.keeper,
        door.taking_in,
        door.settings,
        lambda _kind: made,
    )


@pytest.fixture
async def stream(broker: Broker, topic_prefix: str) -> Stream:
    made = Stream(broker, f"{topic_prefix}council.public.requests")
    await made.make()
    return made


async def test_changes_in_debeziums_envelope_are_what_records_are_now(
    stream: Stream, tmp_path: Path
) -> None:
    await stream.say(
        [
            (key("A"), wrapped(change("r", None, row("A", 20574, 1250, 7)))),
            (key("B"), wrapped(change("c", None, row("B", None, -10)))),
            (key("C"), wrapped(change("c", None, row("C")))),
            (key("A"), wrapped(change("u", row("A", 20574, 1250, 7), row("A", 20575, 100, 8)))),
            (key("B"), wrapped(change("d", row("B"), None))),
            (key("B"), None),
            ({"Ref": "C"}, change("d", None, None)),
        ]
    )
    # Another partition, without the schema in its messages, and with what is no row.
    await stream.say(
        [
            (None, {"ts_ms": 1750000000000}),
            (None, {"status": "BEGIN", "id": "571", "event_count": None, "ts_ms": 1}),
            (None, {"source": {}, "databaseName": "x", "ddl": "CREATE ...", "tableChanges": []}),
            ({"Ref": "D"}, change("c", None, {"Ref": "D", "amount": "12.10", "ward": None})),
        ],
        partition=1,
    )
    async with connecting(tmp_path, reach=reach(stream)) as at:
        put(at)
        await at.apply(catalogue(asks(stream)))
        run = await at.run("source")
        assert (run.outcome, run.reason, run.rejected) == ("done", None, 0)
        assert await at.records("requests") == {
            "A": {"ref": "A", "received": "2026-05-02", "amount": "1.00", "ward": "8"},
            "D": {"ref": "D", "received": None, "amount": "12.10", "ward": None},
        }
        passed = [
            (await at.batch(each)).detail.get("messages_passed_over", 0) for each in run.batches
        ]
        assert sum(passed) == 4
        position = (await at.standing("source")).position
        assert position["offsets"] == {"0": 7, "1": 4}
        run = await at.run("source")
        assert (run.outcome, run.extracts) == ("done", 0)
        # The same changes again, as after a restart of Debezium: nothing moves.
        await stream.say([(key("A"), wrapped(change("r", None, row("A", 20575, 100, 8))))])
        run = await at.run("source")
        assert (run.received, run.accepted, run.unchanged) == (1, 0, 1)


async def test_a_key_that_changed_leaves_no_record_behind(stream: Stream, tmp_path: Path) -> None:
    await stream.say(
        [
            (key("A"), wrapped(change("c", None, row("A")))),
            (key("A"), wrapped(change("u", row("A"), row("Z")))),
        ]
    )
    async with connecting(tmp_path, reach=reach(stream)) as at:
        put(at)
        await at.apply(catalogue(asks(stream)))
        await at.run("source")
        assert set(await at.records("requests")) == {"Z"}


async def test_what_cannot_be_read_is_a_rejected_row_and_stops_nothing(
    stream: Stream, tmp_path: Path
) -> None:
    toast = row("T") | {"ward": "__debezium_unavailable_value"}
    columns = [{"type": "bytes", "field": "ward"}, {"type": "string", "field": "Ref"}]
    bad = {
        "not JSON": b"{",
        "a schema registry": b"\0\0\0\0\1",
        "not an object": [1],
        "no op": {"Ref": "A", "amount": 1, "ward": "x"},
        "not what it is now": change("u", None, None),
        "not one that is known": change("x", None, row("A")),
        "neither it nor its key which": change("d", None, None),
        "lacks ref": change("c", None, {"amount": "1", "ward": 1}),
        "was not sent": wrapped(change("u", None, toast)),
        "not what its schema says (io.debezium.time.Date)": wrapped(
            change("c", None, row("A") | {"received": "x" * 500})
        ),
        "not what its schema says (bytes)": wrapped(
            change("c", None, {"Ref": "A", "amount": "1", "ward": "AA=="}), columns
        ),
    }
    await stream.say([(None, said) for said in bad.values()])
    # Days and base64 without a schema are not guessed at: the contract refuses them.
    good = (key("G"), wrapped(change("c", None, row("G"))))
    await stream.say([(None, change("c", None, row("N", 20574, 1250))), good], partition=1)
    async with connecting(tmp_path, reach=reach(stream)) as at:
        put(at)
        await at.apply(catalogue(asks(stream)))
        run = await at.run("source")
        assert (run.outcome, run.accepted, run.rejected) == ("done", 1, len(bad) + 1)
        assert set(await at.records("requests")) == {"G"}
        told = [line for each in run.batches for line in await at.rejections(each)]
        unreadable = [each.reason for each in told if each.rule == "unreadable"]
        for offset, (reason, said) in enumerate(zip(bad, unreadable, strict=True)):
            assert said.startswith(f"Partition 0, offset {offset}: ")
            assert reason in said
        assert {each.field for each in told if each.rule != "unreadable"} == {"received", "amount"}


async def test_a_table_that_was_emptied_is_told_once_and_what_follows_is_read(
    stream: Stream, tmp_path: Path
) -> None:
    await stream.say(
        [
            (key("A"), wrapped(change("c", None, row("A")))),
            (None, wrapped(change("t", None, None))),
            (key("B"), wrapped(change("c", None, row("B")))),
        ]
    )
    async with connecting(tmp_path, reach=reach(stream)) as at:
        put(at)
        await at.apply(catalogue(asks(stream)))
        run = await at.run("source")
        assert (run.outcome, run.accepted, run.rejected) == ("failed", 1, 1)
        assert "offset 1: the table was emptied" in (run.reason or "")
        run = await at.run("source")
        assert (run.outcome, run.accepted) == ("done", 1)
        assert set(await at.records("requests")) == {"A", "B"}


async def test_plain_messages_say_rows_and_say_what_is_gone(stream: Stream, tmp_path: Path) -> None:
    plain = {
        "envelope": "plain",
        "items": "rows",
        "deleted": "gone_at",
        "fields": {"ref": "id", "ward": "place.ward"},
    }

    def rows(*listed: Any) -> Any:
        return {"rows": list(listed)}

    await stream.say(
        [
            (b"1", rows({"id": "007", "amount": 1.1, "place": {"ward": "Mill"}})),
            (b"2", rows({"id": "B", "amount": 2}, {"id": "C", "amount": 3, "place": None})),
            (b"3", rows({"id": "B", "amount": 2, "gone_at": "2026-07-01T09:00:00Z"})),
            (b"4", rows({"id": "E", "amount": 4})),
            (b"C", None),
            (b"E", None),
            (b'"F"', rows({"id": "F", "amount": 5})),
            (b'"F"', None),
            ({"id": "007"}, None),
            (b"5", {"no": "rows"}),
            (b"6", rows({"id": "007", "amount": 6.25})),
        ]
    )
    async with connecting(tmp_path, reach=reach(stream)) as at:
        put(at)
        await at.apply(catalogue(asks(stream, **plain)))
        run = await at.run("source")
        assert (run.outcome, run.rejected) == ("done", 1)
        record = {"ref": "007", "received": None, "amount": "6.25", "ward": None}
        assert await at.records("requests") == {"007": record}


class Crashing(Topic):
    """The process dies once an extract is in, before the source hears of it."""

    crashes = True

    async def settled(self, asked: Fetching, extract: Extract, outcome: Outcome) -> None:
        if self.crashes:
            self.crashes = False
            raise RuntimeError("killed")


async def test_a_crash_after_the_commit_counts_nothing_twice(
    stream: Stream, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("services.ingest.connect.topic.AT_A_TIME", 10)
    messages = [(key(f"R{n}"), wrapped(change("c", None, row(f"R{n}")))) for n in range(25)]
    await stream.say(messages)
    async with connecting(tmp_path, reach=reach(stream)) as at:
        put(at, Crashing(listens=0))
        await at.apply(catalogue(asks(stream)))
        run = await at.run("source")
        assert (run.outcome, run.accepted) == ("failed", 10)
        assert (await at.standing("source")).position["offsets"]["0"] == 10
        put(at)
        run = await at.run("source")
        assert (run.extracts, run.received, run.accepted, run.unchanged) == (2, 15, 15, 0)
        assert len(await at.records("requests")) == 25


async def test_a_topic_that_was_made_anew_is_read_from_its_beginning(
    own_embedded_broker: Broker, topic_prefix: str, tmp_path: Path
) -> None:
    stream = Stream(own_embedded_broker, f"{topic_prefix}requests")
    await stream.make(1)
    said = [(key(ref), wrapped(change("c", None, row(ref)))) for ref in "ABC"]
    await stream.say(said)
    async with connecting(tmp_path, reach=reach(stream)) as at:
        put(at)
        await at.apply(catalogue(asks(stream)))
        assert (await at.run("source")).accepted == 3
        # Shorter than what was read; then as long, and another: the message before ours tells.
        for again, received in ((said[:1], 1), (said[1:] + said[:2], 4)):
            own_embedded_broker.restart()
            await stream.make(1)
            await stream.say(again)
            run = await at.run("source")
            assert (run.outcome, run.received, run.accepted) == ("done", received, 0)
            batch = await at.batch(run.batches[0])
            assert "is not the one that was read before" in batch.detail["notes"][0]
            assert len((await at.batch(run.batches[0])).detail["notes"]) == 1
        # Kafka writes the mark after it has said that it will: before what follows, or behind it.
        assert (await at.standing("source")).position["offsets"]["0"] in (3, 4)
        run = await at.run("source")
        assert (run.outcome, run.extracts) == ("done", 0)


async def test_what_comes_while_it_listens_is_let_in_until_the_catalogue_says_otherwise(
    stream: Stream, tmp_path: Path
) -> None:
    async with connecting(tmp_path, reach=reach(stream)) as at:
        heard = asyncio.Event()

        class Heard(Topic):
            async def settled(self, asked: Fetching, extract: Extract, outcome: Outcome) -> None:
                heard.set()

        put(at, Heard(listens=3600))
        await at.apply(catalogue(asks(stream)))
        await at.door.connectors.look()
        await at.door.connectors.look()
        assert at.door.connectors.running == ["source"]
        for ref in "AB":
            await stream.say([(key(ref), wrapped(change("c", None, row(ref))))])
            await heard.wait()
            heard.clear()
        assert set(await at.records("requests")) == {"A", "B"}
        await at.apply(catalogue(asks(stream) | {"paused": True}))
        await at.door.connectors.look()
        await at.door.connectors.settle("source")
        assert at.door.connectors.running == []


async def test_no_broker_is_asked_that_is_out_of_reach(stream: Stream, tmp_path: Path) -> None:
    away = f"127.0.0.1:{free_port()}"
    listed = f"kafka://{away} {reach(stream)}"
    async with connecting(tmp_path, reach=listed) as at:
        put(at)

        async def said(place: str) -> str:
            await at.apply(catalogue(asks(stream) | {"place": place}))
            return (await at.run("source")).reason or ""

        assert "No broker lets us in" in await said(f"kafka://{away}/x")
        assert "has no topic nowhere" in await said(f"kafka://{stream.broker.address}/nowhere")
        assert "names no topic" in await said(f"kafka://{stream.broker.address}/")
        assert "names no topic" in await said(f"kafka://{stream.broker.address}/a/b")
        assert "is not among the places" in await said("kafka://127.0.0.1:1/x")
        # One of several is enough, and all must be listed.
        both = f"kafka://{away},{stream.broker.address}/{stream.topic}"
        assert await said(both) == ""
        assert "kafka://127.0.0.1:1 is not" in await said(f"kafka://{away},127.0.0.1:1/x")
    # By another of its names: what it then says of itself is not listed.
    port = stream.broker.address.rpartition(":")[2]
    other = tmp_path / "other"
    other.mkdir()
    async with connecting(other, reach=f"kafka://localhost:{port}") as at:
        put(at)
        named = f"kafka://localhost:{port}/{stream.topic}"
        await at.apply(catalogue(asks(stream) | {"place": named}))
        assert "leads on to another" in ((await at.run("source")).reason or "")


async def test_decimals_are_exact(stream: Stream, tmp_path: Path) -> None:
    pence = [0, 1, -1, 127, 128, -128, -129, 10**11 - 1, -(10**11) + 1]
    await stream.say(
        [
            (None, wrapped(change("c", None, row(f"R{n}", None, each))))
            for n, each in enumerate(pence)
        ]
    )
    assert decimal(-129) == "/38="
    async with connecting(tmp_path, reach=reach(stream)) as at:
        put(at)
        await at.apply(catalogue(asks(stream)))
        await at.run("source")
        found = await at.records("requests")
        amounts = [found[f"R{n}"]["amount"] for n in range(len(pence))]
    told = ["0.00", "0.01", "-0.01", "1.27", "1.28", "-1.28", "-1.29", "999999999.99"]
    assert amounts == [*told, "-999999999.99"]


@pytest.mark.apache
async def test_what_was_deleted_or_taken_back_and_a_topic_made_anew_on_apache_kafka(
    apache_broker: Broker, topic_prefix: str, tmp_path: Path
) -> None:
    stream = Stream(apache_broker, f"{topic_prefix}requests")
    await stream.make(1)
    said = [(key(ref), wrapped(change("c", None, row(ref)))) for ref in "ABCDE"]
    await stream.say(said[:2])
    async with connecting(tmp_path, reach=reach(stream)) as at:
        put(at)
        await at.apply(catalogue(asks(stream)))
        assert (await at.run("source")).accepted == 2
        await stream.say(said[2:])
        await stream.forget(4)
        run = await at.run("source")
        assert (run.received, run.accepted) == (1, 1)
        [note] = (await at.batch(run.batches[0])).detail["notes"]
        assert "the messages 2 to 3 were deleted before they were read" in note
        await stream.remove()
        await stream.make(1)
        await stream.take_back([(key("X"), wrapped(change("c", None, row("X"))))])
        await stream.say(said[2:4])
        run = await at.run("source")
        # A transaction that was taken back leaves a message and its mark, and says nothing.
        assert (run.received, run.accepted) == (2, 2)
        [note] = (await at.batch(run.batches[0])).detail["notes"]
        assert "is not the one that was read before" in note
        assert set(await at.records("requests")) == {"A", "B", "C", "D", "E"}
        # Kafka writes the mark after it has said that it will: before what follows, or behind it.
        assert (await at.standing("source")).position["offsets"]["0"] in (3, 4)


@pytest.mark.apache
async def test_messages_are_read_however_they_are_compressed(
    apache_broker: Broker, topic_prefix: str, tmp_path: Path
) -> None:
    stream = Stream(apache_broker, f"{topic_prefix}requests")
    await stream.make(1)
    ways = ["gzip", "snappy", "lz4", "zstd"]
    for way in ways:
        await stream.say([(key(way), wrapped(change("c", None, row(way))))], compression=way)
    async with connecting(tmp_path, reach=reach(stream)) as at:
        put(at)
        await at.apply(catalogue(asks(stream)))
        await at.run("source")
        assert set(await at.records("requests")) == set(ways)
