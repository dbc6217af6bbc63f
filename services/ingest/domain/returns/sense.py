"""Whether a figure can be right, by what was given before: asked again before it is kept.

Rule: nothing is refused here. Each doubt says in words, with the figures, what is unusual; who
gives the figure corrects it or says that it is right. Ratios are compared exactly, as fractions.
"""

from collections.abc import Sequence
from decimal import Decimal
from fractions import Fraction
from hashlib import sha256
from typing import NamedTuple

from shared.catalogue.connectors import Return
from shared.catalogue.periods import Period, previous, same_period_last_year

# How many earlier figures make a range, and of how many it is one at all.
RANGE, LEAST = 8, 4
# How far outside that range a figure is doubted, as a share of the range.
MARGIN = Fraction(1, 2)
# By how much of itself a denominator may change.
DENOMINATOR = Fraction(1, 2)

_WORDS = ("three", "four", "five", "six", "seven", "eight", "nine", "ten")
_PARTS = {2: "half of", 3: "a third of", 4: "a quarter of", 5: "a fifth of", 10: "a tenth of"}
_NAMES = {"month": "month", "quarter": "quarter"}


class Figure(NamedTuple):
    """What was given for a period: one number, or a numerator and what it is out of."""

    period: Period
    values: Sequence[Decimal | None]

    @property
    def ratio(self) -> Fraction | None:
        """What is compared; None where there is nothing to compare."""
        first = self.values[0]
        if first is None:
            return None
        if len(self.values) != 2:
            return Fraction(first)
        under = self.values[1]
        return None if not under else Fraction(first) / Fraction(under)

    def text(self) -> str:
        """In words, with how much it comes to where it is out of something."""
        first = plain(self.values[0])
        if len(self.values) != 2:
            return first
        ratio = self.ratio
        if ratio is None:
            return f"{first} out of {plain(self.values[1])}"
        share = f"{_rounded(ratio * 100)}%" if 0 <= ratio <= 1 else f"{_rounded(ratio)} each"
        return f"{first} out of {plain(self.values[1])} ({share})"


def plain(number: Decimal | None) -> str:
    """A number as people write it: 1,234.5."""
    return "nothing" if number is None else f"{number:,f}".replace("-", "\u2212")


def doubts(asked: Return, given: Figure, earlier: Sequence[Figure]) -> list[str]:
    """Why a figure may be wrong, each as a sentence. `earlier` are the figures before it, the
    newest first; those without a number are passed over."""
    told = [each for each in earlier if each.ratio is not None]
    found = _of_its_parts(given, told)
    ratio = given.ratio
    if ratio is None:
        return found
    last = told[0] if told else None
    a_year_ago = same_period_last_year(given.period)
    year_ago = next((each for each in told[1:] if each.period == a_year_ago), None)
    for other in (last, year_ago):
        if other is not None:
            found += _compared(asked.times, given, other)
    return found + ([] if found else _outside(given, told[:RANGE]))


def mark(sentences: Sequence[str]) -> str:
    """What stands for these doubts: who confirms them confirms no others."""
    return sha256("\n".join(sentences).encode()).hexdigest()[:16] if sentences else ""


def _of_its_parts(given: Figure, told: Sequence[Figure]) -> list[str]:
    if len(given.values) != 2:
        return []
    part, whole = given.values
    if part is None or whole is None:
        return []
    found = []
    if part > whole and not any(_more_than_whole(each) for each in told):
        found.append(f"{plain(part)} is more than the {plain(whole)} that it is out of.")
    last = next((each for each in told if each.values[1]), None)
    before = last.values[1] if last else None
    if last and before:
        change = (Fraction(whole) - Fraction(before)) / abs(Fraction(before))
        if abs(change) > DENOMINATOR:
            way = "more" if change > 0 else "less"
            found.append(
                f"The {plain(whole)} that it is out of is {_rounded(abs(change) * 100, 0)}% {way}"
                f" than {_of(given, last, plain(before))}."
            )
    return found


def _more_than_whole(figure: Figure) -> bool:
    part, whole = figure.values
    return part is not None and whole is not None and part > whole


def _compared(times: Decimal, given: Figure, other: Figure) -> list[str]:
    now, then = given.ratio, other.ratio
    assert now is not None and then is not None
    name = _of(given, other, other.text())
    if now * then < 0:
        side = "below" if now < 0 else "above"
        return [f"{given.text()} is {side} nought, and {name} was not."]
    now, then = abs(now), abs(then)
    if not then:
        return []
    if not now:
        return [f"It is {given.text()}, unlike {name}."]
    if now >= then * Fraction(times):
        return [f"{given.text()} is {_times(now / then)} {name}."]
    if now * Fraction(times) <= then:
        return [f"{given.text()} is {_part(now / then)} {name}."]
    return []


def _outside(given: Figure, told: Sequence[Figure]) -> list[str]:
    if len(told) < LEAST:
        return []
    ordered = sorted(told, key=lambda each: each.ratio or Fraction(0))
    low, high, now = ordered[0].ratio, ordered[-1].ratio, given.ratio
    assert low is not None and high is not None and now is not None
    margin = (high - low) * MARGIN
    if high == low or low - margin <= now <= high + margin:
        return []
    way = "above" if now > high else "below"
    return [
        f"{given.text()} is {way} the last {len(told)} by more than half of their range: they were"
        f" between {ordered[0].text()} and {ordered[-1].text()}."
    ]


def _of(given: Figure, other: Figure, text: str) -> str:
    """An earlier figure and when it was: `last quarter's 103`."""
    if other.period == previous(given.period):
        return f"last {_NAMES.get(given.period.kind, 'year')}'s {text}"
    return f"the {text} of {other.period.label()}"


def _times(ratio: Fraction) -> str:
    if ratio.denominator == 1 and 2 <= ratio <= 10:
        return "twice" if ratio == 2 else f"{_WORDS[int(ratio) - 3]} times"
    return f"about {_rounded(ratio, 1)} times"


def _part(ratio: Fraction) -> str:
    if ratio.numerator == 1 and ratio.denominator in _PARTS:
        return _PARTS[ratio.denominator]
    percent = _rounded(ratio * 100, 0)
    return f"about {percent}% of" if percent != "0" else "less than 1% of"


def _rounded(number: Fraction, places: int = 1) -> str:
    whole = round(number * 10**places)
    return plain(Decimal(whole).scaleb(-places)).removesuffix(".0")
