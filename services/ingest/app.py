"""The ingest service's parts, wired."""

from services.ingest.api.batch_routes import batch_routes
from services.ingest.api.catalogue_routes import catalogue_routes
from services.ingest.api.connector_routes import connector_routes
from services.ingest.api.hook_routes import hook_routes
from services.ingest.api.routes import routes
from services.ingest.cleaning import Cleaning
from services.ingest.connect.running import Connectors
from services.ingest.connect.taking_in import TakingIn
from services.ingest.contracts import ContractKeeper
from services.ingest.domain.contracts import Contracts
from services.ingest.extracts import Extracts
from services.ingest.handlers import Ingest
from services.ingest.retention import Forgetting
from services.ingest.settings import MIB, Settings
from services.ingest.store.tables import TABLES
from services.ingest.supply import SupplyWatch
from services.ingest.taking import Taking
from services.ingest.taking_files import TakingFiles
from services.ingest.undoing import Undoing
from services.ingest.web.batch_pages import batch_pages
from services.ingest.web.connector_pages import connector_pages
from services.ingest.web.desk import Desk
from services.ingest.web.mending import mending
from services.ingest.web.pages import pages
from services.ingest.web.return_pages import return_pages
from services.ingest.web.upload_pages import upload_pages
from shared.contracts.topics import owned_by
from shared.delivery.own import Own
from shared.identity.identity import Identity
from shared.runtime.clock import Clock, SystemClock, business_date
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
        self.ingest = ingest = Ingest(service.outbox, own, Contracts())
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
        self.taking_files = TakingFiles(
            service.store, service.clock, ingest, keeper, own, settings.files_folder()
        )
        self.extracts = Extracts(service.store, service.clock, self.taking_files)
        self.undoing = Undoing(
            service.store,
            service.clock,
            service.outbox,
            own,
            keeper,
            ingest.chasing,
            settings.undo_days,
        )
        self.taking_in = TakingIn(self.taking_files, keeper, ingest.supplies)
        self.connectors = Connectors(service.store, service.clock, keeper, self.taking_in, settings)
        service.routers += [
            catalogue_routes(service, keeper, settings),
            routes(service, ingest, keeper, self.taking_files, settings),
            batch_routes(service, keeper, self.undoing, self.extracts),
            connector_routes(service, keeper, self.connectors),
            hook_routes(service, ingest, keeper, self.connectors, settings),
            files(loaded),
            connector_pages(desk, identity, site, service.store, self.connectors),
            return_pages(desk, identity, site),
            batch_pages(desk, identity, site, service.store, own, self.undoing),
            mending(desk, identity, site, self.taking_files),
            upload_pages(desk, identity, site, service.store, self.extracts, settings),
            pages(desk, identity, site, service.store),
        ]
        self.watch = SupplyWatch(
            service.store, service.clock, keeper.catalogue, ingest.supplies, ingest.chasing
        )
        self.forgetting = Forgetting(
            service.store, service.clock, keeper, service.outbox, own, service.marks
        )
        service.background += [self.watch.run, self.forgetting.run]
        if settings.connectors:
            service.background.append(self.connectors.run)
        self.cleaning = Cleaning(service.store, service.clock, self.extracts, settings)
        service.background.append(self.cleaning.run)
