"""The bulk workbook: made, filled in as people do, sent back by the ordinary way in."""

import io
import zipfile
from collections.abc import Callable, Iterator, Sequence
from datetime import UTC, date, datetime
from typing import Any
from xml.etree import ElementTree

import msgspec
import pytest
from python_calamine import CalamineWorkbook

from services.ingest.workbook.guide import CHOICES, FIGURES, GUIDE, LAST
from services.ingest.workbook.template import TemplateLine, returns_workbook
from shared.catalogue.model import Dataset
from tests.integration.ingest_service import Ingest, counts, running
from tests.integration.workbooks import MAIN, written

RETURNS: dict[str, Any] = {
    "code": "adult-returns",
    "title": "Returns of adult social care",
    "extract": "changes",
    "key": ["item", "period_end"],
    "fields": [
        {"name": "item", "headers": ["Measure"], "type": "text", "required": True},
        {"name": "period_end", "headers": ["Period end"], "type": "date",
         "formats": ["%d/%m/%Y"], "required": True},
        {"name": "numerator", "headers": ["Numerator"], "type": "decimal", "minimum": 0},
        {"name": "denominator", "headers": ["Denominator"], "type": "integer", "minimum": 0,
         "maximum": 5000},
        {"name": "note", "headers": ["Reason if blank"], "type": "text",
         "choices": ["suppressed", "not applicable", "missing"]},
        {"name": "source", "type": "text", "max_length": 40},
    ],
}  # fmt: skip
MADE = datetime(2026, 4, 2, 9, tzinfo=UTC)
ASK = ("numerator", "denominator", "note")
LINES = [
    TemplateLine({"item": "Rated good", "period_end": "2026-03-31"}, ASK, {}, "88 of 96"),
    TemplateLine({"item": "=Direct payments", "period_end": "2026-03-31"}, ASK,
                 {"numerator": "12.5", "denominator": 40, "source": "Care system"}),
    TemplateLine({"item": "Waiting", "period_end": "2026-03-31"}, ("numerator", "note")),
]  # fmt: skip


def made(lines: Sequence[TemplateLine] = LINES) -> bytes:
    dataset = msgspec.convert(RETURNS, Dataset, strict=False)
    return returns_workbook(dataset, lines, "Adult social care, 2025/26 Q4", MADE)


def grid(raw: bytes, sheet: str = FIGURES) -> list[list[Any]]:
    return CalamineWorkbook.from_filelike(io.BytesIO(raw)).get_sheet_by_name(sheet).to_python()


def filled(raw: bytes, fill: Callable[[list[list[Any]]], list[list[Any]]]) -> bytes:
    """What a spreadsheet program makes of the workbook once somebody worked on it: another file,
    with the same sheets."""
    rows, guide = fill(grid(raw)), grid(raw, GUIDE)

    def write(book: Any, sheet: Any) -> None:
        sheet.write(0, 0, guide[0][0])
        for number, cells in enumerate(guide):
            sheet.write_row(number, 0, cells)
        figures = book.add_worksheet(FIGURES)
        day = book.add_format({"num_format": "d mmm yy"})
        for number, cells in enumerate(rows):
            for at, value in enumerate(cells):
                if isinstance(value, date):
                    figures.write_datetime(number, at, value, day)
                elif value != "":
                    figures.write(number, at, value)

    return written(write, strings_to_formulas=False)


@pytest.fixture
def ingest(tmp_path: Any) -> Iterator[Ingest]:
    with running(f"sqlite:///{tmp_path / 'store.db'}") as started:
        assert started.apply({"datasets": [RETURNS]}).status_code == 200
        yield started


def test_it_has_the_headings_of_the_dataset_and_what_was_given_last() -> None:
    assert grid(made()) == [
        ["Measure", "Period end", LAST, "Numerator", "Denominator", "Reason if blank", "source"],
        ["Rated good", date(2026, 3, 31), "88 of 96", "", "", "", ""],
        ["=Direct payments", date(2026, 3, 31), "", 12.5, 40, "", "Care system"],
        ["Waiting", date(2026, 3, 31), "", "", "", "", ""],
    ]


def test_it_comes_back_in_any_order_and_blank_rows_change_nothing(ingest: Ingest) -> None:
    def fill(rows: list[list[Any]]) -> list[list[Any]]:
        rows[1][3:5] = [91, 97]
        rows[2][3] = 13
        # Columns the other way round, rows too, and one in between that nobody asked for.
        return [[*reversed(cells), "mine"] for cells in [rows[0], *reversed(rows[1:])]]

    response = ingest.upload(
        filled(made(), fill), "adult-returns", "back.xlsx", asked=["numerator", "denominator"]
    )
    assert counts(response) == (2, 0, 0, 0)
    assert ingest.records() == {
        "adult-returns/Rated%20good%7C2026-03-31": {
            "item": "Rated good", "period_end": "2026-03-31", "numerator": "91",
            "denominator": 97, "note": None, "source": None},
        "adult-returns/%3DDirect%20payments%7C2026-03-31": {
            "item": "=Direct payments", "period_end": "2026-03-31", "numerator": "13",
            "denominator": 40, "note": None, "source": "Care system"},
    }  # fmt: skip
    batch = ingest.client.get(f"/v1/batches/{response.json()['batch']}").json()
    notes = " ".join(batch["detail"]["notes"])
    assert f"The sheet {FIGURES!r} was read." in notes
    assert "1 row(s) were left blank and passed over." in notes


def test_sent_as_it_was_made_it_changes_nothing(ingest: Ingest) -> None:
    raw = made([each._replace(known={}) for each in LINES])
    response = ingest.upload(raw, "adult-returns", "same.xlsx", asked=list(ASK))
    assert counts(response) == (0, 0, 0, 0)
    assert ingest.records() == {}


def test_a_claim_of_one_file_knows_what_was_asked_for(ingest: Ingest) -> None:
    headers = {"idempotency-key": "returns"}
    counts(ingest.upload(made(), "adult-returns", asked=list(ASK), headers=headers))
    assert ingest.upload(made(), "adult-returns", headers=headers).status_code == 409


def sheet_markup(raw: bytes, part: str) -> ElementTree.Element:
    return ElementTree.fromstring(zipfile.ZipFile(io.BytesIO(raw)).read(part))  # noqa: S314


def test_only_what_is_asked_for_is_open_and_says_what_fits() -> None:
    raw = made()
    sheet = sheet_markup(raw, "xl/worksheets/sheet1.xml")
    styles = sheet_markup(raw, "xl/styles.xml")
    looks = styles.find(f"{{{MAIN}}}cellXfs")
    assert looks is not None

    def is_open(cell: ElementTree.Element) -> bool:
        protection = looks[int(cell.get("s", "0"))].find(f"{{{MAIN}}}protection")
        return protection is not None and protection.get("locked") == "0"

    opened = {cell.get("r") for cell in sheet.iter(f"{{{MAIN}}}c") if is_open(cell)}
    assert opened == {"D2", "E2", "F2", "D3", "E3", "F3", "D4", "F4"}

    protection = sheet.find(f"{{{MAIN}}}sheetProtection")
    assert protection is not None
    assert protection.get("sheet") == "1"
    assert protection.get("password") is None

    rules = {each.get("sqref"): each for each in sheet.iter(f"{{{MAIN}}}dataValidation")}
    assert set(rules) == opened
    bounds = [each.text for each in rules["E2"]]
    assert (rules["E2"].get("type"), bounds) == ("whole", ["0", "5000"])
    assert rules["E2"].get("prompt") == \
        "A whole number from 0 to 5000. Leave it blank if there is none."  # fmt: skip
    assert rules["D2"].get("type") == "decimal"
    assert rules["F2"].get("type") == "list"
    assert [each.text for each in rules["F2"]] == [f"'{CHOICES}'!$A$2:$A$4"]
    assert sheet.find(f".//{{{MAIN}}}pane") is not None


def test_it_says_its_title_and_its_language() -> None:
    core = sheet_markup(made(), "docProps/core.xml")
    said = {each.tag.rpartition("}")[2]: each.text for each in core}
    assert said["title"] == "Adult social care, 2025/26 Q4"
    assert said["language"] == "en-GB"
    assert said["created"] == "2026-04-02T09:00:00Z"


def test_how_it_is_filled_in_is_said_on_a_sheet() -> None:
    guide = grid(made(), GUIDE)
    assert guide[0][0] == "Adult social care, 2025/26 Q4"
    assert ["Reason if blank", "One of: suppressed, not applicable, missing."] in guide


def test_what_somebody_wrote_is_never_a_formula_and_long_numbers_stay_exact(
    ingest: Ingest,
) -> None:
    exact = "12345678901234567.25"
    line = TemplateLine({"item": "=1+1", "period_end": "2026-03-31"}, ASK, {"numerator": exact})
    raw = made([line])
    assert b"<f>" not in zipfile.ZipFile(io.BytesIO(raw)).read("xl/worksheets/sheet1.xml")
    assert counts(ingest.upload(raw, "adult-returns")) == (1, 0, 0, 0)
    [record] = ingest.records().values()
    assert (record["item"], record["numerator"]) == ("=1+1", exact)
