"""What a caller may ask about risks, actions and projects, read strictly."""

from collections.abc import Iterable, Mapping

from services.publisher.api.query import period, refuse
from services.publisher.domain.movements import quarter_of
from services.publisher.domain.plans import STAGES
from services.publisher.domain.risks import STANDINGS
from services.publisher.reading_risks import WantedPlans, WantedRisks
from services.publisher.readmodel import Snapshot
from shared.catalogue.periods import Period
from shared.contracts.risks import Action, Project, Risk


def wanted_risks(view: Snapshot, every: Iterable[Risk], **asked: str | None) -> WantedRisks:
    """The filter that an address asks for: a standing, and codes that the catalogue or a risk of
    the register has."""
    policy = view.catalogue.risk_policy
    known = {
        "tier": {tier.code for tier in policy.tiers},
        "category": {category.code for category in policy.categories},
        "service": set(view.catalogue.services),
        "standing": set(STANDINGS),
    }
    for risk in every:
        known["tier"].add(risk.tier)
        known["category"].add(risk.category)
        known["service"].add(risk.service or "")
    return WantedRisks(**_checked(asked, known, {"standing": STANDINGS}))


def wanted_plans(
    view: Snapshot, every: Iterable[Action | Project], risks: Iterable[str], **asked: str | None
) -> WantedPlans:
    """The filter that an address asks for: a stage, and codes that the catalogue, the register or
    an action or project has."""
    known = {
        "service": set(view.catalogue.services),
        "stage": set(STAGES),
        "risk": set(risks),
        "indicator": set(view.catalogue.indicators),
    }
    for each in every:
        known["service"].add(each.service)
        known["risk"].update(each.risks)
        known["indicator"].update(each.indicators)
    return WantedPlans(**_checked(asked, known, {"stage": STAGES}))


def quarter(view: Snapshot, text: str | None) -> Period:
    """A quarter by its code; this one where none is named."""
    if not text:
        return quarter_of(view.today)
    found = period(text, "quarter")
    if found.kind != "quarter":
        raise refuse("quarter", text, "a quarter such as 2026-27-Q2")
    return found


def _checked(
    asked: Mapping[str, str | None],
    known: Mapping[str, set[str]],
    listed: Mapping[str, tuple[str, ...]],
) -> dict[str, str]:
    found = {name: text for name, text in asked.items() if text}
    for name, text in found.items():
        if text not in known[name]:
            what = f"the {'reference' if name == 'risk' else 'code'} of a known {name}"
            if name in listed:
                what = f"one of {', '.join(listed[name])}"
            raise refuse(name, text, what)
    return found
