"""The target that applies to a value: set, profiled, shared out, or following another figure.

Rule: a target is in force for a period whose last month it covers. What is made of other figures,
as they are published, or of a year's target is rounded to one place more than the value: people
read the very number that is judged by.
"""

from collections.abc import Sequence
from fractions import Fraction
from typing import NamedTuple
from urllib.parse import quote

from deploy.verify.dates import month_text
from deploy.verify.numbers import plain, rounded
from deploy.verify.peers import STATISTICS, areas_of
from deploy.verify.periods import TO_DATE, WHOLE_YEARS, Period, before, year_before
from deploy.verify.source import Json
from deploy.verify.values import Values

EVEN, PROFILE, SET = "even share", "profile", "set"
BEFORE = {
    "a year ago": (year_before, "the same period a year before"),
    "the period before": (before, "the period before"),
}


class Goal(NamedTuple):
    """What a value is judged against, and where it comes from: one number or, where there is
    none, the limits of a range."""

    value: Fraction | None
    low: Fraction | None = None
    high: Fraction | None = None
    floor: Fraction | None = None
    basis: str = SET

    def stated(self) -> Json:
        """The target as it is published."""
        limits = {"low": self.low, "high": self.high, "floor": self.floor}
        stated = {name: None if each is None else plain(each) for name, each in limits.items()}
        value = "" if self.value is None else plain(self.value)
        return {"value": value, "basis": self.basis} | stated


def goal_for(values: Values, code: str, member: str, period: Period) -> Goal | None:
    """The target of a value, or None."""
    indicator = values.indicators[code]
    target = in_force(indicator, period)
    if target is None or indicator.get("polarity", "none") == "none":
        return None
    floor = _number(target.get("floor"))
    relative = target.get("relative")
    if relative:
        found = other_figure(values, code, member, period, relative)
        if found is None:
            return None
        value = _one_place_more(changed(found[0], relative), indicator)
        return Goal(value, floor=floor, basis=found[1])
    whole = _whole(target, indicator)
    if target.get("periods"):
        return whole
    if target.get("profile"):
        step = profiled(target["profile"], period)
        if step is not None:
            return Goal(step, floor=floor, basis=PROFILE)
        return whole if period.kind in WHOLE_YEARS else None
    if target.get("spread") == "even":
        return _shared_out(whole, period, indicator)
    return whole


def in_force(indicator: Json, period: Period) -> Json | None:
    """The first target that covers the period's last month and is for its kind."""
    month = month_text(period.last)
    for target in indicator.get("targets") or ():
        begins, ends = target.get("from"), target.get("to")
        covers = (not begins or begins[:7] <= month) and (not ends or month <= ends[:7])
        if covers and (not target.get("periods") or period.kind in target["periods"]):
            found: Json = target
            return found
    return None


def _whole(target: Json, indicator: Json) -> Goal | None:
    """The target as it is set, for the whole of a period."""
    value, floor = _number(target.get("value")), _number(target.get("floor"))
    if indicator.get("polarity") != "goldilocks":
        return None if value is None else Goal(value, floor=floor)
    low, high = _number(target.get("low")), _number(target.get("high"))
    return None if value is None and low is None and high is None else Goal(value, low, high, floor)


def profiled(profile: Json, period: Period) -> Fraction | None:
    """What should be reached by the end of a period, where the profile says so."""
    month = month_text(period.last)[5:]
    quarter = f"Q{(period.last - 3) % 12 // 3 + 1}"
    ends_a_quarter = period.last % 3 == 2
    keys = {"month": [month], "quarter": [quarter, month]}.get(period.kind, [])
    if period.kind in TO_DATE:
        keys = [month, quarter] if ends_a_quarter else [month]
    return next((Fraction(str(profile[key])) for key in keys if key in profile), None)


def _shared_out(whole: Goal | None, period: Period, indicator: Json) -> Goal | None:
    """As much of a year's target as the period has of a year; a day has no share."""
    if whole is None or whole.value is None or period.kind == "day":
        return None
    share = Fraction(period.last - period.first + 1, 12)
    if share == 1:
        return whole
    return Goal(_one_place_more(whole.value * share, indicator), floor=whole.floor, basis=EVEN)


def changed(figure: Fraction, relative: Json) -> Fraction:
    """Another figure, so many points or per cent more."""
    change = _number(relative.get("change")) or Fraction(0)
    return figure * (1 + change / 100) if relative.get("of") == "percent" else figure + change


def other_figure(
    values: Values, code: str, member: str, period: Period, relative: Json
) -> tuple[Fraction, str] | None:
    """The figure that a target follows, and its words."""
    to = relative["to"]
    if to in BEFORE:
        find, words = BEFORE[to]
        earlier = find(period)
        value = None if earlier is None else values.published(code, member, earlier)
        return None if value is None else (value, words)
    if to == "area":
        area = relative.get("area") or ""
        found = of_areas(values, code, period, [area])
        return (found[0], area) if found else None
    group = values.peer_group(relative.get("group") or "")
    if group is None:
        return None
    areas = [area for area in areas_of(group, period.last) if area != values.own_area]
    statistic = relative.get("statistic") or "mean"
    polarity = values.indicators[code].get("polarity", "none")
    result = STATISTICS[statistic](of_areas(values, code, period, areas), polarity)
    return None if result is None else (result, f"{statistic} of {group['name']}")


def of_areas(values: Values, code: str, period: Period, areas: Sequence[str]) -> list[Fraction]:
    """The published values of areas for a period; those without one are left out."""
    benchmark = values.indicators[code].get("benchmark")
    if not benchmark:
        return []
    members = [f"{benchmark['area']}={quote(area, safe='')}" for area in areas]
    found = (values.published(benchmark["indicator"], member, period) for member in members)
    return [value for value in found if value is not None]


def figure_before(
    values: Values, code: str, member: str, words: str, period: Period
) -> Fraction | None:
    """What was published for the period or the year before."""
    find = year_before if words.endswith("a year ago") else before
    earlier = find(period)
    return None if earlier is None else values.published(code, member, earlier)


def _one_place_more(exact: Fraction, indicator: Json) -> Fraction:
    return Fraction(rounded(exact, int(indicator.get("precision") or 0) + 1))


def _number(value: object) -> Fraction | None:
    return None if value is None else Fraction(str(value))
