"""A sheet's markup says the same however it is cut, and a child is given nothing that is ours."""

import subprocess
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from services.ingest.workbook import reading, scan_ods, scan_xlsx
from services.ingest.workbook.cells import text_of
from services.ingest.workbook.marks import MARK, unmarked
from services.ingest.workbook.scan import letters, name, place

SHEET = (
    b'<?xml version="1.0"?><worksheet><cols><col min="1"/></cols><sheetData>'
    b'<row r="1"><c r="B1" t="s"><v>0</v></c><c r="C1" t="s"><v>1</v></c></row><row r="2"/>'
    b'<row r="3"><c r="B3" s="2"><v>0.7</v></c><c r="C3" s="3"><v>7</v></c></row>'
    b'<row r="5"><c r="B5" t="e"><f>1/0</f><v>#DIV/0!</v></c><c r="D5" s="1"/></row>'
    b"<row><c><f>A1</f></c><c t='str'><f>\"a\"</f><v>a &amp; b</v></c></row>"
    b'</sheetData><mergeCells count="1"><mergeCell ref="B7:C9"/></mergeCells></worksheet>'
)
FORMATS = (frozenset({2}), {3: 6})
ODS = (
    b'<a><table:table table:name="One"><table:table-row table:number-rows-repeated="2">'
    b'<table:table-cell table:number-columns-repeated="3"/></table:table-row><table:table-row>'
    b'<table:table-cell/><table:table-cell office:value-type="percentage" office:value="0.5"/>'
    b'<table:table-cell table:formula="of:=1/0" office:value-type="string"><text:p>#DIV/0!</text:p>'
    b'</table:table-cell></table:table-row></table:table><table:table table:name="Two">'
    b'<table:table-row><table:table-cell office:value-type="string" '
    b'table:number-columns-spanned="2"/></table:table-row></table:table></a>'
)


def cut(markup: bytes, size: int) -> Iterator[bytes]:
    return (markup[at : at + size] for at in range(0, len(markup), size))


def test_a_sheet_tells_what_its_values_do_not() -> None:
    found = scan_xlsx.scanned([SHEET], FORMATS)
    assert (found.rows, found.columns, found.first_row, found.first_column) == (6, 3, 0, 0)
    assert found.texts == {4: {1: "#DIV/0!"}, 5: {0: MARK + "u"}}
    assert (found.errors, found.formulas, found.percent) == (1, 3, {1: 1})
    assert found.zeros == {2: {2: 6}}
    assert found.merged == [((6, 1), (8, 2))]


@pytest.mark.parametrize("size", [150, 151, 160, 200, 333])
def test_it_makes_no_difference_how_a_sheet_is_cut(size: int) -> None:
    assert scan_xlsx.scanned(cut(SHEET, size), FORMATS) == scan_xlsx.scanned([SHEET], FORMATS)


@pytest.mark.parametrize("size", [1, 7, 50, 333])
def test_nor_how_an_opendocument_is(size: int) -> None:
    found = scan_ods.scan([ODS])
    assert scan_ods.scan(cut(ODS, size)) == found
    one, two = found["One"], found["Two"]
    assert (one.rows, one.columns, one.first_row) == (3, 3, 2)
    assert (one.texts, one.percent, one.formulas) == ({2: {2: "#DIV/0!"}}, {1: 1}, 1)
    assert two.merged == [((0, 0), (0, 1))]


@pytest.mark.parametrize(("column", "said"), [(0, "A"), (25, "Z"), (26, "AA"), (16383, "XFD")])
def test_cells_have_the_names_that_people_know(column: int, said: str) -> None:
    assert letters(column) == said
    assert place(name(6, column)) == (6, column)


def test_no_text_passes_for_a_mark() -> None:
    for text in (MARK + "d2026-01-01", MARK, MARK + "t", "plain"):
        [cell] = unmarked([text_of(text)])
        assert cell == text
        assert cell.__class__ is str


def test_a_child_is_given_nothing_of_our_environment(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    given: dict[str, Any] = {}

    def run(_command: Any, **how: Any) -> Any:
        given.update(how)
        raise subprocess.TimeoutExpired("child", 1)

    monkeypatch.setenv("INGEST_STORE_URL", "postgresql://irf:secret@db/irf")
    monkeypatch.setattr(subprocess, "run", run)
    with pytest.raises(Exception, match="took too long"):
        reading._read(tmp_path, "a.xlsx")
    assert set(given["env"]) == {"PYTHONPATH", "PATH", "TMPDIR"}
    assert given["stdin"] == subprocess.DEVNULL
