"""A file whose rows were checked by its contract, before any transaction begins.

Rule: what checking found is written down on disk, so that a file of any size stands in memory a
thousand rows at a time, and the transaction that lets it in has only to compare and to write. It
can be gone through again: a transaction may be tried twice.
"""

import tempfile
from collections.abc import Iterable, Iterator
from itertools import islice
from pathlib import Path
from types import TracebackType
from typing import IO

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


class Checked:
    """The checked rows of a file, on disk until it is closed."""

    def __init__(self, table: Table, intake: FileIntake, spool: IO[bytes]) -> None:
        self.table = table
        self.intake = intake
        self.contract = intake.contract
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

    def judging(self) -> Judging:
        """A new look at which rows repeat others, for one pass over the chunks."""
        return Judging(self.intake)

    def chunks(self, judging: Judging) -> Iterator[Prepared]:
        """The rows, chunk by chunk in order, judged."""
        spool = self._spool
        spool.seek(0)
        while length := spool.read(_LENGTH):
            yield judging.judge(_unpack(spool.read(int.from_bytes(length, "big"))))


def check_table(table: Table, contract: Contract, folder: Path | None = None) -> Checked:
    """Checks every row of an opened file; what it found is written in `folder`, in a file without
    a name. Raises RequestRefused where a column has become something else."""
    intake = FileIntake(contract, table.columns, ordered=table.ordered, plain=table.plain)
    spool = tempfile.TemporaryFile(dir=folder)  # noqa: SIM115 - closed with what is answered
    try:
        for number, lines in enumerate(_chunks(table.lines)):
            prepared = intake.check(lines)
            if number == 0:
                refuse_drift(
                    contract, table, prepared.received, prepared.rejected, prepared.rejections
                )
            packed = _pack(prepared)
            spool.write(len(packed).to_bytes(_LENGTH, "big") + packed)
        intake.settle()
        spool.flush()
    except BaseException:
        spool.close()
        raise
    return Checked(table, intake, spool)


def _chunks(lines: Iterator[Line]) -> Iterable[list[Line]]:
    while chunk := list(islice(lines, CHUNK)):
        yield chunk
