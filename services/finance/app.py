"""The finance service's parts, wired."""

from services.finance.api.routes import routes
from services.finance.handlers import FinanceHandlers
from services.finance.settings import Settings
from services.finance.store.tables import TABLES
from services.finance.world import Worlds
from shared.contracts.topics import CATALOGUE, RECORDS, owned_by
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
    own, marks = Own(TABLES), Marks(TABLES)
    days = BusinessDate(marks, clock)
    handlers = FinanceHandlers(Worlds(Held(TABLES), Definitions(TABLES), own, marks, days), own)
    service = Service(
        name="finance",
        about="Revenue, capital, savings, reserves, spending and contracts, in exact pence.",
        settings=settings or Settings.read(),
        clock=clock,
        tables=TABLES,
        owns=owned_by("finance"),
        consumes=[CATALOGUE, RECORDS],
        handlers=handlers,
    )
    service.background.append(lambda: keep_time(service, handlers))
    service.routers.append(routes(service))
    return service
