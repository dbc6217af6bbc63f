"""A definition that changes recalculates what it touches, and nothing else."""

from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Any

import msgspec
import pytest

from services.indicators.metrics import RECOUNTED_MEASURES
from shared.catalogue.model import definitions
from tests.unit.indicators.engine import Engine, engine, whole_catalogue

WHOLE = definitions(whole_catalogue())
CASE = {
    **{"ref": "C1", "opened": "2024-05-02T09:00:00", "closed": "2024-05-20T10:00:00"},
    **{"born": "2010-05-02", "ward": "Abbey", "kind": "Noise", "cost": "10.00"},
    **{"score": "4.5", "urgent": True},
}


@pytest.fixture
def council(tmp_path: Path) -> Iterator[Engine]:
    with engine(tmp_path) as found:
        found.begin(date(2024, 11, 20))
        found.define(WHOLE)
        found.record("cases", "C1", CASE)
        found.record("localities", "Abbey", {"ward": "Abbey", "locality": "North"})
        found.send()
        yield found


def changed(subject: str, **fields: Any) -> dict[str, bytes]:
    body = {**msgspec.json.decode(WHOLE[subject]), **fields}
    return {**WHOLE, subject: msgspec.json.encode(body)}


def recounted(council: Engine, found: dict[str, bytes]) -> int:
    """How many measures a new catalogue counts again."""
    before = RECOUNTED_MEASURES._value.get()
    council.define(found)
    council.send()
    return int(RECOUNTED_MEASURES._value.get() - before)


def versions(council: Engine) -> dict[str, int]:
    return {subject: version for subject, (version, *_) in council.service.owned().items()}


def test_a_new_target_counts_nothing_again_and_moves_one_indicator(council: Engine) -> None:
    before = versions(council)
    assert recounted(council, changed("indicator/I02", targets=[{"value": "80"}])) == 0
    moved = {s.partition("/")[0] for s, v in versions(council).items() if before.get(s) != v}
    assert moved == {"I02"}
    state = council.service.states()["I02/2024-05"]
    assert (state["definition"], state["target"]["value"]) == (2, "80")


def test_a_new_filter_counts_its_measure_again_and_no_other(council: Engine) -> None:
    assert recounted(council, changed("measure/opened", where='kind == "Pests"')) == 1
    states = council.service.states()
    assert "I01/2024-05" not in states
    assert "I04/2024-05" in states
    assert council.compared().mismatches == []


def test_a_new_breakdown_counts_the_measures_it_cuts(council: Engine) -> None:
    found = changed("indicator/I03", breakdowns=["locality", "ward"])
    # days-taken was not broken down by ward before; closed was, for another indicator.
    assert recounted(council, found) == 1
    assert council.service.states()["I03/2024-05/ward=Abbey"]["value"] == "11.00"


def test_the_measure_definition_that_counted_is_named_in_each_value(council: Engine) -> None:
    council.define(changed("measure/opened", title="Opened cases"))
    council.send()
    state = council.service.states()["I01/2024-05"]
    assert state["measures"]["opened"] == {"value": "1", "records": 1, "definition": 2}


def test_a_reference_record_moves_what_is_looked_up(council: Engine) -> None:
    assert council.service.states()["I03/2024-05/locality=North"]["value"] == "11.00"
    council.record("localities", "Abbey", {"ward": "Abbey", "locality": "South"})
    council.send()
    states = council.service.states()
    assert "I03/2024-05/locality=North" not in states
    assert states["I03/2024-05/locality=South"]["value"] == "11.00"
    council.record("localities", "Abbey", None)
    council.send()
    assert council.service.states()["I03/2024-05/locality="]["value"] == "11.00"
    assert council.compared().mismatches == []


def test_an_indicator_that_is_removed_is_gone_with_its_values(council: Engine) -> None:
    council.define({s: body for s, body in WHOLE.items() if s != "indicator/I22"})
    council.send()
    assert not [s for s in council.service.states() if s.startswith("I22/")]
    assert council.compared().mismatches == []
