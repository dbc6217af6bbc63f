"""Simulated changes wait while somebody compares, and not for ever."""

import os
from pathlib import Path

from deploy.local.demo import simulate
from deploy.local.pause import LASTS_SECONDS, NAME, paused, pausing
from shared.runtime.clock import SystemClock


def test_they_wait_for_as_long_as_the_comparison_lasts(tmp_path: Path) -> None:
    clock = SystemClock()
    assert not paused(tmp_path, clock)
    with pausing(tmp_path):
        assert paused(tmp_path, clock)
    assert not paused(tmp_path, clock)
    assert list(tmp_path.iterdir()) == []


def test_a_pause_that_nobody_renews_ends(tmp_path: Path) -> None:
    (tmp_path / NAME).touch()
    now = SystemClock().now().timestamp()
    os.utime(tmp_path / NAME, (now - LASTS_SECONDS - 1, now - LASTS_SECONDS - 1))
    assert not paused(tmp_path, SystemClock())


def test_no_change_comes_in_a_pause() -> None:
    waited: list[float] = []

    def wait(seconds: float) -> bool:
        waited.append(seconds)
        return len(waited) == 3  # Then it is over.

    # With no record to change, a change would be an error.
    simulate(None, [], "run", SystemClock(), wait, print, lambda: True)  # type: ignore[arg-type]
    assert waited[1:] == [0.2, 0.2]
