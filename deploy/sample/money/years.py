"""The financial years of the sample's money: the one running on a day, and two before it."""

from datetime import date
from typing import NamedTuple

from deploy.sample.made import last_day
from shared.accounts.calendar import When, month_of, of_month, period_code, when_code

# What prices rise by from one year to the next.
RISE = 1.04
PROFILES = {
    "even": (1,) * 12,
    "summer": (8, 11, 13, 13, 12, 10, 8, 6, 4, 4, 5, 6),
    "winter": (8, 6, 4, 4, 4, 5, 7, 10, 13, 15, 13, 11),
    "term": (6, 9, 10, 7, 1, 10, 9, 11, 8, 10, 8, 11),
}


class Year(NamedTuple):
    """A financial year; `age` counts back from the one that is running, which is 0."""

    code: str
    age: int

    def first(self, period: int) -> date:
        """The first day of a period's month; P13 is March again."""
        return date.fromisoformat(f"{month_of(When(self.code, period))}-01")

    def last(self, period: int) -> date:
        """The last day of a period's month."""
        return last_day(self.first(period))

    def period(self, period: int) -> str:
        """As the ledger names it: the year and the period in one."""
        return when_code(When(self.code, period))

    def short(self) -> str:
        """As references name it: 2526."""
        return self.code[2:4] + self.code[-2:]


def years_to(end: date) -> tuple[Year, Year, Year]:
    """The three years, oldest first."""
    began = int(of_month(f"{end:%Y-%m}").year[:4])
    codes = [of_month(f"{began - age}-04").year for age in (2, 1, 0)]
    return Year(codes[0], 2), Year(codes[1], 1), Year(codes[2], 0)


def quarters_over(year: Year, end: date) -> list[int]:
    """The periods at whose end forecasts were made: of each quarter that was over by a day."""
    return [period for period in (3, 6, 9, 12) if year.last(period) <= end]


def in_year(period: int) -> str:
    """A period without its year: P07."""
    return period_code(period)


def at_prices(pounds: float, year: Year) -> int:
    """Pounds of the newest year as whole hundreds of pounds of another."""
    return int(round(pounds / RISE**year.age, -2))
