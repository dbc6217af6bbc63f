"""Lets an extract in as every file, with where its source stands in the same transaction."""

from typing import Any

from services.ingest.connect.source import Extract, Outcome
from services.ingest.domain.refusals import RequestRefused, file_name
from services.ingest.store import connections
from services.ingest.store.connections import Run
from services.ingest.taking_files import Coming, TakingFiles
from shared.catalogue.connectors import Connector
from shared.db.tx import Tx


class TakingIn:
    """The connectors' way in."""

    def __init__(self, taking: TakingFiles) -> None:
        self._taking = taking

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
