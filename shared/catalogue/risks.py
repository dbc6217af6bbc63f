"""The definitions of risk: the matrix that scores it, and the registers it is read from."""

from __future__ import annotations

from shared.catalogue.definition import Definition


class Band(Definition, frozen=True, rename={"from_": "from"}):
    name: str
    from_: int


class RiskMatrix(Definition, frozen=True):
    code: str
    likelihood: int
    impact: int
    bands: list[Band]


class RiskRegister(Definition, frozen=True):
    """A dataset read as risks; all but `code`, `dataset` and `matrix` name the dataset's fields."""

    code: str
    dataset: str
    reference: str
    title: str
    likelihood: str
    impact: str
    matrix: str = "default"
    service: str | None = None
    owner: str | None = None
    target_likelihood: str | None = None
    target_impact: str | None = None
    status: str | None = None
