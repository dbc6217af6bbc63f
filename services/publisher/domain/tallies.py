"""How many indicators with a target are green, amber and red, of the council and of its parts.

Rule: pages and the stream count with this alone, so that a count on an open page moves to what a
new page would say.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import NamedTuple

from services.publisher.domain.figures import Figure
from services.publisher.domain.words import JUDGED
from shared.catalogue.model import Catalogue, Indicator

TALLY = "irf-tally"

Parts = dict[str, str]


@dataclass(frozen=True)
class Tally:
    """How many with a target are green, amber and red, and how many of all are getting worse."""

    green: int
    amber: int
    red: int
    worse: int = 0

    @property
    def judged(self) -> int:
        """How many have a target and a value."""
        return self.green + self.amber + self.red

    def __add__(self, other: "Tally") -> "Tally":
        return Tally(
            self.green + other.green,
            self.amber + other.amber,
            self.red + other.red,
            self.worse + other.worse,
        )

    def __neg__(self) -> "Tally":
        return Tally(-self.green, -self.amber, -self.red, -self.worse)

    def parts(self) -> Parts:
        """What an open page replaces when a count moves."""
        return {
            "green": f"{self.green:,}",
            "amber": f"{self.amber:,}",
            "red": f"{self.red:,}",
            "judged": f"{self.judged:,}",
            "worse": f"{self.worse:,}",
        }


class Place(NamedTuple):
    """A part of the council that is counted by itself: the council, a directorate, a portfolio, a
    service or a theme; the set that members watch, and what of it is of a priority."""

    kind: str
    code: str = ""

    @property
    def subject(self) -> str:
        """How pages and the stream name its count."""
        return f"{TALLY}/{self.kind}/{self.code}" if self.code else f"{TALLY}/{self.kind}"


COUNCIL = Place("council")
STRATEGIC = Place("strategic")


def tally(figures: Iterable[Figure]) -> Tally:
    """Counts figures."""
    listed = list(figures)
    outcomes = [each.outcome for each in listed]
    green, amber, red = (outcomes.count(outcome) for outcome in JUDGED)
    return Tally(green, amber, red, sum(map(is_worse, listed)))


def is_worse(figure: Figure) -> bool:
    """Whether it gets worse: it is worse than the period before, and no better than a year ago,
    so that what comes and goes with the seasons is not taken for it."""
    return figure.previous.effect == "worse" and figure.last_year.effect != "better"


def is_better(figure: Figure) -> bool:
    """Whether it gets better, in the same way."""
    return figure.previous.effect == "better" and figure.last_year.effect != "worse"


def places(definition: Indicator, catalogue: Catalogue) -> list[Place]:
    """Where an indicator is counted."""
    found = [COUNCIL, *(Place("theme", code) for code in definition.themes)]
    service = catalogue.services.get(definition.service or "")
    if service is not None:
        found.append(Place("service", service.code))
        if service.directorate:
            found.append(Place("directorate", service.directorate))
        if service.portfolio:
            found.append(Place("portfolio", service.portfolio))
    if definition.strategic:
        found.append(STRATEGIC)
        if definition.priority:
            found.append(Place("priority", definition.priority))
    return found


def tallies(catalogue: Catalogue, figures: Mapping[str, Figure]) -> dict[Place, Tally]:
    """The count of every place, given the newest figure of each indicator."""
    by_place: dict[Place, list[Figure]] = {COUNCIL: []}
    for code, definition in catalogue.indicators.items():
        for place in places(definition, catalogue):
            of_place = by_place.setdefault(place, [])
            if code in figures:
                of_place.append(figures[code])
    return {place: tally(found) for place, found in by_place.items()}


def moved(
    counts: Mapping[Place, Tally],
    catalogue: Catalogue,
    before: Mapping[str, Figure],
    after: Mapping[str, Figure],
) -> dict[Place, Tally]:
    """The counts after some figures moved: what they were is taken back, what they are is added."""
    found = dict(counts)
    for code in {*before, *after}:
        definition = catalogue.indicators.get(code)
        was, now = (tally([each[code]] if code in each else []) for each in (before, after))
        if definition is None or was == now:
            continue
        for place in places(definition, catalogue):
            found[place] = found[place] + now + -was
    return found
