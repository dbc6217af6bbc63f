"""kill -9 of each service in turn, while changes keep coming."""

from tests.e2e.system import SERVICES, Running


def test_each_service_killed_in_turn_under_load_loses_nothing_and_counts_nothing_twice(
    system: Running,
) -> None:
    acknowledged = system.ledger.rows
    with system.load() as load:
        for name in SERVICES:
            load.go_on(10)
            system.processes[name].kill()
            if name != "ingest":
                load.go_on(10)  # the others go on meanwhile, and ingest takes what comes
            system.processes[name].start()
        load.go_on(10)
        # Back again, all of them, and once more while they catch up.
        system.ready()
        for name in SERVICES:
            system.kill_and_start(name)
        load.go_on(20)
    system.check()
    assert system.ledger.rows > acknowledged + 500
