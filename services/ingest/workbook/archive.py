"""The zip archive that a workbook is: looked through before anything in it is understood.

Rule: what could exhaust a reader, write outside, run or fetch is refused by the archive's own
directory; then every part is unpacked once, to see that it is what the directory says, and that no
XML declares a document type.
"""

import stat
import zlib
from collections.abc import Iterator
from typing import BinaryIO, Literal
from zipfile import ZIP_DEFLATED, ZIP_STORED, BadZipFile, ZipFile, ZipInfo

from services.ingest.domain.refusals import RequestRefused
from services.ingest.workbook import limits

Form = Literal["xlsx", "ods"]

END = b"PK\x05\x06"
END_OF_64 = b"PK\x06\x06"
END_BYTES = 22
PIECE = 1 << 18
ODS = b"application/vnd.oasis.opendocument.spreadsheet"
_DOCTYPE = b"<!doctype"
_MACROS = ("xl/macrosheets/", "basic/", "scripts/")


def unreadable(detail: str) -> RequestRefused:
    """A workbook that is not as it should be."""
    return RequestRefused(422, f"The workbook cannot be read. {detail}")


def too_large(detail: str) -> RequestRefused:
    """A workbook that is more than a reader may be asked for."""
    return RequestRefused(
        422, f"The workbook is too large to read: {detail} Send the table as CSV instead."
    )


def opened(file: BinaryIO) -> tuple[ZipFile, Form]:
    """The archive, looked through, and what kind of workbook it is. Raises RequestRefused."""
    _look_at_the_end(file)
    try:
        archive = ZipFile(file)
        entries = archive.infolist()
        _look_at_entries(entries)
        form = _form(archive, {entry.filename for entry in entries})
        for entry in entries:
            _look_into(archive, entry)
    except (BadZipFile, EOFError, zlib.error, NotImplementedError, ValueError) as error:
        raise unreadable(f"The file is damaged: {str(error)[:200]}.") from None
    return archive, form


def pieces(archive: ZipFile, name: str) -> Iterator[bytes]:
    """A part, unpacked piece by piece."""
    with archive.open(name) as part:
        while piece := part.read(PIECE):
            yield piece


def _look_at_the_end(file: BinaryIO) -> None:
    """The archive ends where the file ends and begins where it begins, and its directory is small:
    seen before the directory is read, since reading it makes an object of every entry."""
    size = file.seek(0, 2)
    file.seek(max(0, size - END_BYTES - 0xFFFF))
    tail = file.read()
    at = tail.rfind(END)
    if at < 0 or len(tail) - at < END_BYTES:
        raise unreadable("The file is cut short.")
    end = tail[at:]
    if len(end) != END_BYTES + int.from_bytes(end[20:22], "little"):
        raise unreadable("Something follows after the end of the workbook.")
    entries = int.from_bytes(end[10:12], "little")
    length = int.from_bytes(end[12:16], "little")
    start = int.from_bytes(end[16:20], "little")
    if entries > limits.MOST_ENTRIES or length > limits.MOST_DIRECTORY_BYTES:
        raise too_large(f"It has more than {limits.MOST_ENTRIES} parts.")
    after = start + length
    end_at = size - len(end)
    file.seek(after)
    if after != end_at and (after > end_at or file.read(4) != END_OF_64):
        raise unreadable("The file is more than a workbook, or it is damaged.")


def _look_at_entries(entries: list[ZipInfo]) -> None:
    seen: set[str] = set()
    total = 0
    for entry in entries:
        name = entry.orig_filename
        plain = name.casefold()
        if (
            "\0" in name
            or "\\" in name
            or ":" in name
            or name.startswith("/")
            or ".." in name.split("/")
        ):
            raise unreadable("It has a part whose name leads outside of it.")
        if plain in seen:
            raise unreadable("It has two parts of the same name.")
        seen.add(plain)
        if stat.S_ISLNK(entry.external_attr >> 16):
            raise unreadable("It has a part that is a link.")
        if entry.flag_bits & 0x1:
            raise unreadable("It is locked with a password. Save it without one.")
        if entry.compress_type not in (ZIP_STORED, ZIP_DEFLATED):
            raise unreadable("It is packed in a way that workbooks are not.")
        if plain.endswith("vbaproject.bin") or plain.startswith(_MACROS):
            raise RequestRefused(
                415, "The workbook holds macros. Save it as a workbook without macros (.xlsx)."
            )
        if plain == "xl/workbook.bin":
            raise RequestRefused(
                415, "This is a binary workbook (.xlsb). Save it as an Excel workbook (.xlsx)."
            )
        total += entry.file_size
        if (
            entry.file_size > limits.RATIO_COUNTS_FROM
            and entry.file_size > limits.MOST_RATIO * entry.compress_size
        ):
            raise too_large("A part of it would unpack to more than a hundred times its size.")
    if total > limits.MOST_UNPACKED_BYTES:
        most = limits.MOST_UNPACKED_BYTES // limits.MIB
        raise too_large(f"It would unpack to more than {most} MB.")


def _form(archive: ZipFile, names: set[str]) -> Form:
    if "xl/workbook.xml" in names and "[Content_Types].xml" in names:
        return "xlsx"
    if "mimetype" in names and "content.xml" in names:
        with archive.open("mimetype") as part:
            if part.read(100).strip() == ODS:
                return "ods"
    raise RequestRefused(
        415,
        "This is an archive, but no workbook (.xlsx or .ods). Send the file that is inside.",
    )


def _look_into(archive: ZipFile, entry: ZipInfo) -> None:
    """Unpacks a part to its end, which tells of damage, and refuses a document type."""
    xml = entry.filename.casefold().endswith((".xml", ".rels", ".vml", ".rdf"))
    kept = b""
    first = True
    for piece in pieces(archive, entry.filename):
        if not xml:
            continue
        if first and piece.startswith((b"\xff\xfe", b"\xfe\xff", b"<\0", b"\0<")):
            raise unreadable("Its parts must be written in UTF-8.")
        first = False
        kept = kept[-len(_DOCTYPE) :] + piece.lower()
        if _DOCTYPE in kept:
            raise unreadable("A part of it declares a document type, which workbooks do not.")
