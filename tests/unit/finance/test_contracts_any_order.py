"""Whatever order contracts, KPIs, intentions and payments come in, every state is what a plain
recomputation gives."""

import random
from collections import defaultdict
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from shared.contracts.topics import CATALOGUE, RECORDS
from tests.unit.fed import Fed, Said, cut
from tests.unit.finance.recounted import mismatches
from tests.unit.finance.register import CATALOGUE as DEFINED
from tests.unit.finance.register import record

TODAY = "2026-01-05"

Json = dict[str, Any]

references = st.sampled_from(["C1", "C2", "X/9"])
days = st.sampled_from([None, "2025-12-31", "2026-01-05", "2027-01-31", "2028-02-29"])
money = st.sampled_from([None, "1.00", "-2.50", "5000000.01", "0.005"])
services = st.sampled_from([None, "parks", "waste", "nobody"])


def of(role: str, **fields: st.SearchStrategy[Any]) -> st.SearchStrategy[tuple[str, Json]]:
    return st.tuples(st.just(role), st.fixed_dictionaries(fields))


contents = st.one_of(
    of(
        "contract",
        reference=references,
        title=st.sampled_from(["Bins", "Roads"]),
        start=st.sampled_from(["2020-04-01", "2026-02-01"]),
        end=days,
        expiry=st.sampled_from([None, None, "2026-03-31"]),
        total_value=money,
        extension_months=st.sampled_from([None, "12", "12+6", "2 x 12", "12 + ?"]),
        extensions_taken=st.sampled_from([None, 0, 1, 3]),
        notice_months=st.sampled_from([None, 0, 6]),
        decision_by=days,
        service=services,
    ),
    of("contract-kpi", contract=references, indicator=st.sampled_from(["K1", "K2", "K3", "K4"])),
    of(
        "intention",
        reference=st.sampled_from(["I1", "I2"]),
        contract=st.one_of(st.none(), references),
        status=st.sampled_from(["Proposed", "Proposed", "Agreed", "In procurement", "Withdrawn"]),
        decision_by=days,
        decided=st.sampled_from([None, None, "2025-12-01"]),
        service=services,
        indicators=st.sampled_from([None, "K1, K2"]),
    ),
    of(
        "posting",
        cost_centre=st.just("A"),
        subjective=st.just("4100"),
        contract=st.one_of(st.none(), references),
        amount=money,
        year=st.sampled_from(["2024-25", "2025-26"]),
        period=st.sampled_from(["P01", "P13", None]),
    ),
    of("capital-posting", scheme=st.just("S"), contract=references, amount=money, date=days),
)
# What each version of a record says; None where it is deleted. A record stays of its role.
histories = st.lists(
    st.tuples(contents, st.lists(st.one_of(st.none(), contents), max_size=3)), max_size=14
)


@pytest.mark.timeout(900)  # a failure takes its time to find the smallest history that shows it
@settings(max_examples=80, deadline=None)
@given(
    histories,
    st.lists(st.integers(1, 9), min_size=1, max_size=4),
    st.randoms(use_true_random=False),
)
def test_any_order_gives_what_a_plain_recomputation_gives(
    kept_finance: Fed,
    history: list[tuple[tuple[str, Json], list[tuple[str, Json] | None]]],
    sizes: list[int],
    chance: random.Random,
) -> None:
    kept_finance.forget()
    events: list[Said] = []
    newest: dict[str, Json | None] = {}
    for number, (first, later) in enumerate(history):
        role, _ = first
        said = [first, *(each for each in later if each is None or each[0] == role)]
        for version, each in enumerate(said, 1):
            ((subject, body),) = record(role, str(number), **(each or first)[1]).items()
            state = None if each is None else body
            events.append(Said(RECORDS, subject, version, state))
            newest[subject] = state
    events += [Said(CATALOGUE, subject, 1, state) for subject, state in DEFINED.items()]
    events += chance.sample(events, len(events) // 3)
    chance.shuffle(events)
    kept_finance.feed(*cut(events, sizes))

    records: defaultdict[str, list[tuple[str, Json]]] = defaultdict(list)
    for subject, state in newest.items():
        if state is not None:
            records[subject.partition("/")[0]].append((state["key"], state["fields"]))
    assert mismatches(DEFINED, records, TODAY, kept_finance.states()) == []
    assert kept_finance.rebuild() == 0
