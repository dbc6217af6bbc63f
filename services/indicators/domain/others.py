"""The other figures that a judgement looks at: earlier ones, other areas, peers."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from typing import TYPE_CHECKING

from services.indicators.domain.plan import Plan, PlannedIndicator
from shared.catalogue.model import Earlier
from shared.catalogue.periods import Period, month_code, previous, same_period_last_year
from shared.catalogue.rounding import published
from shared.contracts.subjects import member as member_of

if TYPE_CHECKING:
    from services.indicators.domain.evaluate import Evaluator


@dataclass(slots=True)
class OtherFigures:
    """The other figures that a judgement looks at. See shared.catalogue.targets.Others."""

    evaluator: Evaluator
    planned: PlannedIndicator
    member: str
    period: Period

    def earlier(self, which: Earlier) -> Decimal | None:
        then = same_period_last_year(self.period) if which == "a year ago" else previous(
            self.period
        )
        return None if then is None else self._published(self.planned, self.member, then)

    def area(self, code: str) -> Decimal | None:
        benchmark = self.planned.definition.benchmark
        other = self.evaluator.plan.indicators.get(benchmark.indicator) if benchmark else None
        if other is None or benchmark is None:
            return None
        return self._published(other, member_of(benchmark.area, code), self.period)

    def peers(self, group: str) -> list[Decimal]:
        catalogue = self.evaluator.plan.catalogue
        own = catalogue.council.area_code if catalogue.council else None
        areas = areas_of(self.evaluator.plan, group, self.period)
        values = [self.area(code) for code in areas if code != own]
        return [value for value in values if value is not None]

    def group_name(self, group: str) -> str:
        found = self.evaluator.plan.catalogue.peer_groups.get(group)
        return group if found is None else found.name

    def _published(
        self, planned: PlannedIndicator, member: str, period: Period
    ) -> Decimal | None:
        source = planned.source(period)
        if not self.evaluator.exists(planned, source, member, period):
            return None
        value = self.evaluator.outcome(planned, member, period).value
        return None if value is None else published(value, planned.definition)


def areas_of(plan: Plan, group: str, period: Period) -> list[str]:
    """The areas that a peer group holds in the period's last month."""
    found = plan.catalogue.peer_groups.get(group)
    month = month_code(period.last)
    for issue in found.issues if found else ():
        if (issue.from_ or month) <= month <= (issue.to or month):
            return list(dict.fromkeys(issue.areas))
    return []
