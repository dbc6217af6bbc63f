"""Whatever order postings, budgets, virements, forecasts and moves come in, every position is what
a plain recomputation with integers gives, and every cut adds up to the same."""

import random
from collections import defaultdict
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from shared.contracts.topics import CATALOGUE, RECORDS
from tests.unit.fed import Fed, Said, cut
from tests.unit.finance.council import CATALOGUE as DEFINED
from tests.unit.finance.council import centre, record
from tests.unit.finance.recounted import mismatches

TODAY = "2026-01-05"

Json = dict[str, Any]

money = st.integers(-10_000_000, 10_000_000).map(
    lambda n: f"{'-' if n < 0 else ''}{abs(n) // 100}.{abs(n) % 100:02}"
)
codes = st.sampled_from(["C1", "C2", "C3", "Z9"])
accounts = st.sampled_from(["1000", "1999", "4100", "9001", "777", "supplies"])
years = st.sampled_from(["2024-25", "2025-26"])
periods = st.integers(1, 13).map(lambda number: f"P{number:02}")


def of(role: str, **fields: st.SearchStrategy[Any]) -> st.SearchStrategy[tuple[str, Json]]:
    return st.tuples(st.just(role), st.fixed_dictionaries(fields))


contents = st.one_of(
    of(
        "posting", cost_centre=codes, subjective=accounts, amount=money,
        year=years, period=st.one_of(st.none(), periods, st.just("2024-25-P13")),
        date=st.sampled_from([None, "2025-03-31", "2025-11-02"]),
        batch=st.sampled_from([None, "B1", "B2"]),
    ),
    of(
        "budget", cost_centre=codes, subjective=accounts, year=years, amount=money,
        period=st.one_of(st.none(), periods), profile=st.sampled_from([None, "summer", "x"]),
    ),
    of(
        "virement", reference=st.sampled_from(["V1", "V2"]), line=st.just("1"), cost_centre=codes,
        subjective=accounts, year=years, period=periods,
        amount=st.sampled_from(["60.00", "-60.00", "501.00", "-501.00"]),
        status=st.sampled_from(["Approved", "Approved", "Approved", "Proposed", "Rejected"]),
        decision=st.sampled_from(["E1", "E1", None]),
    ),
    of(
        "commitment", order=st.just("O"), cost_centre=codes, subjective=accounts, amount=money,
        year=years, period=periods,
    ),
    of(
        "forecast", cost_centre=codes, subjective=accounts, year=years, period=periods,
        amount=money, one_off=st.one_of(st.none(), money),
    ),
    of(
        "control-total", year=years, period=periods, amount=money,
        batch=st.sampled_from([None, "B1"]), transactions=st.one_of(st.none(), st.integers(0, 3)),
    ),
    of(
        "cost-centre", cost_centre=codes, name=st.just("A name"),
        service=st.sampled_from(["parks", "waste", "homes", "nobody"]),
        fund=st.sampled_from(["general", "general", "hra"]),
        valid_from=st.sampled_from([None, "2025-07-01", "2025-12-15"]),
        valid_to=st.sampled_from([None, "2025-10-31"]),
    ),
)  # fmt: skip
# What each version of a record says; None where it is deleted. A record stays of its role.
histories = st.lists(
    st.tuples(contents, st.lists(st.one_of(st.none(), contents), max_size=3)), max_size=14
)


@pytest.mark.timeout(900)  # a failure takes its time to find the smallest history that shows it
@settings(max_examples=60, deadline=None)
@given(
    histories,
    st.lists(st.integers(1, 9), min_size=1, max_size=4),
    st.booleans(),
    st.sampled_from(["first", "first", "first", "anywhere"]),
    st.booleans(),
    st.randoms(use_true_random=False),
)
def test_any_order_gives_what_a_plain_recomputation_gives(
    kept_finance: Fed,
    history: list[tuple[tuple[str, Json], list[tuple[str, Json] | None]]],
    sizes: list[int],
    moved: bool,
    definitions: str,
    in_turn: bool,
    chance: random.Random,
) -> None:
    kept_finance.forget()
    events: list[Said] = []
    newest: dict[str, Json | None] = {}
    for number, (first, later) in enumerate(history):
        role, _ = first
        said = [first, *(each for each in later if each is None or each[0] == role)]
        for version, each in enumerate(said, 1):
            ((subject, written),) = record(role, str(number), **(each or first)[1]).items()
            newest[subject] = None if each is None else written
            events.append(Said(RECORDS, subject, version, newest[subject]))
    for subject, state in centre("C1", "parks").items():
        newest[subject] = state
        events.append(Said(RECORDS, subject, 1, state))
    catalogue = [Said(CATALOGUE, subject, 1, state) for subject, state in DEFINED.items()]
    defined = dict(DEFINED)
    if moved:
        defined["service/waste"] = {"code": "waste", "name": "Waste", "directorate": "communities"}
        catalogue.append(Said(CATALOGUE, "service/waste", 2, defined["service/waste"]))
    # A definition has everything recounted: most of the time they come first, so that all that
    # follows is moved change by change.
    if definitions == "first":
        kept_finance.feed(catalogue)
    else:
        events += catalogue
    events += chance.sample(events, len(events) // 3)
    chance.shuffle(events)
    if in_turn:
        events.sort(key=lambda event: event.version)
    kept_finance.feed(*cut(events, sizes))

    records: defaultdict[str, list[tuple[str, Json]]] = defaultdict(list)
    for subject, last in newest.items():
        if last is not None:
            records[subject.partition("/")[0]].append((last["key"], last["fields"]))
    assert mismatches(defined, records, TODAY, kept_finance.states()) == []
    assert kept_finance.rebuild() == 0
