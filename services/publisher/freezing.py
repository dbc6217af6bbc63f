"""A quarter is frozen: everything that its report is made of is copied, once and for good.

Rule: the copy is taken in the transaction that applies the Frozen step, of what is held there, and
only if there is none yet: no later step, correction or rebuild touches it. A store that came into
being after the quarter was frozen never saw it as it was, so it takes none.
"""

from collections.abc import Iterable, Iterator, Sequence

import structlog

from services.publisher.domain import frozen as words_of
from services.publisher.domain.frozen import Digest, Entry
from services.publisher.domain.review_words import decode_cycle, is_frozen
from services.publisher.domain.words import said_instant
from services.publisher.metrics import REPORTS_FROZEN
from services.publisher.store import frozen
from services.publisher.store.frozen import Report
from services.publisher.store.repository import cursor, store_id
from services.publisher.store.tables import TABLES
from shared.contracts.review import Cycle
from shared.contracts.topics import INDICATORS, RISKS
from shared.db.tx import Tx
from shared.delivery.change import Change
from shared.delivery.held import Held
from shared.delivery.marks import Marks
from shared.review.about import Quarter
from shared.runtime.clock import Clock, iso

BORN = "born"
ROWS = 2_000

log = structlog.get_logger()


class Freezer:
    """Takes the copy of a quarter when it is frozen."""

    def __init__(self, held: Held, clock: Clock) -> None:
        self._held = held
        self._clock = clock
        self._marks = Marks(TABLES)

    def born(self, tx: Tx) -> str:
        """When this store first started; empty for one that is older than any report."""
        known = self._marks.get(tx, BORN)
        if known is None:
            known = iso(self._clock.now())
            self._marks.set(tx, {BORN: known})
        return known

    def apply(self, changes: Sequence[Change], tx: Tx) -> None:
        """Takes the copy of every quarter that these changes freeze."""
        for change in changes:
            if change.topic != RISKS or change.after is None:
                continue
            quarter = words_of.quarter_in(change.subject)
            if quarter is None:
                continue
            cycle = decode_cycle(change.after)
            if is_frozen(cycle):
                self._freeze(tx, quarter, _frozen_at(cycle) or change.time)

    def _freeze(self, tx: Tx, quarter: Quarter, frozen_at: str) -> None:
        if frozen.report(tx, quarter.code) is not None:
            return
        if words_of.is_younger(self.born(tx), frozen_at):
            log.warning("report-not-taken", period=quarter.code, frozen=frozen_at)
            return
        digest = Digest()
        waiting: list[Entry] = []
        for entry in self._entries(tx, quarter):
            digest.add(entry)
            waiting.append(entry)
            if len(waiting) >= ROWS:
                frozen.add_entries(tx, quarter.code, waiting)
                waiting = []
        frozen.add_entries(tx, quarter.code, waiting)
        taken = Report(
            period=quarter.code,
            frozen_at=frozen_at,
            taken_at=iso(self._clock.now()),
            cursor=cursor(tx),
            store=store_id(tx),
            sha256=digest.value(),
            counts=digest.counts,
        )
        frozen.add_report(tx, taken)
        tx.after_commit(REPORTS_FROZEN.inc)
        log.info("report-frozen", period=quarter.code, sha256=taken.sha256, **taken.counts)

    def _entries(self, tx: Tx, quarter: Quarter) -> Iterator[Entry]:
        """Everything that the report is made of, in the order of its listing."""
        for topic in words_of.TOPICS:
            if topic == INDICATORS:
                first, last = words_of.reported_from(quarter), quarter.end
                yield from frozen.held_figures(tx, frozen.figures_ending(tx, first, last))
                continue
            yield from self._states(tx, topic, words_of.prefixes(topic, quarter), quarter)

    def _states(
        self, tx: Tx, topic: str, prefixes: Iterable[str], quarter: Quarter
    ) -> Iterator[Entry]:
        for prefix in prefixes:
            for state in self._held.scan(tx, topic, prefix):
                if words_of.in_scope(state.subject, state.body, quarter):
                    yield Entry(topic, state.subject, state.version, state.time, state.body)


def _frozen_at(cycle: Cycle) -> str:
    """When the step was taken that froze a quarter; empty where it does not say."""
    said = next((step.at for step in reversed(cycle.steps) if step.to == cycle.stage), "")
    when = said_instant(said)
    return "" if when is None else iso(when)
