"""The process that reads a workbook: `python -m services.ingest.workbook.child FOLDER BYTES SECS`.

Rule: it is confined before it looks at anything, converts one sheet into one CSV, says what it did
and ends. Rows keep the numbers that the spreadsheet gives them.
"""

import csv
import errno
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import TextIO
from zipfile import ZipFile

import msgspec
from python_calamine import (
    CalamineError,
    CalamineSheet,
    CalamineWorkbook,
    PasswordError,
    SheetTypeEnum,
    SheetVisibleEnum,
)

from services.ingest.domain.csv_file import LONGEST_CELL
from services.ingest.domain.refusals import RequestRefused
from services.ingest.workbook import archive, notes, scan_ods, scan_xlsx
from services.ingest.workbook.asked import ASKED, BOOK, NO_ROOM, REPORT, ROWS, Asked, Report
from services.ingest.workbook.cells import Cell, padded, text_of
from services.ingest.workbook.confine import confine
from services.ingest.workbook.fit import fit
from services.ingest.workbook.scan import Scanned


class Book:
    """A workbook that was looked through: its sheets, and the markup of each."""

    def __init__(self, opened: ZipFile, form: archive.Form, path: Path) -> None:
        self.archive = opened
        self.form = form
        self.left = False
        if form == "xlsx":
            self._parts, self.left = scan_xlsx.parts(opened)
            self._styles = scan_xlsx.styles(opened)
        else:
            self._scanned = scan_ods.scan(archive.pieces(opened, "content.xml"))
            for each in self._scanned.values():
                # All of its sheets are built in memory as soon as one is asked for.
                each.refuse_far()
        self._book = CalamineWorkbook.from_path(path)
        sheets = [
            each for each in self._book.sheets_metadata if each.typ == SheetTypeEnum.WorkSheet
        ]
        self.sheets = [each.name for each in sheets]
        self.visible = [each.name for each in sheets if each.visible == SheetVisibleEnum.Visible]

    def scanned(self, sheet: str) -> Scanned:
        """A sheet's markup."""
        if self.form == "ods":
            return self._scanned.get(sheet, Scanned())
        part = self._parts.get(sheet, "")
        if part not in self.archive.namelist():
            raise archive.unreadable(f"The sheet {sheet[:100]!r} is not in it.")
        return scan_xlsx.scan(self.archive, part, self._styles)

    def sheet(self, name: str) -> CalamineSheet:
        """A sheet's values."""
        return self._book.get_sheet_by_name(name)


_asked = msgspec.json.Decoder(Asked).decode


def convert(folder: Path, file: Path) -> Report:
    """Converts the sheet that is wanted. Raises RequestRefused."""
    asked = _asked((folder / ASKED).read_bytes())
    with file.open("rb") as source:
        opened, form = archive.opened(source)
        book = Book(opened, form, file)
        name, header = _chosen(book, asked)
        scanned = book.scanned(name)
        scanned.refuse_far()
        with (folder / ROWS).open("w", encoding="utf-8", newline="") as out:
            _write(out, rows(book.sheet(name), scanned))
        return Report(
            form,
            name,
            notes.of(book.archive, book.left, book.sheets, book.visible, name, scanned, header),
        )


def _chosen(book: Book, asked: Asked) -> tuple[str, int]:
    """The sheet that is read, and the row of it that fits best as its header."""
    if asked.sheet is not None:
        wanted = asked.sheet.strip().casefold()
        for name in book.sheets:
            if name == asked.sheet or name.strip().casefold() == wanted:
                return name, 0
        there = ", ".join(repr(each[:40]) for each in book.sheets[:20])
        raise archive.unreadable(f"It has no sheet {asked.sheet[:100]!r}; it has {there}.")
    if not book.visible:
        raise archive.unreadable("It has no visible sheet. Name the sheet that is meant.")
    if len(book.visible) == 1:
        return book.visible[0], 0
    best, chosen = (-1, 0), book.visible[0]
    for name in book.visible:
        scanned = book.scanned(name)
        try:
            scanned.refuse_far()
        except RequestRefused:
            continue
        found = fit(rows(book.sheet(name), scanned), asked.spellings)
        if found[0] > best[0]:
            best, chosen = found, name
    return chosen, best[1]


def rows(sheet: CalamineSheet, scanned: Scanned) -> Iterator[list[str]]:
    """The rows of a sheet as texts, from its first row on and from its first column that has
    values; a row without any is empty."""
    start = sheet.start
    if start is None and not scanned.texts:
        return
    across = start[1] if start else 0
    left = min(across, scanned.first_column)
    width = scanned.columns - left
    values: Iterator[list[Cell]] = sheet.iter_rows() if start else iter(())
    before = [""] * (across - left)
    for number in range(scanned.rows):
        cells = before + [text_of(value) for value in next(values, [])]
        cells += [""] * (width - len(cells))
        for column, zeros in scanned.zeros.get(number, {}).items():
            cells[column - left] = padded(cells[column - left], zeros)
        for column, text in scanned.texts.get(number, {}).items():
            cells[column - left] = text
        yield cells if any(cells) else []


def _write(out: TextIO, lines: Iterator[list[str]]) -> None:
    writer = csv.writer(out)
    for number, cells in enumerate(lines, 1):
        if not cells:
            # Not as csv writes a row of blanks: a blank row of a spreadsheet is no row.
            out.write("\r\n")
            continue
        if max(map(len, cells)) > LONGEST_CELL:
            raise archive.unreadable(
                f"Row {number} has a value longer than {LONGEST_CELL:,} characters."
            )
        writer.writerow(cells)


def report(folder: Path) -> Report:
    """What became of the workbook in a folder, whatever it is."""
    try:
        return convert(folder, folder / BOOK)
    except RequestRefused as refused:
        return Report(status=refused.status, refused=refused.detail)
    except PasswordError:
        found = archive.unreadable("It is locked with a password. Save it without one.")
    except MemoryError:
        found = archive.too_large("it needs more memory than it may have.")
    except OSError as error:
        if error.errno in (errno.ENOSPC, errno.EDQUOT):
            sys.exit(NO_ROOM)
        if error.errno != errno.EFBIG:
            raise
        found = archive.too_large("its sheet is too long.")
    except CalamineError as error:
        found = archive.unreadable(f"The file is damaged: {str(error)[:200]}.")
    except BaseException as error:  # whatever a hostile file makes of a reader, also a panic
        found = archive.unreadable("The file is damaged.")
        return Report(status=found.status, refused=found.detail, because=type(error).__name__)
    return Report(status=found.status, refused=found.detail)


def main() -> None:
    """Reads the workbook in the folder that is named."""
    folder, memory, seconds = Path(sys.argv[1]), int(sys.argv[2]), int(sys.argv[3])
    confine(memory, seconds)
    (folder / REPORT).write_bytes(msgspec.json.encode(report(folder)))


if __name__ == "__main__":
    main()
