"""Asks the services whether anything is still under way.

Rule: quiet means that, twice running, no outbox holds an event and no consumer is behind. The
services look at themselves once a second, so two looks are more than a second apart.
"""

import re
from collections.abc import Callable

import httpx2

from deploy.local.system import PORTS, System
from shared.runtime.clock import Clock

LOOK_SECONDS = 1.2
WATCHED = re.compile(
    r"^(?:irf_outbox_events|irf_consumer_lag_events)(?:\{[^}]*\})? (\S+)", re.MULTILINE
)


def under_way(metrics: str) -> float:
    """How many events are waiting to be published or consumed, by a service's metrics."""
    return sum(float(value) for value in WATCHED.findall(metrics))


def wait_until_quiet(
    system: System, clock: Clock, seconds: float, wait: Callable[[float], object]
) -> bool:
    """Whether the system came to rest within so many seconds; `wait` may raise to end it early."""
    until = clock.monotonic() + seconds
    quiet = 0
    while quiet < 2:
        try:
            moving = sum(
                under_way(httpx2.get(f"{system.address(name)}/metrics", timeout=5).text)
                for name in PORTS
            )
        except httpx2.HTTPError:
            # A service that does not answer may have anything in hand.
            moving = 1
        quiet = quiet + 1 if moving == 0 else 0
        if quiet < 2:
            if clock.monotonic() > until:
                return False
            wait(LOOK_SECONDS)
    return True
