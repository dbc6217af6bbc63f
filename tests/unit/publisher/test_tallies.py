"""Counts in the words of councils, and what of the figures needs attention first."""

import pytest

from services.publisher.domain.attention import Watched, red, worsening
from services.publisher.domain.figures import Figure
from services.publisher.domain.tallies import (
    COUNCIL,
    Place,
    Tally,
    is_better,
    is_worse,
    places,
    tallies,
    tally,
)
from shared.catalogue.model import Catalogue, Indicator, Service
from tests.unit.publisher.headline_figures import indicator, shown

CATALOGUE = Catalogue(
    services={
        "waste": Service(code="waste", name="Waste", directorate="place", portfolio="streets"),
        "parks": Service(code="parks", name="Parks", directorate="place"),
    },
    indicators={
        each.code: each
        for each in (
            indicator("W1", service="waste", themes=["climate", "homes"]),
            indicator("W2", service="waste"),
            indicator("P1", service="parks", themes=["climate"]),
            indicator("X1", service="gone"),
        )
    },
)


def figures(**outcomes: str) -> dict[str, Figure]:
    return {
        code: shown(CATALOGUE.indicators[code], "50", outcome) for code, outcome in outcomes.items()
    }


def test_only_those_with_a_target_and_a_figure_are_judged() -> None:
    told = tally(figures(W1="green", W2="no target", P1="red", X1="not due").values())
    assert (told.green, told.judged) == (1, 2)
    assert told.parts() == {"green": "1", "amber": "0", "red": "1", "judged": "2", "worse": "0"}
    assert Tally(1200, 0, 0).parts()["green"] == "1,200"


def test_an_indicator_is_counted_in_every_part_it_belongs_to() -> None:
    assert [each.subject for each in places(CATALOGUE.indicators["W1"], CATALOGUE)] == [
        "irf-tally/council",
        "irf-tally/theme/climate",
        "irf-tally/theme/homes",
        "irf-tally/service/waste",
        "irf-tally/directorate/place",
        "irf-tally/portfolio/streets",
    ]
    # Of a service that nobody defined it is the council's alone.
    assert places(CATALOGUE.indicators["X1"], CATALOGUE) == [COUNCIL]


def test_parts_of_the_council_are_counted_by_themselves() -> None:
    found = tallies(CATALOGUE, figures(W1="green", W2="red", P1="amber"))
    assert found[COUNCIL] == Tally(1, 1, 1)
    assert found[Place("directorate", "place")] == Tally(1, 1, 1)
    assert found[Place("portfolio", "streets")] == Tally(1, 0, 1)
    assert found[Place("service", "parks")] == Tally(0, 1, 0)
    assert found[Place("theme", "climate")] == Tally(1, 1, 0)
    assert tallies(Catalogue(), {}) == {COUNCIL: Tally(0, 0, 0)}


@pytest.mark.parametrize(
    ("before", "year_before", "worse", "better"),
    [
        ("60", "60", True, False),
        ("60", None, True, False),
        ("60", "40", False, False),  # the season: worse than in spring, better than a year ago
        ("40", "60", False, False),
        ("40", "40", False, True),
        ("50", "60", False, False),
        (None, "60", False, False),
    ],
)
def test_what_comes_with_the_seasons_is_not_getting_worse(
    before: str | None, year_before: str | None, worse: bool, better: bool
) -> None:
    found = shown(indicator("W1"), "50", before=before, year_before=year_before)
    assert (is_worse(found), is_better(found)) == (worse, better)


def watched(code: str, outcome: str, number: str = "50", *, strategic: bool = False,
            before: str | None = None, target: str | None = "75") -> Watched:  # fmt: skip
    defined: Indicator = indicator(code, strategic=strategic)
    return Watched(defined, shown(defined, number, outcome, before=before, target=target))


def codes(found: list[Watched]) -> list[str]:
    return [each.indicator.code for each in found]


def test_of_what_is_red_that_comes_first_which_members_watch_which_worsens_which_is_farthest() -> (
    None
):
    listed = [
        watched("A", "green", "80"),
        watched("B", "red", "70"),
        watched("C", "red", "60"),
        watched("D", "red", "74", before="80"),
        watched("E", "red", "74", strategic=True),
        watched("F", "red", "70"),
        watched("G", "amber", "74"),
    ]
    assert codes(red(listed)) == ["E", "D", "C", "B", "F"]


def test_a_target_of_nothing_is_missed_by_what_there_is() -> None:
    listed = [watched("A", "red", "3", target="0"), watched("B", "red", "70")]
    assert codes(red(listed)) == ["A", "B"]
    assert codes(red([watched("A", "red", "3", target=None)])) == ["A"]


def test_what_is_red_already_does_not_stand_among_what_gets_worse() -> None:
    listed = [
        watched("A", "red", "60", before="70"),
        watched("B", "no target", "60", before="70", target=None, strategic=True),
        watched("C", "green", "80", before="85"),
        watched("D", "amber", "74", before="76"),
        watched("E", "amber", "74"),
    ]
    assert codes(worsening(listed)) == ["D", "C", "B"]
