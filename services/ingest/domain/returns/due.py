"""For which periods a return is due, by when, and where each of them stands.

Rule: a period is due from the day after its last day until `due_days` later. What is not given by
then is overdue, for as long as it is not given. Lateness is said only of what a person gave: what a
system or a first load brought was nobody's to be late with.
"""

from collections.abc import Sequence
from datetime import date, timedelta
from typing import Literal, NamedTuple

from shared.accounts.calendar import of_month, when_code
from shared.catalogue.connectors import Return
from shared.catalogue.periods import (
    Period,
    month_code,
    parse_period,
    periods_containing,
    previous,
    year_of,
)

State = Literal["overdue", "due", "not yet", "given late", "given"]

# Without a first period, a return is asked for from so many periods ago.
FEW = 4
# A return that began long ago is asked for no further back than this.
MOST = 120


class Given(NamedTuple):
    """An answer as its record says it: what was asked for, in order, and why there is nothing.
    `by_hand` says that a person gave it, and `on` is the day on which it came to say so.
    `explained` says that the note is a reason why there is no figure."""

    period: Period
    values: Sequence[str | None]
    note: str = ""
    version: int = 0
    on: date = date.min
    by_hand: bool = False
    explained: bool = False


class Standing(NamedTuple):
    """A return for one period."""

    asked: Return
    period: Period
    due: date
    state: State
    given: Given | None


def periods(asked: Return, today: date) -> list[Period]:
    """The periods that a return is given for, the oldest first; the last holds today."""
    [now] = periods_containing(f"{today:%Y-%m}", (asked.every,))
    first = _first(asked)
    found = [now]
    while len(found) < (FEW + 1 if first is None else MOST):
        before = previous(found[-1])
        if before is None or (first is not None and before.start < first.start):
            break
        found.append(before)
    return found[::-1]


def _first(asked: Return) -> Period | None:
    if asked.first is None:
        return None
    try:
        return parse_period(asked.first)
    except ValueError:
        return None


def period_named(asked: Return, code: str, today: date) -> Period | None:
    """The period of a return that an address names; None where it is not given for it."""
    return next((each for each in periods(asked, today) if each.code == code), None)


def due_on(asked: Return, period: Period) -> date:
    """The last day on which it is in time."""
    return period.end + timedelta(days=asked.due_days)


def standing(asked: Return, period: Period, given: Given | None, today: date) -> Standing:
    """Where a return for a period stands on a day."""
    due = due_on(asked, period)
    state: State
    if given is not None:
        # Of a figure that was corrected it is not known here when it first came.
        late = given.by_hand and given.version <= 1 and given.on > due
        state = "given late" if late else "given"
    elif today <= period.end:
        state = "not yet"
    else:
        state = "due" if today <= due else "overdue"
    return Standing(asked, period, due, state, given)


def missing(found: Standing) -> int:
    """How many of the figures that a return asks for are blank, without a reason for it."""
    if found.given is None:
        return len(found.asked.ask)
    return 0 if found.given.explained else sum(each is None for each in found.given.values)


def written(kind: str, period: Period) -> str:
    """A period as a field of this type says it: a date as its last day."""
    month = month_code(period.last)
    if kind == "financial-year":
        return year_of(month)
    if kind == "period":
        return when_code(of_month(month))
    return period.end.isoformat()


def neighbours(period: Period, before: int) -> list[Period]:
    """The periods before one, the nearest first."""
    found: list[Period] = []
    last: Period | None = period
    while len(found) < before and last is not None and (last := previous(last)) is not None:
        found.append(last)
    return found
