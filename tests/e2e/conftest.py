"""One running system for each broker, shared by the tests that break it and put it right again."""

from collections.abc import Iterator

import pytest

from deploy.brokers import ApacheKafka, Broker, EmbeddedBroker, apache
from deploy.brokers.ports import free_port
from tests.conftest import BEST_BROKER, BROKERS
from tests.e2e.system import Running
from tests.needs import need


@pytest.fixture(scope="package", params=BROKERS)
def shared_system(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Running]:
    """Five services on SQLite with a broker of their own, under a small catalogue."""
    folder = tmp_path_factory.mktemp(f"system-{request.param}")
    if request.param == "apache":
        need("Apache Kafka", apache.missing())
        broker: Broker = ApacheKafka(free_port(), folder / "broker")
    else:
        broker = EmbeddedBroker(free_port(), folder / "broker")
    with broker:
        running = Running(folder, broker)
        try:
            running.start()
            running.apply()
            yield running
        finally:
            running.end()


# Faults that are the same whatever the broker: one is enough, the real one where it can be had.
on_one_broker = pytest.mark.parametrize("shared_system", [BEST_BROKER], indirect=True)


@pytest.fixture
def system(shared_system: Running) -> Running:
    """The running system, whole again if a test before this one failed half way."""
    shared_system.revive()
    shared_system.ready()
    return shared_system
