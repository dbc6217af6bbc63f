"""Read beside an indicator's values: its forecast, and where it stands among other areas."""

from collections.abc import Iterator, Sequence
from decimal import Decimal

from services.publisher.domain.aids import Compared, ForecastWords, year_of
from services.publisher.domain.figures import decode_value
from services.publisher.domain.saying import saying
from services.publisher.readmodel import Snapshot
from services.publisher.store import repository
from services.publisher.store.repository import Span
from shared.catalogue.benchmarks import standing
from shared.catalogue.forecast import YearSoFar, adds_up, forecast
from shared.catalogue.kinds_of_period import kind_named
from shared.catalogue.model import Indicator, PeerGroup
from shared.catalogue.periods import Period, month_code, parse_period
from shared.contracts.states import IndicatorValue
from shared.contracts.subjects import indicator_value

TO_DATE = ("year-to-date", "academic-year-to-date", "calendar-year-to-date")
AREA_ROWS = 10_000
ENGLAND = "E92000001"


def year_end(view: Snapshot, indicator: Indicator, member: str = "all") -> ForecastWords | None:
    """The forecast for the running year, from its newest whole month that has a figure."""
    kind = next((each for each in TO_DATE if each in indicator.periods), None)
    if kind is None or indicator.forecast == "none":
        return None
    ending = kind_named(kind).ending
    month = view.today.year * 12 + view.today.month - 1
    first = ending(month).first
    months = [ending(each) for each in range(first, month)]
    if not months:
        return None
    years_before = [ending(each.last - 12) for each in months]

    def subject(period: Period) -> str:
        return indicator_value(indicator.code, period.code, member)

    known = repository.values(
        view.tx, map(subject, [*months, *years_before, total := ending(first - 1)])
    )

    def number(period: Period) -> Decimal | None:
        found = known.get(subject(period))
        return None if found is None or found.value is None else Decimal(found.value)

    newest = next((each for each in reversed(months) if number(each) is not None), None)
    if newest is None:
        return None
    so_far = YearSoFar(
        year=year_of(newest),
        months=newest.last - first + 1,
        value=number(newest) or Decimal(0),
        last_year=year_of(total),
        last_to_date=number(ending(newest.last - 12)),
        last_total=number(total),
    )
    say = saying(indicator, indicator.unit)
    made = forecast(indicator.forecast, adds_up(indicator, view.catalogue), so_far, say)
    if made is None:
        return None
    text = "No forecast" if made.value is None else say(made.value)
    return ForecastWords(so_far.year, made.method, made.value, text, made.sentence, newest.code)


def is_of_running_year(view: Snapshot, period: Period, indicator: Indicator) -> bool:
    """Whether a period ends in the year that a forecast is made for."""
    kind = next((each for each in TO_DATE if each in indicator.periods), TO_DATE[0])
    year = kind_named(kind).ending(view.today.year * 12 + view.today.month - 1)
    return year.first <= period.last <= year.first + 11


def areas(
    view: Snapshot, indicator: Indicator, *, kind: str | None = None, period: str | None = None
) -> dict[str, dict[str, IndicatorValue]]:
    """By period and area, the values of an indicator's benchmark."""
    benchmark = indicator.benchmark
    if benchmark is None:
        return {}
    span = Span(benchmark.indicator, benchmark.area, kind=kind, period=period)
    found: dict[str, dict[str, IndicatorValue]] = {}
    for row in repository.series(view.tx, span, AREA_ROWS):
        value = decode_value(row.body or b"")
        if value.breakdown is not None and value.value is not None:
            found.setdefault(value.period.code, {})[value.breakdown.member] = value
    return found


def compared(
    view: Snapshot,
    indicator: Indicator,
    period: str,
    own: Decimal | None,
    values: dict[str, IndicatorValue],
) -> list[Compared]:
    """An own value among the areas of each of the benchmark's groups, or among all of them."""
    council = view.catalogue.council
    own_area = council.area_code if council else None
    say = saying(indicator, indicator.unit)
    found = []
    for code, name, members in _groups(view, indicator, parse_period(period), values):
        numbers = {
            area: Decimal(values[area].value or "")
            for area in members
            if area in values and area != own_area
        }
        stands = standing(own, list(numbers.values()), indicator.polarity)
        if stands is not None:
            told = {area: say(number) for area, number in sorted(numbers.items())}
            found.append(Compared(code, name, period, stands, told))
    return found


def lines(
    view: Snapshot, indicator: Indicator, kind: str, codes: Sequence[str]
) -> dict[str, list[Decimal | None]]:
    """By name, what others came to in each of these periods: the mean of the first group that the
    indicator is compared with, and England."""
    by_period = areas(view, indicator, kind=kind)
    found: dict[str, list[Decimal | None]] = {}
    for place, code in enumerate(codes):
        values = by_period.get(code, {})
        told = [
            (f"the mean of {each.name}", each.standing.mean)
            for each in compared(view, indicator, code, None, values)[:1]
        ]
        if (england := values.get(ENGLAND)) is not None and england.value is not None:
            told.append(("England", Decimal(england.value)))
        for name, number in told:
            found.setdefault(name, [None] * len(codes))[place] = number
    return found


def _groups(
    view: Snapshot, indicator: Indicator, period: Period, values: dict[str, IndicatorValue]
) -> Iterator[tuple[str, str, list[str]]]:
    benchmark = indicator.benchmark
    groups = benchmark.groups if benchmark else []
    if not groups:
        yield "", "All areas", list(values)
    for code in groups:
        group = view.catalogue.peer_groups.get(code)
        if group is not None:
            yield code, group.name, _in_force(group, month_code(period.last))


def _in_force(group: PeerGroup, month: str) -> list[str]:
    """The areas of a group by its issue of a month."""
    for issue in group.issues:
        if (issue.from_ or month) <= month <= (issue.to or month):
            return issue.areas
    return []
