"""The publisher's answers, made from a snapshot."""

import msgspec

from services.publisher import reading
from services.publisher.api import schemas
from services.publisher.api.supply_schemas import Supplies
from services.publisher.api.supply_schemas import Supply as SupplyAnswer
from services.publisher.domain.lateness import Lateness
from services.publisher.domain.messages import HeldRow
from services.publisher.readmodel import Snapshot
from services.publisher.supplies import lateness
from shared.catalogue.model import Dataset, Indicator
from shared.contracts.supply import Supply
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
        definition=msgspec.to_builtins(indicator),
        value=value_answer(row) if row else None,
        late=late.parts(found)["late"],
        late_datasets=[each.dataset for each in found],
    )


def supplies(view: Snapshot) -> Supplies:
    late = lateness(view)
    found = [
        supply(each, late.supplies.get(each.code))
        for each in view.catalogue.datasets.values()
        if each.freshness_days is not None
    ]
    found.sort(key=lambda each: (not each.late, each.due or "9999", each.title))
    return Supplies(cursor=view.event_id, late=sum(each.late for each in found), datasets=found)


def supply(dataset: Dataset, found: Supply | None) -> SupplyAnswer:
    return SupplyAnswer(
        dataset=dataset.code,
        title=dataset.title,
        system=dataset.system,
        owner=dataset.owner,
        service=dataset.service,
        freshness_days=dataset.freshness_days,
        received=found.received if found else None,
        changed=found.changed if found else None,
        batch=found.batch if found else "",
        due=found.due if found else None,
        late=found.late if found else False,
    )


def value_answer(row: HeldRow, revised: str | None = None) -> schemas.Value:
    return schemas.Value(
        subject=row.subject,
        version=row.version,
        time=row.time,
        origin=row.origin,
        data=msgspec.json.decode(row.body or b"null"),
        revised=revised,
    )


def position(state: HeldState) -> schemas.Position:
    return schemas.Position(
        subject=state.subject,
        version=state.version,
        time=state.time,
        data=msgspec.json.decode(state.body),
    )
