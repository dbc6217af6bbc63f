"""Everything that can be wrong in a matrix, a policy, a register, people and a cycle is found."""

from typing import Any

import pytest

from shared.catalogue.check import check
from tests.unit.catalogue.documents import changed, small

# Where the small catalogue is changed, into what, where the problem is, and words of it.
WRONG: list[tuple[list[Any], Any, str, str]] = [
    # The matrix.
    (["risk_matrix", "impact"], 11, "risk_matrix.impact", "2 to 10"),
    (["risk_matrix", "likelihood"], [{"name": "One"}], "risk_matrix.likelihood", "2 to 10"),
    (
        ["risk_matrix", "likelihood"],
        [{"name": "One"}, {"name": "Two", "weight": 1001}],
        "risk_matrix.likelihood",
        "from 1 to 1000",
    ),
    (["risk_matrix", "bands"], [], "risk_matrix.bands", "at least one band"),
    (["risk_matrix", "bands", 0, "from"], 2, "risk_matrix.bands", "starts from 1"),
    (["risk_matrix", "bands", 1, "from"], 1, "risk_matrix.bands[1].from", "above"),
    (["risk_matrix", "bands", 1, "from"], 26, "risk_matrix.bands[1].from", "highest score"),
    (["risk_matrix", "bands", 1, "name"], "low", "risk_matrix.bands[1].name", "given twice"),
    (
        ["risk_matrix", "bands", 1, "review_months"],
        0,
        "risk_matrix.bands[1].review_months",
        "1 to 60 months",
    ),
    (["risk_matrix", "bands", 1, "rag"], "blue", "risk_matrix.bands[1].rag", "amber, green or red"),
    (["risk_matrix", "cells"], [["low"] * 5] * 4, "risk_matrix.cells", "5 rows of 5 bands"),
    (["risk_matrix", "cells"], [["low"] * 4] * 5, "risk_matrix.cells", "5 rows of 5 bands"),
    (
        ["risk_matrix", "cells"],
        [["low"] * 5, ["low"] * 5, ["low", "hihg", *["low"] * 3], ["low"] * 5, ["high"] * 5],
        "risk_matrix.cells[2][1]",
        "no band 'hihg'",
    ),
    (
        ["risk_matrix", "criteria", 0, "category"],
        "x",
        "risk_matrix.criteria[0].category",
        "no risk category 'x'",
    ),
    (
        ["risk_matrix", "criteria", 0, "levels"],
        ["Little", "Much"],
        "risk_matrix.criteria[0].levels",
        "5 levels of impact need 5 texts",
    ),
    (
        ["risk_matrix", "criteria", 0, "money"],
        ["1", "2", "3"],
        "risk_matrix.criteria[0].money",
        "4 rising amounts",
    ),
    (
        ["risk_matrix", "criteria", 0, "money"],
        ["1", "3", "2", "4"],
        "risk_matrix.criteria[0].money",
        "4 rising amounts",
    ),
    # The policy.
    (["risk_policy", "categories", 1, "code"], "money", "risk_policy.categories[1].code", "twice"),
    (["risk_policy", "tiers", 1, "code"], " ", "risk_policy.tiers[1].code", "blank"),
    (
        ["risk_policy", "categories", 0, "tolerance_to"],
        3,
        "risk_policy.categories[0].tolerance_to",
        "not below",
    ),
    (
        ["risk_policy", "categories", 0, "appetite"],
        "hungry",
        "risk_policy.categories[0].appetite",
        "averse, cautious, eager, minimal or open",
    ),
    (["risk_policy", "prompts"], ["full moon"], "risk_policy.prompts[0]", "red indicator"),
    # The register.
    (["datasets", 2, "key"], ["reference", "title"], "datasets[2].key", "one record says"),
    (["datasets", 2, "key"], "content", "datasets[2].key", "one record says"),
    (["datasets", 2, "fields", 1, "name"], "name", "datasets[2].fields", "needs the field title"),
    (["datasets", 2, "fields", 2, "type"], "text", "datasets[2].fields", "integer is needed"),
    (["risk_matrix"], None, "datasets[2].role", "risk_matrix is missing"),
    # People, and the cycle of a quarter.
    (["people", 0, "roles"], [], "people[0].roles", "at least one role"),
    (["people", 0, "roles"], ["king"], "people[0].roles[0]", "cabinet member"),
    (["people", 0, "post"], " ", "people[0].post", "blank"),
    (["people", 0, "services"], ["x"], "people[0].services[0]", "no service 'x'"),
    (["people", 0, "directorates"], ["x"], "people[0].directorates[0]", "no directorate 'x'"),
    (["people", 0, "portfolios"], ["x"], "people[0].portfolios[0]", "no portfolio 'x'"),
    (["review_cycle", "owner_days"], 31, "review_cycle", "follow each other"),
    (["review_cycle", "freeze_days"], 29, "review_cycle", "follow each other"),
    (["review_cycle", "remind_days"], 61, "review_cycle.remind_days", "0 to 60"),
    (["review_cycle", "required_when"], ["blue"], "review_cycle.required_when[0]", "amber, green"),
]


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


def test_two_datasets_cannot_both_be_the_register() -> None:
    document = small()
    document["datasets"].append(document["datasets"][2] | {"code": "another"})
    (problem,) = check(document)
    assert problem.path == "datasets[3].role"
    assert "register is a risk already" in problem.message


def test_cells_may_stand_in_place_of_scores() -> None:
    document = changed(["risk_matrix", "cells"], [["low"] * 5] * 4 + [["high"] * 5])
    # Then it does not matter from which scores the bands start.
    document["risk_matrix"]["bands"][0]["from"] = 7
    assert check(document) == []
