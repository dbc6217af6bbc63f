"""Who may do what, and when a form is said."""

from datetime import UTC, datetime
from typing import Any

import pytest

from services.ingest.domain.acting import (
    Thing,
    answers_for,
    may_challenge,
    may_query,
    owns,
    thing_of,
    voices,
)
from services.ingest.domain.forms import Asked, sentence
from shared.catalogue.accounts import Accounts, Fund
from shared.catalogue.model import Catalogue, Indicator, Service
from shared.catalogue.review import Person, PersonRole
from shared.review.about import INDICATOR, POSITION, RISK, read_about

CATALOGUE = Catalogue(
    services={
        "waste": Service(code="waste", name="Waste", directorate="place", portfolio="streets"),
        "adults": Service(code="adults", name="Adults", directorate="care", portfolio="care"),
    },
    indicators={
        "W1": Indicator(
            code="W1", title="Bins", definition="d", formula="f", unit="number", polarity="low",
            periods=["month"], service="waste", owner="Bins manager",
        ),
    },
    accounts={"a": Accounts(code="a", name="A", funds=[Fund("gf", "General")], subjectives=[])},
    people={"f": Person("f", "F", "Chief accountant", ["finance officer"])},
)  # fmt: skip
BINS = Thing(INDICATOR, "Bins", "waste", "Bins manager")


def person(*roles: PersonRole, post: str = "Somebody", **answers: Any) -> Person:
    return Person(
        code="p", name="P", post=post, roles=list(roles),
        **{name: list(codes) for name, codes in answers.items()},
    )  # fmt: skip


@pytest.mark.parametrize(
    ("answers", "service", "does"),
    [
        ({}, "waste", True),
        ({}, "nowhere", True),
        ({"services": ["waste"]}, "waste", True),
        ({"services": ["waste"]}, "adults", False),
        ({"directorates": ["place"]}, "waste", True),
        ({"portfolios": ["streets"]}, "waste", True),
        ({"portfolios": ["care"]}, "waste", False),
        ({"services": ["waste"]}, "nowhere", False),
        ({"services": ["waste"]}, "", False),
    ],
)
def test_what_a_person_answers_for(answers: dict[str, Any], service: str, does: bool) -> None:
    assert answers_for(person("owner", **answers), service, CATALOGUE) is does


def test_the_post_that_is_named_owns_a_thing_whatever_its_roles() -> None:
    assert owns(person("publisher", post=" bins  MANAGER"), BINS, CATALOGUE)
    assert not owns(person("publisher"), BINS, CATALOGUE)
    # A thing that names nobody is not owned by a post that says nothing.
    assert not owns(person("publisher", post=""), BINS._replace(owner=""), CATALOGUE)


@pytest.mark.parametrize(
    ("role", "kind", "does"),
    [
        ("owner", INDICATOR, True),
        ("finance officer", INDICATOR, False),
        ("finance officer", POSITION, True),
        ("owner", POSITION, True),
        ("risk owner", RISK, True),
        ("risk owner", INDICATOR, False),
        ("owner", RISK, False),
        ("director", INDICATOR, False),
    ],
)
def test_whose_role_speaks_for_an_owner(role: PersonRole, kind: str, does: bool) -> None:
    thing = Thing(kind, "T", "waste", "Another")
    assert owns(person(role, services=["waste"]), thing, CATALOGUE) is does
    assert not owns(person(role, services=["adults"]), thing, CATALOGUE)


def test_one_who_has_several_roles_has_several_voices() -> None:
    both = person("owner", "director", "cabinet member", services=["waste"])
    assert voices(both, BINS, CATALOGUE) == ["Owner", "Director", "Cabinet member"]
    assert voices(both, BINS._replace(service="adults", owner=""), CATALOGUE) == []


def test_who_challenges_and_who_queries() -> None:
    roles: list[PersonRole] = ["director", "cabinet member", "performance officer", "owner"]
    assert [may_challenge(person(role), BINS, CATALOGUE) for role in roles] == [
        True, True, True, False,
    ]  # fmt: skip
    assert not may_challenge(person("director", directorates=["care"]), BINS, CATALOGUE)
    assert [may_query(person(role), BINS, CATALOGUE) for role in roles] == [
        False, False, True, True,
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("about", "title", "owner"),
    [
        ("indicator/W1", "Bins", "Bins manager"),
        ("position/gf/waste", "Waste, General", "Chief accountant"),
    ],
)
def test_a_thing_is_named_by_the_catalogue(about: str, title: str, owner: str) -> None:
    what = read_about(about)
    assert what is not None
    found = thing_of(what, CATALOGUE, None)
    assert found is not None
    assert (found.title, found.service, found.owner) == (title, "waste", owner)


@pytest.mark.parametrize("about", ["indicator/X", "position/hra/waste", "position/gf/x", "risk/R"])
def test_what_the_catalogue_does_not_know_is_no_thing(about: str) -> None:
    what = read_about(about)
    assert what is not None
    assert thing_of(what, CATALOGUE, None) is None


@pytest.mark.parametrize(
    ("after", "said"),
    [
        ([], "2026-07-01T10:00:00.000"),
        (["2026-07-01T09:59:59"], "2026-07-01T10:00:00.000"),
        (["2026-07-01T10:00:00", "2026-01-01T00:00:00"], "2026-07-01T10:00:00.001"),
        (["2026-07-01T10:59:00.500000"], "2026-07-01T10:59:00.501"),
        # Wrongly dated: nothing is made up after it.
        (["2027-01-01T00:00:00"], "2026-07-01T10:00:00.000"),
    ],
)
def test_what_follows_something_is_said_later_than_it(after: list[str], said: str) -> None:
    asked = Asked(person("owner"), datetime(2026, 7, 1, 9, 0, tzinfo=UTC), {}, lambda: "t")
    assert asked.moment(after) == said


@pytest.mark.parametrize(
    ("said", "version"),
    [("3", 3), ("", 0), ("-1", 0), ("x", 0), ("9" * 30, 0), ("٣", 0)],
)
def test_a_version_is_a_number_or_none(said: str, version: int) -> None:
    asked = Asked(person("owner"), datetime.now(UTC), {"version": said}, lambda: "t")
    assert asked.version == version


def test_a_rules_reason_becomes_a_sentence() -> None:
    assert sentence("it is closed already") == "It is closed already."
    assert sentence("Closed.") == "Closed."
