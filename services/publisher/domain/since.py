"""What changed of the newest figures since an instant: from what to what, in words.

Rule: a figure that reads the same has not changed. What turned red comes first, then what changed
its status in another way, then what members watch, then the newest.
"""

from collections.abc import Iterable
from decimal import Decimal
from typing import NamedTuple

import msgspec

from services.publisher.domain import words
from services.publisher.domain.contracts import count
from services.publisher.domain.figures import Figure
from services.publisher.domain.saying import saying
from shared.catalogue.model import Indicator
from shared.contracts.states import PeriodState, RagState


class Was(msgspec.Struct, gc=False):
    """Of a value only what is compared with."""

    period: PeriodState
    value: str | None
    reason: str | None
    unit: str
    rag: RagState


decode = msgspec.json.Decoder(Was).decode


class Changed(NamedTuple):
    """A figure that changed. `follows` says that what it was is the figure of an earlier period."""

    figure: Figure
    indicator: Indicator
    time: str
    before: Was | None
    follows: bool = False

    @property
    def turned(self) -> bool:
        """Whether its status is another."""
        return self.before is not None and self.before.rag.outcome != self.figure.outcome

    @property
    def was(self) -> str:
        """What stood before."""
        before = self.before
        if before is None:
            return ""
        if before.value is None:
            return words.no_value(before.reason)
        return saying(self.indicator, before.unit, before.value)(Decimal(before.value))

    @property
    def was_outcome(self) -> str:
        """Its status before."""
        return self.before.rag.outcome if self.before else ""

    @property
    def was_outcome_word(self) -> str:
        """Its status before, in words."""
        return words.OUTCOMES.get(self.was_outcome, words.sentence(self.was_outcome))

    @property
    def sentence(self) -> str:
        """`From 81.3% to 66.7%`, `New: 66.7%, after 81.3% in April to June 2019`"""
        now = self.figure.text
        if self.before is None:
            return f"New: {now}"
        if self.follows:
            return f"New: {now}, after {self.was} in {words.period(self.before.period.code)}"
        return f"Still {now}" if self.was == now else f"From {self.was} to {now}"


def changed(figure: Figure, indicator: Indicator, time: str, before: Was | None) -> Changed | None:
    """What changed of a figure that had another version, if anything did that people see."""
    found = Changed(figure, indicator, time, before)
    return None if found.was == figure.text and not found.turned else found


def follows(figure: Figure, indicator: Indicator, time: str, before: Was | None) -> Changed:
    """A figure of a new period, after the one of the period before it."""
    known = before if before is not None and before.value is not None else None
    return Changed(figure, indicator, time, known, follows=True)


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
