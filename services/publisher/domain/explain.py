"""How a value came about: its formula with the numbers in it, and which records were counted.

Rule: a record belongs to a value exactly when the compiled measure, the same code that counted it,
says that it contributes to the value's months and member.
"""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from services.publisher.domain import words
from shared.catalogue.contributions import CompiledMeasure
from shared.catalogue.expressions import ExpressionError, parse
from shared.catalogue.model import Catalogue, Indicator, Measure
from shared.catalogue.periods import Period, months_of
from shared.contracts.states import IndicatorValue, MeasureInput
from shared.contracts.subjects import member

_NAME = re.compile(r"[A-Za-z_][A-Za-z0-9_]*", re.ASCII)


def worked(formula: str, inputs: Mapping[str, MeasureInput]) -> str:
    """`percent(812, 998)`: the formula with what its names came to."""
    known = {name.replace("-", "_"): each for name, each in inputs.items()}

    def number(found: re.Match[str]) -> str:
        each = known.get(found[0])
        if each is None:
            return found[0]
        return "no value" if each.value is None else plain(each.value)

    return _NAME.sub(number, formula)


def plain(value: str) -> str:
    """A number for reading: grouped, with the decimals it has."""
    return words.number(Decimal(value), words.places(value))


def measures_of(indicator: Indicator, catalogue: Catalogue) -> list[Measure]:
    """The measures that a formula rests on, also through other indicators, in order."""
    names = {code.replace("-", "_"): code for code in (*catalogue.measures, *catalogue.indicators)}
    found: dict[str, Measure] = {}
    seen: set[str] = set()
    waiting = [indicator]
    while waiting:
        each = waiting.pop()
        if each.code in seen:
            continue
        seen.add(each.code)
        try:
            used = parse(each.formula).names
        except ExpressionError:
            continue
        for code in sorted(names[name] for name in used if name in names):
            if code in catalogue.measures:
                found.setdefault(code, catalogue.measures[code])
            else:
                waiting.append(catalogue.indicators[code])
    return list(found.values())


@dataclass(frozen=True)
class Counted:
    """What a record added to one measure."""

    measure: str
    amount: str | None


class Contributors:
    """Tells which records of one dataset were counted in a value."""

    def __init__(
        self,
        measures: Iterable[Measure],
        catalogue: Catalogue,
        dataset: str,
        value: IndicatorValue,
        period: Period,
    ) -> None:
        breakdown = value.breakdown
        self._member = "all" if breakdown is None else member(breakdown.field, breakdown.member)
        fields = [] if breakdown is None else [breakdown.field]
        self._months = frozenset(months_of(period))
        self._last = months_of(period)[-1]
        definition = catalogue.datasets[dataset]
        names = definition.types()
        self._compiled = [
            CompiledMeasure(
                measure, definition, [f for f in fields if f in names], catalogue.closure_days
            )
            for measure in measures
            if measure.dataset == dataset
        ]

    def counted(self, fields: Mapping[str, Any]) -> list[Counted]:
        """What a record added to each measure; empty when it was not counted."""
        found = []
        for compiled in self._compiled:
            if self._member not in compiled.members(fields):
                continue
            parts = compiled.contributions(fields)
            if compiled.measure.aggregate == "open":
                # A stock: in it when it came in by the period's last month and had not left.
                if sum(came - left for month, came, left in parts if month <= self._last) > 0:
                    found.append(Counted(compiled.measure.code, None))
            elif any(month in self._months for month, _, _ in parts):
                summed = compiled.measure.aggregate in ("sum", "mean")
                amount = sum((Decimal(part[2]) for part in parts), Decimal(0))
                found.append(Counted(compiled.measure.code, str(amount) if summed else None))
        return found
