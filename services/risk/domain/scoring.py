"""Scores: what a register and its reviews say of likelihood and impact, on the council's matrix.

Rule: a score is that of the newest review, by its day and then by its record, never by when it
came in.
"""

from collections.abc import Mapping
from typing import NamedTuple

from shared.accounts.money import NotPence, pence
from shared.catalogue.scale import Graded, OffTheMatrix, Scale
from shared.contracts.fields import Fields, iso_day, text, whole
from shared.contracts.judged import RagState
from shared.contracts.risks import Score, Scored


class Unscored(ValueError):
    """A risk without a likelihood or impact, or with one that the matrix does not have."""


class History(NamedTuple):
    """Every score that a risk had, the oldest first, and the reviews that could not be read."""

    scored: list[Scored]
    passed_over: dict[str, str]


def exposure(fields: Fields) -> int | None:
    """Pounds that may be lost, in pence."""
    amount = fields.get("exposure")
    try:
        return None if amount is None else pence(amount)
    except NotPence:
        return None


def registered(fields: Fields, scale: Scale) -> Graded:
    """What the register itself says. Raises Unscored."""
    likelihood, impact = whole(fields, "likelihood"), whole(fields, "impact")
    loss = exposure(fields)
    if impact is None and loss is not None:
        impact = scale.impact_of(text(fields, "category"), loss)
    if likelihood is None or impact is None:
        raise Unscored("a risk needs a likelihood and an impact")
    try:
        return scale.grade(likelihood, impact)
    except OffTheMatrix as reason:
        raise Unscored(str(reason)) from None


def history(record: str, fields: Fields, reviews: Mapping[str, Fields], scale: Scale) -> History:
    """The register's own score, then what each review found. Raises Unscored."""
    now = registered(fields, scale)
    scored = [Scored(iso_day(fields, "opened"), *now, record=record)]
    passed_over = {}
    for review, found in in_order(reviews, "reviewed"):
        likelihood, impact = whole(found, "likelihood"), whole(found, "impact")
        try:
            now = scale.grade(
                now.likelihood if likelihood is None else likelihood,
                now.impact if impact is None else impact,
            )
        except OffTheMatrix as error:
            passed_over[review] = str(error)
            continue
        reason, by = text(found, "reason"), text(found, "by")
        scored.append(Scored(iso_day(found, "reviewed"), *now, reason, by, review))
    return History(scored, passed_over)


def in_order(records: Mapping[str, Fields], day: str) -> list[tuple[str, Fields]]:
    """Records by a day of theirs, then by their subjects."""
    return sorted(records.items(), key=lambda each: (iso_day(each[1], day), each[0]))


def score_of(fields: Fields, which: str, scale: Scale) -> Score | None:
    """The inherent or the target score, where both levels are given and on the matrix."""
    likelihood, impact = whole(fields, f"{which}_likelihood"), whole(fields, f"{which}_impact")
    if likelihood is None or impact is None:
        return None
    try:
        return Score(*scale.grade(likelihood, impact))
    except OffTheMatrix:
        return None


def judged(scored: Scored, scale: Scale, *, threat: bool) -> RagState:
    """How a score is shown, and why. An opportunity is no worse for being likely."""
    said = (
        f"{scored.band}: a score of {scored.score}, from likelihood {scored.likelihood} of "
        f"{len(scale.likelihood)} and impact {scored.impact} of {len(scale.impact)}"
    )
    if not threat:
        return RagState("no target", f"{said}. An opportunity: a high score is no warning")
    return RagState(scale.rag(scored.band), said)
