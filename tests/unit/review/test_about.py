"""What something is about, and its quarter, are read in one way."""

import pytest

from shared.review.about import About, quarter_of, quarters_of, read_about, read_quarter


@pytest.mark.parametrize(
    ("text", "about"),
    [
        ("indicator/recycling-rate", About("indicator", "recycling-rate")),
        ("  indicator/recycling-rate ", About("indicator", "recycling-rate")),
        ("position/GF/waste", About("position", "waste", "GF")),
        ("position/GF/HRA/waste", About("position", "waste", "GF/HRA")),
        ("risk/R1", About("risk", "R1")),
        ("risk/R 1/a", About("risk", "R 1/a")),
    ],
)
def test_what_it_is_about_is_read_and_written_as_it_was(text: str, about: About) -> None:
    assert read_about(text) == about
    assert about.text == text.strip()


@pytest.mark.parametrize(
    "text",
    ["", "indicator", "indicator/", "indicator/a/b", "position/GF", "position/GF/", "position//x",
     "risk/", "risk/ ", "salary/12", "Indicator/x", "risk/" + "R" * 300],
)  # fmt: skip
def test_what_is_about_nothing_is_not_read(text: str) -> None:
    assert read_about(text) is None


def test_a_quarter_knows_its_days_and_its_accounting_period() -> None:
    found = read_quarter("2026-27-Q4")
    assert found is not None
    assert (found.start, found.end, found.year, found.last_period) == (
        "2027-01-01", "2027-03-31", "2026-27", 12,
    )  # fmt: skip
    assert found.days_after(20) == "2027-04-20"


@pytest.mark.parametrize("text", ["", "2026-27", "2026-07", "2026-27-Q5", "Q1", "2026-Q1"])
def test_what_is_no_quarter_of_a_financial_year_is_none(text: str) -> None:
    assert read_quarter(text) is None


def test_every_day_lies_in_one_quarter() -> None:
    days = ("2026-04-01", "2026-06-30", "2026-07-01", "2026-12-31", "2027-03-31")
    codes = [quarter_of(day).code for day in days]
    assert codes == ["2026-27-Q1", "2026-27-Q1", "2026-27-Q2", "2026-27-Q3", "2026-27-Q4"]
    assert [each.last_period for each in quarters_of("2026-27")] == [3, 6, 9, 12]
    assert quarters_of("2026") == []
