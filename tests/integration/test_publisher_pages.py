"""The pages: whole without a script, alive with one, and without a fault that axe can find."""

import re
from collections.abc import Iterator
from typing import Any

import pytest
from playwright.sync_api import Browser, ConsoleMessage, Page, expect

from shared.contracts.topics import FINANCE, INDICATORS, RISKS
from tests.integration.publisher_sample import Q1, Q2, Q3, control, risk, sample, spend, value
from tests.integration.publisher_service import Running, eventually, running

PAGES = (
    "/",
    "/services/environmental-health",
    "/themes/climate",
    "/themes/living-well",
    "/strategic",
    "/indicators/EP02",
    "/indicators/EP02?kind=month",
    "/indicators/EP03",
    "/indicators/EP02/values/2019-20-Q2",
    "/indicators/EP02/values/2019-20-Q2?breakdown=kind%3DNoise%2520Request",
    "/finance",
    "/risks",
    "/contracts",
    "/finance/spending",
)
WRONG = (
    ("/nothing", 404),
    ("/services/nothing", 404),
    ("/themes/nothing", 404),
    ("/indicators/nothing", 404),
    ("/indicators/%3Cscript%3Ealert(1)%3C%2Fscript%3E", 404),
    ("/indicators/EP02?kind=fortnight", 400),
    ("/indicators/EP02?period=2019-20-Q9", 400),
    ("/indicators/EP02?period=1998-99", 404),
    (f"/indicators/EP02?kind={'x' * 5000}", 400),
    ("/indicators/EP02/values/yesterday", 400),
    ("/indicators/EP02/values/2019-20-Q2?breakdown=shoe", 400),
    ("/finance?ledger=nothing", 404),
    ("/finance?year=1066", 400),
    ("/finance/spending?ledger=nothing", 404),
    ("/finance/spending?year=1066", 400),
)
JUDGED: dict[str, Any] = {"target": "75", "outcome": "red", "rule": "red: too low"}
GREEN: dict[str, Any] = {"target": "75", "outcome": "green", "rule": "green: 91.2 is at least 75"}


@pytest.fixture(scope="module")
def shared_council(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Running]:
    """A publisher for every test here."""
    with running(f"sqlite:///{tmp_path_factory.mktemp('publisher') / 'store.db'}") as run:
        yield run


@pytest.fixture
def council(shared_council: Running) -> Running:
    """The publisher with the sample as it was at first."""
    sample(shared_council)
    return shared_council


@pytest.fixture
def page(browser: Browser, council: Running) -> Iterator[Page]:
    """A tab that fails the test on any error in its console."""
    context = browser.new_context(base_url=council.address, reduced_motion="no-preference")
    tab = context.new_page()
    faults: list[str] = []
    tab.on("pageerror", lambda error: faults.append(str(error)))
    tab.on("console", lambda said: faults.append(said.text) if is_fault(said) else None)
    yield tab
    context.close()
    assert faults == []


def is_fault(said: ConsoleMessage) -> bool:
    """An error of the page; that a test cut its stream is none."""
    return said.type == "error" and "net::ERR_" not in said.text


def alive(tab: Page, path: str) -> None:
    """Opens a page and waits for its stream."""
    tab.goto(path)
    expect(tab.locator("#live")).to_have_attribute("data-state", "live")


@pytest.mark.parametrize("path", PAGES)
def test_every_page_is_whole_without_a_script(council: Running, path: str) -> None:
    text = council.page(path)
    assert '<html lang="en-GB"' in text
    assert text.count("<h1") == 1
    assert "Sample data" in text
    for inline in (" style=", " onclick=", "<style", "GOV.UK", "crown"):
        assert inline not in text
    assert not re.search(r"<script(?![^>]*\bsrc=)", text)
    assert not re.search(r'(?:src|href)="(?:https?:)?//', text)


@pytest.mark.parametrize(("path", "status"), WRONG)
def test_a_wrong_address_gets_a_friendly_page(council: Running, path: str, status: int) -> None:
    text = council.page(path, status)
    assert "Go to the overview" in text
    assert "<script>alert" not in text


def test_what_a_record_says_is_shown_as_text(council: Running) -> None:
    text = council.page("/indicators/EP02/values/2019-20-Q2")
    assert "&lt;script&gt;alert(1)&lt;/script&gt;" in text
    assert "<script>alert" not in text


def test_files_are_a_fixed_list(council: Running) -> None:
    assert council.http.get("/static/irf.css").status_code == 200
    for name in ("../settings.py", "%2e%2e%2fsettings.py", "site.py", "irf.css%00"):
        assert council.http.get(f"/static/{name}").status_code == 404


def test_the_stylesheet_wears_no_crown_typeface(council: Running, assets: None) -> None:
    css = council.http.get("/static/govuk-frontend.min.css").text
    assert "GDS Transport" not in css
    assert "@font-face" not in css
    assert "/assets/" not in css


def test_the_overview_counts_as_councils_do(council: Running) -> None:
    text = re.sub(r"<[^>]+>", "", council.page("/"))
    assert "0 of 1 indicators with a target are green. 0 amber, 1 red." in text
    assert "£123,000.00 net" in re.sub(r"\s+", " ", text)


def test_without_definitions_the_pages_still_answer(sqlite_url: str) -> None:
    with running(sqlite_url) as run:
        for path in ("/", "/strategic", "/finance", "/risks", "/contracts"):
            assert "<h1" in run.page(path)
        assert "No contracts are registered yet" in run.page("/contracts")


@pytest.mark.chromium
def test_a_long_amount_breaks_rather_than_widens_a_narrow_screen(
    page: Page, council: Running
) -> None:
    council.say(FINANCE, {"control/procurement-cards": control(987_654_321_012_34, 0, 42)})
    page.set_viewport_size({"width": 320, "height": 640})
    page.goto("/finance/spending")
    expect(page.locator(".irf-hero__value")).to_have_text("£987,654,321,012.34")
    assert page.evaluate("document.documentElement.scrollWidth") <= 320


@pytest.mark.chromium
def test_a_correction_moves_exactly_its_figures_without_a_reload(
    page: Page, council: Running
) -> None:
    alive(page, "/indicators/EP02")
    page.evaluate("window.same = true")
    row = page.locator('tr[data-subject="EP02/2019-20-Q2"]')
    other = page.locator('tr[data-subject="EP02/2019-20-Q1"]')
    before = other.inner_text()
    council.say(INDICATORS, {"EP02/2019-20-Q2": value("EP02", Q2, "91.2", **GREEN)})
    expect(page.locator(".irf-hero__value")).to_have_text("91.2%")
    expect(row.locator('[data-part="value"]')).to_have_text("91.2%")
    expect(row.locator(".irf-rag")).to_have_text("Green")
    expect(row.locator(".irf-rag")).to_have_attribute("data-outcome", "green")
    expect(row.locator(".irf-trend")).to_contain_text("Up 9.9 percentage points")
    expect(page.locator("#announcer")).to_contain_text("91.2%, Green", timeout=8000)
    assert other.inner_text() == before
    assert page.evaluate("window.same") is True


@pytest.mark.chromium
def test_a_corrected_quarter_moves_the_trend_of_the_next(page: Page, council: Running) -> None:
    alive(page, "/indicators")
    row = page.locator('tr[data-subject="EP02/2019-20-Q2"]')
    council.say(INDICATORS, {"EP02/2019-20-Q1": value("EP02", Q1, "60", **JUDGED)})
    expect(row.locator(".irf-trend")).to_contain_text("Up 6.7 percentage points")


@pytest.mark.chromium
def test_the_overview_counts_again_and_says_what_changed(page: Page, council: Running) -> None:
    alive(page, "/")
    council.say(INDICATORS, {"EP02/2019-20-Q2": value("EP02", Q2, "91.2", **GREEN)})
    counted = page.locator('[data-subject="irf-tally/council"]').first
    expect(counted.locator('[data-part="green"]')).to_have_text("1")
    expect(counted.locator('[data-part="red"]')).to_have_text("0")
    first = page.locator("#recent li").first
    expect(first).to_contain_text("91.2%")
    expect(first.locator("a")).to_have_attribute("href", "/indicators/EP02/values/2019-20-Q2")


@pytest.mark.chromium
def test_a_new_quarter_takes_the_place_of_the_old_one(page: Page, council: Running) -> None:
    alive(page, "/strategic")
    council.say(INDICATORS, {"EP02/2019-20-Q3": value("EP02", Q3, "77", **GREEN)})
    moved = page.locator('.irf-set__newest[data-subject="EP02/2019-20-Q3"]')
    expect(moved).to_contain_text("77.0%", timeout=10_000)
    council.say(INDICATORS, {"EP02/2019-20-Q3": None})
    stands = page.locator('.irf-set__newest[data-subject="EP02/2019-20-Q2"]')
    expect(stands).to_have_count(1, timeout=10_000)


@pytest.mark.chromium
def test_money_and_risks_move_too(page: Page, council: Running) -> None:
    alive(page, "/finance/spending")
    council.say(
        FINANCE,
        {
            "control/procurement-cards": control(200_000_00, 0, 50),
            "spend/procurement-cards/Parks/2024-06": spend("Parks", "2024-06", 9_999_00, 0, 1),
        },
    )
    expect(page.locator(".irf-hero__value")).to_have_text("£200,000.00")
    expect(page.locator("#spending")).to_contain_text("June 2024", timeout=10_000)
    alive(page, "/risks")
    council.say(RISKS, {"risk/R2": risk("R2", 5, 5, 25, "very high")})
    expect(page.locator('tr[data-subject="risk/R2"] [data-part="score"]')).to_have_text("25")
    council.say(RISKS, {"risk/R2": None})
    expect(page.locator('tr[data-subject="risk/R2"]')).to_have_count(0, timeout=10_000)


@pytest.mark.chromium
def test_a_page_that_lost_its_stream_catches_up_and_says_so(page: Page, council: Running) -> None:
    alive(page, "/indicators/EP02")
    page.context.set_offline(True)
    for client in list(council.publisher.feed._clients):
        council.loop.call_soon_threadsafe(client.hang_up)
    expect(page.locator("#live")).to_have_attribute("data-state", "reconnecting", timeout=10_000)
    council.say(INDICATORS, {"EP02/2019-20-Q2": value("EP02", Q2, "12.3", **JUDGED)})
    page.context.set_offline(False)
    expect(page.locator(".irf-hero__value")).to_have_text("12.3%", timeout=30_000)
    expect(page.locator("#live")).to_have_attribute("data-state", "live")


@pytest.mark.chromium
def test_a_resync_brings_the_page_up_to_date(page: Page, council: Running) -> None:
    alive(page, "/indicators/EP02")
    page.evaluate("document.querySelector('.irf-hero__value').textContent = 'old'")
    council.loop.call_soon_threadsafe(council.publisher.feed.rebuilt)
    expect(page.locator(".irf-hero__value")).to_have_text("66.7%", timeout=10_000)


@pytest.mark.chromium
def test_a_burst_repaints_at_most_four_times_a_second(page: Page, council: Running) -> None:
    alive(page, "/indicators/EP02")
    page.evaluate(
        """() => {
            window.paints = 0;
            const shown = document.querySelector('.irf-hero__value');
            new MutationObserver(() => window.paints++).observe(shown, {childList: true});
        }"""
    )
    for number in range(60):
        council.say(INDICATORS, {"EP02/2019-20-Q2": value("EP02", Q2, f"{number}.5", **JUDGED)})
    expect(page.locator(".irf-hero__value")).to_have_text("59.5%")
    seconds = eventually(lambda: page.evaluate("performance.now() / 1000"))
    assert page.evaluate("window.paints") <= 4 * seconds + 1


@pytest.mark.chromium
def test_a_page_works_without_scripts(browser: Browser, council: Running) -> None:
    context = browser.new_context(base_url=council.address, java_script_enabled=False)
    tab = context.new_page()
    tab.goto("/")
    tab.get_by_role("link", name="Neighbourhood services").click()
    tab.get_by_role("link", name="Environmental health", exact=True).first.click()
    tab.get_by_role("link", name="closed within 10 working days").click()
    expect(tab.locator(".irf-hero__value")).to_have_text("66.7%")
    expect(tab.locator("#live")).to_be_hidden()
    tab.get_by_role("link", name="How this figure was worked out").click()
    expect(tab.locator("h1")).to_have_text("How this figure was worked out")
    context.close()
