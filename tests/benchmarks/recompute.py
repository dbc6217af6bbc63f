"""What every figure of the workload must be: from the final records, in fractions, all at once.

Shares no code with the engine, and none with the bare loop.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from fractions import Fraction
from typing import Any, NamedTuple

from tests.benchmarks.workload import AMBER_POINTS, Indicator, Measure, definitions

# (indicator, month, ward); ward None: all of them.
Place = tuple[str, str, str | None]


class Figure(NamedTuple):
    """A published figure: its value to one decimal (None: not calculable), its outcome, and what
    each of its measures came to."""

    value: str | None
    outcome: str
    inputs: tuple[int, ...]


class Expected:
    """The figures that follow from some final records."""

    def __init__(self, records: Iterable[tuple[str, Mapping[str, Any]]]) -> None:
        """`records` are (dataset, fields) of all that exist in the end."""
        measures, self._indicators = definitions()
        by_dataset: dict[str, list[tuple[int, Measure]]] = defaultdict(list)
        for number, measure in enumerate(measures):
            by_dataset[measure.dataset].append((number, measure))
        self._cells: dict[tuple[str, str | None], dict[int, int]] = defaultdict(
            lambda: defaultdict(int)
        )
        for dataset, fields in records:
            for number, measure in by_dataset[dataset]:
                if all(fields[field] in words for field, words in measure.filters):
                    amount = fields["amount"] if measure.sums else 1
                    for ward in (fields["ward"], None):
                        self._cells[fields["day"][:7], ward][number] += amount

    def figure(self, place: Place) -> Figure:
        """What a figure must be."""
        code, month, ward = place
        indicator = next(each for each in self._indicators if each.code == code)
        return _figure(indicator, self._cells.get((month, ward), {}))

    def figures(self, *, wards_only: bool) -> dict[Place, Figure]:
        """Every figure that must exist: something was counted for it."""
        return {
            (indicator.code, month, ward): _figure(indicator, cells)
            for (month, ward), cells in self._cells.items()
            if ward is not None or not wards_only
            for indicator in self._indicators
            if any(cells.get(number) for number in indicator.inputs)
        }

    def differences(self, found: Mapping[Place, Figure], *, wards_only: bool) -> list[str]:
        """Every way in which published figures are not what they must be."""
        wanted = self.figures(wards_only=wards_only)
        wrong = [f"{place}: missing" for place in wanted if place not in found]
        for place, figure in found.items():
            # What fell back to nothing stays published: as nothing.
            right = wanted.get(place) or self.figure(place)
            if figure != right:
                wrong.append(f"{place}: {figure}, not {right}")
        return wrong


def _figure(indicator: Indicator, cells: Mapping[int, int]) -> Figure:
    inputs = tuple(cells.get(number, 0) for number in indicator.inputs)
    tenths = _tenths(indicator.kind, inputs)
    if tenths is None:
        return Figure(None, "no data", inputs)
    sign = "-" if tenths < 0 else ""
    value = f"{sign}{abs(tenths) // 10}.{abs(tenths) % 10}"
    ahead = tenths - 10 * indicator.target if indicator.high else 10 * indicator.target - tenths
    outcome = "green" if ahead >= 0 else "amber" if ahead >= -10 * AMBER_POINTS else "red"
    return Figure(value, outcome, inputs)


def _tenths(kind: str, inputs: tuple[int, ...]) -> int | None:
    """The value in tenths, halves away from zero; None when something is divided by nought."""
    first, second = inputs[:2]
    if kind == "difference":
        exact = Fraction(first - second)
    elif kind == "rate":
        if inputs[2] == 0:
            return None
        exact = Fraction(1000 * (first + second), inputs[2])
    elif second == 0:
        return None
    else:
        exact = Fraction((100 if kind == "percentage" else 1) * first, second)
    away = int(abs(exact) * 10 + Fraction(1, 2))
    return -away if exact < 0 else away
