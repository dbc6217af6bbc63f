"""Everything the finance service does: records of a ledger in, positions out."""

from collections.abc import Iterable, Iterator, Sequence

import msgspec
import structlog

from services.finance.domain.spending import Place, Totals, places, state, transaction
from services.finance.metrics import AMOUNTS_REFUSED
from shared.catalogue.model import Catalogue, Ledger
from shared.contracts.states import Record
from shared.contracts.topics import CATALOGUE, FINANCE, RECORDS
from shared.db.tx import Tx
from shared.delivery.change import Cause, Change, Statement
from shared.delivery.definitions import Definitions
from shared.delivery.held import Held
from shared.delivery.own import Own

log = structlog.get_logger()

_record = msgspec.json.Decoder(Record).decode
_totals = msgspec.json.Decoder(Totals).decode
_encode = msgspec.json.Encoder().encode

NOBODY = Cause("", "")


class _Moves:
    """What a set of records adds to positions and takes from them, with the newest cause."""

    def __init__(self) -> None:
        self.totals: dict[Place, Totals] = {}
        self.causes: dict[Place, Cause] = {}

    def move(
        self, ledger: Ledger, before: Record | None, after: Record | None, cause: Cause
    ) -> None:
        """Takes away what a record was, and adds what it is. What stays the same moves nothing."""
        old = None if before is None else transaction(ledger, before.fields)
        new = None if after is None else transaction(ledger, after.fields)
        if old == new:
            return
        if after is not None and new is not None and new.refused:
            AMOUNTS_REFUSED.inc()
            log.error(
                "amount-refused",
                ledger=ledger.code,
                record=f"{after.dataset}/{after.key}",
                reason=new.refused,
                correlation_id=cause.correlation,
            )
        for each, times in ((old, -1), (new, 1)):
            if each is None:
                continue
            for place in places(ledger.code, each):
                totals = self.totals.get(place)
                if totals is None:
                    totals = self.totals[place] = Totals()
                totals.count(each, times)
                known = self.causes.get(place)
                if known is None or cause.origin > known.origin:
                    self.causes[place] = cause


class FinanceHandlers:
    """See shared.delivery.inbox.Handlers."""

    def __init__(self, held: Held, definitions: Definitions, own: Own) -> None:
        self._held = held
        self._definitions = definitions
        self._own = own

    def apply(self, changes: Sequence[Change], tx: Tx) -> Iterable[Statement]:
        """Moves the positions that changed records touch, or all when a ledger was redefined."""
        redefined = [
            change.cause
            for change in changes
            if change.topic == CATALOGUE and change.subject.startswith("ledger/")
        ]
        if redefined:
            yield from self._restate(tx, max(redefined, key=lambda cause: cause.origin))
            return
        ledgers = _ledgers(self._definitions.read(tx))
        moves = _Moves()
        for change in changes:
            if change.topic != RECORDS:
                continue
            mine = ledgers.get(change.subject.partition("/")[0])
            if mine is None:
                continue
            before = None if change.before is None else _record(change.before)
            after = None if change.after is None else _record(change.after)
            for ledger in mine:
                moves.move(ledger, before, after, change.cause)
        subjects = {place: place.subject for place in moves.totals}
        known = self._own.get(tx, FINANCE, subjects.values())
        for place, totals in moves.totals.items():
            body = known.get(subjects[place])
            if body is not None:
                totals.add(_totals(body))
            yield _statement(place, totals, moves.causes[place])

    def rebuild(self, tx: Tx) -> Iterable[Statement]:
        """Adds up every held record; positions that no record states any more are gone."""
        return self._restate(tx, None)

    def _restate(self, tx: Tx, cause: Cause | None) -> Iterator[Statement]:
        """Everything anew. `cause` is what made that needful; without one, each position names
        the newest of its own records."""
        moves = _Moves()
        for dataset, ledgers in _ledgers(self._definitions.read(tx)).items():
            for held in self._held.scan(tx, RECORDS, f"{dataset}/"):
                record = _record(held.body)
                for ledger in ledgers:
                    moves.move(ledger, None, record, Cause(held.correlation, held.origin))
        stated = set()
        for place, totals in moves.totals.items():
            stated.add(place.subject)
            yield _statement(place, totals, cause or moves.causes[place])
        newest = max(moves.causes.values(), key=lambda each: each.origin, default=NOBODY)
        for subject in self._own.subjects(tx, FINANCE):
            if subject not in stated:
                yield Statement(FINANCE, subject, None, cause or newest)


def _statement(place: Place, totals: Totals, cause: Cause) -> Statement:
    now = state(place, totals)
    return Statement(FINANCE, place.subject, None if now is None else _encode(now), cause)


def _ledgers(catalogue: Catalogue) -> dict[str, list[Ledger]]:
    """The ledgers by the dataset that they are kept in."""
    found: dict[str, list[Ledger]] = {}
    for ledger in catalogue.ledgers.values():
        found.setdefault(ledger.dataset, []).append(ledger)
    return found
