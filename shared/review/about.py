"""What a commentary, a challenge or a sign-off is about, and the quarter it belongs to.

Rule: `about` is indicator/CODE, position/FUND/SERVICE or risk/REFERENCE. A code of a service has no
slash; whatever else stands between belongs to the fund, or to the reference.
"""

from __future__ import annotations

from datetime import date, timedelta
from functools import lru_cache
from typing import NamedTuple

from shared.accounts.calendar import of_month
from shared.catalogue.periods import Period, month_code, parse_period

INDICATOR, POSITION, RISK = "indicator", "position", "risk"
KINDS = (INDICATOR, POSITION, RISK)

# Codes and references are shorter: the key of a record is.
LONGEST = 256


class About(NamedTuple):
    """A figure or a risk. `code` is the indicator's, the position's service or the risk's
    reference; `fund` is the position's alone."""

    kind: str
    code: str
    fund: str = ""

    @property
    def text(self) -> str:
        """As records have it."""
        if self.kind == POSITION:
            return f"{POSITION}/{self.fund}/{self.code}"
        return f"{self.kind}/{self.code}"


class Quarter(NamedTuple):
    """A quarter under review: its first and last day (ISO), its financial year, the number of its
    last accounting period, and those of its first and last month."""

    code: str
    start: str
    end: str
    year: str
    last_period: int
    first_month: int
    last_month: int

    def days_after(self, days: int) -> str:
        """The day so many days after its last."""
        return (date.fromisoformat(self.end) + timedelta(days=days)).isoformat()


@lru_cache(maxsize=8192)
def read_about(text: str) -> About | None:
    """What a text is about; None where it is about nothing that can be reviewed."""
    kind, _, rest = text.strip().partition("/")
    if kind not in KINDS or not rest.strip() or len(text) > LONGEST:
        return None
    if kind != POSITION:
        return None if kind == INDICATOR and "/" in rest else About(kind, rest)
    fund, _, service = rest.rpartition("/")
    return About(kind, service, fund) if fund and service else None


@lru_cache(maxsize=1024)
def read_quarter(code: str) -> Quarter | None:
    """The quarter of a financial year that a code names; None for any other text."""
    try:
        period = parse_period(code.strip())
    except ValueError:
        return None
    return _quarter(period) if period.kind == "quarter" else None


@lru_cache(maxsize=8192)
def quarter_of(day: str) -> Quarter:
    """The quarter that a day (ISO date) lies in."""
    when = of_month(day[:7])
    found = read_quarter(f"{when.year}-Q{(when.period + 2) // 3}")
    assert found is not None
    return found


def quarters_of(year: str) -> list[Quarter]:
    """The four quarters of a financial year, in order; none where it is no financial year."""
    found = (read_quarter(f"{year}-Q{number}") for number in (1, 2, 3, 4))
    return [each for each in found if each is not None]


def _quarter(period: Period) -> Quarter:
    when = of_month(month_code(period.last))
    return Quarter(
        period.code,
        period.start.isoformat(),
        period.end.isoformat(),
        when.year,
        when.period,
        period.first,
        period.last,
    )
