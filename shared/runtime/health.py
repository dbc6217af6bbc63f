"""Health: whether a service is alive, and whether it is ready and making progress.

Rule: liveness asks only the event loop. Readiness asks the store, the broker, the assignment and
progress. A broker that goes away later makes a service degraded, not unready: ingest still
accepts into its outbox, and the publisher still answers from its read model.
"""

import asyncio
from dataclasses import dataclass
from typing import Any

import structlog

from shared.db.store import Store
from shared.delivery.outbox import Outbox
from shared.messaging.consumer import Consumer
from shared.messaging.relay import Relay
from shared.runtime.clock import Clock
from shared.runtime.metrics import (
    CONSUMER_LAG,
    LOOP_LAG_SECONDS,
    OUTBOX_AGE_SECONDS,
    OUTBOX_EVENTS,
)

LOOK_SECONDS = 1.0
STUCK_SECONDS = 60.0

log = structlog.get_logger()


@dataclass
class Health:
    """Watches one service, and answers for it."""

    store: Store
    outbox: Outbox
    relay: Relay
    consumer: Consumer | None
    clock: Clock
    was_assigned: bool = False
    was_connected: bool = False
    stuck: bool = False
    # Set by a service that does something first so that its first answers are quick.
    warming: bool = False

    async def watch(self) -> None:
        """Measures once a second; ends by itself only when the consumer is stuck for good."""
        loop = asyncio.get_running_loop()
        handled, moved = -1, loop.time()
        while not self.stuck:
            before = loop.time()
            await asyncio.sleep(LOOK_SECONDS)
            LOOP_LAG_SECONDS.set(max(0.0, loop.time() - before - LOOK_SECONDS))
            try:
                await self._measure_outbox()
                lag = await self._measure_lag()
            except Exception as error:  # a look that fails is only a look; readiness says why
                log.debug("look-failed", error=repr(error))
                continue
            count = self.consumer.handled if self.consumer else 0
            if lag == 0 or count != handled:
                handled, moved = count, loop.time()
            elif loop.time() - moved > STUCK_SECONDS:
                self.stuck = True
        log.critical("consumer-stuck", seconds=STUCK_SECONDS)

    async def _measure_outbox(self) -> None:
        depth, oldest = await self.store.read(self.outbox.depth)
        OUTBOX_EVENTS.set(depth)
        age = 0.0
        if oldest is not None:
            age = self.clock.now().timestamp() - _timestamp(oldest)
        OUTBOX_AGE_SECONDS.set(max(0.0, age))

    async def _measure_lag(self) -> int:
        self.was_connected = self.was_connected or self.relay.connected
        if self.consumer is None:
            return 0
        client = self.consumer.client
        if client is None or not client.assignment():
            return 0
        self.was_assigned = True
        by_topic: dict[str, int] = {}
        for place in client.assignment():
            # What the last fetch said of the log's end; the embedded broker's own answer is wrong.
            behind = max(0, (client.highwater(place) or 0) - await client.position(place))
            topic = self.consumer.unprefixed(place.topic)
            by_topic[topic] = by_topic.get(topic, 0) + behind
        for topic, behind in by_topic.items():
            CONSUMER_LAG.labels(topic).set(behind)
        return sum(by_topic.values())

    async def ready(self) -> tuple[bool, dict[str, Any]]:
        """Whether to send traffic here, and each check in words."""
        checks = {"store": "ok", "broker": "ok", "assignment": "ok", "progress": "ok"}
        ok = True
        try:
            await asyncio.wait_for(self.store.read(lambda tx: tx.scalar("SELECT 1")), 5)
        except Exception as error:  # any failure of the store means the same here
            checks["store"] = f"failed: {type(error).__name__}"
            ok = False
        if self.relay.leadership.standing_by:
            # Another replica publishes; this one asked the broker for its topics and is as ready.
            self.was_connected = True
        elif not self.relay.connected:
            checks["broker"] = "degraded: reconnecting" if self.was_connected else "connecting"
            ok = ok and self.was_connected
        else:
            self.was_connected = True
        if self.consumer is not None:
            client = self.consumer.client
            if client is not None and client.assignment():
                self.was_assigned = True
            else:
                checks["assignment"] = "degraded: none" if self.was_assigned else "joining"
                ok = ok and self.was_assigned
            if self.consumer.rebuilding:
                checks["progress"] = "rebuilding"
        if self.warming:
            checks["progress"] = "warming"
            ok = False
        if self.stuck:
            checks["progress"] = "stuck"
            ok = False
        return ok, checks


def _timestamp(iso_text: str) -> float:
    from datetime import datetime

    return datetime.fromisoformat(iso_text).timestamp()
