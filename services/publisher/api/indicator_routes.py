"""The calls that are made most: indicators, their values, and how one came about.

Rule: an answer is made and written on a reader's thread, in one snapshot; the event loop only
sends it.
"""

from collections.abc import Callable
from typing import Annotated

from fastapi import APIRouter, Query, Request
from fastapi.responses import Response

from services.publisher import reading
from services.publisher.api import answers, explanation_schemas, query, schemas
from services.publisher.api.explanation import explanation
from services.publisher.api.series import series
from services.publisher.explaining import asked_for, find
from services.publisher.readmodel import ReadModel, Snapshot
from services.publisher.supplies import lateness_behind
from services.publisher.web.reader import Reader

# Blank is as if it were not there.
Text = Annotated[str, Query(max_length=300)]
Word = Annotated[str, Query(max_length=40)]
Number = Annotated[str, Query(max_length=20)]


def indicator_routes(reads: ReadModel, reader: Reader) -> APIRouter:
    """The routes."""
    router = APIRouter(prefix="/v1/indicators", tags=["publisher"])

    async def answer(work: Callable[[Snapshot], object]) -> Response:
        return await reads.read(lambda view: schemas.written(work(view)))

    @router.get("", response_model=schemas.IndicatorList)
    async def indicators() -> Response:
        """Every indicator with its newest value."""
        return await answer(answers.indicator_list)

    @router.get("/{code}", response_model=schemas.IndicatorAnswer)
    async def indicator(code: str) -> Response:
        """One indicator with its newest value."""

        def work(view: Snapshot) -> schemas.IndicatorAnswer:
            found = answers.known(view, code)
            newest = reading.latest(view, [found]).get(code)
            return answers.indicator_answer(found, newest, lateness_behind(view, code))

        return await answer(work)

    @router.get("/{code}/values", response_model=schemas.Series)
    async def values(
        code: str,
        start: Annotated[str, Query(alias="from", max_length=40)] = "",
        to: Word = "",
        breakdown: Text = "",
        as_at: Word = "",
        kind: Word = "",
        limit: Number = "",
    ) -> Response:
        """The values of an indicator by period: `breakdown` is a field (`ward`) or one member of
        it (`ward=27`); `as_at` gives them as they were known at that instant. With them come
        control limits, breaks, the forecast and the benchmark, where there are any."""
        rows = query.whole("limit", limit, 1_000, 1, 10_000)
        instant = query.instant("as_at", as_at)

        def work(view: Snapshot) -> schemas.Series:
            found = answers.known(view, code)
            span = query.span(found, start, to, breakdown, kind)
            return series(view, found, span, instant, rows)

        return await answer(work)

    @router.get("/{code}/values/{period}/explain", response_model=explanation_schemas.Explanation)
    async def explain_value(
        request: Request,
        code: str,
        period: str,
        breakdown: Text = "",
        after: Text = "",
        limit: Number = "",
        version: Number = "",
        as_at: Word = "",
    ) -> Response:
        """Everything about one value: the sentence an officer would say, formula, measures, target,
        rule, trends, control limits, forecast, benchmark, what changed since the version before and
        why, and the records counted, a page at a time. `version` or `as_at` asks for an older
        one."""
        rows = query.whole("limit", limit, 100, 1, 1_000)
        asked = asked_for(period, breakdown, version, as_at)
        signed_in = await reader(request) is not None

        def work(view: Snapshot) -> explanation_schemas.Explanation:
            found = find(view, answers.known(view, code), asked)
            return explanation(view, found, after, rows, signed_in=signed_in)

        return await answer(work)

    return router
