"""The indicators service's parts, wired."""

from services.indicators.api.routes import routes
from services.indicators.counting import Counting
from services.indicators.handlers import IndicatorHandlers
from services.indicators.planning import Planning
from services.indicators.settings import Settings
from services.indicators.store.repository import Counted
from services.indicators.store.tables import COUNTED, TABLES
from shared.contracts.topics import CATALOGUE, INDICATORS, RECORDS, owned_by
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
    held, marks = Held(TABLES), Marks(TABLES)
    handlers = IndicatorHandlers(
        Planning(held, Definitions(TABLES), marks),
        Counting(held, Own(TABLES)),
        Counted(COUNTED),
        BusinessDate(marks, clock),
    )
    service = Service(
        name="indicators",
        about="Measures from records, indicators from measures, as records change.",
        settings=settings or Settings.read(),
        clock=clock,
        tables=TABLES,
        owns=owned_by("indicators"),
        keeps=[INDICATORS],
        consumes=[CATALOGUE, RECORDS],
        handlers=handlers,
    )
    service.background.append(lambda: keep_time(service, handlers))
    service.routers.append(routes(service))
    return service
