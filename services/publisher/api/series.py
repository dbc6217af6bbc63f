"""A series of values with what helps to read it: control limits, breaks, forecast, benchmark."""

from collections.abc import Sequence
from datetime import date
from decimal import Decimal
from functools import lru_cache

from services.publisher import beside, reading
from services.publisher.api import schemas
from services.publisher.api.answers import value_answer
from services.publisher.domain import aids, words
from services.publisher.domain.aids import Compared, ForecastWords
from services.publisher.domain.contributors import member_text
from services.publisher.domain.figures import decode_value
from services.publisher.domain.messages import HeldRow
from services.publisher.readmodel import Snapshot
from services.publisher.store import repository
from services.publisher.store.repository import Span
from shared.catalogue.control import Stretch
from shared.catalogue.model import Indicator
from shared.catalogue.periods import parse_period
from shared.contracts.states import IndicatorValue


def series(
    view: Snapshot, indicator: Indicator, span: Span, instant: str | None, limit: int
) -> schemas.Series:
    """The values of a span, as they are or as they were known at an instant. Forecast and
    benchmark are told of values as they are now."""
    if instant is None:
        rows = repository.series(view.tx, span, limit + 1)
    else:
        rows = repository.series_as_at(view.tx, span, instant, limit + 1)
    shown = rows[:limit]
    charted = [decode_value(row.body or b"") for row in shown if _is_charted(row.subject)]
    revised = reading.revised(view, shown, instant)
    whole = not span.field and instant is None
    return schemas.Series(
        indicator=indicator.code,
        as_at=instant,
        cursor=view.event_id,
        truncated=len(rows) > limit,
        values=[value_answer(row, revised.get(row.subject)) for row in shown],
        control=_control(indicator, charted, (instant and words.london_day(instant)) or view.today),
        breaks=breaks(indicator),
        forecast=forecast(beside.year_end(view, indicator)) if whole else None,
        benchmarks=_benchmarks(view, indicator, span, shown) if whole else {},
    )


def _is_charted(subject: str) -> bool:
    """Whether a value is of a kind of period that has control limits."""
    return _kind(subject.split("/")[1]) in aids.CHARTED


@lru_cache(maxsize=4096)
def _kind(period: str) -> str:
    try:
        return parse_period(period).kind
    except ValueError:
        return ""  # of a newer release


def _control(
    indicator: Indicator, values: Sequence[IndicatorValue], today: date
) -> list[schemas.Control]:
    """The limits of each kind of period and member: each is a series of its own."""
    lines: dict[tuple[str, str], list[IndicatorValue]] = {}
    for value in values:
        lines.setdefault((value.period.kind, member_text(value)), []).append(value)
    return [
        control(stretch, line)
        for line in lines.values()
        for stretch in aids.limits_of(indicator, line, today)
    ]


def control(stretch: Stretch, line: Sequence[IndicatorValue]) -> schemas.Control:
    """The limits of one stretch of a series."""
    limits = stretch.limits
    where = member_text(line[0])
    return schemas.Control(
        kind=line[0].period.kind,
        breakdown="" if where == "all" else where,
        first=line[stretch.first].period.code,
        last=line[stretch.last].period.code,
        centre=text(limits.centre),
        lower=text(limits.lower),
        upper=text(limits.upper),
        points=limits.points,
        signals={line[place].period.code: told for place, told in stretch.signals.items()},
    )


def breaks(indicator: Indicator) -> list[schemas.Break]:
    """The breaks of an indicator's series."""
    return [
        schemas.Break(month=each.month, kind=each.kind, note=each.note)
        for each in aids.breaks_of(indicator)
    ]


def forecast(found: ForecastWords | None) -> schemas.Forecast | None:
    """The forecast for the running year."""
    if found is None:
        return None
    return schemas.Forecast(
        year=found.year,
        method=found.method,
        value=None if found.value is None else text(found.value),
        sentence=found.sentence,
        based_on=found.based_on,
    )


def standing(found: Compared) -> schemas.Standing:
    """A value among the areas of a group."""
    told = found.standing
    return schemas.Standing(
        group=found.group,
        name=found.name,
        areas=told.areas,
        mean=text(told.mean),
        median=text(told.median),
        best_quartile=None if told.best_quartile is None else text(told.best_quartile),
        rank=told.rank,
        quartile=told.quartile,
        distance=None if told.distance is None else text(told.distance),
        values=found.areas,
    )


def _benchmarks(
    view: Snapshot, indicator: Indicator, span: Span, rows: Sequence[HeldRow]
) -> dict[str, list[schemas.Standing]]:
    if indicator.benchmark is None:
        return {}
    by_period = beside.areas(view, indicator, kind=span.kind, period=span.period)
    found = {}
    for row in rows:
        value = decode_value(row.body or b"")
        others = by_period.get(value.period.code)
        if others:
            own = None if value.value is None else Decimal(value.value)
            told = beside.compared(view, indicator, value.period.code, own, others)
            found[value.period.code] = [standing(each) for each in told]
    return found


def text(number: Decimal) -> str:
    """An exact number, without an exponent and without noughts at its end."""
    found = f"{number:.9f}".rstrip("0").rstrip(".")
    return "0" if found in ("-0", "") else found
