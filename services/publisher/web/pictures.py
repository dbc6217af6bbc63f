"""Charts on pages: the painter's SVG as an element that says in words what it shows."""

import re
from collections.abc import Callable

from markupsafe import Markup

from services.publisher.domain.vega import Chart
from services.publisher.painting.painter import Painter

# One picture with one description: what its parts are called would be read out as well.
_ROLES = re.compile(r' (?:role|aria-[a-z]+)="[^"]*"')
_ELEMENT = Markup(
    '<svg class="irf-chart" viewBox="{0}" role="img" focusable="false"'
    ' aria-labelledby="{1}-title {1}-words">'
    '<title id="{1}-title">{2}</title><desc id="{1}-words">{3}</desc>{4}'
)
_OPENING = re.compile(r'\A<svg\b[^>]*?\bviewBox="([-0-9. ]+)"[^>]*>')


_ALONE = Markup(
    '<svg xmlns="http://www.w3.org/2000/svg" xmlns:xlink="http://www.w3.org/1999/xlink"'
    ' viewBox="{0}" width="{1}" height="{2}" role="img" aria-labelledby="title">'
    '<title id="title">{3}</title>{4}'
)


def standalone(drawn: str, title: str) -> str | None:
    """The painter's SVG as a file of its own, whose title says what it shows."""
    opening = _OPENING.match(drawn)
    if opening is None:
        return None
    width, height = opening[1].split()[2:4]
    return str(_ALONE.format(opening[1], width, height, title, _inside(drawn, opening)))


def pictures(painter: Painter) -> Callable[[Chart, str, str], Markup]:
    """What templates draw charts with: `picture(chart, title, id)`."""

    def picture(chart: Chart, title: str, name: str) -> Markup:
        drawn = painter.svg(chart.spec)
        opening = _OPENING.match(drawn) if drawn else None
        if drawn is None or opening is None:
            return Markup("")
        inside = _inside(drawn, opening)
        return _ELEMENT.format(opening[1], name, title, chart.summary, inside)

    return picture


def _inside(drawn: str, opening: re.Match[str]) -> Markup:
    """What stands in the element. The renderer escaped every text of the specification."""
    return Markup(_ROLES.sub("", drawn[opening.end() :]))  # noqa: S704
