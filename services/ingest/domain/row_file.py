"""A file of rows as objects, one to a line: what connectors write down of what they fetched.

Rule: a line is {"data": {...}}, what a record is now, or {"gone": {...}}, the record that is no
more, each in the source's own names; or {"bad": "..."}, why something that came could not be read,
which is a rejected row. Rows follow one another, so a later one replaces an earlier, unless the
first line says {"unordered": true}: then nothing tells which of them is right.
"""

from collections.abc import Iterator
from decimal import Decimal
from hashlib import sha256
from typing import Any, BinaryIO

import msgspec

from services.ingest.domain.contract import Contract, spelling
from services.ingest.domain.headers import missing_columns
from services.ingest.domain.refusals import RequestRefused, row_fault
from services.ingest.domain.table import Line, Table

LONGEST_LINE = 1 << 20
# How many rows are looked at for a column that the contract needs: a row may leave out what is
# blank, a hundred of them do not.
MOST_LOOKED_AT = 100


class Row(msgspec.Struct, gc=False):
    """One line."""

    data: dict[str, Any] | None = None
    gone: dict[str, Any] | None = None
    bad: str | None = None
    unordered: bool = False


_row = msgspec.json.Decoder(Row, float_hook=Decimal)


def open_rows(source: BinaryIO, contract: Contract) -> Table:
    """The file, open. Raises RequestRefused where a field that the contract needs has no column."""
    digest = sha256()
    names: dict[str, None] = {}
    ordered = True
    source.seek(0)
    for number, raw in enumerate(iter(lambda: source.readline(LONGEST_LINE), b"")):
        digest.update(raw)
        if number < MOST_LOOKED_AT:
            row = _read(raw)
            names.update(dict.fromkeys(row.data or ()))
            ordered = ordered and not row.unordered
    known = {contract.spellings.get(spelling(name)) for name in names}
    dropped = [name for name in names if spelling(name) not in contract.spellings]
    missing = missing_columns(contract, known, dropped) if names else []
    if missing:
        listed = " ".join(f"{each['column']}: {each['message']}" for each in missing[:10])
        raise RequestRefused(422, f"The columns do not fit the contract. {listed}", missing)
    source.seek(0)
    return Table(
        digest.hexdigest(),
        "utf-8",
        (),
        dropped,
        lines=_lines(source, 1 if ordered else 0),
        ordered=ordered,
        names=list(names),
    )


def _lines(source: BinaryIO, first: int) -> Iterator[Line]:
    for number, raw in enumerate(iter(lambda: source.readline(LONGEST_LINE), b""), first):
        row = _read(raw)
        if row.gone is not None:
            yield Line(number, [], None, row.gone, gone=True)
        elif row.data is not None:
            yield Line(number, [], None, row.data)
        elif row.bad is not None:
            yield Line(number, [], row_fault("unreadable", row.bad))
        elif not row.unordered:
            yield Line(number, [], row_fault("shape", "The row says nothing."))


def _read(raw: bytes) -> Row:
    try:
        return _row.decode(raw)
    except (msgspec.MsgspecError, UnicodeDecodeError, RecursionError) as error:
        raise RequestRefused(422, f"A row of the extract cannot be read: {error}.") from None
