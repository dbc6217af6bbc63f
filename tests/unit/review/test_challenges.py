"""A challenge is answered by somebody else, and closed by whoever raised it and nobody else."""

import pytest
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, rule

from shared.review.challenges import (
    ANSWERED,
    CLOSED,
    OPEN,
    STEPS,
    UNRAISED,
    Step,
    folded,
    onward,
    refusal,
)

DIRECTOR, OWNER = "Director of Place", "Head of Waste"
ABOUT, QUARTER = "indicator/recycling-rate", "2026-27-Q1"


def step(number: int, does: str, by: str, about: str = ABOUT, period: str = QUARTER) -> Step:
    at = f"2026-07-{number:02}T09:00:00"
    return Step(does, by, at, "Why?", f"s/{number}", period, about)


@pytest.mark.parametrize(
    ("stage", "does", "by"),
    [
        (UNRAISED, "Raise", DIRECTOR),
        (OPEN, "Answer", OWNER),
        (OPEN, "Close", DIRECTOR),
        (ANSWERED, "Close", DIRECTOR),
        (CLOSED, "Reopen", DIRECTOR),
        (CLOSED, "reopen", "director  of PLACE"),
    ],
)
def test_who_may_takes_a_step(stage: str, does: str, by: str) -> None:
    assert refusal(stage, DIRECTOR if stage else "", does, by) == ""


@pytest.mark.parametrize(
    ("stage", "does", "by", "why"),
    [
        (OPEN, "Raise", DIRECTOR, "raised already"),
        (CLOSED, "Raise", OWNER, "raised already"),
        (UNRAISED, "Answer", OWNER, "not raised yet"),
        (UNRAISED, "Close", DIRECTOR, "not raised yet"),
        (UNRAISED, "Reopen", DIRECTOR, "not raised yet"),
        (OPEN, "Answer", DIRECTOR, "who challenges does not answer"),
        (OPEN, "Answer", "DIRECTOR of  place", "who challenges does not answer"),
        (ANSWERED, "Answer", OWNER, "it is answered"),
        (CLOSED, "Answer", OWNER, "it is closed"),
        (OPEN, "Close", OWNER, "only who challenges can close"),
        (ANSWERED, "Close", OWNER, "only who challenges can close"),
        (CLOSED, "Close", DIRECTOR, "closed already"),
        (CLOSED, "Reopen", OWNER, "only who challenges can reopen"),
        (OPEN, "Reopen", DIRECTOR, "it is not closed"),
        (ANSWERED, "Reopen", DIRECTOR, "it is not closed"),
        (OPEN, "Withdraw", DIRECTOR, "no step of a challenge"),
    ],
)
def test_any_other_step_is_refused_with_a_sentence(
    stage: str, does: str, by: str, why: str
) -> None:
    assert why in refusal(stage, DIRECTOR if stage else "", does, by)


def test_a_challenge_runs_its_course_and_is_opened_again() -> None:
    steps = [
        step(1, "Raise", DIRECTOR),
        step(2, "Answer", OWNER),
        step(3, "Close", DIRECTOR),
        step(4, "Reopen", DIRECTOR),
    ]
    stages = [folded(steps[:many]).stage for many in range(5)]
    assert stages == [UNRAISED, OPEN, ANSWERED, CLOSED, OPEN]
    found = folded(reversed(steps))
    assert (found.by, found.at, found.about, found.period) == (
        DIRECTOR, "2026-07-01T09:00:00", ABOUT, QUARTER,
    )  # fmt: skip
    assert [each.record for each in found.steps] == ["s/1", "s/2", "s/3", "s/4"]


def test_it_waits_for_the_owner_then_for_the_challenger_then_for_nobody() -> None:
    steps = [step(1, "Raise", DIRECTOR), step(2, "Answer", OWNER), step(3, "Close", DIRECTOR)]
    waits = [folded(steps[:many]).waits_for(OWNER) for many in range(4)]
    assert waits == ["", OWNER, DIRECTOR, ""]


def test_what_a_form_offers_depends_on_who_asks() -> None:
    assert onward(UNRAISED, "", OWNER) == ["Raise"]
    assert onward(OPEN, DIRECTOR, DIRECTOR) == ["Close"]
    assert onward(OPEN, DIRECTOR, OWNER) == ["Answer"]
    assert onward(ANSWERED, DIRECTOR, OWNER) == []


@pytest.mark.parametrize(
    ("about", "period"), [("", QUARTER), ("salary/12", QUARTER), (ABOUT, "2026-07"), (ABOUT, "")]
)
def test_a_challenge_of_nothing_or_of_no_quarter_is_not_raised(about: str, period: str) -> None:
    found = folded([step(1, "Raise", DIRECTOR, about, period)])
    assert found.stage == UNRAISED
    assert "what it is about" in found.set_aside["s/1"]


def test_a_second_raise_is_set_aside_and_moves_nothing() -> None:
    found = folded([step(1, "Raise", DIRECTOR), step(2, "Raise", OWNER, "risk/R1")])
    assert (found.by, found.about, list(found.set_aside)) == (DIRECTOR, ABOUT, ["s/2"])


class AnyCalls(RuleBasedStateMachine):
    """Whoever takes whatever step, whenever it says that it was."""

    def __init__(self) -> None:
        super().__init__()
        self.steps: list[Step] = []

    @rule(
        does=st.sampled_from([*STEPS, "Withdraw"]),
        by=st.sampled_from([DIRECTOR, OWNER, "Leader", ""]),
        day=st.integers(1, 28),
    )
    def take(self, does: str, by: str, day: int) -> None:
        at = f"2026-07-{day:02}T09:00:00"
        record = f"s/{len(self.steps):03}"
        self.steps.append(Step(does, by, at, "", record, QUARTER, ABOUT))

    @invariant()
    def only_the_challenger_closes(self) -> None:
        found = folded(self.steps)
        does = [each.does for each in found.steps]
        assert does[:1] in ([], ["Raise"])
        assert "Raise" not in does[1:]
        for each in found.steps:
            if each.does in ("Close", "Reopen"):
                assert each.by == found.by
            if each.does == "Answer":
                assert each.by != found.by
        open_before = False
        for name in does:
            if name == "Answer":
                assert open_before
            open_before = name in ("Raise", "Reopen")
        ends = {"Raise": OPEN, "Reopen": OPEN, "Answer": ANSWERED, "Close": CLOSED}
        assert found.stage == (ends[does[-1]] if does else UNRAISED)
        assert len(found.steps) + len(found.set_aside) == len(self.steps)


TestAnyCalls = AnyCalls.TestCase
