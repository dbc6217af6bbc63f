"""A service: its parts, made once and wired here, and the HTTP application around them.

Rule: this is the only wiring that all five share. A service's own `app.py` says what it consumes,
owns and answers; everything else (store, outbox, relay, consumer, health, metrics, logs) is the
same for all.
"""

import asyncio
import faulthandler
import gc
import os
import signal
import socket
from collections.abc import AsyncIterator, Callable, Coroutine, Sequence
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, field
from typing import Any

import stamina
import structlog
import uvicorn
from aiokafka.errors import KafkaError
from fastapi import APIRouter, FastAPI

from shared.db.migrate import migrate
from shared.db.store import Store
from shared.delivery.dead_letters import DeadLetters
from shared.delivery.inbox import Handlers, Inbox
from shared.delivery.marks import Marks
from shared.delivery.outbox import Outbox
from shared.delivery.tables import DeliveryTables
from shared.messaging.connection import connect, consuming, ensure_topics
from shared.messaging.consumer import Consumer
from shared.messaging.relay import Relay
from shared.runtime import failpoints, logs, problems
from shared.runtime.application import Application
from shared.runtime.clock import Clock
from shared.runtime.health import Health
from shared.runtime.operations import operations
from shared.runtime.settings import ServiceSettings

MAX_BODY_BYTES = 16 * 1024 * 1024
SHUTDOWN_SECONDS = 5
UNREAD_MS = 20_000
ACKNOWLEDGE_SECONDS = 3

log = structlog.get_logger()

# Something a service does beside its requests, from start to stop.
Background = Callable[[], Coroutine[Any, Any, None]]


@dataclass
class Service:
    """One service, ready to run. `handlers` is None for a service that consumes nothing."""

    name: str
    about: str
    settings: ServiceSettings
    clock: Clock
    tables: DeliveryTables
    owns: Sequence[str] = ()
    keeps: Sequence[str] = ()
    consumes: Sequence[str] = ()
    handlers: Handlers | None = None
    routers: list[APIRouter] = field(default_factory=list)
    background: list[Background] = field(default_factory=list)
    max_body_size: int = MAX_BODY_BYTES

    def __post_init__(self) -> None:
        settings = self.settings
        self.store = Store(settings.store_address(self.name), self.name)
        self.outbox = Outbox(self.tables, self.clock, self.name, self.owns, self.keeps)
        self.dead_letters = DeadLetters(self.outbox, self.clock, self.name)
        self.marks = Marks(self.tables)
        self.kafka = settings.kafka_settings(self.name)
        self.relay = Relay(self.store, self.outbox, self.kafka)
        self.broker = consuming(self.kafka)
        self.inbox: Inbox | None = None
        self.consumer: Consumer | None = None
        if self.handlers is not None:
            self.inbox = Inbox(self.outbox, self.handlers, self.dead_letters)
            self.consumer = Consumer(
                self.broker, self.store, self.inbox, self.dead_letters, self.kafka, self.consumes
            )
        self.health = Health(self.store, self.outbox, self.relay, self.consumer, self.clock)
        self.stopping = asyncio.Event()
        self.application: FastAPI | None = None

    def app(self) -> FastAPI:
        """The HTTP application, with everything that runs beside it in its lifespan."""
        app = Application(
            title=f"IRF {self.name}",
            description=self.about,
            version="1",
            lifespan=self._lifespan,
            docs_url=None,
            redoc_url=None,
            max_body_size=self.max_body_size,
        )
        problems.install(app)
        app.include_router(operations(self))
        for router in self.routers:
            app.include_router(router)
        self.application = app
        return app

    @asynccontextmanager
    async def _lifespan(self, _app: FastAPI) -> AsyncIterator[None]:
        failpoints.arm(self.settings.failpoint)
        await asyncio.to_thread(migrate, self.store)
        await self.store.write(self.marks.store_id)
        running = [
            asyncio.create_task(self._supervised(work))
            for work in (self._connect, self._acknowledge, self._watch, *self.background)
        ]
        try:
            yield
        finally:
            self.stopping.set()
            with suppress(Exception):
                await asyncio.wait_for(self._hang_up(), 25)
            for task in running:
                task.cancel()
            await asyncio.gather(*running, return_exceptions=True)
            self.store.close()

    async def _hang_up(self) -> None:
        if self.consumer is not None:
            # Where the broker is away, what was applied is read again, and skipped.
            with suppress(KafkaError, TimeoutError):
                await asyncio.wait_for(self.consumer.acknowledge(), ACKNOWLEDGE_SECONDS)
        await self.broker.stop()

    async def _supervised(self, work: Background) -> None:
        """Background work that ends by itself ends the service: half a service is worse than one
        that its supervisor starts anew."""
        try:
            await work()
        except (Exception, asyncio.CancelledError) as error:
            # Cancelled by anybody but the service itself is an end like any other.
            if isinstance(error, asyncio.CancelledError) and self.stopping.is_set():
                raise
            log.critical("background-failed", work=work.__qualname__, exc_info=error)
            os.kill(os.getpid(), signal.SIGTERM)

    async def _connect(self) -> None:
        """Waits for the broker, however long, then consumes and relays. The service answers
        meanwhile: what it accepts waits in the outbox."""
        async for attempt in stamina.retry_context(
            on=(KafkaError, OSError, TimeoutError),
            attempts=None,
            timeout=None,
            wait_initial=0.2,
            wait_max=3.0,
        ):
            with attempt:
                await ensure_topics(self.kafka)
        relay = asyncio.create_task(self.relay.run())
        try:
            if self.consumer is not None:
                async for attempt in stamina.retry_context(
                    on=(KafkaError, OSError, TimeoutError), attempts=None, timeout=None,
                    wait_max=3.0,
                ):
                    with attempt:
                        await connect(self.broker)
                        await self.broker.start()
                await self._take_up_rebuild(self.consumer)
            await relay
        finally:
            relay.cancel()
            with suppress(asyncio.CancelledError):
                await relay

    async def _acknowledge(self) -> None:
        if self.consumer is None:
            await self.stopping.wait()
        else:
            await self.consumer.acknowledging()

    async def _take_up_rebuild(self, consumer: Consumer) -> None:
        if await self.store.read(consumer.inbox.rebuilding):
            while not (consumer.client and consumer.client.assignment()):
                await asyncio.sleep(0.2)
            await consumer.resume_rebuild()

    async def _watch(self) -> None:
        await self.health.watch()
        # Stuck for good: whoever supervises us starts us anew, and nothing is lost by it.
        raise RuntimeError("the consumer is stuck")


def run(service: Service) -> None:
    """Runs a service until it is told to stop."""
    settings = service.settings
    logs.configure(service.name, settings.log_level)
    # A crash below Python says where it was, instead of nothing.
    faulthandler.enable()
    config = uvicorn.Config(
        service.app(),
        host=settings.host,
        port=settings.port,
        loop="uvloop",
        http="httptools",
        log_config=None,
        access_log=False,
        timeout_graceful_shutdown=SHUTDOWN_SECONDS,
        # The default of 5 s closes the connections of a load balancer too early.
        timeout_keep_alive=65,
    )
    # What start-up made lives for ever; batches make many objects and hardly any cycles.
    gc.freeze()
    gc.set_threshold(100_000, 50, 100)
    listening = config.bind_socket()
    if hasattr(socket, "TCP_USER_TIMEOUT"):
        # A peer that stops reading for good: the kernel ends it, and frees what it was owed.
        listening.setsockopt(socket.IPPROTO_TCP, socket.TCP_USER_TIMEOUT, UNREAD_MS)
    uvicorn.Server(config).run(sockets=[listening])
