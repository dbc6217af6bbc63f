"""Whatever is written into an address: a page that says what is wrong, or a problem."""

from collections.abc import Iterator
from functools import partial

import pytest
from fastapi.routing import APIRoute

from tests import pages
from tests.integration.hostile import REFLECTED, addresses, asked, found_wrong
from tests.integration.publisher_quarter import COOKIE
from tests.integration.publisher_risks import Stopped
from tests.integration.publisher_service import Running, running
from tests.integration.publisher_whole import whole

# An address of every route that is no page at which something is found.
CALLS = {
    "/v1/finance/positions": "",
    "/v1/finance/positions/{level}/{code}": "/v1/finance/positions/service/waste-and-recycling",
    "/v1/finance/positions/{level}/{code}/explain": (
        "/v1/finance/positions/cost-centre/W100/explain"
    ),
    "/v1/finance/virements": "",
    "/v1/finance/savings": "",
    "/v1/finance/reserves": "",
    "/v1/finance/capital": "",
    "/v1/finance/capital/{scheme}": "/v1/finance/capital/depot",
    "/v1/finance/reconciliations": "",
    "/v1/finance/hints": "",
    "/v1/finance/payments": "/v1/finance/payments?contract=CT%2F1",
    "/v1/contracts": "",
    "/v1/contracts/intentions": "",
    "/v1/contracts/pipeline": "",
    "/v1/contracts/pipeline.csv": "",
    "/v1/contracts/{reference:path}": "/v1/contracts/C1",
    "/v1/risks": "",
    "/v1/risks/heat-map": "",
    "/v1/risks/movements": "",
    "/v1/risks/{reference:path}": "/v1/risks/R1",
    "/v1/actions": "",
    "/v1/actions/{reference:path}": "/v1/actions/A1",
    "/v1/projects": "",
    "/v1/projects/{reference:path}": "/v1/projects/P1",
    "/v1/reports": "",
    "/v1/reports/{period}": "/v1/reports/2019-20-Q2",
    "/v1/cycles/{period}": "/v1/cycles/2019-20-Q2",
    "/v1/reviews/{period}/{about:path}": "/v1/reviews/2019-20-Q2/indicator/EP02",
    "/v1/challenges": "",
    "/v1/strategic": "",
    "/v1/evidence": "",
    "/v1/search": "/v1/search?q=waste",
    "/v1/indicators": "",
    "/v1/indicators/{code}": "/v1/indicators/EP02",
    "/v1/indicators/{code}/values": "/v1/indicators/EP02/values",
    "/v1/indicators/{code}/values/{period}/explain": (
        "/v1/indicators/EP02/values/2019-20-Q2/explain"
    ),
    "/v1/supply": "",
    "/v1/finance": "",
    "/v1/finance/{code}": "/v1/finance/procurement-cards",
    "/static/{name}": "/static/irf.css",
    "/embed/indicators/{code}.json": "/embed/indicators/PA01.json",
    "/embed/indicators/{code}.svg": "/embed/indicators/PA01.svg",
    "/embed/indicators/{code}.png": "/embed/indicators/PA01.png",
    "/embed/finance/{level}/{code}.json": "/embed/finance/directorate/place.json",
    "/embed/finance/{level}/{code}.svg": "/embed/finance/directorate/place.svg",
    "/embed/finance/{level}/{code}.png": "/embed/finance/directorate/place.png",
    "/embed/finance/capital/{scheme}.json": "/embed/finance/capital/depot.json",
    "/embed/finance/capital/{scheme}.svg": "/embed/finance/capital/depot.svg",
    "/embed/finance/capital/{scheme}.png": "/embed/finance/capital/depot.png",
    "/embed/contracts/{reference:path}.json": "/embed/contracts/C1.json",
    "/embed/risks/{reference:path}.json": "/embed/risks/R1.json",
    "/evidence/{topic}.csv": "/evidence/air.csv",
    "/services/{code}/plan.csv": "/services/environmental-health/plan.csv",
    "/services/{code}/plan.html": "/services/environmental-health/plan.html",
    "/reports/{period}.json": "/reports/2019-20-Q2.json",
}
# It does not end: what it refuses is tried apart.
STREAM = "/v1/stream"


@pytest.fixture(scope="module")
def council(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Running]:
    """A publisher that has something to every address; whoever asks is signed in."""
    url = f"sqlite:///{tmp_path_factory.mktemp('publisher') / 'store.db'}"
    with running(url, clock=Stopped()) as run:
        whole(run)
        run.http.headers["Cookie"] = COOKIE
        yield run


def routes(council: Running) -> list[APIRoute]:
    return pages.routes(council.publisher.service.routers)


def known() -> dict[str, str]:
    """An address with an answer, by route."""
    found = {kind.route: kind.small[0] for kind in pages.PUBLISHER}
    return found | {route: address or route for route, address in CALLS.items()}


def test_every_route_has_an_address_that_is_answered(council: Running) -> None:
    found = known()
    assert {route.path for route in routes(council)} == {*found, STREAM}
    for route, address in found.items():
        expected = 404 if "nothing" in address else 200
        assert council.http.get(address).status_code == expected, route


def test_a_hostile_address_of_a_page_gets_a_page_that_leads_on(council: Running) -> None:
    pages_of = {kind.route for kind in pages.PUBLISHER}
    wrong, tried = [], 0
    for route in routes(council):
        if route.path in pages_of:
            found, count = found_wrong(
                council.http, addresses(route, known()[route.path]), partial(leads_on, route)
            )
            wrong += found
            tried += count
    assert wrong == []
    assert tried > 1_500


def leads_on(route: APIRoute, text: str) -> bool:
    """Whether a page says what is wrong, and where to go from there (but in another's frame)."""
    framed = route.path.startswith("/embed/")
    return "<h1" in text and (framed or 'href="/">Go to the overview' in text)


def test_a_hostile_address_of_a_call_gets_a_problem(council: Running) -> None:
    faults: list[tuple[int | str, str]] = []
    tried = 0
    for route in routes(council):
        if route.path not in CALLS:
            continue
        for address in addresses(route, known()[route.path]):
            tried += 1
            answer = council.http.get(address)
            kind = answer.headers.get("content-type", "").partition(";")[0]
            if answer.status_code not in (200, 304, 307, 400, 404, 422):
                faults.append((answer.status_code, address[:150]))
            elif answer.status_code >= 400 and kind == "text/html":
                # A file is asked for by people: what is wrong with it is told on a page.
                if route.path.startswith("/v1") or not leads_on(route, answer.text):
                    faults.append(("a page", address[:150]))
            elif answer.status_code >= 400 and not is_problem(kind, answer.json()):
                faults.append((kind, address[:150]))
            elif answer.status_code >= 400 and "nosniff" not in str(answer.headers):
                faults.append(("may be sniffed", address[:150]))
            elif kind in ("text/html", "image/svg+xml") and any(
                each in answer.text for each in REFLECTED
            ):
                faults.append(("reflected", address[:150]))
    assert faults == []
    assert tried > 1_000


def is_problem(kind: str, body: dict[str, object]) -> bool:
    return (
        kind == "application/problem+json"
        and bool(body["title"])
        and bool(body["detail"])
        and "Traceback" not in str(body)
        and "Error" not in str(body["detail"])
    )


def test_a_stream_refuses_what_it_does_not_know(council: Running) -> None:
    stream = next(route for route in routes(council) if route.path == STREAM)
    assert asked(stream) == ["kinds", "service", "theme", "indicator", "after"]
    for query in ("kinds=shoe", "kinds=%00", f"kinds={'x' * 5000}", "kinds=%3Cscript%3E"):
        answer = council.http.get(f"{STREAM}?{query}")
        assert answer.status_code in (400, 422)
        assert answer.headers["content-type"] == "application/problem+json"
    for query in ("after=shoe", "after=-1", "service=%00", "indicator=%ED%A0%80", "theme=..%2F"):
        listener = council.listen(query)
        assert listener.status == 200
        next(listener.blocks())
    council.hang_up()
