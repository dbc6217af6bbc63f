"""The parts of a figure side by side, by ward or by kind: a chart, and its finding in a sentence.

Rule: a part that rests on too few cases to publish, or has no number, is no mark on the chart and
is counted in words instead. Parts of a count or of an amount of money are shares of the whole: only
parts of a rate, a share or an average are held against the council's own figure and its target.
"""

from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import NamedTuple

from services.publisher.domain.areas_chart import Area, Level, areas_chart
from services.publisher.domain.figures import Figure
from services.publisher.domain.saying import Saying
from services.publisher.domain.trend import GROWING
from services.publisher.domain.vega import BELOW, Chart
from shared.catalogue.trend import NO_AIM, Aim

MOST_NAMED = 2
NOBODY = "Not recorded"


class Whole(NamedTuple):
    """What parts are held against: the council's own figure, its target, and which way is good."""

    number: Decimal | None = None
    target: Aim = NO_AIM
    polarity: str = "none"


def members_chart(
    title: str, parts: Sequence[Figure], named: Mapping[str, str], whole: Whole, say: Saying
) -> Chart | None:
    """The chart of the parts that have a number; None where fewer than two do. `named` are their
    names by their subjects."""
    shown = [each for each in parts if each.number is not None and not each.small]
    best_first = 1 if whole.polarity == "low" else -1
    areas = sorted(
        (
            Area(named[each.subject], each.number, each.text)
            for each in shown
            if each.number is not None
        ),
        key=lambda each: (best_first * each.number, each.name),
    )
    if say.unit in GROWING:
        whole = Whole(polarity=whole.polarity)
    told = [*finding(areas, whole.number, say), *_left_out(parts), BELOW]
    return areas_chart(areas, _levels(whole, say), f"{title}: {' '.join(told)}")


def finding(areas: Sequence[Area], whole: Decimal | None, say: Saying) -> list[str]:
    """`Twerton is highest at 82%, Bathwick is lowest at 61%; 12 of 37 are above the council's
    75%.` The parts that nothing is recorded of are compared, but never named as an end."""
    ends = [each for each in areas if each.name != NOBODY] or list(areas)
    if not ends:
        return []
    highest = max(ends, key=lambda each: each.number)
    lowest = min(ends, key=lambda each: each.number)
    if highest.text == lowest.text:
        told = f"All are at {highest.text}"
    else:
        told = f"{_end(ends, highest, 'highest')}, {_end(ends, lowest, 'lowest')}"
    if whole is not None:
        above = sum(each.number > whole for each in areas)
        told += f"; {above or 'none'} of {len(areas):,} {'is' if above == 1 else 'are'} above the "
        told += f"council’s {say(whole)}"
    return [f"{told}."]


def _end(areas: Sequence[Area], end: Area, word: str) -> str:
    """Who is at an end: as many as have the same figure as it is published."""
    there = [each.name for each in areas if each.text == end.text]
    who = " and ".join(there) if len(there) <= MOST_NAMED else f"{len(there):,}"
    return f"{who} {'is' if len(there) == 1 else 'are'} {word} at {end.text}"


def _left_out(parts: Sequence[Figure]) -> list[str]:
    small = sum(each.number is not None and bool(each.small) for each in parts)
    blank = sum(each.number is None for each in parts)
    told = []
    if small:
        rests = "rests on too few cases to be shown"
        told.append(f"1 {rests}." if small == 1 else f"{small:,} {rests.replace('rests', 'rest')}.")
    if blank:
        told.append(f"{blank:,} {'has' if blank == 1 else 'have'} no figure.")
    return told


def _levels(whole: Whole, say: Saying) -> list[Level]:
    found = []
    if whole.number is not None:
        found.append(
            Level(whole.number, f"The solid line is the whole council, {say(whole.number)}", True)
        )
    ends = list(dict.fromkeys(each for each in whole.target if each is not None))
    lines = "line is the target" if len(ends) == 1 else "lines are the ends of the target"
    return found + [
        Level(each, f"The dashed {lines}, {' to '.join(say.plain(f'{end:f}') for end in ends)}")
        for each in ends
    ]
