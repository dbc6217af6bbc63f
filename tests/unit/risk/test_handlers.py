"""The risk service says each risk as its newest record and the newest matrix make it."""

from structlog.testing import capture_logs

from services.risk.metrics import RISKS_UNSCORED
from shared.contracts.topics import CATALOGUE, RECORDS
from tests.unit.fed import Fed
from tests.unit.risk.registers import DEFINITIONS, MATRIX, REGISTER, SECOND, record, records

LATE = "2026-01-05T08:30:00.000+00:00"


def scores(risk: Fed) -> dict[str, tuple[int, str]]:
    return {subject: (state["score"], state["band"]) for subject, state in risk.states().items()}


def test_a_record_of_a_register_becomes_a_scored_risk(risk: Fed) -> None:
    risk.say(CATALOGUE, DEFINITIONS)
    risk.say(RECORDS, records(record("R1", 4, 5), record("R 2/a", 1, 2)))
    assert scores(risk) == {"R1": (20, "very high"), "R%202%2Fa": (2, "low")}
    assert risk.states()["R%202%2Fa"]["reference"] == "R 2/a"


def test_a_record_of_no_register_is_no_risk(risk: Fed) -> None:
    risk.say(CATALOGUE, DEFINITIONS)
    other = {**record("R1", 1, 1), "dataset": "requests"}
    risk.say(RECORDS, records(other))
    assert risk.owned() == {}


def test_a_new_score_is_one_event_and_the_same_score_is_none(risk: Fed) -> None:
    risk.say(CATALOGUE, DEFINITIONS)
    risk.say(RECORDS, records(record("R1", 2, 2), record("R2", 1, 1)))
    risk.say(
        RECORDS,
        records(record("R1", 2, 4), record("R2", 1, 1, note="seen")),
        origin=LATE,
        correlation="review",
    )
    assert scores(risk) == {"R1": (8, "medium"), "R2": (1, "low")}
    said = risk.owned()
    assert (said["R1"][0], *said["R1"][2:]) == (2, "review", LATE)
    assert said["R2"][0] == 1


def test_a_deleted_record_leaves_a_tombstone(risk: Fed) -> None:
    risk.say(CATALOGUE, DEFINITIONS)
    risk.say(RECORDS, records(record("R1", 2, 2)))
    risk.say(RECORDS, {"risk-register/R1": None})
    assert risk.owned()["R1"][:2] == (2, None)


def test_a_risk_that_goes_off_the_matrix_is_withdrawn_and_named(risk: Fed) -> None:
    risk.say(CATALOGUE, DEFINITIONS)
    risk.say(RECORDS, records(record("R1", 2, 2), record("R2", 1, 1)))
    before = RISKS_UNSCORED._value.get()
    with capture_logs() as logs:
        risk.say(RECORDS, records(record("R1", 2, "severe")))
    assert scores(risk) == {"R2": (1, "low")}
    assert RISKS_UNSCORED._value.get() == before + 1
    (unscored,) = [line for line in logs if line["event"] == "risk-unscored"]
    assert unscored["record"] == "risk-register/R1"
    assert "severe" in unscored["reason"]


def test_a_new_matrix_scores_every_risk_again_and_names_itself_as_the_cause(risk: Fed) -> None:
    risk.say(CATALOGUE, DEFINITIONS)
    risk.say(RECORDS, records(record("R1", 2, 2), record("R2", 5, 5)))
    strict = {**MATRIX, "bands": [{"name": "tolerable", "from": 1}, {"name": "severe", "from": 4}]}
    risk.say(CATALOGUE, {"risk-matrix/default": strict}, origin=LATE, correlation="catalogue")
    assert scores(risk) == {"R1": (4, "severe"), "R2": (25, "severe")}
    assert risk.owned()["R1"][2:] == ("catalogue", LATE)


def test_one_record_off_the_matrix_does_not_stop_a_new_matrix(risk: Fed) -> None:
    risk.say(RECORDS, records(record("R1", 2, 2), record("R2", "unlikely", 5)))
    risk.say(CATALOGUE, DEFINITIONS)
    assert scores(risk) == {"R1": (4, "low")}


def test_a_register_that_is_dropped_takes_its_risks_with_it(risk: Fed) -> None:
    risk.say(CATALOGUE, DEFINITIONS)
    risk.say(RECORDS, records(record("R1", 2, 2)))
    risk.say(CATALOGUE, {"risk-register/corporate": None}, origin=LATE, correlation="catalogue")
    assert risk.owned()["R1"] == (2, None, "catalogue", LATE)


def test_a_register_without_its_matrix_waits_for_it(risk: Fed) -> None:
    risk.say(CATALOGUE, {"risk-register/corporate": {**REGISTER, "matrix": "later"}})
    risk.say(RECORDS, records(record("R1", 2, 2)))
    assert risk.states() == {}
    risk.say(CATALOGUE, {"risk-matrix/later": {**MATRIX, "code": "later"}})
    assert scores(risk) == {"R1": (4, "low")}


def test_two_records_that_swap_their_references_lose_neither_risk(risk: Fed) -> None:
    risk.say(CATALOGUE, {**DEFINITIONS, "dataset/risk-register": None})
    first, second = {**record("R1", 1, 1), "key": "a"}, {**record("R2", 5, 5), "key": "b"}
    risk.say(RECORDS, records(first, second))
    risk.say(RECORDS, records({**second, "key": "a"}, {**first, "key": "b"}))
    assert scores(risk) == {"R1": (1, "low"), "R2": (25, "very high")}


def test_a_reference_in_two_registers_outlives_the_record_of_one(risk: Fed) -> None:
    risk.say(CATALOGUE, {**DEFINITIONS, "risk-register/directorate": SECOND})
    risk.say(RECORDS, records(record("R1", 1, 1), {**record("R1", 5, 5), "dataset": "place-risks"}))
    risk.say(RECORDS, {"place-risks/R1": None})
    assert scores(risk) == {"R1": (1, "low")}
    risk.say(RECORDS, {"risk-register/R1": None})
    assert risk.states() == {}


def test_a_rebuild_mends_risks_and_says_nothing_where_all_is_well(risk: Fed) -> None:
    risk.say(CATALOGUE, DEFINITIONS)
    risk.say(RECORDS, records(record("R1", 2, 2), record("R2", 3, 3)))
    right = risk.states()
    assert risk.rebuild() == 0
    owned = risk.tables.owned
    risk.store.write_now(
        lambda tx: tx.connection.execute(
            owned.update().where(owned.c.subject == "R1").values(subject="R9")
        )
    )
    assert risk.rebuild() == 2
    assert risk.states() == right
