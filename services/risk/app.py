"""The risk service's parts, wired."""

from services.risk.api.routes import routes
from services.risk.handlers import RiskHandlers
from services.risk.settings import Settings
from services.risk.store.tables import TABLES
from services.risk.world import Worlds
from shared.contracts.topics import CATALOGUE, CONTRACTS, FINANCE, INDICATORS, RECORDS, owned_by
from shared.delivery.business_date import BusinessDate
from shared.delivery.definitions import Definitions
from shared.delivery.held import Held
from shared.delivery.marks import Marks
from shared.delivery.own import Own
from shared.runtime.clock import Clock, SystemClock
from shared.runtime.service import Service
from shared.runtime.timekeeping import keep_time


def create(settings: Settings | None = None, clock: Clock | None = None) -> Service:
    """The service, ready to run; tests give their own settings and clock."""
    clock = clock or SystemClock()
    own = Own(TABLES)
    days = BusinessDate(Marks(TABLES), clock)
    handlers = RiskHandlers(Worlds(Held(TABLES), Definitions(TABLES), own, days), own)
    service = Service(
        name="risk",
        about="Risks, actions and projects; review and challenge of the figures of a quarter.",
        settings=settings or Settings.read(),
        clock=clock,
        tables=TABLES,
        owns=owned_by("risk"),
        consumes=[CATALOGUE, RECORDS, INDICATORS, FINANCE, CONTRACTS],
        handlers=handlers,
    )
    service.background.append(lambda: keep_time(service, handlers))
    service.routers.append(routes(service))
    return service
