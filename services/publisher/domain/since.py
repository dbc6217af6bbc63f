"""What changed of the newest figures since an instant: from what to what, in words.

Rule: a figure that reads the same has not changed. What turned red comes first, then what changed
its status in another way, then what members watch, then the newest.
"""

from collections.abc import Iterable
from decimal import Decimal
from typing import NamedTuple

from services.publisher.domain import words
from services.publisher.domain.contracts import count
from services.publisher.domain.figures import Figure
from services.publisher.domain.saying import saying
from shared.catalogue.model import Indicator
from shared.contracts.states import IndicatorValue


class Changed(NamedTuple):
    """A figure that changed. `before` is its period where that is an earlier one."""

    figure: Figure
    indicator: Indicator
    time: str
    was: str
    was_outcome: str
    before: str = ""

    @property
    def new(self) -> bool:
        """Whether it is of a period that had no figure."""
        return not self.was or bool(self.before)

    @property
    def turned(self) -> bool:
        """Whether its status is another."""
        return bool(self.was_outcome) and self.was_outcome != self.figure.outcome

    @property
    def was_outcome_word(self) -> str:
        """Its status before, in words."""
        return words.OUTCOMES.get(self.was_outcome, words.sentence(self.was_outcome))

    @property
    def sentence(self) -> str:
        """`From 81.3% to 66.7%`, `New: 66.7%, after 81.3% in April to June 2019`"""
        now = self.figure.text
        if self.before:
            return f"New: {now}, after {self.was} in {self.before}"
        return f"From {self.was} to {now}" if self.was else f"New: {now}"


def changed(
    figure: Figure, indicator: Indicator, time: str, before: IndicatorValue | None
) -> Changed | None:
    """What changed of a figure that had another version, if anything did that people see."""
    if before is None:
        return Changed(figure, indicator, time, "", "")
    found = Changed(figure, indicator, time, _text(indicator, before), before.rag.outcome)
    return None if found.was == figure.text and not found.turned else found


def follows(
    figure: Figure, indicator: Indicator, time: str, before: IndicatorValue | None
) -> Changed:
    """A figure of a new period, after the one of the period before it."""
    if before is None or before.value is None:
        return Changed(figure, indicator, time, "", "")
    was, outcome = _text(indicator, before), before.rag.outcome
    return Changed(figure, indicator, time, was, outcome, words.period(before.period.code))


def _text(indicator: Indicator, value: IndicatorValue) -> str:
    if value.value is None:
        return words.no_value(value.reason)
    return saying(indicator, value.unit, value.value)(Decimal(value.value))


def ordered(found: Iterable[Changed]) -> list[Changed]:
    """What matters most first."""
    newest = sorted(found, key=lambda each: each.time, reverse=True)
    return sorted(
        newest,
        key=lambda each: (
            not (each.turned and each.figure.outcome == "red"),
            not each.turned,
            not each.indicator.strategic,
        ),
    )


def counted(found: Iterable[Changed]) -> str:
    """`12 figures changed; 3 have another status.`"""
    listed = list(found)
    turned = sum(each.turned for each in listed)
    if not listed:
        return "No figure changed."
    also = f"; {turned:,} {'has' if turned == 1 else 'have'} another status" if turned else ""
    return f"{count(len(listed), 'figure')} changed{also}."
