"""The addresses of the forms. Each asks who acts before anything else."""

from collections.abc import Callable
from functools import partial
from typing import Annotated, Any
from urllib.parse import parse_qsl

from fastapi import APIRouter, Depends, Request
from fastapi.responses import RedirectResponse, Response

from services.ingest.acts import action, challenge, cycle, review, risk
from services.ingest.delivery import is_batch_name
from services.ingest.domain.forms import Entry
from services.ingest.store import repository
from services.ingest.taking import Act
from services.ingest.web.desk import FORM_BYTES, Desk, Look, Page, is_path
from services.ingest.web.leads import leads_to
from services.ingest.web.other_pages import action_page, cycle_page, risk_page
from services.ingest.web.review_page import review_page
from shared.catalogue.review import Person
from shared.db.store import Store
from shared.identity.identity import Identity
from shared.review.challenges import ANSWER, CLOSE, RAISE, REOPEN
from shared.runtime.problems import Problem
from shared.web.site import Site


def pages(desk: Desk, identity: Identity, site: Site, store: Store) -> APIRouter:
    """The routes for people who write."""
    router = APIRouter(include_in_schema=False, route_class=site.route_class())
    Somebody = Annotated[Person, Depends(identity.needs())]
    Officer = Annotated[Person, Depends(identity.needs("performance officer"))]

    @router.get("/review/{period}/{about:path}")
    async def review_form(period: str, about: str, request: Request, person: Somebody) -> Response:
        return await desk.show(request, person, _look(review_page, period, about))

    @router.post("/review/{period}/{about:path}", max_body_size=FORM_BYTES)
    async def reviewed(period: str, about: str, request: Request, person: Somebody) -> Response:
        acts: dict[str, Act] = {
            name: partial(_on, act, period, about)
            for name, act in (
                ("comment", review.commentary),
                ("sign", review.sign),
                ("withdraw", review.withdraw),
                ("query", review.query),
                ("resolve", review.resolve),
                ("raise", partial(challenge.step, does=RAISE)),
                ("answer", partial(challenge.step, does=ANSWER)),
                ("close", partial(challenge.step, does=CLOSE)),
                ("reopen", partial(challenge.step, does=REOPEN)),
            )
        }
        return await desk.take(request, person, _look(review_page, period, about), acts)

    @router.get("/cycle/{period}")
    async def cycle_form(period: str, request: Request, person: Officer) -> Response:
        return await desk.show(request, person, _look(cycle_page, period))

    @router.post("/cycle/{period}", max_body_size=FORM_BYTES)
    async def stepped(period: str, request: Request, person: Officer) -> Response:
        acts: dict[str, Act] = {"step": partial(_on, cycle.step, period)}
        return await desk.take(request, person, _look(cycle_page, period), acts)

    @router.get("/risks/{reference:path}/review")
    async def risk_form(reference: str, request: Request, person: Somebody) -> Response:
        return await desk.show(request, person, _look(risk_page, reference))

    @router.post("/risks/{reference:path}/review", max_body_size=FORM_BYTES)
    async def risk_reviewed(reference: str, request: Request, person: Somebody) -> Response:
        acts: dict[str, Act] = {
            "review": partial(_on, risk.review, reference),
            "move": partial(_on, risk.move, reference),
        }
        return await desk.take(request, person, _look(risk_page, reference), acts)

    @router.get("/actions/{reference:path}/progress")
    async def action_form(reference: str, request: Request, person: Somebody) -> Response:
        return await desk.show(request, person, _look(action_page, reference))

    @router.post("/actions/{reference:path}/progress", max_body_size=FORM_BYTES)
    async def progressed(reference: str, request: Request, person: Somebody) -> Response:
        acts: dict[str, Act] = {"progress": partial(_on, action.progress, reference)}
        return await desk.take(request, person, _look(action_page, reference), acts)

    @router.get("/")
    async def home(request: Request) -> Response:
        return RedirectResponse(f"{desk.publisher(request)}/", 303)

    @router.get("/received/{batch}")
    async def received(batch: str, request: Request, person: Somebody) -> Response:
        found = None
        if is_batch_name(batch):
            found = await store.read(lambda tx: repository.batch(tx, batch))
        if found is None:
            raise Problem(404, "There is no such batch.")
        leads = await desk.kept(lambda kept: leads_to(kept, found.detail))
        facts = {"batch": found, "leads": leads, "may_undo": leads.given and leads.mine(person)}
        return await desk.page(request, "received.html", facts)

    @router.get("/who")
    async def who(request: Request, back: str = "") -> Response:
        personas = [
            {
                "value": each.code,
                "text": f"{each.name}, {each.post}",
                "hint": {"text": ", ".join(each.roles).capitalize()},
            }
            for each in await identity.personas(request)
        ]
        facts = {"personas": personas, "back": back if is_path(back) else ""}
        return await desk.page(request, "who.html", facts)

    @router.post("/who", max_body_size=FORM_BYTES)
    async def chosen(request: Request) -> Response:
        body = (await request.body()).decode("utf-8", "replace")
        said = dict(parse_qsl(body, max_num_fields=10))
        back = said.get("back", "")
        to = desk.way_back(request, back) if is_path(back) else "/who"
        answer = RedirectResponse(to, 303)
        await identity.choose(request, said.get("person", ""), answer)
        return answer

    @router.get("/{anything:page}")
    async def unknown(anything: str) -> Response:
        return site.error(404)

    return router


def _look(page: Callable[..., Page], *place: str) -> Look:
    return lambda kept, asked: page(kept, asked, *place)


def _on(act: Callable[..., Entry], *rest: Any) -> Entry:
    *place, kept, asked = rest
    return act(kept, asked, *place)
