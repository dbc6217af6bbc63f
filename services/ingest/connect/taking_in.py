"""Lets an extract in as every file, with where its source stands in the same transaction."""

import asyncio

from services.ingest.connect.source import Extract, Outcome
from services.ingest.contracts import ContractKeeper
from services.ingest.delivery import Delivery, Mode
from services.ingest.domain.contract import Contract
from services.ingest.domain.refusals import RequestRefused, file_name
from services.ingest.handlers import Ingest
from services.ingest.opening import open_table
from services.ingest.store import connections
from services.ingest.store.connections import Run
from shared.catalogue.connectors import Connector
from shared.db.store import Store
from shared.db.tx import Tx
from shared.runtime.clock import Clock


class TakingIn:
    """The connectors' way in."""

    def __init__(
        self, store: Store, clock: Clock, ingest: Ingest, keeper: ContractKeeper
    ) -> None:
        self._store = store
        self._clock = clock
        self._ingest = ingest
        self._keeper = keeper

    async def take(
        self, connector: Connector, run: Run, extract: Extract, *, confirmed: bool
    ) -> Outcome:
        """What an extract came to. Raises HoldLost where another process has the connector."""
        arrived = self._clock.now()

        async def attempt(contract: Contract) -> Outcome:
            with extract.path.open("rb") as source:
                table = await asyncio.to_thread(
                    open_table, source, contract, extract.name, extract.form, extract.sheet
                )
                meant: Mode = (
                    extract.mode
                    or connector.mode
                    or ("changes" if table.partial else contract.dataset.extract)
                )
                detail = {
                    "connector": connector.code,
                    "run": run.id,
                    "file": file_name(extract.name),
                    **extract.detail,
                }
                delivery = Delivery(contract, arrived, meant, None, detail)

                def work(tx: Tx) -> Outcome:
                    self._keeper.look(tx, [contract])
                    connections.hold(tx, connector.code, run.id)
                    outcome = self._ingest.accept_file(tx, delivery, table, confirmed=confirmed)
                    if isinstance(outcome, RequestRefused):
                        return outcome
                    if extract.position is not None:
                        connections.move(tx, connector.code, extract.position)
                    # A copy: the transaction may be tried again.
                    counted = Run(**{name: getattr(run, name) for name in run.__struct_fields__})
                    counted.batches = [*run.batches]
                    counted.add(outcome)
                    connections.save_run(tx, counted)
                    tx.after_commit(lambda: run.add(outcome))
                    return outcome

                return await self._store.write(work)

        try:
            return await self._keeper.retrying(connector.dataset, attempt)
        except RequestRefused as refused:
            return refused
