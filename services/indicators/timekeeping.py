"""Keeps the business date in the store up to the clock's, and says what follows from it."""

import asyncio

import structlog
from sqlalchemy.exc import SQLAlchemyError

from services.indicators.handlers import IndicatorHandlers
from shared.db.tx import Tx
from shared.runtime.service import Service

CHECK_SECONDS = 30.0

log = structlog.get_logger()


async def keep_time(service: Service, handlers: IndicatorHandlers) -> None:
    """Looks at the clock every so often. A day on which the service was down is made up for, and
    so is one on which the store was away."""

    def pass_time(tx: Tx) -> int:
        return service.outbox.say(tx, handlers.pass_time(tx))

    while True:
        try:
            moved = await service.store.write(pass_time)
            if moved:
                log.info("business-date-moved-on", events=moved)
        except SQLAlchemyError as error:
            log.warning("business-date-not-kept", reason=str(error))
        await asyncio.sleep(CHECK_SECONDS)
