from fractions import Fraction

import pytest

from deploy.verify.numbers import plain, rounded, to_nano


@pytest.mark.parametrize(
    ("value", "places", "up", "even", "down"),
    [
        (Fraction(1, 8), 2, "0.13", "0.12", "0.12"),
        (Fraction(3, 8), 2, "0.38", "0.38", "0.37"),
        (Fraction(-1, 8), 2, "-0.13", "-0.12", "-0.12"),
        (Fraction(5, 2), 0, "3", "2", "2"),
        (Fraction(7, 2), 0, "4", "4", "3"),
        (Fraction(-5, 2), 0, "-3", "-2", "-2"),
        (Fraction(-1, 1000), 2, "0.00", "0.00", "0.00"),
        (Fraction(-9, 1000), 2, "-0.01", "-0.01", "0.00"),
        (Fraction(200, 3), 1, "66.7", "66.7", "66.6"),
        (Fraction(10**17), 6, *["100000000000000000.000000"] * 3),
    ],
)
def test_a_number_is_rounded_once_in_one_of_three_ways(
    value: Fraction, places: int, up: str, even: str, down: str
) -> None:
    ways = ("half up", "half even", "down")
    assert [format(rounded(value, places, way), "f") for way in ways] == [up, even, down]


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (Fraction(5, 2), "2.5"),
        (Fraction(100), "100"),
        (Fraction(0), "0"),
        (Fraction(-1, 3), "-0.3333333333333333333333333333"),
        (Fraction(200, 3), "66.66666666666666666666666667"),
        (Fraction(1, 10**9), "0.000000001"),
    ],
)
def test_a_number_is_written_without_noughts_at_its_end_in_28_digits(
    value: Fraction, text: str
) -> None:
    assert plain(value) == text


def test_an_amount_is_kept_to_nine_places_half_even() -> None:
    assert to_nano(Fraction(1, 3)) == 333333333
    assert to_nano(Fraction(5, 10**10)) == 0
    assert to_nano(Fraction(15, 10**10)) == 2
