"""The ingest service's parts, wired."""

import asyncio
from datetime import timedelta

from services.ingest.api.catalogue_routes import catalogue_routes
from services.ingest.api.connector_routes import connector_routes
from services.ingest.api.hook_routes import hook_routes
from services.ingest.api.routes import routes
from services.ingest.connect.running import Connectors
from services.ingest.connect.taking_in import TakingIn
from services.ingest.contracts import ContractKeeper
from services.ingest.handlers import Ingest
from services.ingest.settings import MIB, Settings
from services.ingest.store import repository
from services.ingest.store.tables import TABLES
from services.ingest.supply import SupplyWatch
from services.ingest.taking import Taking
from services.ingest.web.connector_pages import connector_pages
from services.ingest.web.desk import Desk
from services.ingest.web.pages import pages
from services.ingest.web.return_pages import return_pages
from shared.contracts.topics import owned_by
from shared.delivery.own import Own
from shared.identity.identity import Identity
from shared.runtime.clock import Clock, SystemClock, business_date, iso
from shared.runtime.service import Service
from shared.web.files import files, load
from shared.web.site import Site


def create(settings: Settings | None = None, clock: Clock | None = None) -> Service:
    """The service, ready to run; tests give their own settings and clock."""
    return DoorIn(settings, clock).service


class DoorIn:
    """The service and the parts that tests look at."""

    def __init__(self, settings: Settings | None = None, clock: Clock | None = None) -> None:
        self.settings = settings = settings or Settings.read()
        self.service = service = Service(
            name="ingest",
            about="The one door in: dataset contracts, records, files, the catalogue.",
            settings=settings,
            clock=clock or SystemClock(),
            tables=TABLES,
            owns=owned_by("ingest"),
            max_body_size=settings.max_records_bytes + MIB // 16,
        )
        self.own = own = Own(TABLES)
        self.ingest = ingest = Ingest(service.outbox, own)
        self.keeper = keeper = ContractKeeper(
            service.store,
            ingest,
            service.marks,
            settings.pseudonyms(),
            lambda: business_date(service.clock),
        )
        loaded = load(settings.assets, {})
        site = Site(loaded, "services.ingest.web")
        identity = Identity(settings, keeper.catalogue)
        taking = Taking(service.store, ingest, keeper, own)
        desk = Desk(service.store, service.clock, keeper, own, taking, identity, site, settings)
        self.taking_in = TakingIn(service.store, service.clock, ingest, keeper)
        self.connectors = Connectors(service.store, service.clock, keeper, self.taking_in, settings)
        service.routers += [
            catalogue_routes(service, keeper, settings),
            routes(service, ingest, keeper, settings),
            connector_routes(service, keeper, self.connectors),
            hook_routes(service, ingest, keeper, self.connectors, settings),
            files(loaded),
            connector_pages(desk, identity, site, service.store, self.connectors),
            return_pages(desk, identity, site),
            pages(desk, identity, site, service.store),
        ]
        self.watch = SupplyWatch(service.store, service.clock, keeper.catalogue, ingest.supplies)
        service.background.append(self.watch.run)
        if settings.connectors:
            service.background.append(self.connectors.run)
        service.background.append(lambda: _forget_claims(service, settings.idempotency_days))


async def _forget_claims(service: Service, days: int) -> None:
    """Once a day forgets the idempotency keys that nobody will repeat any more."""
    while True:
        before = iso(service.clock.now() - timedelta(days=days))
        await service.store.write(lambda tx: repository.forget_claims(tx, before))  # noqa: B023 - awaited here
        await asyncio.sleep(86_400)
