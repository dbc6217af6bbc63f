"""The risk service's parts, wired."""

from services.risk.api.routes import routes
from services.risk.handlers import RiskHandlers
from services.risk.settings import Settings
from services.risk.store.tables import TABLES
from shared.contracts.topics import CATALOGUE, RECORDS, owned_by
from shared.delivery.definitions import Definitions
from shared.delivery.held import Held
from shared.delivery.own import Own
from shared.runtime.clock import Clock, SystemClock
from shared.runtime.service import Service


def create(settings: Settings | None = None, clock: Clock | None = None) -> Service:
    """The service, ready to run; tests give their own settings and clock."""
    service = Service(
        name="risk",
        about="The risk register: scores, bands, appetite.",
        settings=settings or Settings.read(),
        clock=clock or SystemClock(),
        tables=TABLES,
        owns=owned_by("risk"),
        consumes=[CATALOGUE, RECORDS],
        handlers=RiskHandlers(Held(TABLES), Definitions(TABLES), Own(TABLES)),
    )
    service.routers.append(routes(service))
    return service
