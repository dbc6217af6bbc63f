"""Money, schemes, contracts and risks on other web pages, what search finds of plans and schemes,
and the charts of pages about one figure: as a visitor has them."""

import re
from collections.abc import Iterator
from html import unescape

import pytest

from shared.contracts.topics import INDICATORS, RISKS
from tests.integration.publisher_money import TODAY
from tests.integration.publisher_parcels import FixedClock
from tests.integration.publisher_risks import STATES, plant
from tests.integration.publisher_sample import Q2, value
from tests.integration.publisher_service import Running, running

POSITION = "/embed/finance/directorate/place"


@pytest.fixture(scope="module")
def council(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Running]:
    """A publisher with a council's money, risks and plans."""
    url = f"sqlite:///{tmp_path_factory.mktemp('publisher') / 'store.db'}"
    with running(url, clock=FixedClock(TODAY), embed_in="https://www.example.gov.uk") as run:
        plant(run)
        yield run


# -- money and risks elsewhere


def test_a_position_stands_in_a_frame_with_its_chart_and_where_it_leads(council: Running) -> None:
    answer = council.http.get(POSITION)
    policy = answer.headers["content-security-policy"]
    assert policy.endswith("frame-ancestors 'self' https://www.example.gov.uk")
    assert "script" not in policy.replace("default-src 'none'", "")
    assert "<script" not in answer.text
    page = council.page("/finance/directorate/place?fund=general")
    stands = re.search(r'data-part="variance_words">([^<]+)<', page)
    assert stands is not None
    assert f'<p class="irf-hero__value">{stands[1]}</p>' in answer.text
    assert 'href="/finance/directorate/place?fund=general" target="_top"' in answer.text
    assert 'class="irf-chart"' in answer.text


def test_a_position_is_data_that_is_sent_once(council: Running) -> None:
    first = council.http.get(f"{POSITION}.json?fund=general")
    found = first.json()
    assert (found["level"], found["code"], found["fund"]) == ("directorate", "place", "general")
    told = council.get("/v1/finance/positions/directorate/place", fund="general")
    assert (
        found["pence"]["variance"] == found["pence"]["forecast"] - found["pence"]["current_budget"]
    )
    assert str(found["pence"]["forecast"]) in str(told)
    assert found["chart"].endswith(f"{POSITION}.svg?fund=general")
    assert first.headers["access-control-allow-origin"] == "*"
    mark = {"If-None-Match": first.headers["etag"]}
    assert council.http.get(f"{POSITION}.json?fund=general", headers=mark).status_code == 304
    assert council.http.options(f"{POSITION}.json").status_code == 204


def test_a_position_is_an_image_whose_title_says_it(council: Running) -> None:
    drawn = council.http.get(f"{POSITION}.svg")
    assert drawn.headers["content-type"].startswith("image/svg+xml")
    title = re.search(r'<title id="title">([^<]*)</title>', drawn.text)
    assert title is not None
    assert "budget" in title[1]
    assert council.http.get(f"{POSITION}.png").content.startswith(b"\x89PNG")


def test_a_risk_stands_in_a_frame_and_moves(council: Running) -> None:
    page = council.page("/embed/risks/R1")
    assert "Score 20" in page
    assert "<script>alert" not in page
    data = council.get("/embed/risks/R1.json")
    assert (data["risk"], data["score"], data["page"][-9:]) == ("R1", 20, "/risks/R1")
    council.say(RISKS, {"risk/R2": {**STATES["risk/R2"], "score": 9, "band": "high"}})
    assert council.get("/embed/risks/R2.json")["score"] == 9
    council.say(RISKS, {"risk/R2": STATES["risk/R2"]})
    assert council.get("/embed/risks/R%2F3.json")["risk"] == "R/3"


def test_a_scheme_stands_in_a_frame_as_an_image_and_as_data(council: Running) -> None:
    page = council.page("/embed/finance/capital/depot")
    told = re.search(r'<p class="govuk-body-l">([^<]+)</p>', council.page("/finance/capital/depot"))
    assert told is not None
    assert told[1] in page
    assert 'class="irf-chart"' in page
    data = council.get("/embed/finance/capital/depot.json")
    known = council.get("/v1/finance/capital/depot")["scheme"]["data"]
    assert data["pence"] == {name: known["total"][name] for name in data["pence"]}
    assert set(data["years"]) == set(known["years"])
    drawn = council.http.get(data["chart"].removeprefix(council.address))
    assert drawn.headers["content-type"].startswith("image/svg+xml")


def test_a_contract_stands_in_a_frame_and_as_data_with_what_was_paid(council: Running) -> None:
    page = unescape(council.page("/embed/contracts/C1"))
    data = council.get("/embed/contracts/C1.json")
    known = council.get("/v1/contracts/C1")["contract"]["data"]
    assert data["pence"] == {name: known[name] for name in ("total_value", "spent")}
    assert data["page"].endswith("/contracts/C1")
    assert known["title"] in page
    assert data["text"].split(".")[0] in page
    following = re.search(r'data-part="next">([^<]+)<', council.page("/contracts/C1"))
    assert following is not None
    assert unescape(following[1]) in page


@pytest.mark.parametrize(
    ("path", "status"),
    [
        ("/embed/finance/ward/27", 404),
        ("/embed/finance/service/nothing", 404),
        (f"{POSITION}?fund=petty", 400),
        ("/embed/risks/nothing", 404),
        ("/embed?pin=shoe", 400),
        ("/embed?pin=service/environmental-health", 400),
        ("/embed?pin=contract/nothing", 404),
        ("/embed/contracts/nothing", 404),
        ("/embed/finance/capital/nothing", 404),
        ("/embed?pin=risk/nothing", 404),
    ],
)
def test_what_is_not_there_is_said_in_a_friendly_way(
    council: Running, path: str, status: int
) -> None:
    assert "<h1" in council.page(path, status)
    if path.startswith("/embed/"):
        base, _, query = path.partition("?")
        answer = council.http.get(f"{base}.json?{query}")
        assert answer.status_code == status
        assert answer.headers["content-type"] == "application/problem+json"


def test_the_pages_lead_to_what_is_to_be_copied(council: Running) -> None:
    for page, wanted in (
        (
            "/finance/directorate/place?fund=general",
            f"{council.address}{POSITION}.png?fund=general",
        ),
        ("/risks/R%2F3", f"{council.address}/embed/risks/R%2F3.json"),
        ("/finance/cost-centre/W100", f"{council.address}/embed/finance/cost-centre/W100.json"),
        ("/finance/capital/depot", f"{council.address}/embed/finance/capital/depot.png"),
        ("/contracts/C1", f"{council.address}/embed/contracts/C1.json"),
    ):
        link = re.search(r'href="(/embed\?pin=[^"]+)"', council.page(page))
        assert link is not None, page
        assert wanted in unescape(unescape(council.page(unescape(link[1])))), page
    assert "risks/R1.svg" not in council.page("/embed?pin=risk/R1")


# -- search


def test_search_finds_actions_projects_and_schemes(council: Running) -> None:
    for typed, kind, href in (
        ("gully", "action", "/actions/A1"),
        ("A/3", "action", "/actions/A%2F3"),
        ("walls and pumps", "project", "/projects/P1"),
        ("depot defences", "project", "/projects/P1"),
        ("one depot for both fleets", "scheme", "/finance/capital/depot"),
    ):
        found = council.get("/v1/search", q=typed, kind=kind)["results"]
        assert found, typed
        assert found[0]["href"] == href, typed
    assert "Capital schemes" in council.page("/search?q=depot")


# -- charts and the definition


def test_pages_of_money_have_their_charts_with_a_finding(council: Running) -> None:
    for path, said in (
        ("/finance/directorate/place", "by the end of October spending was"),
        ("/finance/capital/depot", "spent of £4.2 million approved"),
    ):
        page = unescape(council.page(path))
        figure = re.search(r'(?s)<figure class="irf-figure">(.*?)</figure>', page)
        assert figure is not None, path
        assert said in figure[1]
        assert 'role="img"' in figure[1]


def test_wards_stand_side_by_side_and_a_small_number_is_only_counted(council: Running) -> None:
    wards = {"1": "80.0", "2": "61.5", "3": "99.9", "27": "72.5"}
    said = {
        f"EP02/2019-20-Q2/ward={ward}": value("EP02", Q2, number, member=("ward", ward))
        for ward, number in wards.items()
    }
    said["EP02/2019-20-Q2/ward=3"]["small"] = True
    council.say(INDICATORS, said)
    page = unescape(council.page("/indicators/EP02?period=2019-20-Q2"))
    section = re.search(r"(?s)By ward, July to September 2019(.*?)</figure>", page)
    assert section is not None
    own = re.search(r'data-part="value">([0-9.]+)%<', page)
    assert own is not None
    above = sum(float(number) > float(own[1]) for number in ("80.0", "61.5", "72.5"))
    assert "Ward 1 is highest at 80.0%, Ward 2 is lowest at 61.5%" in section[1]
    assert f"{above} of 3" in section[1].replace("none of 3", "0 of 3")
    assert f"above the council’s {own[1]}%. 1 rests on too few cases to be shown." in section[1]
    assert "99.9" not in section[1]
    assert "Ward 3" not in section[1]
    assert "Ward 27" in section[1]


def test_an_indicator_says_what_it_means_in_plain_english(council: Running) -> None:
    page = unescape(council.page("/indicators/EP02"))
    assert (
        "The figure is “Requests closed within 10 working days” as a percentage of "
        "“Requests closed”." in page
    )
    details = page.index('<details class="govuk-details" id="formulas">')
    assert page.index("percent(ep_closed_in_10, ep_closed)") > details
