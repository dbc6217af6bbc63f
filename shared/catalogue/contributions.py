"""What one record contributes to a measure: the hottest code of the product.

Rule: a record's contribution depends on its fields and the definitions alone, so taking back what
an old version contributed and adding what the new one does leaves exactly what counting the new
version alone would have left. A record with no date (or one outside the calendar of 1900 to 2199),
outside the filter, or without an amount to add up contributes nothing. Nor does one whose values
do not fit the contract any longer: it counts again once it is sent again.

Each measure becomes one Python function with its filter and its amount inlined; months are cut
from ISO dates, and no date is parsed twice.
"""

from __future__ import annotations

import ast
import textwrap
from collections.abc import Callable, Iterable, Mapping, Sequence
from decimal import Decimal
from typing import Any

from shared.catalogue.expressions import Expression, Piece, build, load, parse
from shared.catalogue.model import Dataset, Measure
from shared.catalogue.parts import there_when_true
from shared.catalogue.periods import FIRST_MONTH, LAST_MONTH
from shared.contracts.subjects import member

Contribution = tuple[str, int, Decimal | int]
Fields = Mapping[str, Any]

_MEMBERS_KEPT = 100_000


class CompiledMeasure:
    """A measure of a dataset, ready to be asked about records.

    `contributions(fields)` gives (month, count, amount) tuples: one for count, sum and mean; for
    open, one for the coming in (count 1) and one for the leaving (amount 1). `members(fields)`
    gives the breakdown members that the record belongs to, `all` first. `uses` are the fields that
    either looks at: a change to any other field changes neither.
    """

    __slots__ = ("breakdowns", "contributions", "dataset", "measure", "members", "uses")

    contributions: Callable[[Fields], list[Contribution]]
    members: Callable[[Fields], tuple[str, ...]]

    def __init__(
        self,
        measure: Measure,
        dataset: Dataset,
        breakdowns: Sequence[str] = (),
        closure_days: Iterable[str] = (),
    ) -> None:
        self.measure = measure
        self.dataset = dataset
        self.breakdowns = tuple(breakdowns)
        lines = _Lines(measure, dataset.types())
        self.contributions = build("contributions", lines.body(), lines.constants, closure_days)
        self.members = members_of(dataset, breakdowns)
        self.uses = frozenset(lines.loaded) | frozenset(breakdowns)


class _Lines:
    """The lines of one measure's function."""

    def __init__(self, measure: Measure, types: Mapping[str, str]) -> None:
        self._measure = measure
        self._types = types
        self.loaded: set[str] = set()
        self._there: set[str] = set()
        self.constants: dict[str, Any] = {}

    def body(self) -> list[str]:
        counts = self._open() if self._measure.aggregate == "open" else self._dated()
        inner = textwrap.indent("\n".join(counts), "    ").splitlines()
        return ["get = fields.get", "try:", *inner, "except CANNOT:", "    return []"]

    def _dated(self) -> list[str]:
        date = self._measure.date
        if date is None:
            raise ValueError(f"{self._measure.code} has no date")
        lines = [*self._month(date, "month"), *self._filter()]
        if self._measure.aggregate == "count":
            return [*lines, "return [(month, 1, 0)]"]
        if self._measure.of is None:
            raise ValueError(f"{self._measure.code} has nothing to add up")
        expression = parse(self._measure.of)
        piece = expression.piece(self._types, "number", "a_", self._there)
        grows = _grows(expression) or any(self._types[name] == "decimal" for name in piece.loads)
        source = f"amount({piece.source})" if grows else piece.source
        return [
            *lines,
            *self._loads(piece),
            f"total = {source}",
            "return [] if total is None else [(month, 1, total)]",
        ]

    def _open(self) -> list[str]:
        opened, closed = self._measure.opened, self._measure.closed
        if opened is None or closed is None:
            raise ValueError(f"{self._measure.code} has no field for opened or closed")
        return [
            *self._month(opened, "month"),
            *self._filter(),
            *self._load(closed),
            f"if v_{closed} is None: return [(month, 1, 0)]",
            f"end = v_{closed}[:7]",
            # Open until the later of the two: one closed before it was opened was never open.
            "if end < month: end = month",
            f"if end > {LAST_MONTH!r}: return [(month, 1, 0)]",
            "return [(month, 1, 0), (end, 0, 1)]",
        ]

    def _month(self, field: str, name: str) -> list[str]:
        return [
            *self._load(field, there=True),
            f"if v_{field} is None: return []",
            f"{name} = v_{field}[:7]",
            f"if not {FIRST_MONTH!r} <= {name} <= {LAST_MONTH!r}: return []",
        ]

    def _filter(self) -> list[str]:
        if self._measure.where is None:
            return []
        expression = parse(self._measure.where)
        piece = expression.piece(self._types, "condition", "w_", self._there)
        self._there |= there_when_true(expression.tree)
        return [*self._loads(piece), f"if not {piece.source}: return []"]

    def _loads(self, piece: Piece) -> list[str]:
        self.constants.update(piece.constants)
        return [line for name in piece.loads for line in self._load(name)]

    def _load(self, name: str, *, there: bool = False) -> list[str]:
        if there:
            self._there.add(name)
        if name in self.loaded:
            return []
        if name not in self._types:
            raise ValueError(f"the dataset has no field {name!r}")
        self.loaded.add(name)
        return [load(name, self._types[name])]


def _grows(expression: Expression) -> bool:
    """Whether the outcome may have more digits than the values it is made of."""
    nodes = list(ast.walk(expression.tree))
    names = {node.id for node in nodes if isinstance(node, ast.Name)}
    return "percent" in names or any(isinstance(node, ast.Mult | ast.Div) for node in nodes)


class _Members(dict[Any, str]):
    """The member text of each value of a breakdown field, as met so far."""

    def __init__(self, field: str) -> None:
        super().__init__()
        self._field = field

    def __missing__(self, value: Any) -> str:
        if len(self) >= _MEMBERS_KEPT:
            self.clear()
        self[value] = found = member(self._field, member_text(value))
        return found


def member_text(value: Any) -> str:
    """The plain text of a member: what a blank, a number or a yes/no reads as."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return "true" if value else "false"
    return str(value)


def members_of(dataset: Dataset, breakdowns: Sequence[str]) -> Callable[[Fields], tuple[str, ...]]:
    """A function that names the members a record belongs to, `all` first."""
    types = dataset.types()
    lines: list[str] = []
    texts: dict[str, Any] = {}
    for number, field in enumerate(breakdowns):
        if field not in types:
            raise ValueError(f"the dataset has no field {field!r}")
        texts[f"m{number}"] = _Members(field)
        lines.append(f"m{number}[get({field!r})]")
    return build(
        "members",
        ["get = fields.get", f"return ('all', {', '.join(lines)})" if lines else "return ('all',)"],
        texts,
    )
