"""The values of indicators, exact: which exist, what each is made of, and why one has no number.

Rule: a value is its formula over what each measure came to in the period's window, by the source
that is in force in the period's last month. It exists where the period has begun and one of these
measures has something to say.
"""

from collections.abc import Mapping, Sequence
from datetime import date, timedelta
from decimal import Decimal
from fractions import Fraction
from typing import NamedTuple
from urllib.parse import unquote

from deploy.verify.dates import month_number, month_text
from deploy.verify.expressions import (
    Around,
    NotCalculable,
    NothingToDivideBy,
    Value,
    evaluate,
    names_in,
)
from deploy.verify.fields import ALL, Dataset, Fields, lookup_in
from deploy.verify.measures import Figures, Input, figures_of
from deploy.verify.numbers import TOO_LARGE, rounded
from deploy.verify.periods import DEFAULT_KINDS, Period, begun
from deploy.verify.source import Definitions, Json, Record

NOT_CALCULABLE, MISSING, NOT_DUE = "not calculable", "missing", "not due"
# Of several reasons why the parts of a formula have no value, the first is given.
WEIGHT = ("suppressed", "not applicable", NOT_CALCULABLE, NOT_DUE, MISSING)


class Source(NamedTuple):
    """The formula that is in force, and the note on it where it is an earlier one."""

    formula: str
    note: str


class Outcome(NamedTuple):
    """An exact value, or the reason why there is none."""

    exact: Fraction | None
    reason: str | None


def formula_name(code: str) -> str:
    """How a formula writes a code: `-` as `_`, and one more `_` before a digit in front."""
    name = code.replace("-", "_")
    return f"_{name}" if name[:1].isdigit() else name


def breakdown_fields(breakdown: str) -> tuple[str, ...]:
    """The fields that a breakdown crosses, in the order they are written."""
    return tuple(name.strip() for name in breakdown.split("&"))


def fields_of(member: str) -> tuple[str, ...]:
    """The fields that a member text names."""
    return tuple(unquote(part.partition("=")[0]) for part in member.split("&"))


def due_on(indicator: Json, period: Period) -> date | None:
    """The day from which a value is due; None where the indicator has no such rule."""
    days, cohort = indicator.get("due_days"), int(indicator.get("follow_up_days") or 0)
    if days is None and not cohort:
        return None
    return period.end + timedelta(days=int(days or 0) + cohort)


class Values:
    """Every value of a catalogue over the current records, on a day."""

    def __init__(
        self, definitions: Definitions, records: Mapping[str, Sequence[Record]], today: date
    ) -> None:
        self.today = today
        self.indicators = definitions.of("indicator")
        self._definitions = definitions
        self._measures = definitions.of("measure")
        self._names = {formula_name(code): code for code in (*self._measures, *self.indicators)}
        self._council = next(iter(definitions.of("council").values()), {})
        self._sources: dict[tuple[str, str], frozenset[str]] = {}
        self._outcomes: dict[tuple[str, str, Period], Outcome] = {}
        self.figures = self._all_figures(records)

    def _all_figures(self, records: Mapping[str, Sequence[Record]]) -> dict[str, Figures]:
        datasets = {code: Dataset(each) for code, each in self._definitions.of("dataset").items()}
        days = (date.fromisoformat(day[:10]) for day in self._council.get("closure_days") or ())
        around = Around(frozenset(days), lookup_in(datasets, records))
        cuts: dict[str, set[tuple[str, ...]]] = {}
        for code, indicator in self.indicators.items():
            wanted = {breakdown_fields(each) for each in indicator.get("breakdowns") or ()}
            for measure in self.all_measures_of(code):
                cuts.setdefault(measure, set()).update(wanted)
        by_dataset = {
            code: [Fields(record.fields, dataset, around) for record in records.get(code, ())]
            for code, dataset in datasets.items()
        }
        return {
            code: figures_of(
                measure,
                datasets[measure["dataset"]],
                by_dataset[measure["dataset"]],
                sorted(cuts.get(code, ())),
                around,
                self._definitions.versions.get(f"measure/{code}", 0),
            )
            for code, measure in self._measures.items()
        }

    # What a value is made of

    def source(self, code: str, last: int) -> Source:
        """The source of an indicator that is in force in a month."""
        indicator, month = self.indicators[code], month_text(last)
        for earlier in sorted(indicator.get("earlier") or (), key=lambda each: each["until"]):
            if month <= earlier["until"][:7]:
                return Source(earlier["formula"], earlier.get("note") or "")
        return Source(indicator["formula"], "")

    def measures_of(self, code: str, last: int) -> frozenset[str]:
        """The measures that an indicator rests on in a month, through other indicators too."""
        formula = self.source(code, last).formula
        found: set[str] = set()
        for name in names_in(formula):
            inner = self._names[name]
            found |= {inner} if inner in self._measures else self.measures_of(inner, last)
        return frozenset(found)

    def all_measures_of(self, code: str) -> set[str]:
        """The measures that an indicator rests on in any month."""
        indicator = self.indicators[code]
        formulas = [indicator["formula"]]
        formulas += [earlier["formula"] for earlier in indicator.get("earlier") or ()]
        found: set[str] = set()
        for name in {name for formula in formulas for name in names_in(formula)}:
            inner = self._names[name]
            found |= {inner} if inner in self._measures else self.all_measures_of(inner)
        return found

    def inputs(self, code: str, member: str, period: Period) -> dict[str, Input]:
        """What each measure of an indicator came to over a period."""
        return {
            measure: self.figures[measure].over(member, period.start, period.end)
            for measure in sorted(self.measures_of(code, period.last))
        }

    # Which values exist

    def exists(self, code: str, member: str, period: Period) -> bool:
        """Whether an indicator has a value for a member and a period."""
        return self.asked_for(code, member, period) and any(
            self.figures[measure].has_something(member, period)
            for measure in self.measures_of(code, period.last)
        )

    def asked_for(self, code: str, member: str, period: Period) -> bool:
        """Whether an indicator's definition asks for a value, whatever the records are."""
        indicator = self.indicators.get(code)
        if indicator is None or period.kind not in (indicator.get("periods") or DEFAULT_KINDS):
            return False
        if period.kind == "cumulative" and period.first != self.origin(code):
            return False
        since = indicator.get("since")
        if not begun(period, self.today) or (since and period.first < month_number(since)):
            return False
        wanted = (breakdown_fields(each) for each in indicator.get("breakdowns") or ())
        return member == ALL or fields_of(member) in wanted

    def origin(self, code: str) -> int:
        """The month in which an indicator's cumulative periods start."""
        stated = self.indicators[code].get("cumulative_from")
        return month_number(stated) if stated else 0

    # What a value is

    def outcome(self, code: str, member: str, period: Period) -> Outcome:
        """The exact value of an indicator, or why it has none."""
        key = (code, member, period)
        if key not in self._outcomes:
            self._outcomes[key] = self._outcome(code, member, period)
        return self._outcomes[key]

    def reason(self, code: str, member: str, period: Period) -> str | None:
        """Why a value that is published has no number: before its own due date, what is missing
        is not due."""
        reason = self.outcome(code, member, period).reason
        due = due_on(self.indicators[code], period)
        early = due is not None and self.today < due
        return NOT_DUE if reason == MISSING and early else reason

    def _outcome(self, code: str, member: str, period: Period) -> Outcome:
        formula = self.source(code, period.last).formula
        names: dict[str, Value] = {}
        reasons = {MISSING}
        for name in names_in(formula):
            inner = self._names[name]
            if inner in self._measures:
                came_to = self.figures[inner].over(member, period.start, period.end)
                names[name], reason = came_to.value, came_to.reason
            else:
                names[name], reason = self.outcome(inner, member, period)
            if reason is not None:
                reasons.add(reason)
        try:
            value = evaluate(formula, names)
        except NothingToDivideBy:
            return self._without_denominator(code)
        except NotCalculable:
            return Outcome(None, NOT_CALCULABLE)
        if not isinstance(value, Fraction):
            return Outcome(None, min(reasons, key=WEIGHT.index))
        return Outcome(None, NOT_CALCULABLE) if abs(value) >= TOO_LARGE else Outcome(value, None)

    def _without_denominator(self, code: str) -> Outcome:
        said = self.indicators[code].get("no_denominator") or self._council.get("no_denominator")
        if said == "zero":
            return Outcome(Fraction(0), None)
        return Outcome(None, said or NOT_CALCULABLE)

    def rounded(self, code: str, member: str, period: Period) -> Decimal | None:
        """The value as people read it; None where it has none."""
        exact = self.outcome(code, member, period).exact
        if exact is None:
            return None
        indicator = self.indicators[code]
        places = int(indicator.get("precision") or 0)
        return rounded(exact, places, indicator.get("rounding") or "half up")

    def published(self, code: str, member: str, period: Period) -> Fraction | None:
        """The value as people read it, of one that may not exist."""
        if code not in self.indicators or not self.exists(code, member, period):
            return None
        value = self.rounded(code, member, period)
        return None if value is None else Fraction(value)

    @property
    def own_area(self) -> str | None:
        """The council's own area."""
        stated: str | None = self._council.get("area_code")
        return stated

    def peer_group(self, code: str) -> Json | None:
        """A peer group's definition."""
        return self._definitions.of("peer-group").get(code)
