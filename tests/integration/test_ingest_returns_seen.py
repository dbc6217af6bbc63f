"""Returns, uploads and batches as a browser shows them: for everybody, by keyboard, no scripts."""

import os
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Any, cast

import httpx2
import pytest
from playwright.sync_api import Browser, BrowserContext, Page

from shared.catalogue.periods import periods_containing, previous
from shared.identity.identity import COOKIE
from tests.integration.eyes import axe_finds
from tests.integration.ingest_forms import OFFICER, OWNER
from tests.integration.ingest_returns import DATASET, HEADER, giving
from tests.integration.ingest_service import Ingest
from tests.integration.ingest_whole import served

pytestmark = pytest.mark.chromium
[NOW] = periods_containing(f"{date.today():%Y-%m}", ("quarter",))  # noqa: DTZ011
LAST = previous(NOW) or NOW
BEFORE = previous(LAST) or LAST
FORM = f"/returns/waiting/{LAST.code}"


def day(found: Any) -> str:
    """A period's last day, as the dataset writes it."""
    return f"{found.end:%d/%m/%Y}"


@pytest.fixture(scope="module")
def address(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The service with a council in force and a quarter given before."""
    store = f"sqlite:///{tmp_path_factory.mktemp('returns') / 'ingest.db'}"
    with served(store, giving()) as run, run.acting(OFFICER) as client:
        rows = [
            {"item": "Waiting", "period_end": day(BEFORE), "numerator": "103"},
            {"item": "Payments", "period_end": day(BEFORE), "numerator": "124",
             "denominator": "398"},
        ]  # fmt: skip
        door = Ingest(cast(Any, client), run.service)
        assert door.post([{"data": each} for each in rows], DATASET).status_code == 202
        yield run.address


@pytest.fixture(scope="module")
def rejected(address: str) -> str:
    """A batch with a row that was rejected."""
    content = f"{HEADER}\nWaiting,{day(BEFORE)},many,,,\nScore,{day(BEFORE)},12,,,\n"
    answer = httpx2.post(
        f"{address}/v1/datasets/{DATASET}/files",
        files={"file": ("care.csv", content.encode(), "text/csv")},
    )
    assert answer.status_code == 202
    return str(answer.json()["batch"])


def acting(browser: Browser, address: str, persona: str = OWNER, **more: Any) -> BrowserContext:
    """A browser in which a persona was chosen before."""
    context = browser.new_context(base_url=address, **more)
    context.add_cookies([{"name": COOKIE, "value": persona, "url": address}])
    return context


def uploaded(tab: Page, folder: Path, content: str) -> None:
    """Chooses a file and looks at what it will change."""
    file = folder / "care.csv"
    file.write_text(content)
    tab.goto(f"/upload/{DATASET}")
    tab.get_by_label("File", exact=True).set_input_files(file)
    tab.get_by_role("button", name="Look at what it will change").click()
    assert "What this file will change" in tab.inner_text("h1")


def judged(tab: Page, name: str) -> None:
    """Nothing is wrong by the rules of WCAG, and a narrow screen needs no scrolling sideways."""
    assert axe_finds(tab) == []
    if folder := os.environ.get("IRF_SCREENSHOTS"):
        tab.screenshot(path=f"{folder}/{name}.png", full_page=True)
    tab.set_viewport_size({"width": 320, "height": 640})
    assert tab.evaluate("document.documentElement.scrollWidth") <= 320


def test_the_look_and_its_errors_are_readable_by_everybody(
    browser: Browser, address: str, tmp_path: Path
) -> None:
    tab = acting(browser, address).new_page()
    content = f"{HEADER}\nWaiting,{day(LAST)},412,,,\nScore,{day(LAST)},none,,,\n"
    uploaded(tab, tmp_path, content)
    judged(tab, "preview")
    tab.get_by_role("button", name="Apply the changes").click()
    assert tab.title().startswith("Error: ")
    judged(tab, "preview-error")
    tab.get_by_role("button", name="Throw the file away").click()
    assert tab.url.endswith(f"/upload/{DATASET}")


def test_an_unusual_figure_is_shown_and_confirmed_without_a_script(
    browser: Browser, address: str
) -> None:
    tab = acting(browser, address, java_script_enabled=False).new_page()
    tab.goto("/returns")
    tab.locator(f'a[href="{FORM}"]').click()
    tab.get_by_label("Numerator").fill("412")
    tab.get_by_role("button", name="Save").click()
    assert tab.title().startswith("Error: ")
    assert "412 is four times last quarter's 103. Is it right?" in (
        tab.get_by_role("alert").inner_text()
    )
    tab.get_by_label("Keep it as it is: it is right").check()
    tab.get_by_role("button", name="Save").click()
    assert "Received" in tab.get_by_role("heading", level=1).inner_text()
    assert tab.get_by_role("link", name="People who wait for care").count() == 1
    tab.get_by_role("button", name="Undo").click()
    assert "1 record goes back" in tab.inner_text("main")
    tab.get_by_role("button", name="Undo").click()
    assert "took back" in tab.inner_text("main")


def test_a_figure_is_given_by_keyboard_alone(browser: Browser, address: str) -> None:
    tab = acting(browser, address).new_page()
    tab.goto(FORM)
    tab.keyboard.press("Tab")
    assert tab.evaluate("document.activeElement.textContent").strip() == "Skip to main content"
    tab.keyboard.press("Enter")
    for _ in range(40):
        tab.keyboard.press("Tab")
        if tab.evaluate("document.activeElement.name") == "of-numerator":
            break
    tab.keyboard.type("104")
    tab.keyboard.press("Enter")
    tab.wait_for_url("**/received/*")
    judged(tab, "received")


def test_a_row_is_mended_without_a_script(browser: Browser, address: str, rejected: str) -> None:
    tab = acting(browser, address, java_script_enabled=False).new_page()
    tab.goto(f"/batches/{rejected}")
    tab.get_by_role("link", name="Mend row 2").click()
    assert tab.get_by_label("Numerator").input_value() == "many"
    tab.get_by_label("Numerator").fill("102")
    tab.get_by_role("button", name="Save").click()
    assert "It mends row 2" in tab.inner_text("main")
    tab.goto(f"/batches/{rejected}")
    assert "Mended" in tab.inner_text("main")
