"""Who acts: personas, where they exist, and what a route may need of them."""

from collections.abc import Callable

import pytest
from fastapi import Depends, FastAPI
from fastapi.responses import Response
from starlette.requests import Request
from starlette.testclient import TestClient

from shared.catalogue.model import Catalogue, Council
from shared.catalogue.review import Person
from shared.identity.identity import COOKIE, Identity
from shared.identity.origin import from_own_page, is_loopback
from shared.runtime import problems
from shared.runtime.settings import ServiceSettings

HERE = "http://127.0.0.1:8001"
DIRECTOR = Person("dir", "Ruth Calder", "Director of adults", ["director"])
OWNER = Person("own", "Helen Oakes", "Head of operations", ["owner"])


def council(*, sample: bool = True) -> Catalogue:
    return Catalogue(
        council=Council(code="c", name="Council", sample=sample),
        people={each.code: each for each in (DIRECTOR, OWNER)},
    )


def door(catalogue: Catalogue, **settings: object) -> Callable[..., TestClient]:
    """An application with one page to choose a persona, one that shows who acts and one that needs
    a director; asked by an address and a cookie."""

    async def current() -> Catalogue:
        return catalogue

    identity = Identity(ServiceSettings.read(**settings), current)
    director = identity.needs("director")
    app = FastAPI()
    problems.install(app)

    @app.get("/who")
    async def who(person: Person | None = Depends(identity.who)) -> str:
        return person.name if person else "nobody"

    @app.post("/who/{code}")
    async def choose(code: str, request: Request) -> Response:
        answer = Response()
        await identity.choose(request, code.strip("-"), answer)
        return answer

    @app.api_route("/directors", methods=["GET", "POST"])
    async def directors(person: Person = Depends(director)) -> str:
        return person.name

    def asked(persona: str = "", address: str = HERE) -> TestClient:
        return TestClient(app, base_url=address, cookies={COOKIE: persona} if persona else None)

    return asked


def test_a_persona_is_chosen_once_and_acts_from_then_on() -> None:
    client = door(council())()
    assert client.get("/who").json() == "nobody"
    chosen = client.post("/who/dir", headers={"Origin": HERE})
    for said in ("HttpOnly", "SameSite=strict", "Path=/"):
        assert said in chosen.headers["set-cookie"]
    assert client.get("/who").json() == "Ruth Calder"
    assert client.get("/directors").json() == "Ruth Calder"
    client.post("/who/-", headers={"Origin": HERE})
    assert client.get("/who").json() == "nobody"


def test_somebody_with_another_role_is_told_what_is_missing() -> None:
    refused = door(council())("own").get("/directors")
    assert refused.status_code == 403
    assert "director" in refused.json()["detail"]
    assert "Head of operations" in refused.json()["detail"]


def test_a_persona_that_the_catalogue_does_not_know_is_nobody() -> None:
    client = door(council())("mayor")
    assert client.get("/who").json() == "nobody"
    assert client.get("/directors").status_code == 403
    assert client.post("/who/mayor", headers={"Origin": HERE}).status_code == 403


@pytest.mark.parametrize(
    ("settings", "sample", "address", "acts"),
    [
        ({}, True, HERE, True),
        ({}, True, "http://localhost:8001", True),
        ({}, True, "http://[::1]:8001", True),
        ({"host": "192.0.2.7"}, True, HERE, False),
        ({}, False, HERE, False),
        # A name of somebody else's that was made to lead to this machine.
        ({}, True, "http://rebound.example:8001", False),
        ({"identity": "none"}, True, HERE, False),
        ({"identity": "personas", "host": "192.0.2.7"}, False, "http://irf.example", True),
    ],
)
def test_personas_exist_where_a_sample_council_is_at_home_or_an_operator_says_so(
    settings: dict[str, object], sample: bool, address: str, acts: bool
) -> None:
    client = door(council(sample=sample), **settings)("dir", address)
    assert (client.get("/directors").status_code == 200) is acts
    assert client.get("/who").json() == ("Ruth Calder" if acts else "nobody")
    chosen = client.post("/who/own", headers={"Origin": address})
    assert (chosen.status_code == 200) is acts


@pytest.mark.parametrize(
    ("headers", "taken"),
    [
        ({"Origin": HERE}, True),
        ({"Origin": HERE, "Sec-Fetch-Site": "same-origin"}, True),
        ({"Sec-Fetch-Site": "same-origin"}, True),
        # TLS ends in front of the service.
        ({"Origin": "https://127.0.0.1:8001"}, True),
        ({}, False),
        ({"Origin": "null"}, False),
        ({"Origin": "http://evil.example"}, False),
        ({"Origin": "http://127.0.0.1:8001.evil.example"}, False),
        # Another program of this machine has another port, and is another site.
        ({"Origin": "http://127.0.0.1:9999"}, False),
        ({"Origin": HERE, "Sec-Fetch-Site": "cross-site"}, False),
        ({"Origin": HERE, "Sec-Fetch-Site": "same-site"}, False),
        ({"Sec-Fetch-Site": "none"}, False),
    ],
)
def test_a_form_is_taken_only_from_a_page_of_the_same_address(
    headers: dict[str, str], taken: bool
) -> None:
    client = door(council())("dir")
    assert (client.post("/directors", headers=headers).status_code == 200) is taken
    assert (client.post("/who/own", headers=headers).status_code == 200) is taken


def test_reading_needs_no_origin() -> None:
    assert door(council())("dir").get("/directors").status_code == 200


def test_a_request_without_a_host_comes_from_no_page() -> None:
    scope = {"type": "http", "method": "POST", "headers": [(b"origin", b"http://")]}
    assert not from_own_page(Request(scope))


@pytest.mark.parametrize(
    ("host", "own"),
    [("127.0.0.1", True), ("127.9.9.9", True), ("::1", True), ("[::1]", True), ("LOCALHOST", True),
     ("192.0.2.7", False), ("10.0.0.1", False), ("localhost.example", False), ("", False)],
)  # fmt: skip
def test_what_is_this_machine(host: str, own: bool) -> None:
    assert is_loopback(host) is own
