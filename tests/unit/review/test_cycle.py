"""A quarter goes on a stage at a time, may go back one, and never leaves frozen."""

from itertools import pairwise, permutations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, rule

from shared.review.cycle import (
    COLLECTING,
    DIRECTOR,
    FROZEN,
    OPEN,
    OWNER,
    REACHED,
    STAGES,
    Step,
    allowed,
    folded,
    onward,
    refusal,
)


def step(to: str, number: int, despite: str = "") -> Step:
    return Step(to, "Performance officer", f"2026-07-{number:02}T09:00:00", f"c/{number}", despite)


def path(*stages: str) -> list[Step]:
    return [step(to, number) for number, to in enumerate(stages, 1)]


@pytest.mark.parametrize(
    ("stage", "to"),
    [
        (OPEN, COLLECTING),
        (COLLECTING, OWNER),
        (OWNER, DIRECTOR),
        (DIRECTOR, FROZEN),
        (DIRECTOR, OWNER),
        (OWNER, COLLECTING),
        (OPEN, "  COLLECTING "),
    ],
)
def test_a_step_goes_to_the_next_stage_or_the_one_before(stage: str, to: str) -> None:
    assert refusal(stage, to) == ""
    assert allowed(stage, to)


@pytest.mark.parametrize(
    ("stage", "to", "why"),
    [
        (OPEN, OWNER, "does not pass a stage"),
        (OPEN, FROZEN, "does not pass a stage"),
        (COLLECTING, DIRECTOR, "does not pass a stage"),
        (COLLECTING, COLLECTING, "is at collecting already"),
        (COLLECTING, OPEN, "no stage 'open' to go to"),
        (COLLECTING, "Published", "no stage 'Published'"),
        (COLLECTING, "", "no stage ''"),
        (FROZEN, DIRECTOR, "frozen, and stays so"),
        (FROZEN, FROZEN, "frozen, and stays so"),
    ],
)
def test_any_other_step_is_refused_with_a_sentence(stage: str, to: str, why: str) -> None:
    assert why in refusal(stage, to)
    assert not allowed(stage, to)


def test_a_form_offers_what_can_follow() -> None:
    assert onward(OPEN) == [COLLECTING]
    assert onward(OWNER) == [DIRECTOR, COLLECTING]
    assert onward(FROZEN) == []


def test_a_quarter_that_is_walked_to_its_end_keeps_every_step() -> None:
    found = folded(path("Collecting", "Owner sign-off", "Director sign-off", "Frozen"))
    assert found.stage == FROZEN
    assert [each.to for each in found.steps] == list(REACHED)
    assert not found.set_aside


def test_what_comes_after_the_freeze_is_set_aside() -> None:
    found = folded(path(*REACHED, DIRECTOR))
    assert found.stage == FROZEN
    assert list(found.set_aside) == ["c/5"]


def test_nothing_is_under_review_before_collecting() -> None:
    assert not folded([]).under_review
    assert not folded([step(FROZEN, 1)]).under_review
    assert folded([step(COLLECTING, 1)]).under_review


def test_of_steps_at_the_same_instant_the_first_record_is_first() -> None:
    at = "2026-07-01T09:00:00"
    steps = [Step(OWNER, "P", at, "c/2"), Step(COLLECTING, "P", at, "c/1")]
    assert folded(steps).stage == OWNER


def test_a_word_without_end_is_not_repeated_without_end() -> None:
    assert len(refusal(OPEN, "x" * 4_000)) < 100


@given(st.permutations(path(COLLECTING, OWNER, COLLECTING, FROZEN, OWNER)))
def test_steps_may_come_in_any_order(steps: list[Step]) -> None:
    found = folded(steps)
    assert (found.stage, list(found.set_aside)) == (OWNER, ["c/4"])


def test_only_the_longest_way_in_order_reaches_frozen() -> None:
    for order in permutations(REACHED):
        assert (folded(path(*order)).stage == FROZEN) == (order == REACHED)


class AnyCalls(RuleBasedStateMachine):
    """Whoever calls for whatever, whenever."""

    def __init__(self) -> None:
        super().__init__()
        self.steps: list[Step] = []
        self.stage = OPEN

    @rule(to=st.sampled_from([*STAGES, "Frozen", "Collecting", "nowhere"]), day=st.integers(1, 28))
    def call(self, to: str, day: int) -> None:
        """A step taken now, though its record may say an earlier day."""
        taken = Step(to, "P", f"2026-07-{day:02}T09:00:00", f"c/{len(self.steps):03}")
        latest = max(self.steps, key=lambda each: (each.at, each.record), default=None)
        self.steps.append(taken)
        was, self.stage = self.stage, folded(self.steps).stage
        if latest is None or (latest.at, latest.record) < (taken.at, taken.record):
            assert was != FROZEN or self.stage == FROZEN
            assert abs(STAGES.index(was) - STAGES.index(self.stage)) <= 1

    @invariant()
    def stages_follow_each_other(self) -> None:
        found = folded(self.steps)
        ways = [OPEN, *(each.to for each in found.steps)]
        assert ways[-1] == found.stage
        for before, after in pairwise(ways):
            assert before != FROZEN
            assert abs(STAGES.index(before) - STAGES.index(after)) == 1
        assert {each.record for each in found.steps}.isdisjoint(found.set_aside)
        assert len(found.steps) + len(found.set_aside) == len(self.steps)


TestAnyCalls = AnyCalls.TestCase
