"""Risks, actions, projects and service plans as seen: pages, calls, files and the stream."""

import csv
import io
import re
from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, expect

from shared.contracts.topics import RISKS
from tests.integration.publisher_risks import HOSTILE, STATES, Stopped, action, plant, scored
from tests.integration.publisher_service import Running, running

PAGES = (
    "/risks",
    "/risks?tier=corporate&category=legal&service=environmental-health&standing=above%20appetite",
    "/risks?service=waste-and-recycling&standing=beyond%20tolerance",
    "/risks/R1",
    "/risks/R%2F3",
    "/risks/O1",
    "/risks/OLD",
    "/actions",
    "/actions?stage=overdue&service=environmental-health",
    "/actions/A1",
    "/actions/A%2F3",
    "/projects",
    "/projects/P1",
    "/projects/P2",
    "/services/environmental-health",
    "/services/environmental-health/plan",
    "/services/property-and-procurement/plan",
    "/indicators/EP02",
)


@pytest.fixture(scope="module")
def shared_council(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Running]:
    """A publisher for every test here."""
    store = tmp_path_factory.mktemp("publisher") / "store.db"
    with running(f"sqlite:///{store}", clock=Stopped()) as run:
        plant(run)
        yield run


@pytest.fixture
def council(shared_council: Running) -> Running:
    """The publisher with risks, actions and projects as they were at first."""
    shared_council.say(RISKS, dict(STATES))
    return shared_council


def words(page: str) -> str:
    """The text of a page, without its markup."""
    found = re.sub(r"<[^>]+>", " ", page.partition("<main")[2].partition(">")[2])
    return re.sub(r"\s+([.,:;])", r"\1", re.sub(r"\s+", " ", found))


def in_order(text: str, *wanted: str) -> None:
    """Each of these comes after the one before it."""
    at = 0
    for each in wanted:
        assert each in text[at:], each
        at = text.index(each, at) + len(each)


# Pages


@pytest.mark.parametrize("path", PAGES)
def test_every_page_is_whole_without_a_script(council: Running, path: str) -> None:
    text = council.page(path)
    assert text.count("<h1") == 1
    assert HOSTILE not in text
    assert "<b>Bins</b>" not in text
    for inline in (" style=", " onclick=", "<style"):
        assert inline not in text
    tables = re.findall(r"<table.*?</table>", text, re.DOTALL)
    assert all("<caption" in table and 'scope="col"' in table for table in tables)
    ids = re.findall(r'\sid="([^"]+)"', text)
    assert len(ids) == len(set(ids))


@pytest.mark.parametrize(
    ("path", "status"),
    [
        ("/risks/nothing", 404),
        ("/risks/%3Cscript%3Ealert(1)%3C%2Fscript%3E", 404),
        ("/risks?tier=nothing", 400),
        ("/risks?category=nothing", 400),
        ("/risks?service=nothing", 400),
        ("/risks?standing=asleep", 400),
        (f"/risks?tier={'x' * 5000}", 400),
        ("/actions/nothing", 404),
        ("/actions?stage=asleep", 400),
        ("/actions?service=nothing", 400),
        ("/projects/nothing", 404),
        ("/projects?service=nothing", 400),
        ("/services/nothing/plan", 404),
        ("/services/nothing/plan.csv", 404),
        ("/services/nothing/plan.html", 404),
    ],
)
def test_a_wrong_address_gets_a_friendly_page(council: Running, path: str, status: int) -> None:
    text = council.page(path, status)
    assert "Go to the overview" in text
    assert "<script>alert" not in text


def test_the_register_begins_with_what_needs_attention(council: Running) -> None:
    text = words(council.page("/risks"))
    in_order(
        text,
        "3 risks are open: 1 very high, 1 medium, 1 low. 1 is beyond tolerance; 1 review is "
        "overdue. 1 opportunity besides.",
        "What needs attention",
        "Beyond tolerance: it scores 20, 15 is tolerated",
        "Review overdue since 5 November 2026",
        "Suggested for escalation to Corporate: it stands at Service",
        "Red indicator: Closed in time is red for July to September 2019",
        "Adverse variance: Refuse collection is forecast over its budget",
        "Contract: Waste collection ends on 31 December 2027",
        "Heat map of open risks",
        "Open risks, the highest score first",
        "Opportunities, the highest score first",
        "Grant for new pumps",
        "Closed risks (1)",
        "Old boiler",
        "Movements",
        "October to December 2026 so far",
        "3 risks moved: 1 new, 1 closed, 1 up, none down, none escalated, 1 de-escalated.",
        "New The risk R2",
        "5 October 2026 12, high 20, very high Pump failed",
        "2 November 2026 Directorate Service One again",
        "July to September 2026",
        "2 risks moved: none new, none closed, 1 up, 1 down, 1 escalated, none de-escalated.",
        "9, medium 12, high Wet summer",
        "30 September 2026 6, medium 2, low New lorries",
    )


def test_the_heat_map_is_a_table_whose_cells_say_what_they_are(council: Running) -> None:
    page = council.page("/risks")
    (table,) = re.findall(r'<table class="govuk-table irf-heat">.*?</table>', page, re.DOTALL)
    assert re.findall(r'scope="col"[^>]*>([^<]+)<', table) == [
        "Likelihood", *(f"Impact {n}" for n in range(1, 6))
    ]  # fmt: skip
    assert re.findall(r'scope="row"[^>]*>([^<]+)<', table) == ["5", "4", "3", "2", "1"]
    cells = re.findall(r"<td.*?</td>", table, re.DOTALL)
    assert len(cells) == 25
    shown = [re.sub(r"<[^>]+>", "", cell) for cell in cells]
    assert shown[0] == "Medium, 5: no risk"
    assert shown[9] == "Very high, 201 risk: R1"
    assert 'href="/risks/R1"' in cells[9] and 'data-outcome="red"' in cells[9]
    assert shown[21] == "Low, 21 risk: R/3"
    assert 'href="/risks/R%2F3"' in cells[21] and 'data-outcome="green"' in cells[21]
    assert "O1" not in table and "OLD" not in table


def test_the_register_is_filtered(council: Running) -> None:
    found = council.page("/risks?tier=corporate&standing=above%20appetite")
    shown = found.partition('id="register"')[2].partition('id="movements"')[0]
    assert "1 of 5 risks." in shown
    assert "The risk R2" in shown
    assert "Flood" not in shown and "Old boiler" not in shown
    assert '<option value="corporate" selected>' in found
    assert "No risk matches." in council.page(
        "/risks?service=waste-and-recycling&standing=beyond%20tolerance"
    )


def test_a_risk_says_what_each_level_of_impact_means_for_its_category(council: Running) -> None:
    in_order(
        words(council.page("/risks/R1")),
        "What each level of impact means here",
        "1 Of a cost centre; a loss below £50,000",
        "4 Of the council; a loss below £2.0 million",
        "5 Beyond its reserves; a loss of £2.0 million or more",
    )


def test_a_risk_is_told_whole(council: Running) -> None:
    page = council.page("/risks/R1")
    in_order(
        words(page),
        "Very high Score 20, target 4 (low), by 31 March 2027",
        "Beyond tolerance: it scores 20; appetite is cautious, up to a score of 9, and a score of "
        "up to 15 is tolerated.",
        "Review by 5 November 2026 Overdue",
        "By its score it belongs at Corporate; it stands at Service.",
        "Why it should be looked at again",
        "Red indicator: Closed in time is red for July to September 2019",
        "indicator/EP02@2019-20-Q2",
        "Because of Drains are old",
        "What may happen A storm floods the depot",
        "Inherent, without any control 25, Very high: likelihood 5, impact 5",
        "Current, with the controls there are 20, Very high: likelihood 4, impact 5",
        "Target 4, Low: likelihood 2, impact 2, by 31 March 2027",
        "Pounds that may be lost £2.5 million",
        "Last reviewed 5 October 2026, by Head of service",
        "Controls that are in place",
        "Pumps are tested C1 Depot manager 1st line Partly effective 1 September 2026",
        "Actions, beside the controls",
        "Clear the drains",
        "5 October 2026 20, Very high 4 × 5 Up from 12 Pump failed",
        "10 August 2026 12, High 3 × 4 Up from 9 Wet summer Risk manager",
        "1 May 2026 9, Medium 3 × 3 As registered",
        "2 November 2026 De-escalated Directorate Service One again Directorate board",
        "1 July 2026 Escalated Service Directorate Two services",
        "Indicators",
        "closed within 10 working days",
        "66.7%",
        "ZZ9: no indicator has this code.",
        "Cost centres",
        "Refuse collection W100 Red",
        "NONE: no money is known of this cost centre this year.",
        "Contracts",
        "Waste collection C1 Decision due",
        "LOST: no contract has this reference.",
        "Depot defences",
        "GONE: no project has this reference.",
    )
    assert 'href="/indicators/EP02/values/2019-20-Q2"' in page
    assert 'href="/finance/cost-centre/W100?year=2026-27"' in page
    assert 'href="/contracts/C1"' in page


def test_actions_are_listed_what_is_to_be_done_first(council: Running) -> None:
    text = words(council.page("/actions"))
    in_order(
        text,
        "2 actions are open: 1 is overdue, 1 is expected late. 1 is complete.",
        "To be done",
        "Clear the drains",
        "Overdue 31 October 2026 40%",
        "Action A2",
        "31 December 2026 Expected on 1 February 2027, after it is due",
        "Complete or cancelled",
        "Done on 29 September 2026",
    )
    some = council.page("/actions?stage=complete").partition('id="action-list"')[2]
    assert "1 of 3 actions." in some
    assert "Clear the drains" not in some


def test_an_action_shows_what_it_is_linked_to(council: Running) -> None:
    in_order(
        words(council.page("/actions/A1")),
        "Overdue Due 31 October 2026",
        "Every gully",
        "Owner Depot manager",
        "closed within 10 working days",
        "Refuse collection W100",
        "Flood",
        "R99: no risk has this reference.",
        "Depot defences",
    )


def test_a_project_shows_its_milestones(council: Running) -> None:
    page = council.page("/projects/P1")
    in_order(
        words(page),
        "Amber Delivery",
        "Planned to end on 31 March 2027. Expected on 30 April 2027, 30 days later than planned",
        "1 of 3 milestones reached. Next: Pumps in: planned for 31 December 2026, expected on 31 "
        "January 2027",
        "Design Reached 30 June 2026 – 25 June 2026",
        "Pumps in Slipped 31 December 2026 31 January 2027 –",
        "Walls up Late 31 October 2026 28 February 2027 –",
        "Budget £1,250,000",
        "Capital scheme depot",
        "Clear the drains",
        "requests received",
        "Flood",
    )
    assert 'href="/finance/capital/depot"' in page
    in_order(
        words(council.page("/projects")),
        "1 project is running: 0 red, 1 amber, 0 green.",
        "Depot defences",
        "Project P2",
    )


def test_a_service_gathers_its_risks_actions_and_projects(council: Running) -> None:
    text = words(council.page("/services/environmental-health"))
    for each in ("Service plan, to read or to download", "Flood", "Grant for new pumps",
                 "Clear the drains", "With 1 that is complete", "Depot defences"):  # fmt: skip
        assert each in text, each
    assert "Old boiler" not in text
    assert "Action A2" not in text


def test_an_indicator_names_the_risks_and_actions_that_name_it(council: Running) -> None:
    text = words(council.page("/indicators/EP02"))
    in_order(text, "Risks and actions", "Flood", "Actions to improve it", "Clear the drains")
    assert "Risks and actions" not in council.page("/indicators/EP01")


def test_the_page_of_all_pages_leads_to_actions_and_projects(council: Running) -> None:
    assert 'href="/menu"' in council.page("/")
    assert 'href="/actions"' in council.page("/menu")
    assert 'href="/projects"' in council.page("/menu")


# The plan and its files


def test_a_plan_has_everything_that_a_service_plans_with(council: Running) -> None:
    in_order(
        words(council.page("/services/environmental-health/plan")),
        "As it stands on 24 November 2026.",
        "indicators and targets",
        "closed within 10 working days",
        "75%",
        "Forecast £870,000",
        "Flood",
        "Waste collection",
        "Clear the drains",
        "Depot defences",
    )


def test_a_plan_can_be_taken_along_as_a_table(council: Running) -> None:
    answer = council.http.get("/services/environmental-health/plan.csv")
    assert answer.headers["content-type"] == "text/csv; charset=utf-8"
    assert answer.headers["content-disposition"] == (
        'attachment; filename="service-plan-environmental-health-2026-11-24.csv"'
    )
    rows = list(csv.DictReader(io.StringIO(answer.content.decode(), newline="")))
    found = {(row["Section"], row["Reference"]): row for row in rows}
    assert found["Indicators", "EP02"]["Aim"] == "75%"
    assert found["Indicators", "EP02"]["Now"] == "66.7%, July to September 2019"
    assert found["Money", ""]["Now"] == "Forecast £870,000"
    assert found["Risks", "R1"]["Now"] == "20, Very high"
    assert found["Risks", "R1"]["Status"] == "Beyond tolerance"
    assert found["Opportunities", "O1"]["Title"] == "Grant for new pumps"
    assert found["Contracts", "C1"]["By"] == "31 December 2026"
    assert found["Actions", "A1"]["Status"] == "Overdue"
    assert (
        found["Projects", "P1"]["Notes"] == "Expected on 30 April 2027, 30 days later than planned"
    )
    assert ("Risks", "OLD") not in found
    assert ("Actions", "A/3") not in found


def test_a_plan_can_be_taken_along_to_read(council: Running) -> None:
    answer = council.http.get("/services/environmental-health/plan.html")
    assert answer.status_code == 200
    assert answer.headers["content-disposition"].endswith('environmental-health-2026-11-24.html"')
    text = answer.text
    assert "&lt;script&gt;alert(1)" in text and HOSTILE not in text
    for outside in ("src=", "href=", "<script", "<link"):
        assert outside not in text
    assert "Depot defences" in text and "Refuse collection" not in text


# Calls


def test_the_register_is_asked_with_the_same_filters(council: Running) -> None:
    every = council.get("/v1/risks")
    assert [each["data"]["reference"] for each in every["risks"]] == [
        "R1",
        "O1",
        "R2",
        "R/3",
        "OLD",
    ]
    assert every["text"].startswith("3 risks are open: 1 very high")
    some = council.get("/v1/risks", tier="corporate", standing="above appetite")
    assert [each["subject"] for each in some["risks"]] == ["risk/R2"]
    one = council.get("/v1/risks/R%2F3")
    assert one == every["risks"][3]
    assert council.get("/v1/risks/R1")["data"] == STATES["risk/R1"]


def test_the_heat_map_is_data_too(council: Running) -> None:
    found = council.get("/v1/risks/heat-map")
    assert (found["matrix"], found["likelihood"], len(found["cells"])) == (
        "default",
        list("12345"),
        25,
    )
    assert {c["score"]: c["risks"] for c in found["cells"] if c["risks"]} == {
        20: ["R1"], 6: ["R2"], 2: ["R/3"]
    }  # fmt: skip
    (cell,) = [c for c in found["cells"] if (c["likelihood"], c["impact"]) == (4, 5)]
    assert (cell["band"], cell["rag"]) == ("very high", "red")
    filtered = council.get("/v1/risks/heat-map", category="legal")
    assert [c["risks"] for c in filtered["cells"] if c["risks"]] == [["R2"]]


def test_movements_are_of_this_quarter_or_of_the_one_named(council: Running) -> None:
    now = council.get("/v1/risks/movements")
    assert (now["quarter"], [each["reference"] for each in now["new"]]) == ("2026-27-Q3", ["R2"])
    assert [each["reference"] for each in now["closed"]] == ["OLD"]
    before = council.get("/v1/risks/movements", quarter="2026-27-Q2")
    assert [(each["reference"], each["before"], each["after"]) for each in before["down"]] == [
        ("R/3", "6, medium", "2, low")
    ]
    assert [each["reason"] for each in before["escalated"]] == ["Two services"]
    assert before["de_escalated"] == []


def test_actions_and_projects_are_asked_by_what_they_name(council: Running) -> None:
    def references(path: str, name: str, **asked: str) -> list[str]:
        return [each["data"]["reference"] for each in council.get(path, **asked)[name]]

    assert references("/v1/actions", "actions") == ["A1", "A2", "A/3"]
    assert references("/v1/actions", "actions", risk="R1") == ["A1"]
    assert references("/v1/actions", "actions", risk="R2") == []
    assert references("/v1/actions", "actions", indicator="EP02") == ["A1"]
    assert references("/v1/actions", "actions", stage="complete") == ["A/3"]
    assert references("/v1/projects", "projects") == ["P1", "P2"]
    assert references("/v1/projects", "projects", risk="R1") == ["P1"]
    assert council.get("/v1/actions/A%2F3")["data"] == STATES["action/A%2F3"]
    assert council.get("/v1/projects/P1")["text"] == (
        "Depot defences: Amber. 1 of 3 milestones reached. Expected on 30 April 2027, 30 days "
        "later than planned."
    )


@pytest.mark.parametrize(
    ("path", "status"),
    [
        ("/v1/risks?tier=nothing", 400),
        ("/v1/risks?standing=asleep", 400),
        ("/v1/risks/heat-map?service=nothing", 400),
        ("/v1/risks/movements?quarter=2026-27", 400),
        ("/v1/risks/movements?quarter=soon", 400),
        ("/v1/risks/nothing", 404),
        ("/v1/actions?stage=asleep", 400),
        ("/v1/actions?risk=nothing", 400),
        ("/v1/actions/nothing", 404),
        ("/v1/projects?indicator=nothing", 400),
        ("/v1/projects/nothing", 404),
    ],
)
def test_nonsense_is_refused_in_plain_words(council: Running, path: str, status: int) -> None:
    answer = council.http.get(path)
    assert answer.status_code == status
    assert answer.headers["content-type"].startswith("application/problem+json")
    assert answer.json()["detail"]


def test_without_a_matrix_there_is_no_heat_map_and_the_pages_still_answer(sqlite_url: str) -> None:
    with running(sqlite_url, clock=Stopped()) as run:
        assert run.http.get("/v1/risks/heat-map").status_code == 404
        for path in ("/risks", "/actions", "/projects"):
            assert "<h1" in run.page(path)
        run.say(RISKS, {"risk/R1": STATES["risk/R1"]})
        assert "the catalogue defines no risk matrix" in run.page("/risks")
        assert "Flood" in run.page("/risks/R1")


# Live


def test_what_moves_is_told_in_the_words_of_its_page(council: Running) -> None:
    listener = council.listen("kinds=risks&service=environmental-health")
    events = listener.events()
    moved = {**STATES["risk/R1"], "score": 10, "band": "high", "standing": "above appetite"}
    council.say(RISKS, {"risk/R1": moved})
    event = next(each for each in events if each["data"]["data"].get("score") == 10)
    shown = event["data"]["display"]
    assert (shown["score"], shown["outcome_word"], shown["standing"]) == (
        "10",
        "High",
        "Above appetite",
    )
    council.say(RISKS, {"action/A1": action("A1", "complete", "2026-10-31", "green", progress=100)})
    event = next(each for each in events if each["data"]["data"].get("progress") == 100
                 and each["data"]["subject"] == "action/A1")  # fmt: skip
    assert event["data"]["display"]["outcome_word"] == "Complete"
    council.hang_up()


def test_kinds_that_have_no_page_here_break_no_stream(council: Running) -> None:
    listener = council.listen("kinds=risks")
    events = listener.events()
    council.say(RISKS, {"newer/1": {"kind": "newer", "mark": "odd"}})
    event = next(each for each in events if each["data"]["data"].get("mark") == "odd")
    assert event["data"]["display"] == {}
    council.hang_up()


@pytest.mark.chromium
def test_an_open_register_moves_with_its_risks(browser: Browser, council: Running) -> None:
    tab = browser.new_page(base_url=council.address)
    tab.goto("/risks")
    expect(tab.locator("#live")).to_have_attribute("data-state", "live")
    row = tab.locator('#register tr[data-subject="risk/R2"]')
    history = [scored("2026-10-20", 2, 3, "medium"), scored("2026-11-23", 3, 4, "high")]
    moved = {**STATES["risk/R2"], "likelihood": 3, "impact": 4, "score": 12, "band": "high",
             "rag": {"outcome": "amber", "rule": ""}, "history": history}  # fmt: skip
    council.say(RISKS, {"risk/R2": moved})
    expect(row.locator('[data-part="score"]')).to_have_text("12")
    expect(row.locator(".irf-rag")).to_have_text("High")
    heat = tab.locator(".irf-heat tbody tr").nth(2).locator("td").nth(3)
    expect(heat).to_contain_text("R2", timeout=10_000)
    tab.close()


@pytest.mark.chromium
def test_an_open_action_moves_on_every_page_that_shows_it(
    browser: Browser, council: Running
) -> None:
    tab = browser.new_page(base_url=council.address)
    tab.goto("/risks/R1")
    expect(tab.locator("#live")).to_have_attribute("data-state", "live")
    row = tab.locator('#risk-actions tr[data-subject="action/A1"]')
    expect(row.locator(".irf-rag")).to_have_text("Overdue")
    done = {**STATES["action/A1"], "stage": "complete", "done": "2026-11-24",
            "rag": {"outcome": "green", "rule": "It is done"}}  # fmt: skip
    council.say(RISKS, {"action/A1": done})
    expect(row.locator(".irf-rag")).to_have_text("Complete")
    expect(row).to_contain_text("Done on 24 November 2026")
    tab.close()
