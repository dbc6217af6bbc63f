"""The pages of returns: what somebody has to give, the form for each, and what became of it."""

import asyncio
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Annotated, Any
from urllib.parse import quote

from fastapi import APIRouter, Depends, Request
from fastapi.responses import Response

from services.ingest import bulk, returning
from services.ingest.acts import figure
from services.ingest.domain.returns.due import Standing
from services.ingest.kept import Kept
from services.ingest.taking import Act
from services.ingest.web import words
from services.ingest.web.desk import FORM_BYTES, Desk
from services.ingest.web.return_form import return_page
from services.ingest.workbook.template import TemplateLine, returns_workbook
from shared.catalogue.connectors import Return
from shared.catalogue.model import Catalogue
from shared.catalogue.review import Person
from shared.identity.identity import Identity
from shared.runtime.problems import Problem
from shared.web.site import Site

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
TO_GIVE = ("overdue", "due")
# What the list may be narrowed to.
CHOICES = ("overdue", "due", "given late", "given", "not yet")


@dataclass(frozen=True)
class Row:
    """A return for a period, as the list shows it."""

    title: str
    period: str
    due: str
    last: str
    state: str
    colour: str
    owner: str
    href: str
    dataset: str


def return_pages(desk: Desk, identity: Identity, site: Site) -> APIRouter:
    """The routes of returns."""
    router = APIRouter(include_in_schema=False, route_class=site.route_class())
    Somebody = Annotated[Person, Depends(identity.needs())]

    @router.get("/returns")
    async def mine(
        request: Request, person: Somebody, service: str = "", owner: str = "", state: str = ""
    ) -> Response:
        catalogue = await desk.catalogue()
        asked = [each for each in catalogue.returns.values() if returning.may_give(person, each)]
        chosen = [
            each
            for each in asked
            if service in ("", catalogue.datasets[each.dataset].service)
            and owner in ("", each.owner)
        ]
        found = await desk.kept(lambda kept: returning.standings(kept, chosen, desk.today))
        to_give, others = _listed(found, state if state in CHOICES else "")
        to_give_rows, other_rows = _rows(to_give, found), _rows(others, found)
        facts = {
            "to_give": to_give_rows,
            "others": other_rows,
            "workbooks": _workbooks(catalogue, to_give),
            "officer": "performance officer" in person.roles,
            "mine": len(asked),
            "overdue": sum(each.state == "overdue" for each in to_give),
            "filters": _filters(catalogue, asked, service, owner, state),
        }
        return await desk.page(request, "returns.html", facts)

    @router.get("/returns/workbook/{dataset}")
    async def workbook(dataset: str, person: Somebody) -> Response:
        catalogue = await desk.catalogue()
        asked = [
            each
            for each in catalogue.returns.values()
            if each.dataset == dataset and returning.may_give(person, each)
        ]

        def read(kept: Kept) -> list[TemplateLine]:
            found = returning.standings(kept, asked, desk.today)
            to_give, _ = _listed(found, "")
            return bulk.lines(kept, to_give, found)

        lines = await desk.kept(read) if asked else []
        if not lines:
            raise Problem(404, f"{person.post} has no figure of this dataset to give now.")
        known = catalogue.datasets[dataset]
        title = f"{known.title}: figures to be given"
        made = await asyncio.to_thread(returns_workbook, known, lines, title, desk.now)
        return Response(
            made,
            media_type=XLSX,
            headers={
                "Content-Disposition": f'attachment; filename="{known.code}-returns.xlsx"',
                "X-Content-Type-Options": "nosniff",
                "Cache-Control": "no-store",
            },
        )

    @router.get("/returns/{code}/{period}")
    async def form(code: str, period: str, request: Request, person: Somebody) -> Response:
        look = partial(_look, code=code, period=period)
        return await desk.show(request, person, look)

    @router.post("/returns/{code}/{period}", max_body_size=FORM_BYTES)
    async def given(code: str, period: str, request: Request, person: Somebody) -> Response:
        acts: dict[str, Act] = {"give": lambda kept, asked: figure.give(kept, asked, code, period)}
        return await desk.take(request, person, partial(_look, code=code, period=period), acts)

    return router


def _look(kept: Kept, asked: Any, code: str, period: str) -> Any:
    return return_page(kept, asked, code, period)


def _listed(found: Sequence[Standing], state: str) -> tuple[list[Standing], list[Standing]]:
    """What is to be given, and what else is shown: the newest of each return that was given, or
    all of a state that was asked for. What is due first stands first."""
    by_due = sorted(found, key=lambda each: (each.due, each.asked.title))
    if state:
        chosen = [each for each in by_due if each.state == state]
        return (chosen, []) if state in TO_GIVE else ([], chosen[::-1])
    newest = {each.asked.code: each for each in by_due if each.given is not None}
    others = sorted(newest.values(), key=lambda each: (each.asked.title, each.due))
    return [each for each in by_due if each.state in TO_GIVE], others


def _rows(shown: Iterable[Standing], found: Iterable[Standing]) -> list[Row]:
    last: dict[str, list[Standing]] = {}
    for each in found:
        if each.given is not None and any(each.given.values):
            last.setdefault(each.asked.code, []).append(each)
    return [_row(each, last.get(each.asked.code, [])) for each in shown]


def _row(found: Standing, given: Sequence[Standing]) -> Row:
    state, colour = words.STATES[found.state]
    last = "None yet"
    before = [each for each in given if each.period.end <= found.period.end]
    if before and before[-1].given is not None:
        newest = before[-1].given
        last = returning.figure(newest).text()
        if newest.period != found.period:
            last = f"{last} in {newest.period.label()}"
    code, period = (quote(each, safe="") for each in (found.asked.code, found.period.code))
    return Row(
        found.asked.title,
        found.period.label(),
        words.day(found.due),
        last,
        state,
        colour,
        found.asked.owner,
        f"/returns/{code}/{period}",
        found.asked.dataset,
    )


def _workbooks(catalogue: Catalogue, to_give: Iterable[Standing]) -> list[Mapping[str, Any]]:
    """The datasets of which several figures are to be given: they can come in one workbook."""
    many: dict[str, int] = {}
    for each in to_give:
        many[each.asked.dataset] = many.get(each.asked.dataset, 0) + 1
    return [
        {"dataset": code, "title": catalogue.datasets[code].title, "figures": count}
        for code, count in sorted(many.items())
        if count > 1
    ]


def _filters(
    catalogue: Catalogue, asked: Iterable[Return], service: str, owner: str, state: str
) -> dict[str, list[dict[str, Any]]]:
    services = {catalogue.datasets[each.dataset].service or "" for each in asked}
    named = {code: catalogue.services[code].name for code in services if code in catalogue.services}
    owners = sorted({each.owner for each in asked})
    states = {each: words.STATES[each][0] for each in CHOICES}
    return {
        "service": _options(dict(sorted(named.items(), key=lambda each: each[1])), service),
        "owner": _options({each: each for each in owners}, owner),
        "state": _options(states, state),
    }


def _options(named: Mapping[str, str], chosen: str) -> list[dict[str, Any]]:
    return [
        {"value": value, "text": text, "selected": value == chosen}
        for value, text in {"": "All", **named}.items()
    ]
