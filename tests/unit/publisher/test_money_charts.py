"""The charts of money: what they find, what they draw, and that the painter draws it."""

from services.publisher.domain.money_charts import (
    Month,
    Sums,
    months_chart,
    parts_chart,
    years_chart,
)
from services.publisher.domain.vega import Chart
from services.publisher.painting.painter import Painter

MILLION = 1_000_000_00
ADULTS = Sums("Adults", 80 * MILLION, 37 * MILLION, 81 * MILLION, "£1.0 million over budget")
PLACE = Sums("Place", 20 * MILLION, 8 * MILLION, 18 * MILLION, "£2.0 million under budget")
PARKS = Sums("Parks", 2 * MILLION, MILLION, 2 * MILLION, "On budget")
YEAR = [
    Month(name, (n + 1) * MILLION, (n + 1) * MILLION + 50_000_00 if n < 3 else None)
    for n, name in enumerate(("April", "May", "June", "July", "August"))
]


def layer(found: Chart | None, name: str) -> dict[str, object]:
    assert found is not None
    return next(each for each in found.spec["layer"] if each["name"] == name)


def test_parts_stand_by_their_budgets_and_the_finding_names_who_is_furthest() -> None:
    found = parts_chart("General fund by portfolio", [PARKS, PLACE, ADULTS])
    assert found is not None
    assert [row["name"] for row in found.spec["data"]["values"]] == ["Adults", "Place", "Parks"]
    assert found.summary == (
        "General fund by portfolio: Adults is furthest over budget, by £1.0 million; Place is "
        "furthest under, by £2.0 million; 1 of 3 is forecast to be over budget. "
        "Every figure is in the table below."
    )


def test_parts_on_budget_have_nobody_furthest_and_one_part_is_no_chart() -> None:
    found = parts_chart("HRA", [PARKS, PARKS._replace(name="Woods")])
    assert found is not None
    assert found.summary.startswith("HRA: none of 2 are forecast to be over budget.")
    assert parts_chart("HRA", [PARKS]) is None


def test_parts_of_one_name_stay_apart() -> None:
    found = parts_chart("HRA", [PARKS, PARKS])
    assert found is not None
    assert [row["name"] for row in found.spec["data"]["values"]] == ["Parks", "Parks (2)"]


def test_months_are_held_against_the_budget_to_date() -> None:
    found = months_chart("Parks, 2026/27", YEAR, ADULTS)
    assert found is not None
    assert found.summary == (
        "Parks, 2026/27: by the end of June spending was £3.1 million, £50,000 more than the "
        "budget to that date. The forecast for the year is £81.0 million: £1.0 million over "
        "budget. Every figure is in the table below."
    )
    spent = layer(found, "spent")["data"]
    assert spent == {
        "values": [
            {"month": "April", "value": 1_050_000.0}, {"month": "May", "value": 2_050_000.0},
            {"month": "June", "value": 3_050_000.0},
        ]
    }  # fmt: skip
    assert len(layer(found, "budget")["data"]["values"]) == 5  # type: ignore[index]
    assert layer(found, "forecast")["data"] == {
        "values": [{"month": "August", "value": 81_000_000.0}]
    }


def test_one_month_is_no_course() -> None:
    assert months_chart("Parks", [YEAR[0], YEAR[1]._replace(spent=None)], PARKS) is None


def test_a_scheme_without_money_has_no_chart() -> None:
    none = Sums("2026/27", 0, 0, 0, "On budget")
    assert years_chart("Bridge", [none], none) is None
    found = years_chart("Bridge", [PARKS._replace(name="2026/27")], PARKS)
    assert found is not None
    assert found.summary.startswith(
        "Bridge: £1.0 million spent of £2.0 million approved; the forecast is £2.0 million, "
        "on budget."
    )


def test_the_painter_draws_them_with_pounds_and_a_hostile_name_is_text() -> None:
    painter = Painter()
    try:
        hostile = PLACE._replace(name="'];alert(1)//<script>")
        income = Sums("Fees", -3 * MILLION, -MILLION, -4 * MILLION, "£1.0 million under budget")
        found = parts_chart("x", [ADULTS, hostile, income])
        assert found is not None
        drawn = painter.svg(found.spec)
        assert drawn
        assert "<script" not in drawn
        assert "£80 million" in drawn
        months = months_chart("x", YEAR, PARKS)
        assert months is not None
        drawn = painter.svg(months.spec)
        assert drawn
        assert "Apr" in drawn
        small = parts_chart("x", [Sums("A", 5_000_00, 1_00, 5_000_00, ""), Sums("B", 1, 1, 1, "")])
        assert small is not None
        drawn = painter.svg(small.spec)
        assert drawn
        assert "£5,000" in drawn
    finally:
        painter.close()
