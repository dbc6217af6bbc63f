"""The set that members watch: by priority, quarter by quarter, live and as it was reported."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from shared.contracts import subjects
from shared.contracts.topics import FINANCE, INDICATORS
from tests.integration.publisher_parcels import FixedClock
from tests.integration.publisher_quarter import QUARTER, correct, freeze, position
from tests.integration.publisher_sample import Q1, value
from tests.integration.publisher_service import Running, running
from tests.integration.publisher_strategic import TODAY, Json, council, placed


@pytest.fixture
def run(tmp_path: Path) -> Iterator[Running]:
    with running(f"sqlite:///{tmp_path}/publisher.db", clock=FixedClock(TODAY)) as found:
        council(found)
        yield found


def line(answer: Json, code: str = "EP02") -> Json:
    listed = [each for group in answer["groups"] for each in group["indicators"]]
    return next(each for each in listed if each["code"] == code)


def shown(answer: Json, code: str = "EP02") -> dict[str, str | None]:
    quarters = line(answer, code)["quarters"]
    return {each["quarter"]: each["figure"] and each["figure"]["text"] for each in quarters}


def test_five_quarters_that_are_over_are_shown_and_what_has_none_is_blank(run: Running) -> None:
    answer = run.get("/v1/strategic")
    assert shown(answer) == {
        "2018-19-Q2": None,
        "2018-19-Q3": None,
        "2018-19-Q4": None,
        "2019-20-Q1": "81.3%",
        "2019-20-Q2": "66.7%",
    }
    newest = line(answer)["newest"]
    assert (newest["value"], newest["outcome"]) == ("66.66666667", "red")
    page = run.page("/strategic")
    for quarter in ("July to September 2018", "October to December 2018", "April to June 2019"):
        assert quarter in page
    assert "No figure yet" in page


def test_without_priorities_it_is_grouped_by_portfolio(run: Running) -> None:
    groups = run.get("/v1/strategic")["groups"]
    assert [(each["code"], each["name"]) for each in groups] == [
        ("neighbourhoods", "Neighbourhood services")
    ]


def test_with_priorities_it_is_grouped_by_them_in_the_order_of_their_codes(run: Running) -> None:
    placed(run)
    answer = run.get("/v1/strategic")
    groups = answer["groups"]
    assert [each["name"] for each in groups] == ["A quiet place", "A green place"]
    assert [each["code"] for each in groups[0]["indicators"]] == ["EP02"]
    assert answer["tally"]["sentence"] == ("1 of 2 has a target; 0 are green, 0 amber and 1 red.")
    page = run.page("/strategic")
    assert page.index("A quiet place") < page.index("A green place")
    assert "<strong>1 of 2</strong> has a target" in page
    assert 'data-subject="irf-tally/priority/a-quiet"' in page


def test_a_year_stands_in_the_quarter_in_which_it_ended_and_in_no_other(run: Running) -> None:
    placed(run)
    cells = shown(run.get("/v1/strategic"), "EV01")
    assert {quarter for quarter, text in cells.items() if text} == {"2018-19-Q4"}
    assert "No figure ends here" in run.page("/strategic")


def test_money_by_fund_and_the_top_risks_stand_beside_it(run: Running) -> None:
    answer = run.get("/v1/strategic")
    assert [(each["fund"], each["variance"]) for each in answer["money"]] == [
        ("general", "£60 over budget")
    ]
    assert [(each["reference"], each["score"]) for each in answer["risks"]] == [
        ("R1", "20"),
        ("R2", "6"),
    ]
    page = run.page("/strategic")
    assert "£60 over budget" in page
    assert "The risk R1" in page


def test_money_without_a_fund_says_what_was_spent_and_nothing_where_there_is_none(
    run: Running,
) -> None:
    subject = subjects.position("as-is", "2019-20", "", "fund", "")
    placed_nowhere = position("fund", "", 7, 0) | {"fund": ""}
    run.say(FINANCE, {subject: placed_nowhere})
    money = run.get("/v1/strategic")["money"]
    assert [(each["fund"], each["variance"]) for each in money][1:] == [("", "£42 spent")]
    for path in ("/", "/strategic", "/strategic/meeting?show=money"):
        assert "£60 over budget" in run.page(path)
        assert "£42 spent" in run.page(path)
    run.say(FINANCE, {subject: placed_nowhere | {"figures": {}, "lines": {}}})
    assert [each["fund"] for each in run.get("/v1/strategic")["money"]] == ["general"]
    assert "No fund known" not in run.page("/")


def test_a_report_shows_its_own_quarters_and_marks_what_moved_since(run: Running) -> None:
    placed(run)
    run.say(INDICATORS, {"EP02/2019-20-Q1": value("EP02", Q1, "80", target="75", outcome="green")})
    freeze(run)
    before = run.get("/v1/strategic", report=QUARTER)
    assert [each["since"] for each in line(before)["quarters"]] == [None] * 5
    correct(run)
    run.say(INDICATORS, {"EP02/2019-20-Q1": value("EP02", Q1, "79", target="75", outcome="green")})
    after = run.get("/v1/strategic", report=QUARTER)
    assert shown(after) == shown(before)
    assert after["quarters"][-1] == QUARTER
    moved = {each["quarter"]: each["since"] for each in line(after)["quarters"]}
    assert moved["2019-20-Q2"]["text"] == (
        "Corrected since: 66.7% now 70.9% (4.2 percentage points higher)"
    )
    assert moved["2019-20-Q1"]["now"] == "79.0%"
    assert after["money"][0]["since"]["now"] == "£100 over budget"
    assert after["risks"][0]["since"]["difference"] == "-10"
    assert run.get("/v1/strategic")["groups"][0]["indicators"][0]["newest"]["text"] == "70.9%"
    page = run.page(f"/strategic?report={QUARTER}")
    assert "Since: 70.9%" in page
    assert "Since: 79.0%" in page
    assert "1 of 2 has moved since" in page
    assert "data-subject" not in page


def test_live_and_reported_lead_to_each_other(run: Running) -> None:
    freeze(run)
    live, reported = run.page("/strategic"), run.page(f"/strategic?report={QUARTER}")
    assert '<strong aria-current="page">Live</strong>' in live
    assert f'href="/strategic?report={QUARTER}">As reported: July to September 2019</a>' in live
    assert '<a class="govuk-link" href="/strategic">Live</a>' in reported
    assert "None has moved since" in reported


def test_a_report_of_before_there_were_priorities_is_grouped_as_it_was(run: Running) -> None:
    freeze(run)
    placed(run)
    reported = run.get("/v1/strategic", report=QUARTER)["groups"]
    assert [each["name"] for each in reported] == ["Neighbourhood services"]
    assert len(run.get("/v1/strategic")["groups"]) == 2


def test_an_unfinished_quarter_is_the_newest_figure_and_no_column(run: Running) -> None:
    now = ("2019-20-Q3", "quarter", "2019-10-01", "2019-12-31")
    run.say(INDICATORS, {"EP02/2019-20-Q3": value("EP02", now, "90", target="75")})
    answer = run.get("/v1/strategic")
    assert "2019-20-Q3" not in answer["quarters"]
    assert line(answer)["newest"]["text"] == "90.0%"
    assert "October to December 2019 so far" in run.page("/strategic")


@pytest.mark.parametrize(
    ("path", "status"),
    [
        ("/strategic?report=2019-20-Q9", 404),
        ("/strategic?report=%3Cscript%3Ealert(1)", 404),
        (f"/strategic?report={'x' * 400}", 400),
        ("/strategic/meeting?show=nothing", 404),
        ("/strategic/meeting?show=priority/nothing", 404),
        ("/strategic/meeting?show=indicator/%3Cscript%3Ealert(1)", 404),
        (f"/strategic/meeting?show={'x' * 400}", 400),
        ("/strategic/other", 404),
    ],
)
def test_a_wrong_address_gets_a_friendly_page(run: Running, path: str, status: int) -> None:
    page = run.page(path, status)
    assert "Go to the overview" in page
    assert "<script>alert" not in page


def test_a_call_for_a_report_that_is_not_there_is_told_so(run: Running) -> None:
    assert run.http.get("/v1/strategic", params={"report": "2019-20-Q1"}).status_code == 404
    assert run.http.get("/v1/strategic", params={"report": "soon"}).status_code == 404


def test_a_council_without_a_set_is_told_so(tmp_path: Path) -> None:
    with running(f"sqlite:///{tmp_path}/empty.db") as empty:
        assert "No indicator is marked as strategic yet" in empty.page("/strategic")
        assert "No indicator is marked as strategic yet" in empty.page("/strategic/meeting")
        assert "No indicator stands under a topic yet" in empty.page("/evidence")


def test_both_calls_say_what_they_answer(run: Running) -> None:
    paths = run.get("/openapi.json")["paths"]
    for path in ("/v1/strategic", "/v1/evidence"):
        told = paths[path]["get"]
        assert told["description"]
        assert "$ref" in told["responses"]["200"]["content"]["application/json"]["schema"]
