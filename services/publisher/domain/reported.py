"""What was reported beside what is so now, in words.

Rule: the frozen figure stays; what moved is said beside it, with the difference of exact numbers.
"""

from decimal import Decimal
from typing import NamedTuple

from services.publisher.domain import finance, words
from services.publisher.domain.saying import saying
from shared.catalogue.model import Indicator
from shared.contracts.finance import Figures
from shared.contracts.judged import RagState
from shared.contracts.risks import Risk
from shared.contracts.states import IndicatorValue


class Moved(NamedTuple):
    """How something reads now that read otherwise in the report; `difference` is the exact number
    now less that of the report, where both are numbers."""

    text: str
    now: str
    difference: str = ""


def value_moved(
    was: IndicatorValue, now: IndicatorValue | None, definition: Indicator | None
) -> Moved | None:
    """What became of a value since it was reported; None where it reads the same."""
    say = saying(definition, was.unit, was.value)

    def told(value: IndicatorValue) -> str:
        return words.no_value(value.reason) if value.value is None else say(Decimal(value.value))

    before = told(was)
    if now is None:
        return Moved(f"Withdrawn since: it was {before}", "No figure")
    after = told(now)
    if was.value == now.value and was.reason == now.reason:
        if was.rag.outcome == now.rag.outcome:
            return None
        status = words.OUTCOMES.get(now.rag.outcome, words.sentence(now.rag.outcome))
        return Moved(f"Judged otherwise since: now {status}", after)
    if was.value is None or now.value is None:
        return Moved(f"Corrected since: {before} now {after}", after)
    moved = Decimal(now.value) - Decimal(was.value)
    if not moved:
        return None
    if before == after:  # the figures differ by less than is shown
        before, after = say.plain(was.value), say.plain(now.value)
    text = f"Corrected since: {before} now {after}"
    if was.unit != "yes/no":
        way = "higher" if moved > 0 else "lower"
        size = abs(moved)
        finer = 0
        if words.rounded_to(size, say.precision) == 0:  # less than is shown: with all its decimals
            finer = words.places(f"{size.normalize():f}") - say.precision
        far = say.difference(size, finer)
        text = f"{text} ({far} {way})"
    return Moved(text, after, f"{moved:f}")


def money_moved(
    was: tuple[Figures, RagState], now: tuple[Figures, RagState] | None
) -> Moved | None:
    """What became of a position since it was reported, by its forecast variance."""
    before = finance.variance(was[0].variance)
    if now is None:
        return Moved(f"Withdrawn since: it was {before}", "No position")
    after = finance.variance(now[0].variance)
    moved = now[0].variance - was[0].variance
    if moved:
        worse = "more" if moved > 0 else "less"
        if before == after:
            before, after = (finance.pence(each[0].variance) for each in (was, now))
        text = f"Corrected since: {before} now {after} ({finance.pence(abs(moved))} {worse})"
        return Moved(text, after, str(moved))
    if was[0] != now[0]:
        return Moved("Corrected since, without another variance", after, "0")
    if was[1].outcome != now[1].outcome:
        return Moved(f"Judged otherwise since: now {finance.outcome(now[1])}", after, "0")
    return None


def risk_moved(was: Risk, now: Risk | None) -> Moved | None:
    """What became of a risk since it was reported."""
    if now is None:
        return Moved("Taken off the register since", "Not on the register")
    told = f"{now.score} ({now.band})"
    if was.open and not now.open:
        return Moved("Closed since", told)
    if was.score != now.score:
        text = f"Since: {was.score} now {told}"
        return Moved(text, told, str(now.score - was.score))
    if was.band != now.band:
        return Moved(f"Since: now {now.band}", told, "0")
    return None
