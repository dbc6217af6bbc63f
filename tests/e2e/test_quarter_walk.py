"""A quarter from end to end, in browsers: collect, comment, challenge, answer, sign off, freeze,
correct late, compare. Everybody acts on pages, as themselves."""

import json
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from hashlib import sha256
from typing import Any

import httpx2
import pytest
from playwright.sync_api import Browser, Page, expect, sync_playwright

from deploy.brokers import Broker
from deploy.verify.compare import verify
from deploy.verify.source import london_today, read
from shared.catalogue.kinds_of_period import month_number, quarter
from tests.e2e.system import Running
from tests.integration.ingest_forms import council

OFFICER, OWNER = "performance-officer", "owner-adults"
DIRECTOR, CABINET = "director-adults", "cabinet-adults"
# The quarter that ended last, whenever this runs.
QUARTER = quarter(month_number(london_today().isoformat()[:7]) - 3)
PERIOD = QUARTER.code
REVIEW = f"review/{PERIOD}/indicator/AD01"
SLOW = 30_000


@pytest.fixture(scope="module")
def system(embedded_broker: Broker, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Running]:
    """The sample's people and rules, with one figure that is red: four asked, two at most aimed
    at."""
    folder = tmp_path_factory.mktemp("quarter")
    running = Running(folder, embedded_broker, prefix="quarter.")
    document = council()
    (indicator,) = document["indicators"]
    judged = {"targets": [{"value": 2}], "rag": {"amber_within": 0}, "strategic": True}
    document["indicators"] = [indicator | judged]
    try:
        running.start()
        running.apply(document)
        requests(running, "R1", "R2", "R3", "R4")
        running.rest(seconds=240)
        yield running
    finally:
        running.end()


def requests(system: Running, *references: str) -> None:
    rows = [{"data": {"ref": each, "received": QUARTER.start.isoformat()}} for each in references]
    answer = httpx2.post(f"{system.door()}/v1/datasets/requests/records", json=rows)
    assert answer.status_code == 202, answer.text


class Somebody:
    """A person with a browser of their own, who acts as somebody of the council."""

    def __init__(self, system: Running, page: Page, person: str) -> None:
        self.system, self.page = system, page
        page.goto(f"{system.door()}/who")
        page.locator(f'input[name="person"][value="{person}"]').check()
        page.get_by_role("button", name="Continue").click()

    def form(self, name: str, typed: Mapping[str, str], path: str = REVIEW) -> None:
        """Opens a page of forms, fills one in and sends it."""
        self.page.goto(f"{self.system.door()}/{path}?back=/indicators/AD01")
        form = self.page.locator(f'form[id^="{name}"]')
        for field, text in typed.items():
            form.locator(f'[name="{field}"]').fill(text)
        form.get_by_role("button").click()

    def step(self, to: str, despite: str = "") -> None:
        """Takes the quarter on, and waits until everybody can see it."""
        typed = {"despite": despite} if despite else {}
        self.form(f"to-{to.replace(' ', '-')}", typed, f"cycle/{PERIOD}")
        self.stands(to)

    def stands(self, stage: str) -> None:
        """Waits until the quarter's page says where it stands."""
        address = f"{self.system.address('publisher')}/v1/cycles/{PERIOD}"

        def told() -> str:
            answer = self.page.request.get(address)
            return str(answer.json()["cycle"]["data"]["stage"]) if answer.ok else ""

        until(self.page, lambda: told() == stage, f"the quarter is not at {stage}")

    def sees(self, path: str, text: str) -> None:
        """Waits until a page of the publisher shows a text."""
        address = f"{self.system.address('publisher')}{path}"

        def shown() -> bool:
            self.page.goto(address)
            return text in self.page.locator("main").inner_text()

        until(self.page, shown, f"{path} does not show {text!r}")


def until(page: Page, true: Any, otherwise: str) -> None:
    for _ in range(SLOW // 250):
        if true():
            return
        page.wait_for_timeout(250)
    raise AssertionError(otherwise)


@contextmanager
def people(browser: Browser, system: Running, *names: str) -> Iterator[list[Somebody]]:
    yield [Somebody(system, browser.new_context().new_page(), name) for name in names]


def test_a_quarter_is_collected_challenged_signed_frozen_and_corrected_late(
    system: Running, chromium: str
) -> None:
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium, args=["--no-sandbox"])
        with people(browser, system, OFFICER, OWNER, DIRECTOR, CABINET) as acting:
            walk(system, browser, *acting)
        browser.close()


def walk(
    system: Running,
    browser: Browser,
    officer: Somebody,
    owner: Somebody,
    director: Somebody,
    cabinet: Somebody,
) -> None:
    officer.step("collecting")
    officer.sees(f"/cycle/{PERIOD}", "commentary")
    # A red figure that is signed before its commentary is there is not signed off, and says why.
    owner.form("sign-owner", {})
    owner.sees("/indicators/AD01", "the commentary that is required is not written")
    owner.form("withdraw-owner", {})

    said = "Four people asked. <b>Winter</b> came early."
    owner.form("comment-owner", {"what_happened": said, "what_next": "A second worker in May"})
    owner.sees("/indicators/AD01", said)
    cabinet.form("comment-cabinet", {"what_happened": "Members are told of it in June"})
    director.form("raise", {"text": "Is it winter, or the new line?"})
    owner.sees("/indicators/AD01", "Is it winter, or the new line?")
    owner.form("answer", {"text": "Winter: the line opened later"})
    director.sees("/indicators/AD01", "Winter: the line opened later")
    director.form("close", {"text": "Thank you"})

    # Somebody who has not said who they are reads commentary, and no challenge.
    stranger = browser.new_context().new_page()
    stranger.goto(f"{system.address('publisher')}/indicators/AD01")
    shown = stranger.locator("main").inner_text()
    assert said in shown
    assert "Winter: the line opened later" not in shown

    owner.form("sign-owner", {})
    officer.step("owner sign-off")
    director.form("sign-director", {})
    officer.step("director sign-off")
    system.rest(seconds=240)
    officer.step("frozen", "Positions are not signed off here")
    officer.sees(f"/reports/{PERIOD}", "Checked just now: it matches.")
    before = reported(system)

    # A late correction moves the open page, and never what was reported.
    stranger.goto(f"{system.address('publisher')}/indicators/AD01")
    expect(stranger.locator("#live")).to_be_visible(timeout=SLOW)
    stranger.evaluate("window.thisVeryPage = true")
    value = stranger.locator(f'[data-subject="AD01/{PERIOD}"] [data-part="value"]').first
    expect(value).to_have_text("4", timeout=SLOW)
    requests(system, "R5")
    expect(value).to_have_text("5", timeout=SLOW)
    assert stranger.evaluate("window.thisVeryPage") is True
    officer.sees(f"/reports/{PERIOD}", "Corrected since: 4 now 5")
    after = reported(system)
    assert before == after
    # What is frozen takes no word more.
    owner.page.goto(f"{system.door()}/{REVIEW}")
    assert owner.page.locator('form[id^="comment"], form[id^="sign"]').count() == 0

    system.rest(seconds=240)
    stores = system.system.stores
    found = verify(read(stores["ingest"], "owned"), read(stores["publisher"], "held"))
    assert found.compared
    assert not found.mismatches, found.mismatches[:3]


def reported(system: Running) -> dict[str, Any]:
    """The whole report, as anybody can take it; its hash is that of the marks of its entries, and
    each entry that is not withheld bears the mark of what it says."""
    answer = httpx2.get(f"{system.address('publisher')}/reports/{PERIOD}.json", timeout=30)
    assert answer.status_code == 200, answer.text
    found: dict[str, Any] = answer.json()
    whole = sha256()
    for entry in found["entries"]:
        whole.update(f"{entry['mark']}\n".encode())
        if "body" in entry:
            said = [entry[name] for name in ("topic", "subject", "version", "body")]
            text = json.dumps(said, ensure_ascii=False, separators=(",", ":"))
            assert sha256(text.encode()).hexdigest() == entry["mark"], entry["subject"]
    assert whole.hexdigest() == found["report"]["sha256"]
    return found
