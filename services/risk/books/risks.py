"""The risk register: risks with their controls, reviews and moves, and what prompts a review."""

from collections.abc import Iterator
from typing import ClassVar
from urllib.parse import unquote

import msgspec
import structlog

from services.risk.books.book import later
from services.risk.books.parts import Moved
from services.risk.books.prompts import Prompts
from services.risk.domain.risks import Parts, risk_of
from services.risk.domain.scoring import Unscored
from services.risk.metrics import RISKS_UNSCORED
from services.risk.world import Heard, Told, World
from shared.contracts import subjects
from shared.contracts.fields import Fields, listed
from shared.contracts.topics import CONTRACTS, FINANCE, INDICATORS, RISKS
from shared.delivery.change import Cause, Statement

_STATED, _CONTROL, _REVIEW, _MOVE = "risk", "risk-control", "risk-review", "risk-move"
# What a risk names, by the field that does.
_NAMES = ("indicators", "cost_centres", "contracts")

log = structlog.get_logger()
_encode = msgspec.json.Encoder().encode


class Risks:
    """See Book."""

    ROLES: ClassVar[tuple[str, ...]] = (_STATED, _CONTROL, _REVIEW, _MOVE)
    TOPICS: ClassVar[tuple[str, ...]] = (INDICATORS, FINANCE, CONTRACTS)

    def __init__(self, world: World) -> None:
        self._world = world
        self._moved = Moved(world)
        self._heard: dict[str, dict[str, Cause]] = {name: {} for name in _NAMES}

    def take(self, told: Told) -> None:
        """Takes in a risk, or a part of one, that came, changed or went."""
        self._moved.take(told, told.role, "reference" if told.role == _STATED else "risk")
        if told.role == _STATED:
            for name in _NAMES:
                before, after = (
                    [] if fields is None else listed(fields, name)
                    for fields in (told.before, told.after)
                )
                self._world.links.note(told.record, name, before, after)

    def hear(self, heard: Heard) -> None:
        """Takes in that something moved which a risk may name."""
        parts = heard.subject.split("/")
        if heard.topic == INDICATORS and len(parts) == 2:
            self._note("indicators", parts[0], heard.cause)
        elif heard.topic == FINANCE and parts[0] == "cost-centre":
            self._note("cost_centres", unquote(parts[2]), heard.cause)
        elif heard.topic == CONTRACTS and parts[0] == "contract":
            self._note("contracts", unquote(parts[1]), heard.cause)

    def _note(self, name: str, thing: str, cause: Cause) -> None:
        self._heard[name][thing] = later(self._heard[name].get(thing), cause)

    def pass_time(self, cause: Cause) -> None:
        """Reviews fall due, risks close, periods end."""
        self._moved.touch_all(_STATED, cause)

    def settle(self) -> Iterator[Statement]:
        """The risks that moved, or that name something which did."""
        for name, things in self._heard.items():
            naming = self._world.links.of(name, things)
            told = self._world.fields(record for records in naming.values() for record in records)
            for thing, records in naming.items():
                for record in records:
                    if record in told:
                        self._moved.touch(_reference(told[record]), things[thing])
        prompts = Prompts(self._world)
        found = self._moved.records(self.ROLES)
        for reference, cause in self._moved:
            body = self._stated(found[reference], prompts)
            yield Statement(RISKS, subjects.risk(reference), body, cause)

    def _stated(self, of: dict[str, dict[str, Fields]], prompts: Prompts) -> bytes | None:
        """A risk's state; None where no record states it, or none can be scored."""
        scale = self._world.scale
        if scale is None or not of[_STATED]:
            return None
        # The dataset's key is the reference, so there is one; of several the last would hold.
        record, fields = list(of[_STATED].items())[-1]
        named = (listed(fields, name) for name in _NAMES)
        try:
            made = risk_of(
                record,
                fields,
                Parts(of[_CONTROL], of[_REVIEW], of[_MOVE]),
                prompts.of(*named),
                self._world.catalogue,
                scale,
                self._world.today,
            )
        except Unscored as reason:
            RISKS_UNSCORED.inc()
            log.error("risk-unscored", record=record, reason=str(reason))
            return None
        for review, why in made.passed_over.items():
            log.error("review-passed-over", record=review, reason=why)
        return _encode(made.risk)


def _reference(fields: Fields) -> str:
    return str(fields.get("reference") or "")
