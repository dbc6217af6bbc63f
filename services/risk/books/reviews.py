"""The reviews of figures: what is under review in a quarter, what is said of it, who signed it."""

from collections.abc import Iterable, Iterator
from typing import ClassVar
from urllib.parse import unquote

import msgspec

from services.risk.books.book import later
from services.risk.books.challenges import Challenges, is_open
from services.risk.books.figures import CHALLENGED, COMMENTED, Figures
from services.risk.books.quarters import Quarters
from services.risk.domain.figures import position_named, quarter_ending_in
from services.risk.domain.reviews import Place, Words, place_of, review_of
from services.risk.world import Heard, Told, World
from shared.contracts import subjects
from shared.contracts.fields import Fields
from shared.contracts.review import Review
from shared.contracts.topics import FINANCE, INDICATORS, RISKS
from shared.delivery.change import Cause, Statement
from shared.review.about import (
    INDICATOR,
    RISK,
    About,
    Quarter,
    quarters_of,
    read_about,
    read_quarter,
)
from shared.review.signing import SIGNED_OFF

_COMMENTARY, _SIGN_OFF, _QUERY = _SAID = ("commentary", "sign-off", "data-query")


class _Waiting(msgspec.Struct):
    """As much of a review as says whether it still waits for somebody."""

    about: str
    stage: str


_encode = msgspec.json.Encoder().encode
_waiting = msgspec.json.Decoder(_Waiting).decode


class Reviews:
    """See Book. It settles after challenges and before cycles."""

    ROLES: ClassVar[tuple[str, ...]] = _SAID
    TOPICS: ClassVar[tuple[str, ...]] = (INDICATORS, FINANCE, RISKS)

    def __init__(
        self, world: World, quarters: Quarters, figures: Figures, challenges: Challenges
    ) -> None:
        self._world = world
        self._quarters = quarters
        self._figures = figures
        self._challenges = challenges
        self._touched: dict[str, dict[About, Cause]] = {}
        self._day: Cause | None = None
        # What was found, by quarter and subject, and the quarters in which it is another now.
        self.settled: dict[str, dict[str, Review | None]] = {}
        self.causes: dict[str, Cause] = {}
        self.moved: dict[str, Cause] = {}

    def take(self, told: Told) -> None:
        """Takes in what somebody said of a figure, took back or changed."""
        places = [place_of(fields) for fields in (told.before, told.after)]
        links = self._world.links
        links.note(told.record, told.role, *(_named(place) for place in places))
        if told.role == _COMMENTARY:
            links.note(told.record, COMMENTED, *(_risk(place) for place in places))
        for place in places:
            if place is not None:
                self._touch(place, told.cause)

    def hear(self, heard: Heard) -> None:
        """Takes in a figure that moved."""
        if heard.topic == INDICATORS:
            self._hear_indicator(heard)
        elif heard.topic == FINANCE:
            named = position_named(heard.subject)
            for quarter in [] if named is None else quarters_of(named[0]):
                assert named is not None
                self._touch(Place(quarter.code, named[1]), heard.cause)
        else:
            self._figures.hear(heard)

    def _hear_indicator(self, heard: Heard) -> None:
        code, _, period = heard.subject.partition("/")
        definition = self._world.catalogue.indicators.get(code)
        # A third part is a member of a breakdown.
        if definition is not None and "/" not in period:
            quarter = quarter_ending_in(definition, period)
            if quarter is not None:
                self._touch(Place(quarter.code, About(INDICATOR, code)), heard.cause)

    def pass_time(self, cause: Cause) -> None:
        """What waits for somebody comes late."""
        self._day = cause

    def settle(self) -> Iterator[Statement]:
        """The reviews that moved, in quarters under review."""
        self._gather()
        moved = self._quarters.moved
        standings = self._quarters.standings({*self._touched, *moved})
        for period, stands in standings.items():
            quarter = read_quarter(period)
            if quarter is None or not (stands.under_review or period in moved):
                continue
            touched = dict(self._touched.get(period, {}))
            if period in moved:
                for about in self._whole(quarter, under_review=stands.under_review):
                    touched[about] = later(touched.get(about), moved[period])
            yield from self._quarter(quarter, touched, under_review=stands.under_review)

    def _touch(self, place: Place, cause: Cause) -> None:
        abouts = self._touched.setdefault(place.period, {})
        abouts[place.about] = later(abouts.get(place.about), cause)

    def _gather(self) -> None:
        """What challenges and risks that moved touch, and what waits where a day passed."""
        for period in self._quarters.every() if self._day is not None else ():
            for _, body in self._world.scan(RISKS, subjects.review(period, "")):
                waiting = _waiting(body)
                about = read_about(waiting.about)
                if waiting.stage != SIGNED_OFF and about is not None and self._day is not None:
                    self._touch(Place(period, about), self._day)
        for place, cause in self._challenges.stirred.items():
            self._touch(place, cause)
        for subject, cause in self._figures.moved_risks.items():
            for place in self._speaking_of([subject]):
                self._touch(place, cause)

    def _speaking_of(self, risks: Iterable[str]) -> set[Place]:
        """Where anybody said anything of these risks."""
        records = [
            record
            for kind in (COMMENTED, CHALLENGED)
            for linked in self._world.links.of(kind, risks).values()
            for record in linked
        ]
        places = map(place_of, self._world.fields(records).values())
        return {place for place in places if place is not None}

    def _whole(self, quarter: Quarter, *, under_review: bool) -> Iterator[About]:
        """All that is, or was, or may be under review in a quarter."""
        prefix = subjects.review(quarter.code, "")
        for subject, _ in self._world.scan(RISKS, prefix):
            about = read_about(unquote(subject.removeprefix(prefix)))
            if about is not None:
                yield about
        if under_review:
            yield from self._figures.candidates(quarter)
            links = self._world.links
            risks = {*links.targets(COMMENTED), *links.targets(CHALLENGED)}
            for place in self._speaking_of(risks):
                if place.period == quarter.code:
                    yield place.about

    def _quarter(
        self, quarter: Quarter, touched: dict[About, Cause], *, under_review: bool
    ) -> Iterator[Statement]:
        world, period = self._world, quarter.code
        places = {subjects.review(period, each.text): Place(period, each) for each in touched}
        figures = self._figures.of(quarter, touched) if under_review else {}
        challenges = self._challenges.of(places.values())
        said = {role: self._said(role, places) for role in _SAID}
        known = world.known(RISKS, places)
        settled = self.settled.setdefault(period, {})
        for subject, place in places.items():
            about, cause = place.about, touched[place.about]
            figure, commentary = figures.get(about), said[_COMMENTARY][subject]
            challenged = challenges.get(place, {})
            review = body = None
            # A risk is reviewed where somebody says something of it; a figure always.
            if figure is not None and (about.kind != RISK or commentary or challenged):
                still = [each for each, stands in challenged.items() if is_open(stands)]
                words = Words(commentary, said[_SIGN_OFF][subject], said[_QUERY][subject], still)
                review = review_of(quarter, about, figure, words, world.catalogue, world.today)
                body = _encode(review)
            if body != known.get(subject):
                self.moved[period] = later(self.moved.get(period), cause)
            settled[subject], self.causes[subject] = review, cause
            yield Statement(RISKS, subject, body, cause)

    def _said(self, role: str, wanted: Iterable[str]) -> dict[str, dict[str, Fields]]:
        """The records of a role by the reviews that they belong to."""
        linked = self._world.links.of(role, wanted)
        fields = self._world.fields(record for records in linked.values() for record in records)
        return {
            subject: {each: fields[each] for each in linked.get(subject, ()) if each in fields}
            for subject in wanted
        }


def _named(place: Place | None) -> list[str]:
    return [] if place is None else [subjects.review(place.period, place.about.text)]


def _risk(place: Place | None) -> list[str]:
    return [] if place is None or place.about.kind != RISK else [subjects.risk(place.about.code)]
