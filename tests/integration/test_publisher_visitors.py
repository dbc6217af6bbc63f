"""What visitors do: search, compare, keep a dashboard of their own, and put figures elsewhere."""

import json
import re
from collections.abc import Iterator
from html import unescape
from typing import Any
from urllib.parse import quote

import httpx2
import pytest
from playwright.sync_api import Browser, Page, expect

from services.publisher import comparing
from services.publisher.domain.pins import dashboard
from services.publisher.settings import Settings
from services.publisher.web.tiles import tiles
from shared.catalogue.figures import Benchmark
from shared.catalogue.model import Indicator
from shared.contracts.topics import CONTRACTS, INDICATORS, RISKS
from tests.integration.publisher_parcels import FixedClock, parcels, sent
from tests.integration.publisher_quarter import HOSTILE, quarter, review, voice
from tests.integration.publisher_sample import Q2, risk, value
from tests.integration.publisher_service import Running, running
from tests.integration.statements import heard
from tests.integration.test_publisher_contracts import contract

FULL = (
    "pin=indicator/EP02&pin=indicator/EP02/quarter/ward%3D27&pin=risk/R1&pin=contract/C%2F1"
    "&pin=service/environmental-health&pin=finance/directorate/place/general&pin=risk/R404&pin=shoe"
)
WRONG = (
    ("/compare/nothing", 404),
    ("/compare/PA01?group=nothing", 400),
    ("/compare?sort=%3Cscript%3E", 400),
    ("/compare?service=nothing", 400),
    ("/embed?indicator=nothing", 404),
    ("/embed?indicator=PA01&kind=fortnight", 400),
    ("/embed/indicators/nothing", 404),
    ("/embed/indicators/PA01?kind=fortnight", 400),
    ("/embed/indicators/nothing.svg", 404),
)
HOSTILE_QUERIES = (
    "/search?q=%3Cscript%3Ealert(1)%3C%2Fscript%3E",
    "/search?q=%00%ff%fe",
    f"/search?q={'x' * 8000}",
    "/search?q=a&q=b&kind=%27;DROP",
    "/dashboard?pin=%3Cscript%3Ealert(1)%3C/script%3E&name=%3Cscript%3Ealert(1)%3C/script%3E",
    "/dashboard?" + "&".join(f"pin=risk/{n}" for n in range(600)),
    "/dashboard?pin=%ff%00&pin=&pin=indicator/" + "x" * 3000,
    "/dashboard?pinned=%3Cscript%3E&pin=risk/R1",
)


@pytest.fixture(scope="module")
def council(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Running]:
    """A publisher on 15 October 2019 with one of everything."""
    url = f"sqlite:///{tmp_path_factory.mktemp('publisher') / 'store.db'}"
    with running(url, clock=FixedClock(), embed_in="https://www.example.gov.uk") as run:
        quarter(run)
        parcels(run)
        run.say(CONTRACTS, {"contract/C%2F1": {**contract("C/1"), "kind": "contract",
                                               "supplier": "Gritting Limited"}})  # fmt: skip
        yield run


@pytest.fixture
def page(browser: Browser, council: Running) -> Iterator[Page]:
    """A tab of a browser that remembers nothing yet."""
    context = browser.new_context(base_url=council.address)
    yield context.new_page()
    context.close()


def text_of(page: str) -> str:
    """What a page says, without its marks."""
    body = re.sub(r"(?s).*<main[^>]*>(.*)</main>.*", r"\1", page)
    return re.sub(r"\s+", " ", unescape(re.sub(r"<[^>]+>", " ", body)))


@pytest.fixture
def visitor(council: Running) -> Iterator[httpx2.Client]:
    """Somebody with a browser of their own."""
    with httpx2.Client(base_url=council.address, timeout=20) as client:
        yield client


# -- every page


@pytest.mark.parametrize(("path", "status"), WRONG)
def test_a_wrong_address_gets_a_friendly_page(council: Running, path: str, status: int) -> None:
    assert "<h1" in council.page(path, status)


@pytest.mark.parametrize("path", HOSTILE_QUERIES)
def test_nothing_that_is_typed_breaks_a_page(council: Running, path: str) -> None:
    text = council.page(path)
    assert text.count("<h1") == 1
    assert "<script>alert" not in text


def test_every_page_has_the_search_box(council: Running) -> None:
    for path, status in (("/", 200), ("/risks", 200), ("/nothing", 404)):
        assert 'role="search" action="/search" method="get"' in council.page(path, status)


# -- search


def test_search_finds_by_name_code_owner_and_definition_and_marks_the_words(
    council: Running,
) -> None:
    page = council.page("/search?q=working+days")
    assert "within 10 <mark>working</mark> <mark>days</mark>" in page
    assert "Environmental protection requests closed" in text_of(council.page("/search?q=ep02"))
    assert "Parcels sent" in text_of(council.page("/search?q=postmaster"))


def test_search_finds_risks_contracts_services_themes_and_datasets(council: Running) -> None:
    for typed, href in (
        ("R1", "/risks/R1"),
        ("gritting", "/contracts/C%2F1"),
        ("environmental health", "/services/environmental-health"),
        ("climate", "/themes/climate"),
    ):
        assert f'href="{href}"' in council.page(f"/search?q={quote(typed)}"), typed
    found = council.get("/v1/search", q="environmental-protection-requests")["results"]
    assert any(each["kind"] == "dataset" for each in found)


def test_search_finds_commentary_as_it_is_now_and_never_as_markup(council: Running) -> None:
    found = council.get("/v1/search", q="officers left", kind="commentary")
    assert [each["href"] for each in found["results"]] == ["/indicators/EP02"]
    assert "<script>" not in council.page("/search?q=alert+said")
    told = {"Owner": voice("Three marmalade machines broke", why=HOSTILE)}
    council.say(RISKS, {"review/2019-20-Q2/indicator/EP02": review(voices=told)})
    assert council.get("/v1/search", q="marmalade")["count"] == 1
    assert council.get("/v1/search", q="officers left", kind="commentary")["count"] == 0
    council.say(RISKS, {"review/2019-20-Q2/indicator/EP02": review()})
    assert council.get("/v1/search", q="marmalade")["count"] == 0


def test_a_challenge_is_not_found_since_it_is_not_for_everybody(council: Running) -> None:
    texts = [each["excerpt"] for each in council.get("/v1/search", q="wards")["results"]]
    assert not any("Is it the wards" in each for each in texts)


def test_a_misspelled_word_is_taken_for_another_and_that_is_told(council: Running) -> None:
    said = text_of(council.page("/search?q=enviromental"))
    assert "Nothing says “enviromental”" in said
    assert "Nothing was found" in text_of(council.page("/search?q=zzzzzz"))


def test_the_call_that_searches_refuses_what_it_does_not_know(council: Running) -> None:
    for query in ("kind=shoe", "limit=0", f"q={'x' * 300}"):
        assert council.http.get(f"/v1/search?{query}").status_code in (400, 422), query
    found = council.get("/v1/search", q="parcels", limit="2")
    assert len(found["results"]) == 2
    assert found["count"] > 2
    assert [each["score"] for each in found["results"]] == sorted(
        (each["score"] for each in found["results"]), reverse=True
    )


# -- compare


def test_where_an_indicator_stands_is_told_in_words(council: Running) -> None:
    said = text_of(council.page("/compare"))
    assert "Parcels sent" in said
    assert "3rd of 5, second-best quarter" in said
    assert "1 is in the second-best quarter" in said


def test_an_area_by_area_page_has_a_chart_and_the_same_as_a_table(council: Running) -> None:
    page = council.page("/compare/PA01")
    assert 'class="irf-chart"' in page
    said = text_of(page)
    assert "The diamond marks this council" in said
    assert "Sample council (this council) 29" in said
    assert "E1 40 E4 30 Sample council (this council) 29 E2 25 E3 10" in said


def test_an_indicator_without_figures_of_other_areas_says_so(council: Running) -> None:
    assert "It is not compared" in text_of(council.page("/compare/PA02"))


# -- my dashboard


def pinned(client: httpx2.Client, pin: str, **headers: str) -> httpx2.Response:
    return client.post("/dashboard/pins", data={"pin": pin}, headers=headers)


def test_what_is_pinned_stands_in_the_address_and_is_remembered(visitor: httpx2.Client) -> None:
    first = pinned(visitor, "indicator/EP02")
    assert first.status_code == 303
    cookie = first.headers["set-cookie"]
    assert "HttpOnly" in cookie
    assert "SameSite=strict" in cookie
    assert "Path=/dashboard" in cookie
    second = pinned(visitor, "risk/R1")
    assert second.headers["location"] == (
        "/dashboard?pin=indicator/EP02&pin=risk/R1&pinned=risk/R1"
    )
    again = visitor.get("/dashboard")
    assert again.headers["location"] == "/dashboard?pin=indicator/EP02&pin=risk/R1"
    said = text_of(visitor.get(second.headers["location"]).text)
    assert "The risk R1 is on your dashboard. Go back to it" in said


def test_a_tile_has_value_period_target_status_trend_and_freshness(council: Running) -> None:
    said = text_of(council.page(f"/dashboard?name=Ours&{FULL}"))
    for text in (
        "Ours", "66.7%", "July to September 2019", "Red", "Target: 75%", "Down 14.6", "Updated",
        "Ward: 27", "50.0%", "Score 20", "Very high", "Contract C/1", "over budget",
        "of 1 indicators with a target are green", "risk/R404", "Nothing is known of this",
        "These cannot be pinned, and were left out: shoe",
    ):  # fmt: skip
        assert text in said, text


def test_tiles_are_moved_removed_and_named_by_buttons(visitor: httpx2.Client) -> None:
    for pin in ("risk/R1", "risk/R2", "indicator/EP02"):
        pinned(visitor, pin)
    at = "/dashboard?pin=risk/R1&pin=risk/R2&pin=indicator/EP02"
    at = visitor.post(at, data={"up": "2"}).headers["location"]
    assert at == "/dashboard?pin=risk/R1&pin=indicator/EP02&pin=risk/R2"
    at = visitor.post(at, data={"down": "0"}).headers["location"]
    assert at == "/dashboard?pin=indicator/EP02&pin=risk/R1&pin=risk/R2"
    at = visitor.post(at, data={"remove": "1"}).headers["location"]
    assert at == "/dashboard?pin=indicator/EP02&pin=risk/R2"
    at = visitor.post(at, data={"name": "Mine & ours", "rename": "yes"}).headers["location"]
    assert at == "/dashboard?name=Mine+%26+ours&pin=indicator/EP02&pin=risk/R2"
    assert visitor.get("/dashboard").headers["location"] == (
        "/dashboard?pin=indicator/EP02&pin=risk/R2"
    )
    for odd in ("up=-1", "up=x", "down=999999", "remove=", "x=y", "%ff", ""):
        assert visitor.post(at, content=odd).headers["location"] == at


def test_somebody_elses_dashboard_does_not_take_the_place_of_ones_own(
    visitor: httpx2.Client,
) -> None:
    pinned(visitor, "risk/R1")
    theirs = "/dashboard?pin=risk/R2&pin=indicator/EP02"
    assert "not the dashboard that this browser remembers" in text_of(visitor.get(theirs).text)
    moved = visitor.post(theirs, data={"down": "0"}).headers["location"]
    assert moved == "/dashboard?pin=indicator/EP02&pin=risk/R2"
    assert visitor.get("/dashboard").headers["location"] == "/dashboard?pin=risk/R1"
    visitor.post(theirs, data={"keep": "yes"})
    assert visitor.get("/dashboard").headers["location"] == theirs


@pytest.mark.parametrize(
    "told", [{"Sec-Fetch-Site": "cross-site"}, {"Origin": "https://evil.example"}]
)
def test_no_other_site_changes_what_is_remembered(
    visitor: httpx2.Client, told: dict[str, str]
) -> None:
    pinned(visitor, "risk/R1")
    assert "set-cookie" not in pinned(visitor, "risk/R2", **told).headers
    assert visitor.get("/dashboard").headers["location"] == "/dashboard?pin=risk/R1"


def test_what_cannot_be_pinned_is_refused_kindly(visitor: httpx2.Client) -> None:
    assert pinned(visitor, "shoe").status_code == 400
    assert visitor.post("/dashboard/pins", content=b"x" * 200_000).status_code == 413


def test_a_hostile_cookie_is_no_dashboard(council: Running) -> None:
    for cookie in ("shoe", "risk/R1|shoe|" * 300, '"<script>"', "%00"):
        answer = council.http.get("/dashboard", headers={"Cookie": f"irf_dashboard={cookie}"})
        assert answer.status_code in (200, 303)


@pytest.mark.chromium
def test_a_figure_is_pinned_from_its_page_and_moves_live(page: Page, council: Running) -> None:
    for path in (
        "/indicators/EP02", "/risks/R1", "/contracts/C%2F1", "/services/environmental-health",
        "/finance/directorate/place?fund=general",
    ):  # fmt: skip
        page.goto(path)
        page.get_by_role("button", name="Pin to my dashboard").first.click()
        expect(page.locator(".govuk-notification-banner__heading")).to_contain_text("Go back to it")
    expect(page.locator(".irf-tile")).to_have_count(5)
    assert "Nothing is known" not in page.locator("main").inner_text()
    page.goto("/dashboard")
    expect(page.locator("#live")).to_have_attribute("data-state", "live")
    council.say(
        INDICATORS,
        {"EP02/2019-20-Q2": value("EP02", Q2, "70.1", target="75", outcome="red", rule="red: low")},
    )
    council.say(RISKS, {"risk/R1": risk("R1", 5, 5, 25, "very high")})
    expect(page.locator(".irf-tile").nth(0)).to_contain_text("70.1%")
    expect(page.locator(".irf-tile").nth(1)).to_contain_text("25")
    page.get_by_role("button", name=re.compile("^Remove The risk R1")).click()
    expect(page.locator(".irf-tile")).to_have_count(4)


# -- embed


def test_an_embedded_figure_needs_no_script_and_stands_in_the_frames_that_are_allowed(
    council: Running,
) -> None:
    answer = council.http.get("/embed/indicators/PA01")
    policy = answer.headers["content-security-policy"]
    assert "frame-ancestors 'self' https://www.example.gov.uk" in policy
    assert "default-src 'none'" in policy
    assert "<script" not in answer.text
    assert "set-cookie" not in answer.headers
    others = council.http.get("/indicators/PA01").headers["content-security-policy"]
    assert "frame-ancestors 'none'" in others


@pytest.mark.parametrize("given", ["'none'; script-src *", "https://a;b", "x", "https://a 'self'"])
def test_a_setting_that_is_no_list_of_origins_is_refused(given: str) -> None:
    with pytest.raises(ValueError, match="embed_in"):
        Settings(embed_in=given)


def test_images_and_data_are_sent_once_and_then_told_to_be_the_same(council: Running) -> None:
    for ending, kind in (
        ("json", "application/json"),
        ("svg", "image/svg+xml"),
        ("png", "image/png"),
    ):
        address = f"/embed/indicators/PA01.{ending}"
        answer = council.http.get(address, headers={"Origin": "https://other.example"})
        assert answer.status_code == 200
        assert answer.headers["content-type"] == kind
        assert answer.headers["access-control-allow-origin"] == "*"
        tag = answer.headers["etag"]
        again = council.http.get(address, headers={"If-None-Match": f'"old", W/{tag}'})
        assert (again.status_code, again.content, again.headers["etag"]) == (304, b"", tag)
        assert council.http.get(address, headers={"If-None-Match": '"old"'}).status_code == 200


def test_the_image_says_what_it_shows(council: Running) -> None:
    drawn = council.http.get("/embed/indicators/PA01.svg").text
    title = re.search(r'<title id="title">([^<]*)</title>', drawn)
    assert title is not None
    assert title[1].startswith("Parcels sent: 29 in September 2019. Green. Target: 20.")
    assert "<script" not in drawn
    assert council.http.get("/embed/indicators/PA01.png").content.startswith(b"\x89PNG")
    assert "no figure yet" in council.http.get("/embed/indicators/EP03.svg").text


def test_the_data_moves_and_its_mark_with_it(council: Running) -> None:
    before = council.http.get("/embed/indicators/PA02.json?kind=month")
    assert before.json()["value"] is None
    state: dict[str, Any] = {**sent("2019-09", 4), "indicator": "PA02"}
    council.say(INDICATORS, {"PA02/2019-09": state})
    after = council.http.get("/embed/indicators/PA02.json?kind=month")
    assert after.headers["etag"] != before.headers["etag"]
    assert after.json()["value"] == "4"
    assert len(after.content) < 1_000
    assert after.json()["page"] == f"{council.address}/indicators/PA02"
    missing = council.http.get("/embed/indicators/nothing.json")
    assert missing.status_code == 404
    assert missing.headers["content-type"] == "application/problem+json"


def test_what_rests_on_too_few_is_withheld_wherever_it_is_embedded(council: Running) -> None:
    months = ("2019-07", "2019-08", "2019-09")
    few = {f"PA04/{month}": {**sent(month, 30 + n), "indicator": "PA04"}
           for n, month in enumerate(months)}  # fmt: skip
    council.say(INDICATORS, few)
    secret = {**sent("2019-09", 3177), "indicator": "PA04", "small": True}
    council.say(INDICATORS, {"PA04/2019-09": secret})
    told = council.http.get("/embed/indicators/PA04.json?kind=month").json()
    assert (told["value"], told["text"], told["withheld"]) == (None, "Not for publication", True)
    assert told["rag"]["word"] == "Not for publication"
    for ending in ("", ".svg", ".json"):
        text = council.http.get(f"/embed/indicators/PA04{ending}?kind=month").text
        assert "3177" not in text.replace(",", ""), ending
        assert "Not for publication" in text
    how = council.page("/embed?indicator=PA04&kind=month")
    assert "3177" not in how.replace(",", "")


def test_what_is_to_be_copied_is_shown_as_text(council: Running) -> None:
    page = council.page("/embed?indicator=PA01")
    found = re.findall(r"(?s)<textarea[^>]*>(.*?)</textarea>", page)
    assert len(found) == 5
    frame = unescape(found[0])
    assert frame.startswith(f'<iframe src="{council.address}/embed/indicators/PA01" title="')
    odd = council.http.get("/embed?indicator=PA01", headers={"Host": 'x"><script>alert(1)'})
    assert "<script>alert" not in odd.text


def test_another_page_may_ask_with_the_mark_that_it_has(council: Running) -> None:
    answer = council.http.options("/embed/indicators/PA01.json")
    assert answer.status_code == 204
    assert answer.headers["access-control-allow-headers"] == "If-None-Match"
    assert json.loads(council.http.get("/embed/indicators/PA01.json").text)["indicator"] == "PA01"


# -- what it asks of the store


def statements(council: Running, work: Any) -> int:
    """How many statements some facts take."""
    reads = council.publisher.reads

    def read() -> None:
        council.publisher.service.store.read_now(lambda tx: work(reads.snapshot(tx)))

    read()  # what readers share is read
    with heard() as seen:
        read()
    return len(seen)


def test_comparing_takes_the_same_few_statements_however_many_indicators(council: Running) -> None:
    def compared(count: int) -> int:
        benchmark = Benchmark("PA90", "area", ["neighbours"])
        more = [
            Indicator(code=f"PX{n}", title=f"PX{n}", formula="a", unit="count", polarity="high",
                      benchmark=benchmark)
            for n in range(count)
        ]  # fmt: skip
        council.say(
            INDICATORS,
            {
                f"{each.code}/2019-09": {**sent("2019-09", 5), "indicator": each.code}
                for each in more
            },
        )

        def work(view: Any) -> None:
            known = [view.catalogue.indicators["PA01"], *more]
            lines = [comparing.lines(view, each) for each in comparing.compared(view, known)]
            assert len(lines) == count + 1

        return statements(council, work)

    assert compared(0) == compared(50)


def test_a_dashboard_takes_the_same_few_statements_however_much_is_pinned(council: Running) -> None:
    council.say(RISKS, {f"risk/Q{n}": risk(f"Q{n}", 2, 3, 6, "medium") for n in range(30)})

    def asked(count: int) -> int:
        texts = [f"risk/Q{n}" for n in range(count)]
        texts += ["indicator/EP02", "indicator/EP01", "finance/directorate/place/general"]
        pins = dashboard(texts).pins

        def work(view: Any) -> None:
            assert None not in tiles(view, pins)

        return statements(council, work)

    assert asked(1) == asked(30)


def test_what_visitors_ask_has_one_answer_on_both_stores(store_url: str) -> None:
    with running(store_url, clock=FixedClock()) as run:
        quarter(run)
        parcels(run)
        assert run.get("/v1/search", q="officers left")["results"][0]["href"] == "/indicators/EP02"
        assert run.get("/v1/search", q="R2")["results"][0]["code"] == "R2"
        assert "3rd of 5, second-best quarter" in text_of(run.page("/compare"))
        said = text_of(run.page(f"/dashboard?{FULL}"))
        assert "66.7%" in said
        assert "over budget" in said
        assert run.http.get("/embed/indicators/PA01.json").json()["text"] == "29"
