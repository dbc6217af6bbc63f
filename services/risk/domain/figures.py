"""Figures as a quarter's review sees them: which value of an indicator, which period of a position.

Rule: an indicator is reviewed by the newest value of its headline kind of period that ends in the
quarter; a position as it was at the end of the quarter's last accounting period.
"""

from collections.abc import Iterable
from datetime import date, timedelta
from urllib.parse import unquote

from shared.accounts.figures import figures, judge, spending_budget
from shared.catalogue.accounts import Accounts, VarianceRule
from shared.catalogue.figures import Indicator
from shared.catalogue.headline import headline_kind
from shared.catalogue.kinds_of_period import CUMULATIVE, DAY
from shared.catalogue.periods import parse_period, period_ending
from shared.contracts.finance import Position
from shared.contracts.states import IndicatorValue
from shared.review.about import POSITION, About, Quarter, quarter_of, read_about

LEVEL, BASIS = "service", "as-is"


def periods_in(definition: Indicator, quarter: Quarter) -> list[str]:
    """The codes of the periods of an indicator's headline kind that end in a quarter."""
    kind = headline_kind(definition)
    if kind == DAY:
        first, last = date.fromisoformat(quarter.start), date.fromisoformat(quarter.end)
        days = range((last - first).days + 1)
        return [(first + timedelta(days=each)).isoformat() for each in days]
    if kind == CUMULATIVE:
        if not definition.cumulative_from:
            return []
        kind = f"{CUMULATIVE}:{definition.cumulative_from}"
    months = range(quarter.first_month, quarter.last_month + 1)
    ending = (period_ending(month, kind) for month in months)
    return [period.code for period in ending if period is not None]


def quarter_ending_in(definition: Indicator, code: str) -> Quarter | None:
    """The quarter in whose review a period's value may be; None where it is of another kind."""
    try:
        period = parse_period(code)
    except ValueError:
        return None
    if period.kind != headline_kind(definition):
        return None
    return quarter_of(period.end.isoformat())


def newest(values: Iterable[IndicatorValue]) -> IndicatorValue | None:
    """The value of the period that ends last; None where no period has a value."""
    there = (each for each in values if each.value is not None)
    return max(there, key=lambda each: each.period.end, default=None)


def position_named(subject: str) -> tuple[str, About] | None:
    """The financial year and the figure of a position that can be reviewed: a service's, by the
    structure of today. None for any other position, and for what no structure places."""
    parts = subject.split("/")
    if len(parts) != 6 or (parts[0], parts[1], parts[4]) != ("position", BASIS, LEVEL):
        return None
    about = About(POSITION, unquote(parts[5]), unquote(parts[3]))
    # A code that could be read in two ways names no one figure.
    return (parts[2], about) if read_about(about.text) == about else None


def position_at(
    position: Position, quarter: Quarter, accounts: Accounts | None
) -> tuple[str, str] | None:
    """The variance (pence, as text) of a position at a quarter's end, and how it is judged; None
    while the quarter's last period is not over."""
    period = quarter.last_period
    if position.period < period:
        return None
    lines = list(position.lines.values())
    found = figures(lines, period)
    rule = accounts.variance if accounts else VarianceRule()
    rag = judge(found, rule, spending_budget(lines, period))
    return str(found.variance), rag.outcome
