"""Whatever order records, figures and definitions come in, every review, challenge, cycle and
reminder is what a plain recomputation gives."""

import json
import random
from collections import defaultdict
from collections.abc import Iterator, Mapping
from datetime import date
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from deploy.verify.desk import Published
from deploy.verify.report import Mismatch
from deploy.verify.revenue import ADDING_UP, STANDING
from deploy.verify.reviews import as_compared, is_of_review, review_states
from deploy.verify.source import Definitions, Record, Row
from deploy.verify.states import compared_states
from shared.contracts.topics import CATALOGUE, FINANCE, INDICATORS, RECORDS
from tests.unit.fed import Fed, Said, cut
from tests.unit.risk.reviewing import (
    DEFINITIONS,
    DIRECTOR,
    MONEY,
    OWNER,
    QUARTER,
    RECYCLING,
    RISK,
    definitions,
    position,
    reviewing,
    value,
)

TODAY = "2026-01-05"
EARLIER = "2025-26-Q2"

Json = dict[str, Any]


@pytest.fixture(scope="module")
def kept(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Fed]:
    """One store for many examples: each must begin with `forget`."""
    with reviewing(tmp_path_factory.mktemp("reviews")) as risk:
        yield risk


def often(*usual: Any, other: Any) -> st.SearchStrategy[Any]:
    """One of these, and now and then another."""
    return st.integers(0, 7).flatmap(lambda turn: st.sampled_from(usual if turn else other))


abouts = often(RECYCLING, MONEY, RISK, other=["indicator/missed", "risk/R 2/a", "x"])
quarters = often(QUARTER, other=[EARLIER, "2025-26"])
posts = often(OWNER, DIRECTOR, other=["Leader"])
instants = st.integers(1, 6).map(lambda day: f"2026-01-0{day}T09:00:00")


def of(role: str, **fields: st.SearchStrategy[Any]) -> st.SearchStrategy[tuple[str, Json]]:
    said = {"by": posts, "at": instants}
    return st.tuples(st.just(role), st.fixed_dictionaries(said | fields))


def about(role: str, **fields: st.SearchStrategy[Any]) -> st.SearchStrategy[tuple[str, Json]]:
    return of(role, about=abouts, period=quarters, **fields)


contents = st.one_of(
    of(
        "cycle-step",
        period=quarters,
        to=st.sampled_from(["Collecting", "Collecting", "Owner sign-off", "Director sign-off"]),
    ),
    of(
        "cycle-step",
        period=quarters,
        to=st.sampled_from(["Collecting", "Director sign-off", "Frozen", "Open"]),
        despite=st.sampled_from([None, "Late"]),
    ),
    about(
        "commentary",
        voice=often("Owner", "Director", other=["owner ", "Neighbour"]),
        what_happened=st.sampled_from(["Rain", "Ring 01225 477000"]),
        why=st.sampled_from([None, "Frost"]),
    ),
    about(
        "challenge-step",
        challenge=often("C1", other=["C/2", ""]),
        does=st.sampled_from(["Raise", "Answer", "Close", "Reopen", "Withdraw"]),
        text=st.just("Why?"),
    ),
    about(
        "sign-off",
        level=often("Owner", "Director", other=["Leader"]),
        status=often("Signed", other=["Withdrawn", "?"]),
        value=st.sampled_from([None, "41", "0", "20"]),
    ),
    about("data-query", status=st.sampled_from(["Under query", "Resolved", "?"])),
    of(
        "risk",
        reference=st.sampled_from(["R1", "R 2/a"]),
        title=st.just("Depot"),
        owner=posts,
        service=st.sampled_from([None, "waste"]),
        likelihood=st.sampled_from([1, 4]),
        impact=st.sampled_from([5, 5, 9]),
    ),
)
# What each version of a record says; None where it is deleted. A record stays of its role.
histories = st.lists(
    st.tuples(contents, st.lists(st.one_of(st.none(), contents), max_size=2)),
    min_size=10,
    max_size=24,
)
said_at = {"by": OWNER, "at": "2026-01-01T08:00:00"}
# What is there in most histories: a quarter that is collected, a risk, and a challenge.
USUAL: list[tuple[str, Json]] = [
    ("cycle-step", {"period": QUARTER, "to": "Collecting"} | said_at),
    ("risk", {"reference": "R1", "title": "Depot", "likelihood": 4, "impact": 5, "owner": OWNER}),
    (
        "challenge-step",
        {"challenge": "C1", "does": "Raise", "period": QUARTER, "about": RISK} | said_at,
    ),
    (
        "commentary",
        {"voice": "Owner", "what_happened": "x", "period": QUARTER, "about": RECYCLING} | said_at,
    ),
]
periods = st.sampled_from(
    [("recycling", each) for each in ("2025-09", "2025-11", "2025-12", "2026-01", QUARTER)]
    + [("missed", each) for each in (QUARTER, EARLIER, "2025-26")]
)
shown = st.dictionaries(
    periods,
    st.lists(
        st.tuples(st.sampled_from([None, "41", "42"]), st.sampled_from(["red", "amber", "green"])),
        min_size=1,
        max_size=3,
    ),
    min_size=2,
)
money = st.dictionaries(
    st.sampled_from(["waste", "roads", "", "a/b"]),
    st.lists(
        st.tuples(st.just(100), st.sampled_from([100, 101, 105]), st.integers(5, 13)), min_size=1
    ),
    min_size=1,
)
changed = st.lists(
    st.sampled_from(
        [
            {"indicator__recycling": {"owner": "Recycling lead"}},
            {"indicator__recycling": {"frequency": "quarter"}},
            {"review_cycle__usual": {"required_when": ["amber"], "owner_days": 1}},
            {"person__dana": {"directorates": ["people"]}},
            {"person__olu": {"roles": ["finance officer"]}},
            {"service__waste": {"directorate": "people"}},
        ]
    ),
    max_size=3,
)


def whole(position: Json) -> Json:
    """A position with every part of every line, as the recompute has it."""
    lines = {
        group: {part: line.get(part) or [0] * 13 for part in (*ADDING_UP, *STANDING)}
        for group, line in position["lines"].items()
    }
    return position | {"lines": lines}


def mismatches(newest: Mapping[tuple[str, str], Json | None], states: Json) -> list[Mismatch]:
    """Where what was said of reviews is not what the recompute makes of what is there."""
    there: defaultdict[str, dict[str, Json]] = defaultdict(dict)
    for (topic, subject), state in newest.items():
        if state is not None:
            there[topic][subject] = state
    records: defaultdict[str, list[Record]] = defaultdict(list)
    for state in there[RECORDS].values():
        records[state["dataset"]].append(Record(state["key"], state["fields"]))
    defined = Definitions(
        Row("irf.catalogue", subject, 1, json.dumps(body).encode())
        for subject, body in there[CATALOGUE].items()
    )
    others = Published(
        there[INDICATORS].keys,
        there[INDICATORS].get,
        {subject: whole(each) for subject, each in there[FINANCE].items()},
        {subject: each for subject, each in states.items() if subject.startswith("risk/")},
    )
    expected = review_states(defined, records, date.fromisoformat(TODAY), others)
    said = {each: as_compared(state) for each, state in states.items() if is_of_review(each)}
    return compared_states(expected, said).mismatches


@pytest.mark.timeout(900)  # a failure takes its time to find the smallest history that shows it
@settings(max_examples=120, deadline=None)
@given(
    histories,
    st.lists(st.sampled_from(USUAL), min_size=3, unique_by=lambda each: each[0]),
    shown,
    money,
    changed,
    st.lists(st.integers(1, 9), min_size=1, max_size=4),
    st.randoms(use_true_random=False),
)
def test_any_order_gives_what_a_plain_recomputation_gives(
    kept: Fed,
    history: list[tuple[tuple[str, Json], list[tuple[str, Json] | None]]],
    usual: list[tuple[str, Json]],
    shown: dict[tuple[str, str], list[tuple[str | None, str]]],
    money: dict[str, list[tuple[int, int, int]]],
    changed: list[Json],
    sizes: list[int],
    chance: random.Random,
) -> None:
    kept.forget()
    versions: defaultdict[tuple[str, str], list[Json | None]] = defaultdict(list)
    for number, (first, later) in enumerate([*history, *((each, []) for each in usual)]):
        role, _ = first
        for each in [first, *(each for each in later if each is None or each[0] == role)]:
            state = None
            if each is not None:
                state = {"dataset": f"d-{role}", "key": str(number), "fields": each[1]}
            versions[RECORDS, f"d-{role}/{number}"].append(state)
    for (code, period), values in shown.items():
        for amount in values:
            subject, state = value(code, period, *amount)
            versions[INDICATORS, subject].append(state)
    for service, positions in money.items():
        for figures in positions:
            subject, state = position(*figures, service=service)
            versions[FINANCE, subject].append(state)
    for subject, definition in DEFINITIONS.items():
        versions[CATALOGUE, subject].append(definition)
        for change in changed:
            versions[CATALOGUE, subject].append(definitions(**change)[subject])
    events = [
        Said(topic, subject, version, state)
        for (topic, subject), said in versions.items()
        for version, state in enumerate(said, 1)
    ]
    events += chance.sample(events, len(events) // 3)
    chance.shuffle(events)
    kept.feed(*cut(events, sizes))

    newest = {place: said[-1] for place, said in versions.items()}
    assert mismatches(newest, kept.states()) == []
    assert kept.rebuild() == 0
