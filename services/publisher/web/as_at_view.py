"""The facts of an indicator as it was known at the end of a day, beside what it is now.

Rule: nothing here moves: what was known then is kept for good, and what changed since is marked.
"""

from collections.abc import Mapping
from datetime import date

from services.publisher import reading
from services.publisher.api import answers, query
from services.publisher.domain import words
from services.publisher.domain.figures import Figure, decode_value, opens
from services.publisher.domain.saying import aim_of
from services.publisher.domain.vega import Course, chart
from services.publisher.readmodel import Snapshot
from services.publisher.store import repository
from services.publisher.store.repository import Span
from services.publisher.web.tables import Facts, frame
from shared.catalogue.headline import headline_kind

ROWS = 400
CHART_POINTS = 24


def asked_day(values: Mapping[str, str]) -> str:
    """The day that was asked for: whole, or in the three fields of a form."""
    parts = [values.get(f"as_at-{name}", "").strip() for name in ("year", "month", "day")]
    if any(parts):
        return "-".join(part.zfill(2) for part in parts)
    return values.get("as_at", "").strip()


def as_at(view: Snapshot, code: str, kind: str | None, day: str) -> Facts:
    """The series of one kind of period as it was known at the end of a day."""
    found = answers.known(view, code)
    chosen = kind or headline_kind(found)
    if chosen not in found.periods:
        raise query.refuse("kind", chosen, f"one of {', '.join(found.periods)}")
    when = _day(day, view.today)
    instant = query.instant("as_at", when.isoformat()) or ""
    span = Span(code, kind=chosen)
    rows = [
        row
        for row in repository.series_as_at(view.tx, span, instant, ROWS)
        if opens(decode_value(row.body or b"").period) <= when.isoformat()
    ]
    then = reading.figures(view, rows, trends=False)
    now = {
        each.subject: each
        for each in reading.figures(view, repository.series(view.tx, span, ROWS), trends=False)
    }
    values = [decode_value(row.body or b"") for row in rows]
    start = max(0, len(then) - CHART_POINTS)
    course = Course(
        found.title,
        then[start:],
        [aim_of(value.target) for value in values[start:]],
        [value.rag.amber for value in values[start:]],
    )
    return {
        **frame(view, f"/indicators/{code}", None),
        "indicator": found,
        "kind": chosen,
        "kinds": [each for each in words.KINDS if each in found.periods],
        "day": words.day(when),
        "as_at": when.isoformat(),
        "lines": [_line(each, now.get(each.subject)) for each in reversed(then)],
        "moved": sum(_moved(each, now.get(each.subject)) for each in then),
        "chart": chart(course),
    }


def _day(text: str, today: date) -> date:
    try:
        found = date.fromisoformat(text)
    except ValueError:
        found = None
    if found is None or not date(1900, 1, 1) <= found <= today:
        raise query.refuse("as_at", text, "a day that has been, such as 2026-09-30")
    return found


def _line(then: Figure, now: Figure | None) -> Facts:
    changed = _moved(then, now)
    return {"figure": then, "now": ("No figure" if now is None else now.text) if changed else ""}


def _moved(then: Figure, now: Figure | None) -> bool:
    return now is None or (now.text, now.outcome) != (then.text, then.outcome)
