from datetime import date
from decimal import Decimal
from random import Random

from deploy.sample.made import (
    between,
    by,
    days_in,
    exact,
    last_day,
    months_to,
    quarters_to,
    years_to,
)
from deploy.sample.returns import Item, returned, withheld


def test_months_end_with_the_month_of_the_day() -> None:
    assert months_to(date(2026, 2, 28), 3) == [
        date(2025, 12, 1),
        date(2026, 1, 1),
        date(2026, 2, 1),
    ]


def test_the_last_day_of_february_knows_leap_years() -> None:
    assert last_day(date(2024, 2, 1)) == date(2024, 2, 29)
    assert last_day(date(2025, 2, 1)) == date(2025, 2, 28)
    assert last_day(date(2025, 12, 1)) == date(2025, 12, 31)


def test_a_quarter_counts_once_its_last_day_has_come() -> None:
    assert quarters_to(date(2026, 3, 30), 2) == [date(2025, 9, 30), date(2025, 12, 31)]
    assert quarters_to(date(2026, 3, 31), 2) == [date(2025, 12, 31), date(2026, 3, 31)]


def test_a_year_counts_once_its_last_day_has_come() -> None:
    assert years_to(date(2026, 3, 30), 3, 31, 2) == [date(2024, 3, 31), date(2025, 3, 31)]
    assert years_to(date(2026, 3, 31), 3, 31, 2) == [date(2025, 3, 31), date(2026, 3, 31)]


def test_days_of_a_month_are_in_order_and_none_is_after_the_end() -> None:
    days = list(days_in(Random(1), date(2026, 2, 1), date(2026, 2, 20), 60))
    assert len(days) > 20
    assert days == sorted(days)
    assert days[0] >= date(2026, 2, 1)
    assert days[-1] <= date(2026, 2, 20)


def test_what_is_yet_to_come_is_blank() -> None:
    assert by(date(2026, 2, 20), date(2026, 2, 20)) == date(2026, 2, 20)
    assert by(date(2026, 2, 20), date(2026, 2, 21)) is None


def test_a_level_moves_evenly_from_start_to_finish() -> None:
    assert [between(10, 20, step, 3) for step in range(3)] == [10, 15, 20]
    assert between(10, 20, 0, 1) == 10


def test_numbers_become_exact_decimals() -> None:
    assert exact(12.3456, 2) == Decimal("12.35")
    assert str(exact(7)) == "7"


def test_an_item_goes_from_its_first_level_to_its_last() -> None:
    item = Item("Visits in time", 1_000, 0.5, 0.9, noise=0)
    days = [date(2025, 3, 31), date(2026, 3, 31)]
    first, last = returned(Random(1), [item], days)
    assert (first["item"], first["period_end"]) == ("Visits in time", date(2025, 3, 31))
    assert abs(first["numerator"] / first["denominator"] - Decimal("0.5")) < Decimal("0.01")
    assert abs(last["numerator"] / last["denominator"] - Decimal("0.9")) < Decimal("0.01")


def test_a_plain_number_has_no_whole_and_a_part_is_never_more_than_its_whole() -> None:
    (number,) = returned(Random(1), [Item("Rough sleepers", 0, 12, 12, noise=0)], [date.min])
    assert (number["numerator"], number["denominator"]) == (Decimal(12), None)
    (whole,) = returned(Random(1), [Item("Gas safety", 500, 1.2, 1.2, noise=0)], [date.min])
    assert whole["numerator"] == whole["denominator"]


def test_a_return_that_is_withheld_says_why_and_holds_no_number() -> None:
    fields = {"item": "Entrants", "numerator": Decimal(3), "denominator": None, "note": None}
    assert withheld(fields, "suppressed") == {
        "item": "Entrants",
        "numerator": None,
        "denominator": None,
        "note": "suppressed",
    }
