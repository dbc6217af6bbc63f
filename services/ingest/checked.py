"""A file whose rows were checked by its contract, before any transaction begins.

Rule: what checking found is written down on disk, so that a file of any size stands in memory a
thousand rows at a time, and the transaction that lets it in has only to compare and to write. It
can be gone through again: a transaction may be tried twice.
"""

import tempfile
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import islice
from pathlib import Path
from types import TracebackType

import msgspec

from services.ingest.domain.contract import Contract
from services.ingest.domain.drift import refuse_drift
from services.ingest.domain.intake import FileIntake, Prepared
from services.ingest.domain.judging import Judging
from services.ingest.domain.table import Line, Table

# Rows of a file that are held in memory at once, and how many of its first ones are looked at for
# a column that drifted.
CHUNK = 1_000
_LENGTH = 4

_pack = msgspec.msgpack.Encoder().encode
_unpack = msgspec.msgpack.Decoder(Prepared).decode


class Spool:
    """Chunks of checked rows, written down and gone through again."""

    def __init__(self, folder: Path | None) -> None:
        # A file without a name: whatever happens, it is gone once it is closed.
        self._file = tempfile.TemporaryFile(dir=folder)  # noqa: SIM115 - closed by close

    def write(self, prepared: Prepared) -> None:
        """Writes one more chunk down."""
        packed = _pack(prepared)
        self._file.write(len(packed).to_bytes(_LENGTH, "big") + packed)

    def flush(self) -> None:
        """Everything is written: says so where the disk is full."""
        self._file.flush()

    def __iter__(self) -> Iterator[Prepared]:
        self._file.seek(0)
        while length := self._file.read(_LENGTH):
            yield _unpack(self._file.read(int.from_bytes(length, "big")))

    def close(self) -> None:
        """Gives the disk back."""
        self._file.close()


@dataclass(slots=True)
class Ahead:
    """What a file differs in from what was held after so many batches of its dataset: its chunks
    without the rows that say what was held already, and whether it lacked any record."""

    batches: int
    spool: Spool
    judging: Judging
    lacks: bool


class Checked:
    """The checked rows of a file, on disk until it is closed."""

    def __init__(self, table: Table, intake: FileIntake, spool: Spool, folder: Path | None) -> None:
        self.table = table
        self.intake = intake
        self.contract = intake.contract
        self.folder = folder
        self.ahead: Ahead | None = None
        self._spool = spool

    def __enter__(self) -> "Checked":
        return self

    def __exit__(
        self,
        _kind: type[BaseException] | None,
        _error: BaseException | None,
        _trace: TracebackType | None,
    ) -> None:
        self.close()

    def close(self) -> None:
        """Gives the disk back."""
        self._spool.close()
        if self.ahead is not None:
            self.ahead.spool.close()

    def judging(self) -> Judging:
        """A new look at which rows repeat others, for one pass over the chunks."""
        return Judging(self.intake)

    def chunks(self, judging: Judging) -> Iterator[Prepared]:
        """The rows, chunk by chunk in order, judged."""
        return map(judging.judge, self._spool)


def check_table(table: Table, contract: Contract, folder: Path | None = None) -> Checked:
    """Checks every row of an opened file; what it found is written in `folder`, in a file without
    a name. Raises RequestRefused where a column has become something else."""
    intake = FileIntake(contract, table.columns, ordered=table.ordered, plain=table.plain)
    spool = Spool(folder)
    try:
        for number, lines in enumerate(_chunks(table.lines)):
            prepared = intake.check(lines)
            if number == 0:
                refuse_drift(
                    contract, table, prepared.received, prepared.rejected, prepared.rejections
                )
            spool.write(prepared)
        intake.settle()
        spool.flush()
    except BaseException:
        spool.close()
        raise
    return Checked(table, intake, spool, folder)


def _chunks(lines: Iterator[Line]) -> Iterable[list[Line]]:
    while chunk := list(islice(lines, CHUNK)):
        yield chunk
