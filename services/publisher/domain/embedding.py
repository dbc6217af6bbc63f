"""A figure as other web pages show it: its words, its chart, and the same as data; and where
something else stands, such as a position of money or a risk.

Rule: what rests on too few records to publish is withheld here, whatever a page of the council's
own shows to those who work with it: its number, its judgement, and what could be worked out from
them. What is shown is what stands in the figure itself.
"""

import textwrap
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any, Protocol

from services.publisher.domain import words
from services.publisher.domain.figures import Figure
from services.publisher.domain.vega import BELOW, SCHEMA, Chart, Course, Spec, chart

WITHHELD = "Not for publication"
LINE_LETTERS = 68


def published(figure: Figure) -> Figure:
    """A figure as it may be published."""
    if not figure.small:
        return figure
    return replace(
        figure,
        text=WITHHELD,
        number=None,
        outcome="no data",
        outcome_word=WITHHELD,
        rule="",
        marks="",
        small="",
        why="It rests on too few cases.",
        standing="",
    )


class Shown(Protocol):
    """Whatever other pages show: what it is called, where it stands, and what both come to."""

    @property
    def title(self) -> str: ...

    @property
    def headline(self) -> str: ...

    @property
    def finding(self) -> str: ...

    @property
    def chart(self) -> Chart | None: ...


@dataclass(frozen=True)
class Stated:
    """Where something stands: `about` says of what kind it is, `says` are further sentences."""

    title: str
    about: str
    period: str
    text: str
    outcome: str
    outcome_word: str
    says: Sequence[str]
    fresh: str
    chart: Chart | None

    @property
    def headline(self) -> str:
        """`£1.2 million over budget, April to October 2026 (P07). Red`"""
        told = f"{self.text}, {self.period}" if self.period else self.text
        return f"{told}. {self.outcome_word}"

    @property
    def finding(self) -> str:
        """The same with what the chart shows, in sentences."""
        return _finding(self)


@dataclass(frozen=True)
class Embedded:
    """A figure for other pages; `figure` is None where there is none yet."""

    title: str
    figure: Figure | None
    withheld: bool
    chart: Chart | None

    @property
    def headline(self) -> str:
        """`66.7% in July to September 2019. Red. Target: 75%`"""
        if self.figure is None:
            return "There is no figure yet"
        if self.withheld:
            return f"{WITHHELD}, {self.figure.period}"
        told = [f"{self.figure.text} in {self.figure.period}", self.figure.outcome_word]
        return ". ".join([*told, f"Target: {self.figure.target}"])

    @property
    def finding(self) -> str:
        """What the chart shows, in sentences: the newest figure first."""
        return _finding(self)


def _finding(found: Shown) -> str:
    told = f"{found.title}: {found.headline}."
    if found.chart is None:
        return told
    return f"{told} {words.sentence(found.chart.summary.removeprefix(f'{found.title}: '))}"


def without_table(found: Chart | None) -> Chart | None:
    """A chart that has no table beneath it."""
    return found and replace(found, summary=found.summary.removesuffix(BELOW).strip())


def embedded(title: str, newest: Figure | None, course: Course) -> Embedded:
    """An indicator for other pages: its newest figure, and its course as a chart."""
    figures = [published(each) for each in course.figures]
    # Limits and marks of what is unusual are worked out from every number: they are left out.
    drawn = without_table(chart(replace(course, figures=figures, stretches=())))
    shown = None if newest is None else published(newest)
    withheld = newest is not None and bool(newest.small)
    return Embedded(title, shown, withheld, drawn)


def picture(found: Shown) -> Spec:
    """The specification of an image that stands by itself: with its title, the newest figure and
    the key to its marks above the chart, or without a chart where there is none."""
    lines = textwrap.wrap(found.title, LINE_LETTERS) or [""]
    key = [f"{each}." for each in found.chart.key] if found.chart else []
    title = {
        "text": lines,
        "subtitle": [
            *textwrap.wrap(found.headline, LINE_LETTERS + 10),
            *textwrap.wrap(" ".join(key), LINE_LETTERS + 10),
        ],
        "anchor": "start",
        "fontSize": 18,
        "subtitleFontSize": 15,
        "subtitlePadding": 6,
        "offset": 12,
        "limit": 0,
    }
    if found.chart is not None:
        return {"padding": 15, **found.chart.spec, "title": title}
    return {
        "$schema": SCHEMA,
        "width": 620,
        "height": 30,
        "background": "#ffffff",
        "padding": 15,
        "title": title,
        "data": {"values": [{"told": "There are fewer than two figures to draw."}]},
        "mark": {"type": "text", "align": "left", "fontSize": 14, "x": 0},
        "encoding": {"text": {"field": "told"}},
        "config": {"font": "Arial, Helvetica, sans-serif", "view": {"stroke": None}},
    }


def data(found: Embedded, code: str, exact: str | None, unit: str, links: Sequence[str]) -> Any:
    """The same as data; `exact` is the number as it was worked out, `links` lead to the page and to
    the chart."""
    figure = found.figure
    base = {"indicator": code, "title": found.title}
    page, image = links
    if figure is None:
        return {**base, "value": None, "text": found.headline, "page": page, "chart": image}
    return {
        **base,
        "period": {
            "code": figure.period_code,
            "kind": figure.period_kind,
            "label": figure.period,
            "end": figure.ends,
            "unfinished": figure.unfinished,
        },
        "value": None if found.withheld else exact,
        "text": figure.text,
        "unit": unit,
        "withheld": found.withheld,
        "target": figure.target,
        "rag": {"outcome": figure.outcome, "word": figure.outcome_word},
        "status": "" if found.withheld else figure.status,
        "updated": figure.fresh_at,
        "page": page,
        "chart": image,
    }
