"""How much is sent for a page, little enough for a slow line; and streams that nothing holds up."""

import re
from collections.abc import Iterator
from html import unescape

import httpx2
import pytest

from shared.contracts.topics import CATALOGUE, INDICATORS
from tests import pages
from tests.integration.publisher_quarter import COOKIE
from tests.integration.publisher_risks import Stopped
from tests.integration.publisher_sample import Q1, Q2, value
from tests.integration.publisher_service import Running, running
from tests.integration.publisher_whole import whole

PLAIN, CHARTED = 100_000, 500_000
PART = re.compile(r'(?:href|src|data-frontend|data-figures|data-live)="(/static/[^"]+)"')
MANY = 180


@pytest.fixture(scope="module")
def council(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Running]:
    """A publisher with something on every page, and a directorate of many indicators."""
    url = f"sqlite:///{tmp_path_factory.mktemp('publisher') / 'store.db'}"
    with running(url, clock=Stopped()) as run:
        whole(run)
        codes = [f"ZZ{number:03}" for number in range(MANY)]
        run.say(
            CATALOGUE,
            {
                f"indicator/{code}": {
                    "code": code, "title": f"Requests of kind {code} that were settled in time",
                    "formula": "ep_received", "unit": "percentage", "polarity": "high",
                    "service": "environmental-health", "themes": ["living-well"],
                    "owner": "Environmental health manager",
                }
                for code in codes
            },
        )  # fmt: skip
        judged = {"target": "75", "outcome": "red", "rule": "red: too low"}
        run.say(
            INDICATORS,
            {
                f"{code}/{period[0]}": value(code, period, number, **judged)  # type: ignore[arg-type]
                for code in codes
                for period, number in ((Q1, "81.3"), (Q2, "66.66666667"))
            },
        )
        yield run


def sent(visitor: httpx2.Client, path: str, seen: dict[str, int], cookie: str = "") -> int:
    """The bytes of a page with its styles and scripts, as a browser without a cache gets them."""
    answer = visitor.get(path, headers={"Cookie": cookie} if cookie else {})
    text = answer.text
    for part in {unescape(each) for each in PART.findall(text)} - set(seen):
        seen[part] = int(visitor.get(part).headers["content-length"])
    parts = {unescape(each) for each in PART.findall(text)}
    assert len(parts) >= 3, path
    limit = CHARTED if "irf-chart" in text else PLAIN
    whole_page = int(answer.headers["content-length"]) + sum(seen[each] for each in parts)
    assert whole_page < limit, (path, whole_page)
    return whole_page


@pytest.fixture
def visitor(council: Running) -> Iterator[httpx2.Client]:
    """A browser that takes what is compressed."""
    with httpx2.Client(base_url=council.address, timeout=20) as client:
        client.headers["Accept-Encoding"] = "gzip, deflate, br"
        yield client


def test_every_page_is_light(visitor: httpx2.Client) -> None:
    seen: dict[str, int] = {}
    for path in pages.small(pages.PUBLISHER):
        sent(visitor, path, seen)
    assert len(seen) >= 7


def test_a_large_directorate_is_light_for_whoever_is_signed_in_too(visitor: httpx2.Client) -> None:
    for path in ("/directorates/place", "/portfolios/neighbourhoods", "/indicators"):
        sent(visitor, path, {}, COOKIE)


def test_a_page_is_the_same_whether_it_is_compressed_or_not(council: Running) -> None:
    with httpx2.Client(base_url=council.address, timeout=20) as client:
        for path in ("/directorates/place", "/nothing", "/static/govuk-frontend.min.css"):
            found = {
                taken: client.get(path, headers={"Accept-Encoding": taken})
                for taken in ("gzip", "identity", "gzip;q=0", "br")
            }
            assert found["gzip"].headers["content-encoding"] == "gzip"
            assert "Accept-Encoding" in found["gzip"].headers["vary"]
            assert len({each.text for each in found.values()}) == 1
            for taken in ("identity", "gzip;q=0", "br"):
                assert "content-encoding" not in found[taken].headers
                assert "Accept-Encoding" in found[taken].headers["vary"]


def test_nothing_is_compressed_for_whoever_may_be_signed_in(visitor: httpx2.Client) -> None:
    for told in ({"Cookie": COOKIE}, {"Cookie": "irf_persona=x"}, {"Authorization": "Bearer x"}):
        answer = visitor.get("/search?q=wards", headers=told)
        assert answer.status_code == 200
        assert "content-encoding" not in answer.headers
    assert visitor.get("/search?q=wards").headers["content-encoding"] == "gzip"


def test_what_has_a_mark_of_its_content_keeps_it(visitor: httpx2.Client) -> None:
    answer = visitor.get("/embed/indicators/PA01.svg")
    assert len(answer.content) > 1_000
    assert "etag" in answer.headers
    assert "content-encoding" not in answer.headers


def test_a_stream_is_never_compressed_nor_held_up(council: Running) -> None:
    with (
        httpx2.Client(base_url=council.address, timeout=20) as client,
        client.stream(
            "GET", "/v1/stream?kinds=indicators", headers={"Accept-Encoding": "gzip"}
        ) as answer,
    ):
        assert "content-encoding" not in answer.headers
        lines = answer.iter_lines()
        next(lines)  # it is open
        council.say(INDICATORS, {"EP02/2019-20-Q2": value("EP02", Q2, "12.3")})
        assert any('"value":"12.3"' in line.replace(" ", "") for line in lines)
