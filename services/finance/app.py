"""The finance service's parts, wired."""

from services.finance.api.routes import routes
from services.finance.handlers import FinanceHandlers
from services.finance.settings import Settings
from services.finance.store.tables import TABLES
from shared.contracts.topics import CATALOGUE, RECORDS, owned_by
from shared.delivery.definitions import Definitions
from shared.delivery.held import Held
from shared.delivery.own import Own
from shared.runtime.clock import Clock, SystemClock
from shared.runtime.service import Service


def create(settings: Settings | None = None, clock: Clock | None = None) -> Service:
    """The service, ready to run; tests give their own settings and clock."""
    service = Service(
        name="finance",
        about="Spending by unit and month in exact pence, with control totals.",
        settings=settings or Settings.read(),
        clock=clock or SystemClock(),
        tables=TABLES,
        owns=owned_by("finance"),
        consumes=[CATALOGUE, RECORDS],
        handlers=FinanceHandlers(Held(TABLES), Definitions(TABLES), Own(TABLES)),
    )
    service.routers.append(routes(service))
    return service
