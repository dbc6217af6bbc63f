"""Everything the risk service does: records of a risk register in, scored risks out."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import NamedTuple

import msgspec
import structlog

from services.risk.domain.scoring import Unscored, score
from services.risk.metrics import RISKS_UNSCORED
from shared.catalogue.model import Catalogue, RiskMatrix, RiskRegister
from shared.contracts.states import Record, Risk
from shared.contracts.subjects import part
from shared.contracts.topics import CATALOGUE, RECORDS, RISKS
from shared.db.tx import Tx
from shared.delivery.change import Cause, Change, Statement
from shared.delivery.definitions import Definitions
from shared.delivery.held import Held
from shared.delivery.own import Own

log = structlog.get_logger()

_record = msgspec.json.Decoder(Record).decode
_encode = msgspec.json.Encoder().encode

# Definitions whose change may score every risk anew.
SCORING = ("risk-matrix/", "risk-register/")

NOBODY = Cause("", "")


class _Register(NamedTuple):
    """A risk register with its matrix. `keyed` says that a record's key is its reference."""

    register: RiskRegister
    matrix: RiskMatrix
    keyed: bool


class RiskHandlers:
    """See shared.delivery.inbox.Handlers."""

    def __init__(self, held: Held, definitions: Definitions, own: Own) -> None:
        self._held = held
        self._definitions = definitions
        self._own = own

    def apply(self, changes: Sequence[Change], tx: Tx) -> Iterable[Statement]:
        """Scores the risks whose records changed, or all when the matrix or register did."""
        redefined = [
            change.cause
            for change in changes
            if change.topic == CATALOGUE and change.subject.startswith(SCORING)
        ]
        if redefined:
            yield from self._restate(tx, max(redefined, key=_origin))
            return
        registers = _registers(self._definitions.read(tx))
        moved: dict[str, Cause] = {}
        for change in changes:
            if change.topic != RECORDS:
                continue
            register = registers.get(change.subject.partition("/")[0])
            if register is None:
                continue
            # What a record said before and what it says now may be two different risks.
            for body in (change.before, change.after):
                if body is not None:
                    reference = _reference(_record(body), register.register)
                    moved[reference] = max(moved.get(reference, NOBODY), change.cause, key=_origin)
        found: dict[str, Risk] = {}
        for register in registers.values():
            self._score(self._candidates(tx, register, moved), register, found)
        for reference, cause in moved.items():
            risk = found.get(reference)
            yield Statement(RISKS, part(reference), None if risk is None else _encode(risk), cause)

    def rebuild(self, tx: Tx) -> Iterable[Statement]:
        """Scores every held record; risks that no record states any more are gone."""
        return self._restate(tx, None)

    def _restate(self, tx: Tx, cause: Cause | None) -> Iterator[Statement]:
        """Everything anew. `cause` is what made that needful; without one, each risk names its
        own record's."""
        causes: dict[str, Cause] = {}
        found: dict[str, Risk] = {}
        for register in _registers(self._definitions.read(tx)).values():
            for state in self._held.scan(tx, RECORDS, f"{register.register.dataset}/"):
                record = _record(state.body)
                self._score([record], register, found)
                reference = _reference(record, register.register)
                causes[reference] = Cause(state.correlation, state.origin)
        for reference, risk in found.items():
            yield Statement(RISKS, part(reference), _encode(risk), cause or causes[reference])
        stated = {part(reference) for reference in found}
        newest = max(causes.values(), key=_origin, default=NOBODY)
        for subject in self._own.subjects(tx, RISKS):
            if subject not in stated:
                yield Statement(RISKS, subject, None, cause or newest)

    def _candidates(
        self, tx: Tx, register: _Register, references: Mapping[str, Cause]
    ) -> Iterator[Record]:
        """The register's records that state one of these risks, in the order of their subjects."""
        dataset = register.register.dataset
        if register.keyed:
            subjects = [f"{dataset}/{part(reference)}" for reference in references]
            for _, body in sorted(self._held.get(tx, RECORDS, subjects).items()):
                yield _record(body)
        elif references:
            for state in self._held.scan(tx, RECORDS, f"{dataset}/"):
                record = _record(state.body)
                if _reference(record, register.register) in references:
                    yield record

    def _score(
        self, records: Iterable[Record], register: _Register, found: dict[str, Risk]
    ) -> None:
        """Adds the risks that records state. The last that can be scored speaks for a reference,
        so the order in which records came never decides."""
        for record in records:
            reference = _reference(record, register.register)
            try:
                found[reference] = score(
                    reference, record.fields, register.register, register.matrix
                )
            except Unscored as reason:
                RISKS_UNSCORED.inc()
                log.error(
                    "risk-unscored", record=f"{record.dataset}/{record.key}", reason=str(reason)
                )


def _origin(cause: Cause) -> str:
    return cause.origin


def _reference(record: Record, register: RiskRegister) -> str:
    return str(record.fields.get(register.reference) or record.key)


def _registers(catalogue: Catalogue) -> dict[str, _Register]:
    """The registers whose matrix exists, by dataset."""
    found = {}
    for register in catalogue.risk_registers.values():
        matrix = catalogue.risk_matrices.get(register.matrix)
        dataset = catalogue.datasets.get(register.dataset)
        if matrix is not None:
            keyed = dataset is not None and dataset.key == [register.reference]
            found[register.dataset] = _Register(register, matrix, keyed)
    return found
