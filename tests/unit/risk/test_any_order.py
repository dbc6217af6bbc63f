"""Whatever order records, definitions and what other services say come in, and whatever days pass
meanwhile, every risk, action and project is what a plain recomputation gives."""

import random
from collections import defaultdict
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from shared.contracts.topics import CATALOGUE, RECORDS
from tests.unit.fed import Fed, Said, cut
from tests.unit.risk.made import Made, defined, newest
from tests.unit.risk.moving import pass_time_to
from tests.unit.risk.recounted import mismatches
from tests.unit.risk.registers import CATALOGUE as DEFINED

TODAY = "2026-01-05"

Json = dict[str, Any]
# How something is defined in another way meanwhile.
REDEFINED: dict[str, Json | None] = {
    "service/waste": {"code": "waste", "name": "Waste", "directorate": "communities"},
    "indicator/I-1": {**DEFINED["indicator/I-1"], "frequency": "month"},
    "dataset/partnership": {**DEFINED["dataset/partnership"], "role": None},
    "risk-matrix/matrix": None,
    "risk-policy/policy": None,
}


@pytest.mark.timeout(900)  # a failure takes its time to find the smallest history that shows it
@settings(max_examples=150, deadline=None)
@given(
    st.sampled_from([12, 25, 40, 60]),
    st.sampled_from([8, 16, 30]),
    st.lists(st.integers(1, 9), min_size=1, max_size=4),
    st.sampled_from(["first", "first", "first", "anywhere"]),
    st.sampled_from([*[None] * 6, *REDEFINED]),
    st.sampled_from([*[None] * 3, "2026-01-06", "2026-02-02", "2026-04-02"]),
    st.booleans(),
    # What is said is made by plain chance: it must be various rather than small.
    st.randoms(use_true_random=True),
)
def test_any_order_gives_what_a_plain_recomputation_gives(
    kept_risk: Fed,
    records: int,
    states: int,
    sizes: list[int],
    definitions: str,
    redefined: str | None,
    later: str | None,
    in_turn: bool,
    chance: random.Random,
) -> None:
    kept_risk.forget()
    made = Made(chance)
    catalogue = DEFINED | {"risk-matrix/matrix": made.matrix(), "risk-policy/policy": made.policy()}
    first = defined(catalogue)
    events = made.said(records) + made.heard(states)
    if redefined is not None:
        anew = {"risk-matrix/matrix": made.matrix, "risk-policy/policy": made.policy}
        state = anew[redefined]() if redefined in anew else REDEFINED[redefined]
        events.append(Said(CATALOGUE, redefined, 2, state))
        catalogue[redefined] = state or {}
    last = list(newest(events))
    # Some of the newest come alone at the end: nothing else then moves what depends on them.
    tail = [event for event in last if event.topic != CATALOGUE and chance.random() < 0.4]
    events = [event for event in events if event not in tail]
    # Definitions have everything worked out anew: most of the time they come first, so that all
    # that follows is moved change by change.
    events += chance.sample(events, len(events) // 3)
    if definitions == "anywhere":
        events += first
    chance.shuffle(events)
    if in_turn:
        events.sort(key=lambda event: event.version)
    if definitions == "first":
        kept_risk.feed(first)
    half = chance.randrange(len(events) + 1)
    with pytest.MonkeyPatch.context() as patch:
        kept_risk.feed(*cut(events[:half], sizes))
        if later is not None:
            pass_time_to(patch, kept_risk, later)
        kept_risk.feed(*cut(events[half:], sizes))
        kept_risk.feed(*cut(chance.sample(tail, len(tail)), sizes))
        found = kept_risk.states()
        rebuilt = kept_risk.rebuild()

    held: defaultdict[str, list[tuple[str, Json]]] = defaultdict(list)
    heard: defaultdict[str, dict[str, Json]] = defaultdict(dict)
    for topic, subject, _, body, *_ in last:
        if body is None or topic == CATALOGUE:
            continue
        if topic == RECORDS:
            held[body["dataset"]].append((body["key"], body["fields"]))
        else:
            heard[topic][subject] = body
    assert mismatches(catalogue, held, later or TODAY, heard, found) == []
    assert rebuilt == 0
