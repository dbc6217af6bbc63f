"""Workbooks for tests, made by script: proper ones by XlsxWriter, hostile ones part by part.

None is ever stored: a bomb is made where it is wanted.
"""

import io
import zipfile
from collections.abc import Callable, Mapping
from typing import Any

import xlsxwriter

MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
PACKAGE = "http://schemas.openxmlformats.org/package/2006"
_ODF = "urn:oasis:names:tc:opendocument:xmlns"
HEADINGS = ("Ref", "Received", "Amount", "Ward")


def written(fill: Callable[[Any, Any], None], **options: Any) -> bytes:
    """A workbook that `fill(workbook, its first sheet)` fills."""
    out = io.BytesIO()
    with xlsxwriter.Workbook(out, {"in_memory": True, **options}) as book:
        fill(book, book.add_worksheet("Requests"))
    return out.getvalue()


def parts(sheet: str = "", **more: str) -> dict[str, str]:
    """The parts of a workbook of one sheet, whose rows are given as markup."""
    kinds = f"{OFFICE}/officeDocument"
    return {
        "[Content_Types].xml": f'<Types xmlns="{PACKAGE}/content-types">'
        '<Default Extension="xml" ContentType="application/xml"/></Types>',
        "_rels/.rels": f'<Relationships xmlns="{PACKAGE}/relationships"><Relationship Id="r1" '
        f'Type="{kinds}" Target="xl/workbook.xml"/></Relationships>',
        "xl/workbook.xml": f'<workbook xmlns="{MAIN}" xmlns:r="{OFFICE}"><sheets>'
        '<sheet name="S" sheetId="1" r:id="r1"/></sheets></workbook>',
        "xl/_rels/workbook.xml.rels": f'<Relationships xmlns="{PACKAGE}/relationships">'
        f'<Relationship Id="r1" Type="{OFFICE}/worksheet" Target="worksheets/sheet1.xml"/>'
        f'<Relationship Id="r2" Type="{OFFICE}/sharedStrings" Target="sharedStrings.xml"/>'
        f'<Relationship Id="r3" Type="{OFFICE}/styles" Target="styles.xml"/></Relationships>',
        "xl/worksheets/sheet1.xml": f'<worksheet xmlns="{MAIN}"><sheetData>{sheet}</sheetData>'
        "</worksheet>",
    } | more


def row(number: int, *cells: str) -> str:
    """A row of text cells, as markup."""
    inside = "".join(
        f'<c r="{chr(65 + at)}{number}" t="inlineStr"><is><t>{text}</t></is></c>'
        for at, text in enumerate(cells)
    )
    return f'<row r="{number}">{inside}</row>'


def zipped(files: Mapping[str, str | bytes]) -> bytes:
    """An archive of these files."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, text in files.items():
            archive.writestr(name, text)
    return out.getvalue()


def xlsx(sheet: str = "", **more: str) -> bytes:
    """A workbook of one sheet whose rows are given as markup."""
    return zipped(parts(sheet, **more))


def ods(tables: str, styles: str = "") -> bytes:
    """An OpenDocument workbook whose tables are given as markup."""
    spaces = " ".join(
        f'xmlns:{short}="{_ODF}:{long}:1.0"'
        for short, long in {
            "office": "office", "table": "table", "text": "text", "style": "style",
        }.items()
    )  # fmt: skip
    calc = 'xmlns:calcext="urn:org:documentfoundation:names:experimental:calc:xmlns:calcext:1.0"'
    return zipped(
        {
            "mimetype": "application/vnd.oasis.opendocument.spreadsheet",
            "META-INF/manifest.xml": f'<m:manifest xmlns:m="{_ODF}:manifest:1.0"/>',
            "content.xml": f"<office:document-content {spaces} {calc}><office:automatic-styles>"
            f"{styles}</office:automatic-styles><office:body><office:spreadsheet>{tables}"
            "</office:spreadsheet></office:body></office:document-content>",
        }
    )


def ods_row(*cells: str, more: str = "") -> str:
    """A row of an OpenDocument table: text cells, then others as markup."""
    inside = "".join(
        f'<table:table-cell office:value-type="string"><text:p>{text}</text:p></table:table-cell>'
        for text in cells
    )
    return f"<table:table-row>{inside}{more}</table:table-row>"
