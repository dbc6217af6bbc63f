"""The pages that everybody starts from: the overview, the list of indicators, directorates and
portfolios, services, and themes."""

import re
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from html import unescape
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, Page, expect

from services.publisher.board import Board
from services.publisher.domain.looks import Look, looking
from services.publisher.readmodel import Snapshot
from services.publisher.web import (
    home_views,
    list_views,
    paging,
    place_views,
    service_view,
    theme_view,
)
from services.publisher.web.tables import Facts
from shared.contracts import supply
from shared.contracts.topics import CATALOGUE, INDICATORS, RECORDS, RISKS
from shared.runtime.clock import iso
from tests.integration.publisher_parcels import FixedClock
from tests.integration.publisher_risks import action
from tests.integration.publisher_sample import Q1, Q2, risk, sample, value
from tests.integration.publisher_service import Running, running
from tests.integration.statements import heard
from tests.integration.test_publisher_pages import GREEN, JUDGED, alive
from tests.integration.test_publisher_supply import REQUESTS, said

WRONG = (
    ("/portfolios/nothing", 404),
    ("/directorates/%3Cscript%3Ealert(1)%3C%2Fscript%3E", 404),
    ("/themes/nothing", 404),
    ("/services/nothing", 404),
    ("/indicators?rag=purple", 400),
    ("/indicators?trend=sideways", 400),
    ("/indicators?kind=fortnight", 400),
    ("/indicators?service=nothing", 400),
    ("/indicators?portfolio=%3Cscript%3E", 400),
    ("/indicators?directorate=x", 400),
    ("/indicators?page=0", 400),
    ("/indicators?page=99", 400),
    ("/indicators?page=%D9%A3", 400),
    (f"/indicators?q={'x' * 101}", 400),
)
NOON = datetime(2019, 10, 15, 12, tzinfo=UTC)
EVERY = dict.fromkeys(("q", "service", "portfolio", "directorate", "rag", "trend", "kind"), "")
FACTS: dict[str, Callable[[Snapshot], Facts]] = {
    "/": lambda view: home_views.home(view, looking(None, Look(NOON, view.cursor))),
    "/changes": lambda view: home_views.changed(view, looking(None, Look(NOON, view.cursor))),
    "/indicators": lambda view: list_views.indicators(view, EVERY, None),
    "/portfolios": lambda view: place_views.place(view, "portfolio", "neighbourhoods"),
    "/services": lambda view: service_view.service(view, "environmental-health"),
    "/themes": theme_view.themes,
    "/themes/living-well": lambda view: theme_view.theme(view, "living-well"),
}


class OwnClock(FixedClock):
    """A clock that a test sets."""

    def __init__(self) -> None:
        self.time = NOON

    def now(self) -> datetime:
        return self.time


def linked(run: Running) -> None:
    """A risk and actions that name an indicator of a theme."""
    named: dict[str, Any] = {"indicators": ["EP02"], "service": "environmental-health"}
    run.say(
        RISKS,
        {
            "risk/R1": risk("R1", 4, 5, 20, "very high", standing="above appetite", **named),
            "risk/R3": risk("R3", 3, 3, 9, "medium", overdue=True, review_by="2019-09-01"),
            "action/A1": action("A1", "overdue", "2019-09-30", "red", **named),
            "action/A2": action("A2", "in progress", "2020-09-30", "green", **named),
        },
    )


@pytest.fixture(scope="module")
def clock() -> OwnClock:
    return OwnClock()


@pytest.fixture(scope="module")
def shared_council(tmp_path_factory: pytest.TempPathFactory, clock: OwnClock) -> Iterator[Running]:
    """A publisher for every test here."""
    store = f"sqlite:///{tmp_path_factory.mktemp('publisher') / 'store.db'}"
    with running(store, clock=clock) as run:
        sample(run)
        linked(run)
        yield run


@pytest.fixture
def council(shared_council: Running, clock: OwnClock) -> Running:
    """The publisher with the sample as it was at first, on the first day."""
    clock.time = NOON
    figures: dict[str, Any] = {
        "EP02/2019-20-Q2": value("EP02", Q2, "66.66666667", **JUDGED),
        "EP02/2019-20-Q1": value("EP02", Q1, "81.3", **{**JUDGED, "outcome": "green"}),
        "EP01/2019-20-Q2": value("EP01", Q2, "1051", unit="count", outcome="information"),
    }
    shared_council.say(INDICATORS, figures, at=iso(NOON - timedelta(days=9)))
    shared_council.http.cookies.clear()
    return shared_council


@pytest.fixture
def page(browser: Browser, council: Running) -> Iterator[Page]:
    """A tab that fails the test on any error of the page."""
    context = browser.new_context(base_url=council.address)
    tab = context.new_page()
    faults: list[str] = []
    tab.on("pageerror", lambda error: faults.append(str(error)))
    yield tab
    context.close()
    assert faults == []


def words(text: str) -> str:
    """The words of a page, without its marks."""
    return re.sub(r"\s+", " ", unescape(re.sub(r"<[^>]+>", " ", text))).strip()


def part(text: str, name: str, end: str = "</section>") -> str:
    """The words of a section of a page, by its id."""
    _, found, rest = text.partition(f'id="{name}"')
    assert found, name
    return words(rest.partition(">")[2].partition(end)[0])


# The overview


def test_the_overview_counts_the_council_and_its_parts(council: Running) -> None:
    text = council.page("/")
    told = words(text)
    assert "0 of 1 indicators with a target are green. 0 amber, 1 red. Getting worse: 1" in told
    assert re.search(
        r"Neighbourhood services [^0-9]*Environmental health[^0-9]* 0 of 1 0 1 1", told
    )
    assert 'href="/portfolios/neighbourhoods"' in text
    assert 'href="/directorates/place"' in text
    # No long table: the list of every indicator is a page of its own.
    assert "irf-figures" not in text
    assert 'href="/indicators"' in text


def test_what_needs_attention_is_short_and_leads_to_all_of_it(council: Running) -> None:
    council.say(RECORDS, {supply.subject(REQUESTS): said(REQUESTS, late=True)})
    text = council.page("/")
    red = part(text, "attention-red")
    assert "Red : 1" in red or "Red: 1" in red
    assert "closed within 10 working days 66.7%" in red
    assert "Down 14.6 percentage points since April to June 2019, getting worse" in red
    assert 'href="/indicators?rag=red"' in text
    assert "Nothing else is getting worse." in part(text, "attention-worse")
    assert "Was due on 3 July 2026" in part(text, "attention-late")
    assert "Environmental protection manager" in part(text, "attention-late")
    assert "Was due on 30 September 2019" in part(text, "attention-actions")
    assert "was to be reviewed by 1 September 2019" in part(text, "attention-reviews")
    assert "No decision on a contract is overdue." in part(text, "attention-decisions")
    council.say(RECORDS, {supply.subject(REQUESTS): said(REQUESTS, late=False)})
    assert "No data is late, and no return is overdue." in part(council.page("/"), "attention-late")


def test_a_long_list_shows_five_and_says_how_many_there_are(council: Running) -> None:
    late = {f"action/L{n}": action(f"L{n}", "overdue", f"2019-08-0{n}", "red") for n in range(1, 8)}
    council.say(RISKS, late)
    listed = part(council.page("/"), "attention-actions")
    assert "All 8 overdue actions" in listed
    assert listed.count("Was due on") == 5
    # The oldest first.
    assert "Was due on 1 August 2019" in listed
    council.say(RISKS, dict.fromkeys(late))


def changes(council: Running) -> str:
    return part(council.page("/"), "changes")


def test_what_changed_is_told_since_the_last_look(council: Running, clock: OwnClock) -> None:
    assert "Since this time yesterday, 14 October 2019 at 1:00pm: no figure changed." in changes(
        council
    )
    clock.time = NOON + timedelta(hours=2)
    better = value("EP02", Q2, "91.2", **GREEN)
    council.say(INDICATORS, {"EP02/2019-20-Q2": better}, at=iso(clock.time))
    clock.time = NOON + timedelta(hours=3)
    for _ in range(2):  # Read twice within half an hour, it says the same.
        told = changes(council)
        assert "Since your last look, 15 October 2019 at 1:00pm: 1 figure changed" in told
        assert "From 66.7% to 91.2% Red to Green" in told
        clock.time += timedelta(minutes=10)
    clock.time = NOON + timedelta(hours=5)
    assert "4:10pm: no figure changed" in changes(council)


def test_what_came_late_to_the_pages_is_not_passed_over(council: Running, clock: OwnClock) -> None:
    council.page("/")
    # Said before the look, and here only after it.
    better = value("EP02", Q2, "91.2", **GREEN)
    council.say(INDICATORS, {"EP02/2019-20-Q2": better}, at=iso(NOON - timedelta(hours=1)))
    clock.time = NOON + timedelta(hours=1)
    assert "From 66.7% to 91.2%" in changes(council)


def test_a_new_quarter_is_told_beside_the_one_before(council: Running, clock: OwnClock) -> None:
    council.page("/")
    period = ("2019-20-Q3", "quarter", "2019-10-01", "2019-12-31")
    clock.time = NOON + timedelta(hours=1)
    new = value("EP02", period, "77", **GREEN)
    council.say(INDICATORS, {"EP02/2019-20-Q3": new}, at=iso(clock.time))
    assert "New: 77.0%, after 66.7% in July to September 2019 Red to Green" in changes(council)
    assert "New: 77.0%" in words(council.page("/changes"))
    council.say(INDICATORS, {"EP02/2019-20-Q3": None})


def test_the_cookie_holds_a_cursor_and_an_instant_and_goes_nowhere_else(council: Running) -> None:
    [cookie] = council.http.get("/").headers.get_list("set-cookie")
    name, _, rest = cookie.partition("=")
    text, *attributes = rest.split("; ")
    assert name == "irf_looked"
    assert re.fullmatch(r"[0-9a-f]{8}\.-1571054400\.[0-9]+-1571140800", text)
    assert {each.lower() for each in attributes} == {
        "httponly", "samesite=strict", "path=/", "max-age=7776000",
    }  # fmt: skip
    assert "A cookie on this device keeps when this page was last open" in council.page("/")
    # A link from elsewhere brings no cookie along: what it would say must not be wiped out.
    elsewhere = council.http.get("/", headers={"Sec-Fetch-Site": "cross-site"})
    assert "set-cookie" not in elsewhere.headers
    assert "set-cookie" not in council.http.get("/changes").headers


@pytest.mark.parametrize("cookie", ["x", "0123abcd.1-1.1-1", "a" * 3000, "deadbeef.9-9.9-9\\n"])
def test_a_cookie_that_somebody_made_up_breaks_nothing(council: Running, cookie: str) -> None:
    answer = council.http.get("/", headers={"Cookie": f"irf_looked={cookie}"})
    assert answer.status_code == 200
    assert "What changed since you last looked" in answer.text


def test_both_stores_tell_what_stood_before(store_url: str) -> None:
    clock = OwnClock()
    with running(store_url, clock=clock) as run:
        sample(run)
        at = iso(NOON - timedelta(days=9))
        run.say(INDICATORS, {"EP02/2019-20-Q2": value("EP02", Q2, "66.7", **JUDGED)}, at=at)
        run.page("/")
        clock.time = NOON + timedelta(hours=1)
        q3 = ("2019-20-Q3", "quarter", "2019-10-01", "2019-12-31")
        waits = {**value("EP02", q3, None), "reason": "not due"}
        better = value("EP02", Q2, "91.2", **GREEN)
        run.say(INDICATORS, {"EP02/2019-20-Q2": better, "EP02/2019-20-Q3": waits})
        # What is not due stands back for what is known, which changed meanwhile.
        assert "From 66.7% to 91.2% Red to Green" in changes(run)
        run.say(INDICATORS, {"EP02/2019-20-Q2": None})
        assert "New: 81.3%" not in changes(run)
        assert 'data-subject="EP02/2019-20-Q1"' in run.page("/indicators")


# The list of indicators


def test_indicators_are_narrowed_by_what_they_are_and_how_they_stand(council: Running) -> None:
    def found(query: str) -> set[str]:
        text = council.page(f"/indicators?{query}")
        return set(re.findall(r'data-indicator="([A-Z0-9]+)"', text))

    whole = found("")
    assert {"EP01", "EP02", "PR01", "PA01"} <= whole
    assert found("rag=red") == {"EP02"}
    assert found("trend=worse") == {"EP02"}
    assert found("trend=better") == set()
    assert found("service=property-and-procurement&q=CARDS") == {"PR01", "PR02"}
    assert found("directorate=place") == found("portfolio=neighbourhoods") >= {"EP01", "EP05"}
    assert found("q=noise+share") == {"EP05"}
    assert "PA01" in found("kind=month")
    assert found("kind=month").isdisjoint(found("kind=quarter"))
    assert "No indicator matches." in council.page("/indicators?q=%3Cb%3E")


def test_a_long_list_is_paged_with_what_was_asked(
    council: Running, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(paging, "PAGE", 2)
    first = council.page("/indicators?service=environmental-health")
    assert "5 indicators: 1 to 2 are shown." in words(first)
    assert 'href="/indicators?service=environmental-health&amp;page=2"' in first
    last = council.page("/indicators?service=environmental-health&page=3")
    assert "5 to 5 are shown" in words(last)
    assert "page=4" not in last


def test_a_large_directorate_shows_so_many_figures_at_a_time(
    council: Running, monkeypatch: pytest.MonkeyPatch
) -> None:
    whole = re.findall(r'data-indicator="([A-Z0-9]+)"', council.page("/directorates/place"))
    monkeypatch.setattr(paging, "PAGE", 3)
    found: list[str] = []
    next_page = "/directorates/place"
    while next_page:
        text = council.page(next_page)
        assert 'href="/services/environmental-health"' in text
        found += re.findall(r'data-indicator="([A-Z0-9]+)"', text)
        after = re.search(r'href="([^"]+)" rel="next"', text)
        next_page = unescape(after[1]) if after else ""
    assert len(found) > 3
    assert found == whole
    council.page("/directorates/place?page=99", 400)


@pytest.mark.parametrize(("path", "status"), WRONG)
def test_a_wrong_address_gets_a_friendly_page(council: Running, path: str, status: int) -> None:
    text = council.page(path, status)
    assert "Go to the overview" in text
    assert "<script>" not in text


# Parts of the council, services and themes


@pytest.mark.parametrize("path", ["/portfolios/neighbourhoods", "/directorates/place"])
def test_a_part_of_the_council_lists_its_services(council: Running, path: str) -> None:
    text = council.page(path)
    assert "0 of 1 indicators with a target are green." in words(text)
    assert 'href="/services/environmental-health"' in text
    assert 'data-subject="irf-tally/service/waste-and-recycling"' in text
    assert 'data-subject="EP02/2019-20-Q2"' in text
    assert "PR01" not in text


def test_a_service_is_summed_up_in_sentences(council: Running) -> None:
    text = council.page("/services/environmental-health")
    summary = part(text, "summary", "</p>")
    assert "It has no budget or spending this year." in summary
    assert "1 of 3 risks is above appetite: 1 very high." in summary
    assert "1 of 2 actions is overdue." in summary
    assert "Environmental protection manager" in words(text)
    for name in ("figures", "money", "risks", "actions", "projects", "contracts"):
        assert f'href="#{name}"' in text
        assert f'id="{name}"' in text


def test_a_theme_tells_its_story_and_keeps_apart_what_is_around_the_council(
    council: Running,
) -> None:
    text = council.page("/themes/living-well")
    assert '<p class="govuk-body irf-narrative">People sleep where it is quiet.</p>' in text
    assert "Led by: Director of place." in text
    ours, around = text.split('id="context"')
    assert 'data-indicator="EP02"' in ours
    assert 'data-indicator="EP01"' in around
    assert 'data-indicator="EP01"' not in ours
    assert 'data-subject="risk/R1"' in around
    assert 'data-subject="action/A1"' in around
    assert "risk/R3" not in text
    listed = words(council.page("/themes"))
    assert "Living well" in listed
    assert "0 of 1 with a target are green, 1 red." in listed


# Alive


@pytest.mark.chromium
def test_counts_and_lists_move_with_the_figures(page: Page, council: Running) -> None:
    alive(page, "/")
    portfolio = page.locator('tr[data-subject="irf-tally/portfolio/neighbourhoods"]')
    expect(page.locator("#attention-red")).to_contain_text("66.7%")
    council.say(INDICATORS, {"EP02/2019-20-Q2": value("EP02", Q2, "91.2", **GREEN)})
    expect(portfolio.locator('[data-part="green"]')).to_have_text("1")
    expect(portfolio.locator('[data-part="worse"]')).to_have_text("0")
    expect(page.locator("#attention-red")).to_contain_text("No indicator", timeout=10_000)
    expect(page.locator("#changes")).to_contain_text("From 66.7% to 91.2%")
    council.say(RISKS, {"action/A9": action("A9", "overdue", "2019-09-01", "red")})
    expect(page.locator("#attention-actions")).to_contain_text("1 September", timeout=10_000)
    council.say(RISKS, {"action/A9": None})


@pytest.mark.chromium
def test_a_theme_hears_of_the_risks_that_name_its_indicators(page: Page, council: Running) -> None:
    alive(page, "/themes/living-well")
    named: dict[str, Any] = {"indicators": ["EP02"], "standing": "above appetite"}
    council.say(RISKS, {"risk/R1": risk("R1", 5, 5, 25, "very high", **named)})
    score = page.locator('tr[data-subject="risk/R1"] [data-part="score"]')
    expect(score).to_have_text("25")
    linked(council)
    expect(score).to_have_text("20")
    council.say(INDICATORS, {"EP02/2019-20-Q2": value("EP02", Q2, "91.2", **GREEN)})
    counted = page.locator('[data-subject="irf-tally/theme/living-well"]')
    expect(counted.locator('[data-part="green"]')).to_have_text("1")


# For everybody, and fast


def statements(council: Running, path: str) -> tuple[int, int]:
    """How many a page takes with nothing kept, and then with the board of the first."""
    council.publisher.reads._board = Board()
    found = []
    with heard() as seen:
        for _ in range(2):
            seen.clear()
            council.publisher.service.store.read_now(
                lambda tx: FACTS[path](council.publisher.reads.snapshot(tx))
            )
            found.append(len(seen))
    return found[0], found[1]


def test_no_page_asks_more_of_the_store_when_there_are_more_indicators(tmp_path: Path) -> None:
    with running(f"sqlite:///{tmp_path}/store.db") as run:
        sample(run)
        linked(run)
        before = {path: statements(run, path) for path in FACTS}
        defined = run.get("/v1/indicators")["indicators"]
        more = {}
        for number in range(60):
            code = f"ZZ{number}"
            more[f"indicator/{code}"] = {
                "code": code, "title": f"Requests {number}", "formula": "ep_received",
                "unit": "count", "service": "environmental-health", "polarity": "high",
                "themes": ["living-well"], "owner": "Somebody",
            }  # fmt: skip
        run.say(CATALOGUE, more)
        figures = {}
        for subject in more:
            code = subject.partition("/")[2]
            not_due = {**value(code, Q2, None), "reason": "not due"}
            figures[f"{code}/2019-20-Q1"] = value(code, Q1, "9", **JUDGED)
            red = value(code, Q2, "7", **JUDGED)
            figures[f"{code}/2019-20-Q2"] = not_due if code.endswith("1") else red
        run.say(INDICATORS, figures)
        assert len(run.get("/v1/indicators")["indicators"]) == len(defined) + 60
        after = {path: statements(run, path) for path in FACTS}
    for path in FACTS:
        # Figures that are not due send it a period back: once, however many there are.
        assert after[path][0] <= before[path][0] + 2, path
        assert after[path][1] <= before[path][1], path
        assert after[path][1] <= 30, path
