"""kill -9 of each service in turn, while changes keep coming."""

import pytest

from tests.e2e.system import SERVICES, Running


@pytest.mark.parametrize("service", SERVICES)
def test_a_service_killed_under_load_loses_nothing_and_counts_nothing_twice(
    system: Running, service: str
) -> None:
    acknowledged = system.ledger.rows
    with system.load() as load:
        load.go_on(10)
        system.processes[service].kill()
        if service != "ingest":
            load.go_on(10)  # the others go on meanwhile, and ingest takes what comes
        system.processes[service].start()
        load.go_on(15)
    system.check()
    assert system.ledger.rows > acknowledged + 100
