"""Lets an extract in as every file, with where its source stands in the same transaction."""

from datetime import datetime
from typing import Any

from services.ingest.connect import kinds
from services.ingest.connect.source import Extract, Outcome
from services.ingest.contracts import ContractKeeper
from services.ingest.domain.refusals import RequestRefused, file_name
from services.ingest.store import connections
from services.ingest.store.connections import Run
from services.ingest.supply import Supplies
from services.ingest.taking_files import Coming, TakingFiles
from shared.catalogue.connectors import Connector
from shared.db.tx import Tx


class TakingIn:
    """The connectors' way in."""

    def __init__(self, taking: TakingFiles, keeper: ContractKeeper, supplies: Supplies) -> None:
        self._taking = taking
        self._keeper = keeper
        self._supplies = supplies

    def nothing_new(self, tx: Tx, connector: Connector, at: datetime) -> None:
        """Its source was asked, and had nothing new."""
        if connector.kind in kinds.ASKED:
            dataset = self._keeper.contracts.catalogue.datasets.get(connector.dataset)
            if dataset is not None:
                self._supplies.asked(tx, dataset, at)

    async def take(
        self, connector: Connector, run: Run, extract: Extract, *, confirmed: bool
    ) -> Outcome:
        """What an extract came to. Raises HoldLost where another process has the connector."""
        detail: dict[str, Any] = {"connector": connector.code, "run": run.id, **extract.detail}

        def also(tx: Tx, outcome: Outcome) -> None:
            if isinstance(outcome, RequestRefused):
                return
            if extract.position is not None:
                connections.move(tx, connector.code, extract.position)
            # A copy: the transaction may be tried again.
            counted = Run(**{name: getattr(run, name) for name in run.__struct_fields__})
            counted.batches = [*run.batches]
            counted.add(outcome)
            connections.save_run(tx, counted)
            tx.after_commit(lambda: run.add(outcome))

        try:
            with extract.path.open("rb") as source:
                return await self._taking.take(
                    Coming(
                        source,
                        connector.dataset,
                        file_name(extract.name),
                        f"connector {connector.code}",
                        extract.mode or connector.mode,
                        extract.form,
                        extract.sheet,
                        detail,
                        confirmed,
                        first=lambda tx: connections.hold(tx, connector.code, run.id),
                        also=also,
                    )
                )
        except RequestRefused as refused:
            return refused
