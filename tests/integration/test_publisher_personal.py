"""Who somebody is, nobody reads; what is about a person, only somebody who is signed in."""

import json
from collections.abc import Iterator
from typing import Any

import pytest

from services.publisher.domain.personal import HIDDEN, shown
from shared.catalogue.check import read
from shared.catalogue.model import definitions
from shared.catalogue.yaml_files import load_directory
from shared.contracts.topics import CATALOGUE
from tests.integration.publisher_quarter import COOKIE
from tests.integration.publisher_sample import sample
from tests.integration.publisher_service import COUNCIL, Running, running

EXPLAIN = "/v1/indicators/EP02/values/2019-20-Q2/explain"
PAGE = "/indicators/EP02/values/2019-20-Q2"
CLASSES = {
    "status": {"personal": "identifier"},
    "how": {"personal": "about a person"},
    "type": {"personal": "identifier", "pseudonymise": True},
}


@pytest.fixture(scope="module")
def council(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Running]:
    """The sample, whose requests tell of people."""
    with running(f"sqlite:///{tmp_path_factory.mktemp('publisher') / 'store.db'}") as run:
        sample(run)
        document, _ = load_directory(COUNCIL)
        for dataset in document["datasets"]:
            if dataset["code"] == "environmental-protection-requests":
                dataset["identifiers_because"] = "The return asks for it."
                for field in dataset["fields"]:
                    field |= CLASSES.get(field["name"], {})
        said = definitions(read(document))
        run.say(CATALOGUE, {subject: json.loads(body) for subject, body in said.items()})
        yield run


def fields(run: Running, cookie: str = "") -> list[dict[str, Any]]:
    """The records of a figure as a reader gets them."""
    answer = run.http.get(EXPLAIN, headers={"Cookie": cookie})
    assert answer.status_code == 200, answer.text
    return [each["fields"] for each in answer.json()["records"]]


def test_whoever_is_not_signed_in_reads_neither(council: Running) -> None:
    for each in fields(council):
        assert (each["status"], each["how"], each["type"]) == (HIDDEN, HIDDEN, HIDDEN)
        assert each["kind"] == "Noise Request"
    page = council.page(PAGE)
    assert HIDDEN in page
    assert "Noise Request" in page
    assert "script&gt;alert" not in page


def test_somebody_who_is_signed_in_reads_what_is_about_a_person_but_not_who(
    council: Running,
) -> None:
    for each in fields(council, COOKIE):
        assert (each["status"], each["how"]) == (HIDDEN, "Web")
        assert each["type"] == "<script>alert(1)</script>"
    page = council.http.get(PAGE, headers={"Cookie": COOKIE, "Accept": "text/html"}).text
    assert '<td class="govuk-table__cell">Web</td>' in page
    assert "Closed</td>" not in page


def test_of_a_dataset_that_is_not_defined_nothing_is_shown() -> None:
    assert shown(None, {"a": 1}, signed_in=True) == {"a": HIDDEN}
