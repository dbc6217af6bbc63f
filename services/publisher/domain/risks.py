"""Risks as people see them, for pages and for the stream alike."""

from collections.abc import Iterable, Sequence
from typing import NamedTuple
from urllib.parse import quote

import msgspec

from services.publisher.domain import plans, words
from services.publisher.domain.contracts import NOT_RECORDED, count, on
from services.publisher.domain.figures import Stamp
from shared.catalogue.risks import RiskPolicy
from shared.contracts.risks import Action, Project, Prompt, Risk, Score
from shared.contracts.topics import CONTRACTS, FINANCE, INDICATORS

KINDS = ("risk", "action", "project")
STANDINGS = ("within appetite", "above appetite", "beyond tolerance")
# What happened, for a prompt that an open page shows.
CAUSES = {
    "red indicator": "Red indicator",
    "adverse variance": "Adverse variance",
    "contract": "Contract",
}

Parts = dict[str, str]

_risk = msgspec.json.Decoder(Risk).decode
_action = msgspec.json.Decoder(Action).decode
_project = msgspec.json.Decoder(Project).decode


class Reason(NamedTuple):
    """Why a risk needs attention; `href` leads to what says so, where there is a page of it."""

    kind: str
    text: str
    href: str = ""


class ToldOf(NamedTuple):
    """The words of a state, its service, and the indicators that it names."""

    display: Parts | None = None
    service: str | None = None
    indicators: Sequence[str] = ()


def told(subject: str, body: bytes | None, stamp: Stamp, policy: RiskPolicy) -> ToldOf:
    """What an open page is told of a risk, an action or a project; nothing of one that is gone."""
    kind = subject.partition("/")[0]
    if body is None:
        return ToldOf()
    if kind not in KINDS:
        return ToldOf({})
    named: Sequence[str]
    if kind == "risk":
        risk = _risk(body)
        parts, service, named = risk_parts(risk, policy), risk.service, risk.indicators
        announce = f"{risk.title}: score {risk.score}, {words.sentence(risk.band)}"
    elif kind == "action":
        action = _action(body)
        parts, service, named = plans.action_parts(action), action.service, action.indicators
        announce = f"{action.title}: {parts['outcome_word']}"
    else:
        project = _project(body)
        parts, service, named = plans.project_parts(project), project.service, project.indicators
        announce = f"{project.title}: {parts['outcome_word']}"
    at = stamp.origin or stamp.time
    fresh = {"fresh": f"Updated {words.moment(at)}", "fresh_at": at}
    return ToldOf({**parts, **fresh, "announce": announce}, service or None, named)


def risk_parts(found: Risk, policy: RiskPolicy) -> Parts:
    """The parts of a risk's row and page that move."""
    return {
        "title": found.title,
        "owner": found.owner or NOT_RECORDED,
        "status": found.status or ("Open" if found.open else "Closed"),
        "likelihood": str(found.likelihood),
        "impact": str(found.impact),
        "score": str(found.score),
        "band": words.sentence(found.band),
        "outcome": found.rag.outcome,
        "outcome_word": words.sentence(found.band),
        "target": target(found),
        "standing": words.sentence(found.standing) or "Not judged",
        "standing_rule": standing_rule(found),
        "tier": tier_name(found.tier, policy),
        "response": found.response or NOT_RECORDED,
        "review": review(found),
        "overdue": "Overdue" if found.overdue else "",
        "prompted": count(len(found.prompts), "prompt") if found.prompts else "",
    }


def target(found: Risk) -> str:
    """The score that is aimed at, and by when."""
    if found.target_score is None:
        return "None set"
    by = f", by {on(found.target_date)}" if found.target_date else ""
    return f"{found.target_score} ({found.target_band}){by}"


def score(found: Score | None) -> str:
    """`20, Very high: likelihood 4, impact 5`"""
    if found is None:
        return NOT_RECORDED
    levels = f"likelihood {found.likelihood}, impact {found.impact}"
    return f"{found.score}, {words.sentence(found.band)}: {levels}"


def tier_name(code: str, policy: RiskPolicy) -> str:
    """A tier by its name; what the policy does not have, as it stands."""
    named = {tier.code: tier.name for tier in policy.tiers}
    return named.get(code, code) or NOT_RECORDED


def category_name(code: str, policy: RiskPolicy) -> str:
    """A category by its name; what the policy does not have, as it stands."""
    named = {category.code: category.name for category in policy.categories}
    return named.get(code, code) or NOT_RECORDED


def review(found: Risk) -> str:
    """When it is to be looked at again."""
    if not found.open:
        return "Closed"
    return on(found.review_by) if found.review_by else "No date"


def standing_rule(found: Risk) -> str:
    """Where its score stands beside the appetite, with the rule, in a sentence."""
    if found.nature == "opportunity":
        return "It is an opportunity: appetite sets no limit to its score."
    if not found.standing or found.appetite_to is None:
        return "The policy sets no appetite for its category."
    limit = f"appetite is {found.appetite}, up to a score of {found.appetite_to}"
    if found.tolerance_to is not None:
        limit += f", and a score of up to {found.tolerance_to} is tolerated"
    return f"{words.sentence(found.standing)}: it scores {found.score}; {limit}."


def is_threat(found: Risk) -> bool:
    """Whether it is a risk to be kept down, and not one to be taken."""
    return found.nature != "opportunity"


def attention(found: Risk, policy: RiskPolicy) -> list[Reason]:
    """Why somebody must look at an open risk, the gravest first."""
    if not found.open:
        return []
    reasons = []
    if found.standing == "beyond tolerance":
        text = f"Beyond tolerance: it scores {found.score}, {found.tolerance_to} is tolerated"
        reasons.append(Reason("tolerance", text))
    if found.overdue:
        reasons.append(Reason("overdue", f"Review overdue since {on(found.review_by)}"))
    if found.suggested_tier:
        there, here = (tier_name(t, policy) for t in (found.suggested_tier, found.tier))
        text = f"Suggested for escalation to {there}: it stands at {here}"
        reasons.append(Reason("escalation", text))
    reasons += [
        Reason("prompt", f"{cause(each)}: {words.said_plainly(each.says)}", prompt_link(each))
        for each in found.prompts.values()
    ]
    return reasons


def cause(found: Prompt) -> str:
    """What kind of thing asks for a review."""
    return CAUSES.get(found.cause, words.sentence(found.cause))


def prompt_link(found: Prompt) -> str:
    """The page of what a prompt is about; empty where there is none."""
    parts = found.subject.split("/")
    if found.topic == INDICATORS and len(parts) >= 2:
        return f"/indicators/{quote(parts[0], safe='')}/values/{quote(parts[1], safe='')}"
    if found.topic == FINANCE and parts[0] == "cost-centre" and len(parts) == 3:
        # Its parts are encoded in a subject as they are in an address.
        return f"/finance/cost-centre/{parts[2]}?year={quote(parts[1], safe='')}"
    if found.topic == CONTRACTS and parts[0] == "contract" and len(parts) == 2:
        return f"/contracts/{parts[1]}"
    return ""


def bands(found: Iterable[Risk]) -> list[tuple[str, int]]:
    """How many open threats stand in each band, the worst first."""
    counts: dict[str, tuple[int, int]] = {}
    for risk in found:
        if risk.open and is_threat(risk):
            number, worst = counts.get(risk.band, (0, 0))
            counts[risk.band] = (number + 1, max(worst, risk.score))
    ordered = sorted(counts.items(), key=lambda each: -each[1][1])
    return [(words.sentence(band), number) for band, (number, _) in ordered]


def counts(found: Iterable[Risk]) -> str:
    """`3 risks are open: 1 very high, 2 medium. 1 is beyond tolerance; 2 reviews are overdue.`"""
    listed = [risk for risk in found if risk.open]
    threats = [risk for risk in listed if is_threat(risk)]
    taken = len(listed) - len(threats)
    also = f" {count(taken, 'opportunity', 'opportunities')} besides." if taken else ""
    if not threats:
        return f"No risk is open.{also}"
    in_bands = ", ".join(f"{number:,} {band.lower()}" for band, number in bands(threats))
    beyond = sum(risk.standing == "beyond tolerance" for risk in threats)
    late = sum(risk.overdue for risk in threats)
    return (
        f"{count(len(threats), 'risk')} {_are(len(threats))} open: {in_bands}. "
        f"{beyond or 'None'} {_are(beyond or 1)} beyond tolerance; "
        f"{count(late, 'review') if late else 'no review'} {_are(late or 1)} overdue.{also}"
    )


def _are(number: int) -> str:
    return "is" if number == 1 else "are"
