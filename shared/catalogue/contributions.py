"""What one record contributes to a measure: the hottest code of the product.

Rule: a record's contribution depends on its fields, the definitions and the reference datasets
alone, so taking back what an old version contributed and adding what the new one does leaves
exactly what counting the new version alone would have left. A record with no date (or one outside
the calendar of 1900 to 2199), outside the filter, or without an amount contributes nothing. Nor
does one whose values do not fit the contract any longer: it counts again once it is sent again.

Each measure becomes one Python function with its filter, its amount and the derived fields it uses
inlined; months are cut from ISO dates, and no date is parsed twice.
"""

from __future__ import annotations

import ast
import textwrap
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any

from shared.catalogue.breakdowns import Members, fields_of
from shared.catalogue.expressions import Expression, Piece, build, load, parse
from shared.catalogue.kinds import TEXT, WRITTEN_AS_TEXT
from shared.catalogue.model import Dataset, Measure
from shared.catalogue.parts import there_when_true
from shared.catalogue.periods import FIRST_MONTH, LAST_MONTH
from shared.catalogue.references import References

Contribution = tuple[str, int, Any]
Fields = Mapping[str, Any]

# Measures whose value cannot be told from a count and a sum: they keep how often each value came.
SPREAD = frozenset({"minimum", "maximum", "median", "percentile", "distinct", "latest"})
REASONS = ("suppressed", "not applicable", "not due", "missing")
NO_REFERENCES = References()


class CompiledMeasure:
    """A measure of a dataset, ready to be asked about records.

    `contributions(fields)` gives (bucket, count, amount) tuples, the bucket being a month, or a
    day where the measure is kept `by_day`: one for count, sum and mean; for open, one for the
    coming in (count 1) and one for the leaving (amount 1); for the spread aggregates one whose
    amount is the value's text. `members(fields)` gives the breakdown members that the record
    belongs to, `all` first. `uses` are the sent fields that either looks at: a change to any other
    field changes neither. `lookups` are the reference datasets that both rest on.
    """

    __slots__ = (
        "breakdowns",
        "by_day",
        "contributions",
        "dataset",
        "lookups",
        "measure",
        "members",
        "spread",
        "uses",
    )

    contributions: Callable[[Fields], list[Contribution]]
    members: Callable[[Fields], tuple[str, ...]]

    def __init__(
        self,
        measure: Measure,
        dataset: Dataset,
        breakdowns: Sequence[str] = (),
        closure_days: Iterable[str] = (),
        references: References = NO_REFERENCES,
        *,
        by_day: bool = False,
    ) -> None:
        self.measure = measure
        self.dataset = dataset
        self.breakdowns = tuple(breakdowns)
        self.by_day = by_day
        self.spread = measure.aggregate in SPREAD
        counting = _Counting(measure, dataset, references, by_day=by_day)
        self.contributions = build(
            "contributions", counting.body(), counting.constants, closure_days, references
        )
        cutting = _Lines(dataset, references)
        body = cutting.members(breakdowns)
        self.members = build("members", body, cutting.constants, closure_days, references)
        self.uses = frozenset(counting.sent | cutting.sent)
        self.lookups = frozenset(counting.lookups | cutting.lookups)


class _Lines:
    """Lines that load the fields of a record, sent or derived, each once."""

    # Whether the lines stand where a value that does not fit leaves out the record.
    _guarded = False

    def __init__(self, dataset: Dataset, references: References) -> None:
        self._types = dataset.types()
        self._derived = {each.name: each for each in dataset.derived}
        self._references = references
        self._loaded: set[str] = set()
        self._there: set[str] = set()
        self.sent: set[str] = set()
        self.lookups: set[str] = set()
        self.constants: dict[str, Any] = {}

    def members(self, breakdowns: Sequence[str]) -> list[str]:
        """The body of the function that names a record's members."""
        lines: list[str] = []
        parts: list[str] = []
        for breakdown in breakdowns:
            names = []
            for field in fields_of(breakdown):
                lines += self._load(field)
                self.constants.setdefault(f"m_{field}", Members(field))
                names.append(f"m_{field}[v_{field}]")
            parts.append(" + '&' + ".join(names))
        answer = f"return ('all', {', '.join(parts)})" if parts else "return ('all',)"
        return ["get = fields.get", *lines, answer]

    def _load(self, name: str, *, there: bool = False) -> list[str]:
        if there:
            self._there.add(name)
        if name in self._loaded:
            return []
        if name not in self._types:
            raise ValueError(f"the dataset has no field {name!r}")
        self._loaded.add(name)
        if name in self._derived:
            return self._derive(name)
        self.sent.add(name)
        line = load(name, self._types[name])
        if self._guarded or self._types[name] not in WRITTEN_AS_TEXT:
            return [line]
        return ["try:", f"    {line}", "except CANNOT:", f"    v_{name} = None"]

    def _derive(self, name: str) -> list[str]:
        expression = parse(self._derived[name].is_)
        piece = self._piece(expression, None, f"d{len(self._loaded)}_")
        source = piece.source
        if self._types[name] == "integer":
            source = f"whole({source})"
        elif self._types[name] in ("decimal", "money"):
            source = f"amount({source})"
        # What cannot be worked out is blank, and the record goes on without it.
        return [
            *self._loads(piece),
            "try:",
            f"    v_{name} = {source}",
            "except CANNOT:",
            f"    v_{name} = None",
        ]

    def _piece(self, expression: Expression, wants: Any, prefix: str) -> Piece:
        self.lookups |= expression.lookups
        return expression.piece(self._types, wants, prefix, self._there, self._references)

    def _loads(self, piece: Piece) -> list[str]:
        self.constants.update(piece.constants)
        return [line for name in piece.loads for line in self._load(name)]


class _Counting(_Lines):
    """The lines of one measure's function."""

    _guarded = True

    def __init__(
        self, measure: Measure, dataset: Dataset, references: References, *, by_day: bool
    ) -> None:
        super().__init__(dataset, references)
        self._measure = measure
        self._bucket = "[:10]" if by_day else "[:7]"

    def body(self) -> list[str]:
        counts = self._open() if self._measure.aggregate == "open" else self._dated()
        inner = textwrap.indent("\n".join(counts), "    ").splitlines()
        return ["get = fields.get", "try:", *inner, "except CANNOT:", "    return []"]

    def _dated(self) -> list[str]:
        date = self._measure.date
        if date is None:
            raise ValueError(f"{self._measure.code} has no date")
        lines = [*self._month(date), *self._filter()]
        if self._measure.aggregate == "count":
            return [*lines, "return [(bucket, 1, 0)]"]
        if self._measure.of is None:
            raise ValueError(f"{self._measure.code} has nothing to add up")
        expression = parse(self._measure.of)
        spread = self._measure.aggregate in SPREAD
        piece = self._piece(expression, None if spread else "number", "a_")
        numeric = self._measure.aggregate != "distinct"
        grows = numeric and (
            _grows(expression) or any(self._types[name] == "decimal" for name in piece.loads)
        )
        lines += [
            *self._loads(piece),
            f"total = amount({piece.source})" if grows else f"total = {piece.source}",
        ]
        if self._measure.aggregate == "latest":
            return lines + self._latest(date)
        lines.append("if total is None: return []")
        if not spread:
            return [*lines, "return [(bucket, 1, total)]"]
        return [*lines, f"return [(bucket, 1, {self._text(expression)})]"]

    def _text(self, expression: Expression) -> str:
        kind = expression.check(self._types, references=self._references)
        if kind == "number":
            return "spelled(total)"
        return "total" if kind == TEXT else "text_of(total)"

    def _latest(self, date: str) -> list[str]:
        reason = self._measure.reason
        why: list[str] = []
        blank = "return []"
        if reason is not None:
            why = [*self._load(reason), f"why = v_{reason}"]
            blank = (
                "return [] if not why else [(bucket, 1, "
                f"v_{date}[:10] + '|~' + (why if why in {REASONS!r} else 'missing'))]"
            )
        return [
            *why,
            f"if total is None: {blank}",
            f"return [(bucket, 1, v_{date}[:10] + '|' + spelled(total))]",
        ]

    def _open(self) -> list[str]:
        opened, closed = self._measure.opened, self._measure.closed
        if opened is None or closed is None:
            raise ValueError(f"{self._measure.code} has no field for opened or closed")
        return [
            *self._month(opened),
            *self._filter(),
            *self._load(closed),
            f"if v_{closed} is None: return [(bucket, 1, 0)]",
            f"end = v_{closed}{self._bucket}",
            # Open until the later of the two: one closed before it was opened was never open.
            "if end < bucket: end = bucket",
            f"if end[:7] > {LAST_MONTH!r}: return [(bucket, 1, 0)]",
            "return [(bucket, 1, 0), (end, 0, 1)]",
        ]

    def _month(self, field: str) -> list[str]:
        return [
            *self._load(field, there=True),
            f"if v_{field} is None: return []",
            f"bucket = v_{field}{self._bucket}",
            f"if not {FIRST_MONTH!r} <= bucket[:7] <= {LAST_MONTH!r}: return []",
        ]

    def _filter(self) -> list[str]:
        if self._measure.where is None:
            return []
        expression = parse(self._measure.where)
        piece = self._piece(expression, "condition", "w_")
        self._there |= there_when_true(expression.tree)
        return [*self._loads(piece), f"if not {piece.source}: return []"]


def _grows(expression: Expression) -> bool:
    """Whether the outcome may have more digits than the values it is made of."""
    nodes = list(ast.walk(expression.tree))
    names = {node.id for node in nodes if isinstance(node, ast.Name)}
    return bool(names & {"percent", "rate"}) or any(
        isinstance(node, ast.Mult | ast.Div) for node in nodes
    )
