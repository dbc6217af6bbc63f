"""The definition of an indicator in plain English: what it is worked out from and how, when what
counts, how it is rounded and how it is judged.

Rule: every sentence is made from the definition that is in force, so that the two cannot disagree.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal

from services.publisher.domain import words
from services.publisher.domain.expression_words import (
    Known,
    amount_words,
    condition_words,
    listed,
    quoted,
)
from services.publisher.domain.once import formula_names
from services.publisher.domain.target_words import judged, targets
from shared.catalogue.expressions import formula_name, parse
from shared.catalogue.formulas import referents
from shared.catalogue.model import Catalogue, Dataset, Indicator, Measure

_ROUNDED = {
    "half up": "a half is rounded up",
    "half even": "a half is rounded to the nearest even digit",
    "down": "what is beyond is cut off",
}
_NOTHING = {
    "not calculable": "Where there is nothing to divide by, there is no figure",
    "not applicable": "Where there is nothing to divide by, the indicator does not apply",
    "zero": "Where there is nothing to divide by, the figure is 0",
}
_DIVIDING = ("percent(", "rate(", "/")


@dataclass(frozen=True)
class Plain:
    """`how` says what the figure is, `parts` what each name in it stands for; `rows` are the rest
    by heading; `formulas` is the definition as it is written, by title."""

    how: str
    parts: Sequence[str] = ()
    rows: Sequence[tuple[str, list[str]]] = ()
    formulas: Sequence[tuple[str, list[str]]] = field(default=())


def plain(catalogue: Catalogue, found: Indicator) -> Plain:
    """An indicator's definition in plain English."""
    told = _Told(catalogue)
    how = told.figure(found)
    parts = told.parts(found)
    rows = [
        ("When it counts", _periods(found)),
        ("How it is shown", _rounding(catalogue, found)),
        ("How its target is set", targets(catalogue, found)),
        ("How it is judged", judged(found)),
    ]
    return Plain(how, parts, [row for row in rows if row[1]], told.formulas)


class _Told:
    """What was told of already is not told again."""

    def __init__(self, catalogue: Catalogue) -> None:
        self._catalogue = catalogue
        self._names = formula_names.of(catalogue)
        self._seen: set[str] = set()
        self.formulas: list[tuple[str, list[str]]] = []

    def figure(self, found: Indicator) -> str:
        self.formulas.append((found.title, [f"{formula_name(found.code)} = {found.formula}"]))
        return f"The figure is {amount_words(found.formula, Known(self._called))}."

    def _called(self, name: str) -> str:
        return self._title(*self._names[name]) if name in self._names else words.field_name(name)

    def parts(self, found: Indicator) -> list[str]:
        """What each name of a formula stands for, through other indicators too."""
        lines: list[str] = []
        for kind, code in referents(found.formula, self._names).values():
            if (subject := f"{kind}/{code}") in self._seen:
                continue
            self._seen.add(subject)
            if kind == "measure":
                lines += self._measure(self._catalogue.measures[code])
            else:
                other = self._catalogue.indicators[code]
                lines.append(f"{quoted(other.title)} is an indicator too. {self.figure(other)}")
                lines += self.parts(other)
        return lines

    def _title(self, kind: str, code: str) -> str:
        if kind == "measure":
            return self._catalogue.measures[code].title or words.field_name(code.replace("-", "_"))
        return self._catalogue.indicators[code].title

    def _measure(self, measure: Measure) -> Iterator[str]:
        dataset = self._catalogue.datasets.get(measure.dataset)
        self.formulas.append((self._title("measure", measure.code), _written(measure)))
        if dataset is None:
            return
        titles = {each.code: each.title for each in self._catalogue.datasets.values()}
        known = Known(words.field_name, dataset.types(), titles)
        start = f"{quoted(self._title('measure', measure.code))} is "
        yield start + " ".join(_sentences(measure, dataset, known))
        for each in _derived(measure, dataset):
            if (name := f"{dataset.code}/{each}") in self._seen:
                continue
            self._seen.add(name)
            yield _worked_out(each, dataset, known)


def _written(measure: Measure) -> list[str]:
    """A measure as it is defined, field by field."""
    fields = ("dataset", "aggregate", "of", "where", "date", "opened", "closed", "percentile")
    told = ((name, getattr(measure, name)) for name in fields)
    return [
        f"{formula_name(measure.code)}",
        *(f"{name}: {text}" for name, text in told if text is not None),
    ]


def _sentences(measure: Measure, dataset: Dataset, known: Known) -> Iterator[str]:
    """What a measure is, after its name; and which records count when."""
    of = amount_words(measure.of, known) if measure.of else ""
    where = f" where {condition_words(measure.where, known)}" if measure.where else ""
    records = f"records of {quoted(dataset.title)}{where}"
    dated = _field(measure.date)
    if measure.aggregate == "open":
        yield f"how many {records} are open when the period ends."
        yield f"A record is open from {_field(measure.opened)} until {_field(measure.closed)}."
    elif measure.aggregate == "latest":
        yield f"the total of {of} on the newest day of the period by {dated}, over the {records}."
        if measure.carry_months:
            yield f"Where the period has none, it holds on for {measure.carry_months} months."
    else:
        yield f"{_aggregate(measure, of, records)}."
        if measure.date:
            yield f"A record counts in the period that {dated} is in."
    if measure.empty == "missing":
        yield "Without a record there is no number."


def _aggregate(measure: Measure, of: str, records: str) -> str:
    percent = f"{measure.percentile:f}" if measure.percentile is not None else ""
    told: Mapping[str, str] = {
        "count": f"how many {records} there are",
        "sum": f"the total of {of}, over the {records}",
        "mean": f"the average of {of}, over the {records}",
        "minimum": f"the lowest of {of}, over the {records}",
        "maximum": f"the highest of {of}, over the {records}",
        "median": f"the middle of {of}, with the {records} put in order",
        "percentile": f"what {of} comes to at most in {percent}% of the {records}",
        "distinct": f"how many different values of {of} there are, over the {records}",
    }
    return told[measure.aggregate]


def _field(name: str | None) -> str:
    return quoted(words.field_name(name or ""))


def _derived(measure: Measure, dataset: Dataset) -> list[str]:
    """The derived fields that a measure rests on, through others too."""
    known = {each.name: each.is_ for each in dataset.derived}
    texts = [each for each in (measure.of, measure.where) if each]
    waiting = [name for text in texts for name in parse(text).names]
    waiting += [each for each in (measure.date, measure.opened, measure.closed) if each]
    found: dict[str, None] = {}
    while waiting:
        name = waiting.pop(0)
        if name in known and name not in found:
            found[name] = None
            waiting += parse(known[name]).names
    return list(found)


def _worked_out(name: str, dataset: Dataset, known: Known) -> str:
    each = next(each for each in dataset.derived if each.name == name)
    start = f"In {quoted(dataset.title)}, {_field(name)} is"
    if each.type == "boolean":
        return f"{start} yes where {condition_words(each.is_, known)}."
    return f"{start} {amount_words(each.is_, known)}."


def _periods(found: Indicator) -> list[str]:
    kinds = [words.KINDS[each].lower() for each in words.KINDS if each in found.periods]
    lines = [f"There is a figure by {listed(kinds)}"] if kinds else []
    if found.cumulative_from:
        lines.append(f"Counted on from {words.period(found.cumulative_from)}")
    if found.since:
        lines.append(f"The first figures are for {words.period(found.since)}")
    return lines


def _rounding(catalogue: Catalogue, found: Indicator) -> list[str]:
    places = f"{found.precision} decimal place{'' if found.precision == 1 else 's'}"
    shown = f"To {places}" if found.precision else "To a whole number"
    lines = [f"{shown}; {_ROUNDED[found.rounding]}"]
    usual = catalogue.council.no_denominator if catalogue.council else None
    nothing = found.no_denominator or usual
    if nothing and any(sign in found.formula for sign in _DIVIDING):
        lines.append(_NOTHING[nothing])
    if found.small_numbers_under:
        lines.append(
            f"A figure that rests on fewer than {found.small_numbers_under} is not for publication"
        )
    if found.stability:
        lines.append(f"A change of {_plain(found.stability)} or less is taken as no change")
    return lines


def _plain(number: Decimal) -> str:
    text = f"{number:f}"
    return words.number(number, words.places(text))
