"""A forecast of the year's end is a sum that anybody can do again."""

from decimal import Decimal as D

import pytest

from shared.catalogue.forecast import Forecast, YearSoFar, adds_up, forecast
from shared.catalogue.model import Catalogue, Indicator, Measure

CATALOGUE = Catalogue(
    measures={
        "sent": Measure(code="sent", dataset="d", aggregate="count", date="on"),
        "spent": Measure(code="spent", dataset="d", aggregate="sum", of="cost", date="on"),
        "cases": Measure(code="cases", dataset="d", aggregate="open", opened="on", closed="off"),
        "typical": Measure(code="typical", dataset="d", aggregate="median", of="cost", date="on"),
    },
    indicators={
        "A1": Indicator(code="A1", title="Net", formula="spent - spent", unit="money"),
        "A2": Indicator(code="A2", title="Both", formula="A1 + spent", unit="money"),
        "A3": Indicator(code="A3", title="Cost of one", formula="spent / sent", unit="money"),
        "A4": Indicator(code="A4", title="Rests on a ratio", formula="A3 + spent", unit="money"),
    },
)


def so_far(
    value: str, months: int, before: str | None = None, total: str | None = None
) -> YearSoFar:
    return YearSoFar(
        "2025/26",
        months,
        D(value),
        "2024/25",
        None if before is None else D(before),
        None if total is None else D(total),
    )


def said(value: D) -> str:
    return f"{value:.1f}"


@pytest.mark.parametrize(
    ("formula", "unit", "adds"),
    [
        ("sent", "count", True),
        ("sent + sent", "number", True),
        ("A2", "money", True),
        ("sent", "percentage", False),
        ("sent / 2", "count", False),
        ("cases", "count", False),
        ("typical", "money", False),
        ("A4", "money", False),
        ("nothing", "count", False),
        ("sent +", "count", False),
    ],
)
def test_counts_and_sums_add_up_and_nothing_else_does(formula: str, unit: str, adds: bool) -> None:
    asked = Indicator(code="X", title="X", formula=formula, unit=unit)  # type: ignore[arg-type]
    assert adds_up(asked, CATALOGUE) is adds


def test_the_run_rate_carries_the_months_so_far_on() -> None:
    assert forecast("run rate", True, so_far("350", 8), said) == Forecast(
        "run rate",
        D(525),
        "At the rate of its first 8 months (350.0), 2025/26 ends at 525.0: 350.0 × 12 ÷ 8.",
    )
    found = forecast("run rate", True, so_far("10", 1), said)
    assert found is not None
    assert (found.value, "of its first month (" in found.sentence) == (D(120), True)


def test_last_years_shape_carries_on_as_last_year_did() -> None:
    found = forecast("last year's shape", True, so_far("60", 3, "40", "200"), said)
    assert found == Forecast(
        "last year's shape",
        D(300),
        "If 2025/26 goes on as 2024/25 did, it ends at 300.0: after 3 months 2024/25 stood at "
        "40.0 and ended at 200.0, and 60.0 × 200.0 ÷ 40.0 is 300.0.",
    )


def test_without_a_last_year_to_go_by_there_is_no_number() -> None:
    none = forecast("last year's shape", True, so_far("60", 3), said)
    zero = forecast("last year's shape", True, so_far("60", 3, "0", "9"), said)
    assert none is not None
    assert zero is not None
    assert (none.value, zero.value) == (None, None)
    assert none.sentence.endswith("there are no figures for it.")
    assert zero.sentence.endswith("nothing had come by then.")


def test_what_does_not_add_up_is_not_carried_forward() -> None:
    found = forecast("run rate", False, so_far("83.2", 8), said)
    assert found is not None
    assert (found.method, found.value) == ("as it stands", D("83.2"))
    assert found.sentence.startswith("2025/26 stands at 83.2:")


def test_none_is_made_where_none_is_wanted() -> None:
    assert forecast("none", True, so_far("1", 1), said) is None
