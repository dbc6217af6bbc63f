"""Who owes returns: the page of what is late, its call, the overview, the stream, a browser."""

from collections.abc import Iterator
from typing import Any

import pytest
from playwright.sync_api import Browser, expect

from shared.contracts import returns
from shared.contracts.topics import RECORDS
from tests.integration.eyes import axe_finds
from tests.integration.publisher_parcels import FixedClock
from tests.integration.publisher_quarter import COOKIE
from tests.integration.publisher_sample import sample
from tests.integration.publisher_service import Running, eventually, running

QUARTER = "2019-20-Q2"
FORMS = "https://forms.example.gov.uk"


def said(code: str, *, given: str | None = None, due: str = "2019-10-20") -> dict[str, Any]:
    """Where a return stands, as ingest says it."""
    overdue = given is None and due < "2019-10-25"
    return {
        "dataset": returns.RETURN,
        "key": f"{code}/{QUARTER}",
        "fields": {"code": code, "period": QUARTER, "due": due, "given": given,
                   "missing": 0 if given else 1, "overdue": overdue},
    }  # fmt: skip


def tell(run: Running, code: str, **how: Any) -> None:
    """Says where a return stands."""
    run.say(RECORDS, {returns.subject(code, QUARTER): said(code, **how)})


@pytest.fixture(scope="module")
def served(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Running]:
    """A publisher with the sample, on 25 October 2019."""
    store = f"sqlite:///{tmp_path_factory.mktemp('publisher') / 'store.db'}"
    with running(store, clock=FixedClock("2019-10-25"), forms=FORMS, identity="personas") as run:
        sample(run)
        yield run


@pytest.fixture
def council(served: Running) -> Running:
    """The same, where one return is overdue and one still in time."""
    tell(served, "patrols")
    tell(served, "visits", due="2019-11-20")
    return served


def test_the_page_the_call_and_the_overview_say_the_same(council: Running) -> None:
    told = council.get("/v1/supply")
    assert told["overdue"] == 1
    assert [(each["owner"], each["overdue"], each["in_time"]) for each in told["owners"]] == [
        ("Environmental health manager", 1, 0),
        ("Licensing manager", 0, 1),
    ]
    [owed] = told["owners"][0]["returns"]
    assert (owed["code"], owed["period"], owed["days_overdue"]) == ("patrols", QUARTER, 5)
    page = council.page("/supply")
    assert "<strong>1</strong> return is overdue." in page
    assert "5 days overdue" in page
    assert f'href="{FORMS}/returns/patrols/{QUARTER}?back=%2Fsupply"' in page
    assert page.index("Environmental health manager: 1 overdue") < page.index("Licensing manager:")
    overview = council.page("/")
    assert "Noise patrols" in overview
    assert "July to September 2019: was to be given by 20 October 2019, 5 days overdue" in overview
    assert "Visits to licensed premises" not in overview


def test_what_is_given_or_gone_is_owed_no_more(council: Running) -> None:
    tell(council, "patrols", given="2019-10-25")
    council.say(RECORDS, {returns.subject("visits", QUARTER): None})
    told = council.get("/v1/supply")
    assert (told["overdue"], told["owners"]) == (0, [])
    assert "No return is waited for." in council.page("/supply")
    odd = {"dataset": returns.RETURN, "key": "patrols", "fields": {"code": 7}}
    council.say(RECORDS, {returns.subject("patrols", QUARTER): odd})
    assert council.get("/v1/supply")["owners"] == []


def test_a_standing_reaches_streams_that_ask_for_what_is_late_and_those_of_no_figure(
    council: Running,
) -> None:
    told = int(council.get("/v1/indicators")["cursor"].split("-")[1])
    eventually(lambda: council.publisher.feed.position >= told)
    mine = council.listen("kinds=supply")
    eventually(lambda: council.publisher.feed.clients() == 1)
    tell(council, "patrols", given="2019-10-25")
    event = next(mine.events())
    assert (event["event"], event["data"]["subject"]) == ("supply", f"irf-return/patrols/{QUARTER}")
    assert event["data"]["data"]["given"] == "2019-10-25"
    council.hang_up()


def test_the_door_is_at_the_top_of_every_page_for_somebody_who_is_signed_in(
    council: Running,
) -> None:
    for path in ("/", "/indicators", "/finance", "/menu", "/supply", "/nothing-here"):
        page = council.http.get(path, headers={"Cookie": COOKIE}).text
        assert f'href="{FORMS}/returns"' in page, path
        assert f'href="{FORMS}/upload"' in page, path
        assert f'href="{FORMS}/upload"' not in council.http.get(path).text, path


def test_the_top_of_a_page_marks_where_it_belongs_and_the_menu_leads_everywhere(
    council: Running,
) -> None:
    def marked(path: str) -> list[str]:
        page = council.page(path)
        top = page[page.index("govuk-service-navigation__list") : page.index("</nav>")]
        return [
            link.split('"')[1] + (" page" if 'aria-current="page"' in link else "")
            for link in top.split("<a ")[1:]
            if "aria-current" in link
            for link in [link[link.index("href=") :]]
        ]

    assert marked("/") == ["/ page"]
    assert marked("/indicators/EP02") == ["/indicators"]
    assert marked("/finance/savings") == ["/finance"]
    assert marked("/reports") == ["/menu"]
    menu = council.page("/menu")
    for path in ("/evidence", "/compare", "/cycle", "/reports", "/dashboard", "/actions"):
        assert f'href="{path}"' in menu
        assert council.http.get(path).status_code == 200


@pytest.mark.chromium
def test_a_page_is_told_when_a_return_is_given(browser: Browser, council: Running) -> None:
    page = browser.new_page(base_url=council.address)
    for path in ("/menu", "/", "/supply"):
        page.goto(path)
        assert axe_finds(page) == []
    expect(page.locator("#live")).to_have_attribute("data-state", "live")
    expect(page.locator("#overdue-count")).to_have_text("1 return is overdue.")
    tell(council, "patrols", given="2019-10-25")
    expect(page.locator("#overdue-count")).to_have_text("No return is overdue.", timeout=10_000)
    page.close()
