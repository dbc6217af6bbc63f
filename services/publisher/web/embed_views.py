"""The facts of embedded figures, and of the page that tells how to use them."""

from typing import Any
from urllib.parse import quote, urlencode

from markupsafe import Markup

from services.publisher import reading
from services.publisher.api import answers, query
from services.publisher.domain import words
from services.publisher.domain.aids import breaks_of, broken_at
from services.publisher.domain.embedding import Embedded, data, embedded
from services.publisher.domain.figures import decode_value, opens
from services.publisher.domain.saying import aim_of
from services.publisher.domain.vega import Course
from services.publisher.readmodel import Snapshot
from services.publisher.store import repository
from services.publisher.store.repository import Span
from services.publisher.web.tables import Facts, frame
from shared.catalogue.headline import headline_kind
from shared.catalogue.model import Indicator
from shared.runtime.problems import Problem

POINTS = 24
HEIGHT = 640


def _asked(view: Snapshot, code: str, kind: str | None) -> tuple[Indicator, str]:
    found = answers.known(view, code)
    chosen = query.kind(kind) or headline_kind(found)
    if chosen not in found.periods:
        raise query.refuse("kind", chosen, f"one of {', '.join(found.periods)}")
    return found, chosen


def figure(view: Snapshot, code: str, kind: str | None) -> tuple[Embedded, str | None, str]:
    """An indicator for other pages, its exact number and its unit."""
    found, chosen = _asked(view, code, kind)
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


def page(view: Snapshot, code: str, kind: str | None) -> Facts:
    """The facts of a figure in a frame."""
    made, _, _ = figure(view, code, kind)
    return {
        "council": view.catalogue.council,
        "made": made,
        "figure": made.figure,
        "address": f"/indicators/{quote(code, safe='')}",
    }


def as_data(view: Snapshot, code: str, kind: str | None, base: str) -> Any:
    """The same as data."""
    made, exact, unit = figure(view, code, kind)
    links = (f"{base}/indicators/{quote(code, safe='')}", f"{base}{_address(code, kind, '.svg')}")
    return data(made, code, exact, unit, links)


def _address(code: str, kind: str | None, ending: str = "") -> str:
    asked = f"?{urlencode({'kind': kind})}" if kind else ""
    return f"/embed/indicators/{quote(code, safe='')}{ending}{asked}"


def how(view: Snapshot, code: str | None, kind: str | None, base: str) -> Facts:
    """How to put a figure on another page, with what is to be copied."""
    indicators = view.catalogue.indicators
    listed = sorted((each.title, each.code) for each in indicators.values())
    facts: Facts = {
        **frame(view, "/embed", None),
        "options": [
            {"value": "", "text": "Choose an indicator", "selected": not code},
            *(
                {"value": each, "text": f"{title} ({each})", "selected": each == code}
                for title, each in listed
            ),
        ],
        "chosen": None,
    }
    if not code:
        return facts
    if code not in indicators:
        raise Problem(404, f"There is no indicator {code[:60]!r}.")
    found, chosen = _asked(view, code, kind)
    asked = chosen if kind else None
    made, _, _ = figure(view, code, chosen)
    council = view.catalogue.council.name if view.catalogue.council else "The council"
    at = {form: f"{base}{_address(code, asked, form)}" for form in ("", ".svg", ".png", ".json")}
    source = f"{base}/indicators/{quote(code, safe='')}"
    today = words.day(view.today)
    return facts | {
        "chosen": found,
        "preview": _address(code, asked),
        "kinds": [
            (name, f"/embed?{urlencode({'indicator': code, 'kind': each})}", each == chosen)
            for each, name in words.KINDS.items()
            if each in found.periods
        ],
        "snippets": [
            (
                "frame",
                "In a frame: moves when the page is opened again",
                Markup(
                    '<iframe src="{}" title="{}" width="100%" height="{}" loading="lazy"></iframe>'
                ).format(at[""], found.title, HEIGHT),
            ),
            (
                "image",
                "As an image",
                Markup('<img src="{}" alt="{}">').format(at[".svg"], made.finding),
            ),
            (
                "text",
                "As text with the image, as it is today",
                Markup(
                    "<figure>\n  <p>{}: {}</p>\n"
                    '  <img src="{}" alt="{}">\n'
                    '  <figcaption>Source: <a href="{}">{}</a>, {}</figcaption>\n</figure>'
                ).format(
                    found.title, made.headline, at[".svg"],
                    made.chart.summary if made.chart else made.headline, source, council, today,
                ),
            ),
            ("png", "The address of the image for documents", at[".png"]),
            ("data", "The address of the figure as data, for programs", at[".json"]),
        ],
    }  # fmt: skip
