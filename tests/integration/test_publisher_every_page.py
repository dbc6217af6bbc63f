"""Every page as people use it: with a screen reader, by keyboard, enlarged, on paper, in colours of
their own, without a script, and on a line that is slow."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser

from tests import pages
from tests.integration import eyes
from tests.integration.everybody import NARROW, Seen, may_do_little, opened
from tests.integration.publisher_risks import Stopped
from tests.integration.publisher_service import Running, running
from tests.integration.publisher_whole import whole

# Of one kind of page, one address is walked by keyboard and opened without a script.
ONE_OF_EACH = {kind.small[0] for kind in pages.PUBLISHER}
FRAMED = "/embed/"


@pytest.fixture(scope="module")
def council(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Running]:
    """A publisher that has something on every page."""
    url = f"sqlite:///{tmp_path_factory.mktemp('publisher') / 'store.db'}"
    with running(url, clock=Stopped()) as run:
        whole(run)
        yield run


@pytest.fixture(scope="module")
def seen(browser: Browser, council: Running) -> Iterator[Seen]:
    with opened(browser, council.address) as found:
        yield found


def test_every_page_of_the_service_is_in_the_table(council: Running) -> None:
    known = {kind.route for kind in pages.PUBLISHER}
    assert pages.pages(council.publisher.service.routers) == known
    assert all(kind.small for kind in pages.PUBLISHER)


@pytest.mark.parametrize("path", pages.small(pages.PUBLISHER))
def test_every_page_is_strict_about_what_it_may_do(council: Running, path: str) -> None:
    answer = council.http.get(path)
    assert answer.status_code == (404 if path.rpartition("/")[2].startswith("nothing") else 200)
    may_do_little(answer, framed=path.startswith(FRAMED))


@pytest.mark.chromium
@pytest.mark.parametrize("path", pages.small(pages.PUBLISHER))
def test_every_page_is_for_everybody(seen: Seen, path: str) -> None:
    assert seen.faults(path, closely=path in ONE_OF_EACH) == {}


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
    tab.emulate_media(forced_colors="active")
    tab.locator("main").evaluate(
        """main => {
            const pale = document.createElement("p");
            pale.textContent = "Too pale";
            pale.style.forcedColorAdjust = "none";
            pale.style.color = "#eee";
            pale.style.background = "#fff";
            main.append(pale);
        }"""
    )
    assert "color-contrast: <p" in str(eyes.axe_finds(tab, eyes.OF_COLOURS))
    found = str(seen.without_a_script("/"))
    assert "Too pale" in found
