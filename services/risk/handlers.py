"""Everything the risk service does: records of a risk register in, scored risks out."""

from collections.abc import Iterable, Iterator, Sequence

import msgspec

from services.risk.domain.scoring import Unscored, score
from services.risk.metrics import RISKS_UNSCORED
from shared.catalogue.model import Catalogue, RiskMatrix, RiskRegister
from shared.contracts.states import Record
from shared.contracts.subjects import part
from shared.contracts.topics import CATALOGUE, RECORDS, RISKS
from shared.db.tx import Tx
from shared.delivery.change import Cause, Change, Statement
from shared.delivery.definitions import Definitions
from shared.delivery.held import Held
from shared.delivery.own import Own

_record = msgspec.json.Decoder(Record).decode
_encode = msgspec.json.Encoder().encode

# Definitions whose change may score every risk anew.
SCORING = ("risk-matrix/", "risk-register/")


class RiskHandlers:
    """See shared.delivery.inbox.Handlers."""

    def __init__(self, held: Held, definitions: Definitions, own: Own) -> None:
        self._held = held
        self._definitions = definitions
        self._own = own

    def apply(self, changes: Sequence[Change], tx: Tx) -> Iterable[Statement]:
        """Scores the risks whose records changed, or all when the matrix or register did."""
        if any(c.topic == CATALOGUE and c.subject.startswith(SCORING) for c in changes):
            yield from self.rebuild(tx)
            return
        registers = _registers(self._definitions.read(tx))
        for change in changes:
            if change.topic != RECORDS:
                continue
            register = registers.get(change.subject.partition("/")[0])
            if register is not None:
                yield from self._score(change.before, change.after, register, change.cause)

    def rebuild(self, tx: Tx) -> Iterable[Statement]:
        """Scores every held record; risks that no record states any more are gone."""
        registers = _registers(self._definitions.read(tx))
        stated: set[str] = set()
        newest = Cause("", "")
        for dataset, register in registers.items():
            for state in self._held.scan(tx, RECORDS, f"{dataset}/"):
                cause = Cause(state.correlation, state.origin)
                newest = max(newest, cause, key=lambda each: each.origin)
                for statement in self._score(None, state.body, register, cause):
                    stated.add(statement.subject)
                    yield statement
        for subject in self._own.subjects(tx, RISKS):
            if subject not in stated:
                yield Statement(RISKS, subject, None, newest)

    def _score(
        self,
        before: bytes | None,
        after: bytes | None,
        register: tuple[RiskRegister, RiskMatrix],
        cause: Cause,
    ) -> Iterator[Statement]:
        """The risk as it is now. One whose reference changed, or that the matrix cannot score,
        is no longer the risk it was."""
        old = None if before is None else _reference(_record(before), register[0])
        risk = None
        if after is not None:
            record = _record(after)
            try:
                risk = score(_reference(record, register[0]), record.fields, *register)
            except Unscored:
                RISKS_UNSCORED.inc()
        if old is not None and (risk is None or risk.reference != old):
            yield Statement(RISKS, part(old), None, cause)
        if risk is not None:
            yield Statement(RISKS, part(risk.reference), _encode(risk), cause)


def _reference(record: Record, register: RiskRegister) -> str:
    return str(record.fields.get(register.reference) or record.key)


def _registers(catalogue: Catalogue) -> dict[str, tuple[RiskRegister, RiskMatrix]]:
    """The registers whose matrix exists, by dataset."""
    return {
        register.dataset: (register, catalogue.risk_matrices[register.matrix])
        for register in catalogue.risk_registers.values()
        if register.matrix in catalogue.risk_matrices
    }
