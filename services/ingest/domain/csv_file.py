"""A CSV file as the world writes it: bytes in, numbered rows out, or a clear refusal.

Rule: read as a stream, in bounded memory. What would make every row suspect (headers, encoding, a
quote that never closes) refuses the file; what is wrong with one row rejects that row.
"""

import codecs
import csv
import io
from collections.abc import Iterator, Sequence
from hashlib import sha256
from typing import Any, BinaryIO

from services.ingest.domain.contract import Contract, spelling
from services.ingest.domain.headers import missing_columns
from services.ingest.domain.refusals import RequestRefused, row_fault
from services.ingest.domain.table import Line, Table

LONGEST_CELL = 131_072
MOST_COLUMNS = 1_000
# How far down a table's headers are looked for, under a title or the text of a query: a council is
# known that publishes twenty lines of query above its own.
MOST_ABOVE = 40
PIECE = 1 << 20
READ_AT_ONCE = 1 << 16
NOT_IN_CP1252 = b"\x81\x8d\x8f\x90\x9d"


class Lent(io.RawIOBase):
    """A file that is only lent: what reads it may be closed, the file itself stays open."""

    def __init__(self, source: BinaryIO) -> None:
        self._source = source

    def readable(self) -> bool:
        """It is read, and nothing else."""
        return True

    def readinto(self, room: Any, /) -> int:
        """As many bytes as fit."""
        view = memoryview(room)
        found = self._source.read(len(view))
        view[: len(found)] = found
        return len(found)


def open_csv(source: BinaryIO, contract: Contract) -> Table:
    """Reads the file's encoding and header. Raises RequestRefused with all that is wrong."""
    reader, digest, encoding = rows_of(source)
    table = table_of(reader, contract, digest, encoding)
    table.plain = True
    return table


def rows_of(source: BinaryIO) -> tuple[Iterator[list[str]], str, str]:
    """The rows as they stand, with the file's fingerprint and encoding."""
    digest, encoding = _examine(source)
    source.seek(0)
    lent = io.BufferedReader(Lent(source), READ_AT_ONCE)
    text = io.TextIOWrapper(lent, encoding=encoding, newline="")
    # strict: a quote that is opened must close; the default would swallow the rest of the file.
    reader = csv.reader(text, strict=True)
    csv.field_size_limit(LONGEST_CELL)
    return reader, digest, encoding


def table_of(reader: Iterator[list[str]], contract: Contract, digest: str, encoding: str) -> Table:
    """Finds the header among rows that are read already. Raises RequestRefused likewise."""
    header, passed_over, positions, dropped = _headers(reader, contract)
    columns = contract.columns(positions)
    lines = lines_under(header, reader, passed_over + 1)
    if len(positions) < len(columns):
        lines = _with_a_blank(lines)
    names = [cell.strip()[:100] for cell in header]
    return Table(digest, encoding, columns, dropped, passed_over, lines, names=names)


def _headers(
    reader: Iterator[list[str]], contract: Contract
) -> tuple[list[str], int, dict[str, int], list[str]]:
    """The row of headers: the first, or one further down that fits the contract. The reason given
    where none does is that of the first row that is not blank."""
    refusal: RequestRefused | None = None
    for above in range(MOST_ABOVE + 1):
        try:
            header = next(reader, None)
            if header is None:
                break
            if any(cell.strip() for cell in header):
                return header, above, *_match(header, contract)
        except csv.Error as error:
            refusal = refusal or _unreadable(f"The header row cannot be read: {error}.")
        except RequestRefused as error:
            refusal = refusal or error
    raise refusal or _unreadable("It must begin with the column headers, and it is blank.")


def _with_a_blank(lines: Iterator[Line]) -> Iterator[Line]:
    """The lines with one blank cell more, for columns that the file need not have."""
    for line in lines:
        line.cells.append("")
        yield line


def _examine(source: BinaryIO) -> tuple[str, str]:
    """The fingerprint and the encoding, from one pass over the bytes."""
    hasher = sha256()
    start = source.read(4)
    if not start:
        raise _unreadable("The file is empty.")
    if start.startswith((b"\xff\xfe", b"\xfe\xff")):
        raise _unreadable("The file is UTF-16 text. Save it as CSV UTF-8 and send that.")
    encoding = "utf-8-sig" if start.startswith(b"\xef\xbb\xbf") else "utf-8"
    decoder = codecs.getincrementaldecoder("utf-8")()
    valid = definable = True
    piece = start
    while piece:
        hasher.update(piece)
        if b"\0" in piece:
            raise _unreadable("The file holds NUL bytes, so it is not text.")
        valid = valid and _decodes(decoder, piece, final=False)
        definable = definable and len(piece) == len(piece.translate(None, NOT_IN_CP1252))
        piece = source.read(PIECE)
    if not (valid and _decodes(decoder, b"", final=True)):
        if encoding == "utf-8-sig":
            raise _unreadable("The file says that it is UTF-8, but holds bytes that are not.")
        if not definable:
            raise _unreadable("The file is neither UTF-8 nor Windows-1252 text.")
        encoding = "cp1252"
    return hasher.hexdigest(), encoding


def _decodes(decoder: codecs.IncrementalDecoder, piece: bytes, *, final: bool) -> bool:
    try:
        decoder.decode(piece, final)
    except UnicodeDecodeError:
        return False
    return True


def _match(header: Sequence[str], contract: Contract) -> tuple[dict[str, int], list[str]]:
    """Where each field's column stands, and the columns that are dropped."""
    if len(header) > MOST_COLUMNS:
        raise _unreadable(f"The file has {len(header):,} columns; at most {MOST_COLUMNS:,} fit.")
    positions: dict[str, int] = {}
    dropped: list[str] = []
    seen: set[str] = set()
    problems: list[dict[str, str]] = []
    for at, cell in enumerate(header):
        name = spelling(cell)
        field_name = contract.spellings.get(name)
        if name and name in seen:
            problems.append({"column": cell.strip(), "message": "The column is there twice."})
        elif field_name is None:
            if name:
                dropped.append(cell.strip()[:100])
        elif field_name in positions:
            first = header[positions[field_name]].strip()
            problems.append(
                {"column": cell.strip(), "message": f"{first} already stands for {field_name}."}
            )
        else:
            positions[field_name] = at
        seen.add(name)
    problems += missing_columns(contract, positions, dropped)
    if problems:
        listed = " ".join(f"{each['column']}: {each['message']}" for each in problems[:10])
        raise RequestRefused(422, f"The columns do not fit the contract. {listed}", problems)
    return positions, dropped


def lines_under(header: list[str], reader: Iterator[list[str]], number: int) -> Iterator[Line]:
    """Every row after the header, numbered as a spreadsheet numbers it; blank lines are none."""
    width = len(header)
    headings = [spelling(cell) for cell in header]
    first = header[0].casefold() if header else ""
    while True:
        number += 1
        try:
            cells = next(reader)
        except StopIteration:
            return
        except csv.Error as error:
            message = str(error)
            if "unexpected end" in message:
                raise _unreadable(
                    f"A quotation mark opened in row {number} never closes, so the rest of the "
                    "file cannot be told apart."
                ) from None
            if "field larger" in message:
                raise _unreadable(
                    f"Row {number} has a value longer than {LONGEST_CELL:,} characters. Perhaps a "
                    "quotation mark opened there never closes."
                ) from None
            yield Line(number, [], row_fault("quoting", f"The row cannot be read: {message}."))
            continue
        if len(cells) == width:
            if cells[0].casefold() == first and headings == [spelling(cell) for cell in cells]:
                yield Line(
                    number, [], row_fault("repeated-header", "The header row is repeated here.")
                )
            elif not any(map(str.strip, cells)):
                yield Line(number, [], row_fault("blank-row", "The row has no values."))
            else:
                yield Line(number, cells, None)
        elif len(cells) > width and not any(map(str.strip, cells[width:])):
            # Trailing commas: spreadsheets write them, and they say nothing.
            yield Line(number, cells[:width], None)
        elif cells:
            reason = f"The row has {len(cells)} values where the header has {width}."
            yield Line(number, [], row_fault("row-length", reason))


def _unreadable(detail: str) -> RequestRefused:
    return RequestRefused(422, f"The file cannot be read. {detail}")
