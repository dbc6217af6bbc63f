"""Every page as people use it: with a screen reader, by keyboard, enlarged, on paper, in colours of
their own, without a script, and on a line that is slow."""

from collections.abc import Iterator
from dataclasses import dataclass, field

import pytest
from playwright.sync_api import (
    Browser,
    BrowserContext,
    CDPSession,
    Page,
    ViewportSize,
)

from tests import pages
from tests.integration import eyes
from tests.integration.eyes import axe_finds
from tests.integration.publisher_risks import Stopped
from tests.integration.publisher_service import Running, running
from tests.integration.publisher_whole import whole

WIDE: ViewportSize = {"width": 1280, "height": 900}
NARROW: ViewportSize = {"width": 320, "height": 640}
# The room for words on a sheet of A4, upright and lying, in CSS pixels.
UPRIGHT, LYING = 718, 1032
# Of one kind of page, one address is walked by keyboard and opened without a script.
ONE_OF_EACH = [kind.small[0] for kind in pages.PUBLISHER]
FRAMED = ("/embed/indicators/", "/embed/finance/", "/embed/risks/")


@dataclass
class Seen:
    """A browser with an open tab, and what was wrong in it meanwhile."""

    address: str
    tab: Page
    keys: CDPSession
    plain: BrowserContext
    faults: list[str] = field(default_factory=list)

    def open(self, path: str) -> None:
        self.faults.clear()
        self.tab.emulate_media(media="screen", forced_colors="none")
        self.tab.set_viewport_size(WIDE)
        self.tab.goto(path)


@pytest.fixture(scope="module")
def council(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Running]:
    """A publisher that has something on every page."""
    url = f"sqlite:///{tmp_path_factory.mktemp('publisher') / 'store.db'}"
    with running(url, clock=Stopped()) as run:
        whole(run)
        yield run


@pytest.fixture(scope="module")
def seen(browser: Browser, council: Running) -> Iterator[Seen]:
    """A tab that notes every fault in its console, and whatever it asks of anybody else."""
    context = browser.new_context(base_url=council.address)
    tab = context.new_page()
    plain = browser.new_context(base_url=council.address, java_script_enabled=False, viewport=WIDE)
    found = Seen(council.address, tab, context.new_cdp_session(tab), plain)
    tab.on("pageerror", lambda error: found.faults.append(str(error)))
    tab.on(
        "console",
        # That a page was not found is what its own status says.
        lambda said: (
            found.faults.append(said.text)
            if said.type in ("error", "warning") and "404" not in said.text
            else None
        ),
    )
    tab.on(
        "request",
        lambda asked: (
            None
            if asked.url.startswith((f"{council.address}/", "data:"))
            else found.faults.append(asked.url)
        ),
    )
    yield found
    plain.close()
    context.close()


def test_every_page_of_the_service_is_in_the_table(council: Running) -> None:
    known = {kind.route for kind in pages.PUBLISHER}
    assert pages.pages(council.publisher.service.routers) == known
    assert all(kind.small for kind in pages.PUBLISHER)


@pytest.mark.parametrize("path", pages.small(pages.PUBLISHER))
def test_every_page_is_strict_about_what_it_may_do(council: Running, path: str) -> None:
    answer = council.http.get(path)
    assert answer.status_code == (404 if path.rpartition("/")[2].startswith("nothing") else 200)
    rules = dict(
        part.strip().partition(" ")[::2]
        for part in answer.headers["content-security-policy"].split(";")
    )
    assert "unsafe" not in str(rules)
    assert rules["default-src"] in ("'self'", "'none'")
    assert rules.get("script-src", rules["default-src"]) in ("'self'", "'none'")
    assert rules["style-src"] == "'self'"
    assert rules["base-uri"] == "'none'"
    assert rules["frame-ancestors"] == ("'self'" if path.startswith(FRAMED) else "'none'")
    assert answer.headers["x-content-type-options"] == "nosniff"
    assert answer.headers["referrer-policy"] == "same-origin"
    for inline in (" style=", " onclick=", " onload=", "<style", "javascript:"):
        assert inline not in answer.text
    assert answer.text.count("<h1") == 1


@pytest.mark.chromium
@pytest.mark.parametrize("path", pages.small(pages.PUBLISHER))
def test_every_page_is_for_everybody(seen: Seen, path: str) -> None:
    seen.open(path)
    tab = seen.tab
    assert tab.evaluate(eyes.CUT_OR_OVER) == []
    # What is enlarged four times on a screen of 1280 has the room of 320.
    tab.set_viewport_size(NARROW)
    assert tab.evaluate(eyes.CUT_OR_OVER) == []
    assert axe_finds(seen.tab) == []
    lying = tab.locator(".irf-wide, .irf-strategic").count() > 0
    tab.set_viewport_size({"width": LYING if lying else UPRIGHT, "height": 900})
    tab.emulate_media(media="print", forced_colors="none")
    assert tab.evaluate(eyes.ON_PAPER) == []
    assert seen.faults == []


@pytest.mark.chromium
@pytest.mark.parametrize("path", ONE_OF_EACH)
def test_every_page_is_read_in_colours_of_ones_own(seen: Seen, path: str) -> None:
    seen.open(path)
    seen.tab.emulate_media(forced_colors="active")
    assert axe_finds(seen.tab) == []
    assert seen.tab.evaluate(eyes.COLOUR_ALONE) == []


@pytest.mark.chromium
@pytest.mark.parametrize("path", ONE_OF_EACH)
def test_every_page_is_used_by_keyboard_alone(seen: Seen, path: str) -> None:
    seen.open(path)
    for _ in range(seen.tab.evaluate(eyes.REACHABLE) + 1):
        seen.keys.send(
            "Input.dispatchKeyEvent",
            {"type": "rawKeyDown", "key": "Tab", "code": "Tab", "windowsVirtualKeyCode": 9},
        )
    assert seen.tab.evaluate(eyes.MISSED) == []
    for summary in seen.tab.locator("main summary").all()[:2]:
        opened = "each => each.parentElement.open"
        before = summary.evaluate(opened)
        summary.press("Enter")
        assert summary.evaluate(opened) is not before


@pytest.mark.chromium
@pytest.mark.parametrize("path", ONE_OF_EACH)
def test_every_page_says_the_same_without_a_script(seen: Seen, path: str) -> None:
    seen.open(path)
    tab = seen.plain.new_page()
    try:
        tab.goto(path)
        assert tab.evaluate(eyes.WORDS) == seen.tab.evaluate(eyes.WORDS)
        assert tab.evaluate(eyes.USABLE) == seen.tab.evaluate(eyes.USABLE)
    finally:
        tab.close()


# The checks themselves


@pytest.mark.chromium
def test_a_page_that_is_not_for_everybody_is_found_out(seen: Seen) -> None:
    seen.open("/finance/monitoring")
    tab = seen.tab
    tab.set_viewport_size(NARROW)
    tab.locator("main").evaluate(
        """main => {
            const [one, two, wide] = [1, 2, 3].map(() => document.createElement("p"));
            one.textContent = two.textContent = "One over the other";
            two.style.marginTop = "-1.3em";
            one.style.marginBottom = "0";
            wide.textContent = "Wider than the screen";
            wide.style.marginLeft = "400px";
            wide.style.whiteSpace = "nowrap";
            main.append(one, two, wide);
        }"""
    )
    found = str(tab.evaluate(eyes.CUT_OR_OVER))
    for fault in ("over each other: One over", "off the page: Wider", "in a window of 320"):
        assert fault in found
    tab.emulate_media(media="print")
    tab.locator("main").evaluate(
        "main => main.querySelectorAll('.irf-scroll').forEach(e => e.style.overflowX = 'auto')"
    )
    assert "a table that scrolls" in tab.evaluate(eyes.ON_PAPER)
    seen.open("/")
    tab.evaluate(eyes.REACHABLE)
    assert any("instead of" in each for each in tab.evaluate(eyes.MISSED))
