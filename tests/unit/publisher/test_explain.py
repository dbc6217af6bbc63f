"""A value is explained by the records that the engine counted, and by no other."""

from typing import Any

import msgspec
import pytest

from services.publisher.domain.contributors import Contributors, measures_of
from services.publisher.domain.explain import worked
from services.publisher.domain.figures import decode_value
from services.publisher.domain.money import spending
from shared.catalogue.check import read
from shared.catalogue.model import Catalogue
from shared.catalogue.periods import parse_period
from shared.catalogue.yaml_files import load_directory
from shared.contracts.states import MeasureInput, Spend
from tests.integration.publisher_sample import Q2, request, value
from tests.integration.publisher_service import COUNCIL

QUARTER = parse_period("2019-20-Q2")


@pytest.fixture(scope="module")
def catalogue() -> Catalogue:
    return read(load_directory(COUNCIL)[0])


def counted(catalogue: Catalogue, code: str, number: int, member: Any = None) -> list[str]:
    """The measures that a request of the sample was counted in, for the second quarter."""
    state = decode_value(msgspec.json.encode(value(code, Q2, "1", member=member)))
    found = Contributors(
        measures_of(catalogue.indicators[code].formula, QUARTER, catalogue),
        catalogue,
        "environmental-protection-requests",
        state,
        QUARTER,
    )
    return sorted(each.measure for each in found.counted(request(number)["fields"]))


def test_a_record_is_counted_where_the_engine_counts_it(catalogue: Catalogue) -> None:
    assert counted(catalogue, "EP02", 1) == ["ep-closed", "ep-closed-in-10"]
    assert counted(catalogue, "EP02", 3) == ["ep-closed"]
    assert counted(catalogue, "EP02", 4) == []
    assert counted(catalogue, "EP02", 5) == []
    assert counted(catalogue, "EP02", 1, ("ward", "27")) == ["ep-closed", "ep-closed-in-10"]
    assert counted(catalogue, "EP02", 6, ("ward", "27")) == []


def test_a_stock_holds_what_came_in_and_had_not_left_by_the_end(catalogue: Catalogue) -> None:
    assert counted(catalogue, "EP04", 4) == ["ep-open"]
    assert counted(catalogue, "EP04", 5) == ["ep-open"]
    assert counted(catalogue, "EP04", 1) == []


def test_a_formula_over_another_indicator_rests_on_its_measures_too(catalogue: Catalogue) -> None:
    found = measures_of(catalogue.indicators["PR02"].formula, QUARTER, catalogue)
    assert {measure.code for measure in found} == {"card-spend", "card-purchases"}


def test_a_formula_is_shown_with_its_numbers() -> None:
    inputs = {"ep-closed": MeasureInput("1998", 1998), "ep-in-10": MeasureInput(None, 0)}
    assert worked("percent(ep_in_10, ep_closed) * 2", inputs) == "percent(no value, 1,998) * 2"


def test_spending_adds_up_by_unit_and_month_to_the_same_total() -> None:
    rows = [
        Spend("cards", unit, month, spent, credit, spent - credit, 1)
        for unit, month, spent, credit in (
            ("Parks", "2024-04", 10_01, 0),
            ("Parks", "2025-03", 5_00, 7_50),
            ("Legal", "2024-04", 1_00, 0),
            ("Legal", "2023-04", 99_00, 0),
        )
    ]
    found = spending(rows, None)
    assert found is not None
    assert (found.year, found.years) == ("2024-25", ["2024-25", "2023-24"])
    assert found.total.net_pence == 8_51
    assert [(unit.name, unit.net_pence) for unit in found.units] == [
        ("Parks", 7_51),
        ("Legal", 1_00),
    ]
    assert [(month.name, month.net_pence) for month in found.months] == [
        ("April 2024", 11_01),
        ("March 2025", -2_50),
    ]
    assert spending(rows, "1999-2000") is None
