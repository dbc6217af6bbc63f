"""What needs attention, and what matters most of it.

Rule: what members watch comes first, then what gets worse, then what is farthest from its target;
what is equal in all that stands in the order of its name.
"""

from collections.abc import Iterable
from decimal import Decimal
from typing import NamedTuple

from services.publisher.domain.figures import Figure
from services.publisher.domain.tallies import is_worse
from shared.catalogue.model import Indicator

SHORT = 5


class Watched(NamedTuple):
    """An indicator with its newest figure."""

    indicator: Indicator
    figure: Figure


def red(found: Iterable[Watched]) -> list[Watched]:
    """What is red, what matters most first."""
    return sorted((each for each in found if each.figure.outcome == "red"), key=_weight)


def worsening(found: Iterable[Watched]) -> list[Watched]:
    """What gets worse and is not red yet, amber before green."""
    outcomes = ("amber", "green")

    def order(each: Watched) -> tuple[int, tuple[bool, bool, Decimal, str]]:
        outcome = each.figure.outcome
        return outcomes.index(outcome) if outcome in outcomes else len(outcomes), _weight(each)

    listed = (each for each in found if is_worse(each.figure) and each.figure.outcome != "red")
    return sorted(listed, key=order)


def _weight(each: Watched) -> tuple[bool, bool, Decimal, str]:
    """Sorts what matters most first."""
    figure = each.figure
    return not each.indicator.strategic, not is_worse(figure), -figure.miss, figure.title
