"""Financial years and accounting periods, as ledgers write them."""

import pytest

from services.ingest.domain.accounting import financial_year, period
from services.ingest.domain.refusals import ValueRefused


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("2025-26", "2025-26"),
        ("2025/26", "2025-26"),
        ("2025/2026", "2025-26"),
        ("202526", "2025-26"),
        ("FY2025/26", "2025-26"),
        ("fy 2025-2026", "2025-26"),
        ("1999/00", "1999-00"),
        # A short form that could be read as a month is written in full.
        ("2010/11", "2010-2011"),
        ("2010-2011", "2010-2011"),
    ],
)
def test_a_year_is_read_in_every_plain_spelling(text: str, code: str) -> None:
    assert financial_year(text) == code


@pytest.mark.parametrize(
    # FY26 ends in 2026 for one council and begins in it for another.
    "text",
    ["2025", "25/26", "FY26", "2025-27", "2025-25", "1025-26", "next", "２０２５-26", ""],
)
def test_what_is_no_financial_year_is_refused(text: str) -> None:
    with pytest.raises(ValueRefused) as refused:
        financial_year(text)
    assert refused.value.rule == "type"


@pytest.mark.parametrize(
    ("text", "code"),
    [
        *((text, "P07") for text in ("P07", "p7", "07", "7", "M07", "P 7", "Period 7")),
        ("P13", "P13"),
        ("202507", "2025-26-P07"),
        ("202513", "2025-26-P13"),
        ("2025/07", "2025-26-P07"),
        ("2025-26 P07", "2025-26-P07"),
        ("2025/26 P7", "2025-26-P07"),
        ("2025-26-P07", "2025-26-P07"),
        ("P07 2025/26", "2025-26-P07"),
        ("2010-2011-P01", "2010-2011-P01"),
    ],
)
def test_a_period_is_read_in_every_plain_spelling(text: str, code: str) -> None:
    assert period(text) == code
    assert period(code) == code


@pytest.mark.parametrize("text", ["0", "00", "P00", "202500", "14", "P14", "202514", "2025-26 P99"])
def test_a_period_that_no_year_has_is_refused_by_its_own_rule(text: str) -> None:
    with pytest.raises(ValueRefused) as refused:
        period(text)
    assert refused.value.rule == "period"


@pytest.mark.parametrize(
    "text", ["April", "2025-07", "2025-26", "102507", "P", "7.5", "-7", "2025-27 P07", "P7 P8", "٧"]
)
def test_what_is_no_period_is_refused(text: str) -> None:
    with pytest.raises(ValueRefused) as refused:
        period(text)
    assert refused.value.rule == "type"
