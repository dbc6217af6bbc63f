"""Whatever order schemes, what moves them, savings and reserves come in, every state is what a
plain recomputation from the newest records gives."""

import random
from collections import defaultdict
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from shared.contracts.topics import CATALOGUE, RECORDS
from tests.unit.fed import Fed, Said, cut
from tests.unit.finance.programme import CATALOGUE as DEFINED
from tests.unit.finance.programme import key_of, record
from tests.unit.finance.recounted import mismatches

TODAY = "2026-01-05"

Json = dict[str, Any]

money = st.one_of(
    st.sampled_from(["0.00", "100.00", "25.00", "-25.00"]),
    st.integers(-100_000, 100_000).map(
        lambda n: f"{'-' if n < 0 else ''}{abs(n) // 100}.{abs(n) % 100:02}"
    ),
)
schemes = st.sampled_from(["K", "L/1", "Z9"])
years = st.sampled_from(["2024-25", "2025-26"])
blank_years = st.one_of(st.none(), years)
periods = st.integers(1, 13).map(lambda number: f"P{number:02}")
days = st.sampled_from([None, "2025-03-31", "2026-01-04", "2026-01-05", "2026-02-01"])
services = st.sampled_from([None, "parks", "waste", "homes", "nobody"])
portfolios = st.sampled_from([None, None, "waters"])


def of(role: str, **fields: st.SearchStrategy[Any]) -> st.SearchStrategy[tuple[str, Json]]:
    return st.tuples(st.just(role), st.fixed_dictionaries(fields))


contents = st.one_of(
    of(
        "capital-scheme", scheme=schemes, title=st.sampled_from(["Bridge", "Bridges"]),
        service=services, portfolio=portfolios, status=st.just("Design"),
    ),
    of(
        "capital-budget", scheme=schemes, year=years, amount=money,
        approval=st.sampled_from(["Provisional", "Fully approved", "fully approved", "x", None]),
    ),
    of(
        "capital-movement", scheme=schemes, amount=money, from_year=blank_years,
        change=st.sampled_from(["Rephasing", "Addition", "Reduction", "removal", "Whim"]),
        to_year=blank_years, status=st.sampled_from(["Approved", "approved", "Proposed", None]),
    ),
    of(
        "capital-posting", scheme=schemes, amount=money, year=years,
        period=st.one_of(st.none(), periods, st.just("2024-25-P13")), date=days,
    ),
    of("capital-forecast", scheme=schemes, year=years, period=periods, amount=money),
    of(
        "capital-funding", scheme=schemes, year=years, amount=money,
        source=st.sampled_from(["Grant", "CIL", None]),
    ),
    of("milestone", scheme=schemes, planned=days, forecast=days, achieved=days),
    of(
        "saving", reference=st.sampled_from(["S1", "S2"]), year=years, target=money,
        delivered=money, forecast=st.one_of(st.none(), money), service=services,
        portfolio=portfolios,
    ),
    of(
        "reserve", reserve=st.sampled_from(["R1", "R2"]), year=years, opening=money,
        planned_in=st.one_of(st.none(), money), planned_out=st.one_of(st.none(), money),
        minimum=st.one_of(st.none(), money),
    ),
)  # fmt: skip
# What each version of a record says; None where it is deleted. A record stays of its role.
histories = st.lists(
    st.tuples(contents, st.lists(st.one_of(st.none(), contents), max_size=3)), max_size=14
)


def _subject(number: int, role: str, fields: Json) -> str:
    """Records of which one says what a thing is are keyed by the thing, any other by its number."""
    ((subject, _),) = record(role, key_of(role, fields) or str(number)).items()
    return subject


@pytest.mark.timeout(900)  # a failure takes its time to find the smallest history that shows it
@settings(max_examples=60, deadline=None)
@given(
    histories,
    st.lists(st.integers(1, 9), min_size=1, max_size=4),
    st.booleans(),
    st.randoms(use_true_random=False),
)
def test_any_order_gives_what_a_plain_recomputation_gives(
    kept_finance: Fed,
    history: list[tuple[tuple[str, Json], list[tuple[str, Json] | None]]],
    sizes: list[int],
    moved: bool,
    chance: random.Random,
) -> None:
    kept_finance.forget()
    said: defaultdict[str, list[Json | None]] = defaultdict(list)
    for number, ((role, fields), later) in enumerate(history):
        subject = _subject(number, role, fields)
        for each in [(role, fields), *later]:
            if each is None:
                said[subject].append(None)
            elif each[0] == role and _subject(number, *each) == subject:
                key = subject.partition("/")[2]
                said[subject] += record(role, key, **each[1]).values()
    events = [
        Said(RECORDS, subject, version, state)
        for subject, states in said.items()
        for version, state in enumerate(states, 1)
    ]
    defined = dict(DEFINED)
    events += [Said(CATALOGUE, subject, 1, state) for subject, state in defined.items()]
    if moved:
        defined["service/waste"] = {"code": "waste", "name": "Waste", "directorate": "communities"}
        events.append(Said(CATALOGUE, "service/waste", 2, defined["service/waste"]))
    events += chance.sample(events, len(events) // 3)
    chance.shuffle(events)
    kept_finance.feed(*cut(events, sizes))

    records: defaultdict[str, list[tuple[str, Json]]] = defaultdict(list)
    for subject, states in said.items():
        if (newest := states[-1]) is not None:
            records[subject.partition("/")[0]].append((newest["key"], newest["fields"]))
    assert mismatches(defined, records, TODAY, kept_finance.states()) == []
    assert kept_finance.rebuild() == 0
