"""Where returns stand: said when an answer comes or goes, and when a day turns.

Rule: what is said is worked out from the records and the day, as the page of returns does it, and
is durable with the batch that moved it. A period that is not over is spoken of only once given.
"""

from collections.abc import Iterable, Sequence
from datetime import date, datetime

import msgspec

from services.ingest import returning
from services.ingest.delivery import NO_CAUSE, Delivery
from services.ingest.domain.contracts import Contracts
from services.ingest.domain.returns import due
from services.ingest.kept import Kept
from shared.catalogue.connectors import Return
from shared.contracts import returns
from shared.contracts.returns import Standing
from shared.contracts.topics import RECORDS
from shared.db.tx import Tx
from shared.delivery.change import Cause, Statement
from shared.delivery.outbox import Outbox
from shared.delivery.own import Own
from shared.runtime.clock import LONDON, iso


class Chasing:
    """Says where each return stands, by the contracts in force."""

    def __init__(self, outbox: Outbox, own: Own, contracts: Contracts) -> None:
        self._outbox = outbox
        self._own = own
        self._contracts = contracts

    def came(self, tx: Tx, deliveries: Sequence[Delivery]) -> None:
        """Looks again at the returns whose records loads may have changed, in their transaction."""
        changed = [each for each in deliveries if each.accepted or each.deleted]
        if changed:
            datasets = {each.contract.code for each in changed}
            self._look(tx, datasets, changed[-1].arrived, changed[-1].cause)

    def look(self, tx: Tx, at: datetime) -> list[Standing]:
        """Where every return stands at an instant; says what moved, also by time alone."""
        return self._look(tx, None, at, NO_CAUSE)

    def _look(
        self, tx: Tx, datasets: set[str] | None, at: datetime, cause: Cause
    ) -> list[Standing]:
        """Of the returns of some datasets, or of all."""
        asked = [
            each
            for each in self._contracts.catalogue.returns.values()
            if datasets is None or each.dataset in datasets
        ]
        if not asked and datasets is not None:
            return []
        kept = Kept(tx, self._own, self._contracts)
        before = self._said(tx, asked if datasets is not None else None)
        today = at.astimezone(LONDON).date()
        now = {
            returns.subject(each.code, each.period): each
            for each in _standings(kept, asked, before, today)
        }
        cause = Cause(cause.correlation, iso(at))
        statements = [Statement(RECORDS, gone, None, cause) for gone in before.keys() - now.keys()]
        statements += [
            Statement(RECORDS, subject, returns.body(each), cause)
            for subject, each in now.items()
            if before.get(subject) != each
        ]
        self._outbox.publish(tx, statements)
        return list(now.values())

    def _said(self, tx: Tx, asked: Sequence[Return] | None) -> dict[str, Standing | None]:
        """What was said of these returns, or of all; None where it cannot be read any more."""
        prefixes = [returns.PREFIX]
        if asked is not None:
            prefixes = [returns.subject(each.code, "") for each in asked]
        return {
            subject: _read(body)
            for prefix in prefixes
            for subject, body in self._own.scan(tx, RECORDS, prefix)
        }


def _standings(
    kept: Kept, asked: Iterable[Return], before: dict[str, Standing | None], today: date
) -> Iterable[Standing]:
    for each in returning.standings(kept, asked, today):
        if each.state == "not yet":
            continue
        code, period = each.asked.code, each.period.code
        said = before.get(returns.subject(code, period))
        given = None
        if each.given is not None:
            # Corrections do not move the day on which there first was an answer.
            first = said.given if said else None
            given = first or each.given.on.isoformat()
        yield Standing(
            code, period, each.due.isoformat(), due.missing(each), each.state == "overdue", given
        )


def _read(body: bytes) -> Standing | None:
    try:
        return returns.read(body)
    except msgspec.MsgspecError:
        return None  # an older release said it otherwise: it is said anew
