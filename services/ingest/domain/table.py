"""A file of rows that is open for reading, whatever it was written as.

Rule: rows come one by one, each with the number that its file gives it, so that a file of any size
is read in bounded memory.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, NamedTuple

from services.ingest.domain.contract import Columns
from services.ingest.domain.refusals import RowRefused


class Line(NamedTuple):
    """A row: its cells, or (where the file holds objects) its `data`; `gone` says that the record
    it names is no more, `fault` why it cannot be used."""

    number: int
    cells: list[str]
    fault: RowRefused | None
    data: Mapping[str, Any] | None = None
    gone: bool = False


@dataclass(slots=True)
class Table:
    """An opened file: its fingerprint, its encoding, its columns, its rows still to be read, how
    many lines above its headers were passed over, and whether it can only tell of a part.

    In an `ordered` one a later row of a key replaces an earlier one; otherwise nothing tells which
    of them is right. `notes` are what a sender should know of how it was read. `names` are all of
    its columns, as they are written. In a `plain` one a cell is its text and nothing more."""

    digest: str
    encoding: str
    columns: Columns
    dropped: list[str] = field(default_factory=list)
    passed_over: int = 0
    lines: Iterator[Line] = field(default_factory=lambda: iter(()))
    partial: bool = False
    ordered: bool = False
    notes: Sequence[str] = ()
    names: Sequence[str] = ()
    plain: bool = False
