"""The facts of the page that explains one value."""

from collections.abc import Sequence
from typing import Any
from urllib.parse import quote, urlencode

from services.publisher.api import answers
from services.publisher.api.explanation import explanation, standings_of
from services.publisher.domain import aids, explain, words
from services.publisher.domain.definition_words import plain
from services.publisher.explaining import Asked, find, steps
from services.publisher.readmodel import Snapshot
from services.publisher.supplies import lateness
from services.publisher.web.tables import Facts, frame

RECORDS = 25
VERSIONS_SHOWN = 20


def value(view: Snapshot, code: str, asked: Asked, after: str, *, signed_in: bool) -> Facts:
    """How one value came about."""
    indicator = answers.known(view, code)
    found = find(view, indicator, asked)
    told = explanation(view, found, after, RECORDS, signed_in=signed_in)
    base = f"/indicators/{quote(code, safe='')}/values/{found.period.code}"
    part = {"breakdown": asked.breakdown} if asked.breakdown else {}

    def address(**more: object) -> str:
        query = urlencode({**part, **more})
        return f"{base}?{query}" if query else base

    # An older version does not move any more.
    stream = {"kinds": "indicators,supply", "indicator": code} if found.newest else None
    return {
        **frame(view, "", stream),
        "indicator": indicator,
        "late": lateness(view).parts_of(code) if found.newest else {},
        "figure": found.figure,
        "told": told,
        "plain": explain.plain,
        # A figure that was worked out by another formula is not told by today's.
        "how": plain(view.catalogue, indicator).how if told.formula == indicator.formula else "",
        "following": address(after=told.next) if told.next else None,
        "further": bool(after),
        "fields": _fields(told.records),
        "history": steps(view, found, VERSIONS_SHOWN),
        "address": address,
        "revised": words.moment(told.value.revised) if told.value.revised else "",
        "standings": [each.words(found.say) for each in standings_of(view, found)],
        "breaks": [each.words() for each in aids.breaks_of(indicator)],
        "published": words.moment(told.value.time),
    }


def _fields(records: Sequence[Any]) -> list[str]:
    names: dict[str, None] = {}
    for record in records:
        names.update(dict.fromkeys(record.fields))
    return list(names)
