"""The publisher's answers, made from a snapshot."""

from typing import Any

import msgspec

from services.publisher import reading
from services.publisher.api import query, schemas
from services.publisher.domain import explain
from services.publisher.domain.figures import decode_value
from services.publisher.domain.messages import HeldRow
from services.publisher.readmodel import Snapshot
from shared.catalogue.model import Indicator
from shared.contracts.subjects import indicator_value, member
from shared.delivery.held import HeldState
from shared.runtime.problems import Problem


def known(view: Snapshot, code: str) -> Indicator:
    """The definition of an indicator, or 404."""
    found = view.catalogue.indicators.get(code)
    if found is None:
        raise Problem(404, f"There is no indicator {code[:60]!r}.")
    return found


def explanation(
    view: Snapshot, code: str, period: str, breakdown: str | None, after: str, limit: int
) -> schemas.Explanation:
    """How a value came about, with a page of its records."""
    indicator = known(view, code)
    when = query.period(period)
    field, chosen = query.breakdown(breakdown, indicator)
    if field and chosen is None:
        raise query.refuse("breakdown", breakdown or "", "one member, such as ward=27")
    where = member(field, chosen or "") if field else "all"
    row = reading.one_value(view, indicator_value(code, when.code, where))
    if row is None or row.body is None:
        raise Problem(404, f"{code} has no value for {when.label()} there.")
    value = decode_value(row.body)
    sources = reading.Sources(view, indicator, value, when)
    records, following = sources.page(after, limit)
    catalogue = view.catalogue
    return schemas.Explanation(
        value=value_answer(row),
        title=indicator.title,
        formula=value.formula,
        worked=explain.worked(value.formula, value.measures),
        inputs=[
            schemas.Input(
                name=name,
                title=_title(name, catalogue.measures, catalogue.indicators),
                value=each.value,
                records=each.records,
            )
            for name, each in value.measures.items()
        ],
        definition_version=value.definition,
        target=value.target.value if value.target else None,
        outcome=value.rag.outcome,
        rule=value.rag.rule,
        batch=row.correlation,
        batches=sorted({state.correlation for state, _, _ in records}),
        records=[
            schemas.SourceRecord(
                subject=state.subject,
                version=state.version,
                batch=state.correlation,
                accepted=state.origin or state.time,
                fields=record.fields,
                counted={each.measure: each.amount for each in counted},
            )
            for state, record, counted in records
        ],
        next=following,
    )


def _title(name: str, *kinds: Any) -> str:
    for definitions in kinds:
        if name in definitions:
            return definitions[name].title or name
    return name


def indicator_list(view: Snapshot) -> schemas.IndicatorList:
    listed = list(view.catalogue.indicators.values())
    newest = reading.latest(view, listed)
    return schemas.IndicatorList(
        cursor=view.event_id,
        indicators=[indicator_answer(each, newest.get(each.code)) for each in listed],
    )


def indicator_answer(indicator: Indicator, row: HeldRow | None) -> schemas.IndicatorAnswer:
    return schemas.IndicatorAnswer(
        code=indicator.code,
        title=indicator.title,
        definition=msgspec.to_builtins(indicator),
        value=value_answer(row) if row else None,
    )


def value_answer(row: HeldRow) -> schemas.Value:
    return schemas.Value(
        subject=row.subject,
        version=row.version,
        time=row.time,
        origin=row.origin,
        data=msgspec.json.decode(row.body or b"null"),
    )


def position(state: HeldState) -> schemas.Position:
    return schemas.Position(
        subject=state.subject,
        version=state.version,
        time=state.time,
        data=msgspec.json.decode(state.body),
    )


def risk(state: HeldState) -> schemas.RiskAnswer:
    return schemas.RiskAnswer(
        subject=state.subject,
        version=state.version,
        time=state.time,
        data=msgspec.json.decode(state.body),
    )
