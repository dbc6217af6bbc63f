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
from tests.unit.finance.programme import KEYS, key_of, record
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


# A record of a role, and what each version of it says; None where it is deleted.
History = tuple[str, list[Json | None]]


def of(role: str, **fields: st.SearchStrategy[Any]) -> st.SearchStrategy[History]:
    version = st.fixed_dictionaries(fields)
    versions = st.lists(st.one_of(version, version, st.none()), min_size=1, max_size=4)
    return st.tuples(st.just(role), versions)


histories = st.one_of(
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


def _events(number: int, role: str, versions: list[Json | None]) -> list[Said]:
    """What is said of a record. One that says what a thing is has the thing's name for its key, so
    every version names the same thing; any other has its number."""
    first = next((each for each in versions if each is not None), None)
    if first is None:
        return []
    names = KEYS.get(role, ())
    key = key_of(role, first) or str(number)
    found = []
    for version, fields in enumerate(versions, 1):
        same = fields and fields | {name: first[name] for name in names}
        ((subject, state),) = record(role, key, **(same or {})).items()
        found.append(Said(RECORDS, subject, version, same and state))
    return found


@pytest.mark.timeout(900)  # a failure takes its time to find the smallest history that shows it
@settings(max_examples=80, deadline=None)
@given(
    st.lists(histories, min_size=8, max_size=20),
    st.lists(st.integers(1, 9), min_size=1, max_size=4),
    st.sampled_from(["first", "first", "anywhere"]),
    st.booleans(),
    st.booleans(),
    st.randoms(use_true_random=False),
)
def test_any_order_gives_what_a_plain_recomputation_gives(
    kept_finance: Fed,
    found: list[History],
    sizes: list[int],
    definitions: str,
    moved: bool,
    in_turn: bool,
    chance: random.Random,
) -> None:
    kept_finance.forget()
    said = {}
    for number, each in enumerate(found):
        if events := _events(number, *each):
            said[events[0].subject] = events  # of two that are of one thing, the last
    events = [event for each in said.values() for event in each]
    defined = dict(DEFINED)
    catalogue = [Said(CATALOGUE, subject, 1, state) for subject, state in defined.items()]
    if moved:
        defined["service/waste"] = {"code": "waste", "name": "Waste", "directorate": "communities"}
        events.append(Said(CATALOGUE, "service/waste", 2, defined["service/waste"]))
    # Definitions have everything worked out anew: most of the time they come first, so that all
    # that follows is moved change by change.
    events += chance.sample(events, len(events) // 3)
    if definitions == "anywhere":
        events += catalogue
    chance.shuffle(events)
    if in_turn:
        events.sort(key=lambda event: event.version)
    if definitions == "first":
        kept_finance.feed(catalogue)
    kept_finance.feed(*cut(events, sizes))

    records: defaultdict[str, list[tuple[str, Json]]] = defaultdict(list)
    for subject, told in said.items():
        if (newest := told[-1].state) is not None:
            records[subject.partition("/")[0]].append((newest["key"], newest["fields"]))
    assert mismatches(defined, records, TODAY, kept_finance.states()) == []
    assert kept_finance.rebuild() == 0
