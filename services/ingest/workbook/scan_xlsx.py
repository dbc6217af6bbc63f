"""The markup of a sheet of an Excel workbook."""

import re
from collections.abc import Iterable, Iterator, Mapping
from posixpath import join, normpath
from xml.etree import ElementTree
from zipfile import ZipFile

from services.ingest.workbook import limits
from services.ingest.workbook.archive import pieces, too_large, unreadable
from services.ingest.workbook.marks import marked
from services.ingest.workbook.scan import Place, Scanned, attribute, column, place, plain, whole

_PREFIX = rb"(?:[A-Za-z_][\w.-]*:)?"
_ROOT = re.compile(rb"<(" + _PREFIX + rb")worksheet[\s>]")
_MERGED = re.compile(rb"<" + _PREFIX + rb"mergeCell\s([^>]*)>")
_CELL = re.compile(
    rb"<" + _PREFIX + rb"c(?=[\s/>])([^>]*?)(?:/>|>(.*?)</" + _PREFIX + rb"c\s*>)", re.DOTALL
)
# As Excel writes the attributes of a cell; others are looked for one by one.
_PLAIN_TAG = re.compile(rb' r="([A-Z]{1,3}[0-9]{1,7})"(?: s="([0-9]+)")?(?: t="([a-zA-Z]+)")?')
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
    found = Scanned()
    percent, zeros = formats
    # What a row holds where its cells have to be looked at one by one: formulas, errors, formats
    # that count, attributes that are written otherwise than everybody writes them.
    special = [b'"e"', b"='", *(b's="%d"' % style for style in (*percent, *zeros))]
    row = -1
    for opening, inside in _rows(found, markup, special):
        row = whole(attribute(opening, b"r"), row + 2) - 1
        if any(each in inside for each in special) or not _plain_row(found, row, inside):
            row = _row(found, row, inside, formats)
    return found


def _rows(
    found: Scanned, markup: Iterable[bytes], special: list[bytes]
) -> Iterator[tuple[bytes, bytes]]:
    """The tag and the inside of every row; what follows the last says which cells are merged."""
    kept, begins, ends = b"", b"", b""
    for piece in markup:
        kept += piece
        if not ends:
            root = _ROOT.search(kept)
            prefix = root.group(1) if root else b""
            begins, ends = b"<" + prefix + b"row", b"</" + prefix + b"row>"
            special.append(b"<" + prefix + b"f")
        *parts, kept = kept.split(ends)
        for part in parts:
            opening, _, inside = part[part.rfind(begins) :].partition(b">")
            yield opening, inside
        if begins not in kept:
            found.merged += _merged(kept)
            kept = kept[max(0, kept.rfind(b"<")) :]
        if len(kept) > limits.LONGEST_ROW_MARKUP:
            raise too_large("one of its rows holds more than a row can.")


def _plain_row(found: Scanned, row: int, inside: bytes) -> bool:
    """Takes a row in which nothing is special by its first and its last cell; nearly every row is
    such a one. False where its cells have to be looked at."""
    first, last = inside.find(b'<c r="'), inside.rfind(b'<c r="')
    if first < 0 or inside.endswith(b"/>"):
        return False
    start = inside[first + 6 : inside.find(b'"', first + 6)]
    end = inside[last + 6 : inside.find(b'"', last + 6)]
    number = b"%d" % (row + 1)
    left, right = column(start.removesuffix(number)), column(end.removesuffix(number))
    if left is None or right is None or right < left:
        return False
    found.reach(row, left, 1, right - left + 1)
    return True


def _row(found: Scanned, row: int, inside: bytes, formats: Styles) -> int:
    """Looks at each cell of a row; answers with the row's number, which its cells may tell."""
    percent, zeros = formats
    at = -1
    for cell in _CELL.finditer(inside):
        tag, content = cell.groups()
        if (common := _PLAIN_TAG.fullmatch(tag)) is not None:
            reference, style, kind = (part.decode() if part else None for part in common.groups())
        else:
            reference, style, kind = (attribute(tag, name) for name in (b"r", b"s", b"t"))
        if (found_at := place(reference or "")) is not None:
            row, at = found_at
        else:
            at += 1
        if not content:
            continue
        value = _VALUE.search(content)
        text = (value.group(1) or b"") if value else b""
        formula = _FORMULA.search(content) is not None
        found.formulas += formula
        if formula and not text and kind != "str":
            found.say(row, at, marked("uncalculated", ""))
            found.reach(row, at)
        elif text or _INLINE.search(content):
            found.reach(row, at)
            if kind == "e":
                found.errors += 1
                found.say(row, at, plain(text))
            elif kind in (None, "n"):
                number = whole(style, 0)
                if number in percent:
                    found.percent[at] += 1
                elif number in zeros:
                    found.zeros.setdefault(row, {})[at] = zeros[number]
    return row


def _merged(markup: bytes) -> Iterator[tuple[Place, Place]]:
    for each in _MERGED.finditer(markup):
        first, _, last = (attribute(each.group(1), b"ref") or "").partition(":")
        start, end = place(first), place(last)
        if start and end:
            yield start, end


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
