"""A rejected row, mended in place: one field for each of its contract, as the row had it.

Rule: what was mended goes the way of every file, through the contract and the comparison, and is in
with the mark that the row is mended, or not at all. What is not kept of a row is typed again.
"""

import csv
import io
from typing import Annotated

from fastapi import APIRouter, Depends, Path, Request
from fastapi.responses import Response

from services.ingest.acts.figure import OF_DATASET, typed
from services.ingest.delivery import Outcome, is_batch_name
from services.ingest.domain.acting import keeps
from services.ingest.domain.contract import Contract
from services.ingest.domain.forms import Asked, FormRefused, refused
from services.ingest.domain.hidden import HIDDEN
from services.ingest.domain.receipt import Receipt
from services.ingest.domain.refusals import Fault, RequestRefused
from services.ingest.kept import Kept
from services.ingest.returning import label
from services.ingest.store import rejected
from services.ingest.store.rejected import RejectedRow
from services.ingest.taking_files import Coming, TakingFiles
from services.ingest.web.desk import Desk, Page
from services.ingest.web.form import Field, Form, Kind, limit
from shared.catalogue.review import Person
from shared.db.tx import Tx
from shared.identity.identity import Identity
from shared.web.site import Site

ROW_BYTES = 1024 * 1024
# Longer texts get a field of several lines.
LONG = 200
Row = Annotated[int, Path(ge=0, le=rejected.LAST_ROW)]


def mending(desk: Desk, identity: Identity, site: Site, files: TakingFiles) -> APIRouter:
    """The route of a rejected row."""
    router = APIRouter(include_in_schema=False, route_class=site.route_class())
    Somebody = Annotated[Person, Depends(identity.needs())]

    @router.get("/batches/{batch}/rows/{row}")
    async def form(batch: str, row: Row, request: Request, person: Somebody) -> Response:
        return await desk.show(request, person, lambda kept, asked: _page(kept, asked, batch, row))

    @router.post("/batches/{batch}/rows/{row}", max_body_size=ROW_BYTES)
    async def mended(batch: str, row: Row, request: Request, person: Somebody) -> Response:
        async def take(asked: Asked) -> Receipt:
            contract, found = await desk.kept(lambda kept: _row(kept, asked, batch, row))
            if found.fixed_by is not None:
                raise _mended_already()
            return await _take(files, contract, asked, batch, row)

        def look(kept: Kept, asked: Asked) -> Page:
            return _page(kept, asked, batch, row)

        return await desk.take_by(request, person, look, take, "/batches/{}")

    return router


def _row(kept: Kept, asked: Asked, batch: str, row: int) -> tuple[Contract, RejectedRow]:
    """The row that an address names, and its contract. Raises FormRefused."""
    found = kept.batch(batch) if is_batch_name(batch) else None
    contract = kept.dataset(found.dataset) if found else None
    rows = kept.read(lambda tx: rejected.rows(tx, batch, row - 1, 1)) if contract else []
    if contract is None or not rows or rows[0].row != row or not rows[0].cells:
        raise refused(404, "There is no such row that could be mended.")
    if not keeps(asked.person, contract.dataset, kept.catalogue):
        raise refused(403, f"{asked.person.post} does not keep this dataset.")
    return contract, rows[0]


def _page(kept: Kept, asked: Asked, batch: str, row: int) -> Page:
    contract, found = _row(kept, asked, batch, row)
    wrong: dict[str, str] = {}
    whole = []
    for each in found.rejections:
        if each.field in contract.names:
            wrong.setdefault(str(each.field), each.reason)
        else:
            whole.append(each.reason)
    fields = [
        _field(contract, each.name, found.cells.get(each.name, ""), wrong.get(each.name, ""))
        for each in contract.dataset.fields
    ]
    form = Form("mend", "mend", f"Row {row}", "Save", fields)
    return Page(
        contract.dataset.title,
        f"Row {row} of batch {batch}",
        [("Mended", f"By batch {found.fixed_by}")] if found.fixed_by else [],
        [] if found.fixed_by else [form],
        note="This row is mended already.",
        hints=whole,
    )


def _field(contract: Contract, name: str, said: str, wrong: str) -> Field:
    known = next(each for each in contract.dataset.fields if each.name == name)
    heading, called = label(contract, name), f"{OF_DATASET}{name}"
    reason = wrong.replace(f"{name} must", f"{heading} must", 1)
    hint = ""
    if said == HIDDEN:
        said, hint = "", "What it said is not kept: type it again."
    if known.choices:
        # What stands there now is shown, although it cannot stay.
        offered = known.choices if said in ("", *known.choices) else [said, *known.choices]
        options = [("", "Nothing"), *((each, each) for each in offered)]
        return Field(called, heading, "select", said, hint, options=options, error=reason)
    longest = limit(contract, name)
    long = known.type == "text" and (len(said) > LONG or (known.max_length or LONG + 1) > LONG)
    kind: Kind = "textarea" if long or "\n" in said else "input"
    return Field(called, heading, kind, said, hint, limit=longest if long else 0, error=reason)


async def _take(
    files: TakingFiles, contract: Contract, asked: Asked, batch: str, row: int
) -> Receipt:
    """Lets the row in. Raises FormRefused with every fault."""
    names = [each.name for each in contract.dataset.fields]
    text = io.StringIO(newline="")
    writer = csv.writer(text, quoting=csv.QUOTE_ALL)
    writer.writerow(names)
    writer.writerow([typed(asked, name) for name in names])

    def first(tx: Tx) -> None:
        [found] = rejected.rows(tx, batch, row - 1, 1)
        if found.fixed_by is not None:
            raise _mended_already()

    def also(tx: Tx, outcome: Outcome) -> None:
        if isinstance(outcome, RequestRefused):
            return
        if outcome.rejections:
            faults = [Fault(e.field, e.rule, e.reason, e.raw) for e in outcome.rejections]
            raise FormRefused(422, faults)
        rejected.mark_fixed(tx, batch, row, outcome.batch)

    coming = Coming(
        io.BytesIO(text.getvalue().encode()),
        contract.code,
        f"row {row}",
        asked.person.post,
        "changes",
        detail={"by": asked.person.post, "corrects": batch, "row": row},
        first=first,
        also=also,
        keep=False,
    )
    try:
        outcome = await files.take(coming)
    except RequestRefused as whole:
        raise refused(422, whole.detail) from None
    if isinstance(outcome, RequestRefused):
        raise refused(outcome.status, outcome.detail)
    return outcome


def _mended_already() -> FormRefused:
    return refused(409, "Somebody mended this row meanwhile.")
