"""Savings and reserves: what is to be delivered, what is held for a year, and how each stands.

Rule: a saving's target is what is delivered, what is still forecast and what cannot be delivered;
a reserve closes at what it opens with, what is put in and what is used.
"""

from collections.abc import Mapping
from typing import Any

from services.finance.domain.structure import place_of
from services.finance.domain.words import percent, pounds
from shared.catalogue.accounts import SavingRule
from shared.contracts.fields import text
from shared.contracts.finance import Reserve, Saving
from shared.contracts.judged import RagState

Fields = Mapping[str, Any]

DELIVERED, ON_TRACK, AT_RISK, UNDELIVERABLE = "delivered", "on track", "at risk", "undeliverable"
_OUTCOMES = {DELIVERED: "green", ON_TRACK: "green", AT_RISK: "amber", UNDELIVERABLE: "red"}


def saving_of(
    fields: Fields,
    amounts: Mapping[str, int],
    rule: SavingRule,
    services: Mapping[str, Any],
    today: str,
) -> Saving:
    """What a record says of a saving; `amounts` are target, delivered and forecast in pence."""
    target, delivered, forecast = (amounts[name] for name in ("target", "delivered", "forecast"))
    undeliverable = max(0, target - delivered - forecast)
    stage = _stage(target, delivered, undeliverable, rule)
    service = text(fields, "service")
    directorate, portfolio = place_of(services, service, today)
    said = (
        f"{pounds(undeliverable)} of the target of {pounds(target)} cannot be delivered: red if"
        f" that is more than {percent(rule.red_over)} of it, amber if it is anything"
    )
    if stage == DELIVERED:
        said = f"{pounds(delivered)} of the target of {pounds(target)} is delivered: green from all"
    return Saving(
        reference=text(fields, "reference"),
        title=text(fields, "title"),
        year=text(fields, "year"),
        target=target,
        delivered=delivered,
        forecast=forecast,
        undeliverable=undeliverable,
        stage=stage,
        rag=RagState(_OUTCOMES[stage], said),
        service=service,
        portfolio=text(fields, "portfolio") or portfolio,
        directorate=directorate,
        owner=text(fields, "owner"),
        mitigation=text(fields, "mitigation"),
    )


def _stage(target: int, delivered: int, undeliverable: int, rule: SavingRule) -> str:
    if delivered >= target:
        return DELIVERED
    if undeliverable * 100 > rule.red_over * target:
        return UNDELIVERABLE
    return AT_RISK if undeliverable else ON_TRACK


def reserve_of(fields: Fields, amounts: Mapping[str, int], minimum: int | None) -> Reserve:
    """What a record says of a reserve; `amounts` are opening, planned_in and planned_out in pence,
    and `minimum` is None where it has none."""
    closing = amounts["opening"] + amounts["planned_in"] - amounts["planned_out"]
    return Reserve(
        reserve=text(fields, "reserve"),
        name=text(fields, "name"),
        year=text(fields, "year"),
        opening=amounts["opening"],
        planned_in=amounts["planned_in"],
        planned_out=amounts["planned_out"],
        closing=closing,
        rag=_judged(closing, minimum),
        minimum=minimum,
        fund=text(fields, "fund"),
        purpose=text(fields, "purpose"),
    )


def _judged(closing: int, minimum: int | None) -> RagState:
    at = f"It would close the year at {pounds(closing)}"
    if minimum is None:
        outcome = "red" if closing < 0 else "information"
        return RagState(outcome, f"{at}, and no minimum is set: red only below nought")
    outcome = "green"
    if closing < 0 or closing < minimum:
        outcome = "red"
    elif closing * 10 <= minimum * 11:
        outcome = "amber"
    said = f"red below its minimum of {pounds(minimum)} or below nought, amber up to 10% above it"
    return RagState(outcome, f"{at}: {said}")
