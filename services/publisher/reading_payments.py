"""The payments behind a contract's and a scheme's spending, a page at a time, the newest first."""

import re
from typing import NamedTuple

import msgspec

from services.publisher.api.query import refuse
from services.publisher.domain.messages import HeldRow
from services.publisher.domain.personal import for_everybody
from services.publisher.readmodel import Snapshot
from services.publisher.store import ledger_references, repository
from services.publisher.store.ledger_references import CONTRACT, SCHEME, Before, Reference
from shared.contracts.states import Record
from shared.contracts.topics import RECORDS

_record = msgspec.json.Decoder(Record).decode
_BEFORE = re.compile(r"([0-9-]{7,9})\.([0-9]{1,2})\.(.{1,280})")


class Under(NamedTuple):
    """What payments were made under: a contract or a scheme, and which."""

    kind: str
    reference: str


class Payment(NamedTuple):
    """A payment, and where it stands."""

    place: Reference
    row: HeldRow
    record: Record


def under(contract: str | None, scheme: str | None) -> Under:
    """What an address asks for: one contract, or one scheme."""
    if contract and not scheme:
        return Under(CONTRACT, contract)
    if scheme and not contract:
        return Under(SCHEME, scheme)
    raise refuse("contract", contract or "", "the reference of a contract, or give scheme instead")


def before(text: str | None) -> Before | None:
    """Where a page of payments goes on."""
    if not text:
        return None
    found = _BEFORE.fullmatch(text)
    if found is None:
        raise refuse("before", text, "the `next` of an earlier answer")
    return Before(found[1], int(found[2]), found[3])


def before_text(place: Before) -> str:
    """The same as an address has it."""
    return f"{place.year}.{place.period}.{place.subject}"


def payments(
    view: Snapshot, asked: Under, start: Before | None, limit: int
) -> tuple[list[Payment], Before | None]:
    """A page of payments, and where the next one starts."""
    found = ledger_references.page(view.tx, *asked, start, limit + 1)
    shown = found[:limit]
    rows = repository.rows(view.tx, RECORDS, [each.subject for each in shown])
    listed = [
        Payment(
            each,
            rows[each.subject],
            for_everybody(view.catalogue, _record(rows[each.subject].body or b"")),
        )
        for each in shown
        if each.subject in rows
    ]
    last = shown[-1] if len(found) > limit else None
    return listed, Before(last.year, last.period, last.subject) if last else None
