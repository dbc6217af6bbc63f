"""Runs connectors when they are due, one at a time each, and lets in what they fetch.

Rule: due times, positions and who has what in hand are in the store, so that a restart forgets no
run and two replicas never run one twice. A run that fails says why and is tried again, later each
time; what it had let in stays, and what it fetches again is unchanged.
"""

import asyncio
import tempfile
from collections.abc import Callable, Mapping
from contextlib import aclosing, suppress
from datetime import datetime, timedelta
from functools import partial
from pathlib import Path
from secrets import token_hex

import structlog

from services.ingest.connect import due, holder, kinds
from services.ingest.connect.reach import OutOfReach, Reach
from services.ingest.connect.secrets import Secrets
from services.ingest.connect.source import Extract, Fetching, Outcome, Rests, Source, SourceFailed
from services.ingest.connect.taking_in import TakingIn
from services.ingest.contracts import ContractKeeper
from services.ingest.domain.refusals import RequestRefused, shown
from services.ingest.metrics import CONNECTOR_RUNS, CONNECTOR_SUCCESS
from services.ingest.settings import Settings
from services.ingest.store import connections
from services.ingest.store.connections import DONE, FAILED, HoldLost, Run, Standing
from shared.catalogue import schedule
from shared.catalogue.connectors import Connector
from shared.db.store import Store
from shared.db.tx import Tx
from shared.runtime.clock import Clock, iso

BY_SCHEDULE = "schedule"
LOOK_SECONDS = 1.0
HELD = timedelta(seconds=60)
RENEW_SECONDS = 15.0
AT_ONCE = 4

log = structlog.get_logger()


class AlreadyRuns(Exception):
    """The connector is in hand already."""


class Connectors:
    """The connectors of the catalogue in force, run from here."""

    def __init__(
        self,
        store: Store,
        clock: Clock,
        keeper: ContractKeeper,
        taking_in: TakingIn,
        settings: Settings,
        source: Callable[[str], Source] = kinds.source,
    ) -> None:
        self._store = store
        self._clock = clock
        self._keeper = keeper
        self._taking_in = taking_in
        self._source = source
        self._folder = settings.files_folder()
        self._most_bytes = settings.max_file_bytes
        self.reach = Reach(settings.reach, settings.drop)
        self.secrets = Secrets(settings.secrets)
        self._running: dict[str, asyncio.Task[Run | None]] = {}
        # When what is looked at all the time was looked at last, and nothing had come.
        self._nothing: dict[str, datetime] = {}
        self._ended = False
        # As it was when last looked at: a run that goes on listens to it.
        self._listed: Mapping[str, Connector] = {}

    async def run(self) -> None:
        """Looks for what is due, for as long as the service lives."""
        try:
            while True:
                try:
                    await self.look()
                except Exception:
                    # The store is away, say: the next look tries again.
                    log.exception("connectors-look-failed")
                await asyncio.sleep(LOOK_SECONDS)
        finally:
            self._ended = True
            for task in self._running.values():
                task.cancel()
            await asyncio.gather(*self._running.values(), return_exceptions=True)

    async def look(self) -> None:
        """Starts what is due and not in hand."""
        found = await self._store.read(connections.standings)
        now = iso(self._clock.now())
        self._listed = (await self._keeper.catalogue()).connectors
        for connector in self._listed.values():
            if connector.paused or connector.kind in kinds.SENT or not self._has_place(connector):
                continue
            standing = found.get(connector.code) or Standing(connector.code)
            if standing.due is None:
                await self._store.write(partial(self._plan, connector=connector))
            elif standing.due <= now and connector.code not in self._running:
                looked = self._nothing.get(connector.code)
                if looked is not None and looked + due.BETWEEN_LOOKS > self._clock.now():
                    continue
                if not standing.in_hand(now):
                    self._start(connector, BY_SCHEDULE, confirmed=False)

    async def start(self, code: str, by: str, *, confirmed: bool = False) -> None:
        """Runs a connector now. `confirmed` lets a full extract delete what it lacks. Raises
        RequestRefused where there is none, AlreadyRuns where it is in hand."""
        self._listed = (await self._keeper.catalogue()).connectors
        connector = self._listed.get(code)
        if connector is None:
            raise RequestRefused(404, f"There is no connector called {code[:100]!r}.")
        if connector.kind in kinds.SENT:
            raise RequestRefused(409, "Nothing is fetched from there: it sends by itself.")
        standing = await self._store.read(lambda tx: connections.standing(tx, code))
        if code in self._running or standing.in_hand(iso(self._clock.now())):
            raise AlreadyRuns
        self._start(connector, by, confirmed=confirmed)

    @property
    def running(self) -> list[str]:
        """The connectors that are run here now."""
        return list(self._running)

    async def settle(self, code: str) -> Run | None:
        """Waits for the run of a connector that was started here, and says what it came to."""
        task = self._running.get(code)
        return await task if task is not None else None

    def _has_place(self, connector: Connector) -> bool:
        """Only so many run at once; one that listens takes no place from those that fetch."""
        listed = [self._listed.get(code) for code in self._running]
        fetching = [each for each in listed if each is None or each.kind not in kinds.LISTEN]
        return connector.kind in kinds.LISTEN or len(fetching) < AT_ONCE

    def _start(self, connector: Connector, by: str, *, confirmed: bool) -> None:
        task = asyncio.create_task(self._run(connector, by, confirmed=confirmed))
        self._running[connector.code] = task
        task.add_done_callback(lambda _: self._running.pop(connector.code, None))

    def _plan(self, tx: Tx, connector: Connector) -> None:
        """A connector that is new runs at its next time; one that runs every so often, at once."""
        found = connections.standing(tx, connector.code)
        if found.due is None:
            now = self._clock.now()
            when = schedule.read(connector.schedule)
            found.due = iso(now if when.at is None else when.after(now))
            connections.save(tx, found)

    async def _run(self, connector: Connector, by: str, *, confirmed: bool) -> Run | None:
        if by == BY_SCHEDULE and await self._nothing_came(connector):
            self._nothing[connector.code] = self._clock.now()
            return None
        token = f"{self._clock.now():%Y%m%dT%H%M%S}-{token_hex(8)}.{holder.mark()}"
        standing = await self._store.write(lambda tx: self._take(tx, connector, token))
        if standing is None:
            return None
        run = Run(token, connector.code, iso(self._clock.now()), by)
        renewing = asyncio.create_task(self._renew(connector.code, token))
        reason: str | None = None
        try:
            await self._fetch(connector, standing, run, confirmed=confirmed)
        except Rests as told:
            reason, run.outcome = str(told), DONE
        except HoldLost:
            log.warning("connector-hold-lost", connector=connector.code)
            return None
        except (SourceFailed, OutOfReach) as failed:
            reason = str(failed)
        except RequestRefused as refused:
            reason = refused.detail
        except asyncio.CancelledError:
            await self._store.write(lambda tx: self._let_go(tx, connector.code, token))
            raise
        except Exception as error:
            # A mistake of ours is a failed run as well, and its trace is in the log.
            log.exception("connector-failed", connector=connector.code)
            reason = f"It broke off: {type(error).__name__}. The service's log says more."
        finally:
            renewing.cancel()
        await self._end(connector, standing, run, reason)
        return run

    async def _fetch(
        self, connector: Connector, standing: Standing, run: Run, *, confirmed: bool
    ) -> None:
        source = self._source(connector.kind)
        if run.by != BY_SCHEDULE or not schedule.read(connector.schedule).as_it_comes:
            await self._store.write(lambda tx: connections.save_run(tx, run))
        self._folder.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryDirectory(prefix="run-", dir=self._folder) as folder:
            asked = await self._asked(connector, standing, Path(folder))
            async with aclosing(source.fetch(asked)) as extracts:
                async for extract in extracts:
                    if extract.nothing:
                        step = partial(connections.step, run=run, to=extract.position)
                        await self._store.write(step)
                        continue
                    outcome = await self._let_in(connector, run, extract, confirmed=confirmed)
                    await source.settled(asked, extract, outcome)
                    with suppress(OSError):
                        extract.path.unlink(missing_ok=True)
                    if isinstance(outcome, RequestRefused) and extract.form == "rows":
                        # What follows stands on it, so it is asked for again. A file is put aside.
                        raise outcome

    async def _asked(self, connector: Connector, standing: Standing, folder: Path) -> Fetching:
        return Fetching(
            connector,
            await self._keeper.contract(connector.dataset),
            standing.position,
            self.secrets.get(connector.credentials),
            folder,
            self.reach,
            self._clock,
            lambda: self._ended or self._listed.get(connector.code) != connector,
            self._most_bytes,
        )

    async def _nothing_came(self, connector: Connector) -> bool:
        """Whether what is looked at all the time can be left alone. What goes wrong with looking is
        told by a run."""
        if not schedule.read(connector.schedule).as_it_comes:
            return False
        try:
            asked = await self._asked(connector, Standing(connector.code), self._folder)
            return not await self._source(connector.kind).waits(asked)
        except (SourceFailed, OutOfReach, RequestRefused):
            return False

    async def _let_in(
        self, connector: Connector, run: Run, extract: Extract, *, confirmed: bool
    ) -> Outcome:
        run.extracts += 1
        run.bytes += extract.path.stat().st_size
        outcome = await self._taking_in.take(connector, run, extract, confirmed=confirmed)
        if isinstance(outcome, RequestRefused):
            run.refused += 1
            run.notes.append(f"{shown(extract.name)}: {shown(outcome.detail)}")
            await self._store.write(lambda tx: connections.save_run(tx, run))
        return outcome

    def _take(self, tx: Tx, connector: Connector, token: str) -> Standing | None:
        now = self._clock.now()
        return connections.take(tx, connector.code, token, iso(now), iso(now + HELD))

    async def _renew(self, code: str, token: str) -> None:
        while True:
            await asyncio.sleep(RENEW_SECONDS)
            until = iso(self._clock.now() + HELD)
            with suppress(HoldLost):
                await self._store.write(lambda tx: connections.hold(tx, code, token, until))  # noqa: B023 - awaited here

    async def _end(
        self, connector: Connector, before: Standing, run: Run, reason: str | None
    ) -> None:
        now = self._clock.now()
        well = reason is None or run.outcome == DONE
        run.ended, run.reason = iso(now), reason
        run.outcome = DONE if well else FAILED
        failures = 0 if well else before.failures + 1
        quiet = run.by == BY_SCHEDULE and schedule.read(connector.schedule).as_it_comes
        again = reason is not None and quiet and reason == before.reason and not run.extracts

        def work(tx: Tx) -> None:
            with suppress(HoldLost):
                connections.hold(tx, connector.code, run.id)
                found = connections.standing(tx, connector.code)
                found.due = iso(due.after(connector, now, failures))
                found.holder = found.held_until = None
                found.failures, found.reason, found.looked = failures, reason, iso(now)
                connections.save(tx, found)
                if well and not run.batches:
                    self._taking_in.nothing_new(tx, connector, now)
                # One that is looked at all the time says so once, and when something came.
                if not again and not (quiet and reason is None and not run.extracts):
                    connections.save_run(tx, run)

        await self._store.write(work)
        CONNECTOR_RUNS.labels(connector.code, run.outcome).inc()
        if well:
            CONNECTOR_SUCCESS.labels(connector.code).set(now.timestamp())
        elif not again:
            log.warning("connector-run-failed", connector=connector.code, reason=reason)

    def _let_go(self, tx: Tx, code: str, token: str) -> None:
        with suppress(HoldLost):
            connections.hold(tx, code, token)
            found = connections.standing(tx, code)
            found.holder = found.held_until = None
            connections.save(tx, found)
