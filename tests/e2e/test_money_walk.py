"""The council's money from end to end: the documentation's own ledger goes in by the command, comes
out on pages, calls and the stream as one truth, and a late posting moves an open page."""

import json
import re
import subprocess
import sys
from collections.abc import Iterator
from typing import Any

import httpx2
import pytest
from playwright.sync_api import expect, sync_playwright

from deploy.brokers import Broker
from deploy.local.system import ROOT
from tests.e2e.system import Running

PAGE = "\n".join(
    (ROOT / "docs" / name).read_text("utf-8") for name in ("catalogue.md", "catalogue-finance.md")
)
DATASETS = ("cost-centres", "ledger", "budgets", "virements", "forecasts")
YEAR = "2026-27"
PLACE = f"position/as-is/{YEAR}/general/directorate/place"

Json = dict[str, Any]


def irf(*arguments: str, status: int = 0) -> str:
    """Runs the `irf` command; answers with what it printed."""
    done = subprocess.run(
        [sys.executable, "-m", "deploy.local.cli", *arguments],
        cwd=ROOT, capture_output=True, text=True, timeout=240, check=False,
    )  # fmt: skip
    assert done.returncode == status, done.stdout + done.stderr
    return done.stdout


@pytest.fixture(scope="module")
def system(embedded_broker: Broker, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Running]:
    """The system after the example of the pages on the catalogue went in by the command."""
    folder = tmp_path_factory.mktemp("money")
    catalogue = folder / "catalogue"
    catalogue.mkdir()
    for name in ("catalogue", "catalogue-judging", "catalogue-finance"):
        text = (ROOT / "docs" / f"{name}.md").read_text("utf-8")
        for number, block in enumerate(re.findall(r"^```yaml\n(.*?)^```$", text, re.M | re.S)):
            (catalogue / f"{name}-{number:02}.yml").write_text(block, "utf-8")
    running = Running(folder, embedded_broker, prefix="money.")
    try:
        running.start()
        irf("catalogue", "apply", str(catalogue), "--url", running.door())
        for dataset in DATASETS:
            (block,) = re.findall(rf"^```csv {dataset}\n(.*?)^```$", PAGE, re.M | re.S)
            (folder / f"{dataset}.csv").write_text(block, "utf-8")
            told = irf("load", dataset, str(folder / f"{dataset}.csv"), "--url", running.door())
            assert f" {int(dataset == 'ledger')} rejected" in told
        running.rest(seconds=240)
        yield running
    finally:
        running.end()


@pytest.fixture
def client(system: Running) -> Iterator[httpx2.Client]:
    with httpx2.Client(base_url=system.address("publisher"), timeout=60) as client:
        yield client


def position(client: httpx2.Client, level: str, code: str, period: str) -> Json:
    asked = {"year": YEAR, "period": period, "fund": "general"}
    answer = client.get(f"/v1/finance/positions/{level}/{code}", params=asked)
    assert answer.status_code == 200, answer.text
    found: Json = answer.json()
    return found


def figures(client: httpx2.Client, level: str, code: str, period: str = "P03") -> Json:
    found: Json = position(client, level, code, period)["position"]["figures"]
    return found


def post(system: Running, number: str, amount: str) -> None:
    row = {
        "number": number, "cost_centre": "H100", "subjective": "1000", "period": f"{YEAR}-P03",
        "amount": amount,
    }  # fmt: skip
    answer = httpx2.post(f"{system.door()}/v1/datasets/ledger/records", json=[{"data": row}])
    assert answer.status_code == 202, answer.text


def test_what_the_documentation_tells_is_what_the_calls_answer(client: httpx2.Client) -> None:
    found = figures(client, "cost-centre", "H100")
    told = {"original_budget": 14400000, "virements": 100000, "current_budget": 14500000,
            "budget_to_date": 3010000, "actual": 1240000, "forecast": 15100000,
            "variance": 600000, "run_rate": 4960000}  # fmt: skip
    assert {name: found[name] for name in told} == told
    listed = client.get("/v1/finance/virements", params={"year": YEAR}).json()
    held = {each["data"]["reference"]: "held" in each["data"] for each in listed["items"]}
    assert held == {"V1": False, "V2": True}


def test_money_that_no_structure_places_is_shown(client: httpx2.Client) -> None:
    page = client.get("/finance", params={"year": YEAR, "period": "P03"}).text
    assert "£75.00" in page
    assert "no structure" in page


def test_a_late_posting_moves_the_open_page_and_every_answer_is_one_number(
    system: Running, client: httpx2.Client, chromium: str
) -> None:
    before = figures(client, "directorate", "place")["actual"]
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium, args=["--no-sandbox"])
        page = browser.new_page()
        page.goto(f"{system.address('publisher')}/finance")
        shown = page.locator(f'[data-subject="{PLACE}"] [data-part="actual"]').first
        was = shown.inner_text()
        expect(page.locator("#live")).to_be_visible()
        page.evaluate("window.thisVeryPage = true")
        post(system, "L1", "1000.00")
        expect(shown).not_to_have_text(was, timeout=30_000)
        assert page.evaluate("window.thisVeryPage") is True
        now = shown.inner_text()
        page.reload()
        expect(shown).to_have_text(now)
        browser.close()
    system.rest(seconds=240)
    assert figures(client, "directorate", "place")["actual"] == before + 100000
    # The same question by any way: the call, the topic's state, the page of the cost centre.
    row = system.states("publisher", "held", "irf.finance")[PLACE]
    state = json.loads(row.body or b"null")
    period = state["period"]
    listed = figures(client, "directorate", "place", f"P{period:02}")
    assert {name: listed.get(name, 0) for name in state["figures"]} == state["figures"]
    records = client.get(
        "/v1/finance/positions/cost-centre/H100/explain",
        params={"year": YEAR, "period": "P03", "fund": "general"},
    ).json()
    assert "L1" in json.dumps(records)


def test_every_figure_is_what_a_recompute_of_the_records_gives(system: Running) -> None:
    system.rest(seconds=240)
    assert system.broken() == []


def test_a_restart_and_a_replay_change_nothing(system: Running, client: httpx2.Client) -> None:
    before = system.states("publisher", "held", "irf.finance")
    system.kill_and_start("finance")
    system.ready()
    irf("replay", "finance", "--url", system.address("finance"))
    system.rest(seconds=240)
    after = system.states("publisher", "held", "irf.finance")
    assert {subject: row.body for subject, row in after.items()} == {
        subject: row.body for subject, row in before.items()
    }
