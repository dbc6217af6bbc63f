"""Behind a position: the sentences that explain it and the records it was made of.

Rule: a page of records costs the same however many are held: one descent of the index, and the
records of that page alone.
"""

from typing import NamedTuple

import msgspec

from services.publisher import reading_finance as reading
from services.publisher.domain.finance_sums import (
    Reason,
    Standing,
    at,
    reasons,
    rule_of,
    subjective_name,
)
from services.publisher.domain.messages import HeldRow
from services.publisher.domain.personal import for_everybody
from services.publisher.readmodel import Snapshot
from services.publisher.store import ledger_lines, repository
from services.publisher.store.ledger_lines import After, LedgerLine
from shared.accounts.calendar import When
from shared.contracts.finance import CostCentreYear, Figures
from shared.contracts.judged import RagState
from shared.contracts.states import Record
from shared.contracts.topics import RECORDS
from shared.delivery.held import HeldState

_record = msgspec.json.Decoder(Record).decode


class Source(NamedTuple):
    """A record, and where it stands."""

    line: LedgerLine
    row: HeldRow
    record: Record


class Part(NamedTuple):
    """A subjective group of a position."""

    code: str
    name: str
    figures: Figures


class AtPeriod(NamedTuple):
    """A position at the end of one of its periods."""

    when: When
    figures: Figures
    rag: RagState


def records(
    view: Snapshot, found: Standing, after: After | None, limit: int, role: str = ""
) -> tuple[list[Source], After | None]:
    """A page of the records behind a cost centre's year, and where the next one starts."""
    if found.level != "cost-centre":
        return [], None
    lines = ledger_lines.page(view.tx, found.code, found.when.year, after, limit + 1, role)
    shown = lines[:limit]
    rows = repository.rows(view.tx, RECORDS, [each.subject for each in shown])
    sources = [
        Source(
            each,
            rows[each.subject],
            for_everybody(view.catalogue, _record(rows[each.subject].body or b"")),
        )
        for each in shown
        if each.subject in rows
    ]
    last = shown[-1] if len(lines) > limit else None
    return sources, After(last.role, last.period, last.subject) if last else None


def parts(view: Snapshot, found: Standing) -> list[Part]:
    """The subjective groups of a position, in the order of the accounts."""
    books = view.catalogue.books
    order = [each.code for each in books.subjectives] if books else []
    codes = sorted(
        found.lines, key=lambda code: (order.index(code) if code in order else len(order), code)
    )
    return [
        Part(
            code,
            subjective_name(books, code),
            at({code: found.lines[code]}, found.when.period, rule_of(books))[0],
        )
        for code in codes
    ]


def history(view: Snapshot, found: Standing, newest: int) -> list[AtPeriod]:
    """A position at the end of each of its periods up to now, the newest first."""
    rule = rule_of(view.catalogue.books)
    last = max(newest, found.when.period)
    return [
        AtPeriod(When(found.when.year, period), *at(found.lines, period, rule))
        for period in range(last, 0, -1)
    ]


def reasons_of(view: Snapshot, found: Standing, basis: str) -> list[Reason]:
    """Why a position's forecast differs from its budget, from its cost centres' forecasts."""
    centres = [held for _, held in cost_centres_of(view, found, basis)]
    return reasons(centres, basis, found.when.period)


def cost_centres_of(
    view: Snapshot, found: Standing, basis: str
) -> list[tuple[HeldState, CostCentreYear]]:
    """The cost centres of a position."""
    if found.level == "cost-centre":
        one = reading.cost_centre(view, found.when.year, found.code)
        return [one] if one else []
    stands = reading.in_node(found.level, found.code, found.fund)
    return list(reading.cost_centres(view, basis, found.when, stands))
