"""Scoring a risk record on the council's matrix."""

from collections.abc import Mapping
from typing import Any

from shared.catalogue.model import RiskMatrix, RiskRegister
from shared.contracts.states import Risk


class Unscored(ValueError):
    """The record names a likelihood or impact that the matrix does not have."""


def band(matrix: RiskMatrix, score: int) -> str:
    """The name of the highest band that the score reaches."""
    reached = [each for each in matrix.bands if score >= each.from_]
    if not reached:
        raise Unscored(f"no band of matrix {matrix.code} begins at or below {score}")
    return max(reached, key=lambda each: each.from_).name


def score(
    reference: str, fields: Mapping[str, Any], register: RiskRegister, matrix: RiskMatrix
) -> Risk:
    """The risk that a record states: likelihood times impact, and the band it falls in.

    Raises Unscored when a number is missing or off the matrix.
    """
    likelihood = _level(fields, register.likelihood, matrix.likelihood)
    impact = _level(fields, register.impact, matrix.impact)
    if likelihood is None or impact is None:
        raise Unscored("a risk needs a likelihood and an impact")
    current = likelihood * impact
    target = _target(fields, register, matrix)
    return Risk(
        reference=reference,
        title=str(fields.get(register.title) or ""),
        service=_text(fields, register.service),
        owner=_text(fields, register.owner),
        status=_text(fields, register.status),
        likelihood=likelihood,
        impact=impact,
        score=current,
        band=band(matrix, current),
        target_score=target,
        target_band=None if target is None else band(matrix, target),
        matrix=matrix.code,
    )


def _target(fields: Mapping[str, Any], register: RiskRegister, matrix: RiskMatrix) -> int | None:
    if register.target_likelihood is None or register.target_impact is None:
        return None
    likelihood = _level(fields, register.target_likelihood, matrix.likelihood)
    impact = _level(fields, register.target_impact, matrix.impact)
    return None if likelihood is None or impact is None else likelihood * impact


def _level(fields: Mapping[str, Any], name: str, highest: int) -> int | None:
    value = fields.get(name)
    if value is None:
        return None
    try:
        level = int(str(value))
    except ValueError:
        raise Unscored(f"{name} is {str(value)[:40]!r}, which is no whole number") from None
    if not 1 <= level <= highest:
        raise Unscored(f"{name} is {level}; the matrix goes from 1 to {highest}")
    return level


def _text(fields: Mapping[str, Any], name: str | None) -> str | None:
    value = None if name is None else fields.get(name)
    return None if value is None else str(value)
