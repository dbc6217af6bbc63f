"""A pause of the simulated changes, while `irf verify` compares.

Rule: whoever pauses goes on saying so; a pause that nobody renews ends by itself, so that a
`verify` that was killed stops nothing.
"""

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from shared.runtime.clock import Clock

NAME = "paused"
LASTS_SECONDS = 15.0
RENEW_SECONDS = 3.0


def paused(data_dir: Path, clock: Clock) -> bool:
    """Whether somebody wants a data folder's simulated changes to wait."""
    try:
        said = (data_dir / NAME).stat().st_mtime
    except OSError:
        return False
    return abs(clock.now().timestamp() - said) < LASTS_SECONDS


@contextmanager
def pausing(data_dir: Path) -> Iterator[None]:
    """Lets them wait for as long as the `with` lasts."""
    path = data_dir / NAME
    over = threading.Event()

    def renew() -> None:
        while not over.wait(RENEW_SECONDS):
            path.touch()

    path.touch()
    renewing = threading.Thread(target=renew, daemon=True)
    renewing.start()
    try:
        yield
    finally:
        over.set()
        renewing.join()
        path.unlink(missing_ok=True)
