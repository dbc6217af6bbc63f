"""Which rows of a file repeat others: known once all of them were checked.

Rule: only rows whose key seems to come twice are remembered, so this costs little where none does.
"""

from collections.abc import Iterable, Set

import msgspec

from services.ingest.domain.intake import FileIntake, Prepared
from services.ingest.domain.refusals import Fault
from shared.contracts import subjects
from shared.contracts.states import Record

_record = msgspec.json.Decoder(Record).decode


class Judging:
    """Goes through the checked chunks of a file in order, once."""

    def __init__(self, intake: FileIntake) -> None:
        self._intake = intake
        self._repeated: Set[int] = frozenset() if intake.ordered else intake.said.repeated
        # Of each such subject what was said, as a hash (None: in a rejected row), or how often.
        self._earlier: dict[str, int | None] = {}
        self._times: dict[str, int] = {}
        self._numbered: set[str] = set()

    def __contains__(self, subject: str) -> bool:
        """Whether the file spoke of a subject, even in a row that was rejected."""
        return subject in self._intake.said or subject in self._numbered

    def judge(self, prepared: Prepared) -> Prepared:
        """The chunk, with the rows that repeat an earlier one counted or rejected."""
        repeated = self._repeated
        if not repeated:
            return prepared
        if self._intake.contract.by_content:
            return self._number(prepared)
        coming = zip(prepared.rows, prepared.states, strict=True)
        if not any(hash(subject) in repeated for subject, _ in prepared.states):
            self._remember(prepared.spoken)
            return prepared
        found = Prepared(
            prepared.received,
            rejected=prepared.rejected,
            rejections=list(prepared.rejections),
            cells=list(prepared.cells),
            of_file=True,
        )
        waiting = iter([*prepared.spoken, (0, "")])
        number, subject = next(waiting)
        for row, state in coming:
            while subject and number < row:
                self._remember([(number, subject)])
                number, subject = next(waiting)
            self._row(found, row, state)
        while subject:
            self._remember([(number, subject)])
            number, subject = next(waiting)
        found.rejections.sort(key=lambda each: each.row)
        found.cells.sort(key=lambda each: each[0])
        return found

    def _row(self, found: Prepared, row: int, state: tuple[str, bytes | None]) -> None:
        subject, body = state
        if hash(subject) in self._repeated:
            fingerprint = hash(body)
            if subject in self._earlier:
                if self._earlier[subject] == fingerprint:
                    found.repeated += 1
                    return
                reason = "An earlier row of this file has the same key and says something else."
                hidden = self._intake.hidden
                key = "" if body is None else _record(body).key
                found.reject(row, [Fault(None, "duplicate-key", reason, hidden.key(key))])
                found.cells.append((row, hidden.held(body)))
                return
            self._earlier[subject] = fingerprint
        found.states.append(state)
        found.rows.append(row)

    def _remember(self, spoken: Iterable[tuple[int, str]]) -> None:
        for _, subject in spoken:
            if hash(subject) in self._repeated:
                self._earlier.setdefault(subject, None)

    def _number(self, prepared: Prepared) -> Prepared:
        """Rows that are known by all that they say: the second of two equal ones is the second."""
        repeated, contract = self._repeated, self._intake.contract
        for at, (subject, body) in enumerate(prepared.states):
            if hash(subject) not in repeated or body is None:
                continue
            times = self._times[subject] = self._times.get(subject, 0) + 1
            if times > 1:
                said = _record(body)
                key = f"{said.key.rpartition('-')[0]}-{times}"
                numbered = subjects.record(contract.code, key)
                self._numbered.add(numbered)
                prepared.states[at] = (numbered, contract.body(key, dict(said.fields)))
        return prepared
