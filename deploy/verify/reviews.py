"""Reviews, challenges, cycles and reminders, worked out again.

Rule: which records count, and which are set aside, is compared; the sentences that say why, and
what was found to be personal, are left to the system.
"""

from collections.abc import Iterable, Mapping
from datetime import date, timedelta
from typing import Any
from urllib.parse import quote

from deploy.verify.accounting import Books
from deploy.verify.desk import Desk, Figure, Published
from deploy.verify.periods import parse
from deploy.verify.source import Definitions, Json, Record
from deploy.verify.steps import STAGES, Dispute, in_order, said_by, signed, word

KINDS = ("review", "challenge", "cycle", "reminder")
VOICES = ("Owner", "Director", "Cabinet member")
ANSWER_DAYS = 7


def days_on(day: str, days: int) -> str:
    """A day so many days later; the same where the calendar ends, and where it is no day."""
    try:
        return (date.fromisoformat(day) + timedelta(days=days)).isoformat()
    except (OverflowError, ValueError):
        return day


def review_states(
    definitions: Definitions,
    records: Mapping[str, list[Record]],
    today: date,
    others: Published,
) -> dict[str, Json]:
    """Every review, challenge, cycle and reminder that must be published, by its subject."""
    desk = Desk(
        Books(definitions, records, today),
        definitions.of("person").values(),
        definitions.of("indicator"),
        next(iter(definitions.of("review-cycle").values()), {}),
        others,
    )
    found: dict[str, Json] = {}
    for quarter in desk.walks:
        found |= _quarter(desk, quarter)
    for reference, each in desk.disputes.items():
        found |= _challenge(desk, reference, each)
    return found


def _quarter(desk: Desk, quarter: str) -> dict[str, Json]:
    """A quarter's cycle, with the reviews of its figures, and reminders of them."""
    walked, today = desk.walks[quarter], desk.books.today
    reviews: dict[str, Json] = {}
    if walked.stage != STAGES[0]:
        for about, figure in desk.figures(quarter).items():
            subject = f"review/{quarter}/{quote(about, safe='/')}"
            reviews[subject] = _review(desk, quarter, about, figure)
    last = parse(quarter).end.isoformat()
    due = {
        "owner sign-off": days_on(last, desk.days("owner_days", 20)),
        "director sign-off": days_on(last, desk.days("director_days", 30)),
        "frozen": days_on(last, desk.days("freeze_days", 40)),
    }
    cycle = {
        "kind": "cycle",
        "period": quarter,
        "stage": walked.stage,
        "due": due,
        "steps": walked.steps,
        "set_aside": sorted(walked.set_aside),
    } | _counts(reviews.values())
    found = {f"cycle/{quarter}": cycle} | reviews
    for subject, review in reviews.items():
        if walked.stage == STAGES[-1] or review["stage"] == "signed off":
            continue
        if today >= days_on(review["due"], -desk.days("remind_days", 5)):
            same = ("period", "about", "due", "overdue", "service")
            asked = {"task": review["stage"], "who": review["waits_for"]}
            found[f"reminder/{subject}"] = (
                {"kind": "reminder"} | asked | {name: review[name] for name in same}
            )
    return found


def _counts(reviews: Iterable[Json]) -> Json:
    def fresh(review: Json, level: str) -> bool:
        return level in review["sign_offs"] and not review["sign_offs"][level]["stale"]

    every = list(reviews)
    return {
        "figures": len(every),
        "required": sum(each["required"] for each in every),
        "written": sum(each["required"] and "Owner" in each["voices"] for each in every),
        "owner_signed": sum(fresh(each, "Owner") for each in every),
        "director_signed": sum(fresh(each, "Director") for each in every),
        "queried": sum(bool(each["query"]) for each in every),
        "challenged": sum(bool(each["challenges"]) for each in every),
        "late": sum(each["overdue"] for each in every),
    }


def _review(desk: Desk, quarter: str, about: str, figure: Figure) -> Json:
    """What is published of a figure's review."""
    place = quarter, about
    voices: dict[str, Json] = {}
    set_aside = []
    for entry in in_order(desk.said.get(("commentary", *place), ())):
        voice = word(entry.text("voice"), VOICES)
        if not voice:
            set_aside.append(entry.subject)
            continue
        voices[voice] = said_by(entry) | {
            name: entry.text(name) for name in ("what_happened", "why", "what_next")
        }
    query: Json | None = None
    for entry in in_order(desk.said.get(("data-query", *place), ())):
        status = word(entry.text("status"), ("Under query", "Resolved"))
        if not status:
            set_aside.append(entry.subject)
        else:
            asked = said_by(entry) | {"reason": entry.text("reason")}
            query = asked if status == "Under query" else None
    required = figure.rag in (desk.rule.get("required_when", ["red"]))
    unwritten = required and "Owner" not in voices
    names = signed(
        desk.said.get(("sign-off", *place), ()), figure.value, barred=unwritten or query is not None
    )
    stage, waits_for, days = "signed off", "", 0
    if unwritten or not names.fresh("Owner"):
        stage = "commentary" if unwritten else "owner sign-off"
        waits_for, days = figure.owner, desk.days("owner_days", 20)
    elif not names.fresh("Director"):
        stage, days = "director sign-off", desk.days("director_days", 30)
        waits_for = desk.post("director", figure.service)
    end = parse(quarter).end.isoformat()
    due = "" if stage == "signed off" else days_on(end, days)
    return {
        "kind": "review",
        "period": quarter,
        "about": about,
        "topic": figure.topic,
        "subject": figure.subject,
        "stage": stage,
        "value": figure.value,
        "rag": figure.rag,
        "service": figure.service,
        "owner": figure.owner,
        "required": required,
        "voices": voices,
        "sign_offs": names.counting,
        "query": query,
        "challenges": sorted(
            reference
            for reference, each in desk.disputes.items()
            if each.place == place and each.stage != "closed"
        ),
        "waits_for": waits_for,
        "due": due,
        "overdue": bool(due) and due < desk.books.today,
        "set_aside": sorted(set_aside + names.set_aside),
    }


def _challenge(desk: Desk, reference: str, each: Dispute) -> dict[str, Json]:
    """What is published of a challenge, and of the answer that it waits for."""
    assert each.raised is not None
    quarter, about = each.place
    service, owner = desk.answering(about)
    by, raised = each.raised.text("by"), each.raised.text("at")
    waits_for = {"open": owner, "answered": by}.get(each.stage, "")
    subject = f"challenge/{quote(reference, safe='')}"
    found: dict[str, Json] = {
        subject: {
            "kind": "challenge",
            "reference": reference,
            "period": quarter,
            "about": about,
            "stage": each.stage,
            "by": by,
            "at": raised,
            "waits_for": waits_for,
            "steps": each.steps,
            "set_aside": sorted(each.set_aside),
        }
    }
    walked, due = desk.walks.get(quarter), days_on(raised[:10], ANSWER_DAYS)
    running = walked is not None and walked.stage in STAGES[1:-1]
    near = days_on(due, -desk.days("remind_days", 5))
    if running and due != raised[:10] and each.stage == "open" and desk.books.today >= near:
        found[f"reminder/{subject}"] = {
            "kind": "reminder",
            "period": quarter,
            "about": about,
            "task": "answer",
            "who": waits_for,
            "due": due,
            "overdue": due < desk.books.today,
            "service": service,
        }
    return found


def is_of_review(subject: str) -> bool:
    """Whether a state of irf.risks is one of these."""
    return subject.partition("/")[0] in KINDS


def as_compared(state: Json | None) -> Json | None:
    """What is compared of a published state: without sentences, and without what was found to be
    personal."""
    if state is None:
        return None
    plain = dict(state)
    plain["set_aside"] = sorted(state.get("set_aside") or ())
    if "rag" in state:
        # A review says no more than the outcome.
        plain["rag"] = {"outcome": state["rag"]}
    for name in ("voices", "steps"):
        parts: Any = state.get(name)
        if isinstance(parts, dict):
            plain[name] = {key: _impersonal(each) for key, each in parts.items()}
        elif parts:
            plain[name] = [_impersonal(each) for each in parts]
    return plain


def _impersonal(part: Json) -> Json:
    return {name: value for name, value in part.items() if name != "personal"}
