"""What roles are put together from: fields, and the types that they may have."""

from __future__ import annotations

from typing import NamedTuple

TEXT, MONEY, WHOLE = ("text", "integer"), ("money",), ("integer",)
DAY, YES_NO, YEAR, PERIOD = ("date", "datetime"), ("boolean",), ("financial-year",), ("period",)


class Part(NamedTuple):
    """A field of a role: the types it may have, and whether a dataset of the role must have it."""

    name: str
    types: tuple[str, ...]
    needed: bool
    about: str


def needed(name: str, types: tuple[str, ...], about: str) -> Part:
    """A field that every dataset of the role has."""
    return Part(name, types, needed=True, about=about)


def may(name: str, types: tuple[str, ...], about: str) -> Part:
    """A field that a dataset of the role may have."""
    return Part(name, types, needed=False, about=about)


COST_CENTRE = needed("cost_centre", TEXT, "the cost centre's code")
SUBJECTIVE = needed("subjective", TEXT, "the account, or the code of its subjective group")
SCHEME = needed("scheme", TEXT, "the capital scheme's code")
REFERENCE = needed("reference", TEXT, "what it is known by")
YEAR_OF = needed("year", YEAR, "the financial year")
PERIOD_OF = needed("period", PERIOD, "the accounting period")
AMOUNT = needed("amount", MONEY, "pounds; spending is positive, income and credits negative")
TITLE = needed("title", TEXT, "its name in words")
# Where something stands in time: a period that names its year, a period with a year, or a day.
WHEN = (
    may("year", YEAR, "the financial year, unless the period names it"),
    may("period", PERIOD, "the accounting period; without one, the month of the date"),
    may("date", DAY, "the day, where the ledger gives no period"),
)
OWNED = (
    may("service", TEXT, "the code of the service that answers for it"),
    may("portfolio", TEXT, "the code of the portfolio, unless it is the service's own"),
)
DECIDED = (
    may("decision", TEXT, "the reference of the decision"),
    may("decided", DAY, "the day of the decision"),
)
