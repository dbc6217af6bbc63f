"""An indicator for other web pages: its newest figure with its course, as everybody may see it."""

from typing import Any
from urllib.parse import quote, urlencode

from services.publisher import reading
from services.publisher.api import answers, query
from services.publisher.domain.aids import breaks_of, broken_at
from services.publisher.domain.embedding import Embedded, data, embedded
from services.publisher.domain.figures import decode_value, opens
from services.publisher.domain.saying import aim_of
from services.publisher.domain.vega import Course
from services.publisher.readmodel import Snapshot
from services.publisher.store import repository
from services.publisher.store.repository import Span
from services.publisher.web.embed_answers import Piece
from shared.catalogue.headline import headline_kind
from shared.catalogue.model import Indicator

POINTS = 24


def asked(view: Snapshot, code: str, kind: str | None) -> tuple[Indicator, str]:
    """The indicator that is asked for, and the kind of period to show it by."""
    found = answers.known(view, code)
    chosen = query.kind(kind) or headline_kind(found)
    if chosen not in found.periods:
        raise query.refuse("kind", chosen, f"one of {', '.join(found.periods)}")
    return found, chosen


def _figure(view: Snapshot, code: str, kind: str | None) -> tuple[Embedded, str | None, str]:
    """What is shown, its exact number and its unit."""
    found, chosen = asked(view, code, kind)
    held = reading.newest(view, {code: chosen}).get(code)
    newest = reading.figures(view, [held], trends=False)[0] if held else None
    today = view.today.isoformat()
    # Periods that have not begun may stand before those that are drawn.
    span = Span(code, kind=chosen)
    rows = repository.series(view.tx, span, 2 * POINTS, newest=True)[::-1]
    both = [(row, decode_value(row.body or b"")) for row in rows]
    both = [(row, value) for row, value in both if opens(value.period) <= today][-POINTS:]
    values = [value for _, value in both]
    course = Course(
        found.title,
        reading.figures(view, [row for row, _ in both], trends=False),
        [aim_of(value.target) for value in values],
        [value.rag.amber for value in values],
        (),
        broken_at([value.period.code for value in values], breaks_of(found)),
    )
    value = decode_value(held.body) if held and held.body else None
    made = embedded(found.title, newest, course)
    return made, value.value if value else None, value.unit if value else found.unit


def indicator(view: Snapshot, code: str, kind: str | None) -> Piece:
    """An indicator in a frame, as an image and as data."""
    made, exact, unit = _figure(view, code, kind)
    page = f"/indicators/{quote(code, safe='')}"
    facts = {"made": made, "figure": made.figure, "address": page}

    def as_data(base: str) -> Any:
        links = (f"{base}{page}", f"{base}{address(code, kind, '.svg')}")
        return data(made, code, exact, unit, links)

    return Piece(made, facts, as_data)


def address(code: str, kind: str | None, ending: str = "") -> str:
    """Where it is in one of its forms."""
    asked = f"?{urlencode({'kind': kind})}" if kind else ""
    return f"/embed/indicators/{quote(code, safe='')}{ending}{asked}"
