"""The five services on PostgreSQL: two relays at once, and a server that crashes under load."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from deploy.brokers import Broker
from tests.e2e.system import SERVICES, Running
from tests.postgres import PostgresServer

pytestmark = pytest.mark.postgres


@pytest.fixture(scope="module")
def server() -> Iterator[PostgresServer]:
    """A server that these tests may crash."""
    with PostgresServer() as started:
        yield started


@pytest.fixture(scope="module")
def system(
    server: PostgresServer, embedded_broker: Broker, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Running]:
    """Five services with a database each, and two processes of ingest."""
    folder: Path = tmp_path_factory.mktemp("on-postgres")
    stores = {name: server.create_database() for name in SERVICES}
    running = Running(folder, embedded_broker, stores, prefix="onpostgres.")
    running.replica("ingest")
    try:
        running.start()
        running.apply()
        yield running
    finally:
        running.end()


def published(system: Running, name: str) -> float:
    return system.counter(name, "irf_events_published_total")


def test_two_relays_on_one_store_take_turns_and_either_may_be_killed(system: Running) -> None:
    with system.load() as load:
        load.go_on(20)
        first, second = ("ingest", "ingest-1")
        if published(system, second) > published(system, first):
            first, second = second, first
        leading, following = published(system, first), published(system, second)
        system.processes[first].kill()
        load.go_on(20)
        system.processes[first].start()
        load.go_on(10)
    system.check()
    assert leading > 0 and following == 0, "both relays published at the same time"
    assert published(system, second) > 0, "nobody took the relay over"


def test_a_database_server_that_crashes_under_load_loses_nothing(
    system: Running, server: PostgresServer
) -> None:
    with system.load() as load:
        load.go_on(15)
        server.crash()
        server.start()
        load.go_on(20)
    system.check()
    for process in system.processes.values():
        assert process.alive
