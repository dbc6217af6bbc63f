"""The facts of the page of the risk register: what needs attention, the heat map, the register,
and how it moved."""

from collections.abc import Iterable

from services.publisher import reading_risks as reading
from services.publisher.api.risk_query import wanted_risks
from services.publisher.domain import risks as said
from services.publisher.domain import words
from services.publisher.domain.contracts import count, on
from services.publisher.domain.heat import heat_map
from services.publisher.domain.movements import Movement, Movements, movements, quarter_of
from services.publisher.readmodel import Snapshot
from services.publisher.web.plan_rows import options, risk_href, risk_row, service_choices
from services.publisher.web.tables import Facts, frame
from shared.catalogue import periods
from shared.contracts.risks import Risk

HERE = "/risks"
MOVED = {
    "new": "New",
    "closed": "Closed",
    "up": "Up",
    "down": "Down",
    "escalated": "Escalated",
    "de-escalated": "De-escalated",
}


def register(
    view: Snapshot,
    tier: str | None,
    category: str | None,
    service: str | None,
    standing: str | None,
) -> Facts:
    """The register, filtered as asked, below what needs attention in all of it."""
    found = reading.risks(view)
    every = [each for _, each in found]
    asked = wanted_risks(
        view, every, tier=tier, category=category, service=service, standing=standing
    )
    shown = [each for each in found if asked.takes(each[1])]
    running = [each for each in shown if each[1].open]
    threats = [each for each in running if said.is_threat(each[1])]
    return {
        **frame(view, HERE, {"kinds": "risks"}),
        "wide": True,
        "registered": len(found),
        "counts": said.counts(every),
        "attention": _attention(view, every),
        "heat": _heat(view, (each for _, each in threats)),
        "rows": [risk_row(view, *each) for each in threats],
        "opportunities": [risk_row(view, *each) for each in running if not said.is_threat(each[1])],
        "closed": [risk_row(view, *each) for each in shown if not each[1].open],
        "filtered": asked != reading.WantedRisks(),
        "choices": _choices(view, every, asked),
        "quarters": _quarters(view, every),
    }


def _attention(view: Snapshot, every: Iterable[Risk]) -> list[Facts]:
    """The risks that somebody must look at, each with every reason."""
    policy = view.catalogue.risk_policy
    found = []
    for risk in every:
        reasons = said.attention(risk, policy)
        if reasons:
            found.append(
                {
                    "reference": risk.reference,
                    "title": risk.title,
                    "href": risk_href(risk.reference),
                    "owner": risk.owner or "Not recorded",
                    "outcome": risk.rag.outcome,
                    "outcome_word": words.sentence(risk.band),
                    "score": risk.score,
                    "reasons": reasons,
                }
            )
    return found


def _heat(view: Snapshot, threats: Iterable[Risk]) -> Facts | None:
    scale = reading.scale(view)
    if scale is None:
        return None
    found = heat_map(scale, threats)
    return {
        "columns": found.columns,
        "rows": [
            {
                "name": row.name,
                "cells": [
                    {
                        "band": words.sentence(cell.band),
                        "score": cell.score,
                        "outcome": cell.outcome,
                        "count": count(len(cell.risks), "risk"),
                        "risks": [
                            {
                                "reference": each.reference,
                                "title": each.title,
                                "href": risk_href(each.reference),
                            }
                            for each in cell.risks
                        ],
                    }
                    for cell in row.cells
                ],
            }
            for row in found.rows
        ],
        "elsewhere": [
            {"reference": each.reference, "href": risk_href(each.reference)}
            for each in found.elsewhere
        ],
    }


def _quarters(view: Snapshot, every: list[Risk]) -> list[Facts]:
    """This quarter so far, and the one before it."""
    now = quarter_of(view.today)
    before = periods.previous(now)
    found = [_quarter(view, movements(every, now), f"{words.sentence(now.label())} so far")]
    if before is not None:
        found.append(_quarter(view, movements(every, before), words.sentence(before.label())))
    return found


def _quarter(view: Snapshot, found: Movements, title: str) -> Facts:
    return {
        "code": found.quarter.code,
        "title": title,
        "sentence": found.sentence(),
        "rows": [_moved(view, each) for each in found.every()],
    }


def _moved(view: Snapshot, found: Movement) -> Facts:
    policy = view.catalogue.risk_policy
    tiers = found.kind in ("escalated", "de-escalated")
    before, after = (
        said.tier_name(each, policy) if tiers and each else each or "–"
        for each in (found.before, found.after)
    )
    also = "" if said.is_threat(found.risk) else " (opportunity)"
    return {
        "what": MOVED[found.kind] + also,
        "reference": found.risk.reference,
        "title": found.risk.title,
        "href": risk_href(found.risk.reference),
        "on": on(found.on),
        "before": before,
        "after": after,
        "reason": found.reason or "–",
        "by": found.by,
    }


def _choices(view: Snapshot, every: Iterable[Risk], asked: reading.WantedRisks) -> Facts:
    """What the register can be filtered by."""
    policy = view.catalogue.risk_policy
    listed = list(every)
    tiers = [(tier.name, tier.code) for tier in policy.tiers]
    categories = [(category.name, category.code) for category in policy.categories]
    tiers += _others(tiers, (risk.tier for risk in listed))
    categories += _others(categories, (risk.category for risk in listed))
    standings = [(words.sentence(each), each) for each in said.STANDINGS]
    services = (risk.service or "" for risk in listed)
    return {
        "tier": options([("Every tier", ""), *tiers], asked.tier),
        "category": options([("Every category", ""), *categories], asked.category),
        "service": service_choices(view, services, asked.service),
        "standing": options([("Any", ""), *standings], asked.standing),
    }


def _others(known: list[tuple[str, str]], used: Iterable[str]) -> list[tuple[str, str]]:
    """Codes that risks have and the policy has not."""
    codes = {code for _, code in known}
    return [(code, code) for code in sorted(set(used) - codes - {""})]
