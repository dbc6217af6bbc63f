"""Everything the publisher does with what it consumes: it keeps, and says nothing.

The newest state of everything is held by delivery; here figures, and the records behind figures and
cost centres, are indexed, every version of a figure and of what people answer for is kept, and a
quarter that is frozen is copied. Live clients hear of a change only after its commit, from the
store (see feed).
"""

from collections.abc import Callable, Iterable, Sequence

from services.publisher.domain.figures import decode_value, opens
from services.publisher.freezing import Freezer
from services.publisher.ledger_index import LedgerIndex
from services.publisher.record_index import RecordIndex
from services.publisher.store import state_versions
from services.publisher.store.repository import (
    KeptVersion,
    Place,
    add_figures,
    add_versions,
)
from shared.contracts.states import Breakdown, IndicatorValue
from shared.contracts.topics import INDICATORS, RISKS
from shared.db.tx import Tx
from shared.delivery.change import Change, Statement
from shared.delivery.definitions import Definitions
from shared.delivery.held import Held
from shared.runtime.clock import Clock

REBUILD_ROWS = 2_000


class PublisherHandlers:
    """See shared.delivery.inbox.Handlers. `rebuilt` is called once a rebuild is committed."""

    def __init__(
        self,
        held: Held,
        definitions: Definitions,
        rebuilt: Callable[[], None],
        clock: Clock,
    ) -> None:
        self._held = held
        self.freezer = Freezer(held, clock)
        self._ledger = LedgerIndex(held, definitions)
        self.records = RecordIndex(held, definitions)
        self._rebuilt = rebuilt

    def apply(self, changes: Sequence[Change], tx: Tx) -> Iterable[Statement]:
        """Indexes figures that are new, and keeps every version of those that moved."""
        places: list[Place] = []
        versions: list[KeptVersion] = []
        answered: list[KeptVersion] = []
        for change in changes:
            if change.topic == RISKS and state_versions.is_kept(change.subject):
                answered += kept(change)
            if change.topic != INDICATORS:
                continue
            if change.before is None:
                bodies = [each.body for each in change.versions if each.body is not None]
                if bodies:
                    places.append(place(change.subject, decode_value(bodies[-1])))
            versions += kept(change)
        add_figures(tx, places)
        add_versions(tx, versions)
        state_versions.add(tx, answered)
        self._ledger.apply(changes, tx)
        self.records.apply(changes, tx)
        # Last: it copies figures that these changes may have brought.
        self.freezer.apply(changes, tx)
        return ()

    def rebuild(self, tx: Tx) -> Iterable[Statement]:
        """Indexes all figures that are held. Versions already kept stay: they are history. So do
        frozen quarters: what is held now is not what was reported."""
        places: list[Place] = []
        versions: list[KeptVersion] = []
        for state in self._held.scan(tx, INDICATORS):
            places.append(place(state.subject, decode_value(state.body)))
            versions.append(
                KeptVersion(state.subject, state.version, state.time, state.body, state.correlation)
            )
            if len(places) >= REBUILD_ROWS:
                add_figures(tx, places)
                add_versions(tx, versions)
                places, versions = [], []
        add_figures(tx, places)
        add_versions(tx, versions)
        self._keep_answered(tx)
        self._ledger.rebuild(tx)
        self.records.rebuild(tx)
        tx.after_commit(self._rebuilt)
        return ()

    def _keep_answered(self, tx: Tx) -> None:
        rows: list[KeptVersion] = []
        for kind in sorted(state_versions.KEPT):
            rows += [
                KeptVersion(state.subject, state.version, state.time, state.body, state.correlation)
                for state in self._held.scan(tx, RISKS, f"{kind}/")
            ]
        state_versions.add(tx, rows)


def kept(change: Change) -> list[KeptVersion]:
    """The versions that a change brought. Of those that came together, the batch of the last one
    is known."""
    return [
        KeptVersion(
            change.subject,
            version.number,
            version.time,
            version.body,
            change.cause.correlation if version is change.versions[-1] else "",
        )
        for version in change.versions
    ]


def place(subject: str, value: IndicatorValue) -> Place:
    """Where a value stands among its like. Raises ValueError when it contradicts its subject."""
    breakdown = value.breakdown
    if not subject.startswith(f"{value.indicator}/{value.period.code}"):
        raise ValueError(f"{subject} carries a value of {value.indicator}, {value.period.code}")
    return Place(
        subject=subject,
        indicator=value.indicator,
        field=breakdown.field if breakdown else "",
        member=stored_member(subject, breakdown),
        kind=value.period.kind,
        opens=opens(value.period),
        period=value.period.code,
        ends=value.period.end,
    )


def stored_member(subject: str, breakdown: Breakdown | None) -> str:
    """A member as it is looked for: its value; by several fields, the whole text of the member,
    since values may hold whatever separates them."""
    if breakdown is None:
        return ""
    return subject.split("/", 2)[2] if breakdown.parts else breakdown.member
