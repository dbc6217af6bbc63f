"""A small line chart as plain geometry: a template only has to draw it.

Rule: floats place points on a screen and nothing else; every number that is shown comes in words
from the figure itself.
"""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal

from services.publisher.domain import words
from services.publisher.domain.aids import Break
from services.publisher.domain.figures import Figure
from shared.catalogue.control import Stretch
from shared.catalogue.trend import Aim

WIDTH, HEIGHT = 720, 260
LEFT, RIGHT, TOP, BOTTOM = 64, 16, 16, 44
LABELS = 5


@dataclass(frozen=True)
class Point:
    """A figure on the chart."""

    x: float
    y: float
    text: str
    period: str
    unfinished: bool
    provisional: bool = False
    signal: str = ""


@dataclass(frozen=True)
class Band:
    """Control limits over part of the chart; `top` is the upper one."""

    x: float
    width: float
    top: float
    height: float
    centre: float


@dataclass(frozen=True)
class Mark:
    """A label beside an axis; `anchor` is where the text hangs."""

    at: float
    text: str
    anchor: str = "end"


@dataclass(frozen=True)
class Chart:
    """What to draw: lines as SVG paths, points, and labels."""

    width: int
    height: int
    left: int
    right: float
    bottom: float
    line: str
    target: str
    points: list[Point]
    across: list[Mark]
    up: list[Mark]
    bands: list[Band]
    breaks: list[Mark]
    summary: str


def chart(
    figures: Sequence[Figure],
    targets: Sequence[Aim],
    title: str,
    stretches: Sequence[Stretch] = (),
    breaks: Mapping[int, Sequence[Break]] | None = None,
) -> Chart | None:
    """The chart of a series, oldest first. None where fewer than two figures are numbers.

    Stretches and breaks are told by their places in the series, which may be before the first one
    that is drawn.
    """
    numbers = [figure.number for figure in figures]
    known = [number for number in numbers if number is not None]
    if len(known) < 2:
        return None
    drawn = [each for each in stretches if each.last > 0]
    aims = [end for aim in targets for end in aim if end is not None]
    bounds = [*known, *aims, *(each.limits.upper for each in drawn), Decimal(0)]
    # Of figures that are never below nought, a limit below it says nothing.
    if min(known) < 0:
        bounds += [each.limits.lower for each in drawn]
    low, high = float(min(bounds)), float(max(bounds))
    step = _step((high - low) or 1.0)
    low, high = _down(low, step), -_down(-high, step)
    wide, tall = WIDTH - LEFT - RIGHT, HEIGHT - TOP - BOTTOM

    def x(index: int) -> float:
        return round(LEFT + wide * index / max(1, len(figures) - 1), 1)

    def y(value: float) -> float:
        return round(TOP + tall * (high - value) / (high - low), 1)

    def band(stretch: Stretch) -> Band:
        limits = stretch.limits
        start, end = x(max(0, stretch.first)), x(stretch.last)
        top, bottom = y(float(limits.upper)), y(max(low, float(limits.lower)))
        return Band(
            start, round(end - start, 1), top, round(bottom - top, 1), y(float(limits.centre))
        )

    signals = {place: told for each in stretches for place, told in each.signals.items()}
    points = [
        Point(
            x(index),
            y(float(number)),
            figure.text,
            figure.period,
            figure.unfinished,
            figure.status == "provisional",
            " and ".join(signals.get(index, [])),
        )
        for index, (figure, number) in enumerate(zip(figures, numbers, strict=True))
        if number is not None
    ]
    every = max(1, -(-len(figures) // LABELS))
    across = [
        Mark(x(index), words.short_period(figure.period_code), _anchor(index, len(figures) - 1))
        for index, figure in enumerate(figures)
        if index % every == 0
    ]
    count = round((high - low) / step)
    up = [Mark(y(low + step * n), f"{low + step * n:,.10g}") for n in range(count + 1)]
    return Chart(
        width=WIDTH,
        height=HEIGHT,
        left=LEFT,
        right=WIDTH - RIGHT,
        bottom=HEIGHT - BOTTOM,
        line=_path(
            [(x(i), None if n is None else y(float(n))) for i, n in enumerate(numbers)],
            set(breaks or ()),
        ),
        target=" ".join(
            _path([(x(i), None if n is None else y(float(n))) for i, n in enumerate(line)])
            for line in _target_lines(targets)
        ).strip(),
        points=points,
        across=across,
        up=up,
        bands=[band(each) for each in drawn],
        breaks=[
            Mark(x(place), each.words(), "middle")
            for place, found in (breaks or {}).items()
            for each in found
            if place >= 0
        ],
        summary=_summary(figures, title),
    )


def _target_lines(targets: Sequence[Aim]) -> list[list[Decimal | None]]:
    """The line of a target; of a range, its lower and its upper one."""
    lows, highs = [low for low, _ in targets], [high for _, high in targets]
    return [lows] if lows == highs else [lows, highs]


def _anchor(index: int, last: int) -> str:
    return "start" if index == 0 else "end" if index == last else "middle"


def _path(places: Sequence[tuple[float, float | None]], cuts: Collection[int] = ()) -> str:
    """A line through the places that are known, broken where one is not and before each cut."""
    path = []
    drawing = False
    for place, (x, y) in enumerate(places):
        drawing = drawing and place not in cuts
        if y is None:
            drawing = False
            continue
        path.append(f"{'L' if drawing else 'M'}{x} {y}")
        drawing = True
    return " ".join(path)


def _step(span: float) -> float:
    """A round step that gives three to six lines."""
    size = 10.0 ** (len(f"{int(span)}") - 1) if span >= 1 else 0.1
    while span / size > 5:
        size *= 2 if span / size <= 10 else 5
    while span / size < 2:
        size /= 2
    return size


def _down(value: float, step: float) -> float:
    return (value // step) * step


def _summary(figures: Sequence[Figure], title: str) -> str:
    """What the chart shows, for those who do not see it."""
    known = [figure for figure in figures if figure.number is not None]
    lowest = min(known, key=lambda figure: figure.number or Decimal(0))
    highest = max(known, key=lambda figure: figure.number or Decimal(0))
    return (
        f"{title}: from {known[0].text} in {known[0].period} to {known[-1].text} in "
        f"{known[-1].period}. Lowest {lowest.text} in {lowest.period}, highest {highest.text} in "
        f"{highest.period}. Every figure is in the table below."
    )
