"""Challenges of figures and of what is said of them."""

from collections.abc import Iterable, Iterator
from typing import ClassVar

import msgspec

from services.risk.books.book import later
from services.risk.books.figures import CHALLENGED, Figures
from services.risk.books.parts import Moved
from services.risk.domain.challenges import challenge_of, standing_of
from services.risk.domain.reviews import Place, place_of
from services.risk.world import Heard, Told, World
from shared.contracts import subjects
from shared.contracts.fields import Fields, text
from shared.contracts.review import Challenge
from shared.contracts.topics import RISKS
from shared.delivery.change import Cause, Statement
from shared.review.about import LONGEST, RISK, read_about
from shared.review.challenges import CLOSED, Standing

_STEP = "challenge-step"
# A link from a step to the review of what it is about.
_REVIEWED = "challenged"

_encode = msgspec.json.Encoder().encode


class Challenges:
    """See Book. Roles: challenge-step. It settles before reviews, which show what is open."""

    ROLES: ClassVar[tuple[str, ...]] = (_STEP,)
    TOPICS: ClassVar[tuple[str, ...]] = ()

    def __init__(self, world: World, figures: Figures) -> None:
        self._world = world
        self._figures = figures
        self._moved = Moved(world)
        # What reviews may have to say otherwise, and what challenges were found to be.
        self.stirred: dict[Place, Cause] = {}
        self.settled: dict[str, tuple[Challenge, str] | None] = {}
        self.causes: dict[str, Cause] = {}

    def take(self, told: Told) -> None:
        """Takes in a step that came, changed or went."""
        told = told._replace(before=_named(told.before), after=_named(told.after))
        self._moved.take(told, _STEP, "challenge")
        places = [place_of(fields) for fields in (told.before, told.after)]
        links, record = self._world.links, told.record
        links.note(record, _REVIEWED, *(_reviews(place) for place in places))
        links.note(record, CHALLENGED, *(_risks(place) for place in places))
        for place in places:
            self._stir(place, told.cause)

    def hear(self, heard: Heard) -> None:
        """Risks are heard by the figures, before it settles."""

    def pass_time(self, cause: Cause) -> None:
        """Nothing here depends on the day."""

    def settle(self) -> Iterator[Statement]:
        """The challenges that moved, or of a risk that did."""
        self._touch_of_risks()
        found = self._moved.records(self.ROLES)
        standings = {each: standing_of(of[_STEP]) for each, of in found.items()}
        challenged = {each: read_about(stands.about) for each, stands in standings.items()}
        answering = self._figures.answering(
            {about for about in challenged.values() if about is not None}
        )
        for reference, cause in self._moved:
            for fields in found[reference][_STEP].values():
                self._stir(place_of(fields), cause)
            stands, about = standings[reference], challenged[reference]
            body = settled = None
            if stands.stage and about is not None:
                service, owner = answering.get(about, ("", ""))
                state = challenge_of(reference, stands, owner)
                body, settled = _encode(state), (state, service)
            self.settled[reference], self.causes[reference] = settled, cause
            yield Statement(RISKS, subjects.challenge(reference), body, cause)

    def of(self, places: Iterable[Place]) -> dict[Place, dict[str, Standing]]:
        """The challenges of these, by reference; closed ones too."""
        named = {subjects.review(each.period, each.about.text): each for each in places}
        steps = self._world.links.of(_REVIEWED, named)
        told = self._world.fields(record for records in steps.values() for record in records)
        references = {text(fields, "challenge") for fields in told.values()}
        linked = self._world.links.of(_STEP, references) if references else {}
        fields = self._world.fields(record for records in linked.values() for record in records)
        found: dict[Place, dict[str, Standing]] = {}
        for reference, records in sorted(linked.items()):
            stands = standing_of({each: fields[each] for each in records if each in fields})
            place = place_of({"period": stands.period, "about": stands.about})
            if place is not None:
                found.setdefault(place, {})[reference] = stands
        return found

    def _stir(self, place: Place | None, cause: Cause) -> None:
        if place is not None:
            self.stirred[place] = later(self.stirred.get(place), cause)

    def _touch_of_risks(self) -> None:
        """Who answers for a risk may be another now, and with that who is waited for."""
        moved = self._figures.moved_risks
        naming = self._world.links.of(CHALLENGED, moved) if moved else {}
        told = self._world.fields(record for records in naming.values() for record in records)
        for risk, records in naming.items():
            for record in records:
                if record in told:
                    self._moved.touch(text(told[record], "challenge"), moved[risk])


def is_open(stands: Standing) -> bool:
    """Whether a challenge is not closed."""
    return stands.stage != CLOSED


def _named(fields: Fields | None) -> Fields | None:
    """A step, unless it names no challenge, or one by what cannot be a reference."""
    if fields is None or not 0 < len(text(fields, "challenge")) <= LONGEST:
        return None
    return fields


def _reviews(place: Place | None) -> list[str]:
    return [] if place is None else [subjects.review(place.period, place.about.text)]


def _risks(place: Place | None) -> list[str]:
    return [] if place is None or place.about.kind != RISK else [subjects.risk(place.about.code)]
