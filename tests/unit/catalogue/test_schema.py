"""The schema for editors: the file is what the code makes, and it agrees with the check."""

from pathlib import Path
from typing import Any

import jsonschema_rs
import pytest

from deploy.local.demo import CATALOGUE
from shared.catalogue.check import check
from shared.catalogue.model import SECTIONS
from shared.catalogue.schema import document, schema
from shared.catalogue.yaml_files import load_directory
from tests.unit.catalogue.documents import changed, small

ROOT = Path(__file__).parents[3]
VALID = jsonschema_rs.validator_for(schema())


def test_the_committed_file_is_what_the_code_makes() -> None:
    committed = (ROOT / "docs" / "catalogue.schema.json").read_text("utf-8")
    assert committed == document(), (
        "write it again: python -m shared.catalogue.schema > docs/catalogue.schema.json"
    )


def test_it_has_every_section() -> None:
    assert list(schema()["properties"]) == [section.name for section in SECTIONS]


@pytest.mark.parametrize("folder", [CATALOGUE, ROOT / "tests" / "data" / "catalogue"])
def test_catalogues_without_a_problem_are_valid(folder: Path) -> None:
    written, _ = load_directory(folder)
    assert [str(error) for error in VALID.iter_errors(written)] == []
    assert check(written) == []


def test_a_small_catalogue_and_an_empty_section_are_valid() -> None:
    assert VALID.is_valid(small())
    for section in SECTIONS:
        assert VALID.is_valid({section.name: None}) and check({section.name: None}) == []


INDICATOR = ["indicators", 1]
CHANGES: list[tuple[list[Any], Any]] = [
    (["themas"], []),
    (["themes"], {}),
    (["council", "code"], 12),
    (["council", "sample"], "yes"),
    (["datasets", 0, "key"], "contents"),
    (["datasets", 0, "key"], "content"),
    (["datasets", 0, "fields", 0, "type"], "string"),
    (["datasets", 0, "service"], None),
    (["datasets", 0, "freshness_days"], "7"),
    (["measures", 0, "colour"], "red"),
    ([*INDICATOR, "periods"], ["year"]),
    ([*INDICATOR, "precision"], True),
    ([*INDICATOR, "title"], None),
    ([*INDICATOR, "targets", 0, "from_"], "2014-04"),
    *(
        ([*INDICATOR, "rag", "amber_within"], value)
        for value in (5, 0.5, "5", "0.5", "1e3", ".5", "1,000", "1234567890123456789", None, True)
    ),
    *(
        ([*INDICATOR, "targets", 1], {"from": "2020-04", "relative": {"to": "a year ago", **given}})
        for given in ({"change": 3}, {"change": "-2.5"}, {"change": "3%"}, {"of": "percent"})
    ),
    ([*INDICATOR, "targets", 1, "profile"], {"Q1": 90, "Q2": "92.5"}),
    ([*INDICATOR, "targets", 1, "profile"], {"Q1": "much"}),
    ([*INDICATOR, "targets", 1, "profile"], [90]),
    ([*INDICATOR, "breakdowns"], ["ward & kind"]),
    ([*INDICATOR, "no_denominator"], "nought"),
    (["risk_matrix", "bands", 0, "from"], 1.5),
]


@pytest.mark.parametrize(("path", "value"), CHANGES)
def test_it_agrees_with_the_check_about_shapes(path: list[Any], value: Any) -> None:
    written = changed(path, value)
    assert VALID.is_valid(written) == (check(written) == [])


def test_a_definition_without_its_code_is_refused() -> None:
    written = small()
    del written["measures"][0]["code"]
    assert not VALID.is_valid(written)


def test_defaults_are_shown_to_the_writer() -> None:
    properties = schema()["$defs"]["Indicator"]["properties"]
    assert properties["periods"]["default"] == [
        *("month", "quarter", "financial-year", "year-to-date"),
    ]
    assert properties["polarity"]["default"] == "none"
    assert schema()["$defs"]["Dataset"]["properties"]["null_markers"]["default"] == [""]
