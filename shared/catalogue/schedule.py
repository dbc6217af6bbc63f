"""How often a connector runs, in words that an officer writes, and when that is next.

`as it comes`, `every 15 minutes`, `every 2 hours`, `daily at 05:30`, `weekdays at 06:00`,
`weekly on Monday at 06:00`, `monthly on 3 at 06:00`. Times are Europe/London's, also on the days
on which clocks change: a time that does not exist is the hour after it.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta

from shared.runtime.clock import LONDON

AS_IT_COMES = "as it comes"
WORDS = (
    "as it comes, every 15 minutes, every 2 hours, daily at 05:30, weekdays at 06:00,"
    " weekly on Monday at 06:00 or monthly on 3 at 06:00"
)
_DAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
_EVERY = re.compile(r"every (?:(\d{1,3}) )?(minute|hour)s?")
_AT = re.compile(
    r"(daily|weekdays|weekly on ([a-z]+)|monthly on (\d{1,2})) at ([01]\d|2[0-3]):([0-5]\d)"
)


@dataclass(frozen=True)
class Schedule:
    """When something runs. `gap` where it is every so often; otherwise a time on certain days."""

    gap: timedelta | None = None
    at: time | None = None
    weekdays: frozenset[int] | None = None
    day: int | None = None

    @property
    def as_it_comes(self) -> bool:
        """Whether it is looked for all the time."""
        return self.gap is None and self.at is None

    def after(self, moment: datetime) -> datetime:
        """The next instant to run, later than this one. `moment` itself where it is looked for all
        the time."""
        if self.gap is not None:
            return moment + self.gap
        if self.at is None:
            return moment
        day = moment.astimezone(LONDON).date()
        while True:
            if self._on(day):
                wall = datetime.combine(day, self.at, LONDON)
                # Through UTC: a time that clocks leave out becomes the one after the change.
                instant = wall.astimezone(UTC)
                if instant > moment:
                    return instant
            day += timedelta(days=1)

    def _on(self, day: date) -> bool:
        if self.day is not None:
            return day.day == self.day
        return self.weekdays is None or day.weekday() in self.weekdays


def read(text: str) -> Schedule:
    """A schedule from its words. Raises ValueError, in words, for anything else."""
    said = " ".join(text.split()).casefold()
    if said == AS_IT_COMES:
        return Schedule()
    if found := _EVERY.fullmatch(said):
        number = int(found[1] or 1)
        if not number:
            raise ValueError("every 0 minutes is never: give at least 1")
        minutes = number if found[2] == "minute" else number * 60
        return Schedule(gap=timedelta(minutes=minutes))
    if found := _AT.fullmatch(said):
        at = time(int(found[4]), int(found[5]))
        if found[3]:
            if not 1 <= int(found[3]) <= 28:
                raise ValueError("a day of the month is 1 to 28, so that every month has it")
            return Schedule(at=at, day=int(found[3]))
        if found[2]:
            if found[2] not in _DAYS:
                raise ValueError(f"{found[2]!r} is no day of the week")
            return Schedule(at=at, weekdays=frozenset({_DAYS.index(found[2])}))
        return Schedule(at=at, weekdays=None if found[1] == "daily" else frozenset(range(5)))
    raise ValueError(f"{text[:60]!r} is no schedule: write {WORDS}")
