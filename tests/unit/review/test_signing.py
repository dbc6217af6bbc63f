"""An owner answers for a figure before a director does, and neither for what they did not see."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shared.catalogue.review import ReviewCycle
from shared.review.about import read_quarter
from shared.review.signing import (
    COMMENTARY,
    DIRECTOR_SIGN_OFF,
    OWNER_SIGN_OFF,
    SIGNED_OFF,
    Said,
    Standing,
    due,
    standing,
    waits_for,
)

CYCLE = ReviewCycle(code="c", owner_days=20, director_days=30)


def said(level: str, status: str = "Signed", value: str = "12", number: int = 1) -> Said:
    at = f"2026-07-{number:02}T09:00:00"
    return Said(level, status, f"{level} post", at, f"so/{level}/{number}", value)


def stands(
    *signed: Said, required: bool = False, written: bool = False, queried: bool = False
) -> Standing:
    return standing("12", required=required, written=written, queried=queried, said=signed)


def test_a_figure_waits_for_commentary_owner_and_director_in_turn() -> None:
    owner, director = said("Owner"), said("Director")
    assert stands(required=True).stage == COMMENTARY
    assert stands(required=True, written=True).stage == OWNER_SIGN_OFF
    assert stands(owner, required=True, written=True).stage == DIRECTOR_SIGN_OFF
    assert stands(owner, director, required=True, written=True).stage == SIGNED_OFF
    assert stands().stage == OWNER_SIGN_OFF


def test_a_directors_sign_off_without_an_owners_does_not_count() -> None:
    found = stands(said("Director"))
    assert (found.stage, found.sign_offs) == (OWNER_SIGN_OFF, {})
    assert found.set_aside == {"so/Director/1": "the owner has not signed it off"}


def test_no_sign_off_counts_while_required_commentary_is_missing() -> None:
    found = stands(said("Owner"), said("Director"), required=True)
    assert (found.stage, found.sign_offs) == (COMMENTARY, {})
    assert set(found.set_aside) == {"so/Owner/1", "so/Director/1"}
    assert "is not written" in found.set_aside["so/Owner/1"]


def test_no_sign_off_counts_while_the_figure_is_under_query() -> None:
    found = stands(said("Owner"), said("Director"), queried=True)
    assert (found.stage, found.sign_offs) == (OWNER_SIGN_OFF, {})
    assert set(found.set_aside.values()) == {"the figure is under query"}


def test_a_sign_off_of_another_value_is_stale_and_is_asked_for_again() -> None:
    found = stands(said("Owner", value="11"), said("Director"))
    assert found.stage == OWNER_SIGN_OFF
    assert found.sign_offs["Owner"].stale and not found.sign_offs["Director"].stale
    assert stands(said("Owner"), said("Director", value="11")).stage == DIRECTOR_SIGN_OFF


def test_a_sign_off_that_says_no_value_is_never_stale() -> None:
    assert stands(said("Owner", value=""), said("Director", value="")).stage == SIGNED_OFF


def test_what_is_withdrawn_does_not_count_and_needs_no_reason() -> None:
    found = stands(said("Owner", "withdrawn"), said("Director"))
    assert found.sign_offs == {}
    assert list(found.set_aside) == ["so/Director/1"]


def test_of_two_sign_offs_of_a_level_the_later_holds() -> None:
    found = stands(said("Owner", "Withdrawn", number=2), said("owner", number=1))
    assert found.sign_offs == {}
    found = stands(said("Owner", number=3), said("Owner", "Withdrawn", number=2))
    assert found.sign_offs["Owner"].record == "so/Owner/3"


@pytest.mark.parametrize(
    ("level", "status", "why"),
    [("Leader", "Signed", "nobody signs off as 'Leader'"), ("Owner", "Maybe", "neither signed")],
)
def test_a_level_or_a_status_that_there_is_not_is_set_aside(
    level: str, status: str, why: str
) -> None:
    found = stands(said(level, status))
    assert found.sign_offs == {}
    assert why in found.set_aside[f"so/{level}/1"]


def test_a_review_waits_for_the_owner_and_then_for_the_director() -> None:
    stages = (COMMENTARY, OWNER_SIGN_OFF, DIRECTOR_SIGN_OFF, SIGNED_OFF)
    assert [waits_for(stage, "O", "D") for stage in stages] == ["O", "O", "D", ""]
    quarter = read_quarter("2026-27-Q1")
    assert quarter is not None
    days = [due(stage, quarter, CYCLE) for stage in stages]
    assert days == ["2026-07-20", "2026-07-20", "2026-07-30", ""]


signed = st.builds(
    said,
    st.sampled_from(["Owner", "Director", "owner", "Leader"]),
    st.sampled_from(["Signed", "Withdrawn", "?"]),
    st.sampled_from(["12", "11", ""]),
    st.integers(1, 9),
)


@given(
    st.lists(signed, max_size=6, unique_by=lambda each: each.record),
    st.booleans(),
    st.booleans(),
    st.booleans(),
)
def test_no_sign_offs_in_any_order_reach_a_stage_they_should_not(
    listed: list[Said], required: bool, written: bool, queried: bool
) -> None:
    found = stands(*listed, required=required, written=written, queried=queried)
    assert found == stands(*reversed(listed), required=required, written=written, queried=queried)
    assert "Director" not in found.sign_offs or "Owner" in found.sign_offs
    if queried or (required and not written):
        assert not found.sign_offs
    if found.stage == SIGNED_OFF:
        assert set(found.sign_offs) == {"Owner", "Director"}
        assert not any(each.stale for each in found.sign_offs.values())
        assert written or not required
    counted = {each.record for each in found.sign_offs.values()}
    assert counted.isdisjoint(found.set_aside)
