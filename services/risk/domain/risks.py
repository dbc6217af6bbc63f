"""A risk as the register, its controls, its reviews and its moves make it.

Rule: everything here follows from the records given, the catalogue and the day; nothing from the
order in which they came.
"""

from collections.abc import Mapping
from typing import NamedTuple

from services.risk.domain.placing import placed
from services.risk.domain.scoring import exposure, history, in_order, judged, score_of
from shared.accounts.terms import months_on
from shared.catalogue.model import Catalogue
from shared.catalogue.risks import RiskCategory, RiskPolicy
from shared.catalogue.scale import Scale
from shared.contracts.fields import Fields, iso_day, listed, named, text
from shared.contracts.risks import Prompt, Risk, RiskControl, Tiered

RESPONSES = ("Treat", "Tolerate", "Transfer", "Terminate")
EFFECTIVENESS = ("Effective", "Partly effective", "Ineffective", "Not assessed")


class Parts(NamedTuple):
    """What is known of a risk besides its own record, by records."""

    controls: Mapping[str, Fields] = {}
    reviews: Mapping[str, Fields] = {}
    moves: Mapping[str, Fields] = {}


class Made(NamedTuple):
    """A risk, and the reviews that could not be read, each with the reason."""

    risk: Risk
    passed_over: dict[str, str]


def risk_of(
    record: str,
    fields: Fields,
    parts: Parts,
    prompts: Mapping[str, Prompt],
    catalogue: Catalogue,
    scale: Scale,
    today: str,
) -> Made:
    """The risk that a record states. Raises Unscored."""
    scores, passed_over = history(record, fields, parts.reviews, scale)
    now = scores[-1]
    threat = not is_opportunity(fields)
    policy = catalogue.risk_policy
    category = next((c for c in policy.categories if c.code == text(fields, "category")), None)
    moves = tiers(fields, parts.moves, policy)
    tier = moves[-1].tier if moves else _first_tier(fields, policy)
    opened = is_open(fields, today)
    reviewed = scores[-1].on if len(scores) > 1 else ""
    since = reviewed or iso_day(fields, "opened")
    review_by = months_on(since, scale.band(now.band).review_months) if since and opened else ""
    target = score_of(fields, "target", scale)
    where = placed(fields, catalogue)
    considered = {each for found in parts.reviews.values() for each in listed(found, "considered")}
    risk = Risk(
        reference=text(fields, "reference"),
        title=text(fields, "title"),
        service=where.service or None,
        owner=text(fields, "owner") or None,
        status=text(fields, "status") or None,
        likelihood=now.likelihood,
        impact=now.impact,
        score=now.score,
        band=now.band,
        target_score=None if target is None else target.score,
        target_band=None if target is None else target.band,
        matrix=scale.matrix.code,
        nature="threat" if threat else "opportunity",
        open=opened,
        rag=judged(now, scale, threat=threat),
        cause=text(fields, "cause"),
        event=text(fields, "event"),
        consequence=text(fields, "consequence"),
        category=text(fields, "category"),
        tier=tier,
        directorate=where.directorate,
        portfolio=where.portfolio,
        objective=text(fields, "objective"),
        inherent=score_of(fields, "inherent", scale),
        target=target,
        target_date=iso_day(fields, "target_date"),
        response=named(text(fields, "response"), RESPONSES),
        proximity=text(fields, "proximity"),
        velocity=text(fields, "velocity"),
        exposure=exposure(fields),
        appetite=category.appetite if category else "",
        appetite_to=category.appetite_to if category else None,
        tolerance_to=category.tolerance_to if category else None,
        standing=standing(now.score, category) if threat else "",
        opened=iso_day(fields, "opened"),
        closed=iso_day(fields, "closed"),
        reviewed=reviewed,
        reviewed_by=scores[-1].by if len(scores) > 1 else "",
        review_by=review_by,
        overdue=bool(review_by) and review_by < today,
        suggested_tier=suggested(now.score, tier, policy) if threat and opened else "",
        controls={name: _control(each) for name, each in sorted(parts.controls.items())},
        history=scores,
        moves=moves,
        indicators=listed(fields, "indicators"),
        cost_centres=listed(fields, "cost_centres"),
        contracts=listed(fields, "contracts"),
        projects=listed(fields, "projects"),
        prompts={
            key: prompt
            for key, prompt in sorted(prompts.items())
            if opened and key not in considered
        },
    )
    return Made(risk, passed_over)


def is_opportunity(fields: Fields) -> bool:
    """Whether a risk is one to be taken."""
    return text(fields, "nature").strip().casefold() == "opportunity"


def is_open(fields: Fields, today: str) -> bool:
    """Whether a risk is on the register on a day."""
    closed = iso_day(fields, "closed")
    return text(fields, "status").strip().casefold() != "closed" and not (
        closed and closed <= today
    )


def standing(score: int, category: RiskCategory | None) -> str:
    """Where a score stands beside the council's appetite; empty where it has said none."""
    if category is None or category.appetite_to is None:
        return ""
    if score <= category.appetite_to:
        return "within appetite"
    if category.tolerance_to is None or score <= category.tolerance_to:
        return "above appetite"
    return "beyond tolerance"


def tiers(fields: Fields, moves: Mapping[str, Fields], policy: RiskPolicy) -> list[Tiered]:
    """Every move between tiers, the oldest first."""
    order = [tier.code for tier in policy.tiers]
    stands = _first_tier(fields, policy)
    found = []
    for record, move in in_order(moves, "moved"):
        tier = text(move, "tier")
        direction = ""
        if tier in order and stands in order:
            steps = order.index(tier) - order.index(stands)
            direction = "escalated" if steps > 0 else "de-escalated" if steps else ""
        found.append(
            Tiered(
                on=iso_day(move, "moved"),
                tier=tier,
                came_from=stands,
                direction=direction,
                reason=text(move, "reason"),
                by=text(move, "by"),
                record=record,
            )
        )
        stands = tier
    return found


def suggested(score: int, tier: str, policy: RiskPolicy) -> str:
    """The tier where a score says that a risk belongs, if that is higher than where it stands."""
    order = [each.code for each in policy.tiers]
    reached = [
        each.code
        for each in policy.tiers
        if each.escalate_from is not None and score >= each.escalate_from
    ]
    if not reached:
        return ""
    stands = order.index(tier) if tier in order else -1
    return reached[-1] if order.index(reached[-1]) > stands else ""


def _first_tier(fields: Fields, policy: RiskPolicy) -> str:
    return text(fields, "tier") or (policy.tiers[0].code if policy.tiers else "")


def _control(fields: Fields) -> RiskControl:
    return RiskControl(
        control=text(fields, "control"),
        title=text(fields, "title"),
        owner=text(fields, "owner"),
        line=text(fields, "line"),
        effectiveness=named(text(fields, "effectiveness"), EFFECTIVENESS),
        assured=iso_day(fields, "assured"),
    )
