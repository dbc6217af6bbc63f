"""Where a council stands among other areas, worked out by hand."""

from decimal import Decimal as D

import pytest

from shared.catalogue.benchmarks import Standing, standing

# Lower quartile 20, median 30, upper quartile 40, mean 30.
FIVE = [D(30), D(10), D(50), D(20), D(40)]


@pytest.mark.parametrize(
    ("own", "rank", "quartile", "distance"),
    [
        ("51", 1, 1, 0),
        ("40", 2, 1, 0),
        ("39.5", 3, 2, "0.5"),
        ("30", 3, 2, 10),
        ("20", 4, 3, 20),
        ("19", 5, 4, 21),
        ("9", 6, 4, 31),
    ],
)
def test_where_high_is_good_the_best_quartile_is_the_upper(
    own: str, rank: int, quartile: int, distance: str | int
) -> None:
    assert standing(D(own), FIVE, "high") == Standing(
        5, D(30), D(30), rank, quartile, D(40), D(distance)
    )


def test_where_low_is_good_the_best_quartile_is_the_lower() -> None:
    assert standing(D(20), FIVE, "low") == Standing(5, D(30), D(30), 2, 1, D(20), D(0))
    assert standing(D(45), FIVE, "low") == Standing(5, D(30), D(30), 5, 4, D(20), D(25))


def test_equal_values_share_the_better_rank() -> None:
    found = standing(D(7), [D(9), D(7), D(7), D(1)], "high")
    assert found is not None
    assert found.rank == 2


def test_quartiles_lie_between_values_where_they_fall_so() -> None:
    # Of four, the upper quartile is 2.25 places up: 30 + 0.25 * 10; the median 25.
    found = standing(D(32), [D(10), D(20), D(30), D(40)], "high")
    assert found == Standing(4, D(25), D(25), 2, 2, D("32.5"), D("0.5"))


def test_where_neither_is_good_there_are_no_ranks() -> None:
    assert standing(D(1), FIVE, "goldilocks") == Standing(5, D(30), D(30))
    assert standing(D(1), FIVE, "none") == Standing(5, D(30), D(30))


def test_without_a_value_of_its_own_the_others_are_told_and_without_others_nothing() -> None:
    assert standing(None, FIVE, "high") == Standing(5, D(30), D(30), best_quartile=D(40))
    assert standing(D(1), [], "high") is None
