"""The facts of a risk's page: what may happen, how it is judged, what holds it, how it moved."""

from services.publisher import reading_risks as reading
from services.publisher.domain import risks as said
from services.publisher.domain import words
from services.publisher.domain.contracts import NOT_RECORDED, on, pounds
from services.publisher.readmodel import Snapshot
from services.publisher.web import plan_rows as rows
from services.publisher.web import review_views
from services.publisher.web.asking import Asker
from services.publisher.web.tables import Facts, frame
from shared.catalogue.scale import Scale
from shared.contracts.risks import Risk, RiskControl, Scored, Tiered
from shared.runtime.problems import Problem


def risk(view: Snapshot, reference: str, asker: Asker) -> Facts:
    """Everything about one risk."""
    held = reading.risk(view, reference)
    if held is None:
        raise Problem(404, f"There is no risk {reference[:60]!r}.")
    state, found = held
    policy = view.catalogue.risk_policy
    actions = [each for each in reading.actions(view) if reference in each[1].risks]
    naming = [p.reference for _, p in reading.projects(view) if reference in p.risks]
    projects, unknown_projects = rows.linked_projects(view, [*found.projects, *naming])
    return {
        **frame(view, "/risks", {"kinds": "risks,indicators,finance,contracts"}),
        "risk": found,
        "form": asker.risk_form(reference, found.prompts) if asker.signed_in else "",
        "criteria": _criteria(view, found.category),
        "review": review_views.for_risk(view, reference, asker),
        "row": rows.risk_row(view, state, found),
        "place": rows.place(view, found.directorate, found.portfolio),
        "scores": _scores(found),
        "about": _about(found),
        "controls": [_control(each) for each in found.controls.values()],
        "actions": [rows.action_row(view, *each) for each in actions],
        "prompts": [
            {
                "cause": said.cause(each),
                "says": words.said_plainly(each.says),
                "href": said.prompt_link(each),
                "name": name,
            }
            for name, each in found.prompts.items()
        ],
        "suggested": said.tier_name(found.suggested_tier, policy) if found.suggested_tier else "",
        "history": _history(found),
        "moves": [_move(view, each) for each in reversed(found.moves)],
        "indicators": rows.linked_indicators(view, found.indicators),
        "cost_centres": rows.linked_cost_centres(view, found.cost_centres),
        "contracts": rows.linked_contracts(view, found.contracts),
        "projects": {"rows": projects, "unknown": unknown_projects},
    }


def _scores(found: Risk) -> list[tuple[str, str, str]]:
    """Name, words and part of the three scores."""
    now = (
        f"{found.score}, {words.sentence(found.band)}: likelihood {found.likelihood}, "
        f"impact {found.impact}"
    )
    aim = said.score(found.target) if found.target else said.target(found)
    if found.target and found.target_date:
        aim += f", by {on(found.target_date)}"
    return [
        ("Inherent, without any control", said.score(found.inherent), ""),
        ("Current, with the controls there are", now, "now"),
        ("Target", aim, ""),
    ]


def _about(found: Risk) -> list[tuple[str, str]]:
    """What else the register says."""
    return [
        ("Proximity", found.proximity or NOT_RECORDED),
        ("Velocity", found.velocity or NOT_RECORDED),
        ("Pounds that may be lost", pounds(found.exposure)),
        ("Priority at risk", found.objective or NOT_RECORDED),
        ("On the register since", on(found.opened)),
        *([("Taken off it", on(found.closed))] if found.closed else []),
        ("Last reviewed", _reviewed(found)),
    ]


def _reviewed(found: Risk) -> str:
    if not found.reviewed:
        return "Never"
    return f"{on(found.reviewed)}{f', by {found.reviewed_by}' if found.reviewed_by else ''}"


def _control(found: RiskControl) -> Facts:
    return {
        "title": found.title or found.control,
        "control": found.control,
        "owner": found.owner or NOT_RECORDED,
        "line": found.line or NOT_RECORDED,
        "effectiveness": found.effectiveness or "Not assessed",
        "assured": on(found.assured) if found.assured else "Never",
    }


def _history(found: Risk) -> list[Facts]:
    """Every score, the newest first, each beside the one before it."""
    steps = zip([None, *found.history], found.history, strict=False)
    return [_step(before, now) for before, now in steps][::-1]


def _step(before: Scored | None, now: Scored) -> Facts:
    if before is None:
        moved = "As registered"
    elif before.score == now.score:
        moved = "As before"
    else:
        moved = f"{'Up' if now.score > before.score else 'Down'} from {before.score}"
    return {
        "on": on(now.on),
        "score": f"{now.score}, {words.sentence(now.band)}",
        "levels": f"{now.likelihood} × {now.impact}",
        "moved": moved,
        "reason": now.reason or ("The register’s own" if before is None else "No reason given"),
        "by": now.by or NOT_RECORDED,
    }


def _move(view: Snapshot, found: Tiered) -> Facts:
    policy = view.catalogue.risk_policy
    return {
        "on": on(found.on),
        "what": words.sentence(found.direction) or "Moved",
        "before": said.tier_name(found.came_from, policy),
        "after": said.tier_name(found.tier, policy),
        "reason": found.reason or "No reason given",
        "by": found.by or NOT_RECORDED,
    }


def _criteria(view: Snapshot, category: str) -> list[tuple[str, str]]:
    """What each level of impact means for a category of risk, in words and in money."""
    matrix = view.catalogue.matrix
    every = matrix.criteria if matrix else []
    found = next((each for each in every if each.category == category), None)
    if matrix is None or found is None:
        return []
    limits = [pounds(int(limit * 100)).removesuffix(".00") for limit in found.money]
    listed = []
    for number, level in enumerate(Scale(matrix).impact):
        told = [found.levels[number]] if found.levels else []
        if limits:
            last = number == len(limits)
            told.append(
                f"a loss of {limits[-1]} or more" if last else f"a loss below {limits[number]}"
            )
        listed.append(
            (
                level.name if level.name == str(number + 1) else f"{number + 1} {level.name}",
                "; ".join(told),
            )
        )
    return listed
