"""The pages of connectors: where each stands, its runs, and what one run came to.

Rule: they show what the store says and nothing of a secret; whoever runs one by hand is named with
the run.
"""

from collections.abc import Mapping
from typing import Annotated, Any

from fastapi import APIRouter, Depends, Request
from fastapi.responses import RedirectResponse, Response

from services.ingest.connect import kinds
from services.ingest.connect.running import AlreadyRuns, Connectors
from services.ingest.domain.refusals import RequestRefused
from services.ingest.store import connections
from services.ingest.store.connections import Run, Standing
from services.ingest.web import run_words
from services.ingest.web.desk import FORM_BYTES, Desk
from shared.catalogue.connectors import PARTS, Connector
from shared.catalogue.review import Person
from shared.db.store import Store
from shared.identity.identity import Identity
from shared.runtime.problems import Problem
from shared.web.site import Site

KINDS: Mapping[str, str] = {
    "folder": "Files in a folder",
    "sftp": "Files on an SFTP server",
    "sql": "A database",
    "rest": "A service that answers in JSON",
    "webhook": "A system that sends by itself",
    "kafka": "A topic of changes",
    "lginform": "LG Inform Plus",
    "public": "A public source",
}
RUNS_SHOWN = 50
OFFICERS = ("performance officer", "finance officer")


def connector_pages(
    desk: Desk, identity: Identity, site: Site, store: Store, connectors: Connectors
) -> APIRouter:
    """The routes of connectors and runs."""
    router = APIRouter(include_in_schema=False, route_class=site.route_class())
    Somebody = Annotated[Person, Depends(identity.needs())]
    Officer = Annotated[Person, Depends(identity.needs(*OFFICERS))]

    async def named(code: str) -> Connector:
        found = (await desk.catalogue()).connectors.get(code)
        if found is None:
            raise Problem(404, "There is no such connector.")
        return found

    @router.get("/connectors")
    async def listed(request: Request, person: Somebody) -> Response:
        catalogue = await desk.catalogue()
        standings = await store.read(connections.standings)
        latest = await store.read(connections.latest_runs)
        rows = [
            {
                "connector": each,
                "kind": KINDS[each.kind],
                "dataset": catalogue.datasets[each.dataset].title,
                "standing": standings.get(each.code) or Standing(each.code),
                "run": latest.get(each.code),
                "state": _state(each, standings.get(each.code), latest.get(each.code)),
            }
            for each in sorted(catalogue.connectors.values(), key=lambda each: each.title)
        ]
        return await desk.page(request, "connectors.html", {"rows": rows, "runs": run_words})

    @router.get("/connectors/{code}")
    async def one(code: str, request: Request, person: Somebody) -> Response:
        return await page_of(request, person, await named(code))

    async def page_of(
        request: Request, person: Person, found: Connector, refused: str = "", status: int = 200
    ) -> Response:
        catalogue = await desk.catalogue()
        standing = await store.read(lambda tx: connections.standing(tx, found.code))
        listed = await store.read(lambda tx: connections.runs(tx, found.code, limit=RUNS_SHOWN))
        facts = {
            "connector": found,
            "kind": KINDS[found.kind],
            "dataset": catalogue.datasets[found.dataset],
            "standing": standing,
            "state": _state(found, standing, listed[0] if listed else None),
            "listed": listed,
            "runs": run_words,
            "options": _options(found),
            "may_run": set(OFFICERS) & set(person.roles) and found.kind not in kinds.SENT,
            "refused": refused,
        }
        return await desk.page(request, "connector.html", facts, status)

    @router.post("/connectors/{code}", max_body_size=FORM_BYTES)
    async def started(code: str, request: Request, person: Officer) -> Response:
        found = await named(code)
        async with request.form(max_files=0, max_fields=10) as form:
            confirmed = form.get("confirmed") == "yes"
        try:
            await connectors.start(code, person.post, confirmed=confirmed)
        except AlreadyRuns:
            return await page_of(request, person, found, "It is running already.", 409)
        except RequestRefused as refused:
            return await page_of(request, person, found, refused.detail, refused.status)
        return RedirectResponse(f"/connectors/{found.code}", 303)

    @router.get("/runs/{run}")
    async def run_page(run: str, request: Request, person: Somebody) -> Response:
        found = await store.read(lambda tx: connections.run(tx, run[:80]))
        if found is None:
            raise Problem(404, "There is no such run.")
        known = (await desk.catalogue()).connectors.get(found.connector)
        facts = {"run": found, "connector": known, "runs": run_words}
        return await desk.page(request, "run.html", facts)

    return router


def _state(found: Connector, standing: Standing | None, run: Run | None) -> tuple[str, str]:
    """Where a connector stands, in a word, and the colour of its tag."""
    if found.paused:
        return "Paused", "grey"
    if run is not None and run.outcome == connections.RUNNING:
        return "Running", "blue"
    if standing is not None and standing.failures:
        return "Failing", "red"
    if run is not None and run.refused:
        return "Refused a file", "yellow"
    if found.kind in kinds.SENT:
        return "Waiting", "green"
    return ("Working", "green") if standing is not None and standing.looked else ("New", "grey")


def _options(found: Connector) -> list[tuple[str, str]]:
    """What its definition says of how it is read, as words and values."""
    part: Any = getattr(found, PARTS[found.kind])
    if part is None:
        return []
    said = ((name, getattr(part, name)) for name in part.__struct_fields__)
    return [
        (name.replace("_", " ").capitalize(), _text(value))
        for name, value in said
        if value not in (None, "", [], {})
    ]


def _text(value: Any) -> str:
    if isinstance(value, list):
        return ", ".join(str(each) for each in value)
    if isinstance(value, Mapping):
        return ", ".join(f"{name}: {each}" for name, each in value.items())
    return str(value)
