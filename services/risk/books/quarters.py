"""The quarters of one batch: where they stand, and which of them are to be said again whole."""

from collections.abc import Iterable

from services.risk.books.book import later
from services.risk.domain.reviews import step_of
from services.risk.world import Told, World
from shared.contracts.fields import Fields, text
from shared.delivery.change import Cause
from shared.review.about import read_quarter
from shared.review.cycle import Standing, folded

_STEP = "cycle-step"


class Quarters:
    """Where the quarters of one batch stand, by the records of their steps; and which of them are
    to be said again whole, since they stand elsewhere."""

    def __init__(self, world: World) -> None:
        self._world = world
        self._standings: dict[str, Standing] = {}
        self.moved: dict[str, Cause] = {}

    def take(self, told: Told) -> None:
        """Takes in a step that came, changed or went."""
        named = [_period(fields) for fields in (told.before, told.after)]
        self._world.links.note(told.record, _STEP, *named)
        for period in {*named[0], *named[1]}:
            self.moved[period] = later(self.moved.get(period), told.cause)

    def every(self) -> list[str]:
        """Every quarter of which a step was taken."""
        return self._world.links.targets(_STEP)

    def standings(self, periods: Iterable[str]) -> dict[str, Standing]:
        """Where these stand. Links are written by then."""
        asked = list(periods)
        wanted = [each for each in asked if each not in self._standings]
        linked = self._world.links.of(_STEP, wanted) if wanted else {}
        fields = self._world.fields(record for records in linked.values() for record in records)
        for period in wanted:
            steps = [each for each in linked.get(period, ()) if each in fields]
            self._standings[period] = folded(step_of(each, fields[each]) for each in steps)
        return {period: self._standings[period] for period in asked}


def _period(fields: Fields | None) -> list[str]:
    quarter = None if fields is None else read_quarter(text(fields, "period"))
    return [] if quarter is None else [quarter.code]
