"""Delivery between two services, while parts of it fail: both brokers, both kinds of store."""

from collections.abc import AsyncIterator
from dataclasses import replace
from pathlib import Path

import pytest
from sqlalchemy.exc import OperationalError

from deploy.brokers import Broker
from shared.contracts.topics import RECORDS
from shared.db.tx import Tx
from shared.delivery.dead_letters import DeadLetters, Parked
from shared.messaging.connection import ensure_topics
from shared.runtime import failpoints
from tests.conftest import BEST_BROKER
from tests.integration.delivering import Pair, some_course
from tests.integration.two_services import Died, until
from tests.postgres import PostgresServer

# A broker of each kind and a store of each kind. The embedded broker takes six seconds to let a
# consumer in, so it takes part where brokers differ.
EVERYWHERE = [("embedded", "sqlite"), (BEST_BROKER, "sqlite"), (BEST_BROKER, "postgres")]
BOTH_STORES = EVERYWHERE[1:]


@pytest.fixture
async def pair(
    request: pytest.FixtureRequest, topic_prefix: str, tmp_path: Path
) -> AsyncIterator[Pair]:
    kind, store = request.param
    broker: Broker = request.getfixturevalue(f"{kind}_broker")
    urls = [f"sqlite:///{tmp_path / name}.db" for name in ("source", "sink")]
    if store == "postgres":
        server: PostgresServer = request.getfixturevalue("postgres_server")
        urls = [server.create_database(), server.create_database()]
    made = Pair(broker, topic_prefix, urls)
    await made.open()
    try:
        yield made
    finally:
        await made.close()


everywhere = pytest.mark.parametrize("pair", dict.fromkeys(EVERYWHERE), indirect=True)
both_stores = pytest.mark.parametrize("pair", BOTH_STORES, indirect=True)


def die_at(monkeypatch: pytest.MonkeyPatch, point: str, error: BaseException) -> list[str]:
    """The first time that `point` is reached, `error` is raised there; answers what happened."""
    assert point in failpoints.POINTS
    happened: list[str] = []

    def reach(name: str) -> None:
        if name == point and not happened:
            happened.append(name)
            raise error

    monkeypatch.setattr(failpoints, "reach", reach)
    return happened


@everywhere
async def test_what_is_said_is_counted_once(pair: Pair) -> None:
    for states in some_course(1):
        await pair.source.say(states)
    await pair.delivered()
    assert await pair.wrong() == []
    # While the consumer runs, too.
    for states in some_course(2):
        await pair.source.say(states)
        await pair.delivered()
    assert await pair.wrong() == []


@everywhere
async def test_every_event_ten_times_and_in_reverse_changes_nothing(pair: Pair) -> None:
    for states in some_course(3):
        await pair.source.say(states)
    await pair.delivered()
    applied = len(pair.sink.versions)
    events = await pair.raw()
    await pair.produce(events[::-1] + events * 9)
    await pair.sink.caught_up(await pair.ends())
    assert len(await pair.raw()) == 11 * len(events)
    assert len(pair.sink.versions) == applied
    assert await pair.wrong() == []


@both_stores
async def test_events_that_come_newest_first_come_to_the_same(
    pair: Pair, topic_prefix: str
) -> None:
    for states in some_course(4):
        await pair.source.say(states)
    await pair.source.published()
    backwards = replace(pair.sink.kafka, prefix=f"{topic_prefix}backwards.")
    await ensure_topics(backwards)
    ends = await pair.produce(reversed(await pair.raw()), backwards)
    pair.sink.kafka = backwards
    await pair.sink.start()
    await pair.sink.caught_up(ends)
    assert len(pair.sink.versions) < len(await pair.raw())
    assert await pair.wrong() == []


@both_stores
@pytest.mark.parametrize("point", ["relay.before-send", "relay.after-send", "relay.after-mark"])
async def test_a_relay_that_fails_says_again_and_skips_nothing(
    pair: Pair, monkeypatch: pytest.MonkeyPatch, point: str
) -> None:
    happened = die_at(monkeypatch, point, ConnectionError("cut off"))
    for states in some_course(5):
        await pair.source.say(states)
    # What is marked is gone from the outbox a moment before the relay has marked it.
    await pair.source.published(lambda: bool(happened))
    await pair.delivered()
    assert await pair.wrong() == []


@both_stores
@pytest.mark.parametrize(
    "point",
    ["consume.before-apply", "store.before-commit", "store.after-commit", "consume.before-ack"],
)
async def test_a_consumer_that_dies_takes_the_batch_again(
    pair: Pair, monkeypatch: pytest.MonkeyPatch, point: str
) -> None:
    for states in some_course(6):
        await pair.source.say(states)
    await pair.source.published()
    happened = die_at(monkeypatch, point, Died())
    await pair.sink.start()
    await until(lambda: bool(happened), f"{point} is reached")
    await pair.sink.stop()
    await pair.sink.start()
    await pair.sink.caught_up(await pair.ends())
    if point == "store.after-commit":
        pair.sink.versions.clear()  # what was committed then was never told of
    assert await pair.wrong() == []


@both_stores
async def test_a_poison_event_is_parked_alone_and_can_be_replayed(pair: Pair) -> None:
    sink = pair.sink
    sink.handlers.refuses = {"cards/poison"}
    course = some_course(7)
    await pair.source.say([*course[0], ("cards/poison", {"unit": "A", "pence": 7}), *course[1][:1]])
    await pair.produce([(b"cards/x", b"this is not an event")])
    await pair.delivered()
    letters = await sink.store.read(sink.dead_letters.waiting)
    reasons = sorted(str(letter["reason"]) for letter in letters)
    assert len(reasons) == 2
    assert "cards/poison cannot be understood" in reasons[0]
    assert reasons[1].startswith("unreadable:")
    others = {subject for subject, state in course[0] + course[1][:1] if state is not None}
    assert {subject for subject, _ in sink.versions} >= others
    poison = next(each["id"] for each in letters if "poison" in str(each["reason"]))
    with pytest.raises(ValueError, match="cannot be understood"):
        await sink.consumer.replay_dead_letter(int(str(poison)))
    assert len(await sink.store.read(sink.dead_letters.waiting)) == 2
    sink.handlers.refuses = set()
    assert await sink.consumer.replay_dead_letter(int(str(poison)))
    assert len(await sink.store.read(sink.dead_letters.waiting)) == 1
    assert await pair.wrong() == []


@both_stores
async def test_a_store_that_is_away_while_an_event_is_parked_is_waited_for(
    pair: Pair, monkeypatch: pytest.MonkeyPatch
) -> None:
    park = DeadLetters.park
    failures = [OperationalError("insert", {}, Exception("the server is away"))]

    def away_once(self: DeadLetters, tx: Tx, parked: Parked) -> None:
        if failures:
            raise failures.pop()
        park(self, tx, parked)

    monkeypatch.setattr(DeadLetters, "park", away_once)
    pair.sink.handlers.refuses = {"cards/poison"}
    await pair.source.say([("cards/poison", {"unit": "A", "pence": 7})])
    await pair.delivered()
    await pair.source.say([("cards/1", {"unit": "A", "pence": 5})])
    await pair.delivered()
    assert not failures
    [letter] = await pair.sink.store.read(pair.sink.dead_letters.waiting)
    assert letter["topic"] == RECORDS


@everywhere
async def test_a_log_that_was_rewound_under_a_consumer_is_read_from_its_beginning(
    pair: Pair, topic_prefix: str
) -> None:
    course = some_course(9)
    await pair.source.say(course[0])
    await pair.delivered()
    await pair.sink.stop()
    # The log is gone. Its owner notices and says everything again, and before the consumer looks,
    # the new log has grown past the place that it had in the old one.
    await pair.move(f"{topic_prefix}again.")
    await pair.source.say(course[1])
    await pair.source.published()
    ends = await pair.ends()
    await pair.sink.stand_at({partition: end - 1 for partition, end in ends.items()})
    await pair.sink.start()

    async def nothing_is_wrong() -> bool:
        return not await pair.wrong()

    await until(nothing_is_wrong, "what stands before the consumer's place is read")
