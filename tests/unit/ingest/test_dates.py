"""Dates mean what the contract's formats say, and nothing else."""

import pytest

from services.ingest.domain.dates import reader
from services.ingest.domain.refusals import ValueRefused

UK = ["%d/%m/%Y %I:%M:%S %p"]


@pytest.mark.parametrize(
    ("formats", "text", "canonical"),
    [
        (UK, "11/11/2019 09:36:00 AM", "2019-11-11T09:36:00"),
        (UK, "21/11/2019 12:00:00 AM", "2019-11-21T00:00:00"),
        (UK, "21/11/2019 12:00:00 PM", "2019-11-21T12:00:00"),
        (UK, "13/09/2017 03:57:00 pm", "2017-09-13T15:57:00"),
        (["%d %b %Y"], "1 sep 2026", "2026-09-01T00:00:00"),
        (["%d %B %Y"], "1 September 2026", "2026-09-01T00:00:00"),
        (["%d/%m/%y"], "02/03/26", "2026-03-02T00:00:00"),
        ([], "2026-03-31 14:30:15.123", "2026-03-31T14:30:15"),
        ([], "2026-01-31T14:30:00Z", "2026-01-31T14:30:00"),
        ([], "2026-07-31T23:30:00Z", "2026-08-01T00:30:00"),
        ([], "2026-07-31T23:30:00+02:00", "2026-07-31T22:30:00"),
        (UK, "2019-11-11T09:36:00", "2019-11-11T09:36:00"),
    ],
)
def test_a_date_and_time_becomes_london_wall_time(
    formats: list[str], text: str, canonical: str
) -> None:
    assert reader("datetime", formats)(text) == canonical


def test_the_contract_alone_decides_which_is_the_month() -> None:
    assert reader("date", ["%d/%m/%Y"])("02/03/2026") == "2026-03-02"
    assert reader("date", ["%m/%d/%Y"])("02/03/2026") == "2026-02-03"


def test_formats_are_tried_in_their_order() -> None:
    read = reader("date", ["%d/%m/%Y", "%m/%d/%Y"])
    assert read("02/03/2026") == "2026-03-02"
    with pytest.raises(ValueRefused):
        read("01/31/2026")  # it has the form of the first, in which there is no such day


def test_a_year_first_format_of_the_contract_rules_out_iso() -> None:
    assert reader("date", ["%Y-%d-%m"])("2026-02-03") == "2026-03-02"


@pytest.mark.parametrize(
    "text",
    ["31/02/2026", "29/02/2027", "00/01/2026", "32/01/2026", "1/1/26", "yesterday", "20260131",
     "31/01/1026", "31/12/9999", "01/02/2026 ", "\u0661\u0661/01/2026", "44927"],
)  # fmt: skip
def test_what_is_no_real_date_in_a_format_is_refused(text: str) -> None:
    with pytest.raises(ValueRefused) as refused:
        reader("date", ["%d/%m/%Y"])(text)
    assert refused.value.rule == "format"
    assert repr(text) in refused.value.reason


@pytest.mark.parametrize("text", ["11/11/2019 13:00:00 PM", "11/11/2019 00:30:00 AM"])
def test_a_12_hour_time_has_hours_1_to_12(text: str) -> None:
    with pytest.raises(ValueRefused):
        reader("datetime", UK)(text)


@pytest.mark.parametrize("offset", ["+99:99", "-24:00"])
def test_an_impossible_offset_is_refused(offset: str) -> None:
    with pytest.raises(ValueRefused):
        reader("datetime", [])(f"2026-01-01T00:00:00{offset}")


def test_a_format_that_cannot_be_understood_is_told() -> None:
    with pytest.raises(ValueError, match="%Q"):
        reader("date", ["%d/%Q"])
