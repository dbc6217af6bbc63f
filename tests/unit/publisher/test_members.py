"""The parts of a figure side by side: who is highest, what is left out, and the lines across."""

from collections.abc import Mapping
from dataclasses import replace
from decimal import Decimal as D

from services.publisher.domain.figures import Figure
from services.publisher.domain.members import Whole, members_chart
from services.publisher.domain.saying import Saying
from services.publisher.domain.vega import Chart
from tests.unit.publisher.headline_figures import indicator, shown

SHARE = Saying("percentage", 0)
WARDS = {"Abbey": "82", "Bathwick": "61", "Lyncombe": "75", "Twerton": "82"}


def parts(numbers: Mapping[str, str | None]) -> list[Figure]:
    """A figure for each ward."""
    made = indicator("EP02")
    return [
        replace(shown(made, number), subject=f"EP02/2019-20-Q2/ward={ward}", member=ward)
        for ward, number in numbers.items()
    ]


def drawn(found: list[Figure], whole: Whole, say: Saying = SHARE) -> Chart | None:
    named = {each.subject: each.member for each in found}
    return members_chart("Closed in time by ward", found, named, whole, say)


def names(found: Chart | None) -> list[str]:
    assert found is not None
    return [row["name"] for row in found.spec["data"]["values"]]


def test_the_finding_names_the_ends_and_counts_who_is_above_the_council() -> None:
    found = drawn(parts(WARDS), Whole(D(75), (D(80), D(80)), "high"))
    assert found is not None
    assert found.summary == (
        "Closed in time by ward: Abbey and Twerton are highest at 82%, Bathwick is lowest at 61%; "
        "2 of 4 are above the council’s 75%. Every figure is in the table below."
    )
    assert found.key == [
        "The solid line is the whole council, 75%",
        "The dashed line is the target, 80%",
    ]
    across = found.spec["layer"][-1]
    assert across["name"] == "levels"
    assert across["data"]["values"] == [
        {"value": 75.0, "solid": True}, {"value": 80.0, "solid": False},
    ]  # fmt: skip


def test_the_best_stand_first_whichever_way_is_good() -> None:
    assert names(drawn(parts(WARDS), Whole(polarity="high")))[-1] == "Bathwick"
    assert names(drawn(parts(WARDS), Whole(polarity="low")))[0] == "Bathwick"


def test_small_numbers_and_blanks_are_no_marks_and_are_said() -> None:
    found = parts({**WARDS, "Newbridge": "100", "Weston": None})
    found[4] = replace(found[4], small="Rests on fewer than 5: not for publication")
    chart = drawn(found, Whole(D(75)))
    assert names(chart) == ["Abbey", "Twerton", "Lyncombe", "Bathwick"]
    assert chart is not None
    assert "100" not in chart.summary
    assert "1 rests on too few cases to be shown. 1 has no figure." in chart.summary


def test_a_count_is_not_held_against_the_whole() -> None:
    chart = drawn(parts(WARDS), Whole(D(300), (D(250), D(250))), Saying("count", 0))
    assert chart is not None
    assert "council" not in chart.summary
    assert chart.key == []


def test_a_range_has_two_lines_and_one_key() -> None:
    chart = drawn(parts(WARDS), Whole(D(75), (D("70.5"), D(80))))
    assert chart is not None
    assert chart.key[1:] == ["The dashed lines are the ends of the target, 70.5% to 80%"]
    assert len(chart.spec["layer"][-1]["data"]["values"]) == 3


def test_what_nothing_is_recorded_of_is_never_named_as_an_end() -> None:
    chart = drawn(parts({**WARDS, "Not recorded": "99"}), Whole(D(75)))
    assert chart is not None
    assert "Not recorded" not in chart.summary
    assert "3 of 5 are above" in chart.summary


def test_parts_that_are_alike_and_a_part_alone() -> None:
    alike = drawn(parts({"Abbey": "5", "Bathwick": "5"}), Whole(D(5)))
    assert alike is not None
    assert "All are at 5%; none of 2 are above the council’s 5%." in alike.summary
    assert drawn(parts({"Abbey": "5"}), Whole(D(5))) is None
