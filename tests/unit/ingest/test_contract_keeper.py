"""The contracts at hand are those in force, whatever is read from the store meanwhile."""

import asyncio
from types import SimpleNamespace
from typing import Any

import msgspec

from services.ingest.contracts import ContractKeeper
from services.ingest.domain.contract import Contract
from services.ingest.domain.contracts import Contracts
from shared.catalogue.model import Catalogue, Dataset


class SlowStore:
    """Answers what stood in it at the beginning, when it is let."""

    sqlite = True

    def __init__(self) -> None:
        self.let = asyncio.Event()

    async def read(self, _work: Any) -> Any:
        await self.let.wait()
        return {}, None


async def test_a_catalogue_that_is_applied_while_the_old_one_is_read_stays_in_force() -> None:
    store: Any = SlowStore()
    ingest: Any = SimpleNamespace(contracts=Contracts())
    marks: Any = SimpleNamespace()
    keeper = ContractKeeper(store, ingest, marks)
    loading = asyncio.create_task(keeper.load())
    await asyncio.sleep(0)
    dataset = {"code": "spending", "title": "Spending", "fields": [{"name": "ref", "type": "text"}]}
    contract = Contract(msgspec.convert({**dataset, "key": ["ref"]}, Dataset))
    keeper.contracts.replace({"spending": contract}, Catalogue(), "new")
    store.let.set()
    await loading
    assert await keeper.contract("spending") is contract
    assert keeper.contracts.stamp == "new"


async def test_what_the_store_holds_is_in_force_where_nothing_was_applied() -> None:
    store: Any = SlowStore()
    ingest: Any = SimpleNamespace(contracts=Contracts())
    marks: Any = SimpleNamespace()
    keeper = ContractKeeper(store, ingest, marks)
    store.let.set()
    await keeper.load()
    assert keeper.contracts.loaded
    assert keeper.contracts.all() == []
