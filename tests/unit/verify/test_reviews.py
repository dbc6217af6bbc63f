"""The recompute of reviews against states worked out by hand, and against planted mistakes."""

import json
from datetime import date
from typing import Any

import pytest

from deploy.verify.compare import verify
from deploy.verify.desk import Published
from deploy.verify.reviews import as_compared, is_of_review, review_states
from deploy.verify.source import Definitions, Json, Record, Row
from deploy.verify.states import compared_states
from tests.unit.verify.test_compare import OWNED, TODAY, published

Q = "2025-26-Q1"
REVIEW = f"review/{Q}/indicator/REC"
DAY = date(2025, 7, 10)
PLACE: Json = {"period": Q, "about": "indicator/REC"}
KINDS: dict[str, Json] = {
    "indicator": {
        "code": "REC", "service": "waste", "owner": "Head of Waste", "periods": ["quarter"],
    },
    "service": {"code": "waste", "directorate": "place"},
    "person": {
        "code": "d", "post": "Director of Place", "roles": ["director"], "directorates": ["place"],
    },
    "review-cycle": {"code": "r", "owner_days": 12, "director_days": 20, "remind_days": 10},
}  # fmt: skip
SAID: dict[str, list[Json]] = {
    "cycle-step": [
        {"period": Q, "to": "Collecting", "by": "P", "at": "2025-07-01T09:00:00"},
        {"period": Q, "to": "Frozen", "by": "P", "at": "2025-07-02T09:00:00"},
    ],
    "commentary": [
        PLACE | {"voice": "Owner", "what_happened": "Ring 01225 477000", "by": "O", "at": "1"},
        PLACE | {"voice": "Mayor", "what_happened": "Rain", "by": "M", "at": "2"},
    ],
    "sign-off": [
        PLACE | {"level": "Owner", "status": "Signed", "value": "4", "by": "O", "at": "3"},
    ],
    "challenge-step": [
        PLACE | {"challenge": "C", "does": "Raise", "text": "Why?", "by": "Leader",
                 "at": "2025-07-01T09:00:00"},
        PLACE | {"challenge": "C", "does": "Close", "text": "", "by": "O", "at": "3"},
    ],
    "data-query": [PLACE | {"status": "Resolved", "reason": "x", "by": "O", "at": "2"}],
}  # fmt: skip
VALUE: Json = {"value": "4", "rag": {"outcome": "red"}}


def worked_out(**changed: list[Json]) -> dict[str, Json]:
    """Every state, with other records of some roles."""
    said = SAID | {role.replace("_", "-"): records for role, records in changed.items()}
    rows = [
        Row("irf.catalogue", f"{kind}/{each['code']}", 1, json.dumps(each).encode())
        for kind, each in KINDS.items()
    ]
    rows += [
        Row("irf.catalogue", f"dataset/{role}", 1, json.dumps({"role": role}).encode())
        for role in said
    ]
    records = {
        role: [Record(str(number), fields) for number, fields in enumerate(every)]
        for role, every in said.items()
    }
    values = {f"REC/{Q}": VALUE}
    others = Published(values.keys, values.get, {}, {})
    return review_states(Definitions(rows), records, DAY, others)


def as_published(states: dict[str, Json]) -> dict[str, Any]:
    """The states as the service has them: with sentences, and with what is personal."""
    found = {}
    for subject, state in states.items():
        said = dict(state)
        if "set_aside" in state:
            said["set_aside"] = dict.fromkeys(state["set_aside"], "It does not fit.")
        if "voices" in state:
            said["voices"] = {
                voice: each | {"personal": ["telephone number"]}
                for voice, each in state["voices"].items()
            }
        if state["kind"] == "challenge":
            said["steps"] = [each | {"personal": []} for each in state["steps"]]
        found[subject] = {name: value for name, value in said.items() if value}
    return found


def wrong(published: dict[str, Any], states: dict[str, Json]) -> list[str]:
    """The subjects that are found to be wrong."""
    compared = {subject: as_compared(state) for subject, state in published.items()}
    return [each.subject for each in compared_states(states, compared).mismatches]


def test_a_quarter_is_what_was_worked_out_by_hand() -> None:
    states = worked_out()
    assert set(states) == {
        f"cycle/{Q}", REVIEW, f"reminder/{REVIEW}", "challenge/C", "reminder/challenge/C",
    }  # fmt: skip
    review = states[REVIEW]
    assert (review["stage"], review["waits_for"]) == ("director sign-off", "Director of Place")
    assert (review["due"], review["overdue"], review["required"]) == ("2025-07-20", False, True)
    assert review["set_aside"] == ["commentary/1"]
    cycle = states[f"cycle/{Q}"]
    assert (cycle["stage"], cycle["set_aside"]) == ("collecting", ["cycle-step/1"])
    names = ("figures", "required", "written", "owner_signed", "director_signed", "challenged")
    assert [cycle[name] for name in names] == [1, 1, 1, 1, 0, 1]
    challenge = states["challenge/C"]
    assert (challenge["stage"], challenge["waits_for"]) == ("open", "Head of Waste")
    assert challenge["set_aside"] == ["challenge-step/1"]
    assert states["reminder/challenge/C"]["due"] == "2025-07-08"
    assert states["reminder/challenge/C"]["overdue"] is True


def test_a_quarter_without_its_first_step_has_no_reviews_and_no_reminders() -> None:
    states = worked_out(cycle_step=SAID["cycle-step"][1:])
    assert set(states) == {f"cycle/{Q}", "challenge/C"}
    assert states[f"cycle/{Q}"]["stage"] == "open"


def test_what_is_right_is_found_right() -> None:
    states = worked_out()
    assert wrong(as_published(states), states) == []


@pytest.mark.parametrize(
    ("subject", "name"),
    [
        (subject, name)
        for subject, state in worked_out().items()
        for name in state
        if name not in ("query",)
    ],
)
def test_every_part_of_every_state_is_compared(subject: str, name: str) -> None:
    states = worked_out()
    said = as_published(states)
    value = said[subject].get(name)
    planted: Any = {"x": {"y": "z"}} if isinstance(value, dict) else [{"x": "y"}]
    if not isinstance(value, dict | list):
        planted = not value if isinstance(value, bool) or value is None else f"{value}1"
    said[subject][name] = planted
    assert wrong(said, states) == [subject]


@pytest.mark.parametrize("subject", list(worked_out()))
def test_a_state_that_is_missing_is_named(subject: str) -> None:
    states = worked_out()
    said = as_published(states)
    del said[subject]
    assert wrong(said, states) == [subject]


@pytest.mark.parametrize("subject", list(worked_out()))
def test_a_state_that_should_not_be_is_named_until_it_is_deleted(subject: str) -> None:
    assert is_of_review(subject)
    stray = Row("irf.risks", subject, 1, b'{"kind": "x", "rag": "red", "set_aside": {}}')
    found = verify(OWNED, [*published(TODAY), stray], TODAY)
    assert [mismatch.subject for mismatch in found.mismatches] == [subject]
    gone = stray._replace(body=None)
    assert verify(OWNED, [*published(TODAY), gone], TODAY).mismatches == []
