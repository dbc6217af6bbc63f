"""The indicators service's parts, wired."""

from services.indicators.api.routes import routes
from services.indicators.handlers import IndicatorHandlers
from services.indicators.settings import Settings
from services.indicators.store.repository import Spans
from services.indicators.store.tables import SPANS, TABLES
from shared.contracts.topics import CATALOGUE, INDICATORS, RECORDS, owned_by
from shared.delivery.definitions import Definitions
from shared.delivery.held import Held
from shared.delivery.own import Own
from shared.runtime.clock import Clock, SystemClock
from shared.runtime.service import Service


def create(settings: Settings | None = None, clock: Clock | None = None) -> Service:
    """The service, ready to run; tests give their own settings and clock."""
    service = Service(
        name="indicators",
        about="Measures from records, indicators from measures, as records change.",
        settings=settings or Settings.read(),
        clock=clock or SystemClock(),
        tables=TABLES,
        owns=owned_by("indicators"),
        keeps=[INDICATORS],
        consumes=[CATALOGUE, RECORDS],
        handlers=IndicatorHandlers(
            Held(TABLES), Own(TABLES), Definitions(TABLES), Spans(SPANS)
        ),
    )
    service.routers.append(routes(service))
    return service
