"""The strategic pages and evidence in a browser: live, by keyboard, on paper, for a projector."""

import io
from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page, expect
from pypdf import PdfReader

from shared.contracts.topics import INDICATORS, RISKS
from tests.integration.publisher_parcels import FixedClock
from tests.integration.publisher_quarter import QUARTER, correct, freeze, money
from tests.integration.publisher_sample import Q2, risk, value
from tests.integration.publisher_service import Running, running
from tests.integration.publisher_strategic import TODAY, council, many, placed

MEETING = "/strategic/meeting"
pytestmark = pytest.mark.chromium


@pytest.fixture
def run(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Running]:
    url = f"sqlite:///{tmp_path_factory.mktemp('publisher') / 'store.db'}"
    with running(url, clock=FixedClock(TODAY)) as found:
        council(found)
        placed(found)
        yield found


@pytest.fixture
def page(browser: Browser, run: Running) -> Iterator[Page]:
    context = browser.new_context(base_url=run.address)
    tab = context.new_page()
    faults: list[str] = []
    tab.on("pageerror", lambda error: faults.append(str(error)))
    yield tab
    context.close()
    assert faults == []


def alive(tab: Page, path: str) -> None:
    tab.goto(path)
    expect(tab.locator("#live")).to_have_attribute("data-state", "live")


def test_the_first_column_stays_while_the_quarters_scroll(page: Page) -> None:
    page.set_viewport_size({"width": 320, "height": 640})
    page.goto("/strategic")
    region = page.get_by_role("region", name="A quiet place, quarter by quarter")
    region.focus()
    name = region.get_by_role("rowheader")
    before = name.bounding_box()
    region.evaluate("e => e.scrollTo(400, 0)")
    after = name.bounding_box()
    assert before is not None
    assert after is not None
    assert region.evaluate("e => e.scrollLeft") > 100
    assert after["x"] == pytest.approx(before["x"], abs=2)


def test_what_moves_anywhere_moves_on_the_page(page: Page, run: Running) -> None:
    alive(page, "/strategic")
    counts = page.locator('#counts [data-subject="irf-tally/strategic"]')
    expect(counts).to_contain_text("0 are green")
    good = value("EP02", Q2, "91.2", target="75", outcome="green", rule="green: enough")
    run.say(INDICATORS, {"EP02/2019-20-Q2": good})
    cell = page.locator('.irf-quarter[data-subject="EP02/2019-20-Q2"]')
    expect(cell).to_contain_text("91.2%")
    expect(cell.locator(".irf-rag")).to_have_attribute("data-outcome", "green")
    expect(page.locator('.irf-set__newest[data-subject="EP02/2019-20-Q2"]')).to_contain_text(
        "91.2%"
    )
    expect(counts.locator('[data-part="green"]')).to_have_text("1")
    # The verb is put right when the sentence is read again.
    expect(page.locator("#counts")).to_contain_text("1 is green", timeout=15_000)
    late = ("2018-19-Q3", "quarter", "2018-10-01", "2018-12-31")
    run.say(INDICATORS, {"EP02/2018-19-Q3": value("EP02", late, "44", target="75", outcome="red")})
    filled = page.locator('.irf-quarter[data-subject="EP02/2018-19-Q3"]')
    expect(filled).to_contain_text("44.0%")
    expect(filled.locator(".irf-rag")).to_have_text("Red")
    money(run, forecast=1_500)
    expect(page.locator("#money")).to_contain_text("£300 over budget", timeout=15_000)
    run.say(RISKS, {"risk/R2": risk("R2", 5, 5, 25, "very high")})
    expect(page.locator("#top-risks li").first).to_contain_text("The risk R2", timeout=15_000)


def test_on_paper_priorities_stay_whole_and_a_long_table_repeats_its_header(
    page: Page, run: Running
) -> None:
    freeze(run)
    many(run, 40)
    page.goto("/strategic")
    paper = PdfReader(io.BytesIO(page.pdf(prefer_css_page_size=True)))
    texts = [each.extract_text() for each in paper.pages]
    assert 3 <= len(texts) <= 6
    for number, text in enumerate(texts, 1):
        assert f"Page {number} of {len(texts)}" in text
    width, height = (float(each) for each in paper.pages[0].mediabox[2:])
    assert (round(width), round(height)) == (842, 595)
    whole = "\n".join(texts)
    for wanted in ("£60 over budget", "The risk R1", "66.7%", "A green place", "Red"):
        assert wanted in whole
    for chrome in ("Overview", "Show in a meeting", "As reported", "/indicators/", "Search"):
        assert chrome not in whole
    long = [text for text in texts if "LONG" in text]
    assert len(long) >= 2
    assert all("April to June" in " ".join(text.split()) for text in long)
    green = next(text for text in texts if "A green place" in text)
    assert "EV01" in green
    page.emulate_media(media="print")
    link = page.locator(".irf-set__name a").first
    assert link.evaluate("e => getComputedStyle(e).color") == "rgb(0, 0, 0)"
    assert link.evaluate("e => getComputedStyle(e).textDecorationLine") == "none"


def test_a_report_on_paper_says_what_it_is_and_what_moved_since(page: Page, run: Running) -> None:
    freeze(run)
    correct(run)
    page.goto(f"/strategic?report={QUARTER}")
    paper = PdfReader(io.BytesIO(page.pdf(prefer_css_page_size=True)))
    whole = " ".join(" ".join(each.extract_text() for each in paper.pages).split())
    assert "Strategic indicators as reported for July to September 2019" in whole
    assert "Since: 70.9%" in whole
    assert "Live" not in whole


def test_a_meeting_goes_on_by_keys_and_by_links(page: Page) -> None:
    alive(page, MEETING)
    expect(page.locator("h1")).to_have_text("A quiet place")
    expect(page.locator(".irf-header")).to_have_count(0)
    expect(page.get_by_text("Slide 1 of 4")).to_be_visible()
    page.keyboard.press("ArrowLeft")  # there is nothing before
    page.keyboard.press("ArrowRight")
    expect(page.locator("h1")).to_have_text("A green place")
    page.keyboard.press("ArrowLeft")
    expect(page.locator("h1")).to_have_text("A quiet place")
    page.get_by_role("link", name="closed within 10 working days").click()
    expect(page.locator(".irf-slide__value")).to_contain_text("66.7%")
    expect(page.locator(".irf-slide__quarters li")).to_have_count(5)
    page.keyboard.press("ArrowRight")
    expect(page.locator("h1")).to_have_text("The indicator EV01")
    page.keyboard.press("Escape")
    expect(page.locator("h1")).to_have_text("A green place")
    page.keyboard.press("Escape")
    expect(page.locator("h1")).to_have_text("Strategic indicators")


def test_money_and_risks_stand_among_the_slides_and_follow_live(page: Page, run: Running) -> None:
    alive(page, f"{MEETING}?show=priority/b-green")
    page.keyboard.press("ArrowRight")
    expect(page.locator("h1")).to_have_text("Money")
    expect(page.locator("#live")).to_have_attribute("data-state", "live")
    row = page.locator(".irf-slide__list li").first
    expect(row).to_contain_text("£60 over budget")
    assert (
        row.evaluate("e => parseFloat(getComputedStyle(e.querySelector('strong')).fontSize)") > 24
    )
    money(run, forecast=1_500)
    expect(row).to_contain_text("£300 over budget", timeout=15_000)
    page.keyboard.press("PageDown")
    expect(page.locator("h1")).to_have_text("Top risks")
    expect(page.locator("#live")).to_have_attribute("data-state", "live")
    expect(page.get_by_text("Slide 4 of 4")).to_be_visible()
    run.say(RISKS, {"risk/R2": risk("R2", 5, 5, 25, "very high")})
    first = page.locator(".irf-slide__list li").first
    expect(first).to_contain_text("The risk R2", timeout=15_000)
    expect(first).to_contain_text("Very high")
    page.keyboard.press("Escape")
    expect(page.locator("h1")).to_have_text("Strategic indicators")


def test_a_meeting_works_without_scripts(browser: Browser, run: Running) -> None:
    context = browser.new_context(base_url=run.address, java_script_enabled=False)
    tab = context.new_page()
    tab.goto(MEETING)
    expect(tab.locator("#as-of")).to_have_text("As of 9:00am")
    tab.get_by_role("link", name="Next").click()
    expect(tab.locator("h1")).to_have_text("A green place")
    tab.get_by_role("link", name="Next").click()
    expect(tab.locator("li")).to_contain_text(["£60 over budget"])
    tab.get_by_role("link", name="Previous").click()
    tab.get_by_role("link", name="Previous").click()
    expect(tab.locator("h1")).to_have_text("A quiet place")
    context.close()


def test_a_slide_follows_live_and_says_how_fresh_it_is(page: Page, run: Running) -> None:
    page.clock.install(time="2019-11-20T10:42:00Z")
    alive(page, MEETING)
    page.clock.run_for(2_000)
    expect(page.locator("#as-of")).to_have_text("As of 10:42am, live")
    good = value("EP02", Q2, "91.2", target="75", outcome="green", rule="green: enough")
    run.say(INDICATORS, {"EP02/2019-20-Q2": good})
    shown = page.locator('[data-subject="EP02/2019-20-Q2"]')
    expect(page.locator("#live")).to_have_attribute("data-state", "live")
    for _ in range(40):
        page.clock.run_for(500)
        if "91.2%" in shown.inner_text():
            break
    expect(shown).to_contain_text("91.2%")
    expect(shown).to_contain_text("Green")


def test_a_screen_that_slept_says_so_and_reads_again(page: Page, run: Running) -> None:
    page.clock.install(time="2019-11-20T10:42:00Z")
    alive(page, MEETING)
    page.clock.run_for(2_000)
    expect(page.locator("#as-of")).to_have_text("As of 10:42am, live")
    page.context.set_offline(True)
    page.clock.fast_forward("01:00:00")
    page.clock.run_for(1_000)
    expect(page.locator("#as-of")).to_contain_text("Out of date: as of 10:42am")
    expect(page.locator("#as-of")).to_have_attribute("data-state", "woken")
    better = value("EP02", Q2, "88", target="75", outcome="green", rule="green: enough")
    run.say(INDICATORS, {"EP02/2019-20-Q2": better})
    page.context.set_offline(False)
    with page.expect_navigation():
        page.clock.run_for(6_000)
    expect(page.locator('[data-subject="EP02/2019-20-Q2"]')).to_contain_text("88.0%")
