"""The rows that a proposal is made from.

Rule: the rows of a file's first part are seen one by one, and then a second time by the contract
that was made of them.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from services.ingest.domain.contract import Contract
from services.ingest.domain.refusals import RowRefused
from services.ingest.domain.table import Line
from services.ingest.domain.values import Value

MOST_ROWS = 100_000

Fields = dict[str, Value]
# Each row as a contract reads it: its number and its fields, or why it is refused.
Reading = Callable[[Contract], Iterator[tuple[int, Fields | RowRefused]]]


@dataclass(slots=True)
class Sample:
    """An opened file without a contract: its headings as written, the row they are in, its rows
    still to be read, and how a contract would read them."""

    name: str
    form: str
    headings: Sequence[str]
    row: int
    lines: Iterator[Line]
    read: Reading
    notes: Sequence[str] = field(default_factory=list)
    # Of a file of objects, what the values of each column came as.
    came_as: Mapping[str, set[str]] = field(default_factory=dict)
