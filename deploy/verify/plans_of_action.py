"""Improvement actions and projects, worked out again.

Rule: of several records with one reference the last by its subject holds. What is due on a day is
late from the day after. Words of a status mean the same however they are capitalised.
"""

from collections.abc import Iterable
from datetime import date

from deploy.verify.accounting import Books, Entry
from deploy.verify.money import pence
from deploy.verify.source import Json

STATUSES = ("Not started", "In progress", "Complete", "Cancelled")
OVER = ("closed", "complete", "cancelled")
ACTION_TEXTS = ("reference", "title", "owner", "description")
ACTION_LISTS = ("indicators", "risks", "cost_centres", "projects")
PROJECT_TEXTS = ("reference", "title", "status", "programme", "sponsor", "manager", "scheme",
                 "summary")  # fmt: skip
PROJECT_LISTS = ("indicators", "risks", "cost_centres")


def listed(text: str) -> list[str]:
    """What is parted by commas: in order, each once, without blanks."""
    found: list[str] = []
    for part in (each.strip() for each in text.split(",")):
        if part and part not in found:
            found.append(part)
    return found


def named(said: str, names: Iterable[str]) -> str:
    """One of these words as it is spelled here, whatever its capitals; any other as it is."""
    by_word = {name.lower(): name for name in names}
    return by_word.get(said.strip().lower(), said)


def of_service(books: Books, entry: Entry) -> Json:
    """Who answers for a record: its service, and by that a directorate and a portfolio, unless it
    names a portfolio of its own."""
    service = books.services.get(entry.text("service"), {})
    return {
        "service": entry.text("service"),
        "directorate": service.get("directorate") or "",
        "portfolio": entry.text("portfolio") or service.get("portfolio") or "",
    }


def actions(books: Books) -> dict[str, Json]:
    """Every action by its reference."""
    return {entry.text("reference"): action_state(books, entry) for entry in books.of("action")}


def action_state(books: Books, entry: Entry) -> Json:
    """What is published of an action."""
    slipped = days_late(entry.day("due"), entry.day("forecast")) > 0
    progress = entry.fields.get("progress")
    if progress is not None:
        progress = min(max(int(progress), 0), 100)
    stage = stage_of(entry, progress or 0, books.today)
    rag = {"complete": "green", "cancelled": "no target", "overdue": "red"}.get(stage)
    return {name: entry.text(name) for name in ACTION_TEXTS} | {
        "kind": "action",
        "stage": stage,
        "slipped": slipped,
        "rag": rag or ("amber" if slipped else "green"),
        "status": named(entry.text("status"), STATUSES),
        "progress": progress,
        **{name: entry.day(name) for name in ("start", "due", "forecast", "done")},
        **{name: listed(entry.text(name)) for name in ACTION_LISTS},
        **of_service(books, entry),
    }


def stage_of(entry: Entry, progress: int, today: str) -> str:
    """Where an action is on the business day."""
    status = entry.text("status").strip().lower()
    if status == "cancelled":
        return "cancelled"
    if status == "complete" or entry.day("done"):
        return "complete"
    if "" < entry.day("due") < today:
        return "overdue"
    begun = status == "in progress" or progress > 0 or "" < entry.day("start") <= today
    return "in progress" if begun else "not started"


def projects(books: Books) -> dict[str, Json]:
    """Every project by its reference."""
    milestones: dict[str, list[Entry]] = {}
    for entry in books.of("project-milestone"):
        milestones.setdefault(entry.text("project"), []).append(entry)
    return {
        entry.text("reference"): project_state(
            books, entry, milestones.get(entry.text("reference"), [])
        )
        for entry in books.of("project")
    }


def project_state(books: Books, entry: Entry, milestones: list[Entry]) -> Json:
    """What is published of a project."""
    stages = {each.subject: milestone_stage(each, books.today) for each in milestones}
    ahead = [
        (each.day("forecast") or each.day("planned"), each.subject)
        for each in milestones
        if stages[each.subject] != "reached"
    ]
    rag = entry.text("rag").strip().lower()
    if rag not in ("red", "amber", "green"):
        behind = set(stages.values())
        rag = "red" if "late" in behind else "amber" if "slipped" in behind else "green"
    return {name: entry.text(name) for name in PROJECT_TEXTS} | {
        "kind": "project",
        "open": entry.text("status").strip().lower() not in OVER,
        "rag": rag,
        **{name: entry.day(name) for name in ("start", "end", "forecast_end")},
        "slipped_days": days_late(entry.day("end"), entry.day("forecast_end")),
        "budget": pence(entry.fields.get("budget")),
        "milestones": {
            each.subject: {
                **{name: each.text(name) for name in ("milestone", "title")},
                **{name: each.day(name) for name in ("planned", "forecast", "achieved")},
                "stage": stages[each.subject],
            }
            for each in milestones
        },
        "next_milestone": min(ahead)[1] if ahead else "",
        **{name: listed(entry.text(name)) for name in PROJECT_LISTS},
        **of_service(books, entry),
    }


def milestone_stage(entry: Entry, today: str) -> str:
    """Where a milestone is on the business day: late by its plan, whatever its forecast."""
    if entry.day("achieved"):
        return "reached"
    if "" < entry.day("planned") < today:
        return "late"
    return "slipped" if days_late(entry.day("planned"), entry.day("forecast")) else "to come"


def days_late(planned: str, expected: str) -> int:
    """How many days later than planned something ends; nought where either day is not known."""
    if not planned or not expected:
        return 0
    return max(0, (date.fromisoformat(expected) - date.fromisoformat(planned)).days)
