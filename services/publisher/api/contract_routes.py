"""The calls about contracts, commissioning intentions and the pipeline."""

from dataclasses import asdict
from decimal import Decimal
from typing import Annotated

import msgspec
from fastapi import APIRouter, Query
from fastapi.responses import Response

from services.publisher import reading_contracts as reading
from services.publisher.api import contract_schemas as schemas
from services.publisher.api.contract_query import MONTHS, MOST_MONTHS, over_pence, wanted
from services.publisher.api.finance_schemas import StateAnswer
from services.publisher.api.query import whole
from services.publisher.domain import contracts as said
from services.publisher.domain.pipeline import csv_file
from services.publisher.readmodel import ReadModel, Snapshot
from shared.contracts.commissioning import Contract, ContractSpend, Intention
from shared.delivery.held import HeldState
from shared.runtime.problems import Problem

Text = Annotated[str | None, Query(max_length=300)]
Short = Annotated[str | None, Query(max_length=40)]


def contract_routes(reads: ReadModel) -> APIRouter:
    """The routes; those with a name of their own come before the one that takes any reference."""
    router = APIRouter(prefix="/v1/contracts", tags=["contracts"])

    @router.get("")
    async def contracts(
        service: Text = None,
        directorate: Text = None,
        portfolio: Text = None,
        stage: Text = None,
        expiring_within: Short = None,
    ) -> schemas.ContractList:
        """The contracts register, what expires first first. `stage` is one of: not started, in
        force, decision due, decision overdue, expired; `expiring_within` is a number of months."""
        months = whole("expiring_within", expiring_within, -1, 0, MOST_MONTHS)

        def work(view: Snapshot) -> schemas.ContractList:
            every = reading.contracts(view)
            asked = wanted(
                view,
                (each for _, each in every),
                service=service,
                directorate=directorate,
                portfolio=portfolio,
                stage=stage,
            )
            if months >= 0:
                today, last = view.today.isoformat(), reading.in_months(view, months)
                asked = asked._replace(expires_from=today, expires_to=last)
            found = [each for each in every if asked.takes(each[1])]
            return schemas.ContractList(
                cursor=view.event_id,
                text=said.counts(each for _, each in found),
                contracts=[_contract(*each) for each in found],
            )

        return await reads.read(work)

    @router.get("/intentions")
    async def intentions() -> schemas.IntentionList:
        """Every commissioning intention, by the day of its decision."""

        def work(view: Snapshot) -> schemas.IntentionList:
            found = [_intention(*each) for each in reading.intentions(view)]
            return schemas.IntentionList(cursor=view.event_id, intentions=found)

        return await reads.read(work)

    @router.get("/pipeline")
    async def pipeline(over: Short = None, months: Short = None) -> schemas.Pipeline:
        """What is to be bought for more than `over` pounds (2 million unless said otherwise) with a
        tender notice, or a start where none is planned, in the next `months` (18)."""
        least, ahead = over_pence(over), whole("months", months, MONTHS, 1, MOST_MONTHS)

        def work(view: Snapshot) -> schemas.Pipeline:
            rows = [row for _, row in reading.pipeline(view, least, ahead)]
            return schemas.Pipeline(
                cursor=view.event_id,
                over=f"{Decimal(least) / 100:.2f}",
                months=ahead,
                procurements=[schemas.Procurement(**asdict(row)) for row in rows],
            )

        return await reads.read(work)

    @router.get("/pipeline.csv", response_class=Response)
    async def pipeline_csv(over: Short = None, months: Short = None) -> Response:
        """The same as a file, with the fields of a UK1 pipeline notice."""
        least, ahead = over_pence(over), whole("months", months, MONTHS, 1, MOST_MONTHS)

        def work(view: Snapshot) -> tuple[bytes, str]:
            rows = [row for _, row in reading.pipeline(view, least, ahead)]
            return csv_file(rows), view.today.isoformat()

        content, today = await reads.read(work)
        name = f"procurement-pipeline-{today}.csv"
        headers = {
            "Content-Disposition": f'attachment; filename="{name}"',
            "X-Content-Type-Options": "nosniff",
        }
        return Response(content, headers=headers, media_type="text/csv; charset=utf-8")

    @router.get("/{reference:path}")
    async def contract(reference: str) -> schemas.ContractAnswer:
        """One contract: its dates and how they were worked out, what was paid under its reference,
        and the intentions that name it."""

        def work(view: Snapshot) -> schemas.ContractAnswer:
            found = reading.contract(view, reference)
            if found is None:
                raise Problem(404, f"There is no contract {reference[:60]!r}.")
            paid = reading.spend(view, reference)
            named = paid.intentions if paid else ()
            return schemas.ContractAnswer(
                cursor=view.event_id,
                contract=_contract(*found),
                dates=said.dates(found[1], reading.rule(view).decision_months),
                paid=_paid(paid),
                intentions=[_intention(*each) for each in reading.following(view, named)],
            )

        return await reads.read(work)

    return router


def _contract(state: HeldState, found: Contract) -> StateAnswer:
    return _answer(state, f"{found.title}: {said.stage(found)}. {said.what_is_next(found)}")


def _intention(state: HeldState, found: Intention) -> StateAnswer:
    return _answer(state, said.intention_sentence(found))


def _answer(state: HeldState, text: str) -> StateAnswer:
    return StateAnswer(
        subject=state.subject,
        version=state.version,
        time=state.time,
        text=text,
        data=msgspec.json.decode(state.body),
    )


def _paid(found: ContractSpend | None) -> dict[str, object] | None:
    if found is None:
        return None
    return {"spent": found.spent, "transactions": found.transactions, "years": found.years}
