"""What a full extract lacks: the records that it would delete, looked at before one is.

Rule: what looks like a deletion and might be none is held: while a rejected row might be any
record, and in accounting periods that are closed. The preview looks the same way.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import islice

from services.ingest.checked import CHUNK
from services.ingest.closed import ClosedPeriods
from services.ingest.domain import full_extract
from services.ingest.domain.contract import Contract
from services.ingest.domain.intake import FileIntake
from services.ingest.domain.judging import Judging
from services.ingest.domain.retention import KEPT
from services.ingest.store import repository
from shared.contracts import subjects
from shared.db.tx import Tx


@dataclass(slots=True)
class Lacks:
    """How many records would go, how many are held although they are not named, and why."""

    going: int = 0
    held: int = 0
    because: str = ""


class Lacking:
    """Compares the records that are held with those that an extract named."""

    def __init__(
        self,
        tx: Tx,
        closed: ClosedPeriods,
        contract: Contract,
        intake: FileIntake,
        judging: Judging,
        known: int,
    ) -> None:
        # How many records there were before a row of the extract was let in.
        self._known = known
        self._tx = tx
        self._closed = closed
        self._contract = contract
        self._intake = intake
        self._judging = judging

    def look(self) -> Lacks:
        """How many there are of each."""
        missing = going = 0
        for some in self._missing():
            missing += len(some)
            if not self._intake.unidentified:
                going += len(self._closed.open_ones(self._tx, self._contract, some))
        found = Lacks(going, missing - going)
        if not found.held:
            return found
        if self._intake.unidentified:
            found.because = (
                f"{self._intake.unidentified} rejected row(s) cannot be told from the records that "
                "seem to be missing. Correct them and send the extract again."
            )
        else:
            found.because = (
                "The records are in accounting periods that are closed (up to "
                f"{self._contract.dataset.closed_to})."
            )
        return found

    def refuse(self, lacks: Lacks, received: int, *, confirmed: bool) -> None:
        """Raises RequestRefused where so much may not go without being confirmed."""
        full_extract.refuse_empty(received, confirmed=confirmed)
        if not self._intake.unidentified:
            known = self._known - lacks.held
            full_extract.refuse_mass_deletion(known, lacks.going, confirmed=confirmed)

    def going(self) -> Iterator[list[str]]:
        """The subjects that go, some at a time."""
        for some in self._missing():
            if gone := self._closed.open_ones(self._tx, self._contract, some):
                yield gone

    def _missing(self) -> Iterator[list[str]]:
        if not self._known:
            return
        judging = self._judging
        kept = subjects.record(self._contract.code, KEPT)
        missing = (
            subject
            for subject in repository.record_subjects(self._tx, f"{self._contract.code}/")
            # What retention keeps was never in an extract, and is in none.
            if subject not in judging and not subject.startswith(kept)
        )
        while some := list(islice(missing, CHUNK)):
            yield some
