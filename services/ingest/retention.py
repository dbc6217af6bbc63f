"""Records go when their time is over, once a day; what figures rest on is left under no name.

Rule: a record and what is left of it change places in one transaction, a few hundred at a time. The
new key is drawn by lot, so that nothing leads back from it; of the old ones only a count is kept.
Whatever a process does in between, the next look goes on: what has gone is not found again.
"""

import asyncio
from collections.abc import Callable
from datetime import date
from itertools import islice
from secrets import token_hex

import msgspec
import structlog

from services.ingest.contracts import ContractKeeper
from services.ingest.delivery import batch_name
from services.ingest.domain.receipt import Batch
from services.ingest.domain.retention import KEPT, RETENTION, first_kept
from services.ingest.metrics import RECORDS_EXPIRED
from services.ingest.store import forgetting
from shared.catalogue.model import Dataset, Retention
from shared.contracts import subjects
from shared.contracts.states import Record
from shared.contracts.topics import RECORDS
from shared.db.store import Store
from shared.db.tx import Tx
from shared.delivery.change import Cause, Statement
from shared.delivery.marks import Marks
from shared.delivery.outbox import Outbox
from shared.delivery.own import Own
from shared.runtime.clock import Clock, business_date, iso

LOOK_SECONDS = 60.0
# Records that are looked at in one reading, and that go in one writing, so that neither keeps
# others waiting.
READ_RECORDS = 5_000
SLICE_RECORDS = 500

log = structlog.get_logger()
_record = msgspec.json.Decoder(Record).decode
_encode = msgspec.json.Encoder().encode


class Forgetting:
    """Lets records go."""

    def __init__(
        self,
        store: Store,
        clock: Clock,
        keeper: ContractKeeper,
        outbox: Outbox,
        own: Own,
        marks: Marks,
        lot: Callable[[], str] = lambda: token_hex(16),
    ) -> None:
        self._store = store
        self._clock = clock
        self._keeper = keeper
        self._outbox = outbox
        self._own = own
        self._marks = marks
        self._lot = lot

    async def run(self) -> None:
        """Looks every minute whether a day has begun on which nothing went yet."""
        while True:
            try:
                await self.look()
            except Exception:
                # The store is away, say: the next look goes on.
                log.exception("retention-failed")
            await asyncio.sleep(LOOK_SECONDS)

    async def look(self) -> list[Batch]:
        """Goes through every dataset with a retention, once a day each."""
        today = business_date(self._clock)
        found = []
        for dataset in (await self._keeper.catalogue()).datasets.values():
            if dataset.retention is None:
                continue
            mark = f"retention/{dataset.code}"
            if await self._store.read(lambda tx: self._marks.get(tx, mark)) == str(today):  # noqa: B023 - awaited here
                continue
            batch = await self._go_through(dataset, dataset.retention, today)
            await self._store.write(lambda tx: self._marks.set(tx, {mark: str(today)}))  # noqa: B023 - awaited here
            found += [batch] if batch.deleted else []
        return found

    async def _go_through(self, dataset: Dataset, retention: Retention, today: date) -> Batch:
        before = first_kept(today, retention.months)
        now = self._clock.now()
        detail = {"field": retention.field, "before": before, "deleted": 0, "kept": 0}
        batch = Batch(batch_name(now), 0, 0, 0, 0, 0, iso(now), dataset.code, RETENTION, detail)
        after: str | None = ""
        while after is not None:
            past, after = await self._store.read(
                lambda tx: _past(tx, dataset.code, retention.field, before, after or "")  # noqa: B023 - awaited here
            )
            for start in range(0, len(past), SLICE_RECORDS):
                some = past[start : start + SLICE_RECORDS]
                await self._store.write(lambda tx: self._let_go(tx, some, retention, batch))  # noqa: B023 - awaited here
        await self._store.write(lambda tx: forgetting.purge_batches(tx, dataset.code, before))
        if batch.deleted:
            RECORDS_EXPIRED.labels(dataset.code).inc(batch.deleted)
            log.info(
                "records-expired",
                correlation=batch.batch,
                dataset=dataset.code,
                before=before,
                deleted=batch.deleted,
                kept=detail["kept"],
            )
        return batch

    def _let_go(self, tx: Tx, past: list[str], retention: Retention, batch: Batch) -> None:
        """Looks again at records that were past, since they may have changed, and lets them go."""
        before = str(batch.detail["before"])
        cause = Cause(batch.batch, batch.created)
        statements: list[Statement] = []
        gone: list[str] = []
        for subject, body in self._own.get(tx, RECORDS, past).items():
            record = _record(body)
            if not _is_past(record, retention.field, before):
                continue
            gone.append(subject)
            if retention.keep:
                left = self._left_of(record, retention.keep)
                statements.append(Statement(RECORDS, *left, cause))
            statements.append(Statement(RECORDS, subject, None, cause))
        self._outbox.publish(tx, statements)
        forgetting.purge(tx, gone)
        done = msgspec.structs.replace(
            batch,
            deleted=batch.deleted + len(gone),
            detail=batch.detail
            | {
                "deleted": batch.deleted + len(gone),
                "kept": batch.detail["kept"] + (len(gone) if retention.keep else 0),
            },
        )
        if gone:
            forgetting.save(tx, done)

        def count() -> None:
            batch.deleted = done.deleted
            batch.detail.update(done.detail)

        tx.after_commit(count)

    def _left_of(self, record: Record, keep: list[str]) -> tuple[str, bytes]:
        """The subject and the state of what is left of a record."""
        key = f"{KEPT}{self._lot()}"
        fields = {name: record.fields.get(name) for name in sorted(keep)}
        return subjects.record(record.dataset, key), _encode(Record(record.dataset, key, fields))


def _past(
    tx: Tx, dataset: str, field: str, before: str, after: str
) -> tuple[list[str], str | None]:
    """Of some records after a subject those whose time is over, and where to go on."""
    looked = list(islice(forgetting.bodies(tx, dataset, after), READ_RECORDS))
    past = [subject for subject, body in looked if _is_past(_record(body), field, before)]
    return past, looked[-1][0] if len(looked) == READ_RECORDS else None


def _is_past(record: Record, field: str, before: str) -> bool:
    value = record.fields.get(field)
    return isinstance(value, str) and value[:10] < before
