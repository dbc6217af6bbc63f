"""Every crash point that the code names, crashed in the services that reach it."""

import time

import pytest

from shared.runtime.failpoints import POINTS
from tests.e2e.conftest import on_one_broker
from tests.e2e.system import Running

# Reached this many times before it dies: past the writes of a start, in the middle of work.
REACHED = 6
SECONDS = 60.0
# Between them these two do everything: accept, relay, consume, calculate.
ARMED = ("ingest", "indicators")
INGEST_NEVER_REACHES = ("consume.",)


@on_one_broker
@pytest.mark.parametrize("point", POINTS)
def test_a_crash_at_this_point_loses_nothing_and_counts_nothing_twice(
    system: Running, point: str
) -> None:
    armed = [n for n in ARMED if n != "ingest" or not point.startswith(INGEST_NEVER_REACHES)]
    for name in armed:
        system.processes[name].kill()
        system.processes[name].start(f"{point}:{REACHED}")
    crashed: list[str] = []
    until = time.monotonic() + SECONDS
    with system.load() as load:
        while set(crashed) != set(armed):
            assert time.monotonic() < until, f"{point} was reached by {crashed}, not by {armed}"
            for name in armed:
                if name not in crashed and system.processes[name].killed_itself():
                    crashed.append(name)
                    system.processes[name].start()
            time.sleep(0.05)
        load.go_on(3)
    system.check()
