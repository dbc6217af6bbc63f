"""The pages on which a file is uploaded: looked at first, then applied or thrown away.

Rule: nothing of a file is in before somebody saw what it will change and said yes. If the dataset
changed meanwhile they look again; what deletes records is confirmed by itself.
"""

from typing import Annotated, Any

from fastapi import APIRouter, Depends, Request
from fastapi.responses import RedirectResponse, Response
from starlette.datastructures import UploadFile

from services.ingest import bulk
from services.ingest.delivery import Mode
from services.ingest.domain.acting import keeps
from services.ingest.domain.receipt import Receipt
from services.ingest.domain.refusals import RequestRefused, file_name
from services.ingest.domain.returns import sense
from services.ingest.extracts import Extracts
from services.ingest.preview import MOST_DIFFERENCES, Preview
from services.ingest.settings import MIB, Settings
from services.ingest.store import batches
from services.ingest.store.extracts import KeptFile
from services.ingest.web.batch_pages import labels
from services.ingest.web.desk import FORM_BYTES, Desk
from shared.catalogue.model import Dataset
from shared.catalogue.review import Person
from shared.db.store import Store
from shared.identity.identity import Identity
from shared.runtime.problems import Problem
from shared.web.site import Site

MODES = {
    "changes": "What is new or changed: other records stay",
    "full": "Everything there is: records that it does not name are deleted",
}
LONGEST_SHEET = 100
CHANGED = "The dataset changed since you looked. Look at what the file would change now."
UNSURE = "Say that the unusual figures are right, or throw the file away and correct them."
UNCONFIRMED = "Say that the records may be deleted, or throw the file away."


def upload_pages(
    desk: Desk,
    identity: Identity,
    site: Site,
    store: Store,
    extracts: Extracts,
    settings: Settings,
) -> APIRouter:
    """The routes of uploads."""
    router = APIRouter(include_in_schema=False, route_class=site.route_class())
    Somebody = Annotated[Person, Depends(identity.needs())]

    async def mine(person: Person) -> dict[str, Dataset]:
        """The datasets that somebody brings rows of, by code."""
        catalogue = await desk.catalogue()
        found = catalogue.datasets.items()
        return {code: each for code, each in found if keeps(person, each, catalogue)}

    async def blank_where(dataset: str, mode: str) -> set[str]:
        """The fields of which a row says nothing where all are blank: what returns of the dataset
        ask for. A workbook has lines that nobody filled in."""
        if mode == "full":
            return set()
        returns = (await desk.catalogue()).returns.values()
        return {
            name
            for each in returns
            if each.dataset == dataset
            for name in (*each.ask, *([each.note] if each.note else []))
        }

    async def asked(
        request: Request,
        person: Person,
        chosen: str = "",
        mode: str = "",
        sheet: str = "",
        refused: tuple[str, RequestRefused] | None = None,
    ) -> Response:
        datasets = await mine(person)
        if chosen and chosen not in datasets:
            raise Problem(403, f"{person.post} does not keep this dataset.")
        ordered = sorted(datasets.values(), key=lambda each: each.title)
        facts = {
            "datasets": [
                {"value": each.code, "text": each.title, "selected": each.code == chosen}
                for each in ordered
            ],
            "modes": [{"value": code, "text": text} for code, text in MODES.items()],
            "usual": {each.code: MODES[each.extract] for each in ordered},
            "chosen": chosen,
            "mode": mode,
            "sheet": sheet,
            "most": settings.max_file_bytes // MIB,
            "field": refused[0] if refused else "",
            "refused": refused[1] if refused else None,
        }
        return await desk.page(request, "upload.html", facts, refused[1].status if refused else 200)

    @router.get("/upload")
    async def form(request: Request, person: Somebody) -> Response:
        return await asked(request, person)

    @router.get("/upload/{dataset}")
    async def form_of(dataset: str, request: Request, person: Somebody) -> Response:
        if dataset not in (await desk.catalogue()).datasets:
            raise Problem(404, "There is no such dataset.")
        return await asked(request, person, dataset)

    # The form around the file is counted too.
    @router.post("/upload", max_body_size=settings.max_file_bytes + MIB // 16)
    async def uploaded(request: Request, person: Somebody) -> Response:
        kind = request.headers.get("content-type", "").partition(";")[0].strip().lower()
        if kind != "multipart/form-data":
            raise Problem(415, "A file comes as multipart/form-data.")
        async with request.form(max_files=1, max_fields=10) as typed:
            said = {name: str(typed.get(name) or "") for name in ("dataset", "mode", "sheet")}
            dataset, mode, sheet = said["dataset"], said["mode"], said["sheet"].strip()

            async def again(field: str, refused: RequestRefused) -> Response:
                known = dataset if dataset in await mine(person) else ""
                return await asked(request, person, known, mode, sheet, (field, refused))

            datasets = await mine(person)
            if not dataset:
                return await again("dataset", RequestRefused(422, "Choose a dataset."))
            if dataset not in datasets:
                raise Problem(403, f"{person.post} does not keep this dataset.")
            file = typed.get("file")
            if not isinstance(file, UploadFile) or not file.filename:
                return await again("file", RequestRefused(422, "Choose a file."))
            meant: Mode = datasets[dataset].extract
            if mode in MODES:
                meant = "full" if mode == "full" else "changes"
            kept = ""
            try:
                kept = await extracts.keep(
                    file.file,
                    dataset=dataset,
                    mode=meant,
                    name=file.filename,
                    by=person.post,
                    sheet=sheet[:LONGEST_SHEET] or None,
                )
                # What cannot be read at all is said beside the form, and not kept.
                await extracts.preview(kept, asked=await blank_where(dataset, meant))
            except RequestRefused as refused:
                if kept:
                    await extracts.discard(kept)
                return await again("file", refused)
        return RedirectResponse(f"/uploads/{kept}", 303)

    async def waiting(person: Person, name: str) -> KeptFile | Response:
        """A file that somebody uploaded and looks at; where it was applied, the way to the batch
        that it became. Raises Problem."""
        try:
            found = await extracts.find(name)
        except RequestRefused as gone:
            became = await extracts.became(name)
            if became is None:
                raise Problem(gone.status, gone.detail) from None
            return RedirectResponse(f"/batches/{became}", 303)
        if found.by != person.post or found.dataset not in await mine(person):
            raise Problem(403, "Somebody else uploaded this file. Nothing was changed.")
        return found

    @router.get("/uploads/{name}")
    async def look(name: str, request: Request, person: Somebody) -> Response:
        found = await waiting(person, name)
        return found if isinstance(found, Response) else await looked(request, person, found)

    async def looked(
        request: Request,
        person: Person,
        found: KeptFile,
        refused: str = "",
        status: int = 200,
        field: str = "",
    ) -> Response:
        if found.batch is not None:
            return RedirectResponse(f"/batches/{found.batch}", 303)
        since = await store.read(lambda tx: batches.newest_change(tx, found.dataset))
        try:
            blank = await blank_where(found.dataset, found.mode)
            shown = await extracts.preview(found.id, asked=blank)
        except RequestRefused as wrong:
            return await asked(request, person, found.dataset, found.mode, "", ("file", wrong))
        contract = await desk.kept(lambda kept: kept.dataset(found.dataset))
        doubts = await desk.kept(
            lambda kept: bulk.doubts(kept, found.dataset, shown.differences, desk.today)
        )
        facts = {
            "file": file_name(found.name),
            "id": found.id,
            "dataset": found.dataset,
            "title": contract.dataset.title if contract else found.dataset,
            "mode": MODES[found.mode],
            "preview": shown,
            "labels": labels(contract) if contract else {},
            "since": since,
            "counts": _counts(shown),
            "doubts": doubts,
            "doubtful": sense.mark(doubts),
            "most": MOST_DIFFERENCES,
            "refused": refused,
            "field": field,
        }
        return await desk.page(request, "preview.html", facts, status)

    @router.post("/uploads/{name}", max_body_size=FORM_BYTES)
    async def decided(name: str, request: Request, person: Somebody) -> Response:
        found = await waiting(person, name)
        if isinstance(found, Response):
            return found
        async with request.form(max_files=0, max_fields=10) as typed:
            said: dict[str, Any] = {key: str(value) for key, value in typed.items()}
        if said.get("does") == "discard":
            await extracts.discard(name)
            return RedirectResponse(f"/upload/{found.dataset}", 303)
        if said.get("does") != "apply":
            raise Problem(400, "The form does not say what it does.")
        since = await store.read(lambda tx: batches.newest_change(tx, found.dataset))
        if found.batch is None and since != said.get("since"):
            return await looked(request, person, found, CHANGED, 409)
        deletes = said.get("counts", "").rpartition("-")[2] not in ("", "0")
        confirmed = said.get("confirmed") == "yes"
        if deletes and not confirmed:
            return await looked(request, person, found, UNCONFIRMED, 422, "confirmed")
        if said.get("doubtful", "") != said.get("sure", ""):
            return await looked(request, person, found, UNSURE, 422, "sure")
        try:
            blank = await blank_where(found.dataset, found.mode)
            outcome = await extracts.apply(name, person.post, confirmed=confirmed, asked=blank)
        except RequestRefused as refused:
            outcome = refused
        if isinstance(outcome, RequestRefused):
            return await looked(request, person, found, outcome.detail, outcome.status)
        came = "" if _came(outcome) == said.get("counts") else "?looked=otherwise"
        return RedirectResponse(f"/batches/{outcome.batch}{came}", 303)

    return router


def _counts(found: Preview) -> str:
    """What a preview came to, as its receipt will: to be told whether it came out so."""
    accepted = found.received - found.unchanged - found.rejected
    return f"{accepted}-{found.unchanged}-{found.rejected}-{found.deleted}"


def _came(outcome: Receipt) -> str:
    deleted = outcome.deleted
    return f"{outcome.accepted}-{outcome.unchanged}-{outcome.rejected}-{deleted}"
