"""The markup of a sheet of an Excel workbook."""

import re
from collections.abc import Iterable, Mapping
from posixpath import join, normpath
from xml.etree import ElementTree
from zipfile import ZipFile

from services.ingest.workbook.archive import pieces, unreadable
from services.ingest.workbook.marks import marked
from services.ingest.workbook.scan import Scanned, attribute, elements, place, plain, whole

_PREFIX = rb"(?:[A-Za-z_][\w.-]*:)?"
# A row's opening tag; a cell with all that is in it; a merged range.
_ELEMENT = re.compile(
    rb"<" + _PREFIX + rb"(?:(row)(?=[\s/>])([^>]*)>"
    rb"|(c)(?=[\s/>])([^>]*?)(?:/>|>(.*?)</" + _PREFIX + rb"c\s*>)"
    rb"|(mergeCell)(?=\s)([^>]*)>)",
    re.DOTALL,
)
_START = re.compile(rb"<" + _PREFIX + rb"(?:row|c|mergeCell)(?=[\s/>])")
_VALUE = re.compile(rb"<" + _PREFIX + rb"v(?=[\s/>])[^>]*?(?:/>|>([^<]*)<)")
_FORMULA = re.compile(rb"<" + _PREFIX + rb"f[\s/>]")
_INLINE = re.compile(rb"<" + _PREFIX + rb"is[\s/>]")
_PERCENT = frozenset({9, 10})
# Text in quotation marks or behind a backslash, and colours, are not what a format does.
_LITERAL = re.compile(r'"[^"]*"|\\.|_.|\*.|\[[^\]]*\]')
_ZEROS = re.compile(r"0{2,}")

Styles = tuple[frozenset[int], Mapping[int, int]]


def parts(archive: ZipFile) -> tuple[dict[str, str], bool]:
    """The part of each sheet by its name, and whether formulas were left to be calculated."""
    targets = {
        each.get("Id"): each.get("Target", "")
        for each in _parsed(archive, "xl/_rels/workbook.xml.rels").iter()
        if each.get("Id")
    }
    found: dict[str, str] = {}
    left = False
    for each in _parsed(archive, "xl/workbook.xml").iter():
        tag = _local(each.tag)
        if tag == "sheet":
            for name, value in each.attrib.items():
                if _local(name) == "id" and name != "id":
                    target = targets.get(value, "")
                    path = target[1:] if target.startswith("/") else join("xl", target)
                    found[each.get("name", "")] = normpath(path)
        elif tag == "calcPr":
            left = each.get("fullCalcOnLoad") in ("1", "true")
    return found, left


def styles(archive: ZipFile) -> Styles:
    """The styles that show percentages, and those that show a number with so many digits."""
    if "xl/styles.xml" not in archive.namelist():
        return frozenset(), {}
    percent: set[int] = set()
    zeros: dict[int, int] = {}
    codes: dict[str, str] = {}
    for each in _parsed(archive, "xl/styles.xml").iter():
        tag = _local(each.tag)
        if tag == "numFmt":
            codes[each.get("numFmtId", "")] = each.get("formatCode", "")
        elif tag == "cellXfs":
            for at, style in enumerate(each):
                number = style.get("numFmtId", "0")
                code = _LITERAL.sub("", codes.get(number, ""))
                if "%" in code or whole(number, 0) in _PERCENT:
                    percent.add(at)
                elif _ZEROS.fullmatch(code):
                    zeros[at] = len(code)
    return frozenset(percent), zeros


def scan(archive: ZipFile, part: str, formats: Styles) -> Scanned:
    """Reads a sheet's markup. Raises RequestRefused."""
    return scanned(pieces(archive, part), formats)


def scanned(markup: Iterable[bytes], formats: Styles) -> Scanned:
    """Reads a sheet's markup, however it is cut into pieces."""
    percent, zeros = formats
    found = Scanned()
    row, column = -1, -1
    for element in elements(markup, _ELEMENT, _START):
        a_row, row_tag, a_cell, tag, inside, merged, merged_tag = element.groups()
        if a_row:
            row, column = whole(attribute(row_tag, b"r"), row + 2) - 1, -1
            continue
        if merged:
            _merge(found, attribute(merged_tag, b"ref") or "")
            continue
        assert a_cell is not None
        if (at := place(attribute(tag, b"r") or "")) is not None:
            row, column = at
        else:
            column += 1
        if not inside:
            continue
        value = _VALUE.search(inside)
        text = (value.group(1) or b"") if value else b""
        kind = attribute(tag, b"t")
        formula = _FORMULA.search(inside) is not None
        found.formulas += formula
        if formula and not text and kind != "str":
            found.say(row, column, marked("uncalculated", ""))
            found.reach(row, column)
            continue
        if not text and not _INLINE.search(inside):
            continue
        found.reach(row, column)
        if kind == "e":
            found.errors += 1
            found.say(row, column, plain(text))
        elif kind in (None, "n") and (percent or zeros):
            style = whole(attribute(tag, b"s"), 0)
            if style in percent:
                found.percent[column] += 1
            elif style in zeros:
                found.zeros.setdefault(row, {})[column] = zeros[style]
    return found


def _merge(found: Scanned, reference: str) -> None:
    first, _, last = reference.partition(":")
    start, end = place(first), place(last)
    if start and end:
        found.merged.append((start, end))


def _parsed(archive: ZipFile, part: str) -> ElementTree.Element:
    """A small part as a tree. Parts with a document type were refused, so there are no entities."""
    if part not in archive.namelist():
        raise unreadable(f"It has no part {part!r}.")
    try:
        return ElementTree.fromstring(archive.read(part))  # noqa: S314
    except ElementTree.ParseError as error:
        raise unreadable(f"Its part {part!r} is damaged: {error}.") from None


def _local(tag: str) -> str:
    return tag.rpartition("}")[2]
