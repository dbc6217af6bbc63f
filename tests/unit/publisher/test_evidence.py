"""What is evidence, where it comes from, and how it compares, in words."""

from decimal import Decimal
from typing import Any

import pytest

from services.publisher.domain import evidence
from services.publisher.domain.aids import Compared
from services.publisher.domain.evidence import HEADERS, Source
from services.publisher.domain.saying import Saying
from shared.catalogue.benchmarks import standing
from shared.catalogue.model import Benchmark, Catalogue, Council, Dataset, Indicator, Topic

PERCENT = Saying("percentage", 1)


def indicator(code: str, **more: Any) -> Indicator:
    asked: dict[str, Any] = {"code": code, "title": code, "formula": "x", "unit": "count"}
    return Indicator(**{**asked, **more})


def compared(own: str, *others: str, polarity: str = "high") -> str:
    stands = standing(Decimal(own), [Decimal(each) for each in others], polarity)
    assert stands is not None
    found = Compared("near", "Neighbours", "2025-26", stands, {})
    return evidence.comparison(found, Decimal(own), polarity, PERCENT)


def test_evidence_has_a_topic_or_is_context_and_is_no_other_areas_figure() -> None:
    listed = [
        indicator("A1", topic="air", benchmark=Benchmark("B1", "area")),
        indicator("B1", influence="context"),
        indicator("C1", influence="context"),
        indicator("D1", influence="control"),
    ]
    known = Catalogue(
        topics={"air": Topic("air", "Air"), "sea": Topic("sea", "Sea")},
        indicators={each.code: each for each in listed},
    )
    found = {each.topic.code: [i.code for i in each.indicators] for each in evidence.topics(known)}
    assert found == {"air": ["A1"], "other": ["C1"]}


@pytest.mark.parametrize(
    ("dataset", "source"),
    [
        ({"source": "ONS", "licence": "OGL", "system": "Nomis"}, Source("ONS", "OGL")),
        ({"system": "Uniform"}, Source("The council's own records (Uniform)", "Not recorded")),
        ({}, Source("The council's own records", "Not recorded")),
    ],
)
def test_a_dataset_names_its_source_or_is_the_councils_own(
    dataset: dict[str, Any], source: Source
) -> None:
    held = Dataset(code="d", title="D", key=[], fields=[], **dataset)
    assert evidence.source_of(held) == source
    known = Catalogue(datasets={"d": held, "e": held})
    assert evidence.sources(known, ["d", "e", "gone"]) == [source]


@pytest.mark.parametrize(
    ("own", "others", "polarity", "words"),
    [
        ("75", ("70",), "high", "70.00%; here 5.00 percentage points higher, which is better"),
        ("75", ("80",), "high", "80.00%; here 5.00 percentage points lower, which is worse"),
        ("75", ("80",), "low", "80.00%; here 5.00 percentage points lower, which is better"),
        ("75", ("80",), "none", "80.00%; here 5.00 percentage points lower"),
        ("75", ("75",), "high", "75.00%; here the same"),
        (
            "75",
            ("70", "90"),
            "high",
            "80.00% on average of 2 areas; here 5.00 percentage points lower, which is worse; "
            "rank 2 of 3, where 1 is best",
        ),
    ],
)
def test_a_comparison_says_how_far_and_whether_that_is_good(
    own: str, others: tuple[str, ...], polarity: str, words: str
) -> None:
    assert compared(own, *others, polarity=polarity) == f"Neighbours: {words}"


def test_only_a_sample_says_that_its_figures_are_made_up() -> None:
    real, made_up = Council("c", "C"), Council("c", "C", sample=True)
    assert evidence.note(Catalogue(council=real)) == ""
    assert evidence.note(Catalogue(council=made_up)).startswith("Sample data")
    assert evidence.note(Catalogue()) == ""


def test_a_file_marks_formulas_as_text_and_leaves_numbers_alone() -> None:
    row = evidence.Row(**dict.fromkeys(HEADERS.__dataclass_fields__, ""))
    hostile = evidence.Row(**{**vars(row), "indicator": "=1+1", "value": "-5", "source": "@x"})
    lines = evidence.csv_file([hostile], [("Source", "+44")]).decode().splitlines()
    assert "'=1+1" in lines[1]
    assert ",-5," in lines[1]
    assert "'@x" in lines[1]
    assert lines[-1] == "Source,'+44"
