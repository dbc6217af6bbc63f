"""Late data shows on every figure that rests on it: pages, calls, the stream, a browser."""

from collections.abc import Iterator
from typing import Any

import pytest
from playwright.sync_api import Browser, expect

from shared.contracts import supply
from shared.contracts.topics import RECORDS
from tests.integration.eyes import axe_finds
from tests.integration.publisher_sample import sample
from tests.integration.publisher_service import Running, eventually, running

REQUESTS = "environmental-protection-requests"
SENTENCE = (
    "Late: Environmental protection service requests (Uniform) was due on 3 July 2026;"
    " last received on 1 July 2026."
)


def said(dataset: str, *, late: bool, received: str | None = "2026-07-01T04:30:00.000+00:00",
         due: str = "2026-07-03") -> dict[str, Any]:  # fmt: skip
    """A supply as ingest says it."""
    return {
        "dataset": supply.SUPPLY,
        "key": dataset,
        "fields": {
            "dataset": dataset,
            "since": "2026-06-01",
            "due": due,
            "received": received,
            "changed": received,
            "batch": "b1" if received else "",
            "late": late,
        },
    }


def tell(run: Running, dataset: str = REQUESTS, **how: Any) -> None:
    """Says a dataset's supply."""
    run.say(RECORDS, {supply.subject(dataset): said(dataset, **how)})


@pytest.fixture(scope="module")
def council(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Running]:
    """A publisher with the sample."""
    with running(f"sqlite:///{tmp_path_factory.mktemp('publisher') / 'store.db'}") as run:
        sample(run)
        yield run


def test_a_late_dataset_marks_every_figure_that_rests_on_it_and_no_other(council: Running) -> None:
    tell(council, late=False)
    assert council.get("/v1/indicators/EP02")["late"] == ""
    assert "Late:" not in council.page("/indicators/EP02")
    tell(council, late=True)
    one = council.get("/v1/indicators/EP02")
    assert (one["late"], one["late_datasets"]) == (SENTENCE, [REQUESTS])
    marked = {each["code"] for each in council.get("/v1/indicators")["indicators"] if each["late"]}
    assert {"EP01", "EP02"} <= marked
    assert "CP01" not in marked
    assert SENTENCE in council.page("/indicators/EP02")
    explained = council.page("/indicators/EP02/values/2019-20-Q2")
    assert SENTENCE in explained
    assert "Last received 1 July 2026 at 5:30am" in explained
    for path in ("/", "/services/environmental-health", "/strategic"):
        assert "Late: data was due on 3 July 2026" in council.page(path)
    told = council.get("/v1/indicators/EP02/values/2019-20-Q2/explain")["freshness"]["datasets"]
    assert [(each["late"], each["due"]) for each in told] == [(True, "2026-07-03")]


def test_what_is_late_is_listed_with_its_owner(council: Running) -> None:
    tell(council, late=True)
    listed = council.get("/v1/supply")
    first = listed["datasets"][0]
    assert listed["late"] == 1
    assert (first["dataset"], first["late"]) == (REQUESTS, True)
    assert first["owner"] == "Environmental protection manager"
    assert all(each["freshness_days"] for each in listed["datasets"])
    page = council.page("/supply")
    assert "Environmental protection manager" in page
    assert "Not known yet" in page  # The others' supplies were never spoken of.


def test_nothing_yet_is_said_as_such(council: Running) -> None:
    tell(council, late=True, received=None)
    assert "was due on 3 July 2026; nothing has come yet" in council.page("/indicators/EP02")


def test_a_late_ledger_is_told_on_the_pages_about_money(council: Running) -> None:
    ledger = "procurement-card-transactions"
    known = [each["dataset"] for each in council.get("/v1/supply")["datasets"]]
    money = next((each for each in known if "card" in each or "ledger" in each), ledger)
    council.say(RECORDS, {supply.subject(money): said(money, late=True)})
    for path in ("/finance", "/finance/spending", "/finance/savings"):
        assert "Late:" in council.page(path)
    council.say(RECORDS, {supply.subject(money): said(money, late=False)})
    assert "Late:" not in council.page("/finance")


def test_a_supply_reaches_streams_that_ask_for_it_with_the_words_of_its_figures(
    council: Running,
) -> None:
    tell(council, late=False)
    told = int(council.get("/v1/indicators")["cursor"].split("-")[1])
    eventually(lambda: council.publisher.feed.position >= told)
    mine = council.listen("kinds=indicators,supply&indicator=EP02")
    eventually(lambda: council.publisher.feed.clients() == 1)
    tell(council, late=True)
    event = next(mine.events())
    assert event["event"] == "supply"
    data = event["data"]
    assert (data["data"]["late"], data["data"]["due"]) == (True, "2026-07-03")
    assert data["also"]["irf-late/EP02"]["late"] == SENTENCE
    tell(council, late=False)
    assert next(mine.events())["data"]["also"]["irf-late/EP02"] == {"late": "", "late_short": ""}
    council.hang_up()
    with pytest.raises(AssertionError):
        council.get("/v1/stream", kinds="supplies")


def test_a_supply_that_is_gone_or_cannot_be_read_marks_nothing(council: Running) -> None:
    tell(council, late=True)
    council.say(RECORDS, {supply.subject(REQUESTS): None})
    assert council.get("/v1/indicators/EP02")["late"] == ""
    odd = {"dataset": supply.SUPPLY, "key": REQUESTS, "fields": {"dataset": 7}}
    council.say(RECORDS, {supply.subject(REQUESTS): odd})
    assert council.get("/v1/indicators/EP02")["late"] == ""


@pytest.mark.chromium
def test_a_page_is_told_when_data_becomes_late_and_when_it_comes(
    browser: Browser, council: Running
) -> None:
    tell(council, late=False)
    page = browser.new_page(base_url=council.address)
    page.goto("/services/environmental-health")
    expect(page.locator("#live")).to_have_attribute("data-state", "live")
    mark = page.locator('[data-subject="irf-late/EP02"]')
    expect(mark).to_be_hidden()
    tell(council, late=True)
    expect(mark).to_have_text("Late: data was due on 3 July 2026")
    expect(mark).to_be_visible()
    tell(council, late=False, received="2026-07-04T04:30:00.000+00:00", due="2026-07-06")
    expect(mark).to_be_hidden()
    tell(council, late=True)
    for path in ("/supply", "/indicators/EP02", "/finance"):
        page.goto(path)
        assert axe_finds(page) == []
    page.close()
