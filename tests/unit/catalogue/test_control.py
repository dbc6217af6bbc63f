"""Control limits are those of an XmR chart, worked out by hand."""

from decimal import Decimal as D

from shared.catalogue.control import Limits, stretches


def values(*numbers: str | int | None) -> list[D | None]:
    return [None if each is None else D(each) for each in numbers]


def test_limits_lie_2_66_moving_ranges_around_the_mean() -> None:
    # Mean 80 / 8; moving ranges 2 4 4 2 2 4 4: 2.66 * 22 / 7 = 8.36.
    (found,) = stretches(values(10, 12, 8, 12, 10, 8, 12, 8))
    assert found.limits == Limits(D(10), D("1.64"), D("18.36"), 8)
    assert (found.first, found.last, found.signals) == (0, 7, {})


def test_below_eight_values_there_are_no_limits() -> None:
    assert stretches(values(1, 2, 3, 4, 5, 6, 7)) == []
    assert stretches(values(1, 2, 3, None, 4, 5, 6, 7)) == []
    assert stretches([]) == []


def test_what_does_not_divide_is_told_to_nine_places() -> None:
    # Nine values, mean 1/9; moving ranges 0 (7 times) and 1: 2.66 / 8 = 0.3325.
    (found,) = stretches(values(0, 0, 0, 0, 0, 0, 0, 0, 1))
    assert found.limits == Limits(D("0.111111111"), D("-0.221388889"), D("0.443611111"), 9)
    assert found.signals[8] == ["above the upper limit"]


def test_a_value_on_a_limit_is_within_it() -> None:
    (found,) = stretches(values(5, 5, 5, 5, 5, 5, 5, 5))
    assert found.limits == Limits(D(5), D(5), D(5), 8)
    assert found.signals == {}


def test_a_value_below_the_lower_limit_is_a_signal() -> None:
    numbers = values(10, 11, 10, 11, 10, 11, 10, 11, 10, 0)
    # Sum 94, mean 9.4; ranges eight of 1 and one of 10: 18 / 9 = 2; limits 9.4 -+ 5.32.
    (found,) = stretches(numbers)
    assert found.limits == Limits(D("9.4"), D("4.08"), D("14.72"), 10)
    assert found.signals[9] == ["below the lower limit"]


def test_eight_in_a_row_on_one_side_of_the_centre_are_a_signal() -> None:
    low, high = [1] * 8, [3] * 8
    (found,) = stretches(values(*low, *high))
    assert found.limits.centre == 2
    assert {place for place, told in found.signals.items()
            if "8 or more in a row below the centre" in told} == set(range(8))  # fmt: skip
    assert {place for place, told in found.signals.items()
            if "8 or more in a row above the centre" in told} == set(range(8, 16))  # fmt: skip


def test_a_value_on_the_centre_ends_a_row() -> None:
    (found,) = stretches(values(*[1] * 7, 2, *[3] * 7))
    assert found.limits.centre == 2
    assert not any("row" in word for told in found.signals.values() for word in told)


def test_a_break_begins_a_stretch_with_limits_of_its_own() -> None:
    before, after = [10] * 8, [50] * 9
    found = stretches(values(*before, *after), breaks=[8])
    assert [(each.first, each.last, each.limits.centre) for each in found] == [
        (0, 7, D(10)),
        (8, 16, D(50)),
    ]
    assert all(each.signals == {} for each in found)
    (only,) = stretches(values(*before, 50, 50), breaks={8})
    assert only.last == 7


def test_a_gap_is_passed_over() -> None:
    (found,) = stretches(values(10, None, 12, 10, 12, 10, None, 12, 10, 12))
    assert (found.first, found.last) == (0, 9)
    # Mean 11, every range 2.
    assert found.limits == Limits(D(11), D("5.68"), D("16.32"), 8)


def test_of_a_long_stretch_the_last_36_count() -> None:
    (found,) = stretches(values(*[1000] * 4, *[7] * 36))
    assert found.limits == Limits(D(7), D(7), D(7), 36)
    assert (found.first, found.last) == (4, 39)
