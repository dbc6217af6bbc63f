"""The page that tells how a figure is put on another web page, with what is to be copied."""

from collections.abc import Callable
from typing import NamedTuple
from urllib.parse import urlencode

from markupsafe import Markup

from services.publisher.domain import words
from services.publisher.domain.embedding import Shown
from services.publisher.domain.pins import Pin, pin
from services.publisher.readmodel import Snapshot
from services.publisher.web import embed_stated, embed_views
from services.publisher.web.embed_answers import Piece
from services.publisher.web.tables import Facts, frame
from shared.runtime.problems import Problem

HERE = "/embed"
HEIGHT = 640
STATED = {
    "risk": embed_stated.risk,
    "contract": embed_stated.contract,
    "scheme": embed_stated.scheme,
}


class _Chosen(NamedTuple):
    """What is to be shown, its page, and where it is in each form (a frame, `.svg`, `.png`,
    `.json`); `drawn` says whether there is an image."""

    made: Shown
    page: str
    at: Callable[[str], str]
    drawn: bool = True


def how(view: Snapshot, code: str | None, kind: str | None, pinned: str | None, base: str) -> Facts:
    """How to put a figure on another page: an indicator's, or what a pin names."""
    indicators = view.catalogue.indicators
    listed = sorted((each.title, each.code) for each in indicators.values())
    facts: Facts = {
        **frame(view, HERE, None),
        "options": [
            {"value": "", "text": "Choose an indicator", "selected": not code},
            *(
                {"value": each, "text": f"{title} ({each})", "selected": each == code}
                for title, each in listed
            ),
        ],
        "chosen": None,
        "kinds": [],
    }
    if code:
        if code not in indicators:
            raise Problem(404, f"There is no indicator {code[:60]!r}.")
        found, shown = embed_views.asked(view, code, kind)
        facts["kinds"] = [
            (name, f"{HERE}?{urlencode({'indicator': code, 'kind': each})}", each == shown)
            for each, name in words.KINDS.items()
            if each in found.periods
        ]
        chosen = _indicator(view, code, shown if kind else None)
    elif pinned:
        chosen = _pinned(view, pinned)
    else:
        return facts
    told = {
        "chosen": chosen.made,
        "preview": chosen.at(""),
        "snippets": _snippets(view, chosen, base),
    }
    return facts | told


def _indicator(view: Snapshot, code: str, kind: str | None) -> _Chosen:
    found = embed_views.indicator(view, code, kind)
    return _Chosen(
        found.made,
        found.facts["address"],
        lambda ending: embed_views.address(code, kind, ending),
    )


def _pinned(view: Snapshot, text: str) -> _Chosen:
    """Whatever is no indicator by its pin: `finance/directorate/place/general`, `risk/R1`."""
    asked = pin(text)
    found = None if asked is None else _stated(view, asked)
    if found is None:
        raise Problem(400, f"{text[:60]!r} is nothing that can be shown on another page.")
    path, _, query = str(found.facts["address"]).partition("?")
    ending = f"?{query}" if query else ""
    return _Chosen(
        found.made,
        found.facts["address"],
        lambda form: f"{HERE}{path}{form}{ending}",
        drawn=found.made.chart is not None,
    )


def _stated(view: Snapshot, asked: Pin) -> Piece | None:
    if asked.kind == "finance":
        return embed_stated.position(view, asked.code, asked.part(1), asked.part(2) or None)
    make = STATED.get(asked.kind)
    return None if make is None else make(view, asked.code)


def _snippets(view: Snapshot, chosen: _Chosen, base: str) -> list[tuple[str, str, str]]:
    """What is to be copied: its id, what it is, and its text."""
    made = chosen.made
    council = view.catalogue.council.name if view.catalogue.council else "The council"
    at = {form: base + chosen.at(form) for form in ("", ".svg", ".png", ".json")}
    inside = Markup('<iframe src="{}" title="{}" width="100%" height="{}" loading="lazy"></iframe>')
    figure = Markup(
        "<figure>\n  <p>{}: {}</p>\n"
        '  <img src="{}" alt="{}">\n'
        '  <figcaption>Source: <a href="{}">{}</a>, {}</figcaption>\n</figure>'
    ).format(
        made.title, made.headline, at[".svg"],
        made.chart.summary if made.chart else made.headline,
        base + chosen.page, council, words.day(view.today),
    )  # fmt: skip
    drawn = [
        (
            "image",
            "As an image",
            Markup('<img src="{}" alt="{}">').format(at[".svg"], made.finding),
        ),
        ("text", "As text with the image, as it is today", figure),
        ("png", "The address of the image for documents", at[".png"]),
    ]
    return [
        (
            "frame",
            "In a frame: moves when the page is opened again",
            inside.format(at[""], made.title, HEIGHT),
        ),
        *(drawn if chosen.drawn else []),
        ("data", "The address of the figure as data, for programs", at[".json"]),
    ]
