"""What waits for a stream client is bounded, newest, in order, and never silently dropped."""

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.publisher.domain import live
from services.publisher.domain.live import ALL_KINDS, Audience, Filter, Mailbox, Message

STORE = "0123abcd"


def message(cursor: int, subject: str = "EP01/2025-26-Q1", **more: Any) -> Message:
    return Message(
        cursor=cursor,
        kind=more.get("kind", "indicators"),
        subject=subject,
        service=more.get("service"),
        themes=frozenset(more.get("themes", ())),
        wire=live.block("indicators", f"{STORE}-{cursor}", json.dumps(subject).encode()),
    )


def cursors(sent: bytes) -> list[int]:
    """The cursors of the blocks that were sent, in order."""
    lines = [line for line in sent.decode().split("\n") if line.startswith("id: ")]
    return [int(line.rpartition("-")[2]) for line in lines]


def test_only_the_newest_state_of_a_subject_waits_and_cursors_stay_in_order() -> None:
    box = Mailbox(Filter(), 0)
    box.put([message(1, "a/1"), message(2, "b/1")])
    box.put([message(3, "a/1")])
    assert cursors(box.take(STORE, 3)) == [2, 3]
    assert box.take(STORE, 3) == b""


def test_a_client_that_falls_behind_is_told_once_to_read_everything_again() -> None:
    box = Mailbox(Filter(), 0, limit=2)
    box.put([message(n, f"a/{n}") for n in range(1, 4)])
    assert len(box) == 0
    box.put([message(4, "a/4")])
    sent = box.take(STORE, 4)
    assert sent.startswith(b"id: 0123abcd-4\nevent: resync\n")
    assert box.take(STORE, 4) == b""
    # What the resync covered does not come again; what is newer does.
    box.put([message(4, "a/4"), message(5, "a/5")])
    assert cursors(box.take(STORE, 5)) == [5]


def test_a_ping_moves_the_cursor_of_a_client_that_wants_none_of_what_happened() -> None:
    box = Mailbox(Filter(service="parks"), 3)
    assert not box.put([])
    box.ping()
    assert box.take(STORE, 9) == b": ping\nid: 0123abcd-9\n\n"
    assert box.take(STORE, 9) == b""


@pytest.mark.parametrize(
    ("wanted", "passes"),
    [
        (Filter(), True),
        (Filter(kinds=frozenset(["indicators"])), True),
        (Filter(kinds=frozenset(["risks"])), False),
        (Filter(service="parks"), True),
        (Filter(service="legal"), False),
        (Filter(theme="climate"), True),
        (Filter(theme="water"), False),
        (Filter(indicator="EP01"), True),
        (Filter(indicator="EP0"), False),
        (Filter(kinds=frozenset(["indicators"]), service="parks", theme="water"), False),
    ],
)
def test_a_client_gets_what_passes_every_part_of_its_filter(wanted: Filter, passes: bool) -> None:
    assert wanted.wants(message(1, service="parks", themes=["climate"])) is passes


def some(*texts: str) -> st.SearchStrategy[str]:
    return st.sampled_from(("", *texts))


FILTERS = st.builds(
    Filter,
    st.frozensets(st.sampled_from(ALL_KINDS), max_size=2),
    some("parks", "legal"),
    some("climate", "water"),
    some("EP01", "EP02", "EP01/2025-26-Q1", "review"),
    st.booleans(),
)
MESSAGES = st.builds(
    Message,
    cursor=st.just(1),
    kind=st.sampled_from(ALL_KINDS),
    subject=some("EP01/2025-26-Q1", "EP02/2025-26-Q1/ward=1", "review/2025-26-Q1/indicator/EP01"),
    service=st.sampled_from((None, "parks", "legal")),
    themes=st.frozensets(st.sampled_from(("climate", "water"))),
    wire=st.just(b"whole"),
    private=st.booleans(),
    public=st.sampled_from((None, b"less")),
    about=some("indicator/EP01", "indicator/EP02", "cost-centre/EP01"),
    indicators=st.frozensets(st.sampled_from(("EP01", "EP02"))),
)


@given(st.lists(FILTERS, max_size=8), st.lists(MESSAGES, max_size=4), st.data())
def test_an_audience_gives_everybody_what_they_want_and_nobody_else(
    asked: list[Filter], messages: list[Message], data: st.DataObject
) -> None:
    audience: Audience[int] = Audience()
    for who, wanted in enumerate(asked):
        audience.add(wanted, who)
    gone = data.draw(st.frozensets(st.sampled_from(range(len(asked))))) if asked else frozenset()
    for who in gone:
        audience.remove(asked[who], who)
    given_to: dict[int, list[Message]] = {}
    for some_messages, people in audience.wanting(messages):
        for who in people:
            assert who not in given_to
            given_to[who] = list(some_messages)
    wanting = {
        who: [each for each in messages if wanted.wants(each)]
        for who, wanted in enumerate(asked)
        if who not in gone
    }
    assert given_to == {who: found for who, found in wanting.items() if found}


@pytest.mark.parametrize(
    "text",
    ["", "nonsense", "0123abcd", "0123abcd-", "0123abcd--1", "0123abcd-1e3", "ffffffff-1",
     "0123abcd-1\n", "0123abcd-٣", "0123abcd-" + "9" * 30, "0123ABCD-1"],
)  # fmt: skip
def test_an_id_that_is_not_ours_has_no_cursor(text: str) -> None:
    assert live.cursor_of(text, STORE) is None


def test_our_own_id_gives_its_cursor_back() -> None:
    assert live.cursor_of(live.event_id(STORE, 812), STORE) == 812


@given(
    changes=st.lists(st.tuples(st.integers(0, 5), st.booleans()), max_size=60),
    limit=st.integers(1, 8),
)
def test_whatever_is_sent_in_between_a_client_ends_with_the_newest_state_or_a_resync(
    changes: list[tuple[int, bool]], limit: int
) -> None:
    box = Mailbox(Filter(), 0, limit)
    newest: dict[int, int] = {}
    seen: dict[int, int] = {}
    last = 0
    for cursor, (subject, send) in enumerate(changes, 1):
        newest[subject] = cursor
        box.put([message(cursor, f"s/{subject}")])
        if send or cursor == len(changes):
            sent = box.take(STORE, cursor)
            if b"event: resync" in sent:
                seen = dict(newest)
            for got in cursors(sent):
                assert got > last
                last = got
                seen[changes[got - 1][0]] = got
    assert seen == newest
