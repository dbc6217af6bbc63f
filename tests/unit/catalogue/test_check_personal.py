"""Classes of fields, pseudonyms and retention that cannot be used are told, each with its place."""

from typing import Any

import pytest

from shared.catalogue.check import check
from tests.unit.catalogue.documents import small

RETENTION = {"field": "received", "months": 24, "keep": []}
RESTED_ON = ["received", "closed", "ward", "kind"]


def problems(dataset: dict[str, Any], *fields: dict[str, Any], **more: Any) -> list[str]:
    """What is wrong with the small catalogue's requests with these in place of their own."""
    document = small() | more
    asked = document["datasets"][0]
    known = {each["name"]: each for each in asked["fields"]}
    for each in fields:
        known[each["name"]] = known.get(each["name"], {"type": "text"}) | each
    document["datasets"][0] = asked | {"fields": list(known.values())} | dataset
    return [str(each) for each in check(document)]


def test_the_small_catalogue_has_no_problem() -> None:
    assert problems({}) == []


@pytest.mark.parametrize(
    ("field", "told"),
    [
        ({"name": "nhs_number"}, "'nhs_number' tells of a person"),
        ({"name": "person", "headers": ["NHS No."]}, "'NHS No.' tells of a person"),
        ({"name": "who", "headers": ["National Insurance Number"]}, "tells of a person"),
        ({"name": "contact", "headers": ["E-mail address"]}, "tells of a person"),
        ({"name": "date_of_birth", "type": "date"}, "tells of a person"),
        ({"name": "person", "personal": "identifier"}, "person tells who somebody is"),
        ({"name": "ref", "personal": "identifier"}, "ref tells who somebody is"),
        ({"name": "score", "pseudonymise": True}, "only text can be pseudonymised"),
        ({"name": "kind", "pseudonymise": True}, "kind has choices"),
    ],
)
def test_who_somebody_is_does_not_come_in_unsaid(field: dict[str, Any], told: str) -> None:
    found = problems({}, field)
    assert len(found) == 1
    assert told in found[0]


@pytest.mark.parametrize(
    "field",
    [
        {"name": "nhs_number", "personal": "identifier", "pseudonymise": True},
        {"name": "nhs_number", "pseudonymise": True},
        {"name": "date_of_birth", "type": "date", "personal": "about a person"},
        {"name": "name"},
        {"name": "address"},
        {"name": "nine_numbers"},
        {"name": "emailed", "type": "boolean"},
        {"name": "ref", "personal": "identifier", "pseudonymise": True},
    ],
)
def test_what_is_classed_or_means_nobody_is_taken(field: dict[str, Any]) -> None:
    assert problems({}, field) == []


def test_an_identifier_may_be_kept_for_a_reason_but_in_no_key_and_no_figure() -> None:
    because = {"identifiers_because": "The return to the department asks for it."}
    person = {"name": "person", "personal": "identifier"}
    assert problems(because, person) == []
    assert len(problems({"identifiers_because": "needed"}, person)) == 1
    [key] = problems(because, {"name": "ref", "personal": "identifier"})
    assert "part of the key" in key
    [ward] = problems(because, {"name": "ward", "personal": "identifier"})
    assert "the breakdown of" in ward
    people = {
        "code": "people",
        "dataset": "requests",
        "aggregate": "distinct",
        "of": "person",
        "date": "received",
    }
    [distinct] = problems(because, person, measures=[*small()["measures"], people])
    assert "the measure people would show it" in distinct
    # Whether it is there at all tells nobody.
    counted = {"code": "known", "dataset": "requests", "aggregate": "count"}
    counted |= {"where": "not blank(person)", "date": "received"}
    assert problems(because, person, measures=[*small()["measures"], counted]) == []


def test_pseudonyms_are_not_undone_by_copies_or_forms() -> None:
    hidden = {"name": "person", "pseudonymise": True}
    [copies] = problems({"keep_extracts_days": 5}, hidden)
    assert "would hold what a pseudonym is to keep out" in copies


def test_records_may_go_where_figures_keep_all_that_they_rest_on() -> None:
    assert problems({"retention": RETENTION | {"keep": RESTED_ON}}) == []


@pytest.mark.parametrize("left_out", RESTED_ON)
def test_a_figure_that_would_change_is_named(left_out: str) -> None:
    keep = [each for each in RESTED_ON if each != left_out]
    [found] = problems({"retention": RETENTION | {"keep": keep}})
    assert "would change when records go" in found
    assert f"it rests on {left_out}" in found


@pytest.mark.parametrize(
    ("retention", "told"),
    [
        ({"field": "ward"}, "date or datetime is needed here"),
        ({"field": "other"}, "there is no field 'other'"),
        ({"months": 0}, "1 to 1200 months"),
        ({"keep": [*RESTED_ON, "other"]}, "there is no field 'other' that is sent"),
        ({"keep": [*RESTED_ON, "ward"]}, "ward is given twice"),
        ({"keep": [*RESTED_ON, "ref"]}, "the whole key would be kept"),
    ],
)
def test_a_retention_that_cannot_be_kept_is_told(retention: dict[str, Any], told: str) -> None:
    [found] = problems({"retention": RETENTION | {"keep": RESTED_ON} | retention})
    assert told in found


def test_what_tells_of_a_person_is_not_kept() -> None:
    retention = {"retention": RETENTION | {"keep": RESTED_ON}}
    [found] = problems(retention, {"name": "ward", "personal": "about a person"})
    assert "ward tells of a person, and cannot be kept" in found


def test_whole_records_that_others_rest_on_do_not_go() -> None:
    document = small()
    document["datasets"][1]["retention"] = {"field": "paid", "months": 12}
    document["datasets"][2]["fields"].append({"name": "at", "type": "date"})
    document["datasets"][2]["retention"] = {"field": "at", "months": 12}
    found = [str(each) for each in check(document)]
    assert any("datasets[2].retention: what is spent, owned" in each for each in found)
    looked_into = {
        "code": "in-band",
        "dataset": "payments",
        "aggregate": "sum",
        "of": "amount * lookup('requests', unit, 'score')",
        "date": "paid",
    }
    [looked] = problems(
        {"retention": RETENTION | {"keep": RESTED_ON}},
        measures=[*small()["measures"], looked_into],
    )
    assert "the measure in-band looks into requests by its key" in looked


def test_what_derived_fields_are_made_from_has_to_stay() -> None:
    slow = {"name": "slow", "type": "boolean", "is": "score > 3"}
    counted = {
        "code": "slow-ones",
        "dataset": "requests",
        "aggregate": "count",
        "where": "slow",
        "date": "received",
    }
    [found] = problems(
        {"derived": [slow], "retention": RETENTION | {"keep": RESTED_ON}},
        measures=[*small()["measures"], counted],
    )
    assert "the measure slow-ones would change when records go: it rests on score" in found
