"""The calls about cycles, reviews and challenges. What is not for everybody needs somebody who is
signed in."""

from typing import Annotated

import msgspec
from fastapi import APIRouter, Query, Request, Response

from services.publisher import reading_reviews as reading
from services.publisher.api import review_schemas as schemas
from services.publisher.domain import review_words as words
from services.publisher.domain.contracts import Parts
from services.publisher.reading_reports import quarter_named
from services.publisher.readmodel import ReadModel, Snapshot
from services.publisher.web.reader import Reader, signed_in
from shared.contracts import subjects
from shared.contracts.review import Challenge, Cycle, Reminder, Review
from shared.delivery.held import HeldState
from shared.review.about import read_about
from shared.review.cycle import OPEN
from shared.runtime.problems import Problem

Text = Annotated[str | None, Query(max_length=300)]
UNKEPT = {"Cache-Control": "no-store"}


def review_routes(reads: ReadModel, reader: Reader) -> APIRouter:
    """The routes."""
    router = APIRouter(prefix="/v1", tags=["review"])

    @router.get("/cycles/{period}")
    async def cycle(request: Request, response: Response, period: str) -> schemas.CycleAnswer:
        """Where a quarter such as 2026-27-Q2 stands; for people who are signed in also the counts,
        what is missing for a freeze, and who is reminded."""
        response.headers.update(UNKEPT)
        person = await reader(request)

        def work(view: Snapshot) -> schemas.CycleAnswer:
            code = quarter_named(period).code
            found = reading.cycle(view, code)
            stage = found[1].stage if found else OPEN
            answer = schemas.CycleAnswer(
                cursor=view.event_id, period=code, stage=stage, text=words.cycle_stage(stage)
            )
            if person is None:
                return answer
            opened = [e for _, e in reading.challenges(view, code) if e.stage != "closed"]
            reviews = [each for _, each in reading.reviews(view, code)]
            answer.missing = words.missing(reviews, len(opened))
            if found is not None:
                answer.cycle = _state(*found, words.cycle_parts(found[1]))
            answer.reminders = [
                _state(state, each, words.reminder_parts(each))
                for state, each in reading.reminders(view, code)
            ]
            return answer

        return await reads.read(work)

    @router.get("/reviews/{period}/{about:path}")
    async def review(
        request: Request, response: Response, period: str, about: str
    ) -> schemas.ReviewAnswer:
        """What was said of a figure in a quarter, also earlier texts. `about` is indicator/CODE,
        position/FUND/SERVICE or risk/REFERENCE."""
        response.headers.update(UNKEPT)
        person = await reader(request)

        def work(view: Snapshot) -> schemas.ReviewAnswer:
            code = quarter_named(period).code
            named = read_about(about)
            found = reading.review(view, code, named.text) if named else None
            if named is None or found is None:
                raise Problem(404, f"There is no review of {about[:60]!r} in {code}.")
            said = reading.commentary(view, subjects.review(code, named.text))
            return schemas.ReviewAnswer(
                cursor=view.event_id,
                period=code,
                about=named.text,
                commentary=[
                    schemas.Said(
                        voice=each.voice,
                        now=each.now,
                        by=each.said.by,
                        at=each.said.at,
                        what_happened=each.said.what_happened,
                        why=each.said.why,
                        what_next=each.said.what_next,
                    )
                    for each in said
                ],
                review=_state(*found, words.review_parts(found[1])) if person else None,
            )

        return await reads.read(work)

    @router.get("/challenges")
    async def challenges(
        request: Request, response: Response, period: Text = None, about: Text = None
    ) -> schemas.ChallengeList:
        """Challenges with their steps, of a quarter or about a figure where one is named. For
        people who are signed in."""
        response.headers.update(UNKEPT)
        signed_in(await reader(request))

        def work(view: Snapshot) -> schemas.ChallengeList:
            return schemas.ChallengeList(
                cursor=view.event_id,
                challenges=[
                    _state(state, each, words.challenge_parts(each))
                    for state, each in reading.challenges(view, period, about)
                ],
            )

        return await reads.read(work)

    return router


def _state(
    state: HeldState, found: Review | Challenge | Cycle | Reminder, parts: Parts
) -> schemas.State:
    return schemas.State(
        subject=state.subject,
        version=state.version,
        time=state.time,
        text=parts.get("stage_word") or parts.get("task", ""),
        data=msgspec.to_builtins(found),
    )
