"""The workload is what it says, and both ways to the same figures agree."""

from collections import Counter
from itertools import islice
from random import Random

import msgspec

from shared.catalogue.check import check
from tests.benchmarks.bare_loop import Loop
from tests.benchmarks.recompute import Expected, Figure
from tests.benchmarks.topics import event
from tests.benchmarks.workload import DATASETS, MONTHS, WARDS, changes, definitions, document

COUNT, RECORDS = 5_000, 500


def test_the_catalogue_can_be_put_in_force() -> None:
    assert check(document()) == []
    measures, indicators = definitions()
    assert (len(DATASETS), len(measures), len(indicators)) == (8, 48, 24)
    assert (len(MONTHS), len(WARDS)) == (40, 32)
    datasets = [{measures[number].dataset for number in each.inputs} for each in indicators]
    rates = [each.kind == "rate" for each in indicators]
    assert [len(each) for each in datasets] == [2 if rate else 1 for rate in rates]


def test_the_changes_are_the_same_each_time_and_of_the_stated_kinds() -> None:
    made = list(changes(COUNT, RECORDS))
    assert made == list(changes(COUNT, RECORDS))
    mix = Counter(each.what for each in made)
    assert abs(mix["corrected"] / COUNT - 0.19) < 0.02
    assert abs(mix["restated"] / COUNT - 0.09) < 0.02
    assert abs(mix["deleted"] / COUNT - 0.02) < 0.01
    assert {len(each.body() or b"") // 50 for each in made if each.fields is not None} <= {5, 6}


def test_the_first_changes_can_all_be_insertions() -> None:
    assert {each.what for each in islice(changes(400, 300, first=300), 300)} == {"inserted"}


def test_the_bare_loop_agrees_with_the_recomputation() -> None:
    """In batches of any size; a wrong figure is noticed."""
    loop, random = Loop(), Random(7)
    found: dict[tuple[str, str, str | None], Figure] = {}
    records = {}
    stream = changes(COUNT, RECORDS)
    while batch := list(islice(stream, random.randint(1, 400))):
        for each in batch:
            records[each.subject] = (each.dataset, each.fields)
        step = loop.step([event("irf.records", each.subject, 1, each.body()) for each in batch])
        for _, raw in step.events:
            told = msgspec.json.decode(raw)
            place = (told["indicator"], told["month"], told["ward"])
            found[place] = Figure(told["value"], told["outcome"], tuple(told["inputs"]))
    final = [(dataset, fields) for dataset, fields in records.values() if fields is not None]
    expected = Expected(final)
    assert expected.differences(found, wards_only=True) == []
    place, figure = next((at, each) for at, each in found.items() if each.value is not None)
    found[place] = figure._replace(value="12345.6")
    assert len(expected.differences(found, wards_only=True)) == 1
