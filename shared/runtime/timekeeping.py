"""Keeps a service's business date up to the clock's, and says what follows from it."""

import asyncio
from collections.abc import Iterable
from typing import Protocol

import structlog
from sqlalchemy.exc import SQLAlchemyError

from shared.db.tx import Tx
from shared.delivery.change import Statement
from shared.runtime.service import Service

CHECK_SECONDS = 30.0

log = structlog.get_logger()


class PassesTime(Protocol):
    """Handlers for whom a new day is news."""

    def pass_time(self, tx: Tx) -> Iterable[Statement]:
        """What follows from the date alone."""
        ...


async def keep_time(service: Service, handlers: PassesTime) -> None:
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
