"""The ingest service's parts, wired."""

import asyncio
from datetime import timedelta

from services.ingest.api.catalogue_routes import catalogue_routes
from services.ingest.api.routes import routes
from services.ingest.contracts import ContractKeeper
from services.ingest.handlers import Ingest
from services.ingest.settings import MIB, Settings
from services.ingest.store import repository
from services.ingest.store.tables import TABLES
from shared.contracts.topics import owned_by
from shared.delivery.own import Own
from shared.runtime.clock import Clock, SystemClock, iso
from shared.runtime.service import Service


def create(settings: Settings | None = None, clock: Clock | None = None) -> Service:
    """The service, ready to run; tests give their own settings and clock."""
    settings = settings or Settings.read()
    service = Service(
        name="ingest",
        about="The one door in: dataset contracts, records, files, the catalogue.",
        settings=settings,
        clock=clock or SystemClock(),
        tables=TABLES,
        owns=owned_by("ingest"),
        max_body_size=settings.max_records_bytes + MIB // 16,
    )
    ingest = Ingest(service.outbox, Own(TABLES))
    keeper = ContractKeeper(service.store, ingest, service.marks)
    service.routers += [
        catalogue_routes(service, keeper, settings),
        routes(service, ingest, keeper, settings),
    ]
    service.background.append(lambda: _forget_claims(service, settings.idempotency_days))
    return service


async def _forget_claims(service: Service, days: int) -> None:
    """Once a day forgets the idempotency keys that nobody will repeat any more."""
    while True:
        before = iso(service.clock.now() - timedelta(days=days))
        await service.store.write(lambda tx: repository.forget_claims(tx, before))  # noqa: B023 - awaited here
        await asyncio.sleep(86_400)
