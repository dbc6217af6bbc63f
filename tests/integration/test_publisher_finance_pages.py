"""The pages about the council's money: whole without a script, alive with one, every number with
its unit, period, freshness and rule, and nothing hidden that does not fit."""

import re
from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page, expect

from shared.contracts.topics import FINANCE
from tests.integration.publisher_money import (
    TODAY,
    YEAR,
    centres,
    money,
    positions,
    postings,
    say_centres,
    totals,
)
from tests.integration.publisher_parcels import FixedClock
from tests.integration.publisher_sample import sample
from tests.integration.publisher_service import Running, running

PAGES = (
    "/finance",
    "/finance?by=portfolio&basis=as-was&period=P03",
    "/finance?year=2019-20",
    "/finance/fund/general",
    "/finance/fund/unplaced",
    "/finance/directorate/place",
    "/finance/directorate/resources?fund=hra",
    "/finance/portfolio/neighbourhoods",
    "/finance/service/waste-and-recycling",
    "/finance/service/waste-and-recycling?period=P02",
    "/finance/cost-centre/W100",
    "/finance/cost-centre/X999",
    "/finance/savings",
    "/finance/reserves",
    "/finance/virements",
    "/finance/capital",
    "/finance/capital/depot",
    "/finance/spending",
    "/finance/reconciliation",
    "/finance/monitoring",
    "/finance/monitoring?quarter=outturn",
)
WRONG = (
    ("/finance?year=1066", 400),
    ("/finance?period=P14", 400),
    ("/finance?basis=%3Cscript%3E", 400),
    ("/finance?by=ward", 400),
    (f"/finance?by={'x' * 400}", 400),
    ("/finance/ward/27", 404),
    ("/finance/service/nothing", 404),
    ("/finance/directorate/place?fund=petty", 400),
    ("/finance/directorate/place?fund=hra", 404),
    ("/finance/cost-centre/%3Cscript%3Ealert(1)%3C%2Fscript%3E", 404),
    ("/finance/cost-centre/W100?after=nonsense", 400),
    ("/finance/cost-centre/W100?after=posting.7.", 400),
    ("/finance/monitoring?quarter=5", 400),
    ("/finance/monitoring?year=soon", 400),
    ("/finance/capital/nothing", 404),
    ("/finance/savings?year=2026", 400),
    ("/finance/reserves?year=2026", 400),
    ("/finance/virements?year=2026", 400),
    ("/finance/reconciliation?year=2026", 400),
)


@pytest.fixture(scope="module")
def shared_council(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Running]:
    """A publisher for every test here."""
    url = f"sqlite:///{tmp_path_factory.mktemp('publisher') / 'store.db'}"
    with running(url, clock=FixedClock(TODAY)) as run:
        sample(run)
        postings(run, 60)
        yield run


@pytest.fixture
def council(shared_council: Running) -> Running:
    """The publisher with the council's money as it was at first."""
    money(shared_council)
    return shared_council


@pytest.fixture
def page(browser: Browser, council: Running) -> Iterator[Page]:
    context = browser.new_context(base_url=council.address)
    yield context.new_page()
    context.close()


def alive(tab: Page, path: str) -> None:
    """Opens a page and waits for its stream."""
    tab.goto(path)
    expect(tab.locator("#live")).to_have_attribute("data-state", "live")


def text_of(page: str) -> str:
    """What a page says in its main part, without marks."""
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", page[page.index("<main") :]))


@pytest.mark.parametrize("path", PAGES)
def test_every_page_is_whole_without_a_script_and_says_its_signs(
    council: Running, path: str
) -> None:
    page = council.page(path)
    assert page.count("<h1") == 1
    assert "A positive variance is over budget (adverse)" in page
    assert page.count("<table") == page.count("<caption")
    ids = re.findall(r'\bid="([^"]+)"', page)
    assert len(ids) == len(set(ids))
    for inline in (" style=", " onclick=", "<style", "<b>while</b>", "<i>Fleet</i>"):
        assert inline not in page


@pytest.mark.parametrize(("path", "status"), WRONG)
def test_a_wrong_address_gets_a_friendly_page(council: Running, path: str, status: int) -> None:
    page = council.page(path, status)
    assert "Go to the overview" in page
    assert "<script>" not in page


def test_funds_are_shown_beside_each_other_and_never_netted(council: Running) -> None:
    page = text_of(council.page("/finance"))
    assert "General Fund: forecast £15.0 million against a current budget of £13.8 million" in page
    assert "£1.2 million over budget" in page
    assert "All of the Housing Revenue Account" in page
    every = sum(each.figures.forecast for each in centres()) // 100
    assert f"{every:,}" not in page


def test_what_does_not_fit_is_a_warning_with_a_way_to_it(council: Running) -> None:
    page = council.page("/finance")
    assert "1 cost centre that no structure knows: £1,250.00 spent" in page
    assert 'href="/finance/fund/unplaced?' in page
    assert "1 control total does not agree with what is held: £10.00" in page
    page = text_of(council.page("/finance/fund/unplaced"))
    assert "£1,250 spent, with neither a budget nor a forecast" in page
    assert "X999" in page
    agreed = {
        subject: {**state, "agrees": True, "difference": 0}
        for subject, state in totals().items()
        if subject.endswith("P07")
    }
    council.say(FINANCE, agreed)
    assert "does not agree" not in council.page("/finance")


def test_a_known_fund_shows_what_stands_in_no_directorate(council: Running) -> None:
    found = centres()
    for each in found:
        if each.cost_centre == "X999":
            each.is_now = type(each.is_now)("general", "", "", "")
            each.was = [each.is_now] * 13
    council.say(FINANCE, {f"position/as-is/{YEAR}//fund/": None})
    say_centres(council, found)
    page = council.page("/finance")
    assert 'href="/finance/directorate/unplaced?' in page
    page = text_of(council.page("/finance/directorate/unplaced?fund=general"))
    assert "£1,250 spent" in page
    gone = [key for key in positions(found) if "/general/" in key and key.endswith("/")]
    council.say(FINANCE, dict.fromkeys(gone))


def test_one_drills_down_to_the_postings_page_by_page(council: Running) -> None:
    def follow(page: str, name: str) -> str:
        found = re.search(rf'href="([^"]+)">{name}</a>', page)
        assert found is not None, name
        return council.page(found[1].replace("&amp;", "&"))

    page = council.page("/finance")
    for name in ("Place", "Waste and recycling", "Refuse collection"):
        page = follow(page, name)
    assert "Agency drivers &lt;b&gt;while&lt;/b&gt; routes change" in page
    assert "&lt;i&gt;Fleet&lt;/i&gt; Ltd" in page
    seen = re.findall(r'<th scope="row" class="govuk-table__header">(\w+)</th>', page)
    while "Next records</a>" in page:
        page = follow(page, "Next records")
        seen += re.findall(r'<th scope="row" class="govuk-table__header">(\w+)</th>', page)
    assert sorted(seen) == sorted(["W100", *map(str, range(1, 61))])


def test_a_node_explains_every_number(council: Running) -> None:
    page = text_of(council.page("/finance/service/waste-and-recycling"))
    assert "Forecast £13,930,000.00 less current budget £12,700,000.00 is £1,230,000.00" in page
    assert "Run rate" in page
    assert "Routes are settled by January" in page
    assert "Recycling sacks" in page
    assert "Red if forecast over budget by more than 2% of it" in page
    assert "Updated" in page
    assert "April to June 2026 (P03)" in page


def test_the_report_has_the_order_of_a_cabinet_appendix_set(council: Running) -> None:
    page = council.page("/finance/monitoring?quarter=3")
    headings = re.findall(r"<h2[^>]*>(\d\S*)\.? ", page)
    assert [each.strip(".") for each in headings] == ["1", "2", "3(i)", "3(ii)", "4(i)", "4(ii)",
                                                      "5"]  # fmt: skip
    said = text_of(page)
    assert "This quarter is not over: its newest finished period is P07" in said
    assert "Agency drivers" in said
    assert "Target £990,000: 29% delivered" in said
    assert "Spare bins" not in said
    assert "Spare bins" in text_of(council.page("/finance/monitoring?quarter=2"))


def test_a_service_shows_money_beside_performance(council: Running) -> None:
    page = text_of(council.page("/services/waste-and-recycling"))
    assert "Indicators" in page
    assert "£1.2 million over budget" in page
    assert "Forecast £13,930,000 against a current budget of £12,700,000" in page
    assert "no budget or spending this year" in council.page("/services/adult-social-care")


def test_the_old_address_of_a_ledger_still_shows_it(council: Running) -> None:
    for address in ("/finance?ledger=procurement-cards", "/finance/spending"):
        page = text_of(council.page(address))
        assert "Spending by month" in page
        assert "Worth a look" in page


def test_before_there_is_money_every_page_answers(sqlite_url: str) -> None:
    with running(sqlite_url, clock=FixedClock(TODAY)) as run:
        for path in ("", "/savings", "/reserves", "/virements", "/capital", "/spending",
                     "/reconciliation", "/monitoring"):  # fmt: skip
            assert "<h1" in run.page(f"/finance{path}")


@pytest.mark.chromium
def test_a_forecast_moves_its_positions_on_an_open_page(page: Page, council: Running) -> None:
    alive(page, "/finance")
    page.evaluate("window.same = true")
    row = page.locator(f'tr[data-subject="position/as-is/{YEAR}/general/directorate/place"]')
    expect(row.locator('[data-part="variance"]')).to_have_text("+£1,200,000")
    money(council, refuse_forecast=11_900_000)
    expect(row.locator('[data-part="variance"]')).to_have_text("−£100,000")
    expect(row.locator(".irf-rag")).to_have_text("Green")
    expect(page.locator("#positions")).to_contain_text("£100,000 under budget", timeout=10_000)
    assert page.evaluate("window.same") is True


@pytest.mark.chromium
def test_a_page_of_an_earlier_period_is_read_again_instead(page: Page, council: Running) -> None:
    alive(page, "/finance/service/waste-and-recycling?period=P05")
    expect(page.locator(".irf-hero__value")).to_have_text("£500,000 over budget")
    found = centres()
    for each in found:
        if each.cost_centre == "W100":
            each.lines["employees"].forecast[3:6] = [12_600_000_00] * 3
    say_centres(council, found)
    expect(page.locator(".irf-hero__value")).to_have_text("£600,000 over budget", timeout=10_000)


@pytest.mark.chromium
def test_a_service_page_moves_with_its_money(page: Page, council: Running) -> None:
    alive(page, "/services/waste-and-recycling")
    money(council, refuse_forecast=14_000_000)
    expect(page.locator("#money .irf-hero__value")).to_have_text("£2.0 million over budget")
