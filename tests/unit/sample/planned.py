"""Which days of the sample's records lie ahead: plans, expectations and terms of contracts."""

from collections.abc import Iterator
from datetime import date, datetime

from deploy.sample.areas import plans, risks
from deploy.sample.areas.capital import MILESTONES
from deploy.sample.areas.contracts import INTENDED, REGISTER
from deploy.sample.made import Record

AHEAD = {
    MILESTONES: {"planned", "forecast"},
    REGISTER: {"end", "expiry", "decision_by"},
    INTENDED: {"decision_by", "start", "end", "notice"},
    risks.REGISTER: {"target_date"},
    plans.ACTED: {"start", "due", "forecast"},
    plans.PLANNED: {"end", "forecast_end"},
    plans.MILESTONES: {"planned", "forecast"},
}


def days_that_were(record: Record) -> Iterator[date]:
    """Every day of a record on which something has happened."""
    for name, value in record.fields.items():
        day = value.date() if isinstance(value, datetime) else value
        if isinstance(day, date) and name not in AHEAD.get(record.dataset, ()):
            yield day
