"""The publisher's answers, made from a snapshot."""

import msgspec

from services.publisher import reading
from services.publisher.api import schemas
from services.publisher.domain.lateness import Lateness
from services.publisher.domain.messages import HeldRow
from services.publisher.readmodel import Snapshot
from services.publisher.supplies import lateness
from shared.catalogue.model import Indicator
from shared.delivery.held import HeldState
from shared.runtime.problems import Problem


def known(view: Snapshot, code: str) -> Indicator:
    """The definition of an indicator, or 404."""
    found = view.catalogue.indicators.get(code)
    if found is None:
        raise Problem(404, f"There is no indicator {code[:60]!r}.")
    return found


def indicator_list(view: Snapshot) -> schemas.IndicatorList:
    listed = list(view.catalogue.indicators.values())
    newest = reading.latest(view, listed)
    late = lateness(view)
    return schemas.IndicatorList(
        cursor=view.event_id,
        indicators=[indicator_answer(each, newest.get(each.code), late) for each in listed],
    )


def indicator_answer(
    indicator: Indicator, row: HeldRow | None, late: Lateness
) -> schemas.IndicatorAnswer:
    found = late.of_indicator(indicator.code)
    return schemas.IndicatorAnswer(
        code=indicator.code,
        title=indicator.title,
        definition=indicator,
        value=value_answer(row) if row else None,
        late=late.parts(found)["late"],
        late_datasets=[each.dataset for each in found],
    )


def value_answer(row: HeldRow, revised: str | None = None) -> schemas.Value:
    return schemas.Value(
        subject=row.subject,
        version=row.version,
        time=row.time,
        origin=row.origin,
        data=msgspec.Raw(row.body or b"null"),
        revised=revised,
    )


def position(state: HeldState) -> schemas.Position:
    return schemas.Position(
        subject=state.subject,
        version=state.version,
        time=state.time,
        data=msgspec.json.decode(state.body),
    )
