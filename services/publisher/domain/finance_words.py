"""The other states of the council's money in sentences: virements, savings, reserves, control
totals, hints and the capital programme.

Rule: every number in a sentence stands in the state itself.
"""

from collections.abc import Iterable

from services.publisher.domain import words
from services.publisher.domain.finance import one_period, pence, share, short, variance
from shared.accounts.calendar import When
from shared.contracts.capital import Scheme
from shared.contracts.finance import (
    Hint,
    Reconciliation,
    Reserve,
    Saving,
    Virement,
)

STAGES = {
    "delivered": "Delivered",
    "on track": "On track",
    "at risk": "At risk",
    "undeliverable": "Undeliverable",
}


def virement(state: Virement) -> str:
    """Whether a virement counts, and why it does not."""
    moved = f"{pence(state.moved)} moved"
    if state.applied:
        return f"{moved}. It counts in budgets from {one_period(When(state.year, state.period))}."
    if state.held:
        return f"{moved}. Held, so that it counts in no budget: {state.held}."
    return f"{moved}. {state.status}, so that it counts in no budget."


def virement_status(state: Virement) -> str:
    """One or two words."""
    if state.applied:
        return "Applied"
    return "Held" if state.held else words.sentence(state.status)


def saving(state: Saving) -> str:
    """What has become of a saving."""
    return (
        f"{pence(state.delivered)} of {pence(state.target)} delivered, {pence(state.forecast)} "
        f"forecast to be delivered, {pence(state.undeliverable)} undeliverable."
    )


class SavingTotal:
    """Savings added up."""

    def __init__(self, states: Iterable[Saving]) -> None:
        self.target = self.delivered = self.forecast = self.undeliverable = self.count = 0
        for each in states:
            self.target += each.target
            self.delivered += each.delivered
            self.forecast += each.forecast
            self.undeliverable += each.undeliverable
            self.count += 1

    def sentence(self) -> str:
        """As a cabinet report has it."""
        if not self.count:
            return "No savings are planned."
        return (
            f"Target {short(self.target)}: {share(self.delivered, self.target)} delivered "
            f"({short(self.delivered)}), {share(self.forecast, self.target)} forecast to be "
            f"delivered ({short(self.forecast)}), {share(self.undeliverable, self.target)} not "
            f"deliverable ({short(self.undeliverable)})."
        )


def reserve(state: Reserve) -> str:
    """How a reserve's year ends."""
    low = ""
    if state.minimum is not None:
        low = f" It should not fall below {pence(state.minimum)}."
    return (
        f"Opening {pence(state.opening)} plus {pence(state.planned_in)} put in less "
        f"{pence(state.planned_out)} used is {pence(state.closing)}.{low}"
    )


def reconciliation_place(state: Reconciliation) -> str:
    """Which postings a control total is about."""
    if state.scope == "batch":
        return f"Batch {state.code}"
    if state.year and state.period:
        return words.sentence(one_period(When(state.year, state.period)))
    return words.sentence(f"{state.scope} {state.code}")


def reconciliation_outcome(state: Reconciliation) -> str:
    """`Agrees`, `Does not agree`, or that the ledger has said nothing."""
    if state.agrees is None:
        return "No control total"
    return "Agrees" if state.agrees else "Does not agree"


def reconciliation(state: Reconciliation) -> str:
    """Held beside stated."""
    count = f"{state.transactions:,} posting{'' if state.transactions == 1 else 's'}"
    held = f"{count} of {pence(state.amount)} are held"
    if state.difference is None:
        return f"{held}; the ledger has stated no total."
    stated = pence(state.amount - state.difference)
    if state.agrees:
        return f"{held}, as the ledger states."
    short_of = ""
    if state.missing_transactions:
        off = abs(state.missing_transactions)
        short_of = f" {off:,} posting{' is' if off == 1 else 's are'} " + (
            "missing." if state.missing_transactions > 0 else "held that it does not count."
        )
    difference = pence(state.difference)
    return f"{held}; the ledger states {stated}: a difference of {difference}.{short_of}"


def hint(state: Hint) -> str:
    """What may be worth a look."""
    count = len(state.records)
    if state.hint == "duplicate":
        what = f"{count} payments of {pence(state.each_pence)} to one supplier may be a duplicate"
    elif state.hint == "split":
        what = (
            f"{count} payments of one day, {pence(state.total_pence)} together, may be one "
            "purchase split"
        )
    else:
        what = f"{count} payments ({state.hint})"
    return f"{what}. A hint is worth a look and is no finding."


def scheme(state: Scheme) -> str:
    """A capital scheme as a whole."""
    whole = state.total
    return (
        f"{state.title or state.scheme}: approved {short(whole.approved)}, spent "
        f"{short(whole.spend)}, forecast {short(whole.forecast)}: {variance(whole.variance)}."
    )
