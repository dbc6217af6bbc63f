"""Indicators, worked out again: every value that must be published, with its target and RAG.

Rule: a value is its formula over what each measure came to in the period's window, exact until
the one rounding at the end. A value must exist where one of its measures has something to say.
"""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from fractions import Fraction
from typing import Any
from urllib.parse import unquote

from deploy.verify import rag
from deploy.verify.dates import PERIOD_KINDS, first_day, last_day, window
from deploy.verify.expressions import NotCalculable, Value, evaluate, half_up, names_in
from deploy.verify.measures import ALL, TOO_LARGE, Flow, Input, Stock, measure_figures
from deploy.verify.source import Definitions, Json, Record

NOT_CALCULABLE = "not calculable"


def formula_name(code: str) -> str:
    """How a formula writes a code: `-` as `_`, and one more `_` before a digit in front."""
    name = code.replace("-", "_")
    return f"_{name}" if name[:1].isdigit() else name


def split_subject(subject: str) -> tuple[str, str, str]:
    """Indicator, period and member of a published subject."""
    code, period, *member = subject.split("/", 2)
    return unquote(code), period, member[0] if member else ALL


class Indicators:
    """All indicators of a catalogue over the current records."""

    def __init__(self, definitions: Definitions, records: Mapping[str, Sequence[Record]]) -> None:
        self._definitions = definitions
        self._indicators = definitions.of("indicator")
        self._measures = definitions.of("measure")
        self._names = {formula_name(code): code for code in (*self._measures, *self._indicators)}
        self._figures = self._all_figures(records)

    def _all_figures(self, records: Mapping[str, Sequence[Record]]) -> dict[str, Flow | Stock]:
        closures = frozenset(
            date.fromisoformat(day[:10])
            for council in self._definitions.of("council").values()
            for day in council.get("closure_days", ())
        )
        cuts: dict[str, set[str]] = {}
        for code, indicator in self._indicators.items():
            for measure in self.measures_of(code):
                cuts.setdefault(measure, set()).update(indicator.get("breakdowns") or ())
        datasets = self._definitions.of("dataset")
        return {
            code: measure_figures(
                measure,
                datasets[measure["dataset"]],
                records.get(measure["dataset"], ()),
                sorted(cuts.get(code, ())),
                closures,
            )
            for code, measure in self._measures.items()
        }

    def inputs_of(self, indicator: str) -> list[str]:
        """The codes that a formula names: measures and other indicators."""
        return [self._names[name] for name in names_in(self._indicators[indicator]["formula"])]

    def measures_of(self, indicator: str) -> set[str]:
        """Every measure that an indicator rests on, directly or through other indicators."""
        found: set[str] = set()
        for code in self.inputs_of(indicator):
            found |= {code} if code in self._measures else self.measures_of(code)
        return found

    def expected(self) -> Iterable[str]:
        """The subjects of every value that must be published."""
        for code, indicator in self._indicators.items():
            kinds = indicator.get("periods", PERIOD_KINDS)
            wanted = set(indicator.get("breakdowns") or ())
            figures = [self._figures[measure] for measure in self.measures_of(code)]
            # A year to date and a stock run on to the last month in which anything happened.
            horizon = max((figure.last_month() for figure in figures), default=0)
            for figure in figures:
                for member in figure.members():
                    if member != ALL and member.partition("=")[0] not in wanted:
                        continue
                    for period in figure.periods(member, kinds, horizon):
                        yield f"{code}/{period}" + ("" if member == ALL else f"/{member}")

    def state(self, subject: str) -> Json | None:
        """What must be published under a subject; None when no definition asks for it."""
        code, period, member = split_subject(subject)
        indicator = self._indicators.get(code)
        kind, first, last = window(period)
        if indicator is None or kind not in indicator.get("periods", PERIOD_KINDS):
            return None
        if member != ALL and member.partition("=")[0] not in indicator.get("breakdowns", ()):
            return None
        exact = self._value(code, member, first, last)
        rounded = None if exact is None else half_up(exact, int(indicator.get("precision") or 0))
        target, outcome = rag.judge(rounded, indicator, last)
        return {
            "value": None if rounded is None else format(rounded, "f"),
            "reason": NOT_CALCULABLE if rounded is None else None,
            "period": {
                "code": period,
                "kind": kind,
                "start": first_day(first),
                "end": last_day(last),
            },
            "target": target,
            "rag": outcome,
            "definition": self._definitions.versions.get(f"indicator/{code}"),
            "measures": {
                name: self._figures[name].over(member, first, last)
                for name in sorted(self.measures_of(code))
            },
        }

    def _value(self, indicator: str, member: str, first: int, last: int) -> Fraction | None:
        names: dict[str, Value] = {}
        for code in self.inputs_of(indicator):
            if code in self._measures:
                came_to: Input = self._figures[code].over(member, first, last)
                names[formula_name(code)] = came_to.value
            else:
                names[formula_name(code)] = self._value(code, member, first, last)
        try:
            value: Any = evaluate(self._indicators[indicator]["formula"], names)
        except NotCalculable:
            return None
        if not isinstance(value, Fraction) or abs(value) >= TOO_LARGE:
            return None
        return value
