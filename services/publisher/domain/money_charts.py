"""The charts of money: budget, spending and forecast side by side, and spending over the months.

Rule: as of every chart (see vega): floats place marks and nothing else, amounts come in words, and
colour alone tells nothing. A budget is a wide pale bar or a dashed line, spending a narrow dark bar
or a solid line, a forecast a diamond.
"""

from collections.abc import Sequence
from typing import NamedTuple

from services.publisher.domain.areas_chart import apart
from services.publisher.domain.finance import short, variance
from services.publisher.domain.vega import (
    AIM,
    BELOW,
    CONFIG,
    HEIGHT,
    INK,
    LIMITS,
    LINE,
    SCHEMA,
    Chart,
    Spec,
)

BAR = 34
WIDTH, WIDE = 420, 640
# From so many pence on, an axis is in millions.
IN_MILLIONS = 2_000_000_00
KEY = (
    "The wide bar is the current budget",
    "the narrow dark bar is what is spent so far",
    "the diamond is the forecast for the year",
)


class Sums(NamedTuple):
    """A part of the council's money in pence, `text` saying where it stands."""

    name: str
    budget: int
    spent: int
    forecast: int
    text: str


class Month(NamedTuple):
    """The end of a month: the budget that was due by then, and what was spent, in pence."""

    name: str
    budget: int
    spent: int | None


def parts_chart(title: str, parts: Sequence[Sums]) -> Chart | None:
    """Parts of a fund side by side, the largest budget first; None where there are fewer than
    two."""
    shown = sorted(parts, key=lambda each: (-each.budget, each.name))
    if len(shown) < 2:
        return None
    return Chart(_bars(shown), f"{title}: {_finding(shown)} {BELOW}", ["; ".join(KEY)], [])


def years_chart(title: str, years: Sequence[Sums], whole: Sums) -> Chart | None:
    """A scheme year by year; None where it has no year with money in it."""
    if not any(each.budget or each.spent or each.forecast for each in years):
        return None
    told = f"{short(whole.spent)} spent of {short(whole.budget)} approved; the forecast is "
    told += f"{short(whole.forecast)}, {variance(whole.forecast - whole.budget)}."
    return Chart(_bars(years), f"{title}: {told} {BELOW}", ["; ".join(KEY)], [])


def _finding(parts: Sequence[Sums]) -> str:
    """`Adults is furthest over budget, £1.2 million; 2 of 5 are forecast to be over budget.`"""
    far = max(parts, key=lambda each: each.forecast - each.budget)
    near = min(parts, key=lambda each: each.forecast - each.budget)
    told = []
    if far.forecast > far.budget:
        told.append(f"{far.name} is furthest over budget, by {short(far.forecast - far.budget)}")
    if near.forecast < near.budget:
        told.append(f"{near.name} is furthest under, by {short(near.forecast - near.budget)}")
    over = sum(each.forecast > each.budget for each in parts)
    are = "is" if over == 1 else "are"
    told.append(f"{over or 'none'} of {len(parts)} {are} forecast to be over budget")
    return f"{'; '.join(told)}."


def months_chart(title: str, months: Sequence[Month], year: Sums) -> Chart | None:
    """Spending against the budget as it falls due; None before two months have gone."""
    gone = [each for each in months if each.spent is not None]
    if len(gone) < 2:
        return None
    now = gone[-1]
    apart_by = (now.spent or 0) - now.budget
    side = "as budgeted" if apart_by == 0 else f"{short(apart_by)} "
    if apart_by:
        side += f"{'more' if apart_by > 0 else 'less'} than the budget to that date"
    told = f"by the end of {now.name} spending was {_signed(now.spent or 0)}, {side}. The forecast "
    told += f"for the year is {_signed(year.forecast)}: {variance(year.forecast - year.budget)}."
    key = [
        "The solid line is what was spent",
        "the dashed line is the budget as it falls due",
        "the diamond is the forecast for the year",
    ]
    return Chart(_lines(months, year.forecast), f"{title}: {told} {BELOW}", ["; ".join(key)], [])


def _signed(amount: int) -> str:
    return f"{'−' if amount < 0 else ''}{short(amount)}"


def _axis(amounts: Sequence[int]) -> Spec:
    """An axis in pounds: thousands, or millions where there are some."""
    millions = max(map(abs, amounts), default=0) >= IN_MILLIONS
    by, unit = ("1000000", " million") if millions else ("1000", ",000")
    sign = "(datum.value < 0 ? '−£' : '£')"
    number = f"format(abs(datum.value) / {by}, ',~r')"
    label = f"datum.value == 0 ? '£0' : {sign} + {number} + '{unit}'"
    return {
        "type": "quantitative",
        "title": None,
        "scale": {"zero": True},
        "axis": {"tickCount": 4, "labelExpr": label},
    }


def _bars(parts: Sequence[Sums]) -> Spec:
    rows = [
        {
            "name": name,
            "budget": each.budget / 100,
            "spent": each.spent / 100,
            "forecast": each.forecast / 100,
            "text": each.text,
        }
        for each, name in zip(parts, apart(each.name for each in parts), strict=True)
    ]
    across = _axis([amount for each in parts for amount in each[1:4]])
    down: Spec = {
        "field": "name",
        "type": "nominal",
        "sort": None,
        "title": None,
        "axis": {"labelLimit": 240, "ticks": False, "domain": False, "labelPadding": 8},
    }

    def layer(name: str, mark: Spec) -> Spec:
        encoding = {"x": {**across, "field": name}, "y": down}
        return {"name": name, "mark": mark, "encoding": encoding}

    wide = {"type": "bar", "fill": LIMITS, "stroke": AIM, "height": {"band": 0.75}}
    narrow = {"type": "bar", "fill": LINE, "height": {"band": 0.35}}
    text = {"type": "text", "align": "left", "fontSize": 14, "color": INK}
    return {
        **_whole(WIDTH, BAR * len(rows)),
        "padding": {"left": 30, "right": 60, "top": 5, "bottom": 5},
        "data": {"values": rows},
        "layer": [
            layer("budget", wide),
            layer("spent", narrow),
            layer("forecast", _DIAMOND),
            {
                "name": "figures",
                "mark": text,
                "encoding": {"x": {"value": WIDTH + 8}, "y": down, "text": {"field": "text"}},
            },
        ],
    }


def _lines(months: Sequence[Month], forecast: int) -> Spec:
    amounts = [each.budget for each in months] + [each.spent or 0 for each in months] + [forecast]
    across: Spec = {
        "field": "month",
        "type": "nominal",
        "sort": [each.name for each in months],
        "title": None,
        "scale": {"domain": [each.name for each in months]},
        "axis": {"labelAngle": 0, "labelExpr": "slice(datum.label, 0, 3)", "grid": False},
    }
    up = _axis(amounts)

    def layer(name: str, mark: Spec, values: dict[str, int]) -> Spec:
        rows = [{"month": month, "value": amount / 100} for month, amount in values.items()]
        encoding = {"x": across, "y": {**up, "field": "value"}}
        return {"name": name, "data": {"values": rows}, "mark": mark, "encoding": encoding}

    dashed = {"type": "line", "color": AIM, "strokeDash": [6, 4], "strokeWidth": 2}
    point = {"filled": True, "size": 60, "color": LINE}
    solid = {"type": "line", "color": LINE, "strokeWidth": 3, "point": point}
    spent = {each.name: each.spent for each in months if each.spent is not None}
    return {
        **_whole(WIDE, HEIGHT),
        "padding": {"left": 40, "right": 15, "top": 10, "bottom": 15},
        "layer": [
            layer("budget", dashed, {each.name: each.budget for each in months}),
            layer("spent", solid, spent),
            layer("forecast", _DIAMOND, {months[-1].name: forecast}),
        ],
    }


_DIAMOND: Spec = {
    "type": "point",
    "shape": "diamond",
    "size": 150,
    "filled": True,
    "fill": INK,
    "stroke": "#ffffff",
    "strokeWidth": 1,
    "opacity": 1,
}


def _whole(width: int, height: int) -> Spec:
    return {
        "$schema": SCHEMA,
        "width": width,
        "height": height,
        "background": "#ffffff",
        "title": None,
        "config": CONFIG,
    }
