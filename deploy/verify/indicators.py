"""Indicators, worked out again: every value that must be published, with its target and RAG.

Rule: what must be published is what exists, and nothing else. A state says all that can be derived
from records, definitions and the day; the words in which it is explained are left to the system.
"""

from collections.abc import Iterator, Mapping, Sequence
from datetime import date, timedelta
from fractions import Fraction
from urllib.parse import unquote

from deploy.verify import rag
from deploy.verify.fields import ALL
from deploy.verify.measures import Input
from deploy.verify.periods import (
    DEFAULT_KINDS,
    Period,
    UnknownPeriod,
    begun_since,
    parse,
    year_start,
)
from deploy.verify.source import Definitions, Json, Record
from deploy.verify.targets import Goal, figure_before, goal_for
from deploy.verify.values import Values, due_on

__all__ = ["Indicators", "split_subject"]

# Of these the value itself says how many there are; of all others it is the number of records.
COUNTED_BY_VALUE = ("count", "distinct", "open")


def split_subject(subject: str) -> tuple[str, str, str]:
    """Indicator, period and member of a published subject."""
    code, _, rest = subject.partition("/")
    period, _, member = rest.partition("/")
    return unquote(code), period, member or ALL


class Indicators:
    """All indicators of a catalogue over the current records, as they are on a day."""

    def __init__(
        self, definitions: Definitions, records: Mapping[str, Sequence[Record]], today: date
    ) -> None:
        self._definitions = definitions
        self._values = Values(definitions, records, today)

    def expected(self) -> Iterator[str]:
        """The subjects of every value that must be published."""
        for code in self._values.indicators:
            for period, members in self._candidates(code):
                for member in members:
                    if self._values.exists(code, member, period):
                        subject = f"{code}/{period.code}"
                        yield subject if member == ALL else f"{subject}/{member}"

    def _candidates(self, code: str) -> Iterator[tuple[Period, set[str]]]:
        """The periods that may have a value, and the members that may."""
        values = self._values
        figures = [values.figures[measure] for measure in values.all_measures_of(code)]
        firsts = [month for each in figures if (month := each.first_month()) is not None]
        if not firsts:
            return
        members = {member for each in figures for member in each.members()}
        start = year_start(min(firsts))
        for kind in values.indicators[code].get("periods") or DEFAULT_KINDS:
            origin = values.origin(code) if kind == "cumulative" else 0
            for period in begun_since(kind, start, values.today, origin):
                yield period, members

    def newest(self, code: str, kind: str) -> tuple[str, str] | None:
        """The code and the outcome of the newest value, over all records, of a kind of period, of
        those that are over; None where there is none."""
        if code not in self._values.indicators:
            return None
        over = [
            period
            for period, _ in self._candidates(code)
            if period.kind == kind
            and period.end <= self._values.today
            and self._values.exists(code, ALL, period)
        ]
        if not over:
            return None
        period = max(over, key=lambda each: each.end)
        return period.code, str(self._state(code, ALL, period)["rag"]["outcome"])

    def state(self, subject: str) -> Json | None:
        """What must be published under a subject; None when nothing must."""
        code, period_code, member = split_subject(subject)
        try:
            period = parse(period_code)
        except UnknownPeriod:
            return None
        if not self._values.exists(code, member, period):
            return None
        return self._state(code, member, period)

    def _state(self, code: str, member: str, period: Period) -> Json:
        values, indicator = self._values, self._values.indicators[code]
        goal = goal_for(values, code, member, period)
        value = values.rounded(code, member, period)
        reason = values.reason(code, member, period)
        due = due_on(indicator, period)
        source = values.source(code, period.last)
        inputs = values.inputs(code, member, period)
        exact = None if value is None else Fraction(value)
        outcome = self._judged(code, member, period, goal, exact)
        return {
            "value": None if value is None else format(value, "f"),
            "reason": reason,
            "period": {
                "code": period.code,
                "kind": period.kind,
                "start": period.start.isoformat(),
                "end": period.end.isoformat(),
            },
            "unit": indicator.get("unit"),
            "formula": source.formula,
            "source": source.note,
            "definition": self._definitions.versions.get(f"indicator/{code}"),
            "measures": inputs,
            "target": None if goal is None else goal.stated(),
            "rag": {"outcome": outcome} | rag.limits(indicator, goal),
            "status": self._status(indicator, period),
            "due": None if due is None else due.isoformat(),
            "small": self._small(indicator, inputs),
        }

    def _judged(
        self, code: str, member: str, period: Period, goal: Goal | None, value: Fraction | None
    ) -> str:
        values, indicator = self._values, self._values.indicators[code]
        due = due_on(indicator, period)
        early = due is not None and values.today < due
        reason = values.reason(code, member, period)
        found = rag.outcome(indicator, goal, value, reason, early)
        easing = (indicator.get("rag") or {}).get("amber_if")
        if found == rag.RED and easing and value is not None:
            earlier = figure_before(values, code, member, easing, period)
            if rag.eases(indicator, goal, value, earlier):
                return rag.AMBER
        return found

    def _status(self, indicator: Json, period: Period) -> str:
        days = indicator.get("final_after_days")
        if days is None:
            return ""
        cohort = int(indicator.get("follow_up_days") or 0)
        final = period.end + timedelta(days=int(days) + cohort)
        return "final" if self._values.today >= final else "provisional"

    def _small(self, indicator: Json, inputs: Mapping[str, Input]) -> bool:
        least = indicator.get("small_numbers_under")
        if least is None:
            return False
        numbers = (self._number_behind(measure, each) for measure, each in inputs.items())
        return any(0 < number < least for number in numbers)

    def _number_behind(self, code: str, came_to: Input) -> Fraction:
        if self._values.figures[code].aggregate in COUNTED_BY_VALUE:
            return came_to.value or Fraction(0)
        return Fraction(came_to.records)
