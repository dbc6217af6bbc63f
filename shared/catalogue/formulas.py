"""How indicators hang together: what their formulas' names stand for, and what depends on what.

Rule: a name in a formula stands for one measure or one indicator, and no indicator depends on
itself.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from graphlib import TopologicalSorter

from shared.catalogue.expressions import formula_name, parse
from shared.catalogue.model import Catalogue, Indicator

Referent = tuple[str, str]


def vocabulary(catalogue: Catalogue) -> dict[str, Referent]:
    """For each name that formulas may use: (`measure` or `indicator`, its code)."""
    names: dict[str, Referent] = {formula_name(c): ("measure", c) for c in catalogue.measures}
    names |= {formula_name(code): ("indicator", code) for code in catalogue.indicators}
    return names


def formulas_of(indicator: Indicator) -> tuple[str, ...]:
    """Every formula by which an indicator is or was worked out, the one in force last."""
    return (*(source.formula for source in indicator.earlier), indicator.formula)


def referents(formula: str, names: Mapping[str, Referent]) -> dict[str, Referent]:
    """What each name of one formula stands for; names that stand for nothing are left out."""
    return {name: names[name] for name in parse(formula).names if name in names}


def measures_of(catalogue: Catalogue, indicator: str) -> tuple[str, ...]:
    """The codes of all measures that an indicator is made of, through other indicators too."""
    names = vocabulary(catalogue)
    found: dict[str, None] = {}
    for each in reach(indicator, _graph(catalogue, names)):
        for formula in formulas_of(catalogue.indicators[each]):
            for kind, code in referents(formula, names).values():
                if kind == "measure":
                    found[code] = None
    return tuple(found)


def measures_by_indicator(catalogue: Catalogue) -> dict[str, tuple[str, ...]]:
    """The same for every indicator at once."""
    names = vocabulary(catalogue)
    graph = _graph(catalogue, names)
    own = {
        code: [
            measure
            for formula in formulas_of(indicator)
            for kind, measure in referents(formula, names).values()
            if kind == "measure"
        ]
        for code, indicator in catalogue.indicators.items()
    }
    return {
        code: tuple(dict.fromkeys(measure for each in reach(code, graph) for measure in own[each]))
        for code in catalogue.indicators
    }


def evaluation_order(catalogue: Catalogue) -> tuple[str, ...]:
    """The codes of all indicators, each after those that its formula uses."""
    return tuple(TopologicalSorter(_graph(catalogue, vocabulary(catalogue))).static_order())


def _graph(catalogue: Catalogue, names: Mapping[str, Referent]) -> dict[str, list[str]]:
    return {
        code: [
            other
            for formula in formulas_of(indicator)
            for kind, other in referents(formula, names).values()
            if kind == "indicator"
        ]
        for code, indicator in catalogue.indicators.items()
    }


def reach(start: str, uses: Mapping[str, Iterable[str]]) -> list[str]:
    """An indicator and all that it uses, directly or through others."""
    seen = {start: None}
    waiting = [start]
    while waiting:
        for each in uses.get(waiting.pop(), ()):
            if each not in seen:
                seen[each] = None
                waiting.append(each)
    return list(seen)


def circle(start: str, uses: Mapping[str, Iterable[str]]) -> list[str] | None:
    """The shortest way on which an indicator depends on itself, or None."""
    came_from: dict[str, str] = {}
    waiting = [start]
    while waiting:
        ahead: list[str] = []
        for node in waiting:
            for each in uses.get(node, ()):
                if each == start:
                    way = [start, node]
                    while way[-1] != start:
                        way.append(came_from[way[-1]])
                    return list(reversed(way)) if node != start else [start, start]
                if each not in came_from:
                    came_from[each] = node
                    ahead.append(each)
        waiting = ahead
    return None
