"""Whether datasets are supplied in time: looked at when rows come, and every minute.

Rule: a load counts once a row of it was let in, changed or not, or it had none. Days are counted in
Europe/London, so that nothing is late before the day on which it was due has passed. What is said
is a state like any other, and durable with the batch that moved it.
"""

import asyncio
from collections.abc import Awaitable, Callable, Collection, Iterable, Mapping, Sequence
from datetime import datetime, timedelta

import msgspec
import structlog

from services.ingest.chasing import Chasing
from services.ingest.delivery import LOADS, Delivery
from services.ingest.metrics import DATASET_AGE, DATASET_LATE, RETURNS_OVERDUE
from services.ingest.store import loads
from shared.catalogue.model import Catalogue, Dataset
from shared.contracts import supply
from shared.contracts.returns import Standing
from shared.contracts.supply import Supply, london_day
from shared.contracts.topics import RECORDS
from shared.db.store import Store
from shared.db.tx import Tx
from shared.delivery.change import Cause, Statement
from shared.delivery.outbox import Outbox
from shared.delivery.own import Own
from shared.runtime.clock import LONDON, Clock, iso

LOOK_SECONDS = 60.0
# How far `received` may move unsaid. Systems that push every few seconds would otherwise double
# what is published, and nobody asks about minutes of a supply that is counted in days.
UNSAID = timedelta(minutes=10)

log = structlog.get_logger()


class Supplies:
    """What is known and what was said of each supply."""

    def __init__(self, outbox: Outbox, own: Own) -> None:
        self._outbox = outbox
        self._own = own
        # As it is now, and as it was said last. A state that another replica said since costs
        # one statement too many at most, never one too few: see worth_saying.
        self._known: dict[str, Supply] = {}
        self._said: dict[str, Supply] = {}

    def came(self, tx: Tx, deliveries: Sequence[Delivery]) -> None:
        """Takes note of loads in the transaction that lets them in."""
        now: dict[str, Supply] = {}
        for each in deliveries:
            dataset = each.contract.dataset
            if dataset.freshness_days is None or not _counts(each):
                continue
            before = now.get(dataset.code) or self._known.get(dataset.code)
            if before is None:
                before = self._stored(tx, [dataset.code]).get(dataset.code)
            changed = each.accepted > 0 or each.deleted > 0
            now[dataset.code] = _after(before, dataset, each.arrived, each.name, changed=changed)
        if now:
            self._say(tx, now, iso(deliveries[-1].arrived))

    def asked(self, tx: Tx, dataset: Dataset, at: datetime) -> None:
        """Takes note that a source was asked and had nothing new: what is known is up to date."""
        if dataset.freshness_days is not None:
            before = self._stored(tx, [dataset.code]).get(dataset.code)
            batch = before.batch if before else ""
            found = _after(before, dataset, at, batch, changed=False)
            self._say(tx, {dataset.code: found}, iso(at))

    def look(self, tx: Tx, datasets: Iterable[Dataset], at: datetime) -> dict[str, Supply]:
        """Every supply as it is at an instant; says those that moved, also by time alone."""
        wanted = {each.code: each for each in datasets if each.freshness_days is not None}
        stored = self._stored(tx, wanted)
        today = at.astimezone(LONDON).date()
        now: dict[str, Supply] = {}
        for code, dataset in wanted.items():
            found = _newer(stored.get(code), self._known.get(code))
            batch = loads.newest(tx, code, LOADS)
            if batch is not None and (found is None or batch.name > found.batch):
                arrived = datetime.fromisoformat(batch.created)
                found = _after(found, dataset, arrived, batch.name, changed=batch.changed)
            found = found or Supply(code, today.isoformat(), "")
            now[code] = found.as_of(today, dataset.freshness_days or 0)
        gone = [
            subject
            for subject in self._own.subjects(tx, RECORDS, supply.PREFIX)
            if subject.removeprefix(supply.PREFIX) not in wanted
        ]
        nothing = Cause("", iso(at))
        self._outbox.publish(tx, [Statement(RECORDS, each, None, nothing) for each in gone])
        self._say(tx, now, iso(at), stored)
        return now

    def _say(
        self,
        tx: Tx,
        now: Mapping[str, Supply],
        origin: str,
        stored: Mapping[str, Supply] | None = None,
    ) -> None:
        said = self._said if stored is None else stored
        told = {code: each for code, each in now.items() if worth_saying(said.get(code), each)}
        self._outbox.publish(
            tx,
            [
                Statement(
                    RECORDS,
                    supply.subject(code),
                    supply.body(each),
                    Cause(each.batch, origin),
                )
                for code, each in told.items()
            ],
        )

        def keep() -> None:
            self._known.update(now)
            self._said.update(stored or {})
            self._said.update(told)

        tx.after_commit(keep)

    def _stored(self, tx: Tx, codes: Collection[str]) -> dict[str, Supply]:
        found = self._own.get(tx, RECORDS, [supply.subject(code) for code in codes])
        return {each.dataset: each for each in map(supply.read, found.values())}


class SupplyWatch:
    """Looks at supplies and returns while the service lives."""

    def __init__(
        self,
        store: Store,
        clock: Clock,
        catalogue: Callable[[], Awaitable[Catalogue]],
        supplies: Supplies,
        chasing: Chasing,
    ) -> None:
        self._store = store
        self._clock = clock
        self._catalogue = catalogue
        self._supplies = supplies
        self._chasing = chasing
        self._measured: set[str] = set()

    async def run(self) -> None:
        """Looks every minute."""
        while True:
            try:
                await self.look()
            except Exception:
                # The store is away, say: the next look tries again.
                log.exception("supply-look-failed")
            await asyncio.sleep(LOOK_SECONDS)

    async def look(self) -> dict[str, Supply]:
        """Looks once, and measures."""
        datasets = (await self._catalogue()).datasets.values()
        at = self._clock.now()

        def look(tx: Tx) -> tuple[dict[str, Supply], list[Standing]]:
            return self._supplies.look(tx, datasets, at), self._chasing.look(tx, at)

        found, standings = await self._store.write(look)
        RETURNS_OVERDUE.set(sum(each.overdue for each in standings))
        for code in self._measured - found.keys():
            DATASET_LATE.remove(code)
            DATASET_AGE.remove(code)
        for code, each in found.items():
            since = each.received or f"{each.since}T00:00:00+00:00"
            age = at - datetime.fromisoformat(since)
            DATASET_AGE.labels(code).set(max(0.0, age.total_seconds()))
            DATASET_LATE.labels(code).set(each.late)
        self._measured = set(found)
        return found


def worth_saying(said: Supply | None, now: Supply) -> bool:
    """Whether a supply moved so far that it is said again."""
    if said is None or (said.late, said.due) != (now.late, now.due):
        return True
    if said.received is None or now.received is None:
        return said.received != now.received
    gap = datetime.fromisoformat(now.received) - datetime.fromisoformat(said.received)
    return abs(gap) >= UNSAID


def _counts(delivery: Delivery) -> bool:
    let_in = delivery.received == 0 or delivery.rejected < delivery.received
    return delivery.mode in LOADS and let_in


def _after(
    before: Supply | None, dataset: Dataset, arrived: datetime, batch: str, *, changed: bool
) -> Supply:
    """The supply once a load has come."""
    instant = iso(arrived)
    today = london_day(instant)
    before = before or Supply(dataset.code, today.isoformat(), "")
    if before.received is not None and instant < before.received:
        return before
    came = msgspec.structs.replace(
        before,
        received=instant,
        changed=instant if changed else before.changed,
        batch=batch,
    )
    return came.as_of(today, dataset.freshness_days or 0)


def _newer(one: Supply | None, other: Supply | None) -> Supply | None:
    if one is None or other is None:
        return one or other
    return one if (one.received or "") > (other.received or "") else other
