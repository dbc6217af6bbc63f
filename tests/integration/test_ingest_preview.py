"""What a preview says is what then happens."""

from collections.abc import Iterator

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from services.ingest.delivery import Mode
from services.ingest.preview import Difference
from tests.integration.intake_engine import Engine, engine

HEADER = "Ref,Hours,Ward"


@pytest.fixture(scope="module")
def shared(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Engine]:
    with engine(tmp_path_factory.mktemp("preview")) as started:
        yield started


@pytest.fixture
def door(shared: Engine) -> Engine:
    shared.empty()
    return shared


def test_a_preview_shows_what_is_new_changed_and_gone_field_by_field(door: Engine) -> None:
    door.file(f"{HEADER}\na,1,North\nb,2,\nc,3,\n")
    found = door.preview(f"{HEADER}\na,1,South\nb,2,\nd,4,\ne,x,\n")
    assert (found.received, found.new, found.changed, found.unchanged) == (4, 1, 1, 1)
    assert (found.rejected, found.deleted, found.confirm) == (1, 1, "")
    assert found.differences == [
        Difference("a", "changed", [("ward", "North", "South")]),
        Difference("d", "new", [("hours", "", "4"), ("ref", "", "d")]),
        Difference("c", "deleted", [("hours", "3", ""), ("ref", "c", "")]),
    ]
    assert [(each.row, each.field, each.rule) for each in found.rejections] == [
        (5, "hours", "type")
    ]
    assert sorted(door.held()) == ["a", "b", "c"]


def test_a_preview_says_which_deletions_must_be_confirmed(door: Engine) -> None:
    door.file("\n".join([HEADER, *(f"r{number},1," for number in range(30))]))
    found = door.preview(f"{HEADER}\nr1,1,\n")
    assert found.deleted == 29
    assert "29 of the 30 records" in found.confirm
    assert "no rows" in door.preview(f"{HEADER}\n").confirm


def test_a_preview_says_which_columns_came_and_went(door: Engine) -> None:
    door.file(f"{HEADER},Old\na,1,,x\n")
    found = door.preview(f"{HEADER},New\na,1,,x\n")
    assert found.notes == [
        "Columns that the contract does not name are dropped: New.",
        "Columns that the last file had not: New.",
        "Columns that only the last file had: Old.",
    ]


def test_a_file_that_was_compared_before_another_came_is_compared_again(door: Engine) -> None:
    door.file(f"{HEADER}\na,1,\nb,2,\n")
    late = door.checked(f"{HEADER}\na,1,\nb,2,\n")
    assert late.ahead is not None
    assert not late.ahead.lacks
    door.file(f"{HEADER}\na,5,\nb,2,\nc,3,\n", "changes")
    done = door.let_in(late)
    assert (done.accepted, done.unchanged, done.deleted) == (1, 1, 1)
    assert {key: each["hours"] for key, each in door.held().items()} == {"a": 1, "b": 2}


ROW = st.tuples(
    st.sampled_from(["a", "b", "c", "d", "e", ""]), st.sampled_from(["1", "2", "x"])
).map(lambda row: f"{row[0]},{row[1]},")
ODD = st.sampled_from(["", HEADER, "a,1", '"a"b,1,'])
TEXT = st.lists(st.one_of(ROW, ROW, ROW, ODD), max_size=12).map(
    lambda rows: "\n".join([HEADER, *rows])
)


@settings(max_examples=40, deadline=None, suppress_health_check=list(HealthCheck))
@given(
    st.sampled_from(["visits", "plain"]),
    TEXT,
    st.lists(
        st.tuples(TEXT, st.sampled_from(["full", "changes"]), st.booleans()),
        min_size=1,
        max_size=3,
    ),
)
def test_what_a_preview_says_is_what_then_happens(
    shared: Engine, dataset: str, first: str, files: list[tuple[str, Mode, bool]]
) -> None:
    shared.empty()
    shared.file(first, "full", dataset)
    for text, mode, ahead in files:
        before = shared.held(dataset)
        found = shared.preview(text, mode, dataset)
        assert shared.held(dataset) == before
        done = shared.file(text, mode, dataset, ahead=ahead)
        after = shared.held(dataset)
        assert (found.received, found.unchanged, found.rejected, found.deleted) == (
            done.received, done.unchanged, done.rejected, done.deleted,
        )  # fmt: skip
        assert found.new + found.changed == done.accepted
        assert found.rejections == list(done.rejections)
        assert found.new == len(after.keys() - before.keys())
        assert found.deleted == len(before.keys() - after.keys())
        assert found.changed == sum(
            before[key] != after[key] for key in before.keys() & after.keys()
        )
        held = shared.batch(done.batch).detail.get("deletions_held", 0)
        assert found.deletions_held == held
        assert {each.key for each in found.differences} == {
            key for key in before.keys() | after.keys() if before.get(key) != after.get(key)
        }
