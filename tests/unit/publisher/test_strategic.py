"""How the set for members is grouped, counted and put into quarters."""

from datetime import date
from typing import Any

import pytest

from services.publisher.domain import strategic
from services.publisher.domain.strategic import Ended, columns_of, columns_to, counted
from services.publisher.domain.tallies import Tally
from shared.catalogue.model import Catalogue, Indicator, Portfolio, Priority, Service


def indicator(code: str = "A1", **more: Any) -> Indicator:
    asked: dict[str, Any] = {
        "code": code,
        "title": code,
        "formula": "x",
        "unit": "count",
        "strategic": True,
    }
    return Indicator(**{**asked, **more})


def catalogue(*indicators: Indicator, priorities: tuple[str, ...] = ()) -> Catalogue:
    return Catalogue(
        portfolios={"homes": Portfolio("homes", "Homes")},
        services={"letting": Service("letting", "Letting", portfolio="homes")},
        priorities={code: Priority(code, code.title()) for code in priorities},
        indicators={each.code: each for each in indicators},
    )


@pytest.mark.parametrize(
    ("today", "newest"),
    [
        (date(2026, 11, 30), "2026-27-Q2"),
        (date(2026, 12, 31), "2026-27-Q2"),
        (date(2027, 1, 1), "2026-27-Q3"),
        (date(2026, 4, 1), "2025-26-Q4"),
    ],
)
def test_a_quarter_is_a_column_from_the_day_after_its_last(today: date, newest: str) -> None:
    shown = [each.code for each in columns_to(today).quarters]
    assert shown[-1] == newest
    assert len(shown) == 5
    assert columns_of(newest) == columns_to(today)


@pytest.mark.parametrize(
    ("more", "subjects"),
    [
        ({"periods": ["month", "quarter"]}, ["2025-26-Q2", "2025-26-Q3", "2026-27-Q2"]),
        ({"periods": ["month"]}, ["2025-09", "2025-12", "2026-09"]),
        ({"periods": ["year-to-date"]}, ["2025-26-to-09", "2025-26-to-12", "2026-27-to-09"]),
        ({"periods": ["rolling-12-months"]}, ["2025-09-R12", "2025-12-R12", "2026-09-R12"]),
        ({"periods": ["calendar-year"]}, ["", "2025", ""]),
        ({"periods": ["academic-year"]}, ["2024-25-AY", "", "2025-26-AY"]),
        (
            {"periods": ["cumulative"], "cumulative_from": "2024-04"},
            ["2024-04-to-2025-09", "2024-04-to-2025-12", "2024-04-to-2026-09"],
        ),
        ({"periods": ["day"]}, ["", "", ""]),
    ],
)
def test_a_quarter_waits_for_the_figure_that_ends_last_in_it(
    more: dict[str, Any], subjects: list[str]
) -> None:
    places = columns_of("2026-27-Q2").places(indicator(**more), [])
    found = [places[0], places[1], places[4]]
    assert found == [f"A1/{each}" if each else "" for each in subjects]


def test_the_last_figure_of_its_own_kind_stands_for_a_quarter() -> None:
    found = [
        Ended("A1/2026-08", "A1", "month", "2026-08-31"),
        Ended("A1/2026-07", "A1", "month", "2026-07-31"),
        Ended("A1/2026-27", "A1", "financial-year", "2026-09-30"),
        Ended("B1/2026-09", "B1", "month", "2026-09-30"),
    ]
    places = columns_of("2026-27-Q2").places(indicator(periods=["month"]), found)
    assert places[-1] == "A1/2026-08"
    assert places[0] == "A1/2025-09"


def test_groups_are_priorities_in_their_order_and_what_has_none_comes_last() -> None:
    known = catalogue(
        indicator("A1"),
        indicator("B1", priority="b"),
        indicator("C1", priority="a"),
        indicator("D1", priority="a", strategic=False),
        priorities=("a", "b", "c"),
    )
    found = strategic.groups(known)
    assert [(each.code, [i.code for i in each.indicators]) for each in found] == [
        ("a", ["C1"]),
        ("b", ["B1"]),
        ("others", ["A1"]),
    ]
    assert strategic.place_of(found[0], known) is not None
    assert strategic.place_of(found[2], known) is None


def test_without_priorities_portfolios_group_and_are_not_counted_as_them() -> None:
    known = catalogue(indicator("A1", service="letting"), indicator("B1", service="gone"))
    found = strategic.groups(known)
    assert [(each.name, len(each.indicators)) for each in found] == [
        ("Homes", 1),
        ("Other indicators", 1),
    ]
    assert strategic.place_of(found[0], known) is None


def test_counts_are_a_sentence() -> None:
    aimed = indicator(targets=[{"value": 1}])
    tally = Tally(11, 4, 2)
    assert counted([aimed] * 17 + [indicator()] * 5, tally).sentence() == (
        "17 of 22 have a target; 11 are green, 4 amber and 2 red."
    )
    assert counted([aimed] * 2, Tally(1, 0, 0)).sentence() == (
        "2 of 2 have a target; 1 is green, 0 amber and 0 red, 1 not judged yet."
    )
    assert counted([indicator()], Tally(0, 0, 0)).sentence() == "None of 1 indicator has a target."
    assert counted([], Tally(0, 0, 0)).sentence() == "No indicator is marked as strategic yet."


def test_slides_have_an_end_on_both_sides() -> None:
    assert strategic.neighbours(["a", "b", "c"], "b") == ("a", "c")
    assert strategic.neighbours(["a"], "a") == ("", "")
