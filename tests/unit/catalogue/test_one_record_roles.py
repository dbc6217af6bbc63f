"""Where one record says what a thing is, a catalogue leaves no room for two."""

from typing import Any

import pytest

from shared.catalogue.check import check
from shared.catalogue.role_parts import Part
from shared.catalogue.roles import ROLES
from tests.unit.catalogue.documents import small

NAMED_BY = {
    "saving": ["year", "reference"],
    "reserve": ["year", "reserve"],
    "capital-scheme": ["scheme"],
    "contract": ["reference"],
    "intention": ["reference"],
    "action": ["reference"],
    "project": ["reference"],
    "risk-control": ["risk", "control"],
    "project-milestone": ["project", "milestone"],
    "commentary": ["period", "about", "voice"],
    "sign-off": ["period", "about", "level"],
    "data-query": ["period", "about"],
}
ACCOUNTS = {
    "code": "council",
    "name": "Accounts",
    "funds": [{"code": "general", "name": "General Fund"}],
    "subjectives": [],
}


def document(*datasets: dict[str, Any]) -> dict[str, Any]:
    found = small()
    found["accounts"] = [ACCOUNTS] if isinstance(found.get("accounts"), list) else ACCOUNTS
    found["datasets"] += datasets
    return found


def dataset(role: str, key: Any, code: str = "things") -> dict[str, Any]:
    def field(part: Part) -> dict[str, Any]:
        return {"name": part.name, "type": part.types[0]}

    fields = [field(part) for part in ROLES[role]]
    return {"code": code, "title": "Things", "role": role, "key": key, "fields": fields}


@pytest.mark.parametrize("role", NAMED_BY)
def test_a_key_of_what_names_the_thing_is_right(role: str) -> None:
    names = NAMED_BY[role]
    for key in (names, names[::-1], names[-1:]):
        assert check(document(dataset(role, key))) == []


@pytest.mark.parametrize(
    ("role", "key"),
    [
        *((role, "content") for role in NAMED_BY),
        ("saving", ["reference", "title"]),
        ("reserve", ["reserve", "year", "name"]),
        ("capital-scheme", ["service"]),
        ("contract", ["reference", "supplier"]),
        ("intention", ["reference", "option"]),
        ("action", ["reference", "owner"]),
        ("commentary", ["period", "about", "voice", "at"]),
        ("sign-off", ["period", "about", "level", "by"]),
    ],
)
def test_any_other_key_could_say_a_thing_twice(role: str, key: Any) -> None:
    (problem,) = check(document(dataset(role, key)))
    assert problem.path == "datasets[3].key"
    assert problem.message == (
        f"the key of a {role} is of {' and '.join(NAMED_BY[role])}, and of nothing else, so that "
        "one record says what each is"
    )


@pytest.mark.parametrize("role", NAMED_BY)
def test_one_dataset_says_what_such_things_are(role: str) -> None:
    names = NAMED_BY[role]
    (problem,) = check(document(dataset(role, names), dataset(role, names, "more")))
    assert problem.path == "datasets[4].role"
    assert problem.message == f"things is a {role} already, and one dataset says what each is"


def test_what_adds_up_may_come_from_many_datasets_under_any_key() -> None:
    assert check(document(dataset("posting", "content"), dataset("posting", ["batch"], "b"))) == []
