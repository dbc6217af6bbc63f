"""Why a value is another version is read from the two versions alone."""

from typing import Any

import msgspec

from services.publisher.domain.changed import moves, reasons, revised
from services.publisher.domain.figures import decode_value
from services.publisher.domain.saying import Saying
from shared.contracts.states import IndicatorValue
from tests.integration.publisher_parcels import state

SAY = Saying("percentage", 1)
TITLES = {"late": "Late ones", "all": "All of them"}


def value(number: str | None, **more: Any) -> IndicatorValue:
    return decode_value(msgspec.json.encode(state("X", "2019-09", number, **more)))


def measured(late: str | None, everything: str, definition: int = 1) -> dict[str, Any]:
    return {
        "late": {"value": late, "records": int(late or 0), "definition": 1},
        "all": {"value": everything, "records": int(everything), "definition": definition},
    }


def told(now: IndicatorValue, before: IndicatorValue, batch: str = "b7") -> list[tuple[str, str]]:
    found = reasons(now, before, batch, SAY, lambda code: TITLES[code])
    return [(each.kind, each.text) for each in found]


def test_inputs_that_moved_by_the_same_definition_moved_with_their_records() -> None:
    before, now = value("50", measures=measured("1", "2")), value("75", measures=measured("3", "4"))
    assert [(each.name, each.before, each.after) for each in moves(now, before)] == [
        ("late", before.measures["late"], now.measures["late"]),
        ("all", before.measures["all"], now.measures["all"]),
    ]
    assert told(now, before) == [
        ("records", "Records of batch b7 moved it: Late ones from 1 to 3; All of them from 2 to 4.")
    ]
    assert told(now, before, batch="") == [
        ("records", "Records moved it: Late ones from 1 to 3; All of them from 2 to 4.")
    ]


def test_an_input_that_came_to_a_number_is_told_too() -> None:
    now, before = value("1", measures=measured("1", "2")), value("1", measures=measured(None, "2"))
    assert told(now, before) == [
        ("records", "Records of batch b7 moved it: Late ones from no value to 1.")
    ]


def test_the_same_number_from_more_records_is_told_by_the_records() -> None:
    before = value("5", measures={"all": {"value": "5", "records": 2}})
    now = value("5", measures={"all": {"value": "5.0", "records": 3}})
    assert told(now, before) == [
        ("records", "Records of batch b7 moved it: All of them from 5 to 5.0.")
    ]
    now.measures["all"].value = "5"
    assert told(now, before) == [
        ("records", "Records of batch b7 moved it: All of them still 5, from 2 to 3 records.")
    ]


def test_a_measure_by_another_definition_moved_with_that() -> None:
    before = value("50", measures=measured("1", "2"))
    now = value("25", measures=measured("1", "4", definition=2))
    assert told(now, before) == [
        ("definition", "The definition of All of them changed from version 1 to version 2.")
    ]


def test_a_new_formula_is_told_with_the_old_one() -> None:
    now = value("2", definition=4, formula="late + all", measures=measured("1", "1"))
    before = value("1", definition=3, formula="late", measures={
        "late": {"value": "1", "records": 1, "definition": 1}})  # fmt: skip
    assert told(now, before) == [
        (
            "definition",
            "The definition changed from version 3 to version 4, its formula from late to "
            "late + all.",
        )
    ]


def test_a_definition_and_records_may_both_be_the_reason() -> None:
    now = value("2", definition=2, measures=measured("2", "2"))
    before = value("1", definition=1, measures=measured("1", "2"))
    assert [kind for kind, _ in told(now, before)] == ["definition", "records"]


def test_a_target_that_moved_is_told_in_the_units_of_the_figure() -> None:
    now, before = value("1", target={"value": "75"}), value("1", target={"value": "70"})
    assert told(now, before) == [("target", "The target changed from 70% to 75%.")]
    assert told(now, value("1")) == [("target", "The target changed from none to 75%.")]


def test_where_only_the_status_moved_time_went_on() -> None:
    now, before = value("1", status="final"), value("1", status="provisional")
    assert told(now, before) == [("calendar", "Time went on: it is final now.")]
    due = value("1", rag={"outcome": "not due", "rule": "x"})
    assert told(value("1"), due)[0][0] == "calendar"


def stood(*days: tuple[str, str, str | None]) -> str | None:
    return revised([(day, value(number, status=status)) for day, status, number in days])


def test_a_value_is_revised_when_its_number_changed_after_the_day_it_first_was_final() -> None:
    assert stood(("1", "provisional", "5"), ("2", "final", "6")) is None
    assert stood(("1", "final", "5"), ("2", "final", "6")) == "2"
    assert stood(("1", "final", "5"), ("2", "final", "6"), ("3", "final", "6.0")) == "2"
    assert stood(("1", "final", "5"), ("2", "final", "5.0")) is None
    assert stood(("1", "final", "5"), ("2", "final", None)) == "2"
    assert revised([("1", value("5", status="final")), ("2", None)]) is None
