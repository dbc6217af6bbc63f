"""Clears away, once a day, what was kept for a while: the keys of requests, what undoes batches,
rejected rows, files, runs that brought nothing.

Rule: a little in each transaction, so that nobody waits for it.
"""

import asyncio
from datetime import timedelta

import structlog

from services.ingest.extracts import Extracts
from services.ingest.settings import Settings
from services.ingest.store import before, connections, rejected, repository
from services.ingest.undoing import oldest_kept
from shared.db.store import Store
from shared.db.tx import Tx
from shared.runtime.clock import Clock, iso

DAY_SECONDS = 86_400
# After the store was away, say.
AGAIN_SECONDS = 600
ROWS = 20_000
# How long the run of a connector that brought nothing is told of.
RUNS_DAYS = 30

log = structlog.get_logger()


class Cleaning:
    """The daily round."""

    def __init__(self, store: Store, clock: Clock, extracts: Extracts, settings: Settings) -> None:
        self._store = store
        self._clock = clock
        self._extracts = extracts
        self._settings = settings

    async def run(self) -> None:
        """Goes round for as long as the service lives."""
        while True:
            wait = DAY_SECONDS
            try:
                await self.once()
            except Exception:
                log.exception("cleaning-failed")
                wait = AGAIN_SECONDS
            await asyncio.sleep(wait)

    async def once(self) -> None:
        """One round."""
        now = self._clock.now()
        claims = iso(now - timedelta(days=self._settings.idempotency_days))
        await self._store.write(lambda tx: repository.forget_claims(tx, claims))
        runs = iso(now - timedelta(days=RUNS_DAYS))
        await self._store.write(lambda tx: connections.forget_runs(tx, runs))
        oldest = oldest_kept(now, self._settings.undo_days)
        while await self._store.write(lambda tx: _forget_some(tx, oldest)):
            # Whoever waits for the store comes first.
            await asyncio.sleep(0)
        await self._extracts.clean()


def _forget_some(tx: Tx, oldest: str) -> bool:
    """Forgets some of what is past its time; whether there may be more."""
    return before.forget(tx, oldest, ROWS) + rejected.forget(tx, oldest, ROWS) > 0
