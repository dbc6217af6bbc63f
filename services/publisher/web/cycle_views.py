"""The pages of a quarter's cycle: where it stands, who is late, and what is missing yet."""

from collections.abc import Callable, Iterable

from services.publisher import reading_reviews as reading
from services.publisher.domain import words
from services.publisher.domain.contracts import count, on
from services.publisher.domain.review_words import (
    CYCLE,
    cycle_parts,
    cycle_stage,
    missing,
    unsigned,
)
from services.publisher.reading_reports import quarter_named
from services.publisher.readmodel import Snapshot
from services.publisher.web import review_rows as rows
from services.publisher.web.asking import Asker
from services.publisher.web.tables import Facts, frame
from shared.contracts import subjects
from shared.contracts.review import Cycle, Review
from shared.review import cycle as stages
from shared.review.about import Quarter, quarter_of

NOBODY = "Nobody is named"


def cycles(view: Snapshot, asker: Asker) -> Facts:
    """Every quarter that has a cycle, the newest first."""
    return {
        **frame(view, "/cycle", {"kinds": "risks"}),
        "asker": asker,
        "rows": [
            {
                "subject": state.subject,
                "href": f"/cycle/{each.period}",
                "period": words.period(each.period),
                **cycle_parts(each),
            }
            for state, each in reading.cycles(view)
        ],
        "now": quarter_of(view.today.isoformat()).code,
    }


def cycle(view: Snapshot, period: str, asker: Asker) -> Facts:
    """Where a quarter stands."""
    quarter = quarter_named(period)
    held = reading.cycle(view, quarter.code)
    stage = held[1].stage if held else stages.OPEN
    facts: Facts = {
        **frame(view, "/cycle", {"kinds": "risks"}),
        "asker": asker,
        "period": words.period(quarter.code),
        "code": quarter.code,
        "subject": subjects.cycle(quarter.code),
        "stage": stage,
        "stage_word": cycle_stage(stage),
        "stages": [(name, text, name == stage) for name, text in CYCLE.items()],
        "due": _due(view, quarter, held[1] if held else None),
        "report": f"/reports/{quarter.code}",
    }
    if not asker.signed_in:
        return facts
    found = reading.reviews(view, quarter.code)
    waiting = reading.unfinished(found)
    challenges = [
        each for each in reading.challenges(view, quarter.code) if each[1].stage != "closed"
    ]
    catalogue = view.catalogue
    return {
        **facts,
        # The door knows by itself of challenges and queries.
        "form": asker.cycle_form(quarter.code, "; ".join(unsigned(each for _, each in found))),
        "counts": cycle_parts(held[1]) if held else None,
        "steps": _steps(held[1]) if held else [],
        "set_aside": list(held[1].set_aside.values()) if held else [],
        "missing": missing((each for _, each in found), len(challenges)),
        "late_by_owner": _late(waiting, lambda each: each.waits_for or NOBODY),
        "late_by_service": _late(
            waiting,
            lambda each: (
                catalogue.services[each.service].name
                if each.service in catalogue.services
                else each.service or "No service"
            ),
        ),
        "rows": [rows.review_row(*each, catalogue, asker) for each in waiting],
        "done": count(len(found) - len(waiting), "figure"),
        "challenges": [rows.challenge_facts(*each, catalogue) for each in challenges],
        "reminders": [
            rows.reminder_row(*each, catalogue) for each in reading.reminders(view, quarter.code)
        ],
    }


def _due(view: Snapshot, quarter: Quarter, found: Cycle | None) -> list[tuple[str, str]]:
    rule = view.catalogue.review_cycle
    usual = {
        stages.OWNER: quarter.days_after(rule.owner_days),
        stages.DIRECTOR: quarter.days_after(rule.director_days),
        stages.FROZEN: quarter.days_after(rule.freeze_days),
    }
    known = {**usual, **(found.due if found else {})}
    titles = {
        stages.OWNER: "Commentary and owners’ sign-off",
        stages.DIRECTOR: "Directors’ sign-off",
        stages.FROZEN: "Freeze",
    }
    return [(titles[name], on(known[name])) for name in titles]


def _steps(found: Cycle) -> list[Facts]:
    return [
        {
            "to": words.sentence(each.to),
            "by": each.by,
            "at": words.said(each.at),
            "despite": each.despite,
        }
        for each in found.steps
    ]


def _late(waiting: Iterable[tuple[object, Review]], by: Callable[[Review], str]) -> list[Facts]:
    """Who is late: how many figures, and since which day, the most first."""
    found: dict[str, list[str]] = {}
    for _, each in waiting:
        if each.overdue:
            found.setdefault(by(each), []).append(each.due)
    ordered = sorted(found.items(), key=lambda each: (-len(each[1]), each[0]))
    return [
        {"name": name, "figures": f"{len(days):,}", "since": on(min(days))}
        for name, days in ordered
    ]
