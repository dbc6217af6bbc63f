"""Whatever order records and definitions come in, the register is that of the newest records."""

import random
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from shared.contracts.topics import CATALOGUE, RECORDS
from tests.unit.fed import Fed, Said, cut
from tests.unit.risk.registers import DEFINITIONS, SECOND

# A few references for several records: they move between records, and are stated twice.
fields = st.fixed_dictionaries(
    {
        "ref": st.sampled_from(["R1", "R2", "R/3", None]),
        "title": st.just("Loss of a supplier"),
        "likelihood": st.sampled_from([1, 2, 3, 4, 5, None, 6, "high"]),
        "impact": st.sampled_from([1, 5]),
    }
)
histories = st.dictionaries(
    st.tuples(st.sampled_from(["risk-register", "place-risks"]), st.sampled_from("abc")),
    st.lists(st.none() | fields, min_size=1, max_size=4),
    max_size=6,
)


def recomputed(newest: dict[tuple[str, str], dict[str, Any] | None]) -> dict[str, int]:
    """Scores by reference; of several records the last register's last speaks."""
    scores = {}
    # Registers in the order of their codes: corporate is risk-register, directorate place-risks.
    for dataset in ("risk-register", "place-risks"):
        for key in "abc":
            said = newest.get((dataset, key))
            if said is not None and said["likelihood"] in (1, 2, 3, 4, 5):
                scores[said["ref"] or key] = said["likelihood"] * said["impact"]
    return scores


@pytest.mark.timeout(600)  # a failure takes its time to find the smallest history that shows it
@settings(max_examples=50, deadline=None)
@given(
    histories,
    st.lists(st.integers(1, 6), min_size=1, max_size=4),
    st.randoms(use_true_random=False),
)
def test_any_order_of_records_and_definitions_gives_the_same_register(
    kept_risk: Fed,
    history: dict[tuple[str, str], list[dict[str, Any] | None]],
    sizes: list[int],
    chance: random.Random,
) -> None:
    kept_risk.forget()
    events = [
        Said(
            RECORDS,
            f"{dataset}/{key}",
            number,
            said and {"dataset": dataset, "key": key, "fields": said},
        )
        for (dataset, key), versions in history.items()
        for number, said in enumerate(versions, 1)
    ]
    definitions = {
        **DEFINITIONS,
        "dataset/risk-register": None,
        "risk-register/directorate": SECOND,
    }
    events += [Said(CATALOGUE, subject, 1, state) for subject, state in definitions.items()]
    events += chance.sample(events, len(events) // 3)
    chance.shuffle(events)
    kept_risk.feed(*cut(events, sizes))

    newest = {place: versions[-1] for place, versions in history.items()}
    states = kept_risk.states().values()
    assert {state["reference"]: state["score"] for state in states} == recomputed(newest)
    assert kept_risk.rebuild() == 0
