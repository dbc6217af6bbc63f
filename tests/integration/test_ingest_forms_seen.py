"""The forms as a browser shows them: readable by everybody, on any screen, without scripts."""

import socket
import threading
from collections.abc import Iterator
from typing import Any, cast

import httpx2
import pytest
import uvicorn
from playwright.sync_api import Browser, BrowserContext

from services.ingest.app import create
from services.ingest.settings import Settings
from shared.identity.identity import COOKIE
from tests.integration.eyes import axe_finds
from tests.integration.ingest_forms import (
    ABOUT,
    DIRECTOR,
    OFFICER,
    OWNER,
    QUARTER,
    RISK_OWNER,
    council,
)
from tests.integration.ingest_service import Ingest
from tests.integration.publisher_service import eventually

pytestmark = pytest.mark.chromium
REVIEW = f"/review/{QUARTER}/{ABOUT}"
RISKS = [{"reference": "WA1", "title": "Depot", "service": "waste-and-recycling",
          "likelihood": 3, "impact": 4}]  # fmt: skip
ACTIONS = [{"reference": "A1", "title": "Mend it", "service": "waste-and-recycling",
            "due": "31/03/2027"}]  # fmt: skip


@pytest.fixture(scope="module")
def address(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The service behind a real socket, with a council in force and a quarter being collected."""
    store = f"sqlite:///{tmp_path_factory.mktemp('forms') / 'ingest.db'}"
    listening = socket.socket()
    listening.bind(("127.0.0.1", 0))
    service = create(Settings(store_url=store, kafka="127.0.0.1:1"))
    config = uvicorn.Config(service.app(), log_config=None, http="httptools")
    server = uvicorn.Server(config)
    thread = threading.Thread(target=server.run, kwargs={"sockets": [listening]})
    thread.start()
    here = f"http://127.0.0.1:{listening.getsockname()[1]}"
    try:
        eventually(lambda: server.started)
        with httpx2.Client(base_url=here, cookies={COOKIE: OFFICER}) as client:
            door = Ingest(cast(Any, client), service)
            assert door.apply(council()).status_code == 200
            for dataset, rows in (("risk-register", RISKS), ("actions", ACTIONS)):
                assert door.post([{"data": each} for each in rows], dataset).status_code == 202
            begun = client.post(
                f"/cycle/{QUARTER}",
                data={"does": "step", "to": "Collecting"},
                headers={"Origin": here},
            )
            assert begun.status_code == 303
        yield here
    finally:
        server.should_exit = True
        thread.join(20)
        listening.close()


def acting(browser: Browser, address: str, persona: str, **more: Any) -> BrowserContext:
    """A browser in which a persona was chosen before."""
    context = browser.new_context(base_url=address, **more)
    context.add_cookies([{"name": COOKIE, "value": persona, "url": address}])
    return context


@pytest.mark.parametrize(
    ("path", "persona"),
    [("/who", OWNER), (REVIEW, OWNER), (REVIEW, DIRECTOR), (f"/cycle/{QUARTER}", OFFICER),
     ("/risks/WA1/review?prompts=indicator/WA01@2026-09", RISK_OWNER),
     ("/actions/A1/progress", RISK_OWNER), (f"/cycle/{QUARTER}", OWNER)],
)  # fmt: skip
def test_axe_finds_nothing_and_a_narrow_screen_needs_no_scrolling(
    browser: Browser, address: str, path: str, persona: str
) -> None:
    tab = acting(browser, address, persona).new_page()
    tab.goto(path)
    assert axe_finds(tab) == []
    tab.set_viewport_size({"width": 320, "height": 640})
    assert tab.evaluate("document.documentElement.scrollWidth") <= 320


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
