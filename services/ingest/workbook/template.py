"""The workbook in which somebody gives many figures at once, and sends it back as any file.

Rule: its headings are those of the dataset, so that it comes back by the ordinary way in, whatever
order its rows and columns have by then. What tells a row apart is locked; what is asked for is
open, and says what fits. Protection has no password: it is there against slips, not against people.
"""

import io
from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime
from decimal import Decimal
from typing import Any, NamedTuple
from zipfile import ZIP_DEFLATED, ZipFile

import xlsxwriter

from services.ingest.domain.values import Value
from services.ingest.workbook.guide import CHOICES, FIGURES, LAST, heading, validation, write_guide
from shared.catalogue.model import Dataset, Field

LANGUAGE = "en-GB"
# A number of more digits is written as text, since a spreadsheet would change it.
MOST_DIGITS = 15
_WIDEST, _NARROWEST = 48, 12
_DATES = {"date": "dd/mm/yyyy", "datetime": "dd/mm/yyyy hh:mm"}
_GREY, _OPEN = "#F3F2F1", "#FFFFFF"
_CORE = "docProps/core.xml"
_CORE_ENDS = b"</cp:coreProperties>"


class TemplateLine(NamedTuple):
    """One row: the fields that tell it apart (what the return fixes, and its period), the fields
    that are asked for, what the record says now, and what was given last, in words. Values are
    canonical, as a record has them."""

    fixed: Mapping[str, Value]
    ask: Sequence[str]
    known: Mapping[str, Value] = {}
    last: str = ""


def returns_workbook(
    dataset: Dataset, lines: Sequence[TemplateLine], title: str, made: datetime
) -> bytes:
    """The workbook for these rows of one dataset. `made` is when, as its properties say."""
    out = io.BytesIO()
    options = {
        "in_memory": True,
        "strings_to_formulas": False,
        "strings_to_numbers": False,
        "strings_to_urls": False,
    }
    with xlsxwriter.Workbook(out, options) as book:
        book.set_properties({"title": title, "subject": dataset.title, "created": made})
        _Sheet(book, dataset, lines).write()
        asked = [each for each in dataset.fields if any(each.name in line.ask for line in lines)]
        write_guide(book, dataset, title, asked)
    return _in_english(out.getvalue())


class _Sheet:
    """The sheet that is filled in."""

    def __init__(self, book: Any, dataset: Dataset, lines: Sequence[TemplateLine]) -> None:
        self._book = book
        self._lines = lines
        self._sheet = book.add_worksheet(FIGURES)
        fixed = {name for line in lines for name in line.fixed}
        asked = {name for line in lines for name in line.ask}
        # A file must have the column of every field that is not optional, asked for or not.
        others = [
            each for each in dataset.fields if each.name not in fixed | asked and not each.optional
        ]
        self._fixed = [each for each in dataset.fields if each.name in fixed]
        self._rest = [each for each in dataset.fields if each.name in asked] + others
        self._taken = {name for each in dataset.fields for name in (each.name, *each.headers)}
        self._lists = _lists(book, [each for each in self._rest if each.name in asked])
        self._formats: dict[tuple[str, bool], Any] = {}

    def write(self) -> None:
        """Writes the headings and every row."""
        last = [] if LAST in self._taken else [LAST]
        titles = [*map(heading, self._fixed), *last, *map(heading, self._rest)]
        bold = self._book.add_format(
            {"bold": True, "text_wrap": True, "valign": "top", "bottom": 2, "locked": True}
        )
        for at, each in enumerate(titles):
            self._sheet.write_string(0, at, each, bold)
        wide = [len(each) for each in titles]
        for row, line in enumerate(self._lines, 1):
            said = {**line.known, **line.fixed}
            for at, field in enumerate(self._fixed):
                wide[at] = max(wide[at], self._cell(row, at, field, said.get(field.name), False))
            if last:
                at = len(self._fixed)
                self._sheet.write_string(row, at, line.last, self._format("text", False))
                wide[at] = max(wide[at], len(line.last))
            for at, field in enumerate(self._rest, len(self._fixed) + len(last)):
                is_open = field.name in line.ask
                self._cell(row, at, field, said.get(field.name), is_open)
                if is_open:
                    self._sheet.data_validation(
                        row, at, row, at, validation(field, self._lists.get(field.name))
                    )
        self._finish(wide, len(self._fixed) + len(last))

    def _finish(self, wide: Sequence[int], locked: int) -> None:
        sheet = self._sheet
        for at, width in enumerate(wide):
            sheet.set_column(at, at, min(_WIDEST, max(_NARROWEST, width + 2)))
        sheet.freeze_panes(1, locked)
        sheet.protect("", {"format_columns": True, "format_rows": True})
        sheet.repeat_rows(0)
        sheet.set_landscape()
        sheet.set_paper(9)
        sheet.fit_to_pages(1, 0)

    def _format(self, kind: str, is_open: bool) -> Any:
        found = self._formats.get((kind, is_open))
        if found is None:
            # Open cells have a border as well: nothing is told by colour alone.
            look = {
                "locked": not is_open,
                "bg_color": _OPEN if is_open else _GREY,
                "border": 1 if is_open else 0,
                "text_wrap": kind == "text",
                "valign": "top",
                "num_format": _DATES.get(kind, "@" if kind in _AS_TEXT else "General"),
            }
            found = self._formats[kind, is_open] = self._book.add_format(look)
        return found

    def _cell(self, row: int, at: int, field: Field, value: Value, is_open: bool) -> int:
        """Writes a value as a spreadsheet has such a thing; answers with how long it is."""
        look = self._format(field.type, is_open)
        if value is None:
            self._sheet.write_blank(row, at, None, look)
            return 0
        text = ("yes" if value else "no") if isinstance(value, bool) else str(value)
        if field.type in _DATES:
            self._sheet.write_datetime(row, at, _moment(text), look)
            return len(_DATES[field.type])
        if field.type in _NUMBERS and _short(text):
            self._sheet.write_number(row, at, float(text), look)
        else:
            self._sheet.write_string(row, at, text, look)
        return len(text)


_NUMBERS = frozenset({"integer", "decimal", "money"})
_AS_TEXT = frozenset({"text", "financial-year", "period", "boolean"})


def _short(number: str) -> bool:
    return len(Decimal(number).as_tuple().digits) <= MOST_DIGITS


def _moment(text: str) -> date | datetime:
    return datetime.fromisoformat(text) if "T" in text else date.fromisoformat(text)


def _lists(book: Any, fields: Iterable[Field]) -> dict[str, str]:
    """Where the choices of each field stand, on a sheet of their own: a list that is written into
    a cell's rule holds 255 characters only."""
    found: dict[str, str] = {}
    chosen = [each for each in fields if each.choices]
    if not chosen:
        return found
    sheet = book.add_worksheet(CHOICES)
    bold = book.add_format({"bold": True, "text_wrap": True})
    for at, field in enumerate(chosen):
        sheet.write_string(0, at, f"Choices: {heading(field)}", bold)
        sheet.set_column(at, at, min(_WIDEST, max(map(len, field.choices)) + 4))
        for row, choice in enumerate(field.choices, 1):
            sheet.write_string(row, at, choice)
        letter = xlsxwriter.utility.xl_col_to_name(at)
        found[field.name] = f"='{CHOICES}'!${letter}$2:${letter}${len(field.choices) + 1}"
    sheet.protect()
    return found


def _in_english(raw: bytes) -> bytes:
    """The workbook, saying what language it is in, so that it is read aloud in that language."""
    out = io.BytesIO()
    with ZipFile(io.BytesIO(raw)) as made, ZipFile(out, "w", ZIP_DEFLATED) as archive:
        for entry in made.infolist():
            part = made.read(entry)
            if entry.filename == _CORE:
                said = f"<dc:language>{LANGUAGE}</dc:language>".encode()
                part = part.replace(_CORE_ENDS, said + _CORE_ENDS)
            archive.writestr(entry, part)
    return out.getvalue()
