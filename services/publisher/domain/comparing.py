"""Where an indicator stands among other areas, in words and as lines of a table.

Rule: the quartiles are of the other areas, as `shared.catalogue.benchmarks` has them; the words say
which end is the good one. Where neither high nor low is good, nothing is ranked.
"""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal

from services.publisher.domain.saying import Saying
from shared.catalogue.benchmarks import Standing
from shared.catalogue.targets import percentile

# England's code among areas.
ENGLAND = "E92000001"
QUARTERS = {
    1: "best quarter",
    2: "second-best quarter",
    3: "second-worst quarter",
    4: "worst quarter",
}
SORTS = {
    "quartile": "Worst quarter first",
    "best": "Best quarter first",
    "indicator": "Indicator",
    "service": "Service",
}
NOT_RANKED = "Not ranked"
DASH = "–"


def ordinal(number: int) -> str:
    """`1st`, `2nd`, `3rd`, `11th`"""
    if number % 100 in (11, 12, 13):
        return f"{number}th"
    return f"{number}{ {1: 'st', 2: 'nd', 3: 'rd'}.get(number % 10, 'th') }"


def rank_words(found: Standing, own: Decimal | None, polarity: str) -> str:
    """`3rd of 16, best quarter`; or why there is no rank."""
    if found.rank is None or found.quartile is None:
        if own is None:
            return "No own figure to rank"
        return NOT_RANKED if polarity not in ("high", "low") else DASH
    return f"{ordinal(found.rank)} of {found.areas + 1}, {QUARTERS[found.quartile]}"


def quartiles(numbers: Sequence[Decimal]) -> tuple[Decimal, Decimal, Decimal] | None:
    """The lower quartile, the median and the upper quartile of the areas' figures."""
    if not numbers:
        return None
    ordered = sorted(numbers)
    lower, middle, upper = (percentile(ordered, Decimal(share)) for share in (25, 50, 75))
    return lower, middle, upper


@dataclass(frozen=True)
class Line:
    """An indicator among the areas of one group, ready to show."""

    code: str
    title: str
    service_code: str
    service: str
    group_code: str
    group: str
    period: str
    own: str
    lower: str
    median: str
    upper: str
    areas: int
    rank: int | None
    quartile: int | None
    words: str
    distance: str
    england: str
    wanted: str


def line_order(sort: str) -> Callable[[Line], tuple[object, ...]]:
    """The order of lines; those without a rank stand last where ranks decide."""

    def by_rank(line: Line, way: int) -> tuple[object, ...]:
        if line.quartile is None or line.rank is None:
            return (True, 0, Decimal(0), line.title, line.code)
        share = Decimal(line.rank) / (line.areas + 1)
        return (False, way * line.quartile, way * share, line.title, line.code)

    if sort == "indicator":
        return lambda line: (line.title.casefold(), line.code)
    if sort == "service":
        return lambda line: (line.service.casefold(), line.title.casefold(), line.code)
    return lambda line: by_rank(line, 1 if sort == "best" else -1)


def tally_words(lines: Iterable[Line]) -> str:
    """`Of 8 indicators that are ranked, 3 are in the best quarter and 2 in the worst quarter.`"""
    ranked = [line.quartile for line in lines if line.quartile is not None]
    if not ranked:
        return "No indicator is ranked among other areas yet."
    parts = [
        f"{ranked.count(quarter)} {'is' if ranked.count(quarter) == 1 else 'are'} in the {name}"
        for quarter, name in QUARTERS.items()
        if quarter in ranked
    ]
    many = "indicator that is" if len(ranked) == 1 else "indicators that are"
    told = parts[0] if len(parts) == 1 else f"{', '.join(parts[:-1])} and {parts[-1]}"
    return f"Of {len(ranked)} {many} ranked, {told}."


def finding(line: Line) -> str:
    """Where it stands, as a sentence: the finding of its chart."""
    told = f"{line.title}, {line.period}: {line.own} here; the median of {line.areas} other "
    told += f"{'area' if line.areas == 1 else 'areas'} ({line.group}) is {line.median}"
    if line.rank is not None:
        told += f". That is {line.words}"
    if line.england != DASH:
        told += f". England: {line.england}"
    return f"{told}."


def or_dash(number: Decimal | None, say: Callable[[Decimal], str]) -> str:
    """A number in words, or a dash."""
    return DASH if number is None else say(number)


def line_quartiles(numbers: Sequence[Decimal], say: Saying) -> tuple[str, str, str]:
    """The lower quartile, the median and the upper quartile in words."""
    found = quartiles(numbers)
    if found is None:
        return DASH, DASH, DASH
    lower, middle, upper = map(say.finer, found)
    return lower, middle, upper
