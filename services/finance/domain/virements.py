"""Virements: budget moved from one place to another, line by line.

Rule: a virement is all of its lines. It counts in budgets only when it is approved by a decision on
record, comes to nought, and stays within one fund and one year; otherwise it is held, and says why.
"""

from collections.abc import Callable, Mapping
from decimal import Decimal
from typing import Any

from shared.accounts.calendar import when_of
from shared.catalogue.accounts import Accounts
from shared.contracts.fields import text
from shared.contracts.finance import Virement, VirementLine

APPROVED, PROPOSED, REJECTED = "Approved", "Proposed", "Rejected"
_STATUSES = {each.casefold(): each for each in (APPROVED, PROPOSED, REJECTED)}


def line_of(fields: Mapping[str, Any], amount: int) -> VirementLine:
    """Reads a record of a line; `amount` is in pence."""

    when = when_of(fields)
    return VirementLine(
        cost_centre=text(fields, "cost_centre"),
        subjective=text(fields, "subjective"),
        year=when.year if when else "",
        period=when.period if when else 1,
        amount=amount,
        status=_STATUSES.get(text(fields, "status").casefold(), text(fields, "status")),
        title=text(fields, "title"),
        one_off=fields.get("one_off") is True,
        decision=text(fields, "decision"),
        decided=text(fields, "decided")[:10],
    )


def virement(
    reference: str,
    lines: Mapping[str, VirementLine],
    accounts: Accounts,
    fund_of: Callable[[str], str],
) -> Virement | None:
    """What lines, by their records, come to; None where there are none."""
    if not lines:
        return None
    ordered = {record: lines[record] for record in sorted(lines)}
    listed = list(ordered.values())
    first = min(listed, key=lambda line: (line.year, line.period))
    moved = sum(line.amount for line in listed if line.amount > 0)
    level, approval = _level(moved, accounts)
    funds = sorted({fund_of(line.cost_centre) for line in listed})
    status = _status(listed)
    found = Virement(
        reference=reference,
        title=next((line.title for line in listed if line.title), ""),
        status=status,
        year=first.year,
        period=first.period,
        moved=moved,
        net=sum(line.amount for line in listed),
        level=level,
        approval=approval,
        one_off=any(line.one_off for line in listed),
        applied=False,
        decision=next((line.decision for line in listed if line.decision), ""),
        decided=max(line.decided for line in listed),
        fund=funds[0] if len(funds) == 1 else "",
        lines=ordered,
    )
    if status == APPROVED:
        found.held = _why_held(found, funds)
        found.applied = not found.held
    return found


def _status(lines: list[VirementLine]) -> str:
    """Approved where every line is, else that of the first line that is not."""
    return next((line.status for line in lines if line.status != APPROVED), APPROVED)


def _why_held(found: Virement, funds: list[str]) -> str:
    if found.net:
        over = Decimal(abs(found.net)) / 100
        way = "adds" if found.net > 0 else "takes away"
        return f"Its lines do not net to nought: it {way} £{over:,.2f}"
    if len(funds) > 1:
        if "" in funds:
            return "A cost centre in it is in no structure, so that its fund is not known"
        return f"It would move money between funds: {', '.join(funds)}"
    years = {line.year for line in found.lines.values()}
    if "" in years:
        return "A line of it names no year and period"
    if len(years) > 1:
        return "Its lines are in more than one financial year"
    if not found.decision:
        return "It has no reference of a decision"
    return ""


def _level(moved: int, accounts: Accounts) -> tuple[str, str]:
    """Who may decide a virement of so many pence, and its list in the report."""
    for level in accounts.virement_levels:
        if level.up_to is None or moved <= level.up_to * 100:
            return level.name, level.approval
    return "", "for information"
