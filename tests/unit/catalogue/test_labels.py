"""Periods as other people write them."""

import pytest

from deploy.verify import functions as recompute
from shared.catalogue.arithmetic import NotCalculable
from shared.catalogue.labels import month_of, period_end

KNOWN = {
    "2013/14": "2014-03-31",
    "1999/00": "2000-03-31",
    "2013/2014": "2014-03-31",
    "2019": "2019-12-31",
    "2021/22 Q1": "2021-06-30",
    "2021/22 Q4": "2022-03-31",
    "Q2 2024/25": "2024-09-30",
    "2021/22 Q1 - 2025/26 Q3": "2025-12-31",
    "2001 - 03": "2003-12-31",
    "1998 – 00": "2000-12-31",
    "2016/17 - 20/21": "2021-03-31",
    "1998/99 to 00/01": "2001-03-31",
    "2018 - 2020": "2020-12-31",
    "2024-06-30": "2024-06-30",
    "2024-04-01/P1Y": "2025-03-31",
    "2023-12-01/P3M": "2024-02-29",
    "2021-03-21/P1M": "2021-04-20",
    "2019-01-01/P3Y": "2021-12-31",
    "2025-26-Q3": "2025-12-31",
    "2024-25-AY": "2025-08-31",
    "Apr 2013 to Mar 2014": "2014-03-31",
    "Apr-13": "2013-04-30",
    "September 2024": "2024-09-30",
    " February  2024 ": "2024-02-29",
    "2010-11": "2010-11-30",
    "2010/11": "2011-03-31",
    "2025-26": "2026-03-31",
}


@pytest.mark.parametrize(("label", "day"), KNOWN.items())
def test_a_label_ends_on_the_last_day_of_its_period(label: str, day: str) -> None:
    assert period_end(label) == day
    assert recompute.labelled_end(label) == day


@pytest.mark.parametrize(
    "label",
    [
        "2021/23",
        "2016/17 - 20/22",
        "May - 03",
        "01 - 03",
        "soon",
        "Q5 2024/25",
        "20/21",
        "Smarch 2024",
        "Q1",
    ],
)
def test_a_label_that_names_no_period_gives_no_date(label: str) -> None:
    with pytest.raises(NotCalculable):
        period_end(label)
    with pytest.raises(recompute.NotCalculable):
        recompute.labelled_end(label)


MONTHS = {
    "2025-26-P01": "2025-04-01",
    "2025-26-P09": "2025-12-01",
    "2025-26-P10": "2026-01-01",
    "2025-2026-P12": "2026-03-01",
    "2025-26-P13": "2026-03-01",
    "1999-00-P11": "2000-02-01",
}


@pytest.mark.parametrize(("period", "day"), MONTHS.items())
def test_an_accounting_period_has_the_month_that_it_is_of(period: str, day: str) -> None:
    assert month_of(period) == day
    assert recompute.accounting_month(period) == day


def test_an_accounting_period_without_its_year_is_in_no_month() -> None:
    assert month_of("P07") is None
    assert recompute.accounting_month("P07") is None


@pytest.mark.parametrize(
    "period",
    ["P00", "P14", "p01", "2025-26", "2025-27-P01", "2025-P01", "2199-00-P01", "0000-01-P01", "",
     "2025-26-P1", "٢٠٢٥-26-P01", "2025-26-P01-P02", "-P01", "20252026-P01"],
)  # fmt: skip
def test_what_is_no_accounting_period_gives_no_month(period: str) -> None:
    with pytest.raises(NotCalculable):
        month_of(period)
    with pytest.raises(recompute.NotCalculable):
        recompute.accounting_month(period)
