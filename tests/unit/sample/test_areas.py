from collections import Counter
from datetime import date
from itertools import groupby
from random import Random

import pytest

from deploy.local.demo import CATALOGUE
from deploy.sample.areas import AREAS, children, children_in_care, housing, reference
from deploy.sample.areas.children import PROTECTION, REFERRALS
from deploy.sample.areas.children_in_care import RETURNS
from deploy.sample.areas.housing import CASES, PLACED
from deploy.sample.made import Fields, Record
from deploy.sample.records import as_source_writes
from shared.catalogue.check import read
from shared.catalogue.yaml_files import load_directory
from tests.unit.sample.planned import days_that_were

END = date(2026, 2, 28)


def of(area: object, dataset: str, end: date = END) -> list[Fields]:
    made = area.records(Random(7), end)  # type: ignore[attr-defined]
    return [record.fields for record in made if record.dataset == dataset]


def test_a_dataset_is_made_by_one_area_and_all_at_once() -> None:
    seen: Counter[str] = Counter()
    for area in AREAS:
        made = area.records(Random(7), END)
        seen.update(dataset for dataset, _ in groupby(made, key=lambda record: record.dataset))
    assert max(seen.values()) == 1
    assert set(seen) == set(read(load_directory(CATALOGUE)[0]).datasets)


def test_an_area_says_how_its_own_datasets_are_written_and_no_other() -> None:
    for area in AREAS:
        own = {record.dataset for record in area.records(Random(7), END)}
        assert set(area.MANNERS) <= own, area.__name__


@pytest.mark.parametrize("end", [date(2024, 2, 29), date(2026, 4, 1), date(2026, 11, 22)])
def test_every_area_has_records_for_any_day_and_none_after_it(end: date) -> None:
    for area in AREAS:
        made = list(area.records(Random(7), end))
        assert made, area.__name__
        for record in made:
            assert all(day <= end for day in days_that_were(record)), record


def test_what_one_area_makes_does_not_depend_on_the_others() -> None:
    alone = list(housing.records(Random(f"2026 {housing.__name__}"), END))
    from deploy.sample.generate import records

    assert [each for each in records(END) if each.dataset in (CASES, PLACED)] == alone


def test_every_ward_has_a_locality() -> None:
    wards = of(reference, reference.WARDS)
    assert len(wards) == 10
    assert {each["locality"] for each in wards} == {"North", "South", "East", "Rural west"}


def test_liquidlogic_writes_minus_one_for_what_it_does_not_know() -> None:
    referral = next(each for each in of(children, REFERRALS) if each["closed"] is None)
    assert as_source_writes(REFERRALS, referral)["closed"] == "-1"
    assert as_source_writes(CASES, of(housing, CASES)[0])["assessed"][2] == "/"


def test_some_assessments_are_late_and_a_few_end_before_they_began() -> None:
    assessed = [each for each in of(children, REFERRALS) if each["assessed"] is not None]
    late = [each for each in assessed if (each["assessed"] - each["received"]).days > 63]
    assert 0.08 < len(late) / len(assessed) < 0.35
    enquiries = of(children, PROTECTION)
    assert any(each["plan_started"] is None for each in enquiries)
    assert any(each["previous_ended"] for each in enquiries)


def test_small_counts_are_held_back_by_their_source() -> None:
    held_back = [
        each
        for seed in range(5)
        for each in children_in_care.records(Random(seed), END)
        if each.dataset == RETURNS and each.fields["note"] is not None
    ]
    assert held_back
    for record in held_back:
        assert record.fields["note"] == "suppressed"
        assert record.fields["numerator"] is None


def test_families_rarely_stay_in_bed_and_breakfast() -> None:
    stays = [each for each in of(housing, PLACED) if each["kind"] == "Bed and breakfast"]
    families = [each for each in stays if each["children"]]
    assert 0 < len(families) < len(stays) / 4


def test_a_main_duty_follows_a_relief_duty_that_ran_out() -> None:
    decided = [each for each in of(housing, CASES) if each["main_duty_decided"]]
    assert decided
    for each in decided:
        assert each["relief_outcome"] == "56 days elapsed"
        assert each["relief_ended"] <= each["main_duty_decided"]


def test_a_record_is_its_dataset_and_its_fields() -> None:
    assert Record("wards", {"ward": "Abbeygate"}).dataset == "wards"
