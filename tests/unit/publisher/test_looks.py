"""What changed since somebody looked: the looks of a cookie, and the changes in words."""

from datetime import UTC, datetime, timedelta

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.publisher.domain import looks, since
from services.publisher.domain.looks import Look, Looks, looking, since_words
from services.publisher.domain.since import Changed, Was, changed, counted, follows, ordered
from shared.contracts.judged import RagState
from shared.contracts.states import PeriodState
from tests.integration.publisher_sample import Q1, value
from tests.unit.publisher.headline_figures import Q2, indicator, shown

STORE = "0123abcd"
NOON = datetime(2026, 11, 30, 12, tzinfo=UTC)


def test_a_cookie_tells_again_what_was_written() -> None:
    seen = Looks(Look(NOON - timedelta(days=2), 12), Look(NOON, None))
    text = seen.text(STORE)
    assert text == "0123abcd.12-1795867200.-1796040000"
    assert looks.read(text, STORE) == seen


def test_the_cursors_of_another_store_say_nothing_of_this_one() -> None:
    seen = Looks(Look(NOON - timedelta(days=2), 12), Look(NOON, 13))
    assert looks.read(seen.text("ffffffff"), STORE) == Looks(
        Look(NOON - timedelta(days=2)), Look(NOON)
    )


@pytest.mark.parametrize(
    "text",
    [None, "", "x", "0123abcd.12-1.13", "0123abcd.1-1.1-999999999999", "٣.1-1.1-1",
     "0123abcd.12-1.13-2\n", "0123ABCD.12-1.13-2"],
)  # fmt: skip
def test_anything_else_counts_as_nothing(text: str | None) -> None:
    assert looks.read(text, STORE) is None


@given(st.text(max_size=60))
def test_no_cookie_breaks_a_page(text: str) -> None:
    looks.read(text, STORE)


def test_a_first_look_is_compared_with_the_same_time_yesterday() -> None:
    found = looking(None, Look(NOON, 20))
    assert found == Looks(Look(NOON - timedelta(days=1)), Look(NOON, 20))
    assert since_words(found) == "this time yesterday, 29 November 2026 at 12:00pm"


def test_what_changed_stays_while_it_is_read_and_then_counts_from_the_last_look() -> None:
    first = looking(None, Look(NOON, 20))
    reading = looking(first, Look(NOON + timedelta(minutes=29), 30))
    assert reading.since == first.since
    still = looking(reading, Look(NOON + timedelta(minutes=55), 40))
    assert still.since == first.since
    later = looking(still, Look(NOON + timedelta(hours=3), 50))
    assert later == Looks(
        Look(NOON + timedelta(minutes=55), 40), Look(NOON + timedelta(hours=3), 50)
    )
    assert since_words(later) == "your last look, 30 November 2026 at 12:55pm"


def test_a_look_in_the_future_is_passed_over() -> None:
    ahead = Looks(Look(NOON, 20), Look(NOON + timedelta(hours=2), 30))
    assert looking(ahead, Look(NOON, 40)) == looking(None, Look(NOON, 40))


def was(number: str | None, outcome: str) -> Was:
    return since.decode(msgspec.json.encode(value("A", Q1, number, outcome=outcome)))


def moved(code: str, before: str, now: str, time: str = "1", *, strategic: bool = False) -> Changed:
    defined = indicator(code, strategic=strategic)
    found = changed(shown(defined, "50", now), defined, time, was("40", before))
    assert found is not None
    return found


def test_a_change_says_from_what_to_what() -> None:
    defined = indicator("A", precision=1)
    figure = shown(defined, "50", "green")
    found = changed(figure, defined, "1", was("40", "red"))
    assert found is not None
    assert found.sentence == "From 40.0% to 50.0%"
    assert (found.turned, found.was_outcome_word) == (True, "Red")
    none = changed(figure, defined, "1", was(None, "no data"))
    assert none is not None
    assert none.sentence == "From Not calculable to 50.0%"


def test_what_reads_the_same_has_not_changed() -> None:
    defined = indicator("A", precision=1)
    figure = shown(defined, "50", "green")
    assert changed(figure, defined, "1", was("50.01", "green")) is None
    turned = changed(figure, defined, "1", was("50.01", "amber"))
    assert turned is not None
    assert turned.sentence == "Still 50.0%"


def test_a_new_figure_follows_the_period_before() -> None:
    defined = indicator("A")
    figure = shown(defined, "50", "red")
    found = follows(figure, defined, "1", was("40", "green"))
    assert found.sentence == "New: 50%, after 40% in April to June 2019"
    assert found.turned
    for nothing in (None, was(None, "no data")):
        first = follows(figure, defined, "1", nothing)
        assert (first.sentence, first.turned, first.was_outcome) == ("New: 50%", False, "")


def test_what_turned_red_comes_first_then_what_turned_then_what_members_watch() -> None:
    listed = [
        moved("A", "green", "green", "4"),
        moved("B", "green", "green", "5"),
        moved("C", "green", "green", "1", strategic=True),
        moved("D", "red", "green", "2"),
        moved("E", "amber", "red", "1"),
        moved("F", "amber", "red", "3"),
    ]
    assert [each.indicator.code for each in ordered(listed)] == list("FEDCBA")
    assert counted(listed) == "6 figures changed; 3 have another status."
    assert counted(listed[3:4]) == "1 figure changed; 1 has another status."
    assert counted(listed[:2]) == "2 figures changed."
    assert counted([]) == "No figure changed."


def test_of_a_value_only_what_is_compared_is_read() -> None:
    state = value("A", Q2, "40", outcome="red", rule="red: too low")
    assert since.decode(msgspec.json.encode(state)) == Was(
        PeriodState(*Q2), "40", None, "percentage", RagState("red", "red: too low")
    )
