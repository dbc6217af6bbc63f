"""The business date in the store: what a service's figures are as of.

Rule: what is worked out depends on this date and never on a clock, so that two ways of working the
same thing out, a minute or a restart apart, agree. It only moves forward.
"""

from datetime import date

from shared.db.tx import Tx
from shared.delivery.marks import Marks
from shared.runtime.clock import Clock, business_date

TODAY = "today"


class BusinessDate:
    """Reads and moves on a service's business date."""

    def __init__(self, marks: Marks, clock: Clock) -> None:
        self._marks = marks
        self._clock = clock

    def known(self, tx: Tx) -> date | None:
        """The date in the store; None before the first."""
        text = self._marks.get(tx, TODAY)
        return None if text is None else date.fromisoformat(text)

    def today(self, tx: Tx) -> date:
        """The date in the store; the clock's, written down, where there is none."""
        known = self.known(tx)
        if known is None:
            known = business_date(self._clock)
            self._marks.set(tx, {TODAY: known.isoformat()})
        return known

    def move_on(self, tx: Tx) -> tuple[date | None, date] | None:
        """Takes over the clock's date where it is later: the date before (None for none) and the
        date now; None where no day has passed."""
        today, since = business_date(self._clock), self.known(tx)
        if since is not None and today <= since:
            return None
        self._marks.set(tx, {TODAY: today.isoformat()})
        return since, today

    def instant(self) -> str:
        """When it is by the clock: what a change that only time brings says of its origin."""
        return self._clock.now().isoformat(timespec="milliseconds")
