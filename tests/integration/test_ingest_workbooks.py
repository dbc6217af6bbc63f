"""Workbooks are read as their senders meant them, and what was chosen or unsure is said."""

import hashlib
import io
from collections.abc import Callable
from datetime import date, datetime
from typing import Any

import pytest

from services.ingest.domain.contract import Contract
from services.ingest.domain.intake import FileIntake, Prepared
from services.ingest.domain.refusals import RequestRefused, RowRefused
from services.ingest.domain.table import Table
from services.ingest.opening import open_table
from tests.integration.workbooks import HEADINGS, ods, ods_row, row, written, xlsx
from tests.unit.ingest.contracts import contract

FIELDS: list[dict[str, Any]] = [
    {"name": "ref", "type": "text"},
    {"name": "received", "type": "date", "formats": ["%d/%m/%Y"]},
    {"name": "amount", "type": "decimal"},
    {"name": "ward", "type": "text"},
]


def requests(**of_received: Any) -> Contract:
    fields = [FIELDS[0], FIELDS[1] | of_received, *FIELDS[2:]]
    return contract(fields=fields, key=["ref"], null_markers=[""])


def opened(raw: bytes, sheet: str | None = None, of: Contract | None = None) -> Table:
    return open_table(io.BytesIO(raw), of or requests(), "a.xlsx", "file", sheet)


def read(table: Table, of: Contract | None = None) -> tuple[list[dict[str, Any]], Prepared]:
    """The fields of each good row, and all that was found."""
    of = of or requests()
    lines = list(table.lines)
    good = []
    for line in lines:
        try:
            good.append(dict(of.from_cells(table.columns, line.cells)))
        except RowRefused:
            continue
    return good, FileIntake(of, table.columns).check(lines)


def sheet_of(*rows: tuple[Any, ...]) -> Callable[[Any, Any], None]:
    def fill(_: Any, sheet: Any) -> None:
        for number, cells in enumerate([HEADINGS, *rows]):
            sheet.write_row(number, 0, cells)

    return fill


def faults(prepared: Prepared) -> list[tuple[int, str | None, str]]:
    return [(each.row, each.field, each.rule) for each in prepared.rejections]


def said(table: Table) -> str:
    return " ".join(table.notes)


def test_numbers_texts_and_blanks_are_as_they_were_typed() -> None:
    raw = written(
        sheet_of(
            ("0012", "", 5, "=1+1"),
            ("b", "", 0.1 + 0.2, "two\nlines"),
            ("c", "", 1e-7, True),
            ("d", "", 1234567.89, "naïve – £"),
            ("e", "", 123456789012345, None),
        ),
        strings_to_formulas=False,
    )
    good, prepared = read(opened(raw))
    assert [(each["ref"], each["amount"], each["ward"]) for each in good] == [
        ("0012", "5", "=1+1"),
        ("b", "0.3", "two\nlines"),
        ("c", "0.0000001", "true"),
        ("d", "1234567.89", "naïve – £"),
        ("e", "123456789012345", None),
    ]
    assert not prepared.rejections


@pytest.mark.parametrize(
    "how",
    [
        {"formats": ["%d/%m/%Y"]},
        {"formats": ["%Y-%d-%m"]},
        {"formats": ["%Y-%m-%d %H:%M:%S"]},
        {"formats": []},
    ],
    ids=["day first", "a year-first format of its own", "with a time", "ISO alone"],
)
@pytest.mark.parametrize("epoch_1904", [False, True])
def test_a_typed_date_is_that_day_whatever_the_contract_writes(
    how: dict[str, Any], epoch_1904: bool
) -> None:
    def fill(book: Any, sheet: Any) -> None:
        sheet.write_row(0, 0, HEADINGS)
        shown = book.add_format({"num_format": "d mmmm yyyy"})
        sheet.write(1, 0, "a")
        sheet.write_datetime(1, 1, datetime(2026, 3, 4), shown)

    of = requests(**how)
    good, _ = read(opened(written(fill, date_1904=epoch_1904), of=of), of)
    assert [each["received"] for each in good] == ["2026-03-04"]


def test_a_typed_time_of_day_is_kept_to_the_second_where_the_field_has_one() -> None:
    def fill(book: Any, sheet: Any) -> None:
        sheet.write_row(0, 0, HEADINGS)
        shown = book.add_format({"num_format": "dd/mm/yyyy hh:mm"})
        sheet.write(1, 0, "a")
        sheet.write_datetime(1, 1, datetime(2026, 3, 4, 14, 59, 59), shown)
        sheet.write(2, 0, "b")
        sheet.write_datetime(2, 1, datetime(2026, 3, 4), shown)

    raw = written(fill)
    of = requests(type="datetime")
    good, _ = read(opened(raw, of=of), of)
    assert [each["received"] for each in good] == ["2026-03-04T14:59:59", "2026-03-04T00:00:00"]
    good, _ = read(opened(raw))
    assert [each["received"] for each in good] == ["2026-03-04", "2026-03-04"]


def test_days_that_a_spreadsheet_miscounts_are_rejected() -> None:
    def fill(book: Any, sheet: Any) -> None:
        sheet.write_row(0, 0, HEADINGS)
        shown = book.add_format({"num_format": "dd/mm/yyyy"})
        for number, serial in enumerate((59, 60, 61), 1):
            sheet.write_row(number, 0, (f"r{number}", "", 1))
            sheet.write_number(number, 1, serial, shown)

    good, prepared = read(opened(written(fill)))
    assert [each["received"] for each in good] == ["1900-03-01"]
    assert faults(prepared) == [(2, "received", "format"), (3, "received", "format")]


def test_numbers_longer_than_a_spreadsheet_keeps_are_rejected_at_their_place() -> None:
    raw = written(sheet_of((1e15, "", 1, ""), ("b", "", 1234567890123456, "x"), ("c", "", 1, 4e20)))
    good, prepared = read(opened(raw))
    assert good == []
    assert faults(prepared) == [
        (2, "ref", "digits"), (3, "amount", "digits"), (4, "ward", "digits"),
    ]  # fmt: skip
    assert prepared.rejections[1].raw == "1.23456789012346e+15"
    assert "15 digits" in prepared.rejections[1].reason


def test_a_number_that_the_contract_does_not_ask_for_harms_nothing() -> None:
    def fill(_: Any, sheet: Any) -> None:
        sheet.write_row(0, 0, (*HEADINGS, "UPRN as a number"))
        sheet.write_row(1, 0, ("a", "", 1, "", 1e17))

    assert [each["ref"] for each in read(opened(written(fill)))[0]] == ["a"]


def test_errors_keep_their_text_so_that_their_row_is_rejected() -> None:
    def fill(_: Any, sheet: Any) -> None:
        sheet.write_row(0, 0, HEADINGS)
        sheet.write_row(1, 0, ("a", "", 5))
        sheet.write(2, 0, "b")
        sheet.write_formula(2, 2, "=1/0", None, "#DIV/0!")

    table = opened(written(fill))
    good, prepared = read(table)
    assert [each["ref"] for each in good] == ["a"]
    assert [(*place, each.raw) for place, each in
            zip(faults(prepared), prepared.rejections, strict=True)] == [
        (3, "amount", "type", "#DIV/0!")
    ]  # fmt: skip
    assert "1 cell(s) hold an error" in said(table)


def test_formulas_give_their_last_value_and_are_counted() -> None:
    def fill(_: Any, sheet: Any) -> None:
        sheet.write_row(0, 0, HEADINGS)
        sheet.write(1, 0, "a")
        sheet.write_formula(1, 2, "=2*21", None, 42)

    table = opened(written(fill))
    assert [each["amount"] for each in read(table)[0]] == ["42"]
    assert "1 cell(s) have formulas" in said(table)
    assert "left its formulas to be calculated" in said(table)


def test_a_formula_that_was_never_calculated_is_no_blank() -> None:
    rows = row(1, *HEADINGS) + (
        '<row r="2"><c r="A2" t="inlineStr"><is><t>a</t></is></c><c r="C2"><f>1+1</f><v/></c></row>'
        '<row r="3"><c r="A3" t="inlineStr"><is><t>b</t></is></c>'
        '<c r="C3" t="str"><f>IF(1,"","")</f><v></v></c></row>'
    )
    good, prepared = read(opened(xlsx(rows)))
    assert [(each["ref"], each["amount"]) for each in good] == [("b", None)]
    assert faults(prepared) == [(2, "amount", "uncalculated")]


def test_percentages_stay_fractions_and_zeros_in_front_stay() -> None:
    def fill(book: Any, sheet: Any) -> None:
        sheet.write_row(0, 0, HEADINGS)
        sheet.write_number(1, 0, 123, book.add_format({"num_format": "000000"}))
        sheet.write_number(1, 2, 0.7, book.add_format({"num_format": "0.0%"}))

    table = opened(written(fill))
    [found] = read(table)[0]
    assert (found["ref"], found["amount"]) == ("000123", "0.7")
    assert "column(s) C are shown as percentages" in said(table)


def test_merged_cells_are_named() -> None:
    def fill(_: Any, sheet: Any) -> None:
        sheet.merge_range(0, 0, 0, 3, "Requests in March")
        sheet.write_row(1, 0, HEADINGS)
        sheet.write_row(2, 0, ("a", "", 1))
        sheet.merge_range(2, 3, 3, 3, "North")
        sheet.write_row(3, 0, ("b", "", 1))

    table = opened(written(fill))
    assert [each["ward"] for each in read(table)[0]] == ["North", None]
    assert table.passed_over == 1
    assert "D3:D4" in said(table)


def test_rows_have_the_numbers_of_the_spreadsheet_and_blank_ones_are_none() -> None:
    def fill(_: Any, sheet: Any) -> None:
        sheet.write(1, 2, "A title")
        sheet.write_row(4, 2, HEADINGS)
        sheet.write_row(5, 2, ("a", "nonsense"))
        sheet.write_row(9, 2, ("b", "nonsense"))

    table = opened(written(fill))
    assert [line.number for line in table.lines] == [6, 10]


def test_the_sheet_that_fits_best_is_read_and_others_are_said() -> None:
    def fill(book: Any, sheet: Any) -> None:
        sheet.write_row(0, 0, ("Guidance", "Ref"))
        other = book.add_worksheet("Data")
        other.write_row(0, 0, ("Exported", "today"))
        other.write_row(2, 0, HEADINGS)
        other.write_row(3, 0, ("a",))
        hidden = book.add_worksheet("Old data")
        hidden.write_row(0, 0, HEADINGS)
        hidden.write_row(1, 0, ("from the hidden sheet",))
        hidden.hide()

    raw = written(fill)
    table = opened(raw)
    assert [each["ref"] for each in read(table)[0]] == ["a"]
    assert "The sheet 'Data' was read." in said(table)
    assert "1 hidden sheet(s) were not read: Old data" in said(table)

    named = opened(raw, "old DATA")
    assert [each["ref"] for each in read(named)[0]] == ["from the hidden sheet"]
    assert "it was read because it was named" in said(named)

    with pytest.raises(RequestRefused, match="no sheet 'Nope'; it has 'Requests', 'Data'"):
        opened(raw, "Nope")


def test_columns_that_do_not_fit_are_told_with_the_sheet() -> None:
    raw = written(lambda _, sheet: sheet.write_row(0, 0, ("Ref", "Amount")))
    with pytest.raises(RequestRefused, match="In the sheet 'Requests': The columns do not fit"):
        opened(raw)


def test_a_sheet_without_a_value_is_refused() -> None:
    with pytest.raises(RequestRefused, match="blank"):
        opened(written(lambda *_: None))


def test_the_fingerprint_is_of_the_file_as_it_was_sent() -> None:
    raw = written(sheet_of(("a",)))
    assert opened(raw).digest == hashlib.sha256(raw).hexdigest()


def test_an_opendocument_sheet_is_read_likewise() -> None:
    cells = {
        "date": '<table:table-cell office:value-type="date" office:date-value="2026-03-04"/>',
        "half": '<table:table-cell office:value-type="percentage" office:value="0.5"/>',
        "error": '<table:table-cell table:formula="of:=1/0" office:value-type="string" '
        'office:string-value="" calcext:value-type="error"><text:p>#DIV/0!</text:p>'
        "</table:table-cell>",
        "long": '<table:table-cell office:value-type="float" office:value="1234567890123456"/>',
        "blanks": '<table:table-cell table:number-columns-repeated="16380"/>',
    }
    hidden = (
        '<style:style style:name="h" style:family="table"><style:table-properties '
        'table:display="false"/></style:style>'
    )
    rows = [
        '<table:table-row table:number-rows-repeated="2"><table:table-cell/></table:table-row>',
        ods_row(*HEADINGS, more=cells["blanks"]),
        ods_row("a", more=cells["date"] + cells["half"]),
        ods_row("b", more=cells["date"] + cells["error"]),
        ods_row("c", more=cells["date"] + cells["long"]),
        '<table:table-row table:number-rows-repeated="1048000">' + cells["blanks"]
        + "</table:table-row>",
    ]  # fmt: skip
    raw = ods(
        f'<table:table table:name="Old" table:style-name="h">{ods_row(*HEADINGS)}</table:table>'
        f'<table:table table:name="New">{"".join(rows)}</table:table>',
        hidden,
    )
    table = opened(raw)
    good, prepared = read(table)
    assert good == [{"ref": "a", "received": "2026-03-04", "amount": "0.5", "ward": None}]
    assert faults(prepared) == [(5, "amount", "type"), (6, "amount", "digits")]
    assert table.encoding == "ods"
    assert "shown as percentages" in said(table)
    assert "hidden sheet(s) were not read: Old" in said(table)


def test_a_date_stays_a_date_in_a_text_field() -> None:
    def fill(book: Any, sheet: Any) -> None:
        sheet.write_row(0, 0, HEADINGS)
        sheet.write(1, 0, "a")
        sheet.write_datetime(1, 3, date(2026, 3, 4), book.add_format({"num_format": "dd/mm/yy"}))

    assert read(opened(written(fill)))[0][0]["ward"] == "2026-03-04"
