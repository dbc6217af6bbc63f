"""Whatever order records and ledgers come in, positions are the plain sum of the newest records."""

import random
from collections import Counter
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from shared.contracts.topics import CATALOGUE, RECORDS
from tests.unit.fed import Fed, Said, cut
from tests.unit.finance.ledgers import CARDS, SUPPLIERS

# Any history of a few records: what each version of a record says, or None where it is deleted.
versions = st.one_of(
    st.none(),
    st.fixed_dictionaries(
        {
            "unit": st.sampled_from(["Parks", "Street/Scene", "", None]),
            "beneficiary": st.sampled_from(["Acme", "Öl & Co", None]),
            "paid": st.sampled_from(["2025-03-31", "2025-04-01T00:00:00", "2024-12-05", None]),
            "amount": st.one_of(
                st.integers(-(10**10), 10**10).map(
                    lambda n: f"{'-' if n < 0 else ''}{abs(n) // 100}.{abs(n) % 100:02}"
                ),
                st.sampled_from([None, "0.005", "0.00", "12.3", "-7"]),
            ),
        }
    ),
)
histories = st.dictionaries(
    st.sampled_from([f"card-transactions/{n}" for n in range(8)]),
    st.lists(versions, min_size=1, max_size=5),
    max_size=8,
)


def recomputed(newest: list[dict[str, Any]]) -> dict[str, tuple[int, int, int, int]]:
    """(spend, credits, transactions, unplaced) by subject: a plain loop of its own."""
    spend: Counter[str] = Counter()
    credit: Counter[str] = Counter()
    count: Counter[str] = Counter()
    unplaced: Counter[str] = Counter()
    for fields in newest:
        for ledger, unit in (("cards", fields["unit"]), ("suppliers", fields["beneficiary"])):
            amount, paid = fields["amount"], fields["paid"]
            if amount is None or paid is None or amount == "0.005":
                unplaced[f"control/{ledger}"] += 1
                continue
            pounds, _, rest = amount.lstrip("-").partition(".")
            exact = int(pounds) * 100 + int((rest + "00")[:2])
            escaped = (unit or "").replace("&", "%26").replace(" ", "%20")
            escaped = escaped.replace("/", "%2F").replace("Ö", "%C3%96")
            for subject in (f"spend/{ledger}/{escaped}/{paid[:7]}", f"control/{ledger}"):
                (credit if amount.startswith("-") else spend)[subject] += exact
                count[subject] += 1
    return {s: (spend[s], credit[s], count[s], unplaced[s]) for s in {*count, *unplaced}}


@pytest.mark.timeout(600)  # a failure takes its time to find the smallest history that shows it
@settings(max_examples=60, deadline=None)
@given(
    histories,
    st.lists(st.integers(1, 7), min_size=1, max_size=5),
    st.randoms(use_true_random=False),
)
def test_any_order_of_inserts_corrections_and_deletions_gives_the_plain_sum(
    kept_finance: Fed,
    history: dict[str, list[dict[str, Any] | None]],
    sizes: list[int],
    chance: random.Random,
) -> None:
    kept_finance.forget()
    events = [
        Said(RECORDS, subject, number, fields and _state(subject, fields))
        for subject, said in history.items()
        for number, fields in enumerate(said, 1)
    ]
    events += [Said(CATALOGUE, f"ledger/{each['code']}", 1, each) for each in (CARDS, SUPPLIERS)]
    # Delivered more than once, in any order, in batches of any size.
    events += chance.sample(events, len(events) // 3)
    chance.shuffle(events)
    kept_finance.feed(*cut(events, sizes))

    states = kept_finance.states()
    newest = [said[-1] for said in history.values()]
    expected = recomputed([fields for fields in newest if fields is not None])
    assert {
        subject: (
            state["spend_pence"],
            state["credits_pence"],
            state["transactions"],
            state.get("unplaced", 0),
        )
        for subject, state in states.items()
    } == expected
    for ledger in ("cards", "suppliers"):
        units = [state for state in states.values() if state["ledger"] == ledger]
        control = states.get(f"control/{ledger}", {})
        for total in ("spend_pence", "credits_pence", "net_pence", "transactions"):
            summed = sum(state[total] for state in units if state["kind"] == "spend")
            assert summed == control.get(total, 0)
    assert all(s["net_pence"] == s["spend_pence"] - s["credits_pence"] for s in states.values())
    assert kept_finance.rebuild() == 0


def _state(subject: str, fields: dict[str, Any]) -> dict[str, Any]:
    dataset, _, key = subject.partition("/")
    return {"dataset": dataset, "key": key, "fields": fields}
