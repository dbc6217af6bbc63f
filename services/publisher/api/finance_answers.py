"""The answers about the council's money, made from a snapshot."""

from collections.abc import Callable, Iterable
from typing import TypeVar
from urllib.parse import quote, urlencode

import msgspec

from services.publisher import explaining_finance as explaining
from services.publisher import reading_finance as reading
from services.publisher.api import finance_schemas as schemas
from services.publisher.api.finance_query import Asked, after_text
from services.publisher.domain import finance
from services.publisher.domain.finance_sums import Standing, fund_name
from services.publisher.readmodel import Snapshot
from services.publisher.store.ledger_lines import After
from shared.accounts.calendar import period_code
from shared.contracts.finance import Figures
from shared.contracts.judged import RagState
from shared.delivery.held import HeldState

T = TypeVar("T")


def amounts(found: Figures) -> schemas.Amounts:
    return schemas.Amounts(**msgspec.structs.asdict(found))


def judged(rag: RagState) -> schemas.Judged:
    return schemas.Judged(outcome=rag.outcome, rule=rag.rule)


def link(found: Standing, asked: Asked) -> str:
    """The call that gives one position."""
    query = {"year": asked.when.year, "period": period_code(asked.when.period),
             "basis": asked.basis}  # fmt: skip
    if found.level != "cost-centre":
        query["fund"] = reading.address_code(found.fund)
    code = quote(reading.address_code(found.code), safe="")
    return f"/v1/finance/positions/{found.level}/{code}?{urlencode(query)}"


def row(view: Snapshot, found: Standing, asked: Asked) -> schemas.PositionRow:
    return schemas.PositionRow(
        level=found.level,
        code=found.code,
        name=found.name,
        fund=found.fund,
        fund_name=fund_name(view.catalogue.books, found.fund),
        subject=found.subject,
        known=found.known,
        figures=amounts(found.figures),
        rag=judged(found.rag),
        text=finance.headline(found.name, found.figures),
        link=link(found, asked),
        updated=found.time,
    )


def _said(view: Snapshot, asked: Asked) -> dict[str, str]:
    return {
        "cursor": view.event_id,
        "year": asked.when.year,
        "period": period_code(asked.when.period),
        "basis": asked.basis,
        "sign": finance.SIGNS,
    }


def position_list(
    view: Snapshot, asked: Asked, by: str, rows: Iterable[Standing]
) -> schemas.PositionList:
    return schemas.PositionList(
        **_said(view, asked), by=by, positions=[row(view, each, asked) for each in rows]
    )


def position(
    view: Snapshot, asked: Asked, found: Standing, every: list[Standing]
) -> schemas.PositionAnswer:
    """One position with its parts, children, reasons and periods."""
    return schemas.PositionAnswer(
        **_said(view, asked),
        position=row(view, found, asked),
        other_funds=[row(view, each, asked) for each in every if each.fund != found.fund],
        subjectives=[
            schemas.SubjectiveRow(code=each.code, name=each.name, figures=amounts(each.figures))
            for each in explaining.parts(view, found)
        ],
        children=[
            row(view, each, asked)
            for each in reading.children(view, asked.basis, asked.when, found)
        ],
        run_rate=found.figures.run_rate,
        forecast=found.figures.forecast,
        reasons=[
            schemas.ReasonRow(
                cost_centre=each.cost_centre,
                name=each.name,
                subjective=each.subjective,
                variance=each.variance,
                one_off=each.one_off,
                reason=each.reason,
                mitigation=each.mitigation,
                by=each.by,
                made=period_code(each.period),
            )
            for each in explaining.reasons_of(view, found, asked.basis)
        ],
        history=[
            schemas.HistoryRow(
                period=period_code(each.when.period),
                figures=amounts(each.figures),
                rag=judged(each.rag),
            )
            for each in explaining.history(view, found, asked.newest)
        ],
    )


def explanation(
    view: Snapshot, asked: Asked, found: Standing, after: After | None, limit: int
) -> schemas.PositionExplanation:
    """How a position's numbers came about, with a page of its records."""
    sources, following = explaining.records(view, found, after, limit)
    return schemas.PositionExplanation(
        **_said(view, asked),
        position=row(view, found, asked),
        sentence=finance.headline(found.name, found.figures),
        worked=[
            schemas.Sentence(number=name, text=text)
            for name, text in finance.worked_out(found.figures, found.when)
        ],
        states=[found.subject],
        records=[
            schemas.LedgerRecord(
                **{name: getattr(each.line, name)
                   for name in ("subject", "role", "year", "period", "subjective")},
                version=each.row.version,
                batch=each.row.correlation,
                accepted=each.row.origin or each.row.time,
                fields=each.record.fields,
            )
            for each in sources
        ],
        next=after_text(*following) if following else None,
    )  # fmt: skip


def state(held: HeldState, text: str) -> schemas.StateAnswer:
    return schemas.StateAnswer(
        subject=held.subject,
        version=held.version,
        time=held.time,
        text=text,
        data=msgspec.json.decode(held.body),
    )


def states(
    view: Snapshot,
    year: str,
    years: list[str],
    found: Iterable[tuple[HeldState, T]],
    say: Callable[[T], str],
) -> schemas.StateList:
    return schemas.StateList(
        cursor=view.event_id,
        year=year,
        sign=finance.SIGNS,
        years=years,
        items=[state(held, say(each)) for held, each in found],
    )
