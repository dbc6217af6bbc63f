"""The live stream: nothing is missed, nothing out of order, nobody waits for anybody."""

import signal
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from typing import Any

import pytest

from deploy.brokers.ports import free_port
from shared.contracts.topics import CATALOGUE, FINANCE, INDICATORS, RISKS
from tests.integration.publisher_sample import Q1, Q2, control, risk, sample, value
from tests.integration.publisher_service import Listener, Running, eventually, running


@pytest.fixture(scope="module")
def shared_council(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Running]:
    """A publisher with the sample in it, for every test here."""
    with running(f"sqlite:///{tmp_path_factory.mktemp('publisher') / 'store.db'}") as run:
        sample(run)
        yield run


@pytest.fixture
def council(shared_council: Running) -> Iterator[Running]:
    """The publisher, its feed up to date, and nobody listening."""
    eventually(lambda: shared_council.publisher.feed.position >= run_cursor(shared_council))
    yield shared_council
    shared_council.hang_up()


def run_cursor(run: Running) -> int:
    """The cursor that the calls name now."""
    return int(run.get("/v1/risks")["cursor"].rpartition("-")[2])


def clients(run: Running, count: int) -> None:
    """Waits until so many streams are open."""
    eventually(lambda: run.publisher.feed.clients() == count)


def test_a_change_reaches_an_open_stream_with_its_words(council: Running) -> None:
    stream = council.listen("kinds=indicators")
    assert stream.status == 200
    assert stream.headers["content-type"].startswith("text/event-stream")
    assert stream.headers["cache-control"] == "no-store"
    assert stream.headers["x-accel-buffering"] == "no"
    clients(council, 1)
    council.say(RISKS, {"risk/R1": risk("R1", 1, 1, 1, "low")})
    council.say(INDICATORS, {"EP02/2019-20-Q2": value("EP02", Q2, "70")}, batch="batch-2")
    event = next(stream.events())
    assert event["event"] == "indicators"
    assert event["data"]["subject"] == "EP02/2019-20-Q2"
    assert event["data"]["correlation"] == "batch-2"
    assert event["data"]["display"]["value"] == "70.0%"
    assert "Down 11.3" in event["data"]["display"]["previous"]
    stream.close()
    clients(council, 0)


def test_a_stream_says_at_once_where_it_starts(council: Running) -> None:
    stream = council.listen()
    assert next(stream.blocks()) == {"retry": "2000", "id": council.get("/v1/risks")["cursor"]}


def test_filters_by_service_and_theme(council: Running) -> None:
    other = council.listen("service=waste-and-recycling")
    theme = council.listen("theme=living-well")
    clients(council, 2)
    council.say(RISKS, {"risk/R1": risk("R1", 1, 1, 1, "low")})
    council.say(INDICATORS, {"EP02/2019-20-Q2": value("EP02", Q2, "70")})
    found = council.get("/v1/indicators")["indicators"]
    waste = [
        each["code"] for each in found if each["definition"].get("service") == "waste-and-recycling"
    ]
    council.say(INDICATORS, {f"{waste[0]}/2019-20-Q2": value(waste[0], Q2, "41")})
    assert next(other.events())["data"]["subject"] == f"{waste[0]}/2019-20-Q2"
    assert next(theme.events())["data"]["subject"] == "EP02/2019-20-Q2"


def test_a_reconnect_gets_the_newest_state_of_all_that_it_missed_and_nothing_else(
    council: Running,
) -> None:
    seen = council.get("/v1/risks")["cursor"]
    for number in range(5):
        council.say(INDICATORS, {"EP02/2019-20-Q2": value("EP02", Q2, str(number))})
        council.say(FINANCE, {"control/procurement-cards": control(number, 0, number)})
    council.say(RISKS, {"risk/R2": None})
    stream = council.listen(last_id=seen)
    events = stream.events()
    first = [next(events) for _ in range(3)]
    assert [(each["event"], each["data"]["subject"]) for each in first] == [
        ("indicators", "EP02/2019-20-Q2"),
        ("finance", "control/procurement-cards"),
        ("risks", "risk/R2"),
    ]
    assert first[0]["data"]["data"]["value"] == "4"
    assert first[2]["data"]["data"] is None
    council.say(RISKS, {"risk/R1": risk("R1", 5, 5, 25, "very high")})
    assert next(events)["data"]["subject"] == "risk/R1"


def test_a_page_starts_its_stream_where_its_own_view_ends(council: Running) -> None:
    page = council.page("/indicators/EP02")
    cursor = page.partition('data-cursor="')[2].partition('"')[0]
    council.say(INDICATORS, {"EP02/2019-20-Q2": value("EP02", Q2, "12")})
    stream = council.listen(f"indicator=EP02&after={cursor}")
    assert next(stream.events())["data"]["data"]["value"] == "12"


@pytest.mark.parametrize("nonsense", ["banana", "00000000-1", "-1", "%00", "9" * 90, "'; DROP"])
def test_an_id_that_is_not_ours_gets_one_resync_and_then_what_happens(
    council: Running, nonsense: str
) -> None:
    stream = council.listen("kinds=risks", last_id=nonsense)
    events = stream.events()
    first = next(events)
    assert first["event"] == "resync"
    assert first["data"]["cursor"] == first["id"] == council.get("/v1/risks")["cursor"]
    council.say(RISKS, {"risk/R1": risk("R1", 1, 2, 2, "low")})
    assert next(events)["event"] == "risks"


def test_a_cursor_from_the_future_gets_a_resync(council: Running) -> None:
    store = council.get("/v1/risks")["cursor"].partition("-")[0]
    assert next(council.listen(last_id=f"{store}-999999").events())["event"] == "resync"


def test_new_definitions_and_a_rebuild_ask_clients_to_read_again(council: Running) -> None:
    stream = council.listen()
    clients(council, 1)
    events = stream.events()
    council.say(CATALOGUE, {"theme/new": {"code": "new", "name": "New"}})
    assert next(events)["data"]["reason"] == "definitions changed"
    service = council.publisher.service
    assert service.inbox is not None
    _, hooks = service.store.write_now(service.inbox.finish_rebuild)
    for hook in hooks:
        council.loop.call_soon_threadsafe(hook)
    assert next(events)["data"]["reason"] == "the figures were rebuilt"


def test_clients_that_cut_and_come_back_miss_nothing_under_load(council: Running) -> None:
    stop = threading.Event()
    newest: dict[str, str] = {}

    def write() -> None:
        number = 0
        while not stop.is_set():
            number += 1
            subject = f"EP02/2019-20-Q{number % 2 + 1}"
            period = Q1 if subject.endswith("Q1") else Q2
            council.say(INDICATORS, {subject: value("EP02", period, str(number))})
            newest[subject] = str(number)
            time.sleep(0.002)

    seen: dict[str, str] = {}
    last: str | None = council.get("/v1/risks")["cursor"]
    writer = threading.Thread(target=write)
    writer.start()
    try:
        for cut in range(25):
            stream = council.listen("kinds=indicators", last_id=last)
            before = 0
            for taken, event in enumerate(stream.events(), 1):
                assert event["event"] == "indicators", "the store answers every id of its own"
                cursor = int(event["id"].rpartition("-")[2])
                assert cursor > before
                before = cursor
                seen[event["data"]["subject"]] = event["data"]["data"]["value"]
                if taken > cut % 4:
                    break
            last = stream.last_id
            stream.close()
    finally:
        stop.set()
        writer.join()
    council.say(RISKS, {"risk/R1": risk("R1", 3, 3, 9, "medium")})
    for event in council.listen("kinds=indicators,risks", last_id=last).events():
        if event["event"] == "risks":
            break
        seen[event["data"]["subject"]] = event["data"]["data"]["value"]
    assert seen == newest


def test_quiet_clients_are_pinged_and_their_cursor_moves(sqlite_url: str) -> None:
    with running(sqlite_url, ping_seconds=0.1) as run:
        sample(run)
        blocks = run.listen("service=nobody").blocks()
        next(blocks)
        run.say(RISKS, {"risk/R1": risk("R1", 1, 2, 2, "low")})
        expected = run.get("/v1/risks")["cursor"]
        ping = next(block for block in blocks if block.get("id") == expected)
        assert ping["comment"] == "ping"


def test_a_client_that_never_reads_is_dropped_and_hurts_nobody(sqlite_url: str) -> None:
    with running(sqlite_url, send_seconds=0.5) as run:
        sample(run)
        # The sample's definitions are told before anybody listens: nothing is left to resync.
        newest = int(run.http.get("/v1/indicators").json()["cursor"].rpartition("-")[2])
        eventually(lambda: run.publisher.feed.position >= newest)
        frozen = Listener(run.address, "", None)
        healthy = run.listen("kinds=risks")
        clients(run, 2)
        events = healthy.events()
        # Large states fill the frozen client's buffers.
        for number in range(400):
            big = risk("R9", 1, 1, 1, "low") | {"title": "x" * 60_000}
            run.say(
                RISKS,
                {f"risk/BIG{n}": big for n in range(3)}
                | {"risk/R1": risk("R1", 1, 1, number, "low")},
            )
            while next(events)["data"]["subject"] != "risk/R1":
                pass
            if run.publisher.feed.clients() == 1:
                break
        eventually(lambda: run.publisher.feed.clients() == 1)
        assert "irf_stream_dropped_total" in run.http.get("/metrics").text
        frozen.close()
        run.say(RISKS, {"risk/R1": risk("R1", 5, 5, 25, "very high")})
        assert next(events)["data"]["data"]["score"] == 25


def test_no_more_streams_than_set(sqlite_url: str) -> None:
    with running(sqlite_url, stream_clients=1) as run:
        kept = run.listen()
        clients(run, 1)
        assert run.listen().status == 503
        kept.close()


def test_the_time_to_visible_and_the_clients_are_measured(council: Running) -> None:
    stream = council.listen()
    clients(council, 1)
    council.say(RISKS, {"risk/R1": risk("R1", 1, 1, 1, "low")})
    next(stream.events())
    text = council.http.get("/metrics").text
    assert "irf_stream_clients 1.0" in text
    count = next(
        line for line in text.splitlines() if line.startswith("irf_change_to_visible_seconds_count")
    )
    assert float(count.split()[1]) >= 1


def test_the_process_stops_within_five_seconds_with_clients_connected(sqlite_url: str) -> None:
    port = free_port()
    environment = {
        "PUBLISHER_PORT": str(port),
        "PUBLISHER_STORE_URL": sqlite_url,
        "PUBLISHER_KAFKA": "127.0.0.1:1",
        "PATH": "/usr/bin:/bin",
    }
    process = subprocess.Popen([sys.executable, "-m", "services.publisher"], env=environment)
    try:
        listener: Any = eventually(lambda: _try(port), 30)
        next(listener.blocks())
        start = time.monotonic()
        process.send_signal(signal.SIGTERM)
        assert process.wait(10) in (0, -signal.SIGTERM)
        assert time.monotonic() - start < 5
    finally:
        process.kill()
        process.wait()


def _try(port: int) -> Listener | None:
    try:
        return Listener(f"http://127.0.0.1:{port}", "", None)
    except OSError:
        return None
