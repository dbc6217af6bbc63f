"""How the figures of one indicator are written: its unit, decimals and label, in one place."""

from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal

from services.publisher.domain import words
from services.publisher.domain.trend import difference
from shared.catalogue.model import Indicator
from shared.catalogue.trend import NO_AIM, Aim
from shared.contracts.states import IndicatorValue, PeriodState, TargetState

NO_TARGET = "None set"


@dataclass(frozen=True)
class Saying:
    """Writes amounts as an indicator's."""

    unit: str
    precision: int
    per: int | None = None
    label: str = ""

    def __call__(self, amount: Decimal) -> str:
        """A figure, with the decimals that the indicator is published with."""
        return self.exact(amount, self.precision)

    def exact(self, amount: Decimal, precision: int) -> str:
        """A figure with so many decimals."""
        return words.quantity(amount, self.unit, precision, per=self.per, label=self.label)

    def finer(self, amount: Decimal) -> str:
        """What is worked out from several figures: with one decimal more than they have."""
        return self.exact(amount, self.precision + 1)

    def plain(self, text: str) -> str:
        """A number with the decimals it was written with: a target of 75 is 75% and not 75.0%."""
        places = words.places(text)
        return self.exact(Decimal(text), 2 if self.unit == "money" and places == 1 else places)

    def difference(self, amount: Decimal, finer: int = 0) -> str:
        """How far apart two figures are, with so many decimals more than they have."""
        places = self.precision + finer
        return difference(amount, self.unit, places, per=self.per, label=self.label)

    def target(self, target: TargetState | None) -> str:
        """A target, or the range of one."""
        if target is None:
            return NO_TARGET
        if target.value:
            return self.plain(target.value)
        if target.low is not None and target.high is not None:
            return f"{self.plain(target.low)} to {self.plain(target.high)}"
        if target.low is not None:
            return f"{self.plain(target.low)} or more"
        return NO_TARGET if target.high is None else f"{self.plain(target.high)} or less"


def saying(definition: Indicator | None, unit: str, value: str | None = None) -> Saying:
    """How an indicator's figures are written; without a definition, as the value was."""
    if definition is None:
        return Saying(unit, words.places(value or ""))
    label = definition.unit_label
    return Saying(unit, definition.precision, definition.per, label)


def aim_of(target: TargetState | None) -> Aim:
    """The least and the greatest value of a target, for goldilocks."""
    if target is None:
        return NO_AIM
    if target.value:
        return Decimal(target.value), Decimal(target.value)
    low, high = target.low, target.high
    return None if low is None else Decimal(low), None if high is None else Decimal(high)


def miss(value: Decimal | None, target: TargetState | None) -> Decimal:
    """How far a value is from its target or its range, as a share of that; nothing without both."""
    if value is None:
        return Decimal(0)
    low, high = aim_of(target)
    if low is not None and value < low:
        return (low - value) / (abs(low) or 1)
    if high is not None and value > high:
        return (value - high) / (abs(high) or 1)
    return Decimal(0)


def final_from(definition: Indicator | None, period: PeriodState) -> date | None:
    """The day from which a period's value is final, where the indicator has such a day."""
    if definition is None or definition.final_after_days is None:
        return None
    days = definition.final_after_days + definition.follow_up_days
    return date.fromisoformat(period.end) + timedelta(days=days)


def standing_words(value: IndicatorValue, definition: Indicator | None) -> str:
    """Whether a value is provisional or final, as a sentence; empty without such a rule."""
    if value.value is None:
        return ""
    if value.status == "provisional":
        day = final_from(definition, value.period)
        until = f" until {words.day(day)}" if day else ""
        return f"Provisional (P): it may still change{until}."
    if value.status == "final":
        return "Final."
    return ""


def small_words(value: IndicatorValue, definition: Indicator | None) -> str:
    """The mark of a figure that rests on too few records to publish; empty for any other."""
    if not value.small:
        return ""
    limit = definition.small_numbers_under if definition else None
    return f"Rests on fewer than {limit or 'the least number'}: not for publication"


def marks(value: IndicatorValue) -> str:
    """What stands behind a figure in a table: (P) provisional, (S) a small number."""
    if value.value is None:
        return ""
    found = [*(["P"] if value.status == "provisional" else []), *(["S"] if value.small else [])]
    return f"({', '.join(found)})" if found else ""


def basis_words(target: TargetState | None) -> str:
    """Where a target comes from, where it is not simply set."""
    if target is None or target.basis in ("", "set"):
        return ""
    if target.basis == "profile":
        return "from its profile over the year"
    return "an even share of the year's" if target.basis == "even share" else target.basis
