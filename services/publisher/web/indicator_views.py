"""The facts of the two pages about one indicator: its figures, and how one was worked out."""

from collections.abc import Sequence
from decimal import Decimal
from typing import Any
from urllib.parse import quote, urlencode

from services.publisher import reading
from services.publisher.api import answers, query
from services.publisher.domain import explain, words
from services.publisher.domain.chart import chart
from services.publisher.domain.figures import Figure, decode_value, headline_kind
from services.publisher.domain.messages import HeldRow
from services.publisher.readmodel import Snapshot
from services.publisher.store import repository
from services.publisher.store.repository import Span
from services.publisher.web.tables import Facts, frame
from shared.catalogue.model import Indicator
from shared.contracts.topics import INDICATORS
from shared.runtime.problems import Problem

CHART_POINTS = 24
SERIES_ROWS = 400
RECORDS = 25


def indicator(view: Snapshot, code: str, kind: str | None, period: str | None) -> Facts:
    """One indicator: its newest figure, its course, and its parts by ward, kind and so on."""
    found = answers.known(view, code)
    chosen = query.kind(kind) or headline_kind(found)
    if chosen not in found.periods:
        raise query.refuse("kind", chosen, f"one of {', '.join(found.periods)}")
    today = view.today.isoformat()
    row = repository.latest(view.tx, {code: chosen}, today).get(code)
    if period:
        when = query.period(period)
        row = reading.one_value(view, f"{code}/{when.code}")
        if row is None:
            raise Problem(404, f"{code} has no value for {when.label()}.")
        chosen = when.kind
    facts: Facts = {
        **frame(view, f"/indicators/{code}", {"kinds": "indicators", "indicator": code}),
        "indicator": found,
        "service": view.catalogue.services.get(found.service or ""),
        "themes": [view.catalogue.themes[t] for t in found.themes if t in view.catalogue.themes],
        "kind": chosen,
        "kinds": [each for each in words.KINDS if each in found.periods],
        "figure": None,
        "series": [],
        "chart": None,
        "breakdown_tables": [],
        "about": _about(found),
    }
    if row is None:
        return facts
    figure = facts["figure"] = reading.figures(view, [row])[0]
    rows = _shown(repository.series(view.tx, Span(code, kind=chosen), SERIES_ROWS), today)
    series = reading.figures(view, rows)
    facts["series"] = series[::-1]
    facts["chart"] = chart(series[-CHART_POINTS:], _targets(rows[-CHART_POINTS:]), found.title)
    facts["breakdown_tables"] = [_part(view, code, field, figure) for field in found.breakdowns]
    return facts


def _about(found: Indicator) -> list[tuple[str, str]]:
    """The definition in words."""
    wanted = {"high": "Higher is better", "low": "Lower is better"}
    influence = {
        "control": "The council controls it",
        "influence": "The council influences it",
        "context": "Context: it describes the place or the demand",
    }
    return [
        ("Formula", found.formula),
        ("Direction", wanted.get(found.polarity, "Neither higher nor lower is better")),
        ("Influence", influence.get(found.influence or "", "Not recorded")),
        ("Owner", found.owner or "Not recorded"),
    ]


def _shown(rows: Sequence[HeldRow], today: str) -> list[HeldRow]:
    """Rows of periods that have begun; of a year to date, its last month has."""
    shown = []
    for row in rows:
        period = decode_value(row.body or b"").period
        opens = f"{period.end[:7]}-01" if period.kind == "year-to-date" else period.start
        if opens <= today:
            shown.append(row)
    return shown


def _targets(rows: Sequence[HeldRow]) -> list[Decimal | None]:
    found = [decode_value(row.body or b"").target for row in rows]
    return [None if target is None else Decimal(target.value) for target in found]


def _part(view: Snapshot, code: str, field: str, figure: Figure) -> Facts:
    rows = repository.series(view.tx, Span(code, field, period=figure.period_code), SERIES_ROWS)
    parts = sorted(reading.figures(view, rows, trends=False), key=_member_order)
    return {"field": field, "name": words.sentence(field), "figures": parts}


def _member_order(figure: Figure) -> tuple[bool, int, str]:
    """Numbered wards in the order of their numbers, names by the alphabet."""
    whole = figure.member.isascii() and figure.member.isdigit() and len(figure.member) < 10
    return (not whole, int(figure.member) if whole else 0, figure.member)


def value(view: Snapshot, code: str, period: str, breakdown: str | None, after: str) -> Facts:
    """How one value came about."""
    told = answers.explanation(view, code, period, breakdown, after, RECORDS)
    rows = repository.rows(view.tx, INDICATORS, [told.value.subject])
    (figure,) = reading.figures(view, rows.values())
    following = None
    if told.next:
        asked = {"breakdown": breakdown} if breakdown else {}
        following = f"/indicators/{quote(code, safe='')}/values/{period}?" + urlencode(
            {**asked, "after": told.next}
        )
    return {
        **frame(view, "", {"kinds": "indicators", "indicator": code}),
        "indicator": answers.known(view, code),
        "figure": figure,
        "told": told,
        "plain": explain.plain,
        "following": following,
        "further": bool(after),
        "fields": _fields(told.records),
    }


def _fields(records: Sequence[Any]) -> list[str]:
    names: dict[str, None] = {}
    for record in records:
        names.update(dict.fromkeys(record.fields))
    return list(names)
