"""What a caller may ask about the council's money, read strictly."""

import re
from dataclasses import dataclass

from services.publisher import reading_finance as reading
from services.publisher.api.query import SHOWN, refuse
from services.publisher.domain.finance import BASES, LEVELS
from services.publisher.domain.finance_sums import LISTED_LEVELS, Standing
from services.publisher.readmodel import Snapshot
from services.publisher.store.ledger_lines import After
from shared.accounts.calendar import When, read_period
from shared.catalogue.periods import parse_period
from shared.runtime.problems import Problem

_YEAR = re.compile(r"[0-9]{4}-[0-9]{2}", re.ASCII)
_AFTER = re.compile(r"(budget|commitment|forecast|posting|virement)\.([0-9]{1,2})\.(.+)", re.ASCII)
POSITIONS = "position/as-is"


@dataclass(frozen=True)
class Asked:
    """A year, one of its periods, and the structure to cut by. `chosen` says that the period was
    asked for, not taken as the newest."""

    when: When
    basis: str
    years: list[str]
    newest: int


def year(text: str | None, default: str) -> str:
    """A financial year."""
    if not text:
        return default
    try:
        if _YEAR.fullmatch(text) and parse_period(text).kind == "financial-year":
            return text
    except ValueError:
        pass
    raise refuse("year", text, "a financial year such as 2026-27")


def asked(view: Snapshot, of_year: str | None, period: str | None, basis: str | None) -> Asked:
    """The year, period and basis that an address asks for, or the usual ones."""
    known = reading.years(view, POSITIONS)
    chosen = year(of_year, reading.default_year(view, known))
    newest = reading.default_period(view, chosen)
    number = newest
    if period:
        try:
            named, number = read_period(period)
        except ValueError:
            raise refuse("period", period, "an accounting period from P01 to P13") from None
        if named and named != chosen:
            if of_year:
                raise refuse("period", period, f"a period of {chosen}, such as P07")
            chosen = named
            newest = reading.default_period(view, chosen)
    return Asked(When(chosen, number), one_of("basis", basis, BASES, "as-is"), known, newest)


def one_of(name: str, text: str | None, known: dict[str, str], default: str) -> str:
    """One of a few words."""
    if not text:
        return default
    if text not in known:
        raise refuse(name, text, f"one of {', '.join(known)}")
    return text


def level(text: str, *, status: int = 404) -> str:
    """A level of an address."""
    if text not in LEVELS:
        told = f"There is no level {text[:SHOWN]!r}; there are: {', '.join(LEVELS)}."
        raise Problem(status, told)
    return text


def fund(view: Snapshot, text: str | None) -> str | None:
    """A fund by its code; None where none is asked for."""
    if text is None or text == "":
        return None
    books = view.catalogue.books
    known = [each.code for each in books.funds] if books else []
    code = reading.code_from(text, "fund")
    if code and code not in known:
        raise refuse("fund", text, f"one of {', '.join(known) or 'none'}")
    return code


def standing(
    view: Snapshot, wanted: Asked, of_level: str, text: str, in_fund: str | None
) -> tuple[Standing, list[Standing]]:
    """A node at a period, and the same in each fund that it has money in; or 404."""
    code = reading.code_from(text, level(of_level))
    if of_level == "cost-centre":
        found = reading.cost_centre(view, wanted.when.year, code)
        if found is not None:
            one = reading.standing_of(view, *found, wanted.basis, wanted.when)
            if in_fund is None or in_fund == one.fund:
                return one, [one]
        raise nothing(of_level, text, wanted.when)
    every = reading.funds_of(view, wanted.basis, wanted.when, of_level, code)
    for each in every:
        if in_fund is None or each.fund == in_fund:
            return each, every
    raise nothing(of_level, text, wanted.when)


def nothing(of_level: str, text: str, when: When) -> Problem:
    """That there is no money there."""
    return Problem(
        404, f"The {LEVELS[of_level].lower()} {text[:SHOWN]!r} has no money in {when.year}."
    )


def within(
    view: Snapshot, wanted: Asked, text: str | None, in_fund: str | None
) -> list[Standing] | None:
    """The nodes of this code that a list may be of the parts of: a directorate, portfolio or
    service, in each fund."""
    if not text:
        return None
    for of_level in LISTED_LEVELS[1:]:
        found = reading.funds_of(view, wanted.basis, wanted.when, of_level, text)
        if found:
            return [each for each in found if in_fund is None or each.fund == in_fund]
    raise Problem(
        404,
        f"There is no directorate, portfolio or service {text[:SHOWN]!r} with money in "
        f"{wanted.when.year}.",
    )


def after(text: str | None) -> After | None:
    """Where a page of records goes on."""
    if not text:
        return None
    found = _AFTER.fullmatch(text)
    if found is None:
        raise refuse("after", text, "the `next` of an earlier answer")
    return After(found[1], int(found[2]), found[3])


def after_text(role: str, period: int, subject: str) -> str:
    """The place behind a record, as an address has it."""
    return f"{role}.{period}.{subject}"
