from collections import Counter
from datetime import date, time
from typing import Any

import pytest

from deploy.local.demo import CATALOGUE
from deploy.sample.areas.adult_reviews import REVIEWS
from deploy.sample.areas.environmental_health import REQUESTS
from deploy.sample.areas.resources import CARDS
from deploy.sample.areas.risks import REGISTER
from deploy.sample.generate import records
from deploy.sample.made import Record, months_to
from deploy.sample.records import as_source_writes
from services.ingest.domain.contract import Contract
from services.ingest.domain.intake import from_records
from services.ingest.domain.json_rows import Item
from shared.catalogue.check import read
from shared.catalogue.yaml_files import load_directory
from tests.unit.sample.planned import days_that_were

END = date(2026, 2, 28)


@pytest.fixture(scope="module")
def sample() -> list[Record]:
    return list(records(END))


def of(sample: list[Record], dataset: str) -> list[dict[str, Any]]:
    return [record.fields for record in sample if record.dataset == dataset]


def test_the_same_day_and_seed_give_the_same_records(sample: list[Record]) -> None:
    assert list(records(END)) == sample
    assert list(records(END, seed=1)) != sample


def test_there_are_three_years_of_records_and_not_too_many_for_a_demo(
    sample: list[Record],
) -> None:
    assert 25_000 <= len(sample) <= 40_000
    received = [fields["received"].date() for fields in of(sample, REQUESTS)]
    assert min(received) < date(2023, 3, 10)
    assert date(2026, 2, 15) < max(received) <= END
    assert months_to(END)[0] == date(2023, 3, 1)


def test_nothing_has_happened_after_the_end(sample: list[Record]) -> None:
    for record in sample:
        assert all(day <= END for day in days_that_were(record)), record


def test_the_contracts_of_the_sample_catalogue_accept_every_record(sample: list[Record]) -> None:
    datasets = read(load_directory(CATALOGUE)[0]).datasets
    seen: Counter[str] = Counter()
    for code, definition in datasets.items():
        items = [
            Item(data=as_source_writes(code, record.fields))
            for record in sample
            if record.dataset == code
        ]
        prepared = from_records(Contract(definition), list(enumerate(items, 1)))
        assert prepared.rejections == []
        # No two records share a key: then one would silently replace the other.
        assert len({subject for subject, _ in prepared.states}) == len(items)
        seen[code] = len(items)
    assert all(seen.values())
    assert sum(seen.values()) == len(sample)


def test_the_quirks_of_the_source_systems_are_there(sample: list[Record]) -> None:
    requests = of(sample, REQUESTS)
    closed = [fields for fields in requests if fields["closed"] is not None]
    assert 10 <= len(requests) - len(closed) <= 150
    assert any(fields["closed"] < fields["received"] for fields in closed)
    assert any(fields["type"] is None for fields in requests)
    midnight = sum(fields["closed"].time() == time() for fields in closed)
    assert midnight > len(closed) / 3
    amounts = [fields["amount"] for fields in of(sample, CARDS)]
    assert 0 < sum(amount < 0 for amount in amounts) < len(amounts) / 10
    assert any(fields["completed"] is None for fields in of(sample, REVIEWS))


def test_noise_has_a_summer(sample: list[Record]) -> None:
    months = Counter(
        fields["received"].month
        for fields in of(sample, REQUESTS)
        if fields["kind"] == "Noise Request"
    )
    assert months[7] > 1.5 * months[1]


def test_each_source_writes_in_its_own_way(sample: list[Record]) -> None:
    request = next(fields for fields in of(sample, REQUESTS) if fields["closed"] is None)
    written = as_source_writes(REQUESTS, request)
    assert written["received"].endswith(("AM", "PM"))
    assert written["closed"] == ""
    review = next(fields for fields in of(sample, REVIEWS) if fields["completed"] is None)
    assert as_source_writes(REVIEWS, review)["completed"] == "-1"
    assert all(isinstance(fields["likelihood"], int) for fields in of(sample, REGISTER))
