"""Hostile and broken files, case by case: each is refused with a reason, or taken with a note; what
was good before stands, and the service that was sent them stays as small as it was.

Every one is made here, when it is wanted: none is stored.
"""

import functools
import io
import json
import os
import random
import stat
import struct
import zipfile
from collections.abc import Callable, Iterator
from typing import Any

import psutil
import pytest

from services.ingest.workbook import limits
from tests.integration.ingest_service import HEADER, REQUESTS, Ingest, counts, problem, running
from tests.integration.workbooks import (
    HEADINGS,
    MAIN,
    ods,
    ods_row,
    parts,
    row,
    written,
    xlsx,
    zipped,
)

MIB = 1 << 20
GOOD = "r1,31/01/2026,1,1"
ROWS = row(1, *HEADINGS) + row(2, "r1", "31/01/2026", "1", "1")


@pytest.fixture(scope="module")
def ingest(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Ingest]:
    folder = tmp_path_factory.mktemp("ingest")
    with running(f"sqlite:///{folder / 'store.db'}") as started:
        assert started.apply({"datasets": [REQUESTS]}).status_code == 200
        yield started


@pytest.fixture(autouse=True)
def nothing_was_lost(ingest: Ingest) -> Iterator[None]:
    """Whatever a test sends, a record that was good before stands as it stood."""
    ingest.upload(f"{HEADER}\nkept,31/01/2026,5,1\n", mode="changes")
    yield
    assert ingest.records()["requests/kept"]["amount"] == "5.00"


def entry(name: str, data: bytes = b"x", mode: int = 0, flags: int = 0) -> bytes:
    """A workbook with one more part, which is not as parts are."""
    out = io.BytesIO(xlsx(ROWS))
    with zipfile.ZipFile(out, "a") as archive:
        info = zipfile.ZipInfo(name)
        info.external_attr = mode << 16
        archive.writestr(info, data)
    raw = out.getvalue()
    if flags:
        at = raw.rindex(b"PK\x01\x02")
        raw = raw[: at + 8] + struct.pack("<H", flags) + raw[at + 10 :]
    return raw


def twice() -> bytes:
    out = io.BytesIO(xlsx(ROWS))
    with zipfile.ZipFile(out, "a") as archive:
        with pytest.warns(UserWarning, match="Duplicate name"):
            archive.writestr("xl/workbook.xml", "<workbook/>")
    return out.getvalue()


def crc() -> bytes:
    raw = bytearray(xlsx(ROWS))
    at = raw.rindex(b"PK\x01\x02")
    raw[at + 16] ^= 0xFF
    return bytes(raw)


def lying_size() -> bytes:
    """A part that unpacks to more than the directory says."""
    raw = bytearray(xlsx(ROWS, **{"xl/styles.xml": "<styleSheet/>" + " " * 5_000}))
    at = raw.rindex(b"PK\x01\x02")
    raw[at + 24 : at + 28] = struct.pack("<I", 10)
    return bytes(raw)


def layers() -> bytes:
    """Archives in archives, the innermost of zeros."""
    raw = zipped({"0": b"\0" * (10 * MIB)})
    for _ in range(5):
        raw = zipped({f"{number}.zip": raw for number in range(10)})
    return raw


def many() -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_STORED) as archive:
        for number in range(20_000):
            archive.writestr(zipfile.ZipInfo(f"{number}"), b"")
    return out.getvalue()


def claimed_million() -> bytes:
    """An archive whose directory says that it is 100 MB long."""
    raw = bytearray(xlsx(ROWS))
    raw[-14:-10] = struct.pack("<H", 60_000) * 2
    raw[-10:-6] = struct.pack("<I", 100 * MIB)
    return bytes(raw)


def shared_strings(length: int) -> bytes:
    """A workbook of a few kilobytes with one very long text, as it was once met."""
    text = f'<sst xmlns="{MAIN}"><si><t>{"a" * length}</t></si></sst>'
    return xlsx('<row r="1"><c r="A1" t="s"><v>0</v></c></row>', **{"xl/sharedStrings.xml": text})


@functools.cache
def dull_strings() -> bytes:
    """180 MB of text that shrinks to a fortieth only: the archive's directory looks honest."""
    chance = random.Random(1)
    pieces = [
        "".join(chance.choices("abcdefgh", k=100)) + "z" * chance.randrange(2_000, 2_600)
        for _ in range(20_000)
    ]
    text = "".join(chance.choice(pieces) for _ in range(75_000))
    return xlsx(
        '<row r="1"><c r="A1" t="s"><v>0</v></c></row>',
        **{"xl/sharedStrings.xml": f'<sst xmlns="{MAIN}"><si><t>{text}</t></si></sst>'},
    )


def far(reference: str) -> bytes:
    number = reference.lstrip("ABCDEFGHIJKLMNOPQRSTUVWXYZ")
    return xlsx(f'{ROWS}<row r="{number}"><c r="{reference}"><v>1</v></c></row>')


def doctype(where: str, entity: str) -> bytes:
    files = parts(ROWS)
    files[where] = f"<!DOCTYPE a [{entity}]>" + files[where]
    return zipped(files)


LAUGHS = '<!ENTITY a "ha"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;&a;&a;">'
OUTSIDE = '<!ENTITY x SYSTEM "file:///etc/passwd">'
ENDLESS = (
    '<table:table table:name="S"><table:table-row table:number-rows-repeated="1048576">'
    '<table:table-cell table:number-columns-repeated="16384" office:value-type="float" '
    'office:value="1"/></table:table-row></table:table>'
)

REFUSED: list[tuple[str, Callable[[], bytes], int, str]] = [
    ("a bomb in layers", layers, 415, "no workbook"),
    ("a nested archive", lambda: zipped({"a.xlsx": xlsx(ROWS)}), 415, "no workbook"),
    ("20,000 parts", many, 422, "more than 200 parts"),
    ("a directory of 100 MB", claimed_million, 422, "more than 200 parts"),
    ("a part that unpacks to a thousandfold", lambda: shared_strings(30 * MIB), 422, "hundred"),
    ("parts of 250 MB in all", lambda: zipped(parts(ROWS) | {
        f"xl/media/{n}": random.Random(n).randbytes(MIB) + b"\0" * (24 * MIB)
        for n in range(10)}), 422, "more than 200 MB"),
    ("a name that climbs out", lambda: entry("../../etc/cron.d/x"), 422, "leads outside"),
    ("an absolute name", lambda: entry("/etc/passwd"), 422, "leads outside"),
    ("a name with backslashes", lambda: entry("xl\\..\\..\\x"), 422, "leads outside"),
    ("a name with a drive", lambda: entry("C:/x"), 422, "leads outside"),
    ("a link", lambda: entry("xl/x", b"/etc/passwd", stat.S_IFLNK | 0o777), 422, "a link"),
    ("two parts of one name", twice, 422, "two parts of the same name"),
    ("names that differ in case", lambda: entry("XL/Workbook.xml"), 422, "same name"),
    ("an encrypted part", lambda: entry("xl/x", flags=1), 422, "password"),
    ("a wrong checksum", crc, 422, "damaged"),
    ("a part longer than it says", lying_size, 422, "damaged"),
    ("cut in the middle", lambda: xlsx(ROWS)[:-200], 422, "cut short"),
    ("cut at the end", lambda: xlsx(ROWS)[:-1], 422, "cut short"),
    ("something after its end", lambda: xlsx(ROWS) + b"<script>", 422, "after the end"),
    ("two archives in one", lambda: xlsx(ROWS) + xlsx(ROWS), 422, "more than a workbook"),
    ("a document type with entities", lambda: doctype("xl/workbook.xml", LAUGHS), 422,
     "document type"),
    ("an entity from outside", lambda: doctype("xl/worksheets/sheet1.xml", OUTSIDE), 422,
     "document type"),
    ("a document type in UTF-16", lambda: zipped(parts(ROWS) | {
        "xl/theme/theme1.xml": "<!DOCTYPE a><a/>".encode("utf-16")}), 422, "UTF-8"),
    ("macros", lambda: entry("xl/vbaProject.bin"), 415, "macros"),
    ("Excel 4 macros", lambda: entry("xl/macrosheets/sheet1.xml"), 415, "macros"),
    ("Basic macros", lambda: zipped({"mimetype": "", "Basic/Standard/a.xml": ""}), 415, "macros"),
    ("a binary workbook (.xlsb)", lambda: entry("xl/workbook.bin"), 415, ".xlsb"),
    ("an old or a locked workbook", lambda: b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 600, 415,
     ".xls"),
    ("a PDF", lambda: b"%PDF-1.7\n1 0 obj\n", 415, "PDF"),
    ("a program of Windows", lambda: b"MZ\x90\0\x03\0\0\0\x04\0\0\0\xff\xff", 422, "not text"),
    ("a program of Linux", lambda: b"\x7fELF\x02\x01\x01\0", 415, "program"),
    ("gzip", lambda: b"\x1f\x8b\x08\0", 415, "compressed"),
    ("an empty archive", lambda: zipped({}), 415, "empty archive"),
    ("a document", lambda: zipped({"[Content_Types].xml": "<Types/>", "word/document.xml": ""}),
     415, "no workbook"),
    ("a far cell", lambda: far("XFD1048576"), 422, "reaches to XFD1048576"),
    ("a far column", lambda: far("ZZZ3"), 422, "columns"),
    ("a row that no sheet has", lambda: far("A99999999"), 422, "where no sheet has one"),
    ("a wide and long sheet", lambda: far("ALK20000"), 422, "lies outside of the table"),
    ("a cell repeated to the end", lambda: ods(ENDLESS), 422, "columns"),
    ("a text that is not there", lambda: xlsx('<row r="1"><c r="A1" t="s"><v>9</v></c></row>'), 422,
     "damaged"),
    ("a sheet that is not there", lambda: zipped({k: v for k, v in parts(ROWS).items()
                                                  if "sheet1" not in k}), 422, "not in it"),
    ("markup that is cut", lambda: xlsx(ROWS + '<row r="3"><c r="A3'), 422, "damaged"),
    ("no markup", lambda: zipped(parts() | {"xl/workbook.xml": "hello"}), 422, "damaged"),
    ("no visible sheet", lambda: zipped(parts(ROWS) | {"xl/workbook.xml":
        parts()["xl/workbook.xml"].replace('sheetId', 'state="hidden" sheetId')}), 422,
     "no visible sheet"),
    ("a cell longer than fits", lambda: xlsx(row(1, *HEADINGS) + row(2, "x" * 200_000)), 422,
     "longer than"),
    ("a blank sheet", xlsx, 422, "blank"),
    ("a header alone that does not fit", lambda: xlsx(row(1, "Ref")), 422, "do not fit"),
]  # fmt: skip


@pytest.mark.parametrize(
    ("make", "status", "says"), [each[1:] for each in REFUSED], ids=[each[0] for each in REFUSED]
)
def test_a_hostile_or_broken_workbook_is_refused_with_its_reason(
    ingest: Ingest, make: Callable[[], bytes], status: int, says: str
) -> None:
    raw = make()
    before = len(ingest.events())
    # What it is called makes no difference to what it is.
    found = problem(ingest.upload(raw, mode="changes", name="march.xlsx"), status)
    assert says in found["detail"]
    assert len(ingest.events()) == before


NOTED: list[tuple[str, Callable[[], bytes], str]] = [
    ("links to other files", lambda: zipped(parts(ROWS) | {
        "xl/externalLinks/externalLink1.xml": f'<externalLink xmlns="{MAIN}"/>'}), "Nothing was"),
    ("DDE", lambda: zipped(parts(ROWS) | {"xl/externalLinks/externalLink1.xml":
        f'<externalLink xmlns="{MAIN}"><ddeLink ddeService="cmd" ddeTopic="/C calc"/>'
        "</externalLink>"}), "DDE"),
    ("connections", lambda: zipped(parts(ROWS) | {
        "xl/connections.xml": f'<connections xmlns="{MAIN}"/>'}), "connections to data"),
    ("a far cell without a value", lambda: xlsx(
        ROWS + '<row r="1048576"><c r="XFD1048576" s="0"/></row>'), "was read"),
    ("a control character", lambda: xlsx(ROWS + row(3, "c&#1;2")), "was read"),
    ("a prefix on every element", lambda: zipped(parts() | {"xl/worksheets/sheet1.xml":
        f'<x:worksheet xmlns:x="{MAIN}"><x:sheetData>'
        + ROWS.replace("</", "</x:").replace("<x:", "</x:").replace("<", "<x:")
              .replace("<x:/x:", "</x:").replace("<x:/", "</") + "</x:sheetData></x:worksheet>"}),
     "was read"),
    ("a table called by a CSV's name", lambda: ods(
        f'<table:table table:name="S">{ods_row(*HEADINGS)}'
        f'{ods_row("r1", "31/01/2026", "1", "1")}</table:table>'), "was read"),
]  # fmt: skip


@pytest.mark.parametrize(
    ("make", "says"), [each[1:] for each in NOTED], ids=[each[0] for each in NOTED]
)
def test_what_is_harmless_is_taken_and_said(
    ingest: Ingest, make: Callable[[], bytes], says: str
) -> None:
    response = ingest.upload(make(), mode="changes", name="march.csv")
    accepted, unchanged, _, _ = counts(response)
    assert accepted + unchanged == 1
    assert ingest.records()["requests/r1"]["received"] == "2026-01-31"
    batch = ingest.client.get(f"/v1/batches/{response.json()['batch']}").json()
    assert says in " ".join(batch["detail"]["notes"])


def test_every_good_row_beside_bad_ones_of_a_workbook_is_kept(ingest: Ingest) -> None:
    def fill(book: Any, sheet: Any) -> None:
        day = book.add_format({"num_format": "dd/mm/yyyy"})
        sheet.write_row(0, 0, HEADINGS)
        for number, cells in enumerate(
            [("w1", 46053, 1), (1e15, 46053, 1), ("w3", 46053, 12.345), ("w4", 46053, 2)], 1
        ):
            sheet.write(number, 0, cells[0])
            sheet.write_number(number, 1, cells[1], day)
            sheet.write_number(number, 2, cells[2])

    response = ingest.upload(written(fill), mode="changes")
    assert counts(response)[2] == 2
    assert [(each["row"], each["field"], each["rule"]) for each in response.json()["rejections"]] \
        == [(3, "ref", "digits"), (4, "amount", "type")]  # fmt: skip
    assert ingest.records()["requests/w4"]["received"] == "2026-01-31"


def test_a_workbook_sent_twice_with_its_key_counts_once(ingest: Ingest) -> None:
    raw = xlsx(row(1, *HEADINGS) + row(2, "twice", "31/01/2026", "1", "1"))
    headers = {"idempotency-key": "workbook"}
    first = ingest.upload(raw, mode="changes", headers=headers)
    assert counts(first)[0] == 1
    assert ingest.upload(raw, mode="changes", headers=headers).json() == first.json()
    other = xlsx(row(1, *HEADINGS) + row(2, "other", "31/01/2026", "1", "1"))
    problem(ingest.upload(other, mode="changes", headers=headers), 409)


def test_a_sheet_is_named_by_the_call(ingest: Ingest) -> None:
    def fill(book: Any, sheet: Any) -> None:
        for name, ref in ((None, "first"), ("Second", "second")):
            sheet = book.add_worksheet(name) if name else sheet
            sheet.write_row(0, 0, HEADINGS)
            sheet.write_row(1, 0, (ref, "31/01/2026"))

    raw = written(fill)
    counts(ingest.upload(raw, mode="changes", sheet="Second"))
    assert "requests/second" in ingest.records()
    assert "requests/first" not in ingest.records()
    problem(ingest.upload(raw, mode="changes", sheet="\0"), 422)
    problem(ingest.upload(raw, mode="changes", sheet="x" * 101), 422)


def test_the_service_stays_small_whatever_is_inside_of_a_workbook(ingest: Ingest) -> None:
    raw = dull_strings()
    ingest.upload(xlsx(ROWS), mode="changes")
    here = psutil.Process(os.getpid())
    before = here.memory_info().rss
    found = problem(ingest.upload(raw, mode="changes"), 422)
    assert "longer than" in found["detail"]
    grown = here.memory_info().rss - before
    assert grown < 40 * MIB, f"grown by {grown >> 20} MiB for a file of {len(raw) >> 20} MiB"


@pytest.mark.parametrize(
    ("limit", "least", "says"),
    [
        ("WALL_SECONDS", 0.01, "took too long"),
        ("CPU_SECONDS", 1, "more memory or time"),
        ("MEMORY_BYTES", 300 * MIB, "more memory"),
    ],
)
def test_a_reader_that_wants_more_than_it_may_is_ended(
    ingest: Ingest, monkeypatch: pytest.MonkeyPatch, limit: str, least: float, says: str
) -> None:
    monkeypatch.setattr(limits, limit, least)
    found = problem(ingest.upload(dull_strings(), mode="changes"), 422)
    assert "too large to read" in found["detail"]
    assert says in found["detail"]
    children = psutil.Process(os.getpid()).children(recursive=True)
    assert not [each for each in children if "workbook" in " ".join(each.cmdline())]


FILE_NAMES = {
    "../../etc/passwd": "../../etc/passwd",
    "..\\..\\x": "..\\..\\x",
    "%2e%2e/x": "%2e%2e/x",
    # What some browsers sent as the whole path on their user's machine.
    "C:\\x": "x",
    "n" * 300: "n" * 199 + "…",
    'a"><script>alert(1)</script>.csv': 'a"><script>alert(1)</script>.csv',
    "ann\u202ecod.csv": "ann[U+202E]cod.csv",
    "a\u200bb.csv": "a[U+200B]b.csv",
    "a\x07b.csv": "a[U+0007]b.csv",
}


@pytest.mark.parametrize("name", FILE_NAMES)
def test_a_file_name_is_kept_as_it_reads_and_used_for_nothing(ingest: Ingest, name: str) -> None:
    quoted = name.replace('"', "%22")
    body = (
        f'--b\r\nContent-Disposition: form-data; name="file"; filename="{quoted}"\r\n\r\n'
        f"{HEADER}\n{GOOD}\n\r\n--b--\r\n"
    )
    response = ingest.client.post(
        "/v1/datasets/requests/files?mode=changes",
        content=body.encode(),
        headers={"content-type": "multipart/form-data; boundary=b"},
    )
    counts(response)
    batch = ingest.client.get(f"/v1/batches/{response.json()['batch']}").json()
    assert batch["detail"]["file"].replace("%22", '"') == FILE_NAMES[name].replace("%22", '"')
    assert json.dumps(batch).isascii() or "…" in batch["detail"]["file"]


@pytest.mark.parametrize("name", ["a\r\nSet-Cookie: x=1.csv", "a\0b.csv"])
def test_a_name_that_breaks_its_header_is_refused_or_spelled_out(ingest: Ingest, name: str) -> None:
    body = (
        f'--b\r\nContent-Disposition: form-data; name="file"; filename="{name}"\r\n\r\n'
        f"{HEADER}\n{GOOD}\n\r\n--b--\r\n"
    )
    response = ingest.client.post(
        "/v1/datasets/requests/files?mode=changes",
        content=body.encode(),
        headers={"content-type": "multipart/form-data; boundary=b"},
    )
    assert response.status_code in (202, 400, 422)
    assert "set-cookie" not in response.headers
    if response.status_code == 202:
        batch = ingest.client.get(f"/v1/batches/{response.json()['batch']}").json()
        assert batch["detail"]["file"].isprintable()
