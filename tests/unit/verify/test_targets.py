"""Which target applies, what it is, and how it is shown."""

from typing import Any

import pytest

from deploy.verify.indicators import Indicators
from deploy.verify.source import Json, Row
from tests.unit.verify import small
from tests.unit.verify.a_council import definition

KINDS = [
    *("day", "month", "quarter", "financial-year", "year-to-date", "academic-year"),
    *("academic-year-to-date", "calendar-year", "calendar-year-to-date", "rolling-3-months"),
    *("rolling-12-months", "rolling-24-months", "pooled-3-years", "cumulative"),
]
ROWS = [{"on": f"{year}-04-01", "n": "1"} for year in range(2021, 2027)]
NO_LIMITS = {"low": None, "high": None, "floor": None}


def target_at(
    period: str, *targets: Json, rows: list[Json] | None = None, **changes: Any
) -> Json | None:
    """The target of an indicator for a period, without the parts that are not there."""
    made = small.indicator(polarity="high", periods=KINDS, cumulative_from="2021-04")
    found = small.figures(
        rows or ROWS, small.COUNT, made | {"targets": list(targets)} | changes, today="2026-06-30"
    )
    target: Json | None = small.state_of(found, f"I/{period}")["target"]
    return target and {name: each for name, each in target.items() if each is not None}


def plainly(value: str, basis: str = "set") -> Json:
    """A target of one number."""
    return {"value": value, "basis": basis}


def test_a_target_is_in_force_for_the_last_month_of_a_period() -> None:
    old, new = {"to": "2025-06", "value": "70"}, {"from": "2025-07", "value": "90.50"}
    assert target_at("2025-06", old, new) == plainly("70")
    assert target_at("2025-07", old, new) == plainly("90.5")
    assert target_at("2025-26-Q1", old, new) == plainly("70")
    assert target_at("2025-26", old, new) == plainly("90.5")
    assert target_at("2025-07", old) is None
    assert target_at("2025-06", new) is None
    assert target_at("2025-06-30", old, new) == plainly("70")


def test_what_is_not_judged_has_no_target() -> None:
    assert target_at("2025-06", {"value": "70"}, polarity="none") is None


def test_a_target_for_some_kinds_of_period_is_for_no_other() -> None:
    quarterly = {"value": "70", "periods": ["quarter"]}
    assert target_at("2025-26-Q1", quarterly) == plainly("70")
    assert target_at("2025-06", quarterly) is None
    assert target_at("2025-06", quarterly, {"value": "20", "periods": ["month"]}) == plainly("20")


@pytest.mark.parametrize(
    ("period", "value"),
    [
        ("2025-06", "26"),
        ("2025-07", None),
        ("2025-26-Q1", "25"),
        ("2025-26-Q2", "59"),  # by its last month, September
        ("2025-26-Q3", None),
        ("2025-26-to-06", "26"),  # the month before the quarter
        ("2025-26-to-05", None),
        ("2025-26-to-03", "98"),  # March ends quarter 4
        ("2025-26-AY-to-09", "59"),
        ("2025-to-06", "26"),
        ("2025-26-AY-to-03", "98"),
        ("2025-06-R12", None),
        ("2025-06-01", None),
    ],
)
def test_a_profile_says_what_is_to_be_reached_by_when(period: str, value: str | None) -> None:
    profile = {"Q1": "25", "Q4": "98", "06": "26", "09": "59"}
    expected = None if value is None else plainly(value, "profile")
    assert target_at(period, {"profile": profile, "value": "99"}) == expected


def test_a_whole_year_has_the_years_own_value_beside_a_profile() -> None:
    profile = {"Q4": "98"}
    for year in ("2025-26", "2025", "2025-26-AY"):
        assert target_at(year, {"profile": profile, "value": "99"}) == plainly("99")
        assert target_at(year, {"profile": profile}) is None
    assert target_at("2025-26-P3", {"profile": profile, "value": "99"}) is None


@pytest.mark.parametrize(
    ("period", "value", "basis"),
    [
        ("2025-06", "8.3", "even share"),  # a twelfth of 100
        ("2025-26-Q1", "25", "even share"),
        ("2025-26-to-05", "16.7", "even share"),
        ("2025-26-to-03", "100", "set"),
        ("2025-26", "100", "set"),
        ("2025", "100", "set"),
        ("2025-26-AY-to-10", "16.7", "even share"),
        ("2025-06-R3", "25", "even share"),
        ("2025-06-R12", "100", "set"),
        ("2025-06-R24", "200", "even share"),
        ("2025-26-P3", "300", "even share"),
        ("2021-04-to-2022-09", "150", "even share"),
        ("2025-06-01", None, None),
    ],
)
def test_an_evenly_spread_target_gives_each_period_its_share(
    period: str, value: str | None, basis: str | None
) -> None:
    expected = None if value is None else plainly(value, str(basis))
    assert target_at(period, {"value": "100", "spread": "even"}) == expected


def test_a_share_is_shown_with_one_more_place_than_the_value() -> None:
    spread = {"value": "100", "spread": "even", "floor": "5"}
    expected = plainly("8.333", "even share") | {"floor": "5"}
    assert target_at("2025-06", spread, precision=2) == expected


def test_a_goldilocks_target_is_a_range_or_a_midpoint() -> None:
    ranged = {"low": "95.0", "high": "105"}
    expected = {"value": "", "basis": "set", "low": "95", "high": "105"}
    assert target_at("2025-06", ranged, polarity="goldilocks") == expected
    assert target_at("2025-06", {"value": "100"}, polarity="goldilocks") == plainly("100")
    assert target_at("2025-06", {"floor": "1"}) is None


# Targets that follow another figure

GROWING = [{"on": f"2024-{month:02}-01"} for month in range(4, 7) for _ in range(month)]
GROWING += [{"on": f"2025-{month:02}-01"} for month in range(4, 7) for _ in range(10 * month)]


@pytest.mark.parametrize(
    ("relative", "period", "value", "basis"),
    [
        ({"to": "a year ago"}, "2025-06", "6", "the same period a year before"),
        ({"to": "the period before"}, "2025-06", "50", "the period before"),
        ({"to": "the period before"}, "2025-07", "60", "the period before"),
        ({"to": "the period before"}, "2025-26-Q1", "0", "the period before"),
        ({"to": "a year ago", "change": "-2"}, "2025-05", "3", "the same period a year before"),
        (
            {"to": "the period before", "change": "5", "of": "percent"},
            *("2025-05", "42", "the period before"),
        ),
        (
            {"to": "a year ago", "change": "0.55", "of": "percent"},
            *("2025-05", "5", "the same period a year before"),  # 5.0275, with one place
        ),
    ],
)
def test_a_target_follows_an_earlier_figure(
    relative: Json, period: str, value: str, basis: str
) -> None:
    target = {"relative": relative, "floor": "1"}
    expected = plainly(value, basis) | {"floor": "1"}
    assert target_at(period, target, rows=GROWING) == expected


def test_there_is_no_target_where_the_other_figure_has_no_value() -> None:
    relative = {"relative": {"to": "a year ago"}, "value": "9"}
    assert target_at("2024-05", relative, rows=GROWING) is None
    empty = {"no_denominator": "not applicable", "formula": "m / m"}
    assert target_at("2025-07", relative, rows=GROWING, **empty) is None
    assert target_at("2024-04", relative, rows=GROWING, since="2024-04") is None
    assert target_at("2021-04-to-2021-04", {"relative": {"to": "the period before"}}) is None


def test_the_other_figure_is_taken_as_it_was_published() -> None:
    relative = {"relative": {"to": "a year ago"}}
    assert target_at("2025-05", relative, rows=GROWING, formula="m / 2") == plainly(
        "3", "the same period a year before"
    )


def test_a_breakdowns_target_follows_its_own_figure() -> None:
    rows = [{"on": "2024-05-01", "ward": "Abbey"}] * 3 + [{"on": "2025-05-01", "ward": "Abbey"}]
    rows += [{"on": "2024-05-01", "ward": "Mill"}]
    made = small.indicator(
        polarity="high", breakdowns=["ward"], targets=[{"relative": {"to": "a year ago"}}]
    )
    found = small.figures(rows, small.COUNT, made)
    assert small.state_of(found, "I/2025-05")["target"]["value"] == "4"
    assert small.state_of(found, "I/2025-05/ward=Abbey")["target"]["value"] == "3"


AREAS = {"E1": "10", "E2": "20", "E3": "40", "E4": "70", "E9": "1000"}


def beside_others(relative: Json, period: str = "2025-06", **changes: Any) -> Json | None:
    """The target of an indicator that follows other areas' figures."""
    rows: list[Json] = [{"on": "2025-06-01", "area": area, "n": n} for area, n in AREAS.items()]
    rows += [{"on": "2025-06-01", "area": "E5", "n": "0"}]
    elsewhere = small.indicator(
        code="B", formula="5 / (5 / n_sum)", breakdowns=["area"], precision=1, periods=["month"]
    )
    made = small.indicator(
        polarity="high",
        targets=[{"relative": relative}],
        benchmark={"indicator": "B", "area": "area"},
    )
    issues = [
        {"to": "2025-05", "areas": ["E1"]},
        {"from": "2025-06", "areas": ["E1", "E2", "E3", "E4", "E5", "E6", "E9", "E1"]},
    ]
    more: list[Row] = [
        definition("measure", small.amounts("sum", code="n-sum")),
        definition("council", {"code": "us", "area_code": "E9"}),
        definition("peer-group", {"code": "near", "name": "Near neighbours", "issues": issues}),
    ]
    found = small.figures(rows, small.COUNT, elsewhere, made | changes, more=more)
    target: Json | None = small.state_of(found, f"I/{period}")["target"]
    return target and {name: each for name, each in target.items() if each is not None}


PEERS = {"to": "peers", "group": "near"}


@pytest.mark.parametrize(
    ("relative", "polarity", "value", "basis"),
    [
        ({"to": "area", "area": "E3"}, "high", "40", "E3"),
        ({"to": "area", "area": "E3", "change": "1.5"}, "high", "41.5", "E3"),
        (PEERS, "high", "35", "mean of Near neighbours"),  # (10 + 20 + 40 + 70) / 4
        (PEERS | {"statistic": "median"}, "high", "30", "median of Near neighbours"),
        # Rank 2.25 of 10, 20, 40, 70; and rank 0.75
        (
            PEERS | {"statistic": "best quartile"},
            "high",
            "47.5",
            "best quartile of Near neighbours",
        ),
        (PEERS | {"statistic": "best quartile"}, "low", "17.5", "best quartile of Near neighbours"),
    ],
)
def test_a_target_follows_other_areas_without_the_councils_own(
    relative: Json, polarity: str, value: str, basis: str
) -> None:
    assert beside_others(relative, polarity=polarity) == plainly(value, basis)


@pytest.mark.parametrize(
    "relative",
    [
        {"to": "area", "area": "E6"},
        {"to": "area", "area": "E5"},
        {"to": "area"},
        {"to": "peers", "group": "far"},
    ],
)
def test_there_is_no_target_where_no_area_has_a_value(relative: Json) -> None:
    assert beside_others(relative) is None
    assert beside_others(PEERS, "2025-05") is None
    assert beside_others(PEERS, benchmark=None) is None


def judged(found: Indicators, subject: str) -> str:
    """The RAG outcome under a subject."""
    outcome: str = small.state_of(found, subject)["rag"]["outcome"]
    return outcome


def test_a_value_is_judged_by_the_target_that_people_read() -> None:
    """Of 1.04, people read 1.0: a value of 1 meets it."""
    rows = [{"on": "2024-06-01"}, {"on": "2025-06-01"}]
    follows = {"relative": {"to": "a year ago", "change": "0.04"}}
    for target in (follows, {"value": "12.48", "spread": "even"}):
        made = small.indicator(polarity="high", targets=[target])
        found = small.figures(rows, small.COUNT, made)
        assert small.state_of(found, "I/2025-06")["target"]["value"] == "1"
        assert judged(found, "I/2025-06") == "green"


def test_a_target_that_follows_is_for_its_kinds_of_period_alone() -> None:
    follows = {"relative": {"to": "the period before"}, "periods": ["quarter"]}
    assert target_at("2025-06", follows) is None
    assert target_at("2025-26-Q2", follows) == plainly("1", "the period before")
