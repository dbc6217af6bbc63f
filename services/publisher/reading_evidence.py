"""Reads the evidence base: the newest figure of every indicator of a topic, beside other areas'.

Rule: as many questions for a hundred indicators as for one.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal

from services.publisher import beside, reading
from services.publisher.domain import evidence
from services.publisher.domain.evidence import Source, Theme
from services.publisher.domain.figures import Figure, decode_value
from services.publisher.domain.saying import saying
from services.publisher.readmodel import Snapshot
from services.publisher.store import areas, repository
from services.publisher.supplies import lateness
from shared.catalogue.headline import headline_kind
from shared.catalogue.model import Indicator
from shared.contracts.states import IndicatorValue
from shared.contracts.subjects import indicator_value
from shared.contracts.topics import INDICATORS


@dataclass(frozen=True)
class Comparison:
    """An indicator beside other areas in a period, in sentences, with what it was itself."""

    period: str
    own: str
    sentences: list[str]


@dataclass(frozen=True)
class Line:
    """An indicator with its newest figure, what it compares with, and where it comes from."""

    indicator: Indicator
    kind: str
    figure: Figure | None
    comparison: Comparison | None
    sources: list[Source]
    late: Mapping[str, str] = field(default_factory=dict)


def lines(view: Snapshot, theme: Theme) -> list[Line]:
    """Every indicator of a topic."""
    return all_lines(view, [theme])[0][1]


def all_lines(view: Snapshot, themes: Sequence[Theme]) -> list[tuple[Theme, list[Line]]]:
    """Every indicator of several topics."""
    heads, late = reading.headlines(view), lateness(view)
    compared = comparisons(view, [each for theme in themes for each in theme.indicators])

    def line(each: Indicator) -> Line:
        return Line(
            each,
            headline_kind(each),
            heads[each.code].figure if each.code in heads else None,
            compared.get(each.code),
            evidence.sources(view.catalogue, late.datasets_behind(each.code)),
            late.parts_of(each.code),
        )

    return [(theme, [line(each) for each in theme.indicators]) for theme in themes]


def comparisons(view: Snapshot, indicators: Iterable[Indicator]) -> dict[str, Comparison]:
    """By indicator, how it compares in the newest period that both it and other areas have."""
    asked = {each.code: each.benchmark for each in indicators if each.benchmark}
    if not asked:
        return {}
    known = view.catalogue.indicators
    wanted = {(each.indicator, each.area) for each in asked.values()}
    members = areas.members(view.tx, wanted)
    own_subjects = {
        indicator_value(code, period, "all")
        for code, benchmark in asked.items()
        for period in members.get((benchmark.indicator, benchmark.area), {})
    }
    ours = repository.values(view.tx, own_subjects)
    chosen: dict[str, IndicatorValue] = {}
    for value in ours.values():
        best = chosen.get(value.indicator)
        if value.value is not None and (best is None or value.period.end > best.period.end):
            chosen[value.indicator] = value
    subjects = [
        subject
        for code, value in chosen.items()
        for benchmark in [asked[code]]
        for subject in members[benchmark.indicator, benchmark.area][value.period.code]
    ]
    others: dict[tuple[str, str], dict[str, IndicatorValue]] = {}
    for row in repository.rows(view.tx, INDICATORS, subjects).values():
        value = decode_value(row.body or b"")
        if value.breakdown is not None and value.value is not None:
            of = others.setdefault((value.indicator, value.period.code), {})
            of[value.breakdown.member] = value
    found = {}
    for code, value in chosen.items():
        indicator, period, number = known[code], value.period.code, Decimal(value.value or 0)
        by_area = others.get((asked[code].indicator, period), {})
        say = saying(indicator, value.unit, value.value)
        sentences = [
            evidence.comparison(each, number, indicator.polarity, say)
            for each in beside.compared(view, indicator, period, number, by_area)
        ]
        if sentences:
            found[code] = Comparison(period, say(number), sentences)
    return found
