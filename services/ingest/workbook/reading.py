"""A workbook, opened as a file of rows.

Rule: the process that serves people never looks inside of a workbook. It starts a child that has
limits, and reads the CSV that the child leaves; a child that fails is a refusal, and costs nobody
else anything.
"""

import csv
import errno
import io
import os
import subprocess
import sys
from collections.abc import Iterator, Mapping
from datetime import date, datetime, time
from hashlib import sha256
from pathlib import Path
from tempfile import TemporaryDirectory
from threading import BoundedSemaphore
from typing import BinaryIO

import msgspec
import structlog

from services.ingest.domain.contract import Contract
from services.ingest.domain.csv_file import LONGEST_CELL, table_of
from services.ingest.domain.refusals import RequestRefused, ValueRefused, shown
from services.ingest.domain.table import Line, Table
from services.ingest.domain.values import FromText, Value
from services.ingest.workbook import limits
from services.ingest.workbook.archive import too_large
from services.ingest.workbook.asked import ASKED, BOOK, NO_ROOM, REPORT, ROWS, Asked, Report
from services.ingest.workbook.marks import UNUSABLE, Marked, unmarked
from shared.catalogue.model import Field

ROOT = Path(__file__).parents[3]
CHILD = "services.ingest.workbook.child"
PIECE = 1 << 20

log = structlog.get_logger()
_reading = BoundedSemaphore(limits.AT_ONCE)
_report = msgspec.json.Decoder(Report).decode


def open_workbook(
    source: BinaryIO, contract: Contract, name: str = "", sheet: str | None = None
) -> Table:
    """The rows of one sheet: the one that is named, else the visible one that fits the contract
    best. Raises RequestRefused."""
    rows, digest, report = rows_of_sheet(source, contract.spellings, name, sheet)
    try:
        table = table_of(rows, contract, digest, report.form)
    except RequestRefused as refused:
        said = f"In the sheet {report.sheet[:100]!r}: {refused.detail}"
        raise RequestRefused(refused.status, said, refused.problems) from None
    fields = {each.name: each for each in contract.dataset.fields}
    dates = [
        (at, fields[name])
        for name, at, _ in table.columns
        if at >= 0 and fields[name].type in ("date", "datetime")
    ]
    table.lines = _dated(table.lines, dates)
    table.columns = [(name, at, _usable(convert)) for name, at, convert in table.columns]
    table.notes = [*report.notes, *table.notes]
    return table


def rows_of_sheet(
    source: BinaryIO, spellings: Mapping[str, str], name: str, sheet: str | None
) -> tuple[Iterator[list[str]], str, Report]:
    """The rows of one sheet as they stand, with the workbook's fingerprint and what the child says
    of it. Raises RequestRefused."""
    with TemporaryDirectory(prefix="workbook-") as made:
        folder = Path(made)
        digest = _copied(source, folder / BOOK)
        asked = Asked(sheet, spellings)
        (folder / ASKED).write_bytes(msgspec.json.encode(asked))
        if not _reading.acquire(timeout=limits.WALL_SECONDS):
            raise RequestRefused(
                503, "Other workbooks are being read. Nothing was kept; send it again shortly."
            )
        try:
            report = _read(folder, shown(name))
        finally:
            _reading.release()
        if report.refused:
            log.info("workbook-refused", file=shown(name), because=report.because or report.refused)
            raise RequestRefused(report.status, report.refused)
        # Open, it outlives its folder, and is gone once it has been read.
        text = io.TextIOWrapper((folder / ROWS).open("rb"), encoding="utf-8", newline="")
    csv.field_size_limit(LONGEST_CELL)
    return map(unmarked, csv.reader(text, strict=True)), digest, report


def _copied(source: BinaryIO, path: Path) -> str:
    """A copy for the child; answers with the fingerprint of what was sent."""
    digest = sha256()
    source.seek(0)
    with path.open("wb") as out:
        while piece := source.read(PIECE):
            digest.update(piece)
            out.write(piece)
    return digest.hexdigest()


def _read(folder: Path, name: str) -> Report:
    """What the child says. It is given nothing of our own environment: there may be secrets."""
    most = str(limits.MEMORY_BYTES), str(limits.CPU_SECONDS)
    environment = {"PYTHONPATH": str(ROOT), "PATH": os.defpath, "TMPDIR": str(folder)}
    try:
        done = subprocess.run(
            [sys.executable, "-P", "-s", "-m", CHILD, str(folder), *most],
            cwd=folder,
            env=environment,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.PIPE,
            timeout=limits.WALL_SECONDS,
            check=False,
        )
    except subprocess.TimeoutExpired:
        log.warning("workbook-refused", file=name, because="time")
        raise too_large("it took too long.") from None
    if done.returncode == 0:
        return _report((folder / REPORT).read_bytes())
    if done.returncode == NO_ROOM:
        raise OSError(errno.ENOSPC, "the disk is full")
    if done.returncode < 0:
        # A limit: memory ends it with an abort, time with a signal.
        log.warning("workbook-refused", file=name, because="limit", signal=-done.returncode)
        raise too_large("it needs more memory or time than it may have.")
    raise RuntimeError(f"the reader of workbooks failed: {done.stderr[-2_000:].decode()}")


def _dated(lines: Iterator[Line], columns: list[tuple[int, Field]]) -> Iterator[Line]:
    """The lines, in which the date of a typed cell is written as its field reads dates."""
    for line in lines:
        cells = line.cells
        for at, field in columns:
            if at < len(cells):
                cell = cells[at]
                if isinstance(cell, Marked) and cell.kind == "date":
                    cells[at] = written(cell, field)
        yield line


def written(typed: str, field: Field) -> str:
    """A typed date or time as text that the field takes: ISO 8601, unless it has a format of its
    own for what begins with a year."""
    instant = (
        datetime.fromisoformat(typed)
        if "T" in typed
        else datetime.combine(date.fromisoformat(typed), time())
    )
    for each in field.formats:
        if each.startswith("%Y-"):
            return instant.strftime(each)
    return instant.date().isoformat() if field.type == "date" else instant.isoformat()


def _usable(convert: FromText) -> FromText:
    """Refuses the cells that a spreadsheet may have changed."""

    def read(text: str) -> Value:
        if isinstance(text, Marked) and text.kind in UNUSABLE:
            raise ValueRefused(*UNUSABLE[text.kind])
        return convert(text)

    return read
