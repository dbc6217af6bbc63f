"""What people download is never run by the spreadsheet that opens it."""

import csv
import io

import pytest

from services.ingest.domain.csv_out import guarded, unguarded, write_csv

FORMULAS = (
    "=cmd|'/C calc'!A0",
    '=HYPERLINK("http://example.test","x")',
    "@SUM(A1)",
    "+1+1",
    "-2+3",
    "\t=1",
    "\r=1",
    "\n=1",
    " =1",
    '"=1',
    ";=1",
    "\ufeff=1",
    "\uff1d1",
    "\uff0b1+1",
    "\uff0d2+3",
    "\uff20SUM(A1)",
    "-cmd",
    "+44 20 7946 0000",
)


@pytest.mark.parametrize("text", FORMULAS)
def test_what_would_be_a_formula_gets_an_apostrophe(text: str) -> None:
    assert guarded(text) == "'" + text


@pytest.mark.parametrize("text", ["-5", "+3", "-1,234.50", "-0.7%", "12", "", "a=1", "10-12", "'x"])
def test_plain_numbers_and_plain_words_stay_as_they_are(text: str) -> None:
    assert guarded(text) == text


@pytest.mark.parametrize("text", [*FORMULAS, "-5", "plain", "'quoted'", ""])
def test_what_was_guarded_comes_back(text: str) -> None:
    assert unguarded(guarded(text)) == text


def test_an_apostrophe_that_somebody_wrote_stays() -> None:
    assert unguarded("'tis the season") == "'tis the season"


def test_headers_and_cells_are_guarded_and_quoted() -> None:
    out = io.StringIO(newline="")

    write_csv(out, ["=a", "b"], [["-5", ";=1"], ['say "no"', "two\nlines"]])

    assert out.getvalue().startswith('"\'=a","b"\r\n"-5","\';=1"\r\n')
    rows = list(csv.reader(io.StringIO(out.getvalue(), newline="")))
    assert rows == [["'=a", "b"], ["-5", "';=1"], ['say "no"', "two\nlines"]]
