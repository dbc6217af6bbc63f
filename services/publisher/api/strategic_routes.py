"""The calls for the set that members watch and for the evidence base: what the pages show."""

from typing import Annotated

from fastapi import APIRouter, Query

from services.publisher import reading_evidence, reading_reports, reading_strategic
from services.publisher.api import strategic_schemas as schemas
from services.publisher.domain import evidence, strategic
from services.publisher.domain.figures import Figure
from services.publisher.domain.reported import Moved
from services.publisher.reading_strategic import Line
from services.publisher.readmodel import ReadModel, Snapshot
from services.publisher.summary import Beside, beside, beside_reported
from shared.runtime.problems import Problem

Text = Annotated[str | None, Query(max_length=300)]


def strategic_routes(reads: ReadModel) -> APIRouter:
    """The routes."""
    router = APIRouter(prefix="/v1", tags=["publisher"])

    @router.get("/strategic")
    async def strategic_set(report: Text = None) -> schemas.StrategicAnswer:
        """The set that members watch by corporate priority, for each of the last five quarters,
        beside the position of each fund and the top risks. `report` is a quarter such as
        2026-27-Q2: then as it was reported, with what moved since."""
        return await reads.read(lambda view: _set(view, report or ""))

    @router.get("/evidence")
    async def evidence_base(topic: Text = None) -> schemas.EvidenceAnswer:
        """The evidence base: how the people and the place are, by topic, with where every figure
        comes from and how it compares with other areas. `topic` asks for one of them."""
        return await reads.read(lambda view: _evidence(view, topic or ""))

    return router


def _set(view: Snapshot, period: str) -> schemas.StrategicAnswer:
    intact = True
    if period:
        report = reading_reports.report_at_hand(view, reading_reports.quarter_named(period))
        if report is None:
            raise Problem(404, f"There is no report of {period[:40]!r}.")
        found, near = reading_strategic.reported(view, report), beside_reported(view, report)
        intact = report.intact
    else:
        found, near = reading_strategic.live(view), beside(view)
    counts = strategic.counted((each.indicator for each in found.lines), found.tally)
    return schemas.StrategicAnswer(
        cursor=view.event_id,
        report=period or None,
        intact=intact,
        quarters=[each.code for each in found.columns.quarters],
        tally=schemas.Tally(
            indicators=counts.of,
            targets=counts.targets,
            green=found.tally.green,
            amber=found.tally.amber,
            red=found.tally.red,
            sentence=counts.sentence(),
        ),
        groups=[
            schemas.Group(
                code=each.group.code,
                name=each.group.name,
                summary=each.group.summary,
                indicators=[_line(line) for line in each.lines],
            )
            for each in found.sections
        ],
        **_beside(near),
    )


def _beside(near: Beside) -> dict[str, object]:
    return {
        "money_period": near.period,
        "money": [
            schemas.Fund(
                fund=each.code,
                name=each.name,
                budget=each.budget,
                forecast=each.forecast,
                variance=each.variance,
                outcome=each.outcome,
                since=_since(each.moved),
            )
            for each in near.money
        ],
        "risks": [
            schemas.TopRisk(
                reference=each.reference,
                title=each.title,
                score=each.score,
                band=each.outcome_word,
                standing=each.standing,
                since=_since(each.moved),
            )
            for each in near.risks
        ],
    }


def _line(line: Line) -> schemas.StrategicIndicator:
    return schemas.StrategicIndicator(
        code=line.indicator.code,
        title=line.indicator.title,
        quarters=[
            schemas.Quarter(
                quarter=each.quarter, figure=_shown(each.figure), since=_since(each.moved)
            )
            for each in line.cells
        ],
        newest=_shown(line.newest),
        since=_since(line.moved),
        late=line.late.get("late", ""),
    )


def _shown(found: Figure | None) -> schemas.Shown | None:
    if found is None:
        return None
    return schemas.Shown(
        subject=found.subject,
        period=found.period_code,
        value=None if found.number is None else f"{found.number:f}",
        text=found.text,
        target=found.target,
        outcome=found.outcome,
        provisional=found.status == "provisional",
        change=found.previous.text,
    )


def _since(moved: Moved | None) -> schemas.Since | None:
    if moved is None:
        return None
    return schemas.Since(text=moved.text, now=moved.now, difference=moved.difference)


def _evidence(view: Snapshot, code: str) -> schemas.EvidenceAnswer:
    themes = [each for each in evidence.topics(view.catalogue) if code in ("", each.topic.code)]
    if code and not themes:
        raise Problem(404, f"There is no topic {code[:60]!r}.")
    return schemas.EvidenceAnswer(
        cursor=view.event_id,
        note=evidence.note(view.catalogue),
        topics=[
            schemas.Topic(
                code=theme.topic.code,
                name=theme.topic.name,
                summary=theme.topic.summary,
                indicators=[_evidence_line(each) for each in lines],
            )
            for theme, lines in reading_evidence.all_lines(view, themes)
        ],
    )


def _evidence_line(line: reading_evidence.Line) -> schemas.EvidenceIndicator:
    compared = line.comparison
    return schemas.EvidenceIndicator(
        code=line.indicator.code,
        title=line.indicator.title,
        definition=line.indicator.definition,
        figure=_shown(line.figure),
        comparison=None
        if compared is None
        else schemas.Compared(
            period=compared.period, own=compared.own, sentences=compared.sentences
        ),
        sources=[schemas.Source(name=each.name, licence=each.licence) for each in line.sources],
        late=line.late.get("late", ""),
    )
