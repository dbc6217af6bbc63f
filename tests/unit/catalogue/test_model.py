"""Definitions as events, and back."""

from typing import Any

import msgspec

from shared.catalogue.check import read
from shared.catalogue.model import SECTIONS, Catalogue, definitions, from_definitions
from tests.unit.catalogue.documents import changed, small


def test_a_catalogue_is_what_its_definitions_make() -> None:
    catalogue = read(small())
    assert from_definitions(definitions(catalogue)) == catalogue
    assert from_definitions({}) == Catalogue()
    assert definitions(Catalogue()) == {}


def test_each_definition_has_its_subject() -> None:
    assert set(definitions(read(small()))) == {
        *("council/sample-council", "directorate/place", "portfolio/neighbourhoods"),
        *("service/environmental-health", "theme/climate", "dataset/requests"),
        *("dataset/payments", "measure/received", "measure/closed-in-10"),
        *("measure/days-to-close", "measure/open-requests", "measure/spend"),
        *("indicator/EP01", "indicator/EP02", "indicator/EP03", "ledger/cards"),
        *("dataset/register", "risk-matrix/default", "risk-policy/policy", "person/manager"),
        *("person/officer", "review-cycle/quarterly", "connector/nightly"),
    }


def test_every_kind_of_definition_travels_and_comes_back(document: dict[str, Any]) -> None:
    catalogue = read(document)
    found = definitions(catalogue)
    assert {subject.partition("/")[0] for subject in found} == {each.kind for each in SECTIONS}
    assert from_definitions(found) == catalogue
    assert msgspec.json.decode(found["peer-group/neighbours"])["issues"][0] == {
        **{"areas": ["E06000001", "E06000002"], "to": "2026-03"}
    }
    assert msgspec.json.decode(found["dataset/potholes"])["derived"][0] == {
        **{"name": "took", "type": "integer", "is": "working_days(reported, repaired)"}
    }


def test_a_definition_that_says_the_same_has_the_same_bytes() -> None:
    before = definitions(read(small()))
    assert definitions(read(small())) == before
    # Said in another order, or with a default said aloud.
    document = small()
    document["indicators"] = [dict(reversed(each.items())) for each in document["indicators"]]
    document["indicators"][0]["strategic"] = False
    document["measures"].reverse()
    assert definitions(read(document)) == before


def test_a_change_moves_one_definition() -> None:
    before = definitions(read(small()))
    after = definitions(read(changed(["indicators", 1, "title"], "Another title")))
    assert {subject for subject in before if before[subject] != after[subject]} == {
        "indicator/EP02"
    }


def test_words_of_the_files_are_words_of_the_events() -> None:
    found = definitions(read(small()))
    indicator = msgspec.json.decode(found["indicator/EP02"])
    assert indicator["targets"] == [
        {"value": "90", "from": "2014-04", "to": "2020-03"},
        {"value": "92.5", "from": "2020-04"},
    ]
    assert indicator["rag"] == {"amber_within": "5", "of": "points"}
    assert msgspec.json.decode(found["risk-matrix/default"])["bands"][0] == {
        **{"name": "low", "from": 1}
    }


def test_what_a_newer_release_adds_is_passed_over() -> None:
    catalogue = from_definitions(
        {
            "weighting/by-need": b'{"code":"by-need"}',
            "theme/climate": b'{"code":"climate","name":"Climate","icon":"leaf"}',
        }
    )
    assert list(catalogue.themes) == ["climate"]


def test_catalogues_do_not_share_what_they_hold() -> None:
    first = from_definitions({"theme/a": b'{"code":"a","name":"A"}'})
    assert Catalogue().themes == {}
    assert list(first.themes) == ["a"]
