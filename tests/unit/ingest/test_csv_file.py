"""CSV as the world writes it: read where it is clear, refused in words where it is not."""

import pytest

from services.ingest.domain.contract import Contract
from services.ingest.domain.csv_file import LONGEST_CELL
from services.ingest.domain.refusals import RequestRefused
from tests.unit.ingest.contracts import GOOD, HEADER, checked, contract, opened, rules

GOOD_FILE = f"{HEADER}\n{GOOD}\n"


def refusal(text: str | bytes) -> RequestRefused:
    with pytest.raises(RequestRefused) as refused:
        list(opened(text).lines)
    assert refused.value.detail
    return refused.value


def test_a_plain_file_is_read() -> None:
    prepared = checked(GOOD_FILE)
    assert prepared.received == 1
    assert prepared.states == [
        (
            "requests/a1",
            b'{"dataset":"requests","key":"a1","fields":{"amount":"12.50",'
            b'"received":"2026-01-31","ref":"a1","visits":3,"ward":"27"}}',
        )
    ]


@pytest.mark.parametrize(
    "text",
    [
        "\ufeff" + GOOD_FILE,
        GOOD_FILE.replace("\n", "\r\n"),
        GOOD_FILE.replace("\n", "\r"),
        GOOD_FILE.rstrip("\n"),
        GOOD_FILE + "\n\n\n",
        "Ward,Visits,Amount,ReceivedDate,Ref\n27,3,12.50,31/01/2026,a1\n",
        "Ref,Colour,ReceivedDate,Amount,Visits,Ward,\na1,red,31/01/2026,12.50,3,27,\n",
        "reference no, RECEIVED_DATE ,amount,visits,WARD\na1,31/01/2026,12.5,3,27\n",
        f"{HEADER}\n{GOOD},,,\n",
        f'{HEADER}\n"a1","31/01/2026","12.50","3","27"\n',
    ],
    ids=["bom", "crlf", "cr", "no-end", "blank-lines", "reordered", "extra", "headers",
         "trailing-commas", "quoted"],
)  # fmt: skip
def test_the_same_rows_in_another_form_are_the_same_records(text: str) -> None:
    prepared = checked(text)
    assert prepared.rejections == []
    assert prepared.states == checked(GOOD_FILE).states


@pytest.mark.parametrize(
    "above",
    [
        "A title\n",
        "\n\n",
        "Title,,,,\n,,,,\n,,,,\n",
        "\"sql select a, b\",,,\nsql where x = 'y',,,\nquery,,,\n",
        "Ref,Amount\n",
        "A title\n" * 40,
    ],
)
def test_headers_are_found_further_down(above: str) -> None:
    file = opened(above + GOOD_FILE)
    assert file.passed_over == above.count("\n")
    assert checked(above + GOOD_FILE).states == checked(GOOD_FILE).states
    bad = checked(above + GOOD_FILE + "b,x,1,1,1\n")
    assert rules(bad) == [(above.count("\n") + 3, "received", "format")]
    assert opened(GOOD_FILE).passed_over == 0


def test_a_column_that_a_file_need_not_have_is_blank_without_it() -> None:
    fields = [
        {"name": "ref", "type": "text"},
        {"name": "note", "type": "text", "optional": True},
        {"name": "amount", "type": "money", "optional": True, "required": True},
    ]
    of = contract(fields=fields)
    whole = "ref,note,amount\na1,,5\n"
    assert checked("amount,ref\n5,a1\n5,,\n", of).states == checked(whole, of).states
    # A value that must be there is asked for, row by row.
    assert rules(checked("ref\na1\n", of)) == [(2, "amount", "required")]
    assert "ref" in refusal_of("note,amount\nx,5\n", of)


def refusal_of(text: str, of: Contract) -> str:
    with pytest.raises(RequestRefused) as refused:
        opened(text, of)
    return refused.value.detail


def test_a_file_that_is_not_utf8_is_read_as_cp1252_and_says_so() -> None:
    raw = f"{HEADER}\na1,31/01/2026,1,1,Caf\u00e9 \u2013 \u00a35\n".encode("cp1252")
    assert opened(raw).encoding == "cp1252"
    assert "Caf\u00e9 \u2013 \u00a35".encode() in (checked(raw).states[0][1] or b"")
    assert opened(GOOD_FILE).encoding == "utf-8"


def test_columns_that_are_not_named_are_dropped_and_listed() -> None:
    file = opened("Ref,NHS number,ReceivedDate,Amount,Visits,Ward,\na1,9,31/01/2026,1,1,1,\n")
    assert file.dropped == ["NHS number"]
    assert b"NHS" not in (checked(GOOD_FILE).states[0][1] or b"")


@pytest.mark.parametrize(
    ("text", "says"),
    [
        (b"", "empty"),
        (b"\n\n", "header"),
        (b" , \n", "header"),
        (b"\xef\xbb\xbf", "header"),
        ((b"\n" * 3) + b"One,Two\n1,2\n", "Ref"),
        (b"A title\n" * 41 + GOOD_FILE.encode(), "Ref"),
        (GOOD_FILE.encode() + b"\0", "NUL"),
        (GOOD_FILE.encode("utf-16"), "UTF-16"),
        (b"\xef\xbb\xbf" + GOOD_FILE.encode() + b"\xff\xfe\xa3", "UTF-8"),
        ((HEADER + "\n" + GOOD + '\na2,31/01/2026,1,1,"open\n' + GOOD).encode(), "never closes"),
        ((HEADER + "\n" + "x" * (LONGEST_CELL + 1) + ",,,,\n").encode(), "longer than"),
        (("x" * (LONGEST_CELL + 1) + "\n").encode(), "header"),
        ((HEADER + ",x" * 1_000 + "\n").encode(), "columns"),
    ],
)
def test_a_file_that_cannot_be_told_apart_is_refused(text: bytes, says: str) -> None:
    refused = refusal(text)
    assert refused.status == 422
    assert says in refused.detail


def test_missing_columns_are_all_named() -> None:
    refused = refusal("Ref,Amount\na1,1\n")
    assert refused.status == 422
    assert [each["column"] for each in refused.problems] == ["ReceivedDate", "visits", "Ward"]
    assert "ReceivedDate" in refused.detail


@pytest.mark.parametrize(
    "header", [f"{HEADER},Ward", f"{HEADER},Colour,colour", f"{HEADER},reference no"]
)
def test_duplicate_columns_are_refused(header: str) -> None:
    refused = refusal(f"{header}\n")
    assert refused.status == 422
    assert len(refused.problems) == 1


def test_a_header_alone_has_no_rows() -> None:
    assert checked(HEADER).received == 0


def test_bad_rows_are_rejected_by_their_spreadsheet_row_and_good_rows_are_kept() -> None:
    prepared = checked(
        f"{HEADER}\n"
        f"{GOOD}\n"
        "a2,31/02/2026,1,1,1\n"
        "a3,31/01/2026,1,1\n"
        "a4,31/01/2026,1,1,1,surplus\n"
        f"{HEADER.upper()}\n"
        ",,,,\n"
        "a5,31/01/2026,NaN,Infinity,1\n"
        'a6,31/01/2026,1,1,"inn"er\n'
        "a7,31/01/2026,1,1,1\n"
    )
    assert rules(prepared) == [
        (3, "received", "format"),
        (4, None, "row-length"),
        (5, None, "row-length"),
        (6, None, "repeated-header"),
        (7, None, "blank-row"),
        (8, "amount", "type"),
        (8, "visits", "type"),
        (9, None, "quoting"),
    ]
    assert [subject for subject, _ in prepared.states] == ["requests/a1", "requests/a7"]
    assert prepared.received == 9 == prepared.rejected + len(prepared.states)


def test_a_line_break_inside_quotes_is_part_of_one_row() -> None:
    prepared = checked(f'{HEADER}\na1,31/01/2026,1,1,"two\nlines"\na2,31/01/2026,x,1,1\n')
    assert rules(prepared) == [(3, "amount", "type")]


def test_a_row_rejected_as_a_whole_keeps_nothing_of_what_it_held() -> None:
    prepared = checked(f"{HEADER}\nA Resident,12 High Street\n")
    assert [each.raw for each in prepared.rejections] == [None]
    assert "Resident" not in prepared.rejections[0].reason
