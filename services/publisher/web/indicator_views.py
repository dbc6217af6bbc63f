"""The facts of an indicator's page: its figures over time, and what helps to read them."""

from collections.abc import Callable, Sequence
from decimal import Decimal
from typing import Any
from urllib.parse import quote

from services.publisher import beside, comparing, reading
from services.publisher.api import answers, query
from services.publisher.domain import aids, words
from services.publisher.domain.definition_words import plain
from services.publisher.domain.figures import Figure, decode_value, opens
from services.publisher.domain.members import Whole, members_chart
from services.publisher.domain.saying import aim_of, saying
from services.publisher.domain.vega import Course, chart
from services.publisher.explaining import Asked, find, steps
from services.publisher.readmodel import Snapshot
from services.publisher.store import repository
from services.publisher.store.repository import Span
from services.publisher.supplies import lateness
from services.publisher.web import plan_views, review_views
from services.publisher.web.about import about
from services.publisher.web.asking import Asker
from services.publisher.web.tables import Facts, frame
from shared.catalogue.breakdowns import AND, fields_of
from shared.catalogue.control import Stretch
from shared.catalogue.headline import headline_kind
from shared.catalogue.model import Indicator
from shared.contracts.states import IndicatorValue
from shared.runtime.problems import Problem

CHART_POINTS = 24
SERIES_ROWS = 400
VERSIONS_SHOWN = 10
PERIODS_LOOKED_AT = 60


def indicator(
    view: Snapshot, code: str, kind: str | None, period: str | None, asker: Asker
) -> Facts:
    """One indicator: its newest figure, its course, and its parts by ward, kind and so on."""
    found = answers.known(view, code)
    chosen = query.kind(kind) or headline_kind(found)
    if chosen not in found.periods:
        raise query.refuse("kind", chosen, f"one of {', '.join(found.periods)}")
    row = reading.newest(view, {code: chosen}).get(code)
    if period:
        when = query.period(period)
        row = reading.one_value(view, f"{code}/{when.code}")
        if row is None:
            raise Problem(404, f"{code} has no value for {when.label()}.")
        chosen = when.kind
    value = decode_value(row.body) if row is not None and row.body else None
    facts: Facts = {
        **frame(
            view, f"/indicators/{code}", {"kinds": "indicators,risks,supply", "indicator": code}
        ),
        "indicator": found,
        "service": view.catalogue.services.get(found.service or ""),
        "themes": [view.catalogue.themes[t] for t in found.themes if t in view.catalogue.themes],
        "kind": chosen,
        "kinds": [each for each in words.KINDS if each in found.periods],
        "figure": None,
        "about": about(view.catalogue, found, value),
        "plain": plain(view.catalogue, found),
        "late": lateness(view).parts_of(code),
        "linked": plan_views.for_indicator(view, code),
    }
    if row is None or value is None:
        return facts | {"review": review_views.for_indicator(view, code, None, asker)}
    figure = facts["figure"] = reading.figures(view, [row])[0]
    facts["review"] = review_views.for_indicator(view, code, figure, asker)
    facts.update(_course(view, found, chosen, figure))
    facts["breakdown_tables"] = [
        _part(view, found, field, value, figure) for field in found.breakdowns
    ]
    facts["benchmark"] = _benchmark(view, found, value)
    facts["forecast"] = beside.year_end(view, found)
    base = f"/indicators/{quote(code, safe='')}/values/{value.period.code}"
    facts["history_address"] = lambda version: f"{base}?version={version}"
    facts["history"] = steps(view, find(view, found, Asked(value.period.code)), VERSIONS_SHOWN)
    return facts


def _course(view: Snapshot, found: Indicator, kind: str, newest: Figure) -> Facts:
    """The series of one kind of period, as a table and as a chart."""
    today = view.today.isoformat()
    rows = repository.series(view.tx, Span(found.code, kind=kind), SERIES_ROWS)
    both = [(row, decode_value(row.body or b"")) for row in rows]
    shown = [(row, value) for row, value in both if opens(value.period) <= today]
    values = [value for _, value in shown]
    series = reading.figures(view, [row for row, _ in shown])
    stretches = aids.limits_of(found, values, view.today)
    breaks = aids.broken_at([value.period.code for value in values], aids.breaks_of(found))
    revised = reading.revised(view, [row for row, _ in shown])
    signals = {place: told for each in stretches for place, told in each.signals.items()}
    lines = [
        {
            "figure": figure,
            "breaks": [each.words() for each in breaks.get(place, [])],
            "changed": _changed_definition(values, place),
            "revised": revised.get(figure.subject),
            "signals": " and ".join(signals.get(place, [])),
        }
        for place, figure in enumerate(series)
    ]
    start = max(0, len(series) - CHART_POINTS)
    place = next((n for n, each in enumerate(series) if each.subject == newest.subject), None)
    say = saying(found, values[0].unit) if values else None
    control = ""
    if kind in aids.CHARTED and place is not None and say is not None:
        control = aids.control_words(stretches, place, values, say, unfinished=newest.unfinished)
    return {
        "series": lines[::-1],
        "marks": _marks(lines),
        "control": control,
        "revised": words.moment(time) if (time := revised.get(newest.subject)) else "",
        "chart": chart(
            Course(
                found.title,
                series[start:],
                [aim_of(value.target) for value in values[start:]],
                [value.rag.amber for value in values[start:]],
                [_moved(each, start) for each in stretches],
                {place - start: told for place, told in breaks.items()},
                beside.lines(view, found, kind, [v.period.code for v in values[start:]]),
            )
        ),
    }


def _moved(stretch: Stretch, start: int) -> Stretch:
    """A stretch of a series as one of the series from a place on."""
    return stretch._replace(
        first=stretch.first - start,
        last=stretch.last - start,
        signals={place - start: told for place, told in stretch.signals.items()},
    )


def _changed_definition(values: Sequence[IndicatorValue], place: int) -> str:
    """Where a value was worked out by another definition or source than the one before it."""
    if place == 0:
        return ""
    now, before = values[place], values[place - 1]
    if now.formula != before.formula:
        return f"Worked out as {now.formula}; before, as {before.formula}"
    if now.definition != before.definition:
        return f"By version {now.definition} of the definition; before, version {before.definition}"
    return ""


def _marks(lines: Sequence[dict[str, Any]]) -> list[tuple[str, str]]:
    """The key to the marks that a table uses."""
    used = "".join(line["figure"].marks for line in lines)
    found = [("(P)", "provisional: it may still change")] if "P" in used else []
    if any(line["revised"] for line in lines):
        found.append(("(R)", "revised after it was final"))
    if "S" in used:
        found.append(("(S)", "rests on a small number: not for publication"))
    return found


def _benchmark(view: Snapshot, found: Indicator, value: IndicatorValue) -> Facts | None:
    """Where the indicator stands among other areas: in the period shown, or in the newest for
    which there are areas."""
    if found.benchmark is None:
        return None
    own = value
    areas = beside.areas(view, found, period=value.period.code)
    if not areas:
        known = repository.periods(
            view.tx, found.benchmark.indicator, found.benchmark.area, PERIODS_LOOKED_AT
        )
        ours = repository.values(view.tx, [f"{found.code}/{code}" for code in known])
        newest = max(ours.values(), key=lambda each: each.period.end, default=None)
        if newest is None:
            return None
        own = newest
        areas = beside.areas(view, found, period=own.period.code)
    code = own.period.code
    number = None if own.value is None else Decimal(own.value)
    say = saying(found, own.unit, own.value)
    rows = [
        {
            "name": each.name,
            "sentence": each.words(say),
            "areas": each.areas,
            "cells": [
                str(each.standing.areas),
                say.finer(each.standing.mean),
                say.finer(each.standing.median),
                _or_dash(each.standing.best_quartile, say.finer),
                "–"
                if each.standing.rank is None
                else f"{each.standing.rank} of {each.standing.areas + 1}",
                "–" if each.standing.quartile is None else str(each.standing.quartile),
                _or_dash(each.standing.distance, lambda far: say.difference(far, 1)),
            ],
        }
        for each in beside.compared(view, found, code, number, areas.get(code, {}))
    ]
    text = words.no_value(own.reason) if number is None else say(number)
    return {"period": words.period(code), "own": text, "rows": rows} if rows else None


def _or_dash(number: Decimal | None, say: Callable[[Decimal], str]) -> str:
    return "–" if number is None else say(number)


def _part(
    view: Snapshot, found: Indicator, breakdown: str, value: IndicatorValue, figure: Figure
) -> Facts:
    """An indicator by the members of a breakdown: side by side as a chart, and as a table."""
    fields = fields_of(breakdown)
    span = Span(found.code, AND.join(fields), period=figure.period_code)
    rows = repository.series(view.tx, span, SERIES_ROWS)
    parts = sorted(reading.figures(view, rows, trends=False), key=_member_order)
    named = _named(view, found.code, fields, parts)
    name = " and ".join(map(words.field_name, fields))
    whole = Whole(figure.number, aim_of(value.target), found.polarity)
    say = saying(found, value.unit, value.value)
    title = f"{found.title} by {name}, {figure.period}"
    return {
        "name": name,
        "figures": parts,
        "named": named,
        "title": title,
        "chart": members_chart(title, parts, named, whole, say),
    }


def _named(
    view: Snapshot, code: str, fields: Sequence[str], parts: Sequence[Figure]
) -> dict[str, str]:
    """What the members are called, by their subjects: a number alone says of what it is one."""
    if len(fields) > 1:
        return {each.subject: each.member for each in parts}
    known = comparing.names(view, code, fields[0], [each.member for each in parts])
    kind = words.sentence(words.field_name(fields[0]))
    return {
        each.subject: f"{kind} {each.member}"
        if each.member.isdigit()
        else known.get(each.member, each.member)
        for each in parts
    }


def _member_order(figure: Figure) -> tuple[bool, int, str]:
    """Numbered wards in the order of their numbers, names by the alphabet."""
    whole = figure.member.isascii() and figure.member.isdigit() and len(figure.member) < 10
    return (not whole, int(figure.member) if whole else 0, figure.member)
