"""The calls about quarters as they were reported."""

import msgspec
from fastapi import APIRouter

from services.publisher import reading_reports as reading
from services.publisher import reading_reviews
from services.publisher.api import review_schemas as schemas
from services.publisher.domain import finance
from services.publisher.domain.frozen import Entry
from services.publisher.domain.reported import Moved
from services.publisher.domain.review_words import commentary, cycle_stage
from services.publisher.readmodel import ReadModel, Snapshot
from services.publisher.store import frozen
from services.publisher.store.frozen import Report
from shared.review.cycle import FROZEN, OPEN
from shared.runtime.problems import Problem

LEVELS = ("fund", "directorate", "service")


def report_routes(reads: ReadModel) -> APIRouter:
    """The routes."""
    router = APIRouter(prefix="/v1", tags=["reports"])

    @router.get("/reports")
    async def reports() -> schemas.ReportList:
        """Every quarter that has a cycle or a report, with where it stands."""

        def work(view: Snapshot) -> schemas.ReportList:
            copies = {each.period: each for each in frozen.reports(view.tx)}
            stages = {each.period: each.stage for _, each in reading_reviews.cycles(view)}
            return schemas.ReportList(
                cursor=view.event_id,
                reports=[
                    schemas.ReportHead(**_head(period, stages.get(period), copies.get(period)))
                    for period in sorted({*copies, *stages}, reverse=True)
                ],
            )

        return await reads.read(work)

    @router.get("/reports/{period}")
    async def report(period: str) -> schemas.ReportAnswer:
        """A quarter as it was reported, checked against its hash, and beside each figure that has
        moved since, what it is now."""

        def work(view: Snapshot) -> schemas.ReportAnswer:
            quarter = reading.quarter_named(period)
            found = reading.open_report(view, quarter)
            cycle = reading_reviews.cycle(view, quarter.code)
            stage = cycle[1].stage if cycle else None
            if found is None:
                lost = stage == FROZEN
                raise Problem(
                    404,
                    f"This store holds no copy of {quarter.code} as reported: it must be restored "
                    "from a backup."
                    if lost
                    else f"{quarter.code} is not frozen yet: there is no report of it.",
                )
            return schemas.ReportAnswer(
                **_head(quarter.code, stage, found.report),
                now=view.event_id,
                by=found.by,
                despite=found.despite,
                intact=found.intact,
                strategic=[each.code for each in reading.strategic(found)],
                values=[
                    _reported(each.entry, f"{each.figure.title}, {each.figure.period}: "
                              f"{each.figure.text}, {each.figure.outcome_word}", each.moved)
                    for each in reading.values(view, found).values()
                ],
                positions=[
                    _reported(
                        each.entry,
                        finance.variance(each.figures.variance),
                        each.moved,
                        figures=msgspec.structs.asdict(each.figures),
                        rag=msgspec.structs.asdict(each.rag),
                        period=quarter.last_period,
                    )
                    for each in reading.positions(view, found, LEVELS)
                ],
                risks=[
                    _reported(each.entry, f"{each.risk.score} ({each.risk.band})", each.moved)
                    for each in reading.risks(view, found)
                ],
                commentary=[
                    schemas.ReportedCommentary(about=about, voices=commentary(each)["voices"])
                    for about, each in reading.reviews(view, found).items()
                    if each.voices
                ],
            )  # fmt: skip

        return await reads.read(work)

    return router


def _head(period: str, stage: str | None, found: Report | None) -> dict[str, object]:
    """A quarter and its report, if there is one."""
    stage = stage or (FROZEN if found else OPEN)
    head: dict[str, object] = {"period": period, "stage": stage, "text": cycle_stage(stage)}
    if found is None:
        return head | {"lost": stage == FROZEN}
    return head | {
        "frozen_at": found.frozen_at,
        "taken_at": found.taken_at,
        "cursor": f"{found.store}-{found.cursor}",
        "sha256": found.sha256,
        "counts": dict(found.counts),
    }


def _reported(entry: Entry, text: str, moved: Moved | None, **more: object) -> schemas.Reported:
    return schemas.Reported(
        subject=entry.subject,
        version=entry.version,
        time=entry.time,
        text=text,
        data=msgspec.json.decode(entry.body) | more,
        since=schemas.Since(**moved._asdict()) if moved else None,
    )
