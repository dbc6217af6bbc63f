"""Which records were counted in a value, and what each added.

Rule: a record belongs to a value exactly when the compiled measure, the same code that counted it,
says that it contributes to the value's window and member.
"""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from functools import lru_cache
from typing import Any

from services.publisher.domain.once import Once, formula_names
from shared.catalogue.breakdowns import AND, fields_of
from shared.catalogue.contributions import CompiledMeasure, Contribution
from shared.catalogue.expressions import ExpressionError
from shared.catalogue.formulas import referents
from shared.catalogue.model import Catalogue, Indicator, Measure
from shared.catalogue.periods import Period, last_day, month_code, months_of
from shared.catalogue.references import References
from shared.contracts.states import IndicatorValue
from shared.contracts.subjects import member

ALL = "all"
# So many measures are kept compiled.
COMPILED = 512


def member_text(value: IndicatorValue) -> str:
    """The member that a value is of, as it stands in its subject."""
    breakdown = value.breakdown
    if breakdown is None:
        return ALL
    parts = breakdown.parts or {breakdown.field: breakdown.member}
    return "&".join(member(field, each) for field, each in parts.items())


def formula_in_force(indicator: Indicator, period: Period) -> str:
    """How an indicator is worked out in a period: by the source in force in its last month."""
    month = month_code(period.last)
    for source in sorted(indicator.earlier, key=lambda each: each.until):
        if month <= source.until:
            return source.formula
    return indicator.formula


def measures_of(formula: str, period: Period, catalogue: Catalogue) -> list[Measure]:
    """The measures that a formula rests on, also through other indicators, in order."""
    names = formula_names.of(catalogue)
    found: dict[str, Measure] = {}
    seen: set[str] = set()
    waiting = [formula]
    while waiting:
        try:
            used = referents(waiting.pop(), names).values()
        except ExpressionError:
            continue
        for kind, code in sorted(used):
            if kind == "measure":
                found.setdefault(code, catalogue.measures[code])
            elif code not in seen:
                seen.add(code)
                waiting.append(formula_in_force(catalogue.indicators[code], period))
    return list(found.values())


def _compiler(catalogue: Catalogue) -> Callable[[str, str, bool], CompiledMeasure]:
    """Compiles measures of a catalogue (by code, cut by a breakdown, kept by day); those asked for
    last are kept, for they rest on definitions alone."""

    @lru_cache(maxsize=COMPILED)
    def compiled(code: str, breakdown: str, by_day: bool) -> CompiledMeasure:
        return _compile(catalogue, code, breakdown, by_day, References(catalogue.datasets))

    return compiled


def _compile(
    catalogue: Catalogue,
    code: str,
    breakdown: str,
    by_day: bool,
    references: References,
) -> CompiledMeasure:
    measure = catalogue.measures[code]
    return CompiledMeasure(
        measure,
        catalogue.datasets[measure.dataset],
        [breakdown] if breakdown else [],
        catalogue.closure_days,
        references,
        by_day=by_day,
    )


_compilers = Once(_compiler)


@dataclass(frozen=True)
class Counted:
    """What a record added to one measure: nothing but itself to a count, else its value."""

    measure: str
    amount: str | None


class Contributors:
    """Tells which records of one dataset were counted in a value.

    Of a latest value, only the newest day counts: every record that is dated in the months of
    `looks_into` is to be shown to `look` before `counted` is asked.
    """

    def __init__(
        self,
        measures: Iterable[Measure],
        catalogue: Catalogue,
        dataset: str,
        value: IndicatorValue,
        period: Period,
        references: References | None = None,
    ) -> None:
        self._member = member_text(value)
        self._period = period
        day = period.kind == "day"
        fields = fields_of(value.breakdown.field) if value.breakdown else ()
        known = catalogue.datasets[dataset].types().keys() >= set(fields)
        cut = AND.join(fields) if known else ""
        compiled = _compilers.of(catalogue)
        self._compiled = [
            # What looks into records rests on them too: it is made for these alone.
            _compile(catalogue, measure.code, cut, day, references)
            if references is not None and found.lookups
            else found
            for measure in measures
            if measure.dataset == dataset
            for found in [compiled(measure.code, cut, day)]
        ]
        self._buckets = frozenset([period.start.isoformat()] if day else months_of(period))
        self._last = period.end.isoformat() if day else month_code(period.last)
        self._newest: dict[str, str] = {}
        self._latest = [each for each in self._compiled if each.measure.aggregate == "latest"]
        self.measures = [each.measure for each in self._compiled]
        self.lookups = frozenset(name for each in self._compiled for name in each.lookups)

    @property
    def looks_into(self) -> list[str]:
        """The months in which the newest day of a latest value may be, the newest first."""
        carried = max((each.measure.carry_months for each in self._latest), default=0)
        first, last = self._period.first - carried, self._period.last
        return [month_code(each) for each in range(last, first - 1, -1)] if self._latest else []

    def knows_the_newest(self, month: str) -> bool:
        """Whether a day of this month or later is known of every latest value: earlier months hold
        no newer one."""
        known = [day for day in self._newest.values() if day[:7] >= month]
        return len(known) == len(self._latest)

    @property
    def months(self) -> set[str]:
        """The months in which what counts is dated, once all was looked at; of a stock see
        `in_stock_after`."""
        found = {day[:7] for day in self._newest.values()}
        if any(each.aggregate not in ("latest", "open") for each in self.measures):
            found.update(months_of(self._period))
        return found

    @property
    def in_stock_after(self) -> str | None:
        """Of a stock counts what left in this month or later, or not at all."""
        stock = any(each.aggregate == "open" for each in self.measures)
        return month_code(self._period.last) if stock else None

    def look(self, fields: Mapping[str, Any]) -> None:
        """Takes a record in: it may be of the newest day."""
        for compiled in self._latest:
            if not self._includes(compiled, fields):
                continue
            for _, _, text in compiled.contributions(fields):
                code, day = compiled.measure.code, text[:10]
                if self._since(compiled) <= day <= self._period.end.isoformat():
                    self._newest[code] = max(day, self._newest.get(code, ""))

    def counted(self, fields: Mapping[str, Any]) -> list[Counted]:
        """What a record added to each measure; empty when it was not counted."""
        found = []
        for compiled in self._compiled:
            if self._includes(compiled, fields):
                amount = self._added(compiled, compiled.contributions(fields))
                if amount is not None:
                    found.append(Counted(compiled.measure.code, amount or None))
        return found

    def _includes(self, compiled: CompiledMeasure, fields: Mapping[str, Any]) -> bool:
        return self._member in compiled.members(fields)

    def _added(self, compiled: CompiledMeasure, parts: list[Contribution]) -> str | None:
        """What was added, empty for a record that is only counted; None for one that is not."""
        aggregate = compiled.measure.aggregate
        if aggregate == "open":
            # A stock: in it when it came in by the window's end and had not left.
            stock = sum(came - left for bucket, came, left in parts if bucket <= self._last)
            return "" if stock > 0 else None
        if aggregate == "latest":
            newest = self._newest.get(compiled.measure.code)
            texts = [text for _, _, text in parts if text[:10] == newest]
            return texts[0][11:].removeprefix("~") if texts else None
        within = [amount for bucket, _, amount in parts if bucket in self._buckets]
        if not within:
            return None
        if aggregate in ("sum", "mean"):
            return str(sum((Decimal(each) for each in within), Decimal(0)))
        # Blank texts are values too, to a measure of different ones.
        return str(within[0]) if compiled.spread else ""

    def _since(self, compiled: CompiledMeasure) -> str:
        """The first day that counts for a latest value, the months it is carried over included."""
        start = self._period.start
        carried = compiled.measure.carry_months
        if not carried:
            return start.isoformat()
        first = self._period.first - carried
        return f"{month_code(first)}-{min(start.day, last_day(first).day):02}"
