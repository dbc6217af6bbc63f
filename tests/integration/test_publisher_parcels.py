"""The pages of an indicator that has one of everything, in a browser."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page, expect

from shared.contracts.topics import INDICATORS
from tests.integration.publisher_parcels import FixedClock, parcels, sent
from tests.integration.publisher_service import Running, running

pytestmark = pytest.mark.chromium


@pytest.fixture(scope="module")
def council(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Running]:
    """A publisher on 15 October 2019."""
    url = f"sqlite:///{tmp_path_factory.mktemp('publisher') / 'store.db'}"
    with running(url, clock=FixedClock()) as run:
        parcels(run)
        crossed = {"field": "ward & kind", "member": "Abbey & Box",
                   "parts": {"ward": "Abbey", "kind": "Box"}}  # fmt: skip
        few = sent("2019-09", 4, small=True, breakdown=crossed)
        run.say(INDICATORS, {"PA01/2019-09": sent("2019-09", 28),
                             "PA01/2019-09/ward=Abbey&kind=Box": few})  # fmt: skip
        run.say(INDICATORS, {"PA01/2019-09": sent("2019-09", 29)}, batch="batch-2")
        yield run


@pytest.fixture
def page(browser: Browser, council: Running) -> Iterator[Page]:
    """A tab."""
    tab = browser.new_page(base_url=council.address)
    yield tab
    tab.close()


def test_the_chart_tells_its_limits_its_break_and_what_is_unusual(page: Page) -> None:
    page.goto("/indicators/PA01")
    drawn = page.locator(".irf-chart")
    assert drawn.locator(".limits_marks path").count() == 1
    assert drawn.locator(".break_marks line").count() == 1
    assert drawn.locator(".unusual_marks path").count() >= 1
    told = page.locator("#chart")
    expect(told).to_contain_text("Break (dotted line). From June 2019: counted by barcode")
    expect(told).to_contain_text("A ring marks a figure that is more than usual")
    expect(told).to_contain_text("A hollow point is unfinished or provisional")
    # Once in a title and a description for who does not see it, and no part is read out.
    assert drawn.get_attribute("role") == "img"
    assert drawn.locator("[role]").count() == 0


def test_a_mark_appears_and_goes_as_the_figure_moves(page: Page, council: Running) -> None:
    page.goto("/indicators/PA01?period=2019-08")
    expect(page.locator("#live")).to_have_attribute("data-state", "live")
    row = page.locator('tr[data-subject="PA01/2019-08"]')
    expect(row.locator('[data-part="marks"]')).to_have_text("")
    few = sent("2019-08", 3, small=True, status="provisional")
    council.say(INDICATORS, {"PA01/2019-08": few})
    expect(row.locator('[data-part="value"]')).to_have_text("3")
    expect(row.locator('[data-part="marks"]')).to_have_text("(P, S)")
    hero = page.locator(".irf-hero")
    expect(hero.locator('[data-part="small"]')).to_have_text(
        "Rests on fewer than 5: not for publication"
    )
    council.say(INDICATORS, {"PA01/2019-08": sent("2019-08", 31)})
    expect(row.locator('[data-part="marks"]')).to_have_text("")
    expect(hero.locator('[data-part="standing"]')).to_have_text("Final.")


def test_versions_are_a_way_back_and_forth(page: Page) -> None:
    page.goto("/indicators/PA01?period=2019-09")
    page.locator("#history a").first.click()
    expect(page.locator("h1")).to_have_text("How this figure was worked out")
    page.goto("/indicators/PA01/values/2019-09?version=2")
    expect(page.locator(".irf-hero__value")).to_have_text("28")
    page.get_by_role("link", name="See it as it is now").click()
    expect(page.locator(".irf-hero__value")).to_have_text("29")
