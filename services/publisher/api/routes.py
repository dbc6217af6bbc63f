"""The publisher's calls: indicators, their values and explanations, ledgers, the stream."""

from typing import Annotated

from fastapi import APIRouter, Header, Query, Request

from services.publisher import reading
from services.publisher.api import answers, query, schemas
from services.publisher.api.explanation import explanation
from services.publisher.api.series import series
from services.publisher.api.stream import EventStream, read_filter
from services.publisher.api.supply_schemas import Supplies
from services.publisher.explaining import asked_for, find
from services.publisher.feed import Feed
from services.publisher.readmodel import ReadModel, Snapshot
from services.publisher.settings import Settings
from services.publisher.supplies import lateness
from services.publisher.web.reader import Reader
from shared.runtime.problems import Problem

Text = Annotated[str | None, Query(max_length=300)]


def routes(reads: ReadModel, feed: Feed, settings: Settings, reader: Reader) -> APIRouter:
    """The routes for programs."""
    router = APIRouter(prefix="/v1", tags=["publisher"])

    @router.get("/indicators")
    async def indicators() -> schemas.IndicatorList:
        """Every indicator with its newest value."""
        return await reads.read(answers.indicator_list)

    @router.get("/indicators/{code}")
    async def indicator(code: str) -> schemas.IndicatorAnswer:
        """One indicator with its newest value."""

        def work(view: Snapshot) -> schemas.IndicatorAnswer:
            found = answers.known(view, code)
            newest = reading.latest(view, [found]).get(code)
            return answers.indicator_answer(found, newest, lateness(view))

        return await reads.read(work)

    @router.get("/indicators/{code}/values")
    async def values(
        code: str,
        start: Annotated[str | None, Query(alias="from", max_length=40)] = None,
        to: Annotated[str | None, Query(max_length=40)] = None,
        breakdown: Text = None,
        as_at: Annotated[str | None, Query(max_length=40)] = None,
        kind: Annotated[str | None, Query(max_length=40)] = None,
        limit: Annotated[str | None, Query(max_length=20)] = None,
    ) -> schemas.Series:
        """The values of an indicator by period: `breakdown` is a field (`ward`) or one member of
        it (`ward=27`); `as_at` gives them as they were known at that instant. With them come
        control limits, breaks, the forecast and the benchmark, where there are any."""
        rows = query.whole("limit", limit, 1_000, 1, 10_000)
        instant = query.instant("as_at", as_at)

        def work(view: Snapshot) -> schemas.Series:
            found = answers.known(view, code)
            span = query.span(found, start, to, breakdown, kind)
            return series(view, found, span, instant, rows)

        return await reads.read(work)

    @router.get("/indicators/{code}/values/{period}/explain")
    async def explain_value(
        request: Request,
        code: str,
        period: str,
        breakdown: Text = None,
        after: Text = None,
        limit: Annotated[str | None, Query(max_length=20)] = None,
        version: Annotated[str | None, Query(max_length=20)] = None,
        as_at: Annotated[str | None, Query(max_length=40)] = None,
    ) -> schemas.Explanation:
        """Everything about one value: the sentence an officer would say, formula, measures, target,
        rule, trends, control limits, forecast, benchmark, what changed since the version before and
        why, and the records counted, a page at a time. `version` or `as_at` asks for an older
        one."""
        rows = query.whole("limit", limit, 100, 1, 1_000)
        asked = asked_for(period, breakdown, version, as_at)
        signed_in = await reader(request) is not None

        def work(view: Snapshot) -> schemas.Explanation:
            found = find(view, answers.known(view, code), asked)
            return explanation(view, found, after or "", rows, signed_in=signed_in)

        return await reads.read(work)

    @router.get("/supply")
    async def supply() -> Supplies:
        """Every dataset whose age is limited: when it last came, and which are late."""
        return await reads.read(answers.supplies)

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
