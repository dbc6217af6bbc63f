"""The page on periods, targets and RAG says what is true."""

import dataclasses
import re
from decimal import Decimal
from typing import Any

import msgspec
import pytest

from services.indicators.domain.deadlines import due_on, final_on
from services.indicators.domain.evaluate import Evaluator
from services.indicators.domain.others import areas_of
from shared.catalogue.benchmarks import standing
from shared.catalogue.forecast import YearSoFar, forecast
from shared.catalogue.model import Catalogue, Indicator
from shared.catalogue.periods import KINDS, parse_period
from shared.catalogue.rag import judge
from shared.catalogue.targets import applied
from shared.catalogue.trend import change
from tests.unit.catalogue.others import Given
from tests.unit.catalogue.pages import PAGE, TODAY, TOLD, code, published, table, value, written


def test_the_day_is_the_one_told() -> None:
    assert f"stood on {TODAY.day} {TODAY:%B %Y}" in TOLD


def test_periods_are_what_is_told(evaluator: Evaluator) -> None:
    rows = table("Code")
    assert {code(row[1]) for row in rows} == set(KINDS)
    for period, kind, start, end, told in rows:
        found = parse_period(code(period))
        assert found.kind == code(kind)
        assert (found.start.isoformat(), found.end.isoformat()) == (start, end)
        assert published(evaluator, "HW08", code(period)) == told, period


def test_the_years_that_are_written_in_full_are_those_told() -> None:
    assert "so are the years 2000/01 to 2011/12" in TOLD
    full = {f"{year}-{year + 1}" for year in range(2000, 2012)}
    for year in range(1995, 2020):
        name = f"{year}-{year + 1}"
        short = f"{year}-{(year + 1) % 100:02}"
        in_use = name if name in full else short
        assert parse_period(in_use).kind == "financial-year"
    for each in ("2010-2011", "2010-2011-Q1", "2010-2011-AY"):
        assert f"`{each}`" in PAGE
        assert parse_period(each).start.year == 2010


def test_the_kinds_that_an_indicator_has_unless_said_are_those_told() -> None:
    assert "unless said, month, quarter, financial-year and year-to-date" in TOLD
    plain = Indicator(code="X", title="X", formula="x", unit="count")
    assert plain.periods == ["month", "quarter", "financial-year", "year-to-date"]


def test_values_are_given_or_not_as_told(evaluator: Evaluator) -> None:
    for period, told, _ in table("Period"):
        state = value(evaluator, "HW08", code(period))
        assert ("no" if state is None else state.value) == told, period


def test_deadlines_are_as_told(evaluator: Evaluator) -> None:
    for period, told, due, status, outcome in table("HW06 in"):
        state = value(evaluator, "HW06", code(period))
        assert state is not None
        assert state.value == (None if told == "blank" else told)
        assert (state.due, state.status, state.rag.outcome) == (due, status, outcome)


def test_a_cohort_has_as_much_more_time_as_told(evaluator: Evaluator) -> None:
    said = re.search(
        r"`follow_up_days: (\d+)` moves both by as much: HW06 of April would be due on (\S+) and "
        r"final from (\S+) on",
        TOLD,
    )
    assert said
    planned = evaluator.plan.indicators["HW06"]
    definition = msgspec.structs.replace(planned.definition, follow_up_days=int(said[1]))
    cohort = dataclasses.replace(planned, definition=definition)
    april = parse_period("2026-04")
    assert [str(due_on(cohort, april)), str(final_on(cohort, april))] == [said[2], said[3]]


def test_reasons_are_as_told(evaluator: Evaluator) -> None:
    rows = [row for row in table("Indicator") if row[1].startswith("`")]
    for indicator, period, reason, _ in rows:
        state = value(evaluator, indicator, code(period))
        assert state is not None
        assert (state.value, state.reason) == (None, reason), (indicator, period)
    assert {row[2] for row in rows} == {
        *("missing", "not due", "not applicable", "not calculable", "suppressed"),
    }


def others(evaluator: Evaluator) -> Given:
    """What the figures of the targets' table were before, and what those elsewhere are."""
    areas = areas_of(evaluator.plan, "neighbours", parse_period("2026-04"))
    found = {
        area: published(evaluator, "NB01", "2026-04", f"area={area}") or ""
        for area in areas
        if area != "E06000099"
    }

    class Named(Given):
        def group_name(self, group: str) -> str:
            return evaluator.plan.catalogue.peer_groups[group].name

    before = {"a year ago": "60.0", "the period before": "58.0"}
    return Named(before, found, {"neighbours": list(found.values())})


def example(catalogue: Catalogue, **fields: Any) -> Indicator:
    plain = msgspec.to_builtins(catalogue.indicators["HW01"])
    return msgspec.convert({**plain, "rag": None, **fields}, Indicator, strict=False)


@pytest.mark.parametrize(("target", "period", "told", "basis"), table("Target"))
def test_targets_are_as_told(
    catalogue: Catalogue, evaluator: Evaluator, target: str, period: str, told: str, basis: str
) -> None:
    assert "was 60 a year ago and 58 the period before" in TOLD
    indicator = example(catalogue, targets=[written(target)])
    found = applied(indicator, parse_period(code(period)), others(evaluator))
    if told == "none":
        assert found is None
        return
    assert found is not None
    assert (found.value, found.basis) == (Decimal(told), basis)


@pytest.mark.parametrize(("polarity", "target", "rule", "number", "told"), table("Polarity"))
def test_values_are_judged_as_told(
    *,
    catalogue: Catalogue, evaluator: Evaluator,
    polarity: str, target: str, rule: str, number: str, told: str,
) -> None:  # fmt: skip
    indicator = example(
        catalogue,
        polarity=polarity,
        targets=[written(target)] if target else [],
        rag=written(rule),
    )
    found = judge(Decimal(number), indicator, parse_period("2026-04"), others(evaluator))
    assert found.rule == told


def test_the_standing_among_neighbours_is_as_told(evaluator: Evaluator) -> None:
    said = re.search(
        r"it was ([\d.]+), among ([\d.]+), ([\d.]+) and ([\d.]+): rank (\d) of (\d), in quartile "
        r"(\d), and ([\d.]+) short of the best quartile \(([\d.]+)\)",
        TOLD,
    )
    assert said
    own, *areas, rank, of, quartile, short, best = said.groups()
    assert published(evaluator, "HW01", "2026-04") == own
    elsewhere = [Decimal(each) for each in others(evaluator).groups["neighbours"]]
    assert sorted(elsewhere) == [Decimal(each) for each in areas]
    found = standing(Decimal(own), elsewhere, "high")
    assert found is not None
    assert (found.rank, found.areas + 1, found.quartile) == (int(rank), int(of), int(quartile))
    assert (found.distance, found.best_quartile) == (Decimal(short), Decimal(best))


def test_trends_are_as_told(catalogue: Catalogue) -> None:
    said = re.search(
        r"HW06 has a stability of ([\d.]+): from ([\d.]+) to ([\d.]+) days is (\w+), "
        r"from ([\d.]+) to ([\d.]+) is (\w+)",
        TOLD,
    )
    assert said
    stability = catalogue.indicators["HW06"].stability
    assert stability == Decimal(said[1])
    moves = [
        change(Decimal(said[n + 1]), Decimal(said[n]), "low", stability=stability) for n in (2, 5)
    ]
    assert (moves[0].way, moves[1].effect) == (said[4], said[7]) == ("stable", "better")


def test_forecasts_are_as_told() -> None:
    so_far = YearSoFar("2026/27", 3, Decimal(30), "2025/26", Decimal(40), Decimal(100))
    for method, told in table("Forecast"):
        found = forecast(code(method), True, so_far, lambda number: f"{number:f}")
        assert found is not None
        assert found.sentence == told


def test_sources_over_time_are_as_told(evaluator: Evaluator) -> None:
    said = re.search(
        r"HW06 up to `(\S+)` is `(\S+)` \(\"([^\"]+)\"\), and from `(\S+)` on it is `(\S+)`", TOLD
    )
    assert said
    until, before, note, since, now = said.groups()
    planned = evaluator.plan.indicators["HW06"]
    then = planned.source(parse_period(until))
    assert (then.text, then.note) == (before, note)
    assert planned.source(parse_period(since)).text == now
    # A quarter goes by its last month.
    assert planned.source(parse_period("2025-26-Q4")).text == before
    assert planned.source(parse_period("2026-27-Q1")).text == now
