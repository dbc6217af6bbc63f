"""Keeps the contracts in force at hand, and never lets a row in by an old one.

Rule: the store says which catalogue is in force, and another replica may have put it there. The
transaction that lets rows in looks first; rows that were checked by a contract that is not in
force any more are checked again.
"""

import asyncio
from collections.abc import Awaitable, Callable, Iterable
from datetime import date, datetime
from typing import TypeVar

import structlog

from services.ingest.delivery import batch_name
from services.ingest.domain.contract import Contract
from services.ingest.domain.contracts import Contracts, compiled
from services.ingest.domain.pseudonyms import Pseudonyms
from services.ingest.domain.refusals import RequestRefused
from services.ingest.handlers import CatalogueChange, Ingest
from shared.catalogue.model import Catalogue, definitions, from_definitions
from shared.db.store import Store
from shared.db.tx import Tx
from shared.delivery.marks import DEFINITIONS, Marks

T = TypeVar("T")
log = structlog.get_logger()


class StaleContracts(Exception):
    """Another catalogue is in force than the one these contracts were made from."""


class ContractKeeper:
    """The contracts in force, for the calls of the service. `today` says which rows are too old for
    a contract with a retention."""

    def __init__(
        self,
        store: Store,
        ingest: Ingest,
        marks: Marks,
        pseudonyms: Pseudonyms | None = None,
        today: Callable[[], date] | None = None,
    ) -> None:
        self._store = store
        self._ingest = ingest
        self._marks = marks
        self._pseudonyms = pseudonyms
        self._today = today
        self._loading = asyncio.Lock()
        self.contracts = ingest.contracts

    async def load(self) -> None:
        """Reads the contracts from the store, once."""
        if self.contracts.loaded:
            return
        async with self._loading:
            if not self.contracts.loaded:
                await self._reload()

    async def current(self) -> Contracts:
        """The contracts in force, wherever they were put in force."""
        await self.load()
        if not self._store.sqlite:
            stamp = await self._store.read(lambda tx: self._marks.get(tx, DEFINITIONS))
            if stamp != self.contracts.stamp:
                await self._reload()
        return self.contracts

    async def catalogue(self) -> Catalogue:
        """The catalogue in force."""
        return (await self.current()).catalogue

    async def contract(self, dataset: str) -> Contract:
        """The contract of a dataset. Raises RequestRefused where there is none."""
        await self.load()
        found = self.contracts.get(dataset)
        if found is None and not self._store.sqlite:
            await self._reload()
            found = self.contracts.get(dataset)
        if found is None:
            raise RequestRefused(404, f"There is no dataset called {dataset[:100]!r}.")
        return found

    async def retrying(self, dataset: str, attempt: Callable[[Contract], Awaitable[T]]) -> T:
        """What `attempt` gives with the contract in force; again when that changed meanwhile."""
        while True:
            try:
                return await attempt(await self.contract(dataset))
            except StaleContracts:
                self.contracts.loaded = False

    def look(self, tx: Tx, used: Iterable[Contract]) -> None:
        """Raises StaleContracts unless these contracts are in force in this transaction."""
        current = self._marks.get(tx, DEFINITIONS) == self.contracts.stamp
        if not current or any(self.contracts.get(each.code) is not each for each in used):
            raise StaleContracts

    async def apply(self, catalogue: Catalogue, arrived: datetime) -> CatalogueChange:
        """Puts a catalogue in force. Raises RequestRefused when a contract cannot be compiled."""
        contracts, problems = self._compiled(catalogue)
        if problems:
            raise RequestRefused(422, "The catalogue has contracts that cannot be used.", problems)
        found = definitions(catalogue)
        stamp = batch_name(arrived)

        def work(tx: Tx) -> CatalogueChange:
            change = self._ingest.apply_catalogue(tx, found, arrived)
            self._marks.set(tx, {DEFINITIONS: stamp})
            tx.after_commit(lambda: self.contracts.replace(contracts, catalogue, stamp))
            return change

        return await self._store.write(work)

    def _compiled(self, catalogue: Catalogue) -> tuple[dict[str, Contract], list[dict[str, str]]]:
        return compiled(catalogue.datasets, self._pseudonyms, self._today)

    def _read(self, tx: Tx) -> tuple[dict[str, bytes], str | None]:
        return self._ingest.definitions(tx), self._marks.get(tx, DEFINITIONS)

    async def _reload(self) -> None:
        turn = self.contracts.turn
        found, stamp = await self._store.read(self._read)
        if self.contracts.turn != turn:
            # Others were put in force meanwhile: what was read may be older than they are.
            return
        catalogue = from_definitions(found)
        contracts, problems = self._compiled(catalogue)
        for problem in problems:
            # Checked before it was applied: an older release let it in, or a setting is gone.
            log.error("contract-unusable", **problem)
        self.contracts.replace(contracts, catalogue, stamp)
