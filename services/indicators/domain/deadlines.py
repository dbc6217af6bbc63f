"""When a value is due, and when it is final."""

from datetime import date, timedelta

from services.indicators.domain.plan import PlannedIndicator
from shared.catalogue.periods import Period


def due_on(planned: PlannedIndicator, period: Period) -> date | None:
    """The day from which a value is due; None where the indicator has no such rule."""
    definition = planned.definition
    if definition.due_days is None and not definition.follow_up_days:
        return None
    return period.end + timedelta((definition.due_days or 0) + definition.follow_up_days)


def final_on(planned: PlannedIndicator, period: Period) -> date | None:
    """The day from which a value is final; None where the indicator has no such rule."""
    definition = planned.definition
    if definition.final_after_days is None:
        return None
    return period.end + timedelta(definition.final_after_days + definition.follow_up_days)
