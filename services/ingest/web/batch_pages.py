"""The pages of batches: what came, what became of it, what was rejected, and the way back.

Rule: everybody who is signed in sees what came and how much of it was rejected; only who keeps a
dataset sees what its rows said, mends them and takes a batch back. Whoever gives a return takes
back the figure that they gave.
"""

import io
from typing import Annotated

from fastapi import APIRouter, Depends, Request
from fastapi.responses import RedirectResponse, Response

from services.ingest import returning
from services.ingest.delivery import is_batch_name
from services.ingest.domain.acting import keeps
from services.ingest.domain.contract import Contract, spelling
from services.ingest.domain.csv_out import write_csv
from services.ingest.domain.hidden import HIDDEN, Hidden
from services.ingest.domain.receipt import Batch
from services.ingest.domain.refusals import RequestRefused
from services.ingest.preview import MOST_DIFFERENCES, Difference, difference
from services.ingest.store import batches, before, rejected, repository
from services.ingest.store.before import fingerprint
from services.ingest.store.rejected import RejectedRow
from services.ingest.undoing import Undoing, Would
from services.ingest.web import batch_words
from services.ingest.web.desk import FORM_BYTES, Desk
from shared.catalogue.model import Catalogue
from shared.catalogue.review import Person
from shared.contracts.topics import RECORDS
from shared.db.store import Store
from shared.db.tx import Tx
from shared.delivery.own import Own
from shared.identity.identity import Identity
from shared.runtime.problems import Problem
from shared.web.site import Site

PAGE = 50


def batch_pages(
    desk: Desk, identity: Identity, site: Site, store: Store, own: Own, undoing: Undoing
) -> APIRouter:
    """The routes of batches."""
    router = APIRouter(include_in_schema=False, route_class=site.route_class())
    Somebody = Annotated[Person, Depends(identity.needs())]

    async def named(batch: str) -> Batch:
        found = None
        if is_batch_name(batch):
            found = await store.read(lambda tx: repository.batch(tx, batch))
        if found is None:
            raise Problem(404, "There is no such batch.")
        return found

    async def mine(person: Person, batch: str) -> Batch:
        """A batch that somebody may take back. Raises Problem."""
        found = await named(batch)
        if not takes_back(person, found, await desk.catalogue()):
            raise Problem(403, f"{person.post} does not keep this dataset. Nothing was changed.")
        return found

    @router.get("/batches")
    async def listed(
        request: Request, person: Somebody, dataset: str = "", before: str = ""
    ) -> Response:
        catalogue = await desk.catalogue()
        before = before if is_batch_name(before) else ""
        dataset = dataset if dataset in catalogue.datasets else ""

        def read(tx: Tx) -> list[Batch]:
            if dataset:
                return batches.of_dataset(tx, dataset, before, PAGE + 1)
            return batches.of_all(tx, before, PAGE + 1)

        found = await store.read(read)
        titles = {code: each.title for code, each in catalogue.datasets.items()}
        facts = {
            "batches": found[:PAGE],
            "next": found[PAGE - 1].batch if len(found) > PAGE else "",
            "before": before,
            "dataset": dataset,
            "titles": titles,
            "options": [
                {"value": code, "text": title, "selected": code == dataset}
                for code, title in sorted({**titles, "": " All"}.items(), key=lambda each: each[1])
            ],
            "batch_words": batch_words,
        }
        return await desk.page(request, "batches.html", facts)

    @router.get("/batches/{batch}")
    async def one(batch: str, request: Request, person: Somebody, after: int = 0) -> Response:
        return await shown(
            request, person, await named(batch), max(0, min(after, rejected.LAST_ROW))
        )

    async def shown(
        request: Request, person: Person, found: Batch, after: int = 0, refused: str = ""
    ) -> Response:
        kept = await desk.kept(lambda kept: kept.dataset(found.dataset))
        catalogue = await desk.catalogue()
        keeper = kept is not None and keeps(person, kept.dataset, catalogue)
        may_undo = takes_back(person, found, catalogue)

        def read(tx: Tx) -> tuple[list[RejectedRow], list[Difference]]:
            rows = rejected.rows(tx, found.batch, after, PAGE + 1) if keeper else []
            seen = kept is not None and (keeper or may_undo)
            return rows, differences(tx, own, kept, found.batch) if kept and seen else []

        rows, changed = await store.read(read)
        lines = []
        if keeper and not rows:
            lines = await store.read(lambda tx: repository.rejections(tx, found.batch, 0, PAGE))
        facts = {
            "batch": found,
            "title": kept.dataset.title if kept else found.dataset,
            "rows": rows[:PAGE],
            "next": rows[PAGE - 1].row if len(rows) > PAGE else 0,
            "after": after,
            "lines": [line for _, line in lines],
            "labels": labels(kept) if kept else {},
            "differences": changed,
            "most": MOST_DIFFERENCES,
            "may_mend": keeper,
            "may_undo": may_undo,
            "refused": refused,
            "batch_words": batch_words,
            "looked": request.query_params.get("looked", ""),
        }
        return await desk.page(request, "batch.html", facts, 409 if refused else 200)

    @router.get("/batches/{batch}/rejections.csv")
    async def download(batch: str, person: Somebody) -> Response:
        found = await named(batch)
        kept = await desk.kept(lambda kept: kept.dataset(found.dataset))
        if kept is None:
            raise Problem(404, "There is no such dataset any more.")
        if not keeps(person, kept.dataset, await desk.catalogue()):
            raise Problem(403, f"{person.post} does not keep this dataset.")
        rows = await store.read(lambda tx: rejected.rows(tx, batch, 0, rejected.MOST_ROWS))
        name = f"{found.dataset}-rejected-{batch}.csv"
        return Response(
            as_csv(kept, rows),
            media_type="text/csv; charset=utf-8",
            headers={
                "Content-Disposition": f'attachment; filename="{name}"',
                "X-Content-Type-Options": "nosniff",
                "Cache-Control": "no-store",
            },
        )

    @router.get("/batches/{batch}/undo")
    async def sure(batch: str, request: Request, person: Somebody) -> Response:
        found = await mine(person, batch)
        would = await store.read(lambda tx: undoing.look(tx, batch))
        if isinstance(would, RequestRefused):
            return await shown(request, person, found, refused=would.detail)
        return await asked(request, found, would)

    async def asked(request: Request, found: Batch, would: Would) -> Response:
        title = (await desk.catalogue()).datasets[found.dataset].title
        facts = {"batch": found, "would": would, "title": title, "batch_words": batch_words}
        return await desk.page(request, "undo.html", facts)

    @router.post("/batches/{batch}/undo", max_body_size=FORM_BYTES)
    async def undone(batch: str, request: Request, person: Somebody) -> Response:
        found = await mine(person, batch)
        outcome = await undoing.take_back(batch, person.post)
        if isinstance(outcome, RequestRefused):
            return await shown(request, person, found, refused=outcome.detail)
        return RedirectResponse(f"/batches/{outcome.batch}", 303)

    return router


def takes_back(person: Person, batch: Batch, catalogue: Catalogue) -> bool:
    """Whether somebody may undo a batch."""
    dataset = catalogue.datasets.get(batch.dataset)
    if dataset is None:
        return False
    given = catalogue.returns.get(str(batch.detail.get("return", "")))
    gave = given is not None and given.dataset == batch.dataset
    return keeps(person, dataset, catalogue) or (
        gave and given is not None and returning.may_give(person, given)
    )


def differences(tx: Tx, own: Own, contract: Contract, batch: str) -> list[Difference]:
    """What the first records of a batch were before and became, as long as they are so still."""
    found = before.rows(tx, batch, "", MOST_DIFFERENCES)
    now = own.get(tx, RECORDS, [each.subject for each in found])
    hidden = Hidden(contract)
    return [
        difference(hidden, each.body, now.get(each.subject))
        for each in found
        if fingerprint(now.get(each.subject)) == each.made
    ]


def labels(contract: Contract) -> dict[str, str]:
    """What each field is called for people."""
    return {each.name: returning.label(contract, each.name) for each in contract.dataset.fields}


def as_csv(contract: Contract, rows: list[RejectedRow]) -> bytes:
    """Rejected rows as a file that can be corrected and uploaded again: the contract's columns, and
    two that are dropped then."""
    names = [each.name for each in contract.dataset.fields]
    known = labels(contract)
    notes = [_unknown(contract, name) for name in ("Row", "What is wrong")]
    out = io.StringIO(newline="")
    write_csv(
        out,
        [*(known[name] for name in names), *notes],
        (
            [
                *("" if (said := each.cells.get(name, "")) == HIDDEN else said for name in names),
                str(each.row),
                " ".join(fault.reason for fault in each.rejections),
            ]
            for each in rows
            if each.fixed_by is None
        ),
    )
    return b"\xef\xbb\xbf" + out.getvalue().encode()


def _unknown(contract: Contract, name: str) -> str:
    """A heading that stands for no field of a contract."""
    while spelling(name) in contract.spellings:
        name = f"{name} (of the file)"
    return name
