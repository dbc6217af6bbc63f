"""Files that wait for a look before they are applied, and what was sent and is kept.

Rule: a file that waits goes after two days, what was sent after the days that its dataset says; a
kept extract is taken again by the contract in force, never over what came after it.
"""

import asyncio
from collections.abc import Collection
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any, BinaryIO

from services.ingest.delivery import LOADS, Mode, Outcome, is_batch_name
from services.ingest.domain.refusals import RequestRefused, file_name
from services.ingest.kept_files import is_id, new_id
from services.ingest.opening import Form
from services.ingest.preview import Preview
from services.ingest.store import batches, extracts, repository
from services.ingest.store.extracts import KeptFile
from services.ingest.store.repository import Claim
from services.ingest.taking_files import Coming, TakingFiles, no_room
from shared.db.store import Store
from shared.db.tx import Tx
from shared.runtime.clock import Clock, iso

STAGED_DAYS = 2
# A file is written before its row: one that is younger than this may yet get its own.
STRAY = timedelta(days=1)
GONE = "This file is not kept any more. Send it again."


class Extracts:
    """What is kept of what came."""

    def __init__(self, store: Store, clock: Clock, taking: TakingFiles) -> None:
        self._store = store
        self._clock = clock
        self._taking = taking
        self._files = taking.kept

    async def keep(
        self,
        source: BinaryIO | Path,
        *,
        dataset: str,
        mode: Mode,
        form: Form = "file",
        name: str,
        by: str,
        days: int = STAGED_DAYS,
        sheet: str | None = None,
    ) -> str:
        """Keeps a file that waits to be applied; its id. Raises RequestRefused where the disk is
        full."""
        now = self._clock.now()
        kept = new_id(now)
        with no_room():
            size = await asyncio.to_thread(self._files.write, kept, source)
        until = iso(now + timedelta(days=days))
        row = KeptFile(
            kept,
            iso(now),
            until,
            dataset,
            mode,
            form,
            file_name(name),
            kept,
            size,
            by,
            sheet=sheet,
        )
        try:
            await self._store.write(lambda tx: extracts.save(tx, row))
        except BaseException:
            self._files.remove(kept)
            raise
        return kept

    async def find(self, name: str) -> KeptFile:
        """A kept file by its id. Raises RequestRefused where it is kept no more."""
        found = await self._store.read(lambda tx: extracts.find(tx, name)) if is_id(name) else None
        if found is None or found.until <= iso(self._clock.now()):
            raise RequestRefused(404, GONE)
        return found

    def open(self, name: str) -> BinaryIO:
        """A kept file, open for reading. Raises RequestRefused where it is not there."""
        try:
            return self._files.open(name)
        except FileNotFoundError:
            raise RequestRefused(404, GONE) from None

    async def preview(
        self, name: str, mode: Mode | None = None, asked: Collection[str] = ()
    ) -> Preview:
        """What a file that waits would do; `asked` as in Coming."""
        kept = await self.find(name)
        with self.open(name) as source:
            return await self._taking.preview(_coming(kept, source, mode, kept.by, asked=asked))

    async def apply(
        self,
        name: str,
        by: str,
        *,
        mode: Mode | None = None,
        confirmed: bool = False,
        asked: Collection[str] = (),
    ) -> Outcome:
        """Lets a file in that waited; it waits no more. A file is let in once: the batch that it
        became is the answer afterwards."""
        kept = await self.find(name)

        def first(tx: Tx) -> Outcome | None:
            row = extracts.find(tx, name)
            if row is None:
                raise RequestRefused(404, GONE)
            return None if row.batch is None else repository.receipt(tx, row.batch)

        with self.open(name) as source:
            coming = _coming(
                kept,
                source,
                mode,
                by,
                detail={"by": by},
                confirmed=confirmed,
                asked=asked,
                first=first,
                claim=lambda digest, _: applied_as(name)._replace(body_hash=digest),
            )
            outcome = await self._taking.take(coming)
        await self.clean()
        return outcome

    async def became(self, name: str) -> str | None:
        """The batch that a file became which waited, although it is kept no more."""
        if not is_id(name):
            return None
        found = await self._store.read(lambda tx: repository.claimed(tx, applied_as(name)))
        return found[1] if found else None

    async def discard(self, name: str) -> None:
        """Throws a file away that waited. One that became a batch stays for as long as it is
        kept."""
        kept = await self.find(name)
        if kept.batch is None:
            await self._store.write(lambda tx: extracts.forget(tx, [name]))
            await asyncio.to_thread(self._files.remove, name)

    def of_batch(self, tx: Tx, batch: str) -> list[KeptFile]:
        """The kept files that became a batch."""
        now = iso(self._clock.now())
        return [each for each in extracts.of_batch(tx, batch) if each.until > now]

    async def replay(self, name: str, by: str, *, confirmed: bool = False) -> Outcome:
        """Takes a kept extract again, by its id or its batch's name, by the contract in force.
        Raises RequestRefused where nothing is kept, or where later files came that it would
        undo, unless that is `confirmed`."""
        kept = await self._store.read(lambda tx: self._kept_of(tx, name))
        if kept is None or kept.batch is None:
            raise RequestRefused(409, "What was sent is not kept, so it cannot be read again.")
        batch = kept.batch

        def first(tx: Tx) -> None:
            later = batches.changed_since(tx, kept.dataset, batch, LOADS)
            if later and not confirmed:
                raise RequestRefused(
                    409,
                    f"{later} later batch(es) changed this dataset, and what this extract says is "
                    "older. If it shall stand over them, confirm that.",
                )

        with self.open(kept.id) as source:
            detail = {"replays": batch, "by": by}
            coming = _coming(
                kept, source, None, by, detail=detail, confirmed=confirmed, first=first
            )
            return await self._taking.take(replace(coming, waited=None, keep=False))

    async def clean(self) -> int:
        """Takes away what is past its time, and files that nothing tells of. Answers with how many
        there were."""
        now = self._clock.now()
        found = await self._store.read(lambda tx: extracts.past(tx, iso(now)))
        for each in found:
            await asyncio.to_thread(self._files.remove, each.id)
        if found:
            await self._store.write(lambda tx: extracts.forget(tx, [each.id for each in found]))
        return len(found) + await self._clean_strays(now - STRAY)

    async def _clean_strays(self, before: datetime) -> int:
        names = await asyncio.to_thread(self._files.written_before, before)
        known = await self._store.read(lambda tx: extracts.known(tx, names))
        strays = [name for name in names if name not in known]
        for name in strays:
            await asyncio.to_thread(self._files.remove, name)
            await asyncio.to_thread(self._files.remove_part, name)
        return len(strays)

    def _kept_of(self, tx: Tx, name: str) -> KeptFile | None:
        if is_batch_name(name):
            found = self.of_batch(tx, name)
            return found[0] if found else None
        return extracts.find(tx, name) if is_id(name) else None


def applied_as(name: str) -> Claim:
    """The wish that a file which waited counts once."""
    return Claim("upload", name, "")


def _coming(kept: KeptFile, source: BinaryIO, mode: Mode | None, by: str, **more: Any) -> Coming:
    """A kept file, coming in again."""
    meant: Mode = "full" if kept.mode == "full" else "changes"
    form: Form = "rows" if kept.form == "rows" else "file"
    return Coming(
        source, kept.dataset, kept.name, by, mode or meant, form, kept.sheet, waited=kept, **more
    )
