"""Figures that move while people look: in several browsers at once, no more often than anybody can
read, out of sight not at all, and for as long as a page stays open."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, BrowserContext, CDPSession, Page, expect

from shared.contracts.topics import INDICATORS
from tests.integration.publisher_parcels import MONTHS, FixedClock, parcels, sent
from tests.integration.publisher_sample import Q2, sample, value
from tests.integration.publisher_service import Running, eventually, running

FIGURE = "EP02/2019-20-Q2"
SHOWN = f'tr[data-subject="{FIGURE}"] [data-part="value"]'
# What the page hears, what of it is painted over, and a tab that can be put out of sight.
WATCHED = """
window.heard = 0;
window.away = false;
Object.defineProperty(document, "hidden", {get: () => window.away});
window.EventSource = class extends EventSource {
    constructor(address) {
        super(address);
        this.addEventListener("indicators", () => { window.heard += 1; });
    }
};
window.watch = () => {
    window.moved = new Set();
    window.said = [];
    window.paints = 0;
    const whose = (node) => (node.nodeType === 1 ? node : node.parentElement);
    new MutationObserver((all) => {
        let painted = false;
        for (const {target} of all) {
            const at = whose(target);
            if (!at || at.closest("#live")) continue;
            if (at.closest("#announcer")) {
                window.said.push(at.textContent);
                continue;
            }
            painted = true;
            window.moved.add(at.closest("[data-subject]")?.dataset.subject ?? at.outerHTML);
        }
        window.paints += painted ? 1 : 0;
    }).observe(document.querySelector("main"),
        {childList: true, characterData: true, subtree: true});
};
"""


@pytest.fixture(scope="module")
def shared_council(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Running]:
    """A publisher for every test here."""
    url = f"sqlite:///{tmp_path_factory.mktemp('publisher') / 'store.db'}"
    with running(url, clock=FixedClock()) as run:
        sample(run)
        parcels(run)
        yield run


@pytest.fixture
def council(shared_council: Running) -> Running:
    """The publisher with the figure as it was at first, once its feed has told of it."""
    change(shared_council, "66.7")
    cursor = int(shared_council.get("/v1/indicators")["cursor"].rpartition("-")[2])
    eventually(lambda: shared_council.publisher.feed.position >= cursor)
    return shared_council


@pytest.fixture
def person(browser: Browser, council: Running) -> Iterator[BrowserContext]:
    """Somebody's browser."""
    with browser.new_context(base_url=council.address) as context:
        yield context


@pytest.fixture
def other(browser: Browser, council: Running) -> Iterator[BrowserContext]:
    """Somebody else's."""
    with browser.new_context(base_url=council.address) as context:
        yield context


def opened(context: BrowserContext, path: str = "/indicators") -> Page:
    """A tab whose page lives, and whose clock a test can move on."""
    tab = context.new_page()
    tab.add_init_script(WATCHED)
    tab.clock.install()
    tab.goto(path)
    expect(tab.locator("#live")).to_have_attribute("data-state", "live")
    tab.evaluate("watch()")
    return tab


def change(run: Running, number: str) -> None:
    run.say(INDICATORS, {FIGURE: value("EP02", Q2, number, target="75", outcome="red")})


def hears(tab: Page, count: int) -> None:
    """Waits until a page has heard of so many changes."""
    eventually(lambda: tab.evaluate("window.heard") >= count)


def moved(tab: Page) -> list[str]:
    """Whose parts were painted over."""
    found: list[str] = tab.evaluate("[...window.moved]")
    return found


@pytest.mark.chromium
def test_two_browsers_repaint_what_changed_and_say_so_once(
    person: BrowserContext, other: BrowserContext, council: Running
) -> None:
    tabs = [opened(person), opened(other)]
    change(council, "71.5")
    for tab in tabs:
        expect(tab.locator(SHOWN)).to_have_text("71.5%")
    for tab in tabs:
        announcer = tab.locator("#announcer")
        expect(announcer).to_have_attribute("aria-live", "polite")
        tab.clock.fast_forward(6_000)
        expect(announcer).to_contain_text("71.5%")
        tab.clock.fast_forward(20_000)
        assert len(tab.evaluate("window.said")) == 1
        assert moved(tab) == [FIGURE]


@pytest.mark.chromium
def test_out_of_sight_nothing_is_painted_until_it_is_looked_at(
    person: BrowserContext, council: Running
) -> None:
    tab = opened(person)
    tab.evaluate("window.away = true; document.dispatchEvent(new Event('visibilitychange'))")
    for number in ("20.5", "30.5", "40.5"):
        heard = tab.evaluate("window.heard")
        change(council, number)
        hears(tab, heard + 1)
        tab.clock.fast_forward(2_000)
    assert moved(tab) == []
    assert tab.locator(SHOWN).inner_text() == "66.7%"
    tab.evaluate("window.away = false; document.dispatchEvent(new Event('visibilitychange'))")
    tab.clock.fast_forward(300)
    expect(tab.locator(SHOWN)).to_have_text("40.5%")
    assert moved(tab) == [FIGURE]
    assert tab.evaluate("window.paints") == 1


@pytest.mark.chromium
def test_a_burst_is_painted_four_times_a_second_at_most(
    person: BrowserContext, council: Running
) -> None:
    tab = opened(person)
    tab.clock.pause_at(tab.evaluate("Date.now() / 1000") + 60)
    for number in range(50):
        heard = tab.evaluate("window.heard")
        change(council, f"{number}.5")
        hears(tab, heard + 1)
        tab.clock.run_for(20)  # fifty of these are a second of the page's own time
    painted = tab.evaluate("window.paints")
    assert 2 <= painted <= 4
    tab.clock.run_for(300)
    assert tab.locator(SHOWN).inner_text() == "49.5%"
    assert tab.evaluate("window.paints") <= painted + 1


@pytest.mark.chromium
def test_a_page_that_hears_nothing_says_since_when(
    person: BrowserContext, council: Running
) -> None:
    tab = opened(person)
    person.set_offline(True)
    for client in list(council.publisher.feed._clients):
        council.loop.call_soon_threadsafe(client.hang_up)
    light = tab.locator("#live")
    expect(light).to_have_attribute("data-state", "reconnecting", timeout=10_000)
    expect(light).to_contain_text("figures may be out of date")
    tab.clock.fast_forward(31_000)
    expect(light).to_have_attribute("data-state", "stale")
    expect(light).to_contain_text("Out of date: nothing heard since")
    assert light.is_visible()


@pytest.mark.chromium
@pytest.mark.parametrize("path", ["/", "/indicators/PA01"])
def test_a_page_that_stays_open_does_not_grow(
    person: BrowserContext, council: Running, path: str
) -> None:
    tab = opened(person, path)
    session = person.new_cdp_session(tab)
    session.send("Performance.enable")
    many(council, tab, 0, 200)
    first = measured(tab, session)
    many(council, tab, 200, 2_000)
    last = measured(tab, session)
    # Two hundred changes reach every part of the page; eighteen hundred more only the same parts.
    assert last["Nodes"] <= first["Nodes"] * 1.25
    assert last["JSEventListeners"] <= first["JSEventListeners"] * 1.25
    assert last["Documents"] <= first["Documents"] + 1
    assert last["JSHeapUsedSize"] <= first["JSHeapUsedSize"] * 1.4


def many(run: Running, tab: Page, start: int, end: int) -> None:
    """Changes from the one number to the other, each of which the page hears and paints."""
    at_once = len(MONTHS)
    for first in range(start, end, at_once):
        heard = tab.evaluate("window.heard")
        run.say(
            INDICATORS,
            {f"PA01/{month}": sent(month, first + n) for n, month in enumerate(MONTHS)},
        )
        hears(tab, heard + at_once)
        tab.clock.fast_forward(1_000)  # painted, and now and then sections are read again


def measured(tab: Page, session: CDPSession) -> dict[str, float]:
    """What the page holds once what it dropped is collected."""
    for _ in range(3):
        session.send("HeapProfiler.collectGarbage")
    found = session.send("Performance.getMetrics")["metrics"]
    return {each["name"]: each["value"] for each in found}
