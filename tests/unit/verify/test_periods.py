from datetime import date

import pytest

from deploy.verify.dates import month_number
from deploy.verify.periods import (
    UnknownPeriod,
    before,
    begun,
    begun_since,
    parse,
    period_at,
    year_before,
)


@pytest.mark.parametrize(
    ("code", "kind", "start", "end"),
    [
        ("2024-02-29", "day", "2024-02-29", "2024-02-29"),
        ("2024-02", "month", "2024-02-01", "2024-02-29"),
        ("2010-11", "month", "2010-11-01", "2010-11-30"),
        ("2025-26-Q4", "quarter", "2026-01-01", "2026-03-31"),
        ("2010-2011-Q1", "quarter", "2010-04-01", "2010-06-30"),
        ("1999-00", "financial-year", "1999-04-01", "2000-03-31"),
        ("2010-2011", "financial-year", "2010-04-01", "2011-03-31"),
        ("2025-26-to-04", "year-to-date", "2025-04-01", "2025-04-30"),
        ("2025-26-to-01", "year-to-date", "2025-04-01", "2026-01-31"),
        ("2010-2011-to-03", "year-to-date", "2010-04-01", "2011-03-31"),
        ("2025-26-AY", "academic-year", "2025-09-01", "2026-08-31"),
        ("2010-2011-AY", "academic-year", "2010-09-01", "2011-08-31"),
        ("2025-26-AY-to-11", "academic-year-to-date", "2025-09-01", "2025-11-30"),
        ("2025-26-AY-to-08", "academic-year-to-date", "2025-09-01", "2026-08-31"),
        ("2025", "calendar-year", "2025-01-01", "2025-12-31"),
        ("2025-to-09", "calendar-year-to-date", "2025-01-01", "2025-09-30"),
        ("2025-09-R3", "rolling-3-months", "2025-07-01", "2025-09-30"),
        ("2025-09-R12", "rolling-12-months", "2024-10-01", "2025-09-30"),
        ("2025-09-R24", "rolling-24-months", "2023-10-01", "2025-09-30"),
        ("2025-26-P3", "pooled-3-years", "2023-04-01", "2026-03-31"),
        ("2010-2011-P5", "pooled-5-years", "2006-04-01", "2011-03-31"),
        ("2025-P3", "pooled-3-calendar-years", "2023-01-01", "2025-12-31"),
        ("2025-P5", "pooled-5-calendar-years", "2021-01-01", "2025-12-31"),
        ("2021-04-to-2025-09", "cumulative", "2021-04-01", "2025-09-30"),
    ],
)
def test_a_code_names_one_stretch_of_days(code: str, kind: str, start: str, end: str) -> None:
    found = parse(code)
    assert found.code == code
    assert (found.kind, found.start.isoformat(), found.end.isoformat()) == (kind, start, end)


@pytest.mark.parametrize(
    "code",
    (
        "25 2025-13 2025-27 2010-11-Q1 2025-26-Q5 2025-26-to-13 2025-26-to-9 2025-02-29 2025-09-R6"
        " 2025-26-P4 2025-26-AY-P3 2025-26-AY-Q1 2025-Q1 2010-11-AY 2025-00 2021-13-to-2025-09"
        " 2025-26-AY-to-00 2025-09-to-11 2025-26-to-2025-27 202 a"
    ).split(),
)
def test_other_texts_are_no_periods(code: str) -> None:
    with pytest.raises(UnknownPeriod):
        parse(code)


@pytest.mark.parametrize(
    ("code", "earlier", "last_year"),
    [
        ("2025-04-01", "2025-03-31", "2024-04-01"),
        ("2024-02-29", "2024-02-28", "2023-02-28"),
        ("2025-02-28", "2025-02-27", "2024-02-28"),
        ("2025-01", "2024-12", "2024-01"),
        ("2025-26-Q1", "2024-25-Q4", "2024-25-Q1"),
        ("2012-13", "2011-2012", "2011-2012"),
        ("2025-26-to-05", "2025-26-to-04", "2024-25-to-05"),
        ("2025-26-to-04", "2024-25-to-03", "2024-25-to-04"),
        ("2025-26-to-01", "2025-26-to-12", "2024-25-to-01"),
        ("2025-26-AY", "2024-25-AY", "2024-25-AY"),
        ("2025-26-AY-to-09", "2024-25-AY-to-08", "2024-25-AY-to-09"),
        ("2025", "2024", "2024"),
        ("2025-to-01", "2024-to-12", "2024-to-01"),
        ("2025-01-R12", "2024-12-R12", "2024-01-R12"),
        ("2025-26-P3", "2024-25-P3", "2024-25-P3"),
        ("2025-P5", "2024-P5", "2024-P5"),
        ("2021-04-to-2022-04", "2021-04-to-2022-03", "2021-04-to-2021-04"),
        ("2021-04-to-2022-03", "2021-04-to-2022-02", None),
        ("2021-04-to-2021-04", None, None),
    ],
)
def test_each_period_has_one_before_it_and_one_a_year_before(
    code: str, earlier: str | None, last_year: str | None
) -> None:
    found = before(parse(code)), year_before(parse(code))
    assert [None if each is None else each.code for each in found] == [earlier, last_year]


@pytest.mark.parametrize(
    ("code", "day"),
    [
        ("2025-09-14", "2025-09-14"),
        ("2025-09", "2025-09-01"),
        ("2025-26-Q2", "2025-07-01"),
        ("2025-26", "2025-04-01"),
        ("2025-26-AY", "2025-09-01"),
        ("2025", "2025-01-01"),
        ("2025-26-to-09", "2025-09-01"),
        ("2025-26-AY-to-11", "2025-11-01"),
        ("2025-to-09", "2025-09-01"),
        ("2025-09-R24", "2025-09-01"),
        ("2025-26-P3", "2025-04-01"),
        ("2025-P5", "2025-01-01"),
        ("2021-04-to-2025-09", "2025-09-01"),
    ],
)
def test_a_period_begins_on_a_day(code: str, day: str) -> None:
    first = date.fromisoformat(day)
    assert begun(parse(code), first)
    assert not begun(parse(code), date.fromordinal(first.toordinal() - 1))


@pytest.mark.parametrize(
    ("kind", "codes"),
    [
        ("day", ["2025-08-01", "2025-08-02"]),
        ("month", ["2025-06", "2025-07", "2025-08"]),
        ("quarter", ["2025-26-Q1", "2025-26-Q2"]),
        ("financial-year", ["2025-26"]),
        ("year-to-date", ["2025-26-to-06", "2025-26-to-07", "2025-26-to-08"]),
        ("academic-year", ["2024-25-AY"]),
        ("rolling-3-months", ["2025-06-R3", "2025-07-R3", "2025-08-R3"]),
        ("pooled-3-years", ["2025-26-P3"]),
        ("cumulative", ["2025-07-to-2025-07", "2025-07-to-2025-08"]),
    ],
)
def test_the_periods_since_june_are_listed_up_to_the_second_of_august(
    kind: str, codes: list[str]
) -> None:
    start = month_number("2025-08" if kind == "day" else "2025-06")
    origin = month_number("2025-07") if kind == "cumulative" else 0
    found = begun_since(kind, start, date(2025, 8, 2), origin)
    assert [period.code for period in found] == codes


def test_a_kind_that_nobody_knows_has_no_periods() -> None:
    with pytest.raises(UnknownPeriod):
        period_at("fortnight", month_number("2025-06"))
