"""Real child processes, on a clock that the test moves."""

import os
import signal
import sys
import time
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest

from deploy.local.process import LONGEST_WAIT, SETTLED_SECONDS, ServiceProcess

SLEEPS = "import time; time.sleep(60)"
ENDS = "print('no luck today'); raise SystemExit(3)"
IGNORES = (
    "import signal, time; signal.signal(signal.SIGTERM, signal.SIG_IGN); "
    "print('deaf', flush=True); time.sleep(60)"
)


class AClock:
    """A clock that stands still until it is moved."""

    def __init__(self) -> None:
        self.seconds = 100.0

    def now(self) -> datetime:
        return datetime(2026, 3, 1, tzinfo=UTC)

    def monotonic(self) -> float:
        return self.seconds


@pytest.fixture
def clock() -> AClock:
    return AClock()


@pytest.fixture
def started(tmp_path: Path, clock: AClock) -> Iterator[list[ServiceProcess]]:
    processes: list[ServiceProcess] = []
    yield processes
    for process in processes:
        process.end(5)


def a_process(
    code: str, started: list[ServiceProcess], tmp_path: Path, clock: AClock
) -> ServiceProcess:
    command = [sys.executable, "-c", code]
    log_file = tmp_path / "logs" / "it.log"
    process = ServiceProcess("it", command, dict(os.environ), log_file, tmp_path, clock)
    started.append(process)
    process.start()
    return process


def watched(process: ServiceProcess) -> str:
    """What is said as soon as there is something to say."""
    for _ in range(500):
        said = process.watch()
        if said is not None:
            return said
        time.sleep(0.02)
    raise AssertionError("nothing was said")


def alive(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    return True


def test_a_process_that_ends_is_started_again_after_a_wait(
    started: list[ServiceProcess], tmp_path: Path, clock: AClock
) -> None:
    process = a_process(SLEEPS, started, tmp_path, clock)
    first = process.pid
    assert first is not None
    os.kill(first, signal.SIGKILL)
    assert "SIGKILL" in watched(process)
    assert process.watch() is None
    clock.seconds += 1
    assert process.watch() == "it started again"
    assert process.pid not in (None, first)


def test_the_wait_doubles_while_a_process_keeps_ending_and_begins_anew_later(
    started: list[ServiceProcess], tmp_path: Path, clock: AClock
) -> None:
    process = a_process(ENDS, started, tmp_path, clock)
    waits = []
    for _ in range(9):
        said = watched(process)
        assert "exit code 3" in said
        waits.append(float(said.split(" again in ")[1].split(" s;")[0]))
        clock.seconds += waits[-1]
        process.watch()
    assert waits == [0.5, 1, 2, 4, 8, 16, LONGEST_WAIT, LONGEST_WAIT, LONGEST_WAIT]
    clock.seconds += SETTLED_SECONDS + 1
    assert "again in 0.5 s" in watched(process)
    assert process.deaths == 10
    assert process.last_words().endswith("no luck today")


def test_a_process_that_was_ended_is_gone_and_stays_gone(
    started: list[ServiceProcess], tmp_path: Path, clock: AClock
) -> None:
    process = a_process(SLEEPS, started, tmp_path, clock)
    pid = process.pid
    assert pid is not None
    process.end(5)
    assert not alive(pid)
    clock.seconds += 1_000
    assert process.watch() is None
    assert process.pid is None


def test_a_process_that_does_not_listen_is_ended_all_the_same(
    started: list[ServiceProcess], tmp_path: Path, clock: AClock
) -> None:
    process = a_process(IGNORES, started, tmp_path, clock)
    pid = process.pid
    assert pid is not None
    while "deaf" not in process.last_words():
        time.sleep(0.02)
    process.end(0.2)
    assert not alive(pid)


def test_a_process_waiting_to_be_started_again_is_not_after_the_end(
    started: list[ServiceProcess], tmp_path: Path, clock: AClock
) -> None:
    process = a_process(ENDS, started, tmp_path, clock)
    watched(process)
    process.end(1)
    clock.seconds += 1_000
    assert process.watch() is None
