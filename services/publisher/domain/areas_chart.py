"""The chart of an indicator's areas as a Vega-Lite specification: a bar for each, the best at the
top; of very many, a strip.

Rule: as of every chart (see vega): floats place marks and nothing else, figures come in words, and
colour alone tells nothing. The own area has a diamond and the words "this council", England an
outline, and what areas are held against (a median, a target) is a line with a dash of its own. What
areas are called is data, and part of no expression.
"""

from collections.abc import Iterable, Sequence
from decimal import Decimal
from typing import NamedTuple

from services.publisher.domain.vega import AIM, CONFIG, INK, LINE, SCHEMA, Chart, Spec

WIDTH = 460
BAR = 26
STRIP = 90
MOST_BARS = 45
OTHER = "#b1c9dd"


class Area(NamedTuple):
    """An area's figure; `kind` is own, england or other."""

    name: str
    number: Decimal
    text: str
    kind: str = "other"


class Level(NamedTuple):
    """A line across all areas; `key` says what it is, `solid` tells it from the others."""

    number: Decimal
    key: str
    solid: bool = False


def median_of(number: Decimal) -> Level:
    """The line of a median."""
    return Level(number, "The dashed line is the median of the other areas")


def areas_chart(areas: Sequence[Area], levels: Sequence[Level], finding: str) -> Chart | None:
    """The chart of areas, in the order in which they are given. None where there are fewer than
    two."""
    if len(areas) < 2:
        return None
    rows = [
        {
            "name": name,
            "value": float(each.number),
            "text": each.text,
            "own": each.kind == "own",
            "england": each.kind == "england",
        }
        for each, name in zip(areas, _names(areas), strict=True)
    ]
    bars = len(rows) <= MOST_BARS
    layers = _bars(rows) if bars else _strip(rows)
    key = ["The diamond marks this council"] if any(row["own"] for row in rows) else []
    if any(row["england"] for row in rows):
        key.append("England has an outline")
    if levels:
        layers.append(_levels(levels))
        key += dict.fromkeys(each.key for each in levels)
    spec: Spec = {
        "$schema": SCHEMA,
        "width": WIDTH,
        "height": BAR * len(rows) if bars else STRIP,
        "background": "#ffffff",
        "title": None,
        # Where the reader's letters are wider than those that the drawing was measured with.
        "padding": {"left": 50, "right": 30, "top": 5, "bottom": 5},
        "data": {"values": rows},
        "layer": layers,
        "config": CONFIG,
    }
    return Chart(spec, finding, key, [])


def _names(areas: Sequence[Area]) -> list[str]:
    return apart(
        f"{each.name} (this council)" if each.kind == "own" else each.name for each in areas
    )


def apart(names: Iterable[str]) -> list[str]:
    """What bars are called on a chart: no two alike, since bars go by their names."""
    seen: dict[str, int] = {}
    found = []
    for name in names:
        seen[name] = seen.get(name, 0) + 1
        found.append(name if seen[name] == 1 else f"{name} ({seen[name]})")
    return found


def _across() -> Spec:
    return {
        "field": "value",
        "type": "quantitative",
        "title": None,
        "scale": {"zero": True},
        "axis": {"tickCount": 5, "format": ",~r"},
    }


def _down() -> Spec:
    return {
        "field": "name",
        "type": "nominal",
        "sort": None,
        "title": None,
        "axis": {"labelLimit": 240, "ticks": False, "domain": False, "labelPadding": 8},
    }


def _bars(rows: Sequence[Spec]) -> list[Spec]:
    place = {"x": _across(), "y": _down()}
    fill = {
        "condition": [
            {"test": "datum.own", "value": LINE},
            {"test": "datum.england", "value": "#ffffff"},
        ],
        "value": OTHER,
    }
    return [
        {
            "name": "areas",
            "mark": {"type": "bar", "stroke": INK, "strokeWidth": 1, "height": {"band": 0.7}},
            "encoding": {**place, "fill": fill},
        },
        _own(place, rows),
        {
            "name": "figures",
            "mark": {"type": "text", "align": "left", "fontSize": 14, "color": INK},
            "encoding": {"x": {"value": WIDTH + 8}, "y": _down(), "text": {"field": "text"}},
        },
    ]


def _strip(rows: Sequence[Spec]) -> list[Spec]:
    place = {"x": _across()}
    named = [row for row in rows if row["own"] or row["england"]]
    mark = {"type": "text", "dy": -32, "fontSize": 14, "color": INK}
    return [
        {
            "name": "areas",
            "mark": {"type": "tick", "color": INK, "opacity": 0.5, "thickness": 2, "size": 30},
            "encoding": place,
        },
        _own(place, rows),
        {
            "name": "names",
            "data": {"values": named},
            "mark": mark,
            "encoding": {**place, "text": {"field": "name"}},
        },
    ]


def _own(place: Spec, rows: Sequence[Spec]) -> Spec:
    return {
        "name": "own",
        "data": {"values": [row for row in rows if row["own"]]},
        "mark": {
            "type": "point",
            "shape": "diamond",
            "size": 170,
            "filled": True,
            "fill": INK,
            "stroke": "#ffffff",
            "strokeWidth": 1,
            "opacity": 1,
        },
        "encoding": place,
    }


def _levels(levels: Sequence[Level]) -> Spec:
    rows = [{"value": float(each.number), "solid": each.solid} for each in levels]
    dash = {"condition": {"test": "datum.solid", "value": [1, 0]}, "value": [6, 4]}
    colour = {"condition": {"test": "datum.solid", "value": INK}, "value": AIM}
    return {
        "name": "levels",
        "data": {"values": rows},
        "mark": {"type": "rule", "strokeWidth": 2},
        "encoding": {"x": _across(), "strokeDash": dash, "color": colour},
    }
