"""What a kind of connector is: something that fetches, and is told what became of it."""

from collections.abc import AsyncGenerator, Callable, Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from pathlib import Path
from typing import Any, Protocol

import msgspec

from services.ingest.connect.reach import Reach
from services.ingest.delivery import Mode
from services.ingest.domain.contract import Contract
from services.ingest.domain.receipt import Receipt
from services.ingest.domain.refusals import RequestRefused
from services.ingest.domain.row_file import LONGEST_LINE
from services.ingest.opening import Form
from shared.catalogue.connectors import Connector
from shared.runtime.clock import Clock

Position = Mapping[str, Any]
Outcome = Receipt | RequestRefused

_encode = msgspec.json.Encoder(order="sorted").encode


class SourceFailed(Exception):
    """A source could not be read; the message says why, without a secret. It is tried again."""


class Rests(Exception):
    """A source has no more to give for now, and the message says why: the run ends well, and the
    next one goes on at its time."""


@dataclass(frozen=True)
class Extract:
    """What was fetched, as a file in the run's own folder, and where the source stands once it is
    in. `mode` is None where the connector or its dataset say it; changes without a row only move
    where the source stands. `detail` is kept with the batch. `sheet` names one of a workbook's."""

    path: Path
    name: str
    form: Form = "file"
    mode: Mode | None = None
    position: Position | None = None
    detail: Mapping[str, Any] = field(default_factory=dict)
    sheet: str | None = None

    @property
    def nothing(self) -> bool:
        """Whether it is changes without a row."""
        return self.form == "rows" and self.mode == "changes" and not self.path.stat().st_size


@dataclass(frozen=True)
class Fetching:
    """What a source is asked for: the connector, where it stood (empty the first time), the secret
    that its credentials name, the contract that the rows are for, a folder of its own to write in,
    where it may go, and the clock. `ended` says whether it should come to an end, and `most_bytes`
    how large a file may be."""

    connector: Connector
    contract: Contract
    position: Position
    secret: Mapping[str, str]
    folder: Path
    reach: Reach
    clock: Clock
    ended: Callable[[], bool] = lambda: False
    most_bytes: int = 64 * 1024 * 1024

    def need(self, name: str) -> str:
        """A part of the secret. Raises SourceFailed where it is not there."""
        found = self.secret.get(name, "")
        if not found:
            raise SourceFailed(
                f"The credentials {self.connector.credentials!r} have no {name}: see the operator's"
                " guide."
            )
        return found


class Source(Protocol):
    """A kind of connector."""

    async def waits(self, asked: Fetching) -> bool:
        """Whether something may have come: asked of what is looked at all the time, before it is
        taken in hand. Cheap; true where only fetching tells."""
        ...

    def fetch(self, asked: Fetching) -> AsyncGenerator[Extract, None]:
        """What is new, extract by extract: the next is asked for once the one before is in. Raises
        SourceFailed."""
        ...

    async def settled(self, asked: Fetching, extract: Extract, outcome: Outcome) -> None:
        """Hears what became of an extract, once that is durable."""
        ...


class Rows:
    """Writes rows down as an extract of the form `rows`. Values are texts, numbers (exact ones as
    Decimal), true, false or None; dates and times as ISO 8601. Where their order does not tell
    which of two rows of a key is right, they are not `ordered`."""

    def __init__(self, path: Path, *, ordered: bool = True) -> None:
        self.path = path
        self.count = 0
        self._file = path.open("wb")
        if not ordered:
            self._file.write(b'{"unordered":true}\n')

    def __enter__(self) -> "Rows":
        return self

    def __exit__(self, *_: object) -> None:
        self._file.close()

    def said(self, data: Mapping[str, Any]) -> None:
        """A record as it is now, in the source's names."""
        self._write({"data": {name: _plain(value) for name, value in data.items()}})

    def gone(self, key: Mapping[str, Any]) -> None:
        """A record that is no more, by its key fields in the source's names."""
        self._write({"gone": {name: _plain(value) for name, value in key.items()}})

    def bad(self, reason: str) -> None:
        """What came and could not be read, and why: a rejected row. Without what it says."""
        self._write({"bad": reason})

    def _write(self, row: Mapping[str, Any]) -> None:
        line = _encode(row) + b"\n"
        if len(line) > LONGEST_LINE:
            line = _encode({"bad": "The row is longer than a row may be (1 MiB)."}) + b"\n"
        self._file.write(line)
        self.count += 1


def _plain(value: Any) -> Any:
    """An exact number in plain digits: a contract takes no exponent in a text. One that would
    write many zeros stays as it is, and is refused there."""
    if value.__class__ is Decimal and value.is_finite() and abs(value.adjusted()) < 40:
        return format(value, "f")
    return value
