"""The forms as a browser shows them: readable by everybody, on any screen, without scripts."""

from collections.abc import Iterator
from typing import Any

import pytest
from playwright.sync_api import Browser, BrowserContext

from shared.identity.identity import COOKIE
from tests.integration.ingest_forms import OFFICER, OWNER, QUARTER, council
from tests.integration.ingest_whole import REVIEW, served

pytestmark = pytest.mark.chromium


@pytest.fixture(scope="module")
def address(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The service with a council in force and a quarter being collected."""
    with served(f"sqlite:///{tmp_path_factory.mktemp('forms') / 'ingest.db'}", council()) as run:
        run.does(OFFICER, f"/cycle/{QUARTER}", "to-collecting")
        yield run.address


def acting(browser: Browser, address: str, persona: str, **more: Any) -> BrowserContext:
    """A browser in which a persona was chosen before."""
    context = browser.new_context(base_url=address, **more)
    context.add_cookies([{"name": COOKIE, "value": persona, "url": address}])
    return context


def test_somebody_writes_is_warned_and_confirms_without_a_script(
    browser: Browser, address: str
) -> None:
    tab = acting(browser, address, OWNER, java_script_enabled=False).new_page()
    tab.goto(REVIEW)
    tab.get_by_label("What happened").fill("Ring 020 7946 0018")
    tab.get_by_role("button", name="Save commentary").click()
    assert tab.title().startswith("Error: ")
    summary = tab.get_by_role("alert")
    assert "telephone number" in summary.inner_text()
    assert tab.get_by_label("What happened").input_value() == "Ring 020 7946 0018"
    tab.get_by_label("Keep it as it is").check()
    tab.get_by_role("button", name="Save commentary").click()
    assert "Received" in tab.get_by_role("heading", level=1).inner_text()


def test_a_page_of_another_site_cannot_choose_who_acts(browser: Browser, address: str) -> None:
    tab = browser.new_context().new_page()
    tab.route(
        "http://elsewhere.test/",
        lambda route: route.fulfill(
            content_type="text/html",
            body=f'<form method="post" action="{address}/who"><input name="person" '
            f'value="{OWNER}"><button>Win a prize</button></form>',
        ),
    )
    tab.goto("http://elsewhere.test/")
    tab.get_by_role("button").click()
    assert "sent from another site" in tab.inner_text("main")
    assert tab.context.cookies(address) == []
