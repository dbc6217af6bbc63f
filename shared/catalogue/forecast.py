"""Where a year is heading: a forecast of its end from the year so far.

Rule: only what adds up over time is carried forward: counts and sums, and their sums and
differences. Of everything else (a rate, a mean, a stock) the year so far is all that can be said.
Only whole months count as gone by. A forecast is a number with the sum that gave it, in words.
"""

from __future__ import annotations

import ast
from collections.abc import Callable
from decimal import Context, Decimal
from typing import NamedTuple

from shared.catalogue.expressions import ExpressionError, parse
from shared.catalogue.formulas import vocabulary
from shared.catalogue.model import Catalogue, Indicator

RUN_RATE, LAST_YEARS_SHAPE, AS_IT_STANDS = "run rate", "last year's shape", "as it stands"

_ADDING_UNITS = ("count", "money", "number", "days", "hours")
_ADDING = ("count", "sum")
_EXACT = Context(prec=50)


class Forecast(NamedTuple):
    """`value` is None where the method has nothing to go by, and `sentence` says so."""

    method: str
    value: Decimal | None
    sentence: str


class YearSoFar(NamedTuple):
    """The year to date after `months` whole months; of the year before, its figure to the same
    month and its total. `year` and `last_year` are their names."""

    year: str
    months: int
    value: Decimal
    last_year: str
    last_to_date: Decimal | None = None
    last_total: Decimal | None = None


def adds_up(indicator: Indicator, catalogue: Catalogue) -> bool:
    """Whether the figures of parts of a year add up to the year's."""
    return indicator.unit in _ADDING_UNITS and _adds(
        indicator.formula, catalogue, frozenset([indicator.code])
    )


def _adds(formula: str, catalogue: Catalogue, seen: frozenset[str]) -> bool:
    names = vocabulary(catalogue)

    def each(node: ast.expr) -> bool:
        if isinstance(node, ast.BinOp) and isinstance(node.op, ast.Add | ast.Sub):
            return each(node.left) and each(node.right)
        if not isinstance(node, ast.Name) or node.id not in names:
            return False
        kind, code = names[node.id]
        if kind == "measure":
            return catalogue.measures[code].aggregate in _ADDING
        return code not in seen and _adds(
            catalogue.indicators[code].formula, catalogue, seen | {code}
        )

    try:
        return each(parse(formula).tree)
    except ExpressionError:
        return False


def forecast(
    method: str, adding: bool, so_far: YearSoFar, say: Callable[[Decimal], str]
) -> Forecast | None:
    """The forecast by a method of the catalogue; None where none is wanted. `adding` says whether
    the figure adds up, and `say` puts a figure into words."""
    if method not in (RUN_RATE, LAST_YEARS_SHAPE):
        return None
    shown = say(so_far.value)
    if not adding:
        return Forecast(
            AS_IT_STANDS,
            so_far.value,
            f"{so_far.year} stands at {shown}: a figure like this does not add up over the year, "
            "so it is not carried forward.",
        )
    if method == RUN_RATE:
        value = _EXACT.divide(so_far.value * 12, Decimal(so_far.months))
        first = "first month" if so_far.months == 1 else f"first {so_far.months} months"
        return Forecast(
            method,
            value,
            f"At the rate of its {first} ({shown}), {so_far.year} ends at {say(value)}: "
            f"{shown} × 12 ÷ {so_far.months}.",
        )
    return _by_shape(so_far, say)


def _by_shape(so_far: YearSoFar, say: Callable[[Decimal], str]) -> Forecast:
    before, total = so_far.last_to_date, so_far.last_total
    if before is None or total is None or before == 0:
        why = "nothing had come by then" if before == 0 else "there are no figures for it"
        return Forecast(
            LAST_YEARS_SHAPE,
            None,
            f"{so_far.year} cannot be forecast by the shape of {so_far.last_year}: {why}.",
        )
    value = _EXACT.divide(so_far.value * total, before)
    shown = say(so_far.value)
    return Forecast(
        LAST_YEARS_SHAPE,
        value,
        f"If {so_far.year} goes on as {so_far.last_year} did, it ends at {say(value)}: after "
        f"{_months(so_far.months)} {so_far.last_year} stood at {say(before)} and ended at "
        f"{say(total)}, and {shown} × {say(total)} ÷ {say(before)} is {say(value)}.",
    )


def _months(count: int) -> str:
    return "1 month" if count == 1 else f"{count} months"
