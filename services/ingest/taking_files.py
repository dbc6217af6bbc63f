"""The one way in for a file, whoever brings it: opened, checked, compared, let in, and kept.

Rule: what takes long (reading, checking, keeping) is done before the transaction begins, so that
others wait only while this one compares and writes. All of a file's good rows, or nothing.
"""

import asyncio
import errno
from collections.abc import Callable, Collection, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from functools import partial
from pathlib import Path
from typing import Any, BinaryIO

import msgspec
import structlog

from services.ingest.checked import Checked, check_table
from services.ingest.comparing import compare_ahead
from services.ingest.contracts import ContractKeeper
from services.ingest.delivery import Delivery, Mode, Outcome
from services.ingest.domain.blanks import passing_over_blank
from services.ingest.domain.contract import Contract
from services.ingest.domain.receipt import Receipt
from services.ingest.domain.refusals import RequestRefused, file_name
from services.ingest.handlers import Ingest
from services.ingest.kept_files import KeptFiles, new_id
from services.ingest.opening import Form, open_table
from services.ingest.preview import Preview, preview
from services.ingest.store import extracts
from services.ingest.store.extracts import KeptFile
from services.ingest.store.repository import Claim
from shared.db.store import Store
from shared.db.tx import Tx
from shared.delivery.own import Own
from shared.runtime.clock import Clock, iso

FULL = (errno.ENOSPC, errno.EDQUOT, errno.EFBIG)

log = structlog.get_logger()


@dataclass(frozen=True)
class Coming:
    """A file that comes in. `mode` None: as the file or its dataset says. `claim` makes the wish
    to count once from the file's fingerprint and mode. `first` and `also` are done in the same
    transaction, before and after the rows; an outcome that `first` gives is the answer. `waited` is
    the file's row where it is kept already, and `keep` says whether it may be. Rows in which all
    of the fields `asked` are blank are passed over."""

    source: BinaryIO
    dataset: str
    name: str
    by: str = ""
    mode: Mode | None = None
    form: Form = "file"
    sheet: str | None = None
    detail: Mapping[str, Any] = field(default_factory=dict)
    confirmed: bool = False
    claim: Callable[[str, Mode], Claim | None] = lambda *_: None
    first: Callable[[Tx], Outcome | None] = lambda _: None
    also: Callable[[Tx, Outcome], None] = lambda *_: None
    waited: KeptFile | None = None
    keep: bool = True
    asked: Collection[str] = ()


class TakingFiles:
    """Takes files in, and tells beforehand what they would do."""

    def __init__(
        self,
        store: Store,
        clock: Clock,
        ingest: Ingest,
        keeper: ContractKeeper,
        own: Own,
        folder: Path,
    ) -> None:
        self._store = store
        self._clock = clock
        self._ingest = ingest
        self._keeper = keeper
        self._own = own
        self._folder = folder
        self.kept = KeptFiles(folder)

    async def take(self, coming: Coming) -> Outcome:
        """What a file comes to. Raises RequestRefused where nothing of it was kept."""
        arrived = self._clock.now()
        with no_room():
            return await self._keeper.retrying(
                coming.dataset, lambda contract: self._attempt(coming, contract, arrived)
            )

    async def preview(self, coming: Coming) -> Preview:
        """What a file would do. Raises RequestRefused where it would be refused."""

        async def attempt(contract: Contract) -> Preview:
            checked, mode = await asyncio.to_thread(self._check, coming, contract)
            with checked:
                return await self._store.read(
                    lambda tx: preview(tx, self._own, contract, checked, mode)
                )

        with no_room():
            return await self._keeper.retrying(coming.dataset, attempt)

    def _check(self, coming: Coming, contract: Contract) -> tuple[Checked, Mode]:
        self._folder.mkdir(parents=True, exist_ok=True)
        table = open_table(coming.source, contract, coming.name, coming.form, coming.sheet)
        if coming.asked:
            table = passing_over_blank(table, coming.asked)
        mode = coming.mode or ("changes" if table.partial else contract.dataset.extract)
        return check_table(table, contract, self._folder), mode

    async def _attempt(self, coming: Coming, contract: Contract, arrived: datetime) -> Outcome:
        checked, mode = await asyncio.to_thread(self._check, coming, contract)
        with checked:
            claim = coming.claim(checked.table.digest, mode)
            detail = {"file": file_name(coming.name), **coming.detail}
            delivery = Delivery(contract, arrived, mode, claim, detail)
            await self._store.read(lambda tx: compare_ahead(tx, self._own, checked, mode))
            kept = await self._keep(coming, contract, mode, arrived)
            outcome: Outcome | None = None
            try:
                outcome = await self._store.write(
                    partial(self._accept, coming, delivery, checked, kept)
                )
            finally:
                ours = isinstance(outcome, Receipt) and outcome.batch == delivery.name
                if kept is not None and not ours and coming.waited is None:
                    await asyncio.to_thread(self.kept.remove, kept.id)
        if ours:
            _tell_columns(delivery)
        return outcome

    def _accept(
        self, coming: Coming, delivery: Delivery, checked: Checked, kept: KeptFile | None, tx: Tx
    ) -> Outcome:
        self._keeper.look(tx, [delivery.contract])
        earlier = coming.first(tx)
        if earlier is not None:
            return earlier
        outcome = self._ingest.accept_file(tx, delivery, checked, confirmed=coming.confirmed)
        if kept is not None and isinstance(outcome, Receipt) and outcome.batch == delivery.name:
            kept.batch, kept.mode = delivery.name, delivery.mode
            extracts.save(tx, kept)
        coming.also(tx, outcome)
        return outcome

    async def _keep(
        self, coming: Coming, contract: Contract, mode: Mode, arrived: datetime
    ) -> KeptFile | None:
        """Keeps a file for as long as its dataset says; not at all where it says nothing."""
        # Read again without what was asked for, rows that were left blank would blank records.
        days = 0 if coming.asked else contract.dataset.keep_extracts_days or 0
        until = iso(arrived + timedelta(days=days))
        if coming.waited is not None:
            return msgspec.structs.replace(coming.waited, until=until)
        if not days or not coming.keep:
            return None
        name = new_id(arrived)
        size = await asyncio.to_thread(self.kept.write, name, coming.source)
        return KeptFile(
            name,
            iso(arrived),
            until,
            contract.code,
            mode,
            coming.form,
            file_name(coming.name),
            name,
            size,
            coming.by,
            sheet=coming.sheet,
        )


@contextmanager
def no_room() -> Iterator[None]:
    """Says in words that a disk is full; nothing was kept then."""
    try:
        yield
    except OSError as error:
        if error.errno not in FULL:
            raise
        log.error("disk-full", exc_info=error)
        raise RequestRefused(
            507, "There is no room on the disk for this file. Nothing was kept of it."
        ) from None


def _tell_columns(delivery: Delivery) -> None:
    new, gone = delivery.detail.get("columns_new"), delivery.detail.get("columns_gone")
    if new or gone:
        log.warning(
            "columns-changed",
            correlation=delivery.name,
            dataset=delivery.contract.code,
            new=new or [],
            gone=gone or [],
        )
