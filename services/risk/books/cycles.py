"""Where each quarter stands, with the counts of its figures under review."""

from collections.abc import Iterator
from typing import ClassVar

import msgspec

from services.risk.books.book import later
from services.risk.books.quarters import Quarters
from services.risk.books.reviews import Reviews
from services.risk.domain.reviews import cycle_of
from services.risk.world import Heard, Told, World
from shared.contracts import subjects
from shared.contracts.review import Review
from shared.contracts.topics import RISKS
from shared.delivery.change import Cause, Statement
from shared.review.about import read_quarter

_encode = msgspec.json.Encoder().encode
_review = msgspec.json.Decoder(Review).decode


class Cycles:
    """See Book. It settles after reviews, whose figures it counts."""

    ROLES: ClassVar[tuple[str, ...]] = ("cycle-step",)
    TOPICS: ClassVar[tuple[str, ...]] = ()

    def __init__(self, world: World, quarters: Quarters, reviews: Reviews) -> None:
        self._world = world
        self._quarters = quarters
        self._reviews = reviews

    def take(self, told: Told) -> None:
        """Takes in a step that came, changed or went."""
        self._quarters.take(told)

    def hear(self, heard: Heard) -> None:
        """What others say moves a cycle only by its reviews."""

    def pass_time(self, cause: Cause) -> None:
        """Reviews come late, which moves the quarter's counts."""

    def settle(self) -> Iterator[Statement]:
        """The quarters that stand elsewhere, or of which a figure's review moved."""
        moved = dict(self._reviews.moved)
        for period, cause in self._quarters.moved.items():
            moved[period] = later(moved.get(period), cause)
        for period, stands in self._quarters.standings(moved).items():
            quarter = read_quarter(period)
            body = None
            if quarter is not None and (stands.steps or stands.set_aside):
                counted = self._figures(period) if stands.under_review else ()
                rule = self._world.catalogue.review_cycle
                body = _encode(cycle_of(quarter, stands, counted, rule))
            yield Statement(RISKS, subjects.cycle(period), body, moved[period])

    def _figures(self, period: str) -> Iterator[Review]:
        """Every review of a quarter, as it is now."""
        settled = self._reviews.settled.get(period, {})
        if period not in self._quarters.moved:
            for subject, body in self._world.scan(RISKS, subjects.review(period, "")):
                if subject not in settled:
                    yield _review(body)
        yield from (each for each in settled.values() if each is not None)
