"""A risk record is scored on the council's matrix, or is unscored with the reason."""

from typing import Any

import msgspec
import pytest

from services.risk.domain.scoring import Unscored, band, score
from shared.catalogue.model import RiskMatrix, RiskRegister
from shared.contracts.states import Risk
from tests.unit.risk.registers import MATRIX, REGISTER

matrix = msgspec.convert(MATRIX, RiskMatrix)
register = msgspec.convert(REGISTER, RiskRegister)


@pytest.mark.parametrize(
    ("product", "name"),
    [
        (1, "low"), (4, "low"), (5, "medium"), (9, "medium"), (10, "high"), (15, "high"),
        (16, "very high"), (25, "very high"),
    ],
)  # fmt: skip
def test_a_band_begins_at_its_lowest_score(product: int, name: str) -> None:
    assert band(matrix, product) == name


def test_bands_may_be_written_in_any_order() -> None:
    shuffled = msgspec.convert({**MATRIX, "bands": MATRIX["bands"][::-1]}, RiskMatrix)
    assert [band(shuffled, product) for product in (4, 9, 15, 25)] == [
        "low", "medium", "high", "very high",
    ]  # fmt: skip


def test_a_score_below_every_band_has_no_band() -> None:
    gap = msgspec.convert({**MATRIX, "bands": MATRIX["bands"][1:]}, RiskMatrix)
    with pytest.raises(Unscored, match="no band"):
        band(gap, 4)


def test_a_risk_is_scored_now_and_as_it_should_become() -> None:
    fields = {
        "title": "Loss of a supplier",
        "service": "procurement",
        "owner": "Head of procurement",
        "status": "Treat",
        "likelihood": 4,
        "impact": 4,
        "target_likelihood": 2,
        "target_impact": 4,
    }
    assert score("R1", fields, register, matrix) == Risk(
        reference="R1",
        title="Loss of a supplier",
        service="procurement",
        owner="Head of procurement",
        status="Treat",
        likelihood=4,
        impact=4,
        score=16,
        band="very high",
        target_score=8,
        target_band="medium",
        matrix="default",
    )


@pytest.mark.parametrize(
    "target", [{}, {"target_likelihood": 2}, {"target_likelihood": None, "target_impact": 3}]
)
def test_half_a_target_is_no_target(target: dict[str, Any]) -> None:
    found = score("R1", {"likelihood": 1, "impact": 1, **target}, register, matrix)
    assert (found.target_score, found.target_band) == (None, None)


@pytest.mark.parametrize(
    ("fields", "reason"),
    [
        ({"likelihood": 3}, "needs a likelihood and an impact"),
        ({"likelihood": None, "impact": 3}, "needs a likelihood and an impact"),
        ({"likelihood": 6, "impact": 3}, "likelihood is 6; the matrix goes from 1 to 5"),
        ({"likelihood": 3, "impact": 0}, "impact is 0; the matrix goes from 1 to 5"),
        ({"likelihood": "High", "impact": 3}, "likelihood is 'High', which is no whole number"),
        ({"likelihood": "3.5", "impact": 3}, "likelihood is '3.5', which is no whole number"),
        (
            {"likelihood": 3, "impact": 3, "target_likelihood": 9, "target_impact": 1},
            "target_likelihood is 9",
        ),
    ],
)
def test_what_is_not_on_the_matrix_is_unscored_with_the_reason(
    fields: dict[str, Any], reason: str
) -> None:
    with pytest.raises(Unscored, match=reason):
        score("R1", fields, register, matrix)


def test_a_level_written_as_text_counts_as_its_number() -> None:
    assert score("R1", {"likelihood": "3", "impact": "5"}, register, matrix).score == 15


def test_a_matrix_need_not_be_square_or_five_wide() -> None:
    four_by_three = RiskMatrix(code="small", likelihood=4, impact=3, bands=matrix.bands)
    assert score("R1", {"likelihood": 4, "impact": 3}, register, four_by_three).band == "high"
    with pytest.raises(Unscored, match="from 1 to 3"):
        score("R1", {"likelihood": 4, "impact": 4}, register, four_by_three)
