"""Whatever order payments come in, the hints are those that a plain recomputation makes."""

import random
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sqlalchemy import select

from services.finance.domain import hints as rules
from services.finance.store.tables import PAYMENTS
from shared.contracts.topics import CATALOGUE, RECORDS
from tests.unit.fed import Fed, Said, cut
from tests.unit.finance.recounted import hinted

Json = dict[str, Any]
LEDGERS: list[Json] = [
    {
        "code": "paid", "dataset": "payments", "unit": "unit", "date": "on", "amount": "amount",
        "supplier": "to", "duplicate_days": 1, "split_from": "10", "redacted": ["REDACTED"],
    },
    {
        "code": "invoiced", "dataset": "payments", "unit": "unit", "date": "on",
        "amount": "amount", "supplier": "to", "duplicate_days": 0, "invoice": "invoice",
    },
]  # fmt: skip

# Few suppliers, amounts and days, so that payments meet.
contents = st.fixed_dictionaries(
    {
        "unit": st.sampled_from(["Parks", "Parks", None]),
        "to": st.sampled_from(["Acme"] * 20 + ["acme ", "Other", "redacted", None]),
        "amount": st.sampled_from(["5.00"] * 20 + ["5", "7.00", "10.00", "-5.00", None]),
        "on": st.one_of(
            st.integers(1, 12).map(lambda day: f"2025-05-{day:02}"),
            st.sampled_from(["2025-05-01T10:00:00", "2025-05-02", "2025-05-03", None]),
        ),
        "invoice": st.sampled_from(["N1"] * 9 + ["N2", None]),
    }
)
versions = st.one_of(contents, contents, contents, st.none())
histories = st.lists(st.lists(versions, min_size=1, max_size=4), min_size=10, max_size=24)


@pytest.mark.timeout(900)  # a failure takes its time to find the smallest history that shows it
@settings(max_examples=80, deadline=None)
@given(
    histories,
    st.lists(st.integers(1, 9), min_size=1, max_size=4),
    st.sampled_from([2, 3, 500, 500]),
    st.booleans(),
    st.randoms(use_true_random=False),
)
def test_any_order_gives_the_hints_of_a_plain_recomputation(
    kept_finance: Fed,
    found: list[list[Json | None]],
    sizes: list[int],
    most: int,
    in_turn: bool,
    chance: random.Random,
) -> None:
    kept_finance.forget()
    history = {str(number): said for number, said in enumerate(found)}
    events = [
        Said(
            RECORDS,
            f"payments/{key}",
            version,
            fields and {"dataset": "payments", "key": key, "fields": fields},
        )
        for key, said in history.items()
        for version, fields in enumerate(said, 1)
    ]
    defined = {f"ledger/{each['code']}": each for each in LEDGERS}
    events += chance.sample(events, len(events) // 3)
    chance.shuffle(events)
    if in_turn:
        events.sort(key=lambda event: event.version)
    # A ledger has everything worked out anew: it comes early, so that changes follow.
    for subject, each in defined.items():
        events.insert(chance.randint(0, len(events) // 4), Said(CATALOGUE, subject, 1, each))
    newest = [(key, said[-1]) for key, said in history.items() if said[-1] is not None]
    with pytest.MonkeyPatch.context() as patch:
        for module in ("services.finance.domain.hints", "services.finance.books.hints"):
            patch.setattr(f"{module}.MOST", most)
        patch.setattr("deploy.verify.hints.MOST", most)
        assert most == rules.MOST
        kept_finance.feed(*cut(events, sizes))
        hints = [
            (state["ledger"], state["hint"], frozenset(state["records"]))
            for subject, state in kept_finance.states().items()
            if subject.startswith("hint/")
        ]
        assert set(hints) == hinted(defined, {"payments": newest})
        assert len(hints) == len(set(hints))
        # Neither what is said nor what is kept for the next change depends on how it came.
        kept = payments(kept_finance)
        assert kept_finance.rebuild() == 0
        assert payments(kept_finance) == kept


def payments(finance: Fed) -> set[tuple[Any, ...]]:
    """What is kept of payments."""
    query = select(PAYMENTS)
    return finance.store.read_now(lambda tx: {tuple(row) for row in tx.connection.execute(query)})
