"""The broker goes away under load and comes back: with its logs (Apache Kafka) or without any of
them (the embedded broker, whose owners say everything again)."""

from tests.e2e.system import Running


def test_what_is_acknowledged_while_the_broker_is_away_arrives_when_it_is_back(
    system: Running,
) -> None:
    with system.load() as load:
        load.go_on(15)
        system.lose_broker(at_once=True)
        load.go_on(15)  # ingest goes on taking what comes: it waits in the outbox
        system.regain_broker()
        load.go_on(15)
    system.check()
    republished = system.counter("ingest", "irf_topics_republished_total")
    assert bool(republished) is not system.broker.durable


def test_services_that_start_before_their_broker_wait_for_it(system: Running) -> None:
    system.lose_broker(at_once=False)
    for name in ("indicators", "publisher"):
        system.kill_and_start(name)
    with system.load() as load:
        load.go_on(10)
        system.regain_broker()
        load.go_on(5)
    system.check()
