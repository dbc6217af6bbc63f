"""The publisher's calls: what is late, ledgers, the stream."""

from typing import Annotated

from fastapi import APIRouter, Header, Query, Request

from services.publisher import reading
from services.publisher.api import answers, schemas
from services.publisher.api.stream import EventStream, read_filter
from services.publisher.api.supply_answers import supplies
from services.publisher.api.supply_schemas import Supplies
from services.publisher.feed import Feed
from services.publisher.readmodel import ReadModel, Snapshot
from services.publisher.settings import Settings
from services.publisher.web.reader import Reader
from shared.runtime.problems import Problem


def routes(reads: ReadModel, feed: Feed, settings: Settings, reader: Reader) -> APIRouter:
    """The routes for programs."""
    router = APIRouter(prefix="/v1", tags=["publisher"])

    @router.get("/supply")
    async def supply() -> Supplies:
        """What is late: every dataset whose age is limited, with when it last came, and everybody
        who owes a return, with what is due when."""
        return await reads.read(supplies)

    @router.get("/finance")
    async def finance() -> schemas.Ledgers:
        """Every ledger with its control total."""

        def work(view: Snapshot) -> schemas.Ledgers:
            controls = reading.controls(view)
            return schemas.Ledgers(
                cursor=view.event_id,
                ledgers=[
                    schemas.Ledger(
                        code=ledger.code,
                        title=ledger.title or ledger.code,
                        control=answers.position(controls[ledger.code][0])
                        if ledger.code in controls
                        else None,
                    )
                    for ledger in view.catalogue.ledgers.values()
                ],
            )

        return await reads.read(work)

    @router.get("/finance/{code}")
    async def ledger(code: str) -> schemas.Ledger:
        """One ledger: its control total, and its spend by unit and month."""

        def work(view: Snapshot) -> schemas.Ledger:
            found = view.catalogue.ledgers.get(code)
            if found is None:
                raise Problem(404, f"There is no ledger {code[:60]!r}.")
            control = reading.controls(view).get(code)
            return schemas.Ledger(
                code=code,
                title=found.title or code,
                control=answers.position(control[0]) if control else None,
                spend=[answers.position(state) for state, _ in reading.spend(view, code)],
            )

        return await reads.read(work)

    @router.get("/stream", response_class=EventStream, status_code=200)
    async def stream(
        request: Request,
        kinds: Annotated[str, Query(max_length=100)] = "",
        service: Annotated[str, Query(max_length=100)] = "",
        theme: Annotated[str, Query(max_length=100)] = "",
        indicator: Annotated[str, Query(max_length=100)] = "",
        after: Annotated[str | None, Query(max_length=100)] = None,
        last_event_id: Annotated[str | None, Header()] = None,
    ) -> EventStream:
        """Server-Sent Events: `id` is a cursor, `event` the kind, `data` the event with its words.

        Resumes after `Last-Event-ID` (or `after`, the cursor of a page or a list) without loss, or
        sends one `resync`: read everything again. `theme` gives its indicators, the risks, actions
        and projects that name one of them, and all of the money if `kinds` names it. Of review and
        challenge, whoever is not signed in is told the commentary and the stage of a quarter."""
        if feed.closing or feed.clients() >= settings.stream_clients:
            raise Problem(503, "No more streams at the moment.", headers={"Retry-After": "5"})
        person = await reader(request)
        wanted = read_filter(kinds, service, theme, indicator, signed_in=person is not None)
        return EventStream(feed, wanted, last_event_id or after or None, settings)

    return router
