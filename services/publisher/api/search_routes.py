"""The call that searches."""

from typing import Annotated

from fastapi import APIRouter, Query
from pydantic import BaseModel

from services.publisher import finding
from services.publisher.api import query
from services.publisher.domain.searching import KINDS, Found
from services.publisher.readmodel import ReadModel, Snapshot


class Result(BaseModel):
    """Something that was found. `score` orders the results of one answer and means nothing else."""

    kind: str
    code: str
    title: str
    href: str
    owner: str
    where: str
    excerpt: str
    score: int


class Results(BaseModel):
    """What was found, the best first. `taken` says for which words that nothing says others were
    taken; `some` that nothing has all of the words."""

    cursor: str
    asked: str
    count: int
    taken: dict[str, str]
    some: bool
    results: list[Result]


def search_routes(reads: ReadModel) -> APIRouter:
    """The route."""
    router = APIRouter(prefix="/v1", tags=["publisher"])

    @router.get("/search")
    async def search(
        q: Annotated[str, Query(max_length=200)] = "",
        kind: Annotated[str | None, Query(max_length=40)] = None,
        limit: Annotated[str | None, Query(max_length=20)] = None,
    ) -> Results:
        """Indicators, services, themes, risks, actions, projects, contracts, capital schemes,
        datasets and commentary by their words; of one kind where `kind` names it."""
        rows = query.whole("limit", limit, 50, 1, 1_000)
        if kind and kind not in KINDS:
            raise query.refuse("kind", kind, f"one of {', '.join(KINDS)}")

        def work(view: Snapshot) -> Results:
            return _answer(view, finding.index(view).find(q), kind or "", rows)

        return await reads.read(work)

    return router


def _answer(view: Snapshot, found: Found, kind: str, rows: int) -> Results:
    wanted = [hit for hit in found.hits if kind in ("", hit.doc.kind)]
    return Results(
        cursor=view.event_id,
        asked=found.asked,
        count=len(wanted),
        taken=dict(found.taken),
        some=found.some,
        results=[
            Result(
                kind=doc.kind,
                code=doc.code,
                title=doc.title,
                href=doc.href,
                owner=doc.owner,
                where=doc.where,
                excerpt="".join(piece.text for piece in found.excerpt(doc)),
                score=score,
            )
            for doc, score in wanted[:rows]
        ],
    )
