"""Counts that add up, repeated keys, and what a file has spoken of."""

from urllib.parse import quote

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from services.ingest.domain.intake import FileIntake, Tally, from_records
from services.ingest.domain.json_rows import read_lines
from services.ingest.domain.judging import Judging
from services.ingest.domain.memo import remembering
from services.ingest.domain.refusals import ValueRefused, storable
from services.ingest.domain.said import Said
from shared.contracts import subjects
from tests.unit.ingest.contracts import HEADER, checked, contract, opened, rules


def test_a_repeated_row_of_a_file_counts_as_unchanged() -> None:
    prepared = checked(f"{HEADER}\na1,31/01/2026,1,1,1\na1,31/01/2026,1.00, 1,1\n")
    assert len(prepared.states) == 1
    assert prepared.repeated == 1
    assert prepared.rejections == []


def test_a_second_row_with_the_same_key_and_another_content_is_rejected() -> None:
    prepared = checked(f"{HEADER}\na1,31/01/2026,1,1,1\na1,31/01/2026,2,1,1\n")
    assert rules(prepared) == [(3, None, "duplicate-key")]
    assert b'"amount":"1.00"' in (prepared.states[0][1] or b"")


def test_repeated_keys_are_seen_across_chunks() -> None:
    of = contract()
    file = opened(f"{HEADER}\na1,31/01/2026,1,1,1\na1,31/01/2026,2,1,1\n", of)
    intake = FileIntake(of, file.columns)
    first = intake.check([next(file.lines)])
    second = intake.check(file.lines)
    intake.settle()
    judging = Judging(intake)
    assert len(judging.judge(first).states) == 1
    assert judging.judge(second).rejected == 1


def test_a_rejected_row_still_speaks_of_its_record() -> None:
    of = contract()
    file = opened(f"{HEADER}\na1,31/02/2026,1,1,1\n,31/01/2026,1,1,1\na3\n{HEADER}\n", of)
    intake = FileIntake(of, file.columns)
    prepared = intake.check(file.lines)
    intake.settle()
    assert prepared.rejected == 4
    assert "requests/a1" in Judging(intake)
    # The row without a key and the short row might be any record; the repeated header is none.
    assert intake.unidentified == 2


def test_a_later_row_of_a_request_replaces_an_earlier_one() -> None:
    lines = b"\n".join(
        b'{"data": {"ref": "a1", "received": "2026-01-31", "visits": %d}}' % visits
        for visits in (1, 2, 2)
    )
    prepared = from_records(contract(), read_lines(lines))
    assert prepared.rejected == 0
    assert len(prepared.states) == 3
    assert Tally(prepared.states, {"requests/a1": None}).count(prepared.states) == (2, 1)


def test_a_record_that_ends_where_it_stood_still_counts_its_rows() -> None:
    states = [("d/1", b"x"), ("d/1", b"y")]
    # Nothing was replaced, so it stood at y: there and back are two accepted rows.
    assert Tally(states, {}).count(states) == (2, 0)
    states = [("d/1", b"y"), ("d/1", b"y")]
    assert Tally(states, {}).count(states) == (0, 2)


@given(
    st.lists(st.tuples(st.sampled_from("abc"), st.sampled_from([b"x", b"y", None])), max_size=12),
    st.dictionaries(st.sampled_from("abc"), st.sampled_from([b"x", b"y"])),
    st.integers(0, 12),
)
def test_accepted_rows_are_those_that_move_a_state_in_turn(
    states: list[tuple[str, bytes | None]], stored: dict[str, bytes], cut: int
) -> None:
    newest = dict(states)
    replaced = {key: stored.get(key) for key in newest if stored.get(key) != newest[key]}
    running: dict[str, bytes | None] = dict(stored)
    tally = Tally(states, replaced)
    # Two requests that share a transaction are counted each for itself.
    for request in (states[:cut], states[cut:]):
        accepted = 0
        for key, body in request:
            accepted += running.get(key) != body
            running[key] = body
        assert tally.count(request) == (accepted, len(request) - accepted)


CELLS = st.sampled_from(["a1", "a2", "31/01/2026", "31/02/2026", "1", "x", "", '"', "5,5", "-1"])


@given(st.lists(st.lists(CELLS, min_size=1, max_size=6), max_size=20))
def test_every_row_is_accepted_repeated_or_rejected(rows: list[list[str]]) -> None:
    text = "\n".join(",".join(f'"{c.replace(chr(34), chr(34) * 2)}"' for c in row) for row in rows)
    prepared = checked(f"{HEADER}\n{text}\n")
    assert prepared.received == len(rows)
    assert prepared.received == len(prepared.states) + prepared.repeated + prepared.rejected
    assert len({each.row for each in prepared.rejections}) == prepared.rejected


@given(st.lists(st.sampled_from(["a", "b", "c"]), max_size=30))
def test_what_a_file_spoke_of_is_known_and_what_it_repeats(names: list[str]) -> None:
    said = Said()
    for name in names:
        said.add(name)
    said.settle()
    for name in ("a", "b", "c"):
        assert (name in said) == (name in names)
        assert (hash(name) in said.repeated) == (names.count(name) > 1)


def test_a_column_that_repeats_itself_is_read_once_and_what_is_refused_each_time() -> None:
    calls: list[str] = []

    def convert(text: str) -> str:
        calls.append(text)
        if text == "bad":
            raise ValueRefused("type", "It is bad.")
        return text.upper()

    rows = [[f"k{number}", "x"] for number in range(9)]
    key, column = remembering([("key", 0, str), ("value", 1, convert)], rows)
    assert key[2] is str
    assert [column[2](text) for text in ("x", "x", "y", "x")] == ["X", "X", "Y", "X"]
    for _ in range(2):
        with pytest.raises(ValueRefused):
            column[2]("bad")
    assert calls == ["x", "y", "bad", "bad"]


@given(st.text())
def test_a_key_stands_in_its_subject_percent_encoded(key: str) -> None:
    assume(key.isascii() or storable(key) == key)
    assert subjects.part(key) == quote(key, safe="")
