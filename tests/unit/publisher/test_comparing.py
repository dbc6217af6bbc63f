"""Ranks and quartiles in words, the order of lines, and the chart of areas."""

from dataclasses import replace
from decimal import Decimal as D

import pytest

from services.publisher.domain.areas_chart import MOST_BARS, Area, areas_chart, median_of
from services.publisher.domain.comparing import (
    DASH,
    Line,
    finding,
    line_order,
    line_quartiles,
    ordinal,
    quartiles,
    rank_words,
    tally_words,
)
from services.publisher.domain.saying import Saying
from services.publisher.painting.painter import Painter
from shared.catalogue.benchmarks import standing

OTHERS = [D(n) for n in (10, 20, 30, 40, 50)]
LINE = Line(
    code="A", title="Calls answered", service_code="s", service="Customers", group_code="g",
    group="Neighbours", period="2025/26", own="45%", lower="20.0%", median="30.0%", upper="40.0%",
    areas=5, rank=2, quartile=1, words="2nd of 6, best quarter", distance=DASH, england="33%",
    wanted="Higher is better",
)  # fmt: skip


@pytest.mark.parametrize(
    ("number", "text"),
    [(1, "1st"), (2, "2nd"), (3, "3rd"), (4, "4th"), (11, "11th"), (12, "12th"), (13, "13th"),
     (21, "21st"), (102, "102nd"), (111, "111th")],
)  # fmt: skip
def test_places_in_words(number: int, text: str) -> None:
    assert ordinal(number) == text


@pytest.mark.parametrize(
    ("own", "polarity", "text"),
    [
        ("45", "high", "2nd of 6, best quarter"),
        ("45", "low", "5th of 6, worst quarter"),
        ("30", "high", "3rd of 6, second-best quarter"),
        ("25", "high", "4th of 6, second-worst quarter"),
        ("45", "none", "Not ranked"),
        (None, "high", "No own figure to rank"),
    ],
)
def test_a_rank_says_which_quarter_and_which_end_is_good(
    own: str | None, polarity: str, text: str
) -> None:
    number = None if own is None else D(own)
    found = standing(number, OTHERS, polarity)
    assert found is not None
    assert rank_words(found, number, polarity) == text


def test_quartiles_are_of_the_other_areas() -> None:
    assert quartiles(OTHERS) == (D(20), D(30), D(40))
    assert quartiles([]) is None
    assert line_quartiles(OTHERS, Saying("percentage", 0)) == ("20.0%", "30.0%", "40.0%")
    assert line_quartiles([], Saying("percentage", 0)) == (DASH, DASH, DASH)


def test_lines_are_ordered_by_what_is_asked_and_what_has_no_rank_stands_last() -> None:
    worst = replace(LINE, code="B", title="Bins", rank=6, quartile=4, service="Waste")
    unranked = replace(LINE, code="C", title="A census", rank=None, quartile=None, service="A desk")
    listed = [LINE, unranked, worst]

    def codes(sort: str) -> str:
        return "".join(line.code for line in sorted(listed, key=line_order(sort)))

    assert codes("quartile") == "BAC"
    assert codes("best") == "ABC"
    assert codes("indicator") == "CBA"
    assert codes("service") == "CAB"


def test_how_many_are_in_which_quarter_is_one_sentence() -> None:
    worst = replace(LINE, quartile=4)
    assert tally_words([LINE, LINE, worst]) == (
        "Of 3 indicators that are ranked, 2 are in the best quarter and 1 is in the worst quarter."
    )
    assert tally_words([LINE]) == (
        "Of 1 indicator that is ranked, 1 is in the best quarter."
    )  # fmt: skip
    assert tally_words([replace(LINE, quartile=None)]).startswith("No indicator is ranked")


def test_the_finding_of_the_chart_is_a_sentence() -> None:
    assert finding(LINE) == (
        "Calls answered, 2025/26: 45% here; the median of 5 other areas (Neighbours) is 30.0%. "
        "That is 2nd of 6, best quarter. England: 33%."
    )


def some(count: int) -> list[Area]:
    areas = [Area(f"Area {n}", D(n), f"{n}%") for n in range(count)]
    return [*areas, Area("Here", D(3), "3%", "own"), Area("England", D(4), "4%", "england")]


def test_the_own_area_has_a_diamond_and_words_and_england_an_outline() -> None:
    found = areas_chart(some(3), [median_of(D(1))], "the finding")
    assert found is not None
    assert found.key == [
        "The diamond marks this council", "England has an outline",
        "The dashed line is the median of the other areas",
    ]  # fmt: skip
    named = [row["name"] for row in found.spec["data"]["values"]]
    assert named[3] == "Here (this council)"
    assert [layer["name"] for layer in found.spec["layer"]] == ["areas", "own", "figures", "levels"]


def test_very_many_areas_are_a_strip() -> None:
    found = areas_chart(some(MOST_BARS), [median_of(D(1))], "the finding")
    assert found is not None
    assert found.spec["height"] < 100
    assert [layer["name"] for layer in found.spec["layer"]] == ["areas", "own", "names", "levels"]


def test_areas_of_one_name_stay_apart_and_one_area_is_no_chart() -> None:
    found = areas_chart([Area("Abbey", D(1), "1"), Area("Abbey", D(2), "2")], [], "x")
    assert found is not None
    assert [row["name"] for row in found.spec["data"]["values"]] == ["Abbey", "Abbey (2)"]
    assert areas_chart([Area("Abbey", D(1), "1")], [], "x") is None


def test_the_painter_draws_both_and_a_hostile_name_is_text() -> None:
    painter = Painter()
    try:
        hostile = Area("'];alert(1)//<script>", D(2), "2%")
        for areas in ([*some(3), hostile], [*some(MOST_BARS), hostile]):
            found = areas_chart(areas, [median_of(D(1))], "x")
            assert found is not None
            drawn = painter.svg(found.spec)
            assert drawn
            assert "<script" not in drawn
            assert "Here (this council)" in drawn
    finally:
        painter.close()
