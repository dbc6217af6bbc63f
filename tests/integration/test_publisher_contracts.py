"""Contracts and commissioning as seen: pages, calls, the pipeline's file and the stream."""

import csv
import io
import re
from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any

import pytest
from playwright.sync_api import Browser, expect

from shared.contracts.topics import CONTRACTS
from tests.integration.publisher_sample import sample
from tests.integration.publisher_service import Running, running

Json = dict[str, Any]

PAGES = (
    "/contracts",
    "/contracts?service=waste-and-recycling&stage=decision%20due",
    "/contracts/C1",
    "/contracts/X%2F9",
    "/contracts/pipeline",
    "/services/waste-and-recycling",
)


class Stopped:
    """24 November 2026, all day."""

    def now(self) -> datetime:
        return datetime(2026, 11, 24, 9, 0, tzinfo=UTC)

    def monotonic(self) -> float:
        return 0.0


def contract(reference: str, **fields: Any) -> Json:
    """A contract in force until the end of 2030."""
    return {
        "reference": reference,
        "title": f"Contract {reference}",
        "start": "2020-04-01",
        "end": "2030-12-31",
        "expiry": "2030-12-31",
        "last_expiry": "2030-12-31",
        "decision_by": "2029-12-31",
        "stage": "in force",
        "on_horizon": False,
        "spent": 0,
        "records": [f"contracts-register/{reference}"],
        **fields,
    }


def intention(reference: str, **fields: Any) -> Json:
    """Something to be bought again."""
    return {
        "reference": reference,
        "title": f"Intention {reference}",
        "option": "Recommission",
        "status": "Proposed",
        "overdue": False,
        "records": [f"commissioning-intentions/{reference}"],
        **fields,
    }


STATES: dict[str, Json] = {
    "contract/C1": contract(
        "C1",
        title="Waste collection",
        supplier="<script>alert(1)</script> & Sons Ltd",
        service="waste-and-recycling",
        directorate="place",
        portfolio="neighbourhoods",
        end="2026-12-31",
        expiry="2027-12-31",
        last_expiry="2028-12-31",
        extensions=[12, 12],
        extensions_taken=1,
        notice_months=6,
        notice_by="2027-06-30",
        decision_by="2026-12-31",
        stage="decision due",
        on_horizon=True,
        total_value=6_000_000_00,
        annual_value=1_000_000_00,
        spent=1_500_000_00,
        spent_transactions=12,
        kpis={"k/1": {"indicator": "EP02", "title": "In time"}, "k/2": {"indicator": "ZZ9"}},
        kpis_short=1,
        intention="I1",
        sme=True,
    ),
    "contract/C2": contract(
        "C2", stage="decision overdue", decision_by="2026-10-01", expiry="2027-10-01",
        on_horizon=True, decision_set=True, expiry_set=True,
    ),
    "contract/C3": contract(
        "C3", stage="decision due", expiry="2027-11-30", on_horizon=True, decided=True,
        decision_by="2026-11-30",
    ),
    "contract/C4": contract("C4", stage="expired", expiry="2026-01-31"),
    "contract/X%2F9": contract("X/9", title="Grounds", total_value=100_00, spent=200_00),
    "contract-spend/C1": {
        "reference": "C1", "spent": 1_500_000_00, "transactions": 12, "registered": True,
        "years": {"2025-26": 1_000_000_00, "2026-27": 500_000_00},
        "intentions": {"I1": "open"},
    },
    "contract-spend/LOST": {
        "reference": "LOST <b>1</b>", "spent": 420_05, "transactions": 3, "registered": False,
        "years": {"2025-26": 420_05},
    },
    "contract-spend/NAMED": {
        "reference": "NAMED", "spent": 0, "transactions": 0, "registered": False, "years": {},
        "intentions": {"I3": "open"},
    },
    "intention/I1": intention(
        "I1",
        title="=cmd|'/c calc'!A1",
        description="Collections, weekly",
        contract="C1",
        contract_expiry="2027-12-31",
        service="waste-and-recycling",
        decision_by="2026-12-31",
        forum="Cabinet",
        lead="@lead",
        value=52_000_000_00,
        start="2028-01-01",
        end="2035-12-31",
        notice="2027-05-01",
        indicators=["EP02", "ZZ9"],
        risks=["R1", "R77"],
        category="Services",
        category_code="90511000",
        procedure="Open procedure",
        sme=True,
        vcse=False,
    ),
    "intention/I2": intention(
        "I2", overdue=True, decision_by="2026-10-01", value=3_000_000_00, start="2027-03-01"
    ),
    "intention/I3": intention(
        "I3", contract="NAMED", option="Insource", value=9_000_000_00, start="2027-03-01"
    ),
    "intention/I4": intention(
        "I4", status="Agreed", decided="2026-11-01", value=2_000_000_00, notice="2027-02-01"
    ),
    "intention/I5": intention("I5", status="Withdrawn", value=9_000_000_00, start="2027-03-01"),
}  # fmt: skip


@pytest.fixture(scope="module")
def shared_council(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Running]:
    """A publisher for every test here."""
    store = tmp_path_factory.mktemp("publisher") / "store.db"
    with running(f"sqlite:///{store}", clock=Stopped()) as run:
        sample(run)
        yield run


@pytest.fixture
def council(shared_council: Running) -> Running:
    """The publisher with the contracts as they were at first."""
    shared_council.say(CONTRACTS, dict(STATES))
    return shared_council


def words(page: str) -> str:
    """The text of a page, without its markup."""
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", page.partition("<main")[2]))


# Pages


@pytest.mark.parametrize("path", PAGES)
def test_every_page_is_whole_without_a_script(council: Running, path: str) -> None:
    text = council.page(path)
    assert text.count("<h1") == 1
    assert "<script>alert" not in text
    assert "<b>1</b>" not in text
    for inline in (" style=", " onclick=", "<style"):
        assert inline not in text
    tables = re.findall(r"<table.*?</table>", text, re.DOTALL)
    assert all("<caption" in table and 'scope="col"' in table for table in tables)


@pytest.mark.parametrize(
    ("path", "status"),
    [
        ("/contracts/nothing", 404),
        ("/contracts/%3Cscript%3Ealert(1)%3C%2Fscript%3E", 404),
        ("/contracts?stage=asleep", 400),
        ("/contracts?service=nothing", 400),
        (f"/contracts?service={'x' * 5000}", 400),
    ],
)
def test_a_wrong_address_gets_a_friendly_page(council: Running, path: str, status: int) -> None:
    text = council.page(path, status)
    assert "Go to the overview" in text
    assert "<script>alert" not in text


def test_the_register_begins_with_what_needs_a_decision(council: Running) -> None:
    text = words(council.page("/contracts"))
    assert "2 of 4 contracts need a decision; 1 is overdue. 1 more has expired." in text
    order = [
        "A contract over £5.0 million is to name 3 key performance indicators. 1 does not:",
        "Waste collection (£6.0 million) names 2 key performance indicators of 3.",
        "Overdue",
        "1 October 2026",
        "October to December 2026",
        "31 December 2026 Decision",
        "October to December 2027",
        "1 October 2027 Expires",
        "30 November 2027 Expires",
        "The register",
        "Paid under references that no contract has",
        "LOST &lt;b&gt;1&lt;/b&gt;",
        "£420.05",
    ]
    at = 0
    for each in order:
        assert each in text[at:], each
        at = text.index(each, at) + len(each)
    assert "NAMED" not in text  # nothing was paid under it
    assert "30 November 2026 Decision" not in text  # what follows is decided


def test_the_register_is_filtered_by_service_and_stage(council: Running) -> None:
    found = council.page("/contracts?service=waste-and-recycling").partition('id="register"')[2]
    assert "1 of 5 contracts, the first to expire first" in found
    assert "Waste collection" in found
    assert "Grounds" not in found
    assert "No contract matches" in council.page(
        "/contracts?service=waste-and-recycling&stage=expired"
    )


def test_a_contract_says_how_its_dates_were_worked_out(council: Running) -> None:
    text = words(council.page("/contracts/C1"))
    for sentence in (
        "What follows it is to be decided by 31 December 2026; it expires on 31 December 2027.",
        "Its first term ends on 31 December 2026; 1 extension, of 12 months in all, moves that to "
        "31 December 2027.",
        "It can be extended by 12 months and then 12 months: to 31 December 2028 with all of that.",
        "Ending it needs 6 months of notice, so notice is to be given by 30 June 2027.",
        "What follows is to be decided 12 months before it expires, by the council&#39;s own rule: "
        "by 31 December 2026.",
        "by 12 payments of the ledger under its reference. 25.0% of its total value",
        "It names 2 key performance indicators of 3.",
        "66.7%",
        "ZZ9: no indicator has this code.",
        "Recommission : =cmd",
    ):
        assert sentence in text, sentence
    assert 'href="/indicators/EP02"' in council.page("/contracts/C1")


def test_a_contract_over_its_value_says_so_whatever_its_reference_is_spelled_like(
    council: Running,
) -> None:
    assert "More was paid under it than its total value." in council.page("/contracts/X%2F9")


def test_intentions_stand_by_the_day_and_place_of_their_decision(council: Running) -> None:
    text = words(council.page("/contracts/pipeline"))
    assert "3 decisions to be taken; 1 is overdue." in text
    assert "2 procurements of more than £2.0 million come to market in the next 18 months." in text
    page = council.page("/contracts/pipeline")
    groups = [">To be decided<", ">Overdue<", ">October to December 2026<", ">No date<",
              ">Decided<", ">Withdrawn<"]  # fmt: skip
    places = [page.index(each) for each in groups]
    assert places == sorted(places)
    assert 'href="/v1/contracts/pipeline.csv"' in page
    assert 'href="/contracts/C1"' in page
    assert 'href="/indicators/EP02"' in page


def test_a_service_shows_its_contracts_and_intentions(council: Running) -> None:
    text = words(council.page("/services/waste-and-recycling"))
    assert "1 of 1 contract needs a decision; none is overdue." in text
    assert "Waste collection" in text
    assert "Commissioning intentions" in text


# Calls


def references(answer: Json) -> list[str]:
    return [each["data"]["reference"] for each in answer["contracts"]]


def test_the_register_is_listed_by_expiry_and_filtered(council: Running) -> None:
    assert references(council.get("/v1/contracts")) == ["C4", "C2", "C3", "C1", "X/9"]
    assert references(council.get("/v1/contracts", service="waste-and-recycling")) == ["C1"]
    assert references(council.get("/v1/contracts", directorate="place")) == ["C1"]
    assert references(council.get("/v1/contracts", portfolio="neighbourhoods")) == ["C1"]
    assert references(council.get("/v1/contracts", stage="decision overdue")) == ["C2"]
    assert references(council.get("/v1/contracts", expiring_within="12")) == ["C2"]
    assert references(council.get("/v1/contracts", expiring_within="13")) == ["C2", "C3"]


def test_one_contract_says_all_that_is_known_of_it(council: Running) -> None:
    found = council.get("/v1/contracts/C1")
    assert found["contract"]["data"]["kpis_short"] == 1
    assert found["paid"]["years"] == {"2025-26": 1_000_000_00, "2026-27": 500_000_00}
    assert [each["data"]["reference"] for each in found["intentions"]] == ["I1"]
    assert len(found["dates"]) == 4
    assert council.get("/v1/contracts/X%2F9")["contract"]["data"]["title"] == "Grounds"


def test_intentions_are_listed_by_the_day_of_their_decision(council: Running) -> None:
    found = council.get("/v1/contracts/intentions")["intentions"]
    assert [each["data"]["reference"] for each in found] == ["I2", "I1", "I3", "I4", "I5"]
    assert found[0]["text"] == (
        "Recommission: Intention I2. Proposed; should have been decided by 1 October 2026."
    )


@pytest.mark.parametrize(
    "path",
    [
        "/v1/contracts?stage=asleep",
        "/v1/contracts?service=nothing",
        "/v1/contracts?directorate=nothing",
        "/v1/contracts?expiring_within=soon",
        "/v1/contracts?expiring_within=-1",
        "/v1/contracts/pipeline?over=lots",
        "/v1/contracts/pipeline?over=1e9",
        "/v1/contracts/pipeline.csv?months=0",
    ],
)
def test_nonsense_is_refused_in_plain_words(council: Running, path: str) -> None:
    answer = council.http.get(path)
    assert answer.status_code == 400
    assert answer.headers["content-type"].startswith("application/problem+json")
    assert "must be" in answer.json()["detail"]


def test_an_unknown_contract_is_a_problem(council: Running) -> None:
    answer = council.http.get("/v1/contracts/nothing")
    assert answer.status_code == 404
    assert answer.headers["content-type"].startswith("application/problem+json")


# The pipeline


def test_the_pipeline_has_what_comes_to_market_above_a_threshold(council: Running) -> None:
    found = council.get("/v1/contracts/pipeline")
    assert [each["reference"] for each in found["procurements"]] == ["I2", "I1"]
    more = council.get("/v1/contracts/pipeline", over="1999999.99")
    assert [each["reference"] for each in more["procurements"]] == ["I4", "I2", "I1"]
    less = council.get("/v1/contracts/pipeline", months="4")
    assert [each["reference"] for each in less["procurements"]] == ["I2"]


def test_the_pipeline_is_a_file_that_no_spreadsheet_takes_for_formulas(council: Running) -> None:
    answer = council.http.get("/v1/contracts/pipeline.csv")
    assert answer.headers["content-type"] == "text/csv; charset=utf-8"
    assert answer.headers["content-disposition"] == (
        'attachment; filename="procurement-pipeline-2026-11-24.csv"'
    )
    rows = list(csv.DictReader(io.StringIO(answer.content.decode(), newline="")))
    assert [row["Reference"] for row in rows] == ["I2", "I1"]
    assert rows[1] == {
        "Buyer": "Sample council",
        "Reference": "I1",
        "Title": "'=cmd|'/c calc'!A1",
        "Description": "Collections, weekly",
        "Estimated value excluding VAT (GBP)": "52000000.00",
        "Estimated value including VAT (GBP)": "",
        "Estimated contract start date": "2028-01-01",
        "Estimated contract end date": "2035-12-31",
        "Estimated tender notice date": "2027-05-01",
        "Main procurement category": "Services",
        "CPV code": "90511000",
        "Procedure": "Open procedure",
        "Suitable for SMEs": "Yes",
        "Suitable for VCSEs": "No",
        "Contact": "'@lead",
        "Service": "Waste and recycling",
        "Current contract": "C1",
        "Current contract expires": "2027-12-31",
    }


# Live


def test_a_contract_that_moves_is_told_in_the_words_of_its_page(council: Running) -> None:
    listener = council.listen("kinds=contracts&service=waste-and-recycling")
    events = listener.events()
    moved = {**STATES["contract/C1"], "spent": 3_000_000_00, "stage": "decision overdue"}
    council.say(CONTRACTS, {"contract/C2": STATES["contract/C2"], "contract/C1": moved})
    # What the sample said may still be on its way.
    event = next(each for each in events if each["data"]["data"].get("spent") == 3_000_000_00)
    assert event["event"] == "contracts"
    shown = event["data"]["display"]
    assert (shown["spent"], shown["share"]) == ("£3.0 million", "50.0% of its total value")
    assert (shown["outcome"], shown["outcome_word"]) == ("red", "Decision overdue")
    assert shown["announce"] == "Waste collection: Decision overdue"
    council.hang_up()


@pytest.mark.chromium
def test_an_open_page_moves_with_its_contract(browser: Browser, council: Running) -> None:
    tab = browser.new_page(base_url=council.address)
    tab.goto("/contracts")
    expect(tab.locator("#live")).to_have_attribute("data-state", "live")
    row = tab.locator('#register tr[data-subject="contract/C1"]')
    council.say(CONTRACTS, {"contract/C1": {**STATES["contract/C1"], "stage": "decision overdue"}})
    expect(row.locator(".irf-rag")).to_have_text("Decision overdue")
    expect(tab.locator("#horizon")).to_contain_text("2 are overdue", timeout=10_000)
    tab.close()
