"""Which datasets are late, and which figures rest on them, in words.

Rule: a figure rests on every dataset that its formula reaches: through measures, the derived fields
that these use, what they look into, and other indicators. The formula in force counts; a source
that it has replaced may be as old as it is.
"""

from collections.abc import Iterable, Iterator, Mapping
from datetime import date

from services.publisher.domain import words
from shared.catalogue.expressions import ExpressionError, parse
from shared.catalogue.formulas import reach, referents, vocabulary
from shared.catalogue.model import Catalogue, Dataset, Measure
from shared.contracts.supply import Supply

LATE = "irf-late"

Behind = Mapping[str, tuple[str, ...]]


def behind(catalogue: Catalogue) -> Behind:
    """The datasets behind each indicator, by its code."""
    names = vocabulary(catalogue)
    used = {code: _used(each.formula, names) for code, each in catalogue.indicators.items()}
    uses = {
        code: [other for kind, other in found if kind == "indicator"]
        for code, found in used.items()
    }
    of_measure = {
        code: tuple(_datasets(each, catalogue)) for code, each in catalogue.measures.items()
    }
    return {
        code: tuple(
            dict.fromkeys(
                dataset
                for each in reach(code, uses)
                for kind, measure in used.get(each, ())
                if kind == "measure"
                for dataset in of_measure[measure]
            )
        )
        for code in catalogue.indicators
    }


class Lateness:
    """What is late by a catalogue and the supplies as they are held."""

    def __init__(self, catalogue: Catalogue, supplies: Mapping[str, Supply], known: Behind) -> None:
        self._catalogue = catalogue
        self._behind = known
        self.supplies = supplies
        self._late = {
            code: each
            for code, each in supplies.items()
            if each.late and code in catalogue.datasets
        }

    def among(self, datasets: Iterable[str]) -> list[Supply]:
        """Those of these datasets that are late."""
        return [self._late[code] for code in datasets if code in self._late]

    def of_indicator(self, code: str) -> list[Supply]:
        """What is late behind an indicator."""
        return self.among(self._behind.get(code, ())) if self._late else []

    def datasets_behind(self, code: str) -> tuple[str, ...]:
        """Every dataset that an indicator rests on."""
        return self._behind.get(code, ())

    def resting_on(self, dataset: str) -> list[str]:
        """The indicators that rest on a dataset."""
        return [code for code, datasets in self._behind.items() if dataset in datasets]

    def parts(self, late: Iterable[Supply]) -> dict[str, str]:
        """What a page shows of late supplies: in a sentence for each, and where room is scarce.
        Both are blank where nothing is late."""
        listed = list(late)
        if not listed:
            return {"late": "", "late_short": ""}
        told = " ".join(f"{self.sentence(each)}." for each in listed)
        first = min(each.due for each in listed)
        return {"late": f"Late: {told}", "late_short": f"Late: data was due on {_day(first)}"}

    def parts_of(self, indicator: str) -> dict[str, str]:
        """The same of an indicator."""
        return self.parts(self.of_indicator(indicator))

    def sentence(self, each: Supply) -> str:
        """`Service requests (Uniform) was due on 3 July 2026; last received on 1 July 2026`"""
        dataset = self._catalogue.datasets[each.dataset]
        system = f" ({dataset.system})" if dataset.system else ""
        last = "nothing has come yet"
        if each.received is not None:
            last = f"last received on {received(each)}"
        return f"{dataset.title}{system} was due on {_day(each.due)}; {last}"


def received(each: Supply) -> str:
    """The day on which the newest load came; blank where none did."""
    when = words.london_day(each.received or "")
    return "" if when is None else words.day(when)


def _day(text: str) -> str:
    return words.day(date.fromisoformat(text))


def _used(formula: str, names: Mapping[str, tuple[str, str]]) -> list[tuple[str, str]]:
    try:
        return list(referents(formula, names).values())
    except ExpressionError:
        return []


def _datasets(measure: Measure, catalogue: Catalogue) -> Iterator[str]:
    """A measure's dataset, and those that it looks into."""
    yield measure.dataset
    dataset = catalogue.datasets.get(measure.dataset)
    if dataset is None:
        return
    waiting = [text for text in (measure.of, measure.where) if text is not None]
    yield from _looked_into(waiting, dataset)


def _looked_into(waiting: list[str], dataset: Dataset) -> Iterator[str]:
    derived = {each.name: each.is_ for each in dataset.derived}
    while waiting:
        try:
            expression = parse(waiting.pop())
        except ExpressionError:
            continue
        yield from sorted(expression.lookups)
        # Each is taken out as it is met, so that two that use each other come to an end.
        waiting += [derived.pop(name) for name in expression.names if name in derived]
