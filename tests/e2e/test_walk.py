"""The main job with a real file: it goes in by the command, every figure is right, and a correction
moves exactly what depends on it, on an open page, without a reload."""

import subprocess
import sys
from collections.abc import Iterator
from fractions import Fraction
from pathlib import Path
from typing import Any

import httpx2
import pytest
from playwright.sync_api import expect, sync_playwright

from deploy.brokers import Broker
from deploy.local.system import ROOT
from tests.data import CATALOGUE, real_file
from tests.e2e import plain
from tests.e2e.plain import Plain, Row, Value
from tests.e2e.system import SERVICES, Running

DATASET = "environmental-protection-requests"
INDICATORS = ("EP01", "EP02", "EP03", "EP04")
HEADERS = ("Ref", "Kind", "Type", "Status", "ReceivedDate", "ClosedDate", "ReceivedHow",
           "ReceivedWhere", "Ward")  # fmt: skip
YEARS = {"2014-15": 266, "2015-16": 1051, "2016-17": 998, "2017-18": 957, "2018-19": 1081,
         "2019-20": 647}  # fmt: skip
EXACT = Fraction(1, 10**9)

Published = dict[str, dict[str, Any]]


def irf(*arguments: str) -> str:
    """Runs the `irf` command; answers with what it printed."""
    done = subprocess.run(
        [sys.executable, "-m", "deploy.local.cli", *arguments],
        cwd=ROOT, capture_output=True, text=True, timeout=240, check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


@pytest.fixture(scope="module")
def file() -> Path:
    return real_file("banes/environmental_protection_service_requests.csv")


@pytest.fixture(scope="module")
def loaded(
    file: Path, embedded_broker: Broker, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Running]:
    """The system after the catalogue and the file went in by the command."""
    running = Running(tmp_path_factory.mktemp("walk"), embedded_broker, prefix="walk.")
    try:
        running.start()
        irf("catalogue", "apply", str(CATALOGUE), "--url", running.door())
        told = irf("load", DATASET, str(file), "--url", running.door())
        assert "5,000 received, 5,000 accepted, 0 unchanged, 0 rejected" in told
        running.rest(seconds=240)
        yield running
    finally:
        running.end()


def published(system: Running) -> Published:
    """Every figure that the publisher's calls answer with, by subject."""
    found: Published = {}
    with httpx2.Client(base_url=system.address("publisher"), timeout=60) as client:
        for code in INDICATORS:
            for field in ("", "ward", "kind"):
                asked = {"limit": "10000", "breakdown": field}
                answer = client.get(f"/v1/indicators/{code}/values", params=asked)
                told = answer.json()
                assert not told["truncated"]
                found |= {each["subject"]: each for each in told["values"]}
    return found


def said(state: dict[str, Any]) -> Value:
    measures = {
        code: (None if each["value"] is None else Fraction(each["value"]), each["records"])
        for code, each in state["measures"].items()
    }
    return Value(state["value"], measures)


def same(is_: Value, should: Value) -> bool:
    if is_.value != should.value or is_.measures.keys() != should.measures.keys():
        return False
    for code, (number, records) in should.measures.items():
        got, counted = is_.measures[code]
        if counted != records or (got is None) != (number is None):
            return False
        apart = abs((got or Fraction(0)) - (number or Fraction(0)))
        if apart > EXACT * max(Fraction(1), number or Fraction(0)):
            return False
    return True


def wrong(found: Published, figures: Plain) -> list[str]:
    missing = [f"{subject} is not published" for subject in figures.subjects() - found.keys()]
    return missing + [
        f"{subject} is {said(each['data'])}, should be {figures.value(subject)}"
        for subject, each in found.items()
        if not same(said(each["data"]), figures.value(subject))
    ]


@pytest.mark.slow
@pytest.mark.timeout(400)
def test_every_figure_of_the_real_file_is_what_a_plain_recount_says(
    loaded: Running, file: Path
) -> None:
    figures = Plain(map(plain.case, plain.rows(file)))
    found = published(loaded)
    assert len(found) > 5_000
    assert {y: found[f"EP01/{y}"]["data"]["value"] for y in YEARS} == {
        year: str(count) for year, count in YEARS.items()
    }
    assert wrong(found, figures) == []


@pytest.mark.slow
@pytest.mark.timeout(400)
def test_loading_the_file_again_costs_no_event(loaded: Running, file: Path) -> None:
    before = loaded.topics.counts()
    told = irf("load", DATASET, str(file), "--url", loaded.door())
    assert "5,000 received, 0 accepted, 5,000 unchanged, 0 rejected" in told
    loaded.rest()
    assert loaded.topics.counts() == before
    assert before["irf.records"] == 5_000


def a_correction(rows: list[Row]) -> tuple[Row, Row]:
    """A request closed late in one month, and the same closed in the month before."""
    for row in rows:
        each = plain.case(row)
        if (
            each.closed is not None
            and (each.closed.year, each.closed.month) == (2019, 11)
            and (each.received.year, each.received.month) <= (2019, 9)
            and row["Ward"]
        ):
            return row, {**row, "ClosedDate": "02/10/2019 12:00:00 AM"}
    raise AssertionError("no request was closed in November 2019")


@pytest.mark.chromium
@pytest.mark.slow
@pytest.mark.timeout(400)
def test_a_correction_moves_exactly_what_depends_on_it_and_the_open_page_shows_it(
    loaded: Running, file: Path, chromium: str
) -> None:
    rows = plain.rows(file)
    old, new = a_correction(rows)
    before, figures_before = published(loaded), Plain(map(plain.case, rows))
    figures = Plain(plain.case(new if row is old else row) for row in rows)
    shown = "EP03/2019-10"
    assert figures.value(shown).value != figures_before.value(shown).value

    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium, args=["--no-sandbox"])
        page = browser.new_page()
        page.goto(f"{loaded.address('publisher')}/indicators/EP03?kind=month")
        value = page.locator(f'[data-subject="{shown}"] [data-part="value"]').first
        expect(value).to_contain_text(str(figures_before.value(shown).value))
        expect(page.locator("#live")).to_be_visible()
        page.evaluate("window.thisVeryPage = true")
        batch = correct(loaded, new)
        expect(value).to_contain_text(str(figures.value(shown).value), timeout=30_000)
        assert page.evaluate("window.thisVeryPage") is True
        browser.close()

    loaded.rest()
    after = published(loaded)
    assert wrong(after, figures) == []
    moved = {
        subject
        for subject, each in after.items()
        if subject not in before or before[subject]["version"] != each["version"]
    }
    should = {s for s in after if figures.value(s) != figures_before.value(s)}
    assert moved == should
    assert len(moved) > 10
    assert {subject.partition("/")[0] for subject in moved} == {"EP02", "EP03", "EP04"}
    followed(loaded, batch)
    assert loaded.broken() == []


def correct(system: Running, row: Row) -> str:
    """Sends one corrected record; answers with its batch."""
    answer = httpx2.post(
        f"{system.door()}/v1/datasets/{DATASET}/records",
        json=[{"data": {name: row[name] for name in HEADERS}}],
        timeout=30,
    )
    assert (answer.status_code, answer.json()["accepted"]) == (202, 1), answer.text
    batch: str = answer.json()["batch"]
    return batch


def followed(system: Running, batch: str) -> None:
    """The correlation id of one change stands in the logs of every service that it passed."""
    for name in SERVICES:
        lines = [line for line in system.processes[name].lines() if batch in str(line)]
        assert lines, f"{name} says nothing of batch {batch}"
        assert all(line["service"] == name for line in lines)
