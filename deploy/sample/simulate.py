"""A council at work: changes to the sample's business systems that keep coming.

Rule: a change is decided once and sent until the door has taken it. Each carries its own
Idempotency-Key, so a retry after a restart of any service is never counted twice, and the
simulator only believes what it was given a receipt for.
"""

from collections.abc import Callable, Sequence
from datetime import date, datetime, timedelta
from decimal import Decimal
from random import Random
from typing import Any, Protocol

from deploy.sample.areas import council_homes
from deploy.sample.areas.adult_reviews import REVIEWS
from deploy.sample.areas.children import REFERRALS
from deploy.sample.areas.council_homes import REPAIRS
from deploy.sample.areas.environmental_health import REQUESTS, new_request, pick_kind
from deploy.sample.areas.housing import CASES, SECURED
from deploy.sample.areas.resources import CARDS, new_purchase
from deploy.sample.areas.waste import WASTE
from deploy.sample.changes import Change, changed, withdrawn
from deploy.sample.made import Fields, Record, pick
from deploy.sample.simulate_money import Money
from deploy.sample.simulate_people import People

NEWEST_OPEN = 30


class Door(Protocol):
    """Where changes are sent; it retries by itself and raises when it was told to stop."""

    def send(self, dataset: str, items: Sequence[dict[str, Any]], key: str) -> Any:
        """Sends items under an Idempotency-Key; returns the receipt."""
        ...


class Simulator:
    """Knows the records that it has seen accepted, and thinks of the next thing to happen."""

    def __init__(
        self, records: Sequence[Record], rng: Random, now: Callable[[], datetime], run: str
    ) -> None:
        self._rng = rng
        self._now = now
        self._run = run
        self._made = 0
        held: dict[str, list[Fields]] = {}
        for record in records:
            held.setdefault(record.dataset, []).append(record.fields)
        self._held = held
        self._open = [fields for fields in held.get(REQUESTS, []) if fields["closed"] is None]
        self._due = [fields for fields in held.get(REVIEWS, []) if fields["completed"] is None]
        self._unassessed = [
            fields
            for fields in held.get(REFERRALS, [])
            if fields["outcome"] == "Assessment" and fields["assessed"] is None
        ]
        self._owed = [
            fields
            for fields in held.get(CASES, [])
            if fields["prevention_started"] and fields["prevention_ended"] is None
        ]
        self._unrepaired = [each for each in held.get(REPAIRS, []) if each["completed"] is None]
        self._ways: list[tuple[Callable[[], Change | None], int]] = [
            (self._new_request, 34),
            (self._closure, 32),
            (self._purchase, 10),
            (self._review_done, 6),
            (self._repair_reported, 4),
            (self._repair_done, 4),
            (self._assessment_done, 3),
            (self._duty_ended, 2),
            (self._corrected_closure, 5),
            (self._corrected_tonnage, 4),
            (self._withdrawn, 2),
            *Money(held, rng, self._today, self._reference).ways,
            *People(held, rng, now, self._reference).ways,
        ]

    def next_change(self) -> Change:
        """The next thing that happens; something always can."""
        while True:
            way = pick(self._rng, self._ways)
            change: Change | None = way()
            if change is not None:
                return change

    def pause(self) -> float:
        """Seconds until the next change: two to five of them a second."""
        return self._rng.uniform(0.2, 0.5)

    def run(self, door: Door, wait: Callable[[float], bool], tell: Callable[[str], None]) -> None:
        """Sends changes until `wait` says that it is over."""
        while not wait(self.pause()):
            change = self.next_change()
            self._made += 1
            door.send(change.dataset, change.items, f"{self._run}-{self._made}")
            tell(change.said)

    def _data(self, dataset: str, fields: Fields, said: str) -> Change:
        return changed(dataset, said, fields)

    def _reference(self, prefix: str) -> str:
        # The run is part of it: a demo that is started again must not reuse a reference.
        return f"{prefix}-{self._run}-{self._made:06d}"

    def _new_request(self) -> Change:
        now = self._now().replace(microsecond=0)
        kind, type_ = pick_kind(self._rng, now.month)
        fields = new_request(self._rng, self._reference("EP"), now, kind, type_)
        self._held[REQUESTS].append(fields)
        self._open.append(fields)
        return self._data(REQUESTS, fields, f"{kind} received in {fields['ward']}")

    def _closure(self) -> Change | None:
        # Never the last few: the stock of open requests stays a stock. Mostly one of the newest;
        # what has been open for long rarely gets closed, which is why it has been.
        if len(self._open) < 10:
            return None
        newest = min(len(self._open), NEWEST_OPEN)
        back = newest if self._rng.random() < 0.98 else len(self._open)
        fields = self._open.pop(-1 - self._rng.randrange(back))
        closed = max(self._now().replace(microsecond=0), fields["received"])
        fields |= {"closed": closed, "status": "Closed"}
        return self._data(REQUESTS, fields, f"Request {fields['ref']} closed")

    def _corrected_closure(self) -> Change | None:
        fields = self._rng.choice(self._held[REQUESTS])
        if fields["closed"] is None or fields["closed"] < fields["received"]:
            return None
        earlier = fields["closed"] - timedelta(days=self._rng.randint(1, 5))
        fields["closed"] = max(earlier, fields["received"])
        return self._data(REQUESTS, fields, f"Closing date of request {fields['ref']} corrected")

    def _withdrawn(self) -> Change | None:
        # Duplicates are withdrawn soon after they come in, so it is one of the newest.
        newest = self._held[REQUESTS][-200:]
        fields = self._rng.choice(newest)
        self._held[REQUESTS].remove(fields)
        if fields["closed"] is None:
            self._open.remove(fields)
        said = f"Request {fields['ref']} withdrawn as a duplicate"
        return withdrawn(REQUESTS, said, fields["ref"])

    def _purchase(self) -> Change:
        fields = new_purchase(self._rng, self._reference("PC"), self._today())
        return self._data(CARDS, fields, f"Card payment of £{fields['amount']} by {fields['unit']}")

    def _review_done(self) -> Change | None:
        if not self._due:
            return None
        fields = self._due.pop(self._rng.randrange(len(self._due)))
        fields |= {"completed": self._today(), "outcome": "No change"}
        return self._data(REVIEWS, fields, f"Review completed in {fields['locality']}")

    def _assessment_done(self) -> Change | None:
        if not self._unassessed:
            return None
        fields = self._unassessed.pop(0)
        assessed = max(self._today(), fields["received"])
        planned = self._rng.random() < 0.5
        fields |= {"assessed": assessed, ("on_plan" if planned else "closed"): assessed}
        return self._data(REFERRALS, fields, "An assessment of a child's needs completed")

    def _duty_ended(self) -> Change | None:
        if not self._owed:
            return None
        fields = self._owed.pop(0)
        fields |= {
            "prevention_ended": max(self._today(), fields["assessed"]),
            "prevention_outcome": SECURED if self._rng.random() < 0.7 else "Contact lost",
        }
        return self._data(CASES, fields, f"Homelessness case {fields['case']} closed")

    def _repair_reported(self) -> Change:
        now = self._now().replace(microsecond=0)
        priority = pick(self._rng, council_homes.PRIORITIES)
        fields = council_homes.new_repair(self._rng, self._reference("J"), now, priority)
        self._unrepaired.append(fields)
        return self._data(REPAIRS, fields, f"{priority} repair reported in {fields['ward']}")

    def _repair_done(self) -> Change | None:
        if not self._unrepaired:
            return None
        fields = self._unrepaired.pop(0)
        done = max(self._now().replace(microsecond=0), fields["raised"])
        fields |= council_homes.completed(self._rng, done)
        return self._data(REPAIRS, fields, f"Repair {fields['job']} completed")

    def _corrected_tonnage(self) -> Change:
        fields = self._rng.choice(self._held[WASTE][-40:])
        moved = Decimal(self._rng.randint(-300, 300)) / 100
        fields["tonnes"] = max(Decimal(0), fields["tonnes"] + moved)
        return self._data(
            WASTE,
            fields,
            f"{fields['stream']} tonnage of the {fields['collection_round'].lower()} corrected",
        )

    def _today(self) -> date:
        return self._now().date()
