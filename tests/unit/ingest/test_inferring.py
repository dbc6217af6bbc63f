"""A contract is proposed from what the rows show, with its doubts."""

import io
import json

import pytest
import xlsxwriter

from services.ingest.domain.inferring.days import day_of
from services.ingest.domain.inferring.looks import is_nhs_number, look
from services.ingest.domain.refusals import RequestRefused
from tests.unit.ingest.proposing import loaded, proposal


def column(heading: str, *values: str) -> str:
    """A file with this column beside a reference."""
    return f"Ref,{heading}\n" + "".join(f'R{at},"{value}"\n' for at, value in enumerate(values, 1))


def test_a_day_over_twelve_tells_days_from_months() -> None:
    told = proposal(column("Opened", "02/03/2026", "13/03/2026", "04/05/2026"))
    assert told.field("opened").formats == ["%d/%m/%Y"]
    assert "1 can only have the day first" in told.unsure
    american = proposal(column("Opened", "03/02/2026", "03/13/2026", "05/04/2026"))
    assert american.field("opened").formats == ["%m/%d/%Y"]
    assert "months before days, as in America" in american.unsure


def test_where_no_value_tells_days_from_months_a_person_is_asked() -> None:
    told = proposal(column("Opened", "02/03/2026", "04/05/2026"))
    assert told.field("opened").formats == ["%d/%m/%Y"]
    assert "no value tells day from month" in told.unsure
    other = proposal("Ref,Opened,Closed\n1,02/03/2026,03/13/2026\n2,04/05/2026,05/14/2026\n")
    assert other.field("opened").formats == ["%m/%d/%Y"]
    assert "another column of the file has it so" in other.unsure


def test_two_ways_of_writing_days_in_one_column_are_text_and_told() -> None:
    told = proposal(column("Opened", "13/03/2026", "03/14/2026", "01/02/2026"))
    assert told.types["opened"] == "text"
    assert "two ways of writing are mixed" in told.unsure


@pytest.mark.parametrize(
    ("values", "kind", "formats"),
    [
        (("2026-03-31", "2026-04-01"), "date", []),
        (("31-Mar-2026", "1-Apr-2026"), "date", ["%d-%b-%Y"]),
        (("31 March 2026", "1 April 2026"), "date", ["%d %B %Y"]),
        (("31/03/26", "01/04/26"), "date", ["%d/%m/%y"]),
        (("31.03.2026", "01.04.2026"), "date", ["%d.%m.%Y"]),
        (("2026/03/31", "2026/04/01"), "date", ["%Y/%m/%d"]),
        (("31/03/2026 02:05:00 PM",), "datetime", ["%d/%m/%Y %I:%M:%S %p"]),
        (("31/03/2026 14:05",), "datetime", ["%d/%m/%Y %H:%M"]),
        (("2026-03-31T14:05:00Z",), "datetime", []),
        (("2026-03-31 14:05:00.000",), "datetime", []),
        (("31/03/2026", "31/03/2026 14:05"), "datetime", ["%d/%m/%Y", "%d/%m/%Y %H:%M"]),
    ],
)
def test_days_and_times_are_read_as_they_are_written(
    values: tuple[str, ...], kind: str, formats: list[str]
) -> None:
    told = proposal(column("Opened", *values))
    assert told.types["opened"] == kind
    assert sorted(told.field("opened").formats) == sorted(formats)


def test_days_that_do_not_exist_are_no_days() -> None:
    assert day_of("31/06/2026") is None
    assert day_of("2026-02-30") is None
    assert day_of("25:00") is None
    told = proposal(column("Opened", *["30/06/2026"] * 99, "31/06/2026"))
    assert told.types["opened"] == "text"
    assert "99 of 100 are days, but not '31/06/2026' in row 101" in told.unsure


@pytest.mark.parametrize(
    ("heading", "values", "kind"),
    [
        ("Visits", ("1", "-20", "300"), "integer"),
        ("Score", ("1.25", "2", "3.125"), "decimal"),
        ("Residents", ("1,204", "980"), "decimal"),
        ("Total", ("£1,204.50", "(5.00)", "7.00CR"), "money"),
        ("Amount", ("313.4", "49", "-2.05"), "money"),
        ("Answered in time", ("Yes", "no", "Y"), "boolean"),
        ("Year", ("2025/26", "2026-27"), "financial-year"),
        ("Period", ("P01", "P13"), "period"),
        ("Period", ("202501", "202513"), "period"),
        ("Month total", ("202501", "202512"), "integer"),
        ("Score", ("45%", "50%"), "text"),
        ("Score", ("1.2E+05", "3"), "text"),
        ("Total", ("$5.00", "$6.00"), "text"),
        ("Case", ("00123", "04567"), "text"),
        ("Case number", ("123", "4567"), "text"),
        ("UPRN", ("10001234567", "100012345"), "text"),
        ("Long", ("123456789012345678901", "2"), "text"),
    ],
)
def test_each_type_is_told_by_how_its_values_are_written(
    heading: str, values: tuple[str, ...], kind: str
) -> None:
    told = proposal(column(heading, *values))
    assert list(told.types.values())[1] == kind


def test_doubts_about_numbers_are_told() -> None:
    assert "end with %" in proposal(column("Share", "45%", "50%")).unsure
    assert "a spreadsheet has lost digits" in proposal(column("Share", "1.2E+05", "3")).unsure
    assert "are not in pounds" in proposal(column("Total", "$5", "$6")).unsure
    assert "a yes or no?" in proposal(column("Open", "0", "1", "0")).unsure
    assert "where 01 is April?" in proposal(column("Period", "202501", "202512")).unsure
    assert "lost noughts" in proposal(column("Company number", "1234567", "12345678")).unsure
    assert "leading noughts: nothing is padded" in proposal(column("USRN", "1803445", "2")).unsure


def test_what_stands_for_nothing_is_blank() -> None:
    told = proposal(column("Visits", "1", "n/a", "-", "[x]", "", "x", "2"))
    assert told.types["visits"] == "integer"
    assert sorted(told.field("visits").null_markers) == ["-", "[x]", "n/a", "x"]
    minus = proposal(column("Worker", "7", "-1", "9", "-1"))
    assert minus.field("worker").null_markers == ["-1"]
    assert "-1 stands 2 times and nothing else is below nought" in minus.unsure
    assert proposal(column("Change", "7", "-1", "-9")).field("change").null_markers == []


def test_few_kinds_are_choices_and_many_are_not() -> None:
    told = proposal(column("Status", *["Open", "Closed"] * 30))
    assert told.field("status").choices == ["Closed", "Open"]
    assert "another one would be rejected" in told.unsure
    assert proposal(column("Status", "Open", "Closed")).field("status").choices == []


def test_the_key_is_a_reference_two_or_three_together_or_all_of_it() -> None:
    assert proposal("Score,Case ref\n1.5,A1\n2.5,A2\n").dataset.key == ["case_ref"]
    pair = proposal("Ward,Month,Visits\nA,P01,5\nA,P02,5\nB,P01,5\nB,P02,5\n")
    assert pair.dataset.key == ["ward", "month"]
    three = "Ward,Month,Kind,Visits\n" + "".join(
        f"{ward},{month},{kind},7\n" for ward in "AB" for month in ("P01", "P02") for kind in "xyw"
    )
    assert proposal(three).dataset.key == ["ward", "month", "kind"]
    alike = proposal("Ward,Visits\nA,5\nA,5\n")
    assert alike.dataset.key == "content"
    assert "equal rows are separate records" in alike.unsure
    assert "2 rows prove little" in proposal("Ref,Visits\nA,5\nB,5\n").unsure


def test_a_number_that_differs_by_chance_is_no_key() -> None:
    told = proposal("Kind,Cost\n" + "".join(f"A,{at}.50\n" for at in range(40)))
    assert told.dataset.key == "content"


PEOPLE = (
    "Ref,NHS Number,NI,Mail to,Ring,Home,Surname,Date of birth,Client name,Case notes,Area name\n"
    "1,943 476 5919,AB123456C,a@example.org,01225 477000,BA1 1LZ,Lee,01/02/1950,Kim Lee,"
    '"she rang and said that the bins of the house next door smell",Abbey\n'
    "2,9434765870,AB123456D,b@example.org,01225 477001,BA2 3DZ,Ray,13/04/1961,Jo Ray,"
    '"he wrote twice to say that nobody had come to look at it",Bathwick\n'
    "3,9434765838,AB123457D,c@example.org,01225 477002,BA2 4DZ,Fox,15/04/2001,Al Fox,"
    '"they met on site and looked at the drains and at the wall",Combe\n'
)


def test_columns_that_look_like_people_are_left_out_and_named() -> None:
    told = proposal(PEOPLE)
    assert set(told.types) == {"ref", "area_name"}
    for words in (
        "NHS numbers", "National Insurance numbers", "email addresses", "telephone numbers",
        "full postcodes",
        "names of people, by the heading", "dates of birth, by the heading", "free text",
    ):  # fmt: skip
        assert words in told.unsure, words
    assert told.text.count("personal: identifier") == 9
    assert "Kim" not in told.text
    assert "1950" not in told.text
    assert loaded(PEOPLE, told).rejected == 0


def test_numbers_of_people_are_known_by_their_check_digit() -> None:
    assert is_nhs_number("9434765919")
    assert not is_nhs_number("9434765918")
    assert not is_nhs_number("0000000000")
    assert "NHS number" in look("943 476 5919").kinds
    # A tenth digit that is right by accident is right in one of eleven.
    told = proposal(column("Order no", *(f"{1234567890 + at * 7919}" for at in range(40))))
    assert "order_no" in told.types


def test_a_reference_that_was_left_out_can_be_let_in_as_a_keyed_hash() -> None:
    told = proposal("Email,Ward\na@example.org,A\nb@example.org,A\nc@example.org,B\n")
    assert "let it in with pseudonymise: true" in told.unsure


def test_titles_blank_lines_repeated_headings_ragged_rows_and_totals_are_told() -> None:
    sent = (
        "Fines issued,,\n,,\nReport of 1 April 2026,,\nRef,Issued,Amount\n"
        + "".join(f"F{at},0{at}/04/2026,£{at}0.00\n" for at in range(1, 9))
        + "Ref,Issued,Amount\nF9\n,,\nF10,10/04/2026,£5.00\nTotal,,£365.00\n,,\nSource: parking,,\n"
    )
    told = proposal(sent)
    assert told.types == {"ref": "text", "issued": "date", "amount": "money"}
    assert told.dataset.key == ["ref"]
    for words in (
        "3 row(s) above the headings are passed over",
        "1 row(s) repeat the headings",
        "1 row(s) have more or fewer values",
        "3 row(s) from row 17 on look like a footer",
        "9 of them are let in by it",
    ):
        assert words in told.unsure, words
    found = loaded(sent, told)
    assert found.rows == [*range(5, 13), 16, 17]
    assert [each.row for each in found.rejections] == [13, 14, 15, 18, 19]


def test_a_column_that_says_the_same_or_nothing_is_asked_about() -> None:
    told = proposal("Ref,Council,Spare\nA,Bath,\nB,Bath,\n")
    assert "'Bath' in every row: is it needed?" in told.unsure
    assert "it says nothing in any row" in told.unsure


def test_names_are_of_letters_and_stand_for_one_column() -> None:
    told = proposal("Ref,Où?,ou,1st,class,%\nA,1,2,3,4,5\nB,1,2,3,4,5\n")
    assert list(told.types) == ["ref", "ou_2", "ou", "n_1st", "class_value", "column"]
    assert told.field("column").headers == ["%"]


def test_headings_may_be_numbers_or_blank_and_a_title_is_none() -> None:
    assert list(proposal("Ward,2024,2025\nAbbey,1,2\nMill,3,4\n").types) == [
        "ward",
        "n_2024",
        "n_2025",
    ]
    told = proposal("Made on,01/04/2026,,\n,Ward,Visits,Cost\nx,Abbey,5,1.5\ny,Mill,6,2.5\n")
    assert list(told.types) == ["ward", "visits", "cost"]
    assert "1 column(s) without a heading are dropped" in told.unsure
    assert "reads like values" in proposal("1,2026-04-01\n2,2026-04-02\n").unsure


def test_a_heading_that_is_there_twice_is_refused_with_the_reason() -> None:
    with pytest.raises(RequestRefused, match="there twice"):
        proposal("Ref,Amount,amount\nA,1,2\n")


def test_what_is_no_table_is_refused() -> None:
    for raw in (b"", b"\n\n,,\n", b"%PDF-1.7", b"\xff\xfea\0", b'{"a": 1}\nnot json\n'):
        with pytest.raises(RequestRefused):
            proposal(raw)


def test_what_a_file_holds_never_gets_out_of_its_quotes() -> None:
    nasty = 'a"]}\n  - code: evil # \u2028\x85'
    cell = nasty.replace('"', '""')
    sent = 'Ref,"x: y # {z} ""q"""\n' + "".join(f'R{n},"{cell}"\n' for n in range(60))
    told = proposal(sent)
    assert len(told.dataset.fields) == 2
    assert told.dataset.code == "proposed"


def test_a_workbook_is_read_by_its_typed_cells() -> None:
    out = io.BytesIO()
    book = xlsxwriter.Workbook(out, {"in_memory": True})
    for name in ("Notes", "Fines"):
        sheet = book.add_worksheet(name)
        day = book.add_format({"num_format": "dd/mm/yyyy"})
        if name == "Notes":
            sheet.write(0, 0, "Nothing here")
            continue
        sheet.write_row(0, 0, ["Ref", "Issued", "Amount"])
        for row in range(1, 6):
            sheet.write(row, 0, f"F{row}")
            sheet.write_number(row, 1, 46_000 + row, day)
            sheet.write_number(row, 2, row * 10.5)
    book.close()
    told = proposal(out.getvalue(), "fines.xlsx", "Fines")
    assert told.types == {"ref": "text", "issued": "date", "amount": "money"}
    assert "5 of them are let in by it" in told.unsure
    assert ".." not in told.unsure


def test_lines_of_json_have_types_of_their_own() -> None:
    rows = [
        {"data": {"ref": f"R{at}", "count": at, "cost": at + 0.25, "open": at % 2 == 0,
                  "tags": ["a"], "mixed": True if at % 2 else "perhaps", "at": "2026-04-01"}}
        for at in range(6)
    ]  # fmt: skip
    told = proposal("\n".join(map(json.dumps, rows)) + "\n", "rows.ndjson")
    assert told.types == {
        "ref": "text", "count": "integer", "cost": "money", "open": "boolean", "at": "date",
    }  # fmt: skip
    assert "its values come as nested" in told.unsure
    assert "its values come as text and yes/no" in told.unsure


def test_only_the_first_rows_are_read_and_that_is_said(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("services.ingest.domain.inferring.proposal.MOST_ROWS", 50)
    told = proposal(column("Status", *["Open", "Closed"] * 40))
    assert "only the first 50 rows were read" in told.unsure
    assert told.field("status").choices == []
    assert "only 2 kinds were seen, but not in every row" in told.unsure
