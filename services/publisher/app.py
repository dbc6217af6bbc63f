"""The publisher's parts, wired."""

import asyncio

import structlog

from services.publisher.api.contract_routes import contract_routes
from services.publisher.api.finance_routes import finance_routes
from services.publisher.api.indicator_routes import indicator_routes
from services.publisher.api.report_routes import report_routes
from services.publisher.api.review_routes import review_routes
from services.publisher.api.risk_routes import risk_routes
from services.publisher.api.routes import routes
from services.publisher.api.search_routes import search_routes
from services.publisher.api.strategic_routes import strategic_routes
from services.publisher.api.stream import end_at_signal
from services.publisher.feed import Feed
from services.publisher.handlers import PublisherHandlers
from services.publisher.painting.painter import Painter
from services.publisher.readmodel import ReadModel
from services.publisher.settings import Settings
from services.publisher.store.tables import TABLES
from services.publisher.warming import ask_for_pages
from services.publisher.web.asking import Asking
from services.publisher.web.embed_pages import embed_pages
from services.publisher.web.files import files, load
from services.publisher.web.pages import pages
from services.publisher.web.reader import reader_of
from services.publisher.web.site import Site
from shared.contracts.topics import CATALOGUE, CONTRACTS, FINANCE, INDICATORS, RECORDS, RISKS
from shared.delivery.definitions import Definitions
from shared.delivery.held import Held
from shared.runtime.clock import Clock, SystemClock
from shared.runtime.service import Service

log = structlog.get_logger()


def create(settings: Settings | None = None, clock: Clock | None = None) -> Service:
    """The service, ready to run; tests give their own settings and clock."""
    return Publisher(settings, clock).service


class Publisher:
    """The service and the parts that tests look at."""

    def __init__(self, settings: Settings | None = None, clock: Clock | None = None) -> None:
        self.settings = settings or Settings.read()
        clock = clock or SystemClock()
        # The feed needs the store, the store's service needs handlers: told of a rebuild later.
        handlers = PublisherHandlers(
            Held(TABLES), Definitions(TABLES), lambda: self.feed.rebuilt(), clock
        )
        self._born = handlers.freezer.born
        self._settle = handlers.records.settle
        self.service = Service(
            name="publisher",
            about="The one door out: dashboards, the live stream and the query calls.",
            settings=self.settings,
            clock=clock,
            tables=TABLES,
            consumes=[CATALOGUE, RECORDS, INDICATORS, FINANCE, CONTRACTS, RISKS],
            handlers=handlers,
        )
        self.reads = ReadModel(self.service.store, Definitions(TABLES), clock)
        self.feed = Feed(self.reads, clock, self.settings.ping_seconds)
        if self.service.inbox is not None:
            self.service.inbox.on_applied = lambda _changes: self.feed.wake()
        self.service.background += [
            self._note_birth,
            self._index_records,
            self.feed.run,
            self.warm,
            self._end_streams_at_stop,
        ]
        self.service.health.warming = True
        self.painter = Painter()
        loaded = load(self.settings)
        site = Site(loaded, self.painter)
        reader = reader_of(self.settings, self.reads)
        self.service.routers += [
            # Asked for most: found first.
            indicator_routes(self.reads, reader),
            finance_routes(self.reads),
            contract_routes(self.reads),
            risk_routes(self.reads),
            report_routes(self.reads),
            review_routes(self.reads, reader),
            strategic_routes(self.reads),
            search_routes(self.reads),
            routes(self.reads, self.feed, self.settings, reader),
            files(loaded),
            embed_pages(self.reads, site, self.painter, self.settings),
            pages(self.reads, site, Asking(self.settings, reader)),
        ]

    async def _note_birth(self) -> None:
        await self.service.store.write(self._born)

    async def _index_records(self) -> None:
        """Of a store that has held records for longer than it finds them by month."""
        await self.service.store.write(self._settle)

    async def warm(self) -> None:
        """Does once what would make the first pages slow, and is ready then."""
        try:
            drawn = asyncio.create_task(asyncio.to_thread(self.painter.warm))
            catalogue = await self.reads.read(lambda view: view.catalogue)
            if self.service.application is not None:
                await ask_for_pages(self.service.application, catalogue)
            await drawn
        except Exception as error:  # only speed is at stake
            log.warning("not-warmed", error=repr(error))
        finally:
            self.service.health.warming = False

    async def _end_streams_at_stop(self) -> None:
        end_at_signal(self.feed.close)
        try:
            await asyncio.Event().wait()
        finally:
            self.painter.close()
