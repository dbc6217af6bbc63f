"""Asks the services whether anything is still under way.

Rule: quiet means that, twice running, every service is fully ready, no outbox holds an event and
no consumer is behind. A service that has not joined yet knows of no lag, so it is asked whether it
has; and the services look at themselves once a second, so two looks are more than a second apart.
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


def at_rest(address: str) -> bool:
    """Whether a service has joined, is well and has nothing in hand."""
    try:
        ready = httpx2.get(f"{address}/health/ready", timeout=5)
        metrics = httpx2.get(f"{address}/metrics", timeout=5)
    except httpx2.HTTPError:
        return False
    return ready.json()["status"] == "ready" and under_way(metrics.text) == 0


def wait_until_quiet(
    system: System, clock: Clock, seconds: float, wait: Callable[[float], object]
) -> bool:
    """Whether the system came to rest within so many seconds; `wait` may raise to end it early."""
    until = clock.monotonic() + seconds
    quiet = 0
    while quiet < 2:
        quiet = quiet + 1 if all(at_rest(system.address(name)) for name in PORTS) else 0
        if quiet < 2:
            if clock.monotonic() > until:
                return False
            wait(LOOK_SECONDS)
    return True
