"""Answers about what is late: datasets by their supply, and returns by who owes them."""

from services.publisher.api import supply_schemas as schemas
from services.publisher.domain.league import Owed, Owner
from services.publisher.readmodel import Snapshot
from services.publisher.supplies import lateness, owners
from shared.catalogue.model import Dataset
from shared.contracts.supply import Supply


def supplies(view: Snapshot) -> schemas.Supplies:
    """Everything that is late or could be."""
    late = lateness(view)
    found = [
        _supply(each, late.supplies.get(each.code))
        for each in view.catalogue.datasets.values()
        if each.freshness_days is not None
    ]
    found.sort(key=lambda each: (not each.late, each.due or "9999", each.title))
    owing = [_owner(each) for each in owners(view)]
    return schemas.Supplies(
        cursor=view.event_id,
        late=sum(each.late for each in found),
        datasets=found,
        overdue=sum(each.overdue for each in owing),
        owners=owing,
    )


def _supply(dataset: Dataset, found: Supply | None) -> schemas.Supply:
    return schemas.Supply(
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


def _owner(owner: Owner) -> schemas.Owner:
    return schemas.Owner(
        owner=owner.name,
        overdue=owner.overdue,
        in_time=owner.in_time,
        returns=[_owed(each) for each in owner.returns],
    )


def _owed(owed: Owed) -> schemas.Owed:
    return schemas.Owed(
        code=owed.asked.code,
        title=owed.asked.title,
        dataset=owed.asked.dataset,
        service=owed.service,
        deputy=owed.asked.deputy,
        period=owed.standing.period,
        due=owed.standing.due,
        days_overdue=owed.days,
        missing=owed.standing.missing,
    )
