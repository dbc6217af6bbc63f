"""The chart of a series as a Vega-Lite specification: one for the page, for print and for export.

Rule: floats place marks on a screen and nothing else; every number that is read comes in words from
the figure itself, and the finding is told in words beside the chart. Colour alone tells nothing:
the target is dashed, limits are bands, what may still change is hollow, what is unusual has a ring.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from services.publisher.domain import words
from services.publisher.domain.aids import Break
from services.publisher.domain.figures import Figure
from shared.catalogue.control import Stretch
from shared.catalogue.trend import Aim

Spec = dict[str, Any]
Edge = Sequence[str | None]

SCHEMA = "https://vega.github.io/schema/vega-lite/v6.json"
BELOW = "Every figure is in the table below."
WIDTH, HEIGHT = 660, 260
LABELS = 6
INK, LINE, AIM, AMBER, LIMITS = "#0b0c0c", "#1d70b8", "#505a5f", "#f7d9c4", "#d2e2f1"
# The lines of others: each has a dash of its own beside its colour.
OTHERS = (("dotted purple", "#912b88", [2, 3]), ("dash-dotted brown", "#6f4518", [9, 3, 2, 3]))


@dataclass(frozen=True)
class Course:
    """What a chart shows, oldest first, place by place: figures, their targets, the amber bands of
    their rules, and what others came to, by name. Stretches of control limits and breaks are told
    by place, and may begin before the first."""

    title: str
    figures: Sequence[Figure]
    targets: Sequence[Aim] = ()
    ambers: Sequence[Edge] = ()
    stretches: Sequence[Stretch] = ()
    breaks: Mapping[int, Sequence[Break]] = field(default_factory=dict)
    others: Mapping[str, Sequence[Decimal | None]] = field(default_factory=dict)


@dataclass(frozen=True)
class Chart:
    """A specification, what it shows in words, and a key to the marks that it uses."""

    spec: Spec
    summary: str
    key: list[str]
    breaks: list[str]


def chart(course: Course) -> Chart | None:
    """The chart of a course. None where fewer than two of its figures are numbers."""
    if sum(figure.number is not None for figure in course.figures) < 2:
        return None
    drawn = [each for each in course.stretches if each.last > 0]
    layers: list[Spec] = []
    key: list[str] = []
    floor = _floor(course)
    if drawn:
        layers += _limits(drawn, floor)
        key.append("The blue band holds the usual ups and downs, its thin line the mean")
    if any(any(edge) for edge in course.ambers):
        layers.append(_ambers(course.ambers, course.targets))
        key.append("The orange band is what is still amber")
    if any(each is not None for aim in course.targets for each in aim):
        layers += _targets(course.targets)
        key.append("The dashed line is the target")
    for (name, numbers), (look, colour, dash) in zip(course.others.items(), OTHERS, strict=False):
        mark = {"type": "line", "color": colour, "strokeDash": dash, "strokeWidth": 2}
        layers.append(_line(numbers, mark, "others"))
        key.append(f"The {look} line is {name}")
    layers += _breaks(course.breaks)
    layers += _own(course)
    if any(each.unfinished or each.status == "provisional" for each in course.figures):
        key.append("A hollow point is unfinished or provisional")
    if any(each.signals for each in drawn):
        key.append("A ring marks a figure that is more than usual")
    spec = {
        "$schema": SCHEMA,
        "width": WIDTH,
        "height": HEIGHT,
        "background": "#ffffff",
        "title": None,
        "encoding": {"x": _across(course.figures)},
        "resolve": {"scale": {"y": "shared"}},
        "layer": layers,
        "config": CONFIG,
    }
    breaks = [each.words() for place, told in course.breaks.items() if place >= 0 for each in told]
    return Chart(spec, _summary(course.figures, course.title), key, breaks)


CONFIG: Spec = {
    "font": "Arial, Helvetica, sans-serif",
    "aria": False,
    "view": {"stroke": None},
    "axis": {
        "labelColor": INK,
        "labelFontSize": 14,
        "titleColor": INK,
        "gridColor": "#d8dbdd",
        "domainColor": "#505a5f",
        "tickColor": "#505a5f",
    },
}


def _across(figures: Sequence[Figure]) -> Spec:
    """The axis of periods: every place by its number, a few of them labelled."""
    last = len(figures) - 1
    every = max(1, -(-len(figures) // LABELS))
    labels = {
        str(place): words.short_period(figure.period_code)
        for place, figure in enumerate(figures)
        if place % every == 0
    }
    return {
        "field": "place",
        "type": "quantitative",
        "title": None,
        "scale": {"domain": [0, last], "nice": False, "zero": False},
        "axis": {
            "values": [int(place) for place in labels],
            "labelExpr": _labels(labels),
            "grid": False,
            "labelFlush": 24,
            "labelPadding": 8,
        },
    }


def _labels(labels: Mapping[str, str]) -> str:
    """An expression that gives each place its label; the texts are ours, of periods alone."""
    cases = "".join(f"datum.value == {place} ? '{text}' : " for place, text in labels.items())
    return f"{cases}''"


def _up(name: str = "value") -> Spec:
    return {
        "field": name,
        "type": "quantitative",
        "title": None,
        "scale": {"zero": True},
        "axis": {"tickCount": 5, "format": ",~r"},
    }


def _limits(drawn: Sequence[Stretch], floor: Decimal | None) -> list[Spec]:
    rows = []
    for each in drawn:
        lower = each.limits.lower if floor is None else max(each.limits.lower, floor)
        rows.append(
            {
                "place": max(0, each.first),
                "until": each.last,
                "value": float(lower),
                "upper": float(each.limits.upper),
                "centre": float(each.limits.centre),
            }
        )
    across = {"x2": {"field": "until"}}
    return [
        {
            "name": "limits",
            "data": {"values": rows},
            "mark": {"type": "rect", "color": LIMITS, "opacity": 0.7},
            "encoding": {"y": _up(), "y2": {"field": "upper"}, **across},
        },
        {
            "name": "mean",
            "data": {"values": rows},
            "mark": {"type": "rule", "color": LINE, "strokeWidth": 1, "opacity": 0.6},
            "encoding": {"y": _up("centre"), **across},
        },
    ]


def _ambers(ambers: Sequence[Edge], targets: Sequence[Aim]) -> Spec:
    """The band between the green and the amber, as wide as it is at each place."""
    rows = [
        {"place": place, "value": float(edge[0]), "upper": float(edge[1])}
        for place, edge in enumerate(ambers)
        if len(edge) == 2 and edge[0] is not None and edge[1] is not None
    ]
    return {
        "name": "amber",
        "data": {"values": rows},
        "mark": {"type": "area", "color": AMBER, "opacity": 0.7, "interpolate": "step"},
        "encoding": {"y": _up(), "y2": {"field": "upper"}},
    }


def _targets(targets: Sequence[Aim]) -> list[Spec]:
    """The line of a target; of a range, its lower and its upper one."""
    lows, highs = [low for low, _ in targets], [high for _, high in targets]
    lines = [lows] if lows == highs else [lows, highs]
    mark = {"type": "line", "color": AIM, "strokeDash": [6, 4], "strokeWidth": 2}
    return [_line(line, mark, "target") for line in lines]


def _breaks(breaks: Mapping[int, Sequence[Break]]) -> list[Spec]:
    """A rule between the last place before a break and the first one after it."""
    rows = [{"place": place - 0.5} for place in breaks if place > 0]
    if not rows:
        return []
    mark = {"type": "rule", "color": INK, "strokeDash": [1, 3], "strokeWidth": 2}
    return [{"name": "break", "data": {"values": rows}, "mark": mark}]


def _own(course: Course) -> list[Spec]:
    """The figures: a line that breaks where there is none, and a point for each."""
    signals = {place for each in course.stretches for place in each.signals}
    rows, segment = [], 0
    for place, figure in enumerate(course.figures):
        if place in course.breaks or figure.number is None:
            segment += 1
        if figure.number is not None:
            hollow = figure.unfinished or figure.status == "provisional"
            rows.append(
                {
                    "place": place,
                    "value": float(figure.number),
                    "segment": segment,
                    "hollow": hollow,
                    "unusual": place in signals,
                }
            )
    filled = {"condition": {"test": "datum.hollow", "value": "#ffffff"}, "value": LINE}
    layers: list[Spec] = [
        {
            "name": "line",
            "data": {"values": rows},
            "mark": {"type": "line", "color": LINE, "strokeWidth": 3},
            "encoding": {"y": _up(), "detail": {"field": "segment"}},
        },
        {
            "name": "points",
            "data": {"values": rows},
            "mark": {"type": "point", "size": 60, "stroke": LINE, "strokeWidth": 2, "opacity": 1},
            "encoding": {"y": _up(), "fill": filled},
        },
    ]
    unusual = [row for row in rows if row["unusual"]]
    if unusual:
        layers.append(
            {
                "name": "unusual",
                "data": {"values": unusual},
                "mark": {"type": "point", "size": 260, "stroke": INK, "strokeWidth": 2},
                "encoding": {"y": _up()},
            }
        )
    return layers


def _line(numbers: Sequence[Decimal | None], mark: Spec, name: str) -> Spec:
    rows, segment = [], 0
    for place, number in enumerate(numbers):
        if number is None:
            segment += 1
        else:
            rows.append({"place": place, "value": float(number), "segment": segment})
    return {
        "name": name,
        "data": {"values": rows},
        "mark": mark,
        "encoding": {"y": _up(), "detail": {"field": "segment"}},
    }


def _floor(course: Course) -> Decimal | None:
    """Of figures that are never below nought, a limit below it says nothing."""
    known = [figure.number for figure in course.figures if figure.number is not None]
    return Decimal(0) if min(known) >= 0 else None


def _summary(figures: Sequence[Figure], title: str) -> str:
    """What the chart shows, for those who do not see it: the finding first."""
    known = [figure for figure in figures if figure.number is not None]
    lowest = min(known, key=lambda figure: figure.number or Decimal(0))
    highest = max(known, key=lambda figure: figure.number or Decimal(0))
    return (
        f"{title}: from {known[0].text} in {known[0].period} to {known[-1].text} in "
        f"{known[-1].period}. Lowest {lowest.text} in {lowest.period}, highest {highest.text} in "
        f"{highest.period}. {BELOW}"
    )
