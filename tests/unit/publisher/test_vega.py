"""The chart of a course: its specification, its words, and the picture that comes of it."""

import re
import sys
from collections.abc import Iterator
from decimal import Decimal as D
from pathlib import Path
from typing import Any

import msgspec
import pytest

from services.publisher.domain.aids import breaks_of, broken_at, limits_of
from services.publisher.domain.figures import Figure, Stamp, decode_value, figure
from services.publisher.domain.vega import Chart, Course, chart
from services.publisher.painting.painter import Painter
from services.publisher.web.pictures import pictures
from shared.catalogue.model import Break as Defined
from shared.catalogue.model import Indicator
from shared.catalogue.trend import NO_AIM
from shared.contracts.states import IndicatorValue
from tests.integration.publisher_sample import Q1, Q2, value
from tests.unit.publisher.test_aids import TODAY, indicator, months

NUMBERS: list[int | None] = [10, 12, 10, 12, 10, 12, 10, 30, 50, 52]


@pytest.fixture(scope="module")
def painter() -> Iterator[Painter]:
    found = Painter()
    yield found
    found.close()


def figures(values: list[IndicatorValue], made: Indicator | None = None) -> list[Figure]:
    return [figure(f"X/{v.period.code}", v, made, Stamp("", ""), TODAY, {}) for v in values]


def full() -> Chart:
    values = months(NUMBERS)
    made = indicator(breaks=[Defined(from_="2018-12", note="x")])
    breaks = broken_at([v.period.code for v in values], breaks_of(made))
    found = chart(
        Course(
            "Parcels",
            figures(values),
            [(D(20), D(20))] * 10,
            [["15", "20"]] * 10,
            limits_of(made, values, TODAY),
            breaks,
            {"England": [D(25)] * 10},
        )
    )
    assert found is not None
    return found


def layer(found: Chart, name: str) -> list[dict[str, Any]]:
    """The rows of every layer of a name."""
    return [
        row
        for each in found.spec["layer"]
        if each["name"] == name
        for row in each["data"]["values"]
    ]


def test_limits_amber_target_others_breaks_and_signals_are_drawn_and_told() -> None:
    found = full()
    [limits] = layer(found, "limits")
    assert (limits["place"], limits["until"]) == (0, 7)
    assert limits["value"] < layer(found, "mean")[0]["centre"] < limits["upper"]
    assert {row["upper"] for row in layer(found, "amber")} == {20.0}
    assert {row["value"] for row in layer(found, "target")} == {20.0}
    assert {row["value"] for row in layer(found, "others")} == {25.0}
    assert layer(found, "break") == [{"place": 7.5}]
    assert [row["place"] for row in layer(found, "unusual")] == [7]
    # The line is cut at the break.
    assert [row["segment"] for row in layer(found, "line")] == [0] * 8 + [1] * 2
    assert found.breaks == ["From December 2018: x"]
    assert len(found.key) == 5
    assert any("England" in each for each in found.key)


def test_the_finding_is_told_in_words_and_the_line_breaks_where_there_is_no_number() -> None:
    periods = ((Q1, "81.3"), (Q2, None), (("2019-20-Q3", *Q2[1:]), "66.7"))
    values = [
        decode_value(msgspec.json.encode(value("EP02", period, number)))
        for period, number in periods
    ]
    found = chart(Course("Closed in time", figures(values), [NO_AIM] * 3))
    assert found is not None
    assert "from 81.3% in April to June 2019 to 66.7% in October to December 2019" in found.summary
    assert [row["segment"] for row in layer(found, "line")] == [0, 1]
    assert chart(Course("Closed in time", figures(values[:2]))) is None


def test_a_range_is_drawn_as_two_lines() -> None:
    values = months([1, 2])
    one = chart(Course("X", figures(values), [(D(2), D(2))] * 2))
    two = chart(Course("X", figures(values), [(D(1), D(2))] * 2))
    assert one is not None
    assert two is not None
    assert (len(layer(one, "target")), len(layer(two, "target"))) == (2, 4)


def test_what_may_still_change_is_hollow() -> None:
    values = months([1, 2, 3])
    values[2].status = "provisional"
    found = chart(Course("X", figures(values)))
    assert found is not None
    assert [row["hollow"] for row in layer(found, "points")] == [False, False, True]
    assert "A hollow point is unfinished or provisional" in found.key


def test_the_picture_needs_no_style_and_has_one_description(painter: Painter) -> None:
    drawn = str(pictures(painter)(full(), 'Parcels <"late">', "chart"))
    assert 'aria-labelledby="chart-title chart-words"' in drawn
    assert '<title id="chart-title">Parcels &lt;&#34;late&#34;&gt;</title>' in drawn
    assert drawn.count("role=") == 1
    assert "style=" not in drawn
    assert "<script" not in drawn
    for name in ("limits", "target", "others", "break", "line", "points", "unusual"):
        assert f"{name}_marks" in drawn
    assert re.search(r"<text[^>]*>Apr 2018</text>", drawn)


def test_the_same_chart_is_drawn_once_and_a_png_is_one(painter: Painter) -> None:
    spec = full().spec
    assert painter.svg(spec) is painter.svg(spec) or painter.svg(spec) == painter.svg(spec)
    png = painter.png(spec)
    assert png is not None
    assert png.startswith(b"\x89PNG")


def test_what_cannot_be_drawn_is_no_picture_and_the_next_one_is(painter: Painter) -> None:
    assert painter.svg({"mark": "nonsense", "encoding": 5}) is None
    # A specification that would fetch something is not drawn.
    elsewhere = {"data": {"url": "http://127.0.0.1:9/x.json"}, "mark": "point", "encoding": {}}
    assert painter.svg(elsewhere) is None
    assert painter.svg(full().spec)
    none = Chart({"mark": "nonsense", "encoding": 5}, "", [], [])
    assert str(pictures(painter)(none, "X", "chart")) == ""


def test_a_process_that_dies_is_made_anew(tmp_path: Path) -> None:
    mark = tmp_path / "died"
    program = (
        "import os, sys, pathlib\n"
        f"mark = pathlib.Path({str(mark)!r})\n"
        "line = sys.stdin.readline()\n"
        "if not mark.exists():\n"
        "    mark.touch(); os._exit(1)\n"
        'print(\'{"svg": "<svg/>"}\', flush=True)\n'
        "sys.stdin.readline()\n"
    )
    painter = Painter((sys.executable, "-c", program))
    try:
        assert painter.svg({"a": 1}) is None
        assert painter.svg({"a": 1}) == "<svg/>"
    finally:
        painter.close()
