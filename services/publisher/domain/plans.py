"""Improvement actions and projects as people see them, for pages and for the stream alike."""

from collections.abc import Iterable
from decimal import Decimal

from services.publisher.domain import words
from services.publisher.domain.contracts import NOT_RECORDED, count, on
from shared.contracts.risks import Action, Project, ProjectMilestone

STAGES = ("overdue", "in progress", "not started", "complete", "cancelled")
OVER = ("complete", "cancelled")
MILESTONE_OUTCOMES = {"late": "red", "slipped": "amber", "reached": "green"}

Parts = dict[str, str]


def action_parts(found: Action) -> Parts:
    """The parts of an action's row and page that move."""
    return {
        "title": found.title,
        "owner": found.owner or NOT_RECORDED,
        "outcome": found.rag.outcome,
        "outcome_word": words.sentence(found.stage),
        "rule": words.sentence(words.said_plainly(found.rag.rule)),
        "due": on(found.due),
        "progress": NOT_RECORDED if found.progress is None else f"{found.progress}%",
        "expected": expected(found),
    }


def expected(found: Action) -> str:
    """When it was or will be done, where that is not simply its due day."""
    if found.done:
        return f"Done on {on(found.done)}"
    if found.slipped:
        return f"Expected on {on(found.forecast)}, after it is due"
    return f"Expected on {on(found.forecast)}" if found.forecast else ""


def project_parts(found: Project) -> Parts:
    """The parts of a project's row and page that move."""
    return {
        "title": found.title,
        "status": found.status or ("Open" if found.open else "Closed"),
        "manager": found.manager or NOT_RECORDED,
        "outcome": found.rag.outcome,
        "outcome_word": words.OUTCOMES.get(found.rag.outcome, words.sentence(found.rag.outcome)),
        "rule": words.sentence(words.said_plainly(found.rag.rule)),
        "end": on(found.end),
        "ends": ends(found),
        "next": next_milestone(found),
        "reached": reached(found),
    }


def ends(found: Project) -> str:
    """When it is expected to end beside its plan."""
    if not found.forecast_end:
        return ""
    if found.slipped_days:
        late = count(found.slipped_days, "day")
        return f"Expected on {on(found.forecast_end)}, {late} later than planned"
    return f"Expected on {on(found.forecast_end)}"


def next_milestone(found: Project) -> str:
    """The milestone that comes next, and when."""
    coming = found.milestones.get(found.next_milestone)
    if coming is None:
        return "None to come" if found.milestones else "No milestones"
    return f"{coming.title}: {milestone_when(coming)}"


def milestone_when(found: ProjectMilestone) -> str:
    """`planned for 3 July 2026, expected on 1 August 2026`"""
    if found.achieved:
        return f"reached on {on(found.achieved)}"
    planned = f"planned for {on(found.planned)}"
    if found.forecast and found.forecast != found.planned:
        return f"{planned}, expected on {on(found.forecast)}"
    return planned


def milestone_outcome(found: ProjectMilestone) -> str:
    """How a milestone is marked."""
    return MILESTONE_OUTCOMES.get(found.stage, "information")


def reached(found: Project) -> str:
    """`2 of 5 milestones reached`"""
    if not found.milestones:
        return "No milestones"
    number = sum(each.stage == "reached" for each in found.milestones.values())
    return f"{number} of {count(len(found.milestones), 'milestone')} reached"


def milestones(found: Project) -> list[ProjectMilestone]:
    """Milestones in the order in which they are, or were, to come."""
    return sorted(
        found.milestones.values(),
        key=lambda each: (each.achieved or each.forecast or each.planned, each.milestone),
    )


def budget(found: Project) -> str:
    """Its budget in pounds."""
    if found.budget is None:
        return NOT_RECORDED
    return words.pounds(Decimal(found.budget) / 100, 0)


def action_counts(found: Iterable[Action]) -> str:
    """`5 actions are open: 2 are overdue, 1 is expected late. 3 are complete.`"""
    listed = list(found)
    open_ones = [each for each in listed if each.stage not in OVER]
    done = sum(each.stage == "complete" for each in listed)
    also = f" {done:,} {_are(done)} complete." if done else ""
    if not open_ones:
        return f"No action is open.{also}"
    late = sum(each.stage == "overdue" for each in open_ones)
    slipping = sum(each.slipped and each.stage != "overdue" for each in open_ones)
    number = len(open_ones)
    return (
        f"{count(number, 'action')} {_are(number)} open: {late or 'none'} {_are(late or 1)} "
        f"overdue, {slipping or 'none'} {_are(slipping or 1)} expected late.{also}"
    )


def project_counts(found: Iterable[Project]) -> str:
    """`4 projects are running: 1 red, 1 amber, 2 green.`"""
    running = [each for each in found if each.open]
    if not running:
        return "No project is running."
    outcomes = [each.rag.outcome for each in running]
    listed = ", ".join(f"{outcomes.count(each)} {each}" for each in ("red", "amber", "green"))
    return f"{count(len(running), 'project')} {_are(len(running))} running: {listed}."


def _are(number: int) -> str:
    return "is" if number == 1 else "are"
