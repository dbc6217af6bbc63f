"""A batch is taken back: by examples, and by random histories against a model."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from services.ingest.delivery import Mode
from services.ingest.domain.refusals import RequestRefused
from tests.integration.intake_engine import Engine, engine
from tests.integration.test_ingest_ledgers import ACCOUNTS, OPEN, POSTINGS

HEADER = "Ref,Hours,Ward"
KEYS = "abcd"


@pytest.fixture(scope="module")
def shared(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Engine]:
    with engine(tmp_path_factory.mktemp("undo")) as started:
        yield started


@pytest.fixture
def door(shared: Engine) -> Engine:
    shared.empty()
    return shared


def csv(**rows: int) -> str:
    return "\n".join([HEADER, *(f"{key},{hours}," for key, hours in rows.items())])


def hours(door: Engine) -> dict[str, int]:
    return {key: fields["hours"] for key, fields in door.held().items()}


def test_new_changed_and_deleted_records_all_go_back(door: Engine) -> None:
    door.file(csv(a=1, b=2, c=3))
    second = door.file(csv(a=1, b=9, d=4))
    assert hours(door) == {"a": 1, "b": 9, "d": 4}
    undone = door.undo(second.batch)
    assert hours(door) == {"a": 1, "b": 2, "c": 3}
    assert (undone.received, undone.accepted, undone.unchanged, undone.rejected) == (3, 3, 0, 0)
    kept = door.batch(undone.batch)
    assert (kept.mode, kept.dataset) == ("undo", "visits")
    assert kept.detail == {
        "undoes": second.batch, "by": "Test", "left": 0, "removed": 1, "restored": 2,
    }  # fmt: skip


def test_undoing_twice_changes_nothing_more(door: Engine) -> None:
    first = door.file(csv(a=1, b=2))
    door.undo(first.batch)
    again = door.undo(first.batch)
    assert (again.received, again.accepted, again.unchanged, again.rejected) == (2, 0, 2, 0)
    assert hours(door) == {}


def test_an_undo_can_be_undone_and_done_again(door: Engine) -> None:
    first = door.file(csv(a=1))
    second = door.file(csv(a=2))
    back = door.undo(second.batch)
    assert hours(door) == {"a": 1}
    door.undo(back.batch)
    assert hours(door) == {"a": 2}
    door.undo(second.batch)
    assert hours(door) == {"a": 1}
    door.undo(first.batch)
    assert hours(door) == {}


def test_what_something_later_changed_stays_and_is_listed(door: Engine) -> None:
    first = door.file(csv(a=1, b=1))
    door.file(csv(a=5), "changes")
    undone = door.undo(first.batch)
    assert hours(door) == {"a": 5}
    assert (undone.accepted, undone.rejected) == (1, 1)
    [left] = undone.rejections
    assert (left.rule, left.raw) == ("changed-since", "a")
    assert door.batch(undone.batch).detail["left"] == 1


def test_batches_are_taken_back_newest_first(door: Engine) -> None:
    batches = [door.file(csv(a=number)).batch for number in range(1, 5)]
    for number, batch in reversed(list(enumerate(batches))):
        door.undo(batch)
        assert hours(door) == ({"a": number} if number else {})


def test_requests_that_shared_a_transaction_are_taken_back_each_for_itself(door: Engine) -> None:
    one, two = door.records(
        [{"ref": "a", "hours": 1}, {"ref": "b", "hours": 1}], [{"ref": "a", "hours": 2}]
    )
    assert hours(door) == {"a": 2, "b": 1}
    assert door.undo(one.batch).rejected == 1
    assert hours(door) == {"a": 2}
    door.undo(two.batch)
    assert hours(door) == {"a": 1}


def test_what_is_too_old_or_unknown_is_refused_with_the_reason(door: Engine) -> None:
    first = door.file(csv(a=1))
    outcome = door.tried("000000000000-0000000000000000")
    assert isinstance(outcome, RequestRefused)
    assert outcome.status == 404
    door.clock.pass_(days=31)
    outcome = door.tried(first.batch)
    assert isinstance(outcome, RequestRefused)
    assert (outcome.status, "30 days" in outcome.detail) == (409, True)
    assert hours(door) == {"a": 1}


def test_a_closed_period_is_not_changed_by_an_undo(tmp_path: Path) -> None:
    open_books: dict[str, Any] = {"accounts": ACCOUNTS, "datasets": [OPEN]}
    with engine(tmp_path, **open_books) as door:
        lines = ["TransNo,Cost centre,Account,Date,Amount", "x,C1,A1,2024-05-01,5"]
        first = door.file("\n".join([*lines, "y,C1,A1,2025-05-01,5"]), "full", "postings")
        door.apply({"accounts": ACCOUNTS, "datasets": [POSTINGS]})
        undone = door.undo(first.batch)
        assert (undone.accepted, undone.rejected) == (1, 1)
        assert undone.rejections[0].rule == "closed-period"
        assert list(door.held("postings")) == ["x"]


FILE = st.tuples(
    st.sampled_from(["full", "changes"]),
    st.dictionaries(st.sampled_from(KEYS), st.integers(0, 2), max_size=4),
)
STEP = st.one_of(FILE, st.integers(0, 9))


@settings(max_examples=40, deadline=None, suppress_health_check=list(HealthCheck))
@given(st.lists(STEP, min_size=2, max_size=9))
def test_any_history_of_files_and_undos_is_as_the_model_says(
    shared: Engine, steps: list[tuple[Mode, dict[str, int]] | int]
) -> None:
    shared.empty()
    state: dict[str, int] = {}
    changes: list[dict[str, tuple[int | None, int | None]]] = []
    names: list[str] = []
    for step in steps:
        after = dict(state)
        if isinstance(step, int):
            if not names:
                continue
            number = step % len(names)
            left = 0
            for key, (was, made) in changes[number].items():
                now = state.get(key)
                if now == made:
                    after.pop(key, None)
                    if was is not None:
                        after[key] = was
                elif now != was:
                    left += 1
            done = shared.undo(names[number])
            assert done.rejected == left
        else:
            mode, rows = step
            after = dict(rows) if mode == "full" else state | rows
            done = shared.file(csv(**rows), mode)
        changes.append(
            {
                key: (state.get(key), after.get(key))
                for key in state.keys() | after.keys()
                if state.get(key) != after.get(key)
            }
        )
        names.append(done.batch)
        state = after
        assert hours(shared) == state
