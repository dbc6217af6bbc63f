"""Which records a value rests on, for every way of counting and every window."""

from decimal import Decimal
from typing import Any

import msgspec
import pytest

from services.publisher.domain.contributors import Contributors, formula_in_force, measures_of
from services.publisher.domain.figures import decode_value
from shared.catalogue.check import read
from shared.catalogue.model import Catalogue
from shared.catalogue.periods import parse_period
from shared.catalogue.references import References, table_of
from shared.catalogue.yaml_files import load_directory
from tests.integration.publisher_parcels import parcel, state
from tests.integration.publisher_service import COUNCIL

WARDS = [{"ward": "Abbey", "locality": "North"}, {"ward": "Mill", "locality": "South"}]


@pytest.fixture(scope="module")
def catalogue() -> Catalogue:
    return read(load_directory(COUNCIL)[0])


def counted(
    catalogue: Catalogue, formula: str, period: str, **more: Any
) -> dict[int, dict[str, str | None]]:
    """What each of the seven parcels added to a formula's measures, of those that were counted."""
    value = decode_value(msgspec.json.encode(state("PA01", period, "1", **more)))
    found = parse_period(period)
    contributors = Contributors(
        measures_of(formula, found, catalogue),
        catalogue,
        "parcels",
        value,
        found,
        References(catalogue.datasets, {"wards": table_of(["ward"], WARDS)}),
    )
    records = {number: parcel(number)["fields"] for number in range(1, 8)}
    for fields in records.values():
        contributors.look(fields)
    told = {number: contributors.counted(fields) for number, fields in records.items()}
    return {
        number: {each.measure: each.amount for each in parts}
        for number, parts in told.items()
        if parts
    }


def test_a_count_takes_what_is_dated_in_the_window(catalogue: Catalogue) -> None:
    assert list(counted(catalogue, "parcels_sent", "2019-09")) == [1, 2, 3, 4]
    assert list(counted(catalogue, "parcels_sent", "2019-20-Q2")) == [1, 2, 3, 4, 5]
    assert list(counted(catalogue, "parcels_sent", "2019-09-R12")) == [1, 2, 3, 4, 5, 6]
    assert list(counted(catalogue, "parcels_sent", "2019-09-12")) == [1, 2]
    assert counted(catalogue, "parcels_sent", "2019-09-13") == {}


def test_a_sum_of_a_derived_field_tells_each_amount(catalogue: Catalogue) -> None:
    found = counted(catalogue, "parcels_weight", "2019-09")
    assert {number: Decimal(parts["parcels-weight"] or "") for number, parts in found.items()} == {
        1: 1500, 2: 4000, 3: 2500,
    }  # fmt: skip


def test_a_filter_may_look_a_record_up_elsewhere(catalogue: Catalogue) -> None:
    assert list(counted(catalogue, "parcels_north", "2019-09")) == [1, 3, 4]


def test_every_value_of_a_spread_counts(catalogue: Catalogue) -> None:
    found = counted(catalogue, "parcels_heaviest + parcels_middle + parcels_kinds", "2019-09")
    assert found == {
        1: {"parcels-heaviest": "1.5", "parcels-middle": "1.5", "parcels-kinds": "Box"},
        2: {"parcels-heaviest": "4", "parcels-middle": "4", "parcels-kinds": "Box"},
        3: {"parcels-heaviest": "2.5", "parcels-middle": "2.5", "parcels-kinds": "Letter"},
        4: {"parcels-kinds": "Box"},
    }


def test_of_a_latest_value_the_newest_day_counts_and_its_reason(catalogue: Catalogue) -> None:
    assert counted(catalogue, "parcels_last", "2019-09") == {
        3: {"parcels-last": "2.5"},
        4: {"parcels-last": "suppressed"},
    }
    assert counted(catalogue, "parcels_last", "2019-08") == {5: {"parcels-last": "7"}}


def test_a_latest_value_is_carried_over_for_so_many_months(catalogue: Catalogue) -> None:
    assert list(counted(catalogue, "parcels_last", "2019-12")) == [3, 4]
    assert counted(catalogue, "parcels_last", "2020-01") == {}


def test_a_stock_holds_what_has_not_left_by_the_end_of_its_window(catalogue: Catalogue) -> None:
    assert list(counted(catalogue, "parcels_under_way", "2019-09")) == [2, 3, 4, 6]
    assert list(counted(catalogue, "parcels_under_way", "2019-09-17")) == [1, 2, 5, 6]
    assert list(counted(catalogue, "parcels_under_way", "2019-08")) == [5, 6]


def test_a_crossed_member_holds_what_is_of_all_its_parts(catalogue: Catalogue) -> None:
    crossed = {
        "field": "ward & kind", "member": "Abbey & Box", "parts": {"ward": "Abbey", "kind": "Box"},
    }  # fmt: skip
    assert list(counted(catalogue, "parcels_sent", "2019-09", breakdown=crossed)) == [1, 4]
    ward = {"field": "ward", "member": "Mill"}
    assert list(counted(catalogue, "parcels_sent", "2019-09", breakdown=ward)) == [2]


def test_a_period_before_a_change_of_source_rests_on_the_old_one(catalogue: Catalogue) -> None:
    indicator = catalogue.indicators["PA01"]
    assert formula_in_force(indicator, parse_period("2018-03")) == "parcels_north"
    assert formula_in_force(indicator, parse_period("2017-18-Q4")) == "parcels_north"
    assert formula_in_force(indicator, parse_period("2018-04")) == "parcels_sent"
    through = measures_of("PA01 * 2", parse_period("2018-03"), catalogue)
    assert [measure.code for measure in through] == ["parcels-north"]
