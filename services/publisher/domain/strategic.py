"""The set that members watch: how it is grouped, and which figure stands for each quarter.

Rule: a quarter shows the figure of the indicator's own kind of period that ended last in it: the
quarter itself where there is one, else its last month, the year to date, or a year that ended
then. Where nothing ends in a quarter there is nothing to show for it, and no figure is repeated.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import NamedTuple

from services.publisher.domain.contracts import count
from services.publisher.domain.tallies import Place, Tally
from shared.catalogue.headline import headline_kind
from shared.catalogue.kinds_of_period import CUMULATIVE, kind_named
from shared.catalogue.model import Catalogue, Indicator
from shared.catalogue.periods import Period, month_number, parse_period, period_ending
from shared.contracts.subjects import indicator_value

QUARTERS = 5
QUARTER = "quarter"
# What names the group of what has no priority (or no portfolio) of its own.
NO_GROUP = "others"


class Group(NamedTuple):
    """Indicators under a corporate priority; where a council has none, under a portfolio."""

    code: str
    name: str
    summary: str
    indicators: list[Indicator]


class Ended(NamedTuple):
    """Where a figure is found, and the day its period ended."""

    subject: str
    indicator: str
    kind: str
    ends: str


@dataclass(frozen=True)
class Columns:
    """The quarters that are shown, the oldest first."""

    quarters: list[Period]

    @property
    def first_day(self) -> str:
        """The first day of the oldest."""
        return self.quarters[0].start.isoformat()

    @property
    def last_day(self) -> str:
        """The last day of the newest."""
        return self.quarters[-1].end.isoformat()

    def places(self, indicator: Indicator, found: Iterable[Ended]) -> list[str]:
        """By quarter, the subject of the figure that stands for it; where there is none yet, of
        the one that would."""
        kind = shown_kind(indicator)
        places = [expected(indicator, each) for each in self.quarters]
        newest: dict[int, str] = {}
        for each in found:
            if each.indicator != indicator.code or each.kind != kind:
                continue
            for place, quarter in enumerate(self.quarters):
                within = quarter.start.isoformat() <= each.ends <= quarter.end.isoformat()
                if within and each.ends >= newest.get(place, ""):
                    newest[place], places[place] = each.ends, each.subject
        return places


def columns_to(today: date) -> Columns:
    """The newest quarters that were over by a day."""
    month = month_number(today.isoformat()[:7])
    quarter = kind_named(QUARTER).ending(month)
    last = quarter.last if quarter.end < today else quarter.first - 1
    return _columns(last)


def columns_of(code: str) -> Columns:
    """A quarter and those before it. Raises ValueError for what is no period."""
    return _columns(parse_period(code).last)


def _columns(last: int) -> Columns:
    ending = kind_named(QUARTER).ending
    return Columns([ending(last - 3 * back) for back in reversed(range(QUARTERS))])


def shown_kind(indicator: Indicator) -> str:
    """The kind of period that stands for a quarter."""
    return QUARTER if QUARTER in indicator.periods else headline_kind(indicator)


def expected(indicator: Indicator, quarter: Period) -> str:
    """The subject of the figure that would stand for a quarter; empty where no period of its kind
    ends in it."""
    kind = shown_kind(indicator)
    if kind == CUMULATIVE:
        kind = f"{CUMULATIVE}:{indicator.cumulative_from}"
    try:
        found = [period_ending(month, kind) for month in range(quarter.first, quarter.last + 1)]
    except ValueError:  # days have no month of their own
        return ""
    ended = [each for each in found if each is not None]
    return indicator_value(indicator.code, ended[-1].code, "all") if ended else ""


def the_set(catalogue: Catalogue) -> list[Indicator]:
    """The indicators that members watch, in their order."""
    return [each for each in catalogue.indicators.values() if each.strategic]


def groups(catalogue: Catalogue) -> list[Group]:
    """The set by corporate priority, in the order in which the priorities are written; without
    any, by portfolio."""
    listed = the_set(catalogue)
    if catalogue.priorities:
        named = {each.code: (each.name, each.summary) for each in catalogue.priorities.values()}
        of = {each.code: each.priority or "" for each in listed}
    else:
        named = {each.code: (each.name, "") for each in catalogue.portfolios.values()}
        services = catalogue.services
        of = {
            each.code: (services[each.service].portfolio or "") if each.service in services else ""
            for each in listed
        }
    found = [
        Group(code, name, summary, [each for each in listed if of[each.code] == code])
        for code, (name, summary) in named.items()
    ]
    rest = [each for each in listed if of[each.code] not in named]
    found.append(Group(NO_GROUP, "Other indicators", "", rest))
    return [each for each in found if each.indicators]


def place_of(group: Group, catalogue: Catalogue) -> Place | None:
    """Where a group is counted; a portfolio's count is of more than this set."""
    return Place("priority", group.code) if group.code in catalogue.priorities else None


class Counts(NamedTuple):
    """How many there are, how many of them have a target, and how these stand."""

    of: int
    targets: int
    tally: Tally

    @property
    def waiting(self) -> int:
        """How many have a target and are not judged: their period is not over, or has no figure."""
        return max(0, self.targets - self.tally.judged)

    def sentence(self) -> str:
        """`17 of 22 have a target; 11 are green, 4 amber and 2 red.`"""
        if not self.of:
            return "No indicator is marked as strategic yet."
        have = "has" if self.targets == 1 else "have"
        if not self.targets:
            return f"None of {count(self.of, 'indicator')} has a target."
        found = self.tally
        are = "is" if found.green == 1 else "are"
        text = (
            f"{self.targets:,} of {self.of:,} {have} a target; {found.green:,} {are} green, "
            f"{found.amber:,} amber and {found.red:,} red"
        )
        return f"{text}, {self.waiting:,} not judged yet." if self.waiting else f"{text}."


def counted(listed: Iterable[Indicator], found: Tally) -> Counts:
    """The counts of indicators that stand so."""
    every = list(listed)
    return Counts(len(every), sum(bool(each.targets) for each in every), found)


def neighbours(codes: Sequence[str], code: str) -> tuple[str, str]:
    """What comes before and after in a row of slides; empty at its ends."""
    place = codes.index(code)
    before = codes[place - 1] if place else ""
    after = codes[place + 1] if place + 1 < len(codes) else ""
    return before, after
