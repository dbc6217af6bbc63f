"""The checks of delivery see a bug when there is one: each of these is planted, and noticed.

One course runs under every bug: records said and corrected, a relay that is cut off, a consumer
that dies before it commits, events that come twice and late. Without a bug nothing is wrong.
"""

import asyncio
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from sqlalchemy import NullPool, create_engine, insert

from deploy.brokers import Broker
from shared.contracts import envelope
from shared.contracts.topics import RECORDS
from shared.delivery.outbox import pack
from shared.runtime import failpoints
from tests.conftest import BEST_BROKER
from tests.integration import planted, two_services
from tests.integration.delivering import Pair, some_course
from tests.integration.planted import Plant
from tests.integration.two_services import TABLES, Died, until
from tests.postgres import PostgresServer


def no_bug(patch: pytest.MonkeyPatch) -> None:
    """The code as it is."""


@pytest.fixture
async def pair(
    topic_prefix: str, tmp_path: Path, request: pytest.FixtureRequest
) -> AsyncIterator[Pair]:
    broker: Broker = request.getfixturevalue(f"{BEST_BROKER}_broker")
    urls = [f"sqlite:///{tmp_path / name}.db" for name in ("source", "sink")]
    if request.node.get_closest_marker("postgres"):
        server: PostgresServer = request.getfixturevalue("postgres_server")
        urls[0] = server.create_database()
    made = Pair(broker, topic_prefix, urls)
    await made.open()
    try:
        yield made
    finally:
        await made.close()


async def course(pair: Pair, patch: pytest.MonkeyPatch) -> list[str]:
    """Everything that can go wrong, once; answers with what does not hold after it."""
    due: dict[str, BaseException] = {
        "relay.before-send": ConnectionError("cut off"),
        "consume.before-apply": Died(),
    }

    def reach(name: str) -> None:
        if name in due:
            raise due.pop(name)

    patch.setattr(failpoints, "reach", reach)
    rounds = some_course(8)
    for states in rounds[:2]:
        await pair.source.say(states)
    await pair.source.published()
    if wrong := await pair.unpublished():
        return wrong
    await pair.sink.start()
    await until(lambda: not due, "both failures happened")
    await pair.sink.stop()
    for states in rounds[2:]:
        await pair.delivered()
        await pair.source.say(states)
    await pair.delivered()
    wrong = await pair.wrong()
    await pair.produce((await pair.raw())[::-1])
    await pair.sink.caught_up(await pair.ends())
    return wrong + await pair.wrong()


@pytest.mark.parametrize(
    ("bug", "sign"),
    [
        (no_bug, None),
        (planted.guard_lets_the_same_version_in, "applied after"),
        (planted.guard_lets_anything_in, "applied after"),
        (planted.offsets_are_committed_before_the_work, "is held as None"),
        (planted.nothing_is_taken_back, "comes to"),
        (planted.deletions_are_ignored, "comes to"),
        (planted.relay_remembers_a_position, "the outbox is empty"),
        (planted.relay_marks_before_it_sends, "is not on the topic"),
    ],
)
async def test_a_planted_bug_is_noticed(
    pair: Pair, monkeypatch: pytest.MonkeyPatch, bug: Plant, sign: str | None
) -> None:
    bug(monkeypatch)
    if sign is None:
        assert await course(pair, monkeypatch) == []
        return
    monkeypatch.setattr(two_services, "SECONDS", 15.0)
    try:
        wrong = await course(pair, monkeypatch)
    except AssertionError as never:
        wrong = [str(never)]
    assert any(sign in each for each in wrong), wrong[:10]


async def a_parcel_that_is_seen_late(pair: Pair) -> list[str]:
    """A transaction takes the next id of the outbox, and commits after one that came later."""
    def parcel(subject: str) -> dict[str, object]:
        raw = envelope.encode(
            RECORDS, subject, 1, b'{"unit": "A", "pence": 1}', source="/irf/ingest",
            time="", correlation="", origin="", epoch=0,
        )  # fmt: skip
        return {"created": "2026", "events": 1, "parcel": pack([(RECORDS, subject, raw)])}

    await pair.source.published()
    elsewhere = create_engine(pair.source.store.url, poolclass=NullPool)
    with elsewhere.connect() as slow, elsewhere.connect() as quick:
        slow.execute(insert(TABLES.outbox), parcel("cards/slow"))
        quick.execute(insert(TABLES.outbox), parcel("cards/quick"))
        quick.commit()
        relaying = asyncio.create_task(pair.source.relay.run())
        await until(pair.source.empty, "the quick one is published")
        slow.commit()
    await asyncio.sleep(1.5)  # more than an idle relay waits before it looks again
    relaying.cancel()
    await asyncio.gather(relaying, return_exceptions=True)
    found = {envelope.decode(raw).subject for _, raw in await pair.raw()}
    return sorted({"cards/slow", "cards/quick"} - found)


@pytest.mark.postgres
@pytest.mark.parametrize(
    ("bug", "lost"), [(no_bug, []), (planted.relay_remembers_a_position, ["cards/slow"])]
)
async def test_a_row_that_commits_late_is_lost_only_by_a_relay_that_remembers_a_position(
    pair: Pair, monkeypatch: pytest.MonkeyPatch, bug: Plant, lost: list[str]
) -> None:
    bug(monkeypatch)
    assert await a_parcel_that_is_seen_late(pair) == lost
