from collections import Counter
from datetime import date

import pytest

from shared.catalogue.model import Catalogue
from tests.unit.sample.figures import Figures, sample_figures

END = date(2026, 11, 22)
PEOPLE = ("AD", "CH", "ED", "HO", "PH")
RATED = ("green", "amber", "red")


@pytest.fixture(scope="module")
def sample() -> tuple[Catalogue, Figures]:
    return sample_figures(END)


def newest(catalogue: Catalogue, found: Figures) -> dict[str, tuple[str, str | None]]:
    """For each indicator the outcome and the value of its newest period that is over and has a
    value, of the kind that it is watched by."""
    newest: dict[str, tuple[str, str | None]] = {}
    for (code, member, _), state in sorted(found.items(), key=lambda each: each[1].period.end):
        watched = catalogue.indicators[code].frequency or catalogue.indicators[code].periods[0]
        over = state.period.end <= END.isoformat()
        if member == "all" and state.period.kind == watched and over and state.value:
            newest[code] = (state.rag.outcome, state.value)
    return newest


def test_every_indicator_has_a_figure(sample: tuple[Catalogue, Figures]) -> None:
    catalogue, found = sample
    assert set(newest(catalogue, found)) == set(catalogue.indicators)


def test_the_council_does_well_on_more_than_half_of_what_it_is_judged_by(
    sample: tuple[Catalogue, Figures],
) -> None:
    latest = newest(*sample)
    outcomes = Counter(outcome for outcome, _ in latest.values())
    judged = sum(outcomes[each] for each in RATED)
    assert 0.5 < outcomes["green"] / judged < 0.75
    assert outcomes["red"] / judged > 0.04
    strategic = {c for c, each in sample[0].indicators.items() if each.strategic}
    assert {latest[code][0] for code in strategic} >= set(RATED)


def test_percentages_lie_between_0_and_100(sample: tuple[Catalogue, Figures]) -> None:
    catalogue, found = sample
    for (code, _, period), state in found.items():
        indicator = catalogue.indicators[code]
        # More homes can be built than were asked for, and a difference can be below nought.
        share = indicator.formula.count("percent") == 1 and indicator.code[:2] in PEOPLE
        if share and state.value is not None:
            assert 0 <= float(state.value) <= 100, (code, period)


def test_there_are_not_too_many_values_for_a_demo(sample: tuple[Catalogue, Figures]) -> None:
    assert 10_000 < len(sample[1]) < 36_000


@pytest.mark.parametrize(
    ("code", "period", "source"),
    [
        ("AD05", "2023-24", "SALT"),
        ("AD05", "2024-25", ""),
        ("AD06", "2023-24", "SALT"),
        ("AD06", "2025-26", ""),
    ],
)
def test_a_figure_says_when_it_is_from_the_source_before(
    sample: tuple[Catalogue, Figures], code: str, period: str, source: str
) -> None:
    state = sample[1][code, "all", period]
    assert state.value is not None
    assert source in state.source
    assert bool(source) is bool(state.source)


def test_a_relative_target_follows_the_neighbours(sample: tuple[Catalogue, Figures]) -> None:
    state = sample[1]["ED08", "all", "2024-25-AY"]
    assert state.target is not None
    assert state.target.basis == "mean of Statistical neighbours"


def test_small_numbers_are_marked(sample: tuple[Catalogue, Figures]) -> None:
    marked = {code for (code, _, _), state in sample[1].items() if state.small}
    assert {"CH17", "AD13", "HO05"} <= marked
