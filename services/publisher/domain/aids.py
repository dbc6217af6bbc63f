"""Reading aids in words: control limits, forecast, standing among areas, breaks.

Rule: they help to read published values and change none; each says what it rests on.
"""

from collections.abc import Sequence
from datetime import date
from decimal import Decimal
from typing import NamedTuple

from services.publisher.domain import words
from services.publisher.domain.saying import Saying
from shared.catalogue.benchmarks import Standing
from shared.catalogue.control import LEAST, Stretch, stretches
from shared.catalogue.model import Indicator
from shared.catalogue.periods import Period, month_code, month_number, parse_period
from shared.contracts.states import IndicatorValue

CHARTED = ("month", "quarter")
_MANY = {"month": "months", "quarter": "quarters"}


class Break(NamedTuple):
    """From a month on, figures cannot be compared with those before."""

    month: str
    note: str
    kind: str

    def words(self) -> str:
        """`From April 2024: counted by case since then`"""
        return f"From {words.period(self.month)}: {self.note or self.kind}"


def breaks_of(indicator: Indicator) -> list[Break]:
    """Every break of an indicator's series: those it names, and its changes of source."""
    found = [Break(each.from_, each.note, "break in the series") for each in indicator.breaks]
    for source in indicator.earlier:
        until = month_number(source.until)
        note = f"a new source; before, {source.note}" if source.note else ""
        found.append(Break(month_code(until + 1), note, "a new source"))
    return sorted(found)


def broken_at(codes: Sequence[str], breaks: Sequence[Break]) -> dict[int, list[Break]]:
    """By place in a series of periods, oldest first, the breaks that its period begins with."""
    found: dict[int, list[Break]] = {}
    lasts = [month_code(parse_period(code).last) for code in codes]
    for each in breaks:
        place = next((n for n, last in enumerate(lasts) if last >= each.month), None)
        if place:
            found.setdefault(place, []).append(each)
    return found


def limits_of(indicator: Indicator, values: Sequence[IndicatorValue], today: date) -> list[Stretch]:
    """The control limits of a series of months or quarters, oldest first; what is unfinished has
    no part in them."""
    if not values or values[0].period.kind not in CHARTED:
        return []
    numbers = [
        None if each.value is None or each.period.end >= today.isoformat() else Decimal(each.value)
        for each in values
    ]
    return stretches(numbers, broken_at([v.period.code for v in values], breaks_of(indicator)))


def stretch_at(found: Sequence[Stretch], place: int) -> Stretch | None:
    """The stretch that a place of a series is part of."""
    return next((each for each in found if each.first <= place <= each.last), None)


def control_words(
    found: Sequence[Stretch],
    place: int,
    values: Sequence[IndicatorValue],
    say: Saying,
    *,
    unfinished: bool = False,
) -> str:
    """Whether the value at a place of a series is more than the usual ups and downs."""
    kind = values[place].period.kind
    if unfinished:
        return "It is held against the usual ups and downs when the period ends."
    stretch = stretch_at(found, place)
    if stretch is None:
        return (
            f"No control limits: they take {LEAST} finished {_MANY.get(kind, 'periods')} without "
            "a break."
        )
    limits = stretch.limits
    # Of figures that are never below nought, a limit below it says nothing.
    negative = any(each.value is not None and each.value.startswith("-") for each in values)
    lower = limits.lower if negative else max(limits.lower, Decimal(0))
    usual = (
        f"the usual is between {say.finer(lower)} and {say.finer(limits.upper)} "
        f"around {say.finer(limits.centre)}, from {limits.points} {_MANY.get(kind, 'periods')}"
    )
    signals = stretch.signals.get(place)
    if signals:
        return f"More than the usual ups and downs: {' and '.join(signals)} ({usual})."
    return f"Within the usual ups and downs: {usual}."


class Compared(NamedTuple):
    """A value among the areas of a group, in one period."""

    group: str
    name: str
    period: str
    standing: Standing
    areas: dict[str, str]

    def words(self, say: Saying) -> str:
        """Where it stands, as a sentence."""
        found = self.standing
        many = "area" if found.areas == 1 else "areas"
        start = (
            f"{self.name}, {words.period(self.period)}: mean {say.finer(found.mean)} and "
            f"median {say.finer(found.median)} of {found.areas} other {many}"
        )
        if found.rank is None or found.quartile is None:
            return f"{start}."
        text = f"{start}; rank {found.rank} of {found.areas + 1}, quartile {found.quartile}"
        if found.best_quartile is not None and found.distance:
            text += f", {say.difference(found.distance, 1)} from the best quartile"
        return f"{text}."


class ForecastWords(NamedTuple):
    """A forecast for a year, ready to show."""

    year: str
    method: str
    value: Decimal | None
    text: str
    sentence: str
    based_on: str


def year_of(period: Period) -> str:
    """The year that a period to date is of, in words: `2025/26`."""
    return words.period(period.code.rpartition("-to-")[0])
