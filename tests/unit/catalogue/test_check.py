"""Everything that can be wrong in a catalogue is found, named and placed."""

from decimal import Decimal
from typing import Any

import pytest

from shared.catalogue.check import UnusableCatalogue, check, read
from tests.unit.catalogue.documents import changed, small

# Where the small catalogue is changed, into what, where the problem is, and words of it.
WRONG: list[tuple[list[Any], Any, str, str]] = [
    # Shape.
    (["datasetz"], [], "datasetz", "did you mean datasets?"),
    (["datasets"], {}, "datasets", "a list of definitions"),
    (["themes", 0], "climate", "themes[0]", "not a bare value"),
    (["themes", 0, "colour"], "red", "themes[0].colour", "there is no field 'colour'"),
    (["themes", 0], {"code": "climate"}, "themes[0]", "name is missing"),
    (["themes", 0, "name"], 7, "themes[0].name", "put quotes around a text"),
    (["themes", 0, "name"], None, "themes[0].name", "not nothing"),
    (["themes", 0, "name"], "a\x00", "themes[0].name", "control character"),
    (["themes", 0, "name"], "\ud800", "themes[0].name", "control character"),
    (["themes", 0, "name"], "a" * 10_001, "themes[0].name", "longer than"),
    (["datasets", 0, "extract"], "some", "datasets[0].extract", "changes or full is needed"),
    (["datasets", 0, "key"], "ref", "datasets[0].key", "a list or content is needed"),
    (["datasets", 0, "freshness_days"], True, "datasets[0].freshness_days", "a whole number"),
    (["datasets", 0, "fields", 0, "type"], "txt", "datasets[0].fields[0].type", "boolean, date"),
    (["measures", 0, "aggregate"], "mode", "measures[0].aggregate", "count, distinct, latest, max"),
    (["indicators", 0, "periods"], ["week"], "indicators[0].periods[0]", "month, pooled-3-cal"),
    (["indicators", 0, "strategic"], "yes", "indicators[0].strategic", "true or false"),
    (["indicators", 1, "rag", "amber_within"], "5%", "indicators[1].rag.amber_within", "a number"),
    (["indicators", 1, "targets", 0, "value"], float("nan"), "indicators[1].targets[0].value", "a"),
    (["indicators", 1, "targets", 0, "value"], "1e9", "indicators[1].targets[0].value", "a number"),
    (["indicators", 1, "polarity"], "up", "indicators[1].polarity", "goldilocks, high, low"),
    # Codes.
    (["themes", 0, "code"], "no spaces", "themes[0].code", "is no code"),
    (["measures", 4, "code"], "-spend", "measures[4].code", "is no code"),
    (["measures", 4, "code"], "s" * 65, "measures[4].code", "is no code"),
    (["measures", 1, "code"], "received", "measures[1].code", "the code of measures[0]"),
    (["measures", 4, "code"], "EP03", "indicators[2].code", "already the code of measures[4]"),
    (["measures", 4, "code"], "and", "measures[4].code", "a word of the expression language"),
    # What is referred to.
    (["services", 0, "directorate"], "plaice", "services[0].directorate", "did you mean place?"),
    (["services", 0, "portfolio"], "x", "services[0].portfolio", "no portfolio 'x'"),
    (["datasets", 0, "service"], "x", "datasets[0].service", "no service 'x'"),
    (["measures", 4, "dataset"], "payment", "measures[4].dataset", "did you mean payments?"),
    (["indicators", 1, "service"], "x", "indicators[1].service", "no service 'x'"),
    (["indicators", 1, "themes"], ["x"], "indicators[1].themes[0]", "no theme 'x'"),
    (["council", "closure_days"], ["29/12/2025"], "council.closure_days[0]", "no date"),
    # Datasets.
    (["datasets", 0, "key"], [], "datasets[0].key", "at least one field"),
    (["datasets", 0, "key"], ["id"], "datasets[0].key[0]", "no field 'id'"),
    (["datasets", 0, "key"], ["ref", "ref"], "datasets[0].key[1]", "given twice"),
    (["datasets", 0, "freshness_days"], 0, "datasets[0].freshness_days", "at least 1"),
    (["datasets", 1, "fields", 0, "name"], "the unit", "datasets[1].fields[0].name", "no field"),
    (["datasets", 0, "fields", 4, "name"], "in", "datasets[0].fields[4].name", "a word of"),
    (["datasets", 0, "fields", 4, "name"], "kind", "datasets[0].fields[4].name", "already"),
    (["datasets", 0, "fields", 4, "headers"], ["R e-f"], "datasets[0].fields[4].headers", "ref"),
    (["datasets", 0, "fields", 4, "formats"], ["%Y"], "datasets[0].fields[4].formats", "dates"),
    (["datasets", 1, "fields", 1, "formats"], ["%d/%m"], "datasets[1].fields[1].formats[0]", "day"),
    (["datasets", 1, "fields", 1, "formats"], ["%Q"], "datasets[1].fields[1].formats[0]", "%Q"),
    (["datasets", 1, "fields", 1, "formats"], ["%d%d%Y"], "datasets[1].fields[1].formats[0]", "tw"),
    (
        ["datasets", 0, "fields", 3, "formats"],
        ["%d/%m/%Y %I:%M"],
        "datasets[0].fields[3].formats[0]",
        "AM or PM",
    ),
    (["datasets", 0, "fields", 6, "choices"], ["1"], "datasets[0].fields[6].choices", "to text"),
    (["datasets", 0, "fields", 6, "max_length"], 1, "datasets[0].fields[6].max_length", "to text"),
    (["datasets", 0, "fields", 0, "max_length"], 0, "datasets[0].fields[0].max_length", "1 to"),
    (["datasets", 0, "fields", 4, "minimum"], 1, "datasets[0].fields[4].minimum", "numbers"),
    (["datasets", 0, "fields", 5, "minimum"], 101, "datasets[0].fields[5].minimum", "more than"),
    # Measures.
    (["measures", 0, "date"], None, "measures[0]", "date is missing"),
    (["measures", 0, "date"], "kind", "measures[0].date", "kind in requests is text"),
    (["measures", 0, "date"], "sent", "measures[0].date", "no field 'sent'"),
    (["measures", 0, "of"], "cost", "measures[0].of", "no use for of"),
    (["measures", 0, "opened"], "received", "measures[0].opened", "no use for opened"),
    (["measures", 3, "closed"], None, "measures[3]", "closed is missing"),
    (["measures", 3, "date"], "received", "measures[3].date", "no use for date"),
    (["measures", 4, "of"], None, "measures[4]", "of is missing"),
    (["measures", 4, "of"], "unit", "measures[4].of", "a number is needed"),
    (["measures", 0, "where"], "closd >= received", "measures[0].where", "did you mean 'closed'?"),
    (["measures", 0, "where"], "score", "measures[0].where", "a condition"),
    (["measures", 0, "where"], "kind.x", "measures[0].where", "at character 5"),
    # Indicators.
    (["indicators", 0, "formula"], "recieved", "indicators[0].formula", "did you mean received?"),
    (["indicators", 0, "formula"], "received > 1", "indicators[0].formula", "a number is needed"),
    (["indicators", 0, "formula"], "received +", "indicators[0].formula", "not complete"),
    (["indicators", 0, "formula"], "EP01 + 1", "indicators[0].formula", "EP01 -> EP01"),
    (["indicators", 0, "breakdowns"], ["town"], "indicators[0].breakdowns[0]", "no field 'town'"),
    (["indicators", 0, "breakdowns"], ["cost"], "indicators[0].breakdowns[0]", "cost in requests"),
    (["indicators", 2, "breakdowns"], ["ward"], "indicators[2].breakdowns[0]", "dataset payments"),
    (["indicators", 1, "breakdowns"], ["ward"] * 2, "indicators[1].breakdowns[1]", "given twice"),
    (["indicators", 1, "periods"], [], "indicators[1].periods", "at least one"),
    (["indicators", 1, "periods"], ["month"] * 2, "indicators[1].periods[1]", "given twice"),
    (["indicators", 1, "precision"], 7, "indicators[1].precision", "0 to 6"),
    (["indicators", 1, "polarity"], "none", "indicators[1].targets", "needs a polarity"),
    (["indicators", 1, "targets"], [], "indicators[1].rag", "needs a target"),
    (["indicators", 1, "rag", "amber_within"], -1, "indicators[1].rag.amber_within", "0 or more"),
    (["indicators", 1, "targets", 0, "from"], "2014-15", "indicators[1].targets[0].from", "month"),
    (["indicators", 1, "targets", 0, "to"], "2013-01", "indicators[1].targets[0]", "before"),
    (["indicators", 1, "targets", 0, "to"], None, "indicators[1].targets[1]", "two targets"),
    # Ledgers.
    (["ledgers", 0, "amount"], "paid", "ledgers[0].amount", "money is needed"),
    (["ledgers", 0, "date"], "unit", "ledgers[0].date", "date or datetime is needed"),
    (["ledgers", 0, "unit"], "cost", "ledgers[0].unit", "no field 'cost'"),
]


def test_the_small_catalogue_has_no_problem() -> None:
    assert check(small()) == []


@pytest.mark.parametrize(
    ("at", "value", "path", "words"),
    WRONG,
    ids=[f"{path}-{i}" for i, (_, _, path, _) in enumerate(WRONG)],
)
def test_what_is_wrong_is_found_once_and_named(
    at: list[Any], value: Any, path: str, words: str
) -> None:
    problems = [each for each in check(changed(at, value)) if each.path == path]
    assert len(problems) == 1
    assert words in problems[0].message
    assert problems[0].message.isprintable()


def test_every_problem_is_reported_not_the_first() -> None:
    document = small()
    document["measures"][0]["where"] = "kind ="
    document["measures"][4]["of"] = "amunt"
    document["indicators"][1]["themes"] = ["x", "y"]
    document["themes"][0]["colour"] = "red"
    assert [problem.path for problem in check(document)] == [
        *("themes[0].colour", "indicators[1].themes[0]", "indicators[1].themes[1]"),
        *("measures[0].where", "measures[4].of"),
    ]


def test_a_definition_that_is_wrong_in_itself_is_still_known() -> None:
    document = changed(["datasets", 1, "fields", 0, "type"], "txt")
    assert [problem.path for problem in check(document)] == ["datasets[1].fields[0].type"]


def test_a_circle_of_indicators_is_reported_at_each_of_them() -> None:
    document = changed(["indicators", 0, "formula"], "EP03 + 1")
    document["indicators"][2] |= {"formula": "EP02", "unit": "percentage"}
    document["indicators"][0]["unit"] = "number"
    messages = {each.path: each.message for each in check(document) if "itself" in each.message}
    assert messages == {
        "indicators[0].formula": "the indicator depends on itself: EP01 -> EP03 -> EP02 -> EP01",
        "indicators[1].formula": "the indicator depends on itself: EP02 -> EP01 -> EP03 -> EP02",
        "indicators[2].formula": "the indicator depends on itself: EP03 -> EP02 -> EP01 -> EP03",
    }


def test_a_long_line_of_indicators_is_no_circle_and_ends() -> None:
    document = small()
    line = {"title": "x", "unit": "count", "owner": "Manager"}
    document["indicators"] += [
        {"code": f"L{n}", "formula": f"L{n + 1} + L{n + 2}", **line} for n in range(300)
    ] + [{"code": f"L{n}", "formula": "received", **line} for n in (300, 301)]
    assert check(document) == []


def test_a_breakdown_is_looked_for_through_other_indicators() -> None:
    document = changed(["indicators", 0, "formula"], "received * EP03")
    document["indicators"][0]["unit"] = "money"
    document["indicators"][1]["formula"] = "100 * closed_in_10 / EP01"
    paths = [problem.path for problem in check(document)]
    assert paths == [
        *("indicators[0].breakdowns[0]", "indicators[1].breakdowns[0]"),
        "indicators[1].breakdowns[1]",
    ]


def test_an_empty_catalogue_is_a_catalogue() -> None:
    assert check({}) == []
    assert check({"themes": None}) == []


@pytest.mark.parametrize("wrong", [None, 5, "x", [], [[]], {"a": 1}, True, 1.5])
def test_nonsense_anywhere_is_a_problem_and_no_crash(wrong: Any) -> None:
    def places(value: Any, path: list[Any]) -> list[list[Any]]:
        steps: list[Any] = []
        if isinstance(value, dict):
            steps = list(value.items())
        elif isinstance(value, list):
            steps = list(enumerate(value))
        return [path, *(each for at, below in steps for each in places(below, [*path, at]))]

    for path in places(small(), [])[1:]:
        for problem in check(changed(path, wrong)):
            assert problem.message


def test_read_gives_exact_numbers_however_they_were_written() -> None:
    catalogue = read(small())
    targets = catalogue.indicators["EP02"].targets
    assert [target.value for target in targets] == [Decimal("90"), Decimal("92.5")]
    assert catalogue.datasets["requests"].fields[5].maximum == Decimal("100.50")
    assert catalogue.closure_days == ("2025-12-29",)
    assert catalogue.risk_matrices["default"].bands[1].from_ == 10


def test_read_refuses_what_has_problems() -> None:
    with pytest.raises(UnusableCatalogue, match="no theme 'x'") as refusal:
        read(changed(["indicators", 1, "themes"], ["x"]))
    assert len(refusal.value.problems) == 1
