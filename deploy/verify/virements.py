"""Virements, worked out again: what they move, who may decide them, and whether they count.

Rule: the lines of one reference are one virement. Its status is Approved if every line's is, else
that of the first line that is not; it stands in the earliest year and period of its lines, and each
line counts from its own period. It counts if it is approved, every line can be read, the lines come
to nought, are of one year and of cost centres of one fund (as they stand today; those that nobody
knows are of the fund without a name), and a decision is named; an approved one that does not is
held. Lines are in the order of their subjects.
"""

from fractions import Fraction

from deploy.verify.accounting import Books, Entry
from deploy.verify.money import pence
from deploy.verify.source import Json
from deploy.verify.structure import Structure

APPROVED = "Approved"


def virements(books: Books) -> dict[str, list[Entry]]:
    """The lines of every virement by its reference."""
    found: dict[str, list[Entry]] = {}
    for line in books.of("virement"):
        found.setdefault(line.text("reference"), []).append(line)
    return found


def status(lines: list[Entry]) -> str:
    """The status of a virement."""
    statuses = [line.text("status").capitalize() for line in lines]
    others = [each for each in statuses if each != APPROVED]
    return others[0] if others else APPROVED


def funds(lines: list[Entry], structure: Structure) -> set[str]:
    """The funds of the cost centres of a virement, as they stand today."""
    return {structure.now(line.text("cost_centre"))["fund"] for line in lines}


def applies(lines: list[Entry], structure: Structure) -> bool:
    """Whether a virement counts in budgets."""
    years = {line.when.year if line.when else "" for line in lines}
    return (
        status(lines) == APPROVED
        and all(pence(line.fields.get("amount")) is not None for line in lines)
        and sum(line.pence() for line in lines) == 0
        and "" not in years
        and len(years) == 1
        and len(funds(lines, structure)) == 1
        and any(line.text("decision") for line in lines)
    )


def level_of(books: Books, moved: int) -> tuple[str, str]:
    """Who may decide a virement of so many pence, and its list in the report."""
    for level in books.accounts.get("virement_levels") or ():
        up_to = level.get("up_to")
        if up_to is None or moved <= Fraction(str(up_to)) * 100:
            return str(level["name"]), str(level.get("approval") or "for information")
    return "", "for information"


def virement_state(books: Books, structure: Structure, lines: list[Entry]) -> Json:
    """What is published of a virement."""
    moved = sum(max(0, line.pence()) for line in lines)
    level, approval = level_of(books, moved)
    applied = applies(lines, structure)
    of_funds = funds(lines, structure)
    first = min((line.when for line in lines if line.when), default=None)
    return {
        "status": status(lines),
        "year": first.year if first else "",
        "period": first.period if first else 0,
        "moved": moved,
        "net": sum(line.pence() for line in lines),
        "level": level,
        "approval": approval,
        "applied": applied,
        "held": status(lines) == APPROVED and not applied,
        "fund": of_funds.pop() if len(of_funds) == 1 else "",
    }
