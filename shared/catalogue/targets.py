"""Which target is applied to a period's value, and where it comes from.

Rule: a target is in force for the periods whose last month it covers. It is what was set, what its
profile or an even share says for that part of the year, or what another figure makes of it.
"""

from __future__ import annotations

from decimal import Decimal
from functools import lru_cache
from typing import NamedTuple, Protocol

from shared.catalogue.model import Earlier, Indicator, Relative, Target
from shared.catalogue.periods import Period, month_code
from shared.catalogue.rounding import rounded

_WHOLE_YEARS = ("financial-year", "academic-year", "calendar-year")
_TO_DATE = "to-date"


class Others(Protocol):
    """The other figures that a judgement may look at, as they are published."""

    def earlier(self, which: Earlier) -> Decimal | None:
        """The same figure a year ago, or the period before."""
        ...

    def area(self, code: str) -> Decimal | None:
        """An area's value of the benchmark indicator."""
        ...

    def peers(self, group: str) -> list[Decimal]:
        """The values of the areas of a peer group, the council's own left out."""
        ...

    def group_name(self, group: str) -> str:
        """What a peer group is called."""
        ...


class Applied(NamedTuple):
    """The target of one value: a number, or a range from `low` to `high` for goldilocks."""

    value: Decimal | None
    basis: str
    low: Decimal | None = None
    high: Decimal | None = None
    floor: Decimal | None = None
    approved_by: str = ""


def looks_around(indicator: Indicator) -> bool:
    """Whether judging it needs other figures."""
    relative = any(target.relative is not None for target in indicator.targets)
    return relative or looks_back(indicator)


def looks_back(indicator: Indicator) -> bool:
    """Whether judging it needs its own earlier figures."""
    if indicator.rag is not None and indicator.rag.amber_if is not None:
        return True
    return any(
        target.relative is not None and target.relative.to in ("a year ago", "the period before")
        for target in indicator.targets
    )


def in_force(indicator: Indicator, period: Period) -> Target | None:
    """The target that covers the period's last month."""
    month = month_code(period.last)
    for target in indicator.targets:
        if (target.from_ or month) <= month <= (target.to or month):
            return target
    return None


def applied(indicator: Indicator, period: Period, others: Others) -> Applied | None:
    """The target of a period's value; None where there is none."""
    target = in_force(indicator, period)
    if target is None:
        return None
    if target.periods and period.kind not in target.periods:
        return None
    places = indicator.precision + 1
    if target.relative is not None:
        value = _followed(target.relative, others, indicator)
        if value is None:
            return None
        shown = rounded(value, places).normalize() + 0
        return _with(target, shown, _basis(target.relative, others))
    if target.profile and not target.periods:
        return _from_profile(target, period)
    if target.spread is not None and not target.periods:
        return _share(target, period, places)
    if target.value is None and target.low is None and target.high is None:
        return None
    return _with(target, target.value, "set")


def _with(target: Target, value: Decimal | None, basis: str) -> Applied:
    return Applied(value, basis, target.low, target.high, target.floor, target.approved_by)


def _from_profile(target: Target, period: Period) -> Applied | None:
    for key in _profile_keys(period):
        if key in target.profile:
            return _with(target, target.profile[key], "profile")
    if period.kind in _WHOLE_YEARS and target.value is not None:
        return _with(target, target.value, "set")
    return None


@lru_cache(maxsize=4096)
def _profile_keys(period: Period) -> tuple[str, ...]:
    month = f"{period.last % 12 + 1:02}"
    # April to June is the first quarter of a financial year.
    quarter = f"Q{(period.last - 3) % 12 // 3 + 1}"
    if period.kind == "month":
        return (month,)
    if period.kind == "quarter":
        return (quarter, month)
    if period.kind.endswith(_TO_DATE):
        return (month, quarter) if (period.last + 1) % 3 == 0 else (month,)
    return ()


def _share(target: Target, period: Period, places: int) -> Applied | None:
    if target.value is None or period.kind == "day":
        return None
    months = period.last - period.first + 1
    if months == 12:
        return _with(target, target.value, "set")
    share = rounded(target.value * months / 12, places).normalize() + 0
    return _with(target, share, "even share")


def _followed(relative: Relative, others: Others, indicator: Indicator) -> Decimal | None:
    if relative.to == "area":
        value = others.area(relative.area or "")
    elif relative.to == "peers":
        value = statistic(others.peers(relative.group or ""), relative.statistic, indicator)
    else:
        value = others.earlier(relative.to)
    if value is None:
        return None
    if relative.of == "percent":
        return value * (1 + relative.change / 100)
    return value + relative.change


def statistic(values: list[Decimal], which: str, indicator: Indicator) -> Decimal | None:
    """The mean or median of some values, or the limit of their best quarter."""
    if not values:
        return None
    if which == "mean":
        return sum(values, Decimal(0)) / len(values)
    if which == "median":
        return percentile(sorted(values), Decimal(50))
    return percentile(sorted(values), Decimal(25 if indicator.polarity == "low" else 75))


def percentile(ordered: list[Decimal], percent: Decimal) -> Decimal:
    """The value below which so many percent of them lie, between two of them where it falls so."""
    place = (len(ordered) - 1) * percent / 100
    below = int(place)
    if below + 1 >= len(ordered):
        return ordered[below]
    return ordered[below] + (ordered[below + 1] - ordered[below]) * (place - below)


def _basis(relative: Relative, others: Others) -> str:
    if relative.to == "a year ago":
        return "the same period a year before"
    if relative.to == "the period before":
        return "the period before"
    if relative.to == "area":
        return relative.area or ""
    return f"{relative.statistic} of {others.group_name(relative.group or '')}"
