"""The figures that can be reviewed, as other services and the risk register say them."""

from collections.abc import Iterable, Iterator

import msgspec

from services.risk.domain.figures import (
    BASIS,
    LEVEL,
    newest,
    periods_in,
    position_at,
    position_named,
)
from services.risk.domain.reviews import Figure
from services.risk.world import Heard, World
from shared.contracts import subjects
from shared.contracts.finance import Position
from shared.contracts.risks import Risk
from shared.contracts.states import IndicatorValue
from shared.contracts.topics import FINANCE, INDICATORS, RISKS
from shared.delivery.change import Cause
from shared.review.about import INDICATOR, POSITION, RISK, About, Quarter
from shared.review.posts import owner_of_position

_value = msgspec.json.Decoder(IndicatorValue).decode
_position = msgspec.json.Decoder(Position).decode
_risk = msgspec.json.Decoder(Risk).decode

# Links from a record that says something of a risk to the subject of that risk.
COMMENTED, CHALLENGED = "risk commented", "risk challenged"


class Figures:
    """The figures of one batch. Risks are those that this very batch states, else as stated."""

    def __init__(self, world: World) -> None:
        self._world = world
        self._discussed: set[str] | None = None
        self._stated: dict[str, bytes | None] = {}
        self.moved_risks: dict[str, Cause] = {}

    def hear(self, heard: Heard) -> None:
        """Takes in a risk as it is stated now, where anybody said anything of it."""
        kind, _, _ = heard.subject.partition("/")
        if heard.topic != RISKS or kind != RISK:
            return
        if self._discussed is None:
            links = self._world.links
            self._discussed = {*links.targets(COMMENTED), *links.targets(CHALLENGED)}
        if heard.subject in self._discussed:
            self._stated[heard.subject] = heard.after
            self.moved_risks[heard.subject] = heard.cause

    def of(self, quarter: Quarter, abouts: Iterable[About]) -> dict[About, Figure]:
        """Those of these that are figures of a quarter."""
        by_kind: dict[str, list[About]] = {INDICATOR: [], POSITION: [], RISK: []}
        for about in abouts:
            by_kind[about.kind].append(about)
        found = dict(self._indicators(quarter, by_kind[INDICATOR]))
        found.update(self._positions(quarter, by_kind[POSITION]))
        found.update(self._risks(by_kind[RISK]))
        return found

    def candidates(self, quarter: Quarter) -> Iterator[About]:
        """All that may be figures of a quarter of themselves; risks never are."""
        for code in self._world.catalogue.indicators:
            yield About(INDICATOR, code)
        prefix = f"position/{BASIS}/{quarter.year}/"
        for subject, *_ in self._world.held.bodies(self._world.tx, FINANCE, prefix):
            named = position_named(subject)
            if named is not None:
                yield named[1]

    def answering(self, abouts: Iterable[About]) -> dict[About, tuple[str, str]]:
        """The service and the owner of each of these, whether or not it has a value."""
        found: dict[About, tuple[str, str]] = {}
        risks = []
        for about in abouts:
            if about.kind == RISK:
                risks.append(about)
            elif about.kind == POSITION:
                found[about] = about.code, owner_of_position(about.code, self._world.catalogue)
            else:
                definition = self._world.catalogue.indicators.get(about.code)
                if definition is not None:
                    found[about] = definition.service or "", definition.owner
        for about, figure in self._risks(risks):
            found[about] = figure.service, figure.owner
        return found

    def _indicators(
        self, quarter: Quarter, abouts: Iterable[About]
    ) -> Iterator[tuple[About, Figure]]:
        periods: dict[About, list[str]] = {}
        for about in abouts:
            definition = self._world.catalogue.indicators.get(about.code)
            if definition is not None:
                codes = periods_in(definition, quarter)
                each = [subjects.indicator_value(about.code, code, "all") for code in codes]
                periods[about] = each
        wanted = [subject for each in periods.values() for subject in each]
        said = self._world.said_of(INDICATORS, wanted)
        for about, named in periods.items():
            found = newest(_value(said[subject]) for subject in named if subject in said)
            if found is not None:
                definition = self._world.catalogue.indicators[about.code]
                yield (
                    about,
                    Figure(
                        INDICATORS,
                        subjects.indicator_value(about.code, found.period.code, "all"),
                        found.value or "",
                        found.rag.outcome,
                        definition.service or "",
                        definition.owner,
                    ),
                )

    def _positions(
        self, quarter: Quarter, abouts: Iterable[About]
    ) -> Iterator[tuple[About, Figure]]:
        year, catalogue = quarter.year, self._world.catalogue
        named = {
            subjects.position(BASIS, year, each.fund, LEVEL, each.code): each for each in abouts
        }
        for subject, body in self._world.said_of(FINANCE, named).items():
            about = named[subject]
            found = position_at(_position(body), quarter, catalogue.books)
            if found is not None:
                owner = owner_of_position(about.code, catalogue)
                yield about, Figure(FINANCE, subject, *found, about.code, owner)

    def _risks(self, abouts: Iterable[About]) -> Iterator[tuple[About, Figure]]:
        named = {subjects.risk(each.code): each for each in abouts}
        stated: dict[str, bytes | None] = dict(self._world.known(RISKS, named))
        stated.update((each, self._stated[each]) for each in named if each in self._stated)
        for subject, body in stated.items():
            if body is not None:
                risk = _risk(body)
                outcome, about = risk.rag.outcome, named[subject]
                owner, service = risk.owner or "", risk.service or ""
                figure = Figure(RISKS, subject, str(risk.score), outcome, service, owner)
                yield about, figure
